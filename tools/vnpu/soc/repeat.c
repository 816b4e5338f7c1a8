// SPDX-License-Identifier: MIT
#include "repeat.h"

#include "machine.h"
#include "simulation.h"
#include "trace/record_format.h"
#include "trace/replay.h"

static void apply(struct machine *machine, const struct record_input *input,
		  const struct repeat_host *host)
{
	switch (input->kind) {
	case RECORD_INPUT_RESET:
		machine_reset(machine, host->reset(host->ctx));
		break;
	case RECORD_INPUT_BOOT:
		host->boot(host->ctx, input->a, (uint32_t)input->c, input->b);
		machine_boot(machine);
		break;
	case RECORD_INPUT_BELLS:
		machine_bell(machine, (unsigned int)input->a, (uint32_t)input->b);
		break;
	case RECORD_INPUT_CRASH:
		machine_crash(machine);
		break;
	case RECORD_INPUT_HOLD:
		machine_hold(machine);
		break;
	case RECORD_INPUT_RELEASE:
		machine_release(machine);
		break;
	case RECORD_INPUT_STEPS:
		machine_allow(machine, input->a);
		break;
	case RECORD_INPUT_ADVANCE:
		machine_skip(machine, input->a);
		break;
	}
}

static void apply_all(struct machine *machine, struct replay *replay,
		      const struct repeat_host *host)
{
	struct record_input input;

	replay_step(replay, machine_steps(machine));
	while (replay_next_input(replay, &input)) {
		apply(machine, &input, host);
		replay_step(replay, machine_steps(machine));
	}
}

void repeat_run(struct machine *machine, struct simulation *sim, struct replay *replay,
		const struct repeat_host *host)
{
	while (!replay_difference(replay) && !replay_ended(replay)) {
		apply_all(machine, replay, host);
		if (replay_ended(replay) || machine_advance(machine))
			continue;
		if (machine_waits_for_result(machine))
			simulation_sleep(sim);
		else
			replay_stands_still(replay);
	}
}
