// SPDX-License-Identifier: MIT
#include "machine.h"

#include <stdatomic.h>
#include <stdlib.h>

#include <tsr_hw/registers.h>

#include "boot/rom.h"
#include "clock.h"
#include "core/core.h"
#include "core/sysblock.h"
#include "counters.h"
#include "engine/engine.h"
#include "memory/port.h"
#include "register/doorbell.h"
#include "register/regs.h"
#include "trace/record.h"
#include "trace/record_format.h"

/* Instructions of one step at most. */
#define CHUNK_INSNS 4096u

/*
 * Bells are taken when the core goes to sleep, so that what it does between two sleeps
 * does not depend on the moment a bell came; but a core that does not sleep takes them too.
 */
#define DEAF_INSNS 32768u

/* Events of engines that pass before requests of other threads are looked at. */
#define EVENTS_AT_ONCE 64u

/* mcause of a stop that no instruction of the firmware caused. */
#define CAUSE_HARDWARE_ERROR 19u

struct machine {
	struct machine_config config;
	atomic_bool hold;
	atomic_ullong allowed;	/* completions that may pass while held */
	unsigned int epoch;
	uint64_t steps;		/* times machine_advance() has gone on since the reset */
	uint64_t deaf;		/* instructions since bells were taken */
};

struct machine *machine_create(const struct machine_config *config)
{
	struct machine *machine = calloc(1, sizeof(*machine));

	if (machine)
		machine->config = *config;
	return machine;
}

void machine_destroy(struct machine *machine)
{
	free(machine);
}

static void tell_input(struct machine *machine, enum record_input_kind kind, uint64_t a,
		       uint64_t b, uint64_t c)
{
	const struct record_input input = { kind, a, b, c };

	record_input(machine->config.record, &input);
}

static void fatal(struct machine *machine, const struct regs_fatal *why)
{
	const struct port_agent agent = { .id = PORT_AGENT_CORE, .epoch = machine->epoch };

	core_halt(machine->config.core);
	if (regs_set_fatal(machine->config.regs, machine->epoch, why))
		port_raise(machine->config.port, &agent, 0);
}

void machine_crash(struct machine *machine)
{
	struct regs_fatal why = { .cause = CAUSE_HARDWARE_ERROR };

	tell_input(machine, RECORD_INPUT_CRASH, 0, 0, 0);
	if (!core_running(machine->config.core))
		return;
	why.pc = core_pc(machine->config.core);
	fatal(machine, &why);
}

void machine_boot(struct machine *machine)
{
	struct regs_boot_args args;
	struct rom_start start;

	regs_boot_args(machine->config.regs, &args);
	tell_input(machine, RECORD_INPUT_BOOT, args.image, args.boot_block, args.image_size);
	if (!rom_boot(machine->config.rom, machine->epoch, &start))
		return;
	sysblock_reset(machine->config.sys, &start.sys);
	counters_add(machine->config.counters, COUNTER_BOOTS, 1);
	core_start(machine->config.core, start.entry);
}

void machine_reset(struct machine *machine, unsigned int epoch)
{
	const struct sysblock_boot none = { .epoch = epoch };

	tell_input(machine, RECORD_INPUT_RESET, 0, 0, 0);
	machine->epoch = epoch;
	machine->steps = 0;
	machine->deaf = 0;
	record_step(machine->config.record, 0);
	core_stop(machine->config.core, epoch);
	engines_reset(machine->config.engines, epoch);
	doorbells_forget_pending(machine->config.doorbells);
	sysblock_reset(machine->config.sys, &none);
	core_update_irq(machine->config.core);
	clock_reset(machine->config.clock);
	counters_add(machine->config.counters, COUNTER_RESETS, 1);
	regs_reset_end(machine->config.regs, epoch);
}

void machine_hold(struct machine *machine)
{
	tell_input(machine, RECORD_INPUT_HOLD, 0, 0, 0);
	atomic_store(&machine->hold, true);
	atomic_store(&machine->allowed, 0);
}

void machine_allow(struct machine *machine, uint64_t n)
{
	tell_input(machine, RECORD_INPUT_STEPS, n, 0, 0);
	atomic_fetch_add(&machine->allowed, n);
}

void machine_release(struct machine *machine)
{
	tell_input(machine, RECORD_INPUT_RELEASE, 0, 0, 0);
	atomic_store(&machine->hold, false);
}

void machine_skip(struct machine *machine, uint64_t cycles)
{
	tell_input(machine, RECORD_INPUT_ADVANCE, cycles, 0, 0);
	clock_skip(machine->config.clock, cycles);
}

void machine_bell(struct machine *machine, unsigned int page, uint32_t rung)
{
	tell_input(machine, RECORD_INPUT_BELLS, page, rung, 0);
	machine->deaf = 0;
	doorbells_pend(machine->config.doorbells, page, rung);
	core_update_irq(machine->config.core);
}

/* The earliest event: something on an engine, or the timer, which goes first. */
struct event {
	uint64_t time;
	bool is_timer;
	struct engines_event engines;
};

/* Whether completions may pass. Held ones are no events: the core goes on without them. */
static bool completions_pass(const struct machine *machine)
{
	return !atomic_load(&machine->hold) || atomic_load(&machine->allowed) > 0;
}

static struct event next_event(struct machine *machine)
{
	struct event event = { .time = CLOCK_NEVER };

	if (completions_pass(machine)) {
		engines_next(machine->config.engines, &event.engines);
		event.time = event.engines.time;
	}
	if (machine->config.sys->timer <= event.time) {
		event.time = machine->config.sys->timer;
		event.is_timer = true;
	}
	return event;
}

/*
 * Whether nothing keeps an event of the engines but results of the host. A timer goes off however
 * long they take.
 */
static bool may_happen(struct machine *machine, const struct event *event)
{
	if (event->engines.is_end)
		return engines_ready(machine->config.engines, event->engines.instance);
	return event->time <= clock_now(machine->config.clock) ||
	       machine->config.sys->timer != CLOCK_NEVER ||
	       engines_may_pass(machine->config.engines);
}

/* What happens on engines before the next end or the timer; an idle core waits for some of it. */
static void pass(struct machine *machine, struct event event)
{
	unsigned int left = core_waiting(machine->config.core) ? EVENTS_AT_ONCE : 1;

	do {
		engines_pass(machine->config.engines, event.time);
		clock_skip_to(machine->config.clock, event.time);
		event = next_event(machine);
	} while (--left && event.time != CLOCK_NEVER && !event.is_timer && !event.engines.is_end);
}

static void end_node(struct machine *machine, const struct event *event)
{
	if (atomic_load(&machine->hold))
		atomic_fetch_sub(&machine->allowed, 1);
	clock_skip_to(machine->config.clock, event->time);
	engines_deliver(machine->config.engines, event->engines.instance);
}

/* Return: false when the event has to wait. */
static bool deliver(struct machine *machine, const struct event *event)
{
	if (event->is_timer) {
		clock_skip_to(machine->config.clock, event->time);
		sysblock_fire_timer(machine->config.sys);
	} else if (!may_happen(machine, event)) {
		return false;
	} else if (event->engines.is_end) {
		end_node(machine, event);
	} else {
		pass(machine, *event);
	}
	core_update_irq(machine->config.core);
	return true;
}

static void execute(struct machine *machine, uint64_t until)
{
	uint64_t left = until - clock_now(machine->config.clock);
	uint64_t insns = left / CLOCK_CYCLES_PER_INSN + left % CLOCK_CYCLES_PER_INSN;
	struct regs_fatal why;
	const struct rv32_fatal *info;

	if (insns > CHUNK_INSNS)
		insns = CHUNK_INSNS;
	insns = core_run(machine->config.core, insns);
	counters_add(machine->config.counters, COUNTER_FIRMWARE_INSNS, insns);
	machine->deaf += insns;
	if (core_running(machine->config.core))
		return;
	info = core_fatal(machine->config.core);
	why = (struct regs_fatal){ info->cause, info->pc, info->tval };
	fatal(machine, &why);
}

static bool go_on(struct machine *machine)
{
	struct event event;

	if (!core_running(machine->config.core))
		return false;
	event = next_event(machine);
	if (event.time != CLOCK_NEVER &&
	    (core_waiting(machine->config.core) || event.time <= clock_now(machine->config.clock)))
		return deliver(machine, &event);
	if (core_waiting(machine->config.core))
		return false;
	execute(machine, event.time);
	return true;
}

bool machine_advance(struct machine *machine)
{
	if (!go_on(machine))
		return false;
	machine->steps++;
	record_step(machine->config.record, machine->steps);
	return true;
}

bool machine_waits_for_result(struct machine *machine)
{
	struct event event;

	if (!core_running(machine->config.core))
		return false;
	event = next_event(machine);
	return event.time != CLOCK_NEVER && !event.is_timer && !may_happen(machine, &event);
}

bool machine_asleep(struct machine *machine)
{
	return !core_running(machine->config.core) ||
	       (core_waiting(machine->config.core) && next_event(machine).time == CLOCK_NEVER);
}

bool machine_hears_bells(const struct machine *machine)
{
	return core_running(machine->config.core) &&
	       (core_waiting(machine->config.core) || machine->deaf >= DEAF_INSNS);
}

uint64_t machine_steps(const struct machine *machine)
{
	return machine->steps;
}

bool machine_held(const struct machine *machine, uint64_t *allowed)
{
	*allowed = atomic_load(&machine->allowed);
	return atomic_load(&machine->hold);
}
