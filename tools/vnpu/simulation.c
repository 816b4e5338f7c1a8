// SPDX-License-Identifier: MIT
#include "simulation.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <abi/regs.h>

#include "clock.h"
#include "core.h"
#include "counters.h"
#include "doorbell.h"
#include "engine.h"
#include "port.h"
#include "record.h"
#include "record_format.h"
#include "regs.h"
#include "replay.h"
#include "rom.h"
#include "sysblock.h"

/* Instructions between two looks at what other threads want. */
#define CHUNK_INSNS 4096u

/*
 * Bells are taken when the core goes to sleep, so that what it does between two sleeps
 * does not depend on the moment a bell came; but a core that does not sleep is not deaf.
 */
#define DEAF_INSNS 32768u

/* mcause of a stop that no instruction of the firmware caused. */
#define CAUSE_HARDWARE_ERROR 19u

/* What other threads want, taken over as a whole. */
struct requests {
	bool quit;
	bool reset;
	unsigned int epoch;	/* of the last reset */
	bool boot;
	bool crash;
	bool hold;
	bool release;
	uint64_t steps;
	uint64_t advance;
};

struct simulation {
	struct simulation_config config;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;	/* protects requests */
	pthread_cond_t wake;
	struct requests requests;
	atomic_bool paused;
	/* Simulation thread only, but for a glance by simulation_status(). */
	atomic_bool hold;
	atomic_ullong steps;
	unsigned int epoch;
	uint64_t step;		/* times advance() has gone on since the reset */
	uint64_t deaf;		/* instructions since bells were taken */
	atomic_bool poked;	/* look at the requests and at the bells */
	atomic_uint busy;	/* engines at work, for simulation_status() */
};

struct simulation *simulation_create(const struct simulation_config *config)
{
	struct simulation *sim = calloc(1, sizeof(*sim));

	if (!sim)
		return NULL;
	sim->config = *config;
	pthread_mutex_init(&sim->lock, NULL);
	pthread_cond_init(&sim->wake, NULL);
	return sim;
}

static void poke_locked(struct simulation *sim)
{
	atomic_store(&sim->poked, true);
	pthread_cond_signal(&sim->wake);
}

void simulation_wake(struct simulation *sim)
{
	pthread_mutex_lock(&sim->lock);
	poke_locked(sim);
	pthread_mutex_unlock(&sim->lock);
}

void simulation_boot(struct simulation *sim)
{
	pthread_mutex_lock(&sim->lock);
	sim->requests.boot = true;
	poke_locked(sim);
	pthread_mutex_unlock(&sim->lock);
}

void simulation_reset(struct simulation *sim, unsigned int epoch)
{
	pthread_mutex_lock(&sim->lock);
	sim->requests.reset = true;
	sim->requests.epoch = epoch;
	/* What was wanted before is void. */
	sim->requests.boot = false;
	sim->requests.crash = false;
	poke_locked(sim);
	pthread_mutex_unlock(&sim->lock);
}

void simulation_hold(struct simulation *sim)
{
	pthread_mutex_lock(&sim->lock);
	sim->requests.hold = true;
	sim->requests.release = false;
	sim->requests.steps = 0;
	poke_locked(sim);
	pthread_mutex_unlock(&sim->lock);
}

void simulation_release(struct simulation *sim)
{
	pthread_mutex_lock(&sim->lock);
	sim->requests.release = true;
	poke_locked(sim);
	pthread_mutex_unlock(&sim->lock);
}

void simulation_step(struct simulation *sim, uint64_t n)
{
	pthread_mutex_lock(&sim->lock);
	sim->requests.steps += n;
	poke_locked(sim);
	pthread_mutex_unlock(&sim->lock);
}

void simulation_advance(struct simulation *sim, uint64_t cycles)
{
	pthread_mutex_lock(&sim->lock);
	sim->requests.advance += cycles;
	poke_locked(sim);
	pthread_mutex_unlock(&sim->lock);
}

void simulation_pause(struct simulation *sim, bool paused)
{
	atomic_store(&sim->paused, paused);
	simulation_wake(sim);
}

void simulation_crash(struct simulation *sim)
{
	pthread_mutex_lock(&sim->lock);
	sim->requests.crash = true;
	poke_locked(sim);
	pthread_mutex_unlock(&sim->lock);
}

void simulation_status(struct simulation *sim, struct simulation_status *status)
{
	status->held = atomic_load(&sim->hold);
	status->steps = atomic_load(&sim->steps);
	status->engines_busy = atomic_load(&sim->busy);
	status->cycles = atomic_load(&sim->config.clock->published);
}

static void tell_input(struct simulation *sim, enum record_input_kind kind, uint64_t a,
		       uint64_t b, uint64_t c)
{
	const struct record_input input = { kind, a, b, c };

	record_input(sim->config.record, &input);
}

static void fatal(struct simulation *sim, const struct regs_fatal *why)
{
	const struct port_agent agent = { .id = PORT_AGENT_CORE, .epoch = sim->epoch };

	core_halt(sim->config.core);
	if (regs_set_fatal(sim->config.regs, sim->epoch, why))
		port_raise(sim->config.port, &agent, 0);
}

static void crash(struct simulation *sim)
{
	struct regs_fatal why = { .cause = CAUSE_HARDWARE_ERROR };

	tell_input(sim, RECORD_INPUT_CRASH, 0, 0, 0);
	if (!core_running(sim->config.core))
		return;
	why.pc = core_pc(sim->config.core);
	fatal(sim, &why);
}

static void boot(struct simulation *sim)
{
	struct regs_boot_args args;
	struct rom_start start;

	regs_boot_args(sim->config.regs, &args);
	tell_input(sim, RECORD_INPUT_BOOT, args.image, args.boot_block, args.image_size);

	if (!rom_boot(sim->config.rom, sim->epoch, &start))
		return;
	sysblock_reset(sim->config.sys, &start.sys);
	counters_add(sim->config.counters, COUNTER_BOOTS, 1);
	core_start(sim->config.core, start.entry);
}

static void reset(struct simulation *sim, unsigned int epoch)
{
	const struct sysblock_boot none = { .epoch = epoch };

	tell_input(sim, RECORD_INPUT_RESET, 0, 0, 0);
	sim->epoch = epoch;
	sim->step = 0;
	record_step(sim->config.record, 0);
	core_stop(sim->config.core);
	engines_reset(sim->config.engines);
	doorbells_forget_pending(sim->config.doorbells);
	sysblock_reset(sim->config.sys, &none);
	core_update_irq(sim->config.core);
	clock_reset(sim->config.clock);
	counters_add(sim->config.counters, COUNTER_RESETS, 1);
	regs_reset_end(sim->config.regs, epoch);
}

static void hold(struct simulation *sim)
{
	tell_input(sim, RECORD_INPUT_HOLD, 0, 0, 0);
	atomic_store(&sim->hold, true);
	atomic_store(&sim->steps, 0);
}

static void allow_steps(struct simulation *sim, uint64_t n)
{
	tell_input(sim, RECORD_INPUT_STEPS, n, 0, 0);
	atomic_fetch_add(&sim->steps, n);
}

static void release(struct simulation *sim)
{
	tell_input(sim, RECORD_INPUT_RELEASE, 0, 0, 0);
	atomic_store(&sim->hold, false);
}

static void skip_time(struct simulation *sim, uint64_t cycles)
{
	tell_input(sim, RECORD_INPUT_ADVANCE, cycles, 0, 0);
	clock_skip(sim->config.clock, cycles);
}

static void take_bell(struct simulation *sim, unsigned int page, uint32_t rung)
{
	tell_input(sim, RECORD_INPUT_BELLS, page, rung, 0);
	doorbells_pend(sim->config.doorbells, page, rung);
	core_update_irq(sim->config.core);
}

static void take_bells(struct simulation *sim)
{
	unsigned int page;
	uint32_t rung;

	if (!doorbells_any_incoming(sim->config.doorbells) ||
	    !core_running(sim->config.core) ||
	    (!core_waiting(sim->config.core) && sim->deaf < DEAF_INSNS))
		return;
	sim->deaf = 0;
	while (doorbells_take(sim->config.doorbells, &page, &rung))
		take_bell(sim, page, rung);
}

/* Take over what other threads want. Return: false to end the thread. */
static bool take_requests(struct simulation *sim)
{
	struct requests requests;

	if (!atomic_load_explicit(&sim->poked, memory_order_relaxed))
		return true;
	pthread_mutex_lock(&sim->lock);
	atomic_store(&sim->poked, false);
	requests = sim->requests;
	sim->requests = (struct requests){ 0 };
	pthread_mutex_unlock(&sim->lock);
	if (requests.reset)
		reset(sim, requests.epoch);
	if (requests.boot)
		boot(sim);
	if (requests.crash)
		crash(sim);
	if (requests.hold)
		hold(sim);
	if (requests.steps)
		allow_steps(sim, requests.steps);
	if (requests.release)
		release(sim);
	if (requests.advance)
		skip_time(sim, requests.advance);
	return !requests.quit;
}

/* The earliest event: an engine's end or the timer, which goes first. */
struct event {
	uint64_t time;
	bool is_timer;
	unsigned int engine;
};

/* Whether completions may pass. Held ones are no events: the core goes on without them. */
static bool completions_pass(const struct simulation *sim)
{
	return !atomic_load(&sim->hold) || atomic_load(&sim->steps) > 0;
}

static struct event next_event(struct simulation *sim)
{
	struct event event = { .time = CLOCK_NEVER };

	if (completions_pass(sim))
		event.engine = engines_next(sim->config.engines, &event.time);
	if (sim->config.sys->timer <= event.time) {
		event.time = sim->config.sys->timer;
		event.is_timer = true;
	}
	return event;
}

/* Return: false when the event has to wait. */
static bool deliver(struct simulation *sim, const struct event *event)
{
	if (event->is_timer) {
		clock_skip_to(sim->config.clock, event->time);
		sysblock_fire_timer(sim->config.sys);
	} else {
		if (!engines_ready(sim->config.engines, event->engine))
			return false;
		if (atomic_load(&sim->hold))
			atomic_fetch_sub(&sim->steps, 1);
		clock_skip_to(sim->config.clock, event->time);
		engines_deliver(sim->config.engines, event->engine);
	}
	core_update_irq(sim->config.core);
	return true;
}

static void execute(struct simulation *sim, uint64_t until)
{
	uint64_t left = until - clock_now(sim->config.clock);
	uint64_t insns = left / CLOCK_CYCLES_PER_INSN + left % CLOCK_CYCLES_PER_INSN;
	struct regs_fatal why;
	const struct rv32_fatal *info;

	if (insns > CHUNK_INSNS)
		insns = CHUNK_INSNS;
	insns = core_run(sim->config.core, insns);
	counters_add(sim->config.counters, COUNTER_FIRMWARE_INSNS, insns);
	sim->deaf += insns;
	if (core_running(sim->config.core))
		return;
	info = core_fatal(sim->config.core);
	why = (struct regs_fatal){ info->cause, info->pc, info->tval };
	fatal(sim, &why);
}

static bool go_on(struct simulation *sim)
{
	struct event event;

	if (atomic_load(&sim->paused) || !core_running(sim->config.core))
		return false;
	event = next_event(sim);
	if (event.time != CLOCK_NEVER &&
	    (core_waiting(sim->config.core) || event.time <= clock_now(sim->config.clock)))
		return deliver(sim, &event);
	if (core_waiting(sim->config.core))
		return false;
	execute(sim, event.time);
	return true;
}

/* Go on by one event or one chunk of instructions. Return: false when nothing can. */
static bool advance(struct simulation *sim)
{
	if (!go_on(sim))
		return false;
	sim->step++;
	record_step(sim->config.record, sim->step);
	return true;
}

static void sleep_until_poked(struct simulation *sim)
{
	clock_publish(sim->config.clock);
	atomic_store(&sim->busy, engines_busy(sim->config.engines));
	pthread_mutex_lock(&sim->lock);
	while (!atomic_load(&sim->poked))
		pthread_cond_wait(&sim->wake, &sim->lock);
	pthread_mutex_unlock(&sim->lock);
}

static void *simulation_main(void *arg)
{
	struct simulation *sim = arg;

	while (take_requests(sim)) {
		take_bells(sim);
		if (!advance(sim))
			sleep_until_poked(sim);
		else
			clock_publish(sim->config.clock);
	}
	return NULL;
}

static void apply_input(struct simulation *sim, const struct record_input *input,
			const struct simulation_host *host)
{
	switch (input->kind) {
	case RECORD_INPUT_RESET:
		reset(sim, host->reset(host->ctx));
		break;
	case RECORD_INPUT_BOOT:
		host->boot(host->ctx, input->a, (uint32_t)input->c, input->b);
		boot(sim);
		break;
	case RECORD_INPUT_BELLS:
		take_bell(sim, (unsigned int)input->a, (uint32_t)input->b);
		break;
	case RECORD_INPUT_CRASH:
		crash(sim);
		break;
	case RECORD_INPUT_HOLD:
		hold(sim);
		break;
	case RECORD_INPUT_RELEASE:
		release(sim);
		break;
	case RECORD_INPUT_STEPS:
		allow_steps(sim, input->a);
		break;
	case RECORD_INPUT_ADVANCE:
		skip_time(sim, input->a);
		break;
	}
}

/* Whether the next event only waits for a native result. */
static bool native_pending(struct simulation *sim)
{
	struct event event;

	if (!core_running(sim->config.core))
		return false;
	event = next_event(sim);
	return event.time != CLOCK_NEVER && !event.is_timer &&
	       !engines_ready(sim->config.engines, event.engine);
}

void simulation_replay(struct simulation *sim, struct replay *replay,
		       const struct simulation_host *host)
{
	struct record_input input;

	while (!replay_difference(replay) && !replay_ended(replay)) {
		atomic_store(&sim->poked, false);
		replay_step(replay, sim->step);
		while (replay_next_input(replay, &input)) {
			apply_input(sim, &input, host);
			replay_step(replay, sim->step);
		}
		if (replay_ended(replay) || advance(sim))
			continue;
		if (native_pending(sim))
			sleep_until_poked(sim);
		else
			replay_stands_still(replay);
	}
}

int simulation_start(struct simulation *sim)
{
	int error = pthread_create(&sim->thread, NULL, simulation_main, sim);

	sim->started = !error;
	return -error;
}

void simulation_stop(struct simulation *sim)
{
	if (!sim->started)
		return;
	pthread_mutex_lock(&sim->lock);
	sim->requests.quit = true;
	poke_locked(sim);
	pthread_mutex_unlock(&sim->lock);
	pthread_join(sim->thread, NULL);
	sim->started = false;
}

void simulation_destroy(struct simulation *sim)
{
	if (!sim)
		return;
	simulation_stop(sim);
	pthread_cond_destroy(&sim->wake);
	pthread_mutex_destroy(&sim->lock);
	free(sim);
}
