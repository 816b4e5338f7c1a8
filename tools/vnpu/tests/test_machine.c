// SPDX-License-Identifier: MIT
/* When the machine executes, waits, and lets events happen, with a core and engines of the test's own. */
#include <stdlib.h>
#include <string.h>

#include "boot/rom.h"
#include "clock.h"
#include "cmocka_prelude.h"
#include "core/core.h"
#include "core/sysblock.h"
#include "counters.h"
#include "engine/engine.h"
#include "memory/port.h"
#include "register/doorbell.h"
#include "register/regs.h"
#include "soc/machine.h"
#include "trace/record.h"

#define EPOCH	9u
#define CHUNK	4096u

/* The core. */
static struct {
	bool running;
	bool waiting;
	uint64_t insns;		/* of each run at most */
	uint64_t instret;
	uint64_t wanted;	/* by the last run */
	unsigned int updated;
} core;

/* The engines: what happens on them, in order. */
static struct {
	struct engines_event event[100];
	unsigned int count;
	unsigned int next;
	unsigned int passes;
	bool may_pass;
	bool ready;
	uint32_t delivered;
} engines;

/* All else. */
static struct {
	uint64_t step;
	unsigned int fired;
} seen;

static struct sysblock sys;
static struct clock device_clock;
static struct counters counters;

uint64_t rv32_instret(const struct rv32 *cpu)
{
	(void)cpu;
	return core.instret;
}

void core_start(struct core *which, uint32_t entry)
{
	(void)which;
	(void)entry;
}

void core_stop(struct core *which, unsigned int epoch)
{
	(void)which;
	(void)epoch;
	core.instret = 0;
}

void core_halt(struct core *which)
{
	(void)which;
}

bool core_running(const struct core *which)
{
	(void)which;
	return core.running;
}

bool core_waiting(const struct core *which)
{
	(void)which;
	return core.waiting;
}

void core_update_irq(struct core *which)
{
	(void)which;
	core.updated++;
}

uint64_t core_run(struct core *which, uint64_t max_insns)
{
	uint64_t n = core.insns < max_insns ? core.insns : max_insns;

	(void)which;
	core.wanted = max_insns;
	core.instret += n;
	return n;
}

const struct rv32_fatal *core_fatal(const struct core *which)
{
	(void)which;
	return NULL;
}

uint32_t core_pc(const struct core *which)
{
	(void)which;
	return 0;
}

void engines_next(const struct engines *which, struct engines_event *event)
{
	(void)which;
	*event = (struct engines_event){ .time = CLOCK_NEVER };
	if (engines.next < engines.count)
		*event = engines.event[engines.next];
}

void engines_pass(struct engines *which, uint64_t until)
{
	(void)which;
	engines.passes++;
	while (engines.next < engines.count && !engines.event[engines.next].is_end &&
	       engines.event[engines.next].time <= until)
		engines.next++;
}

bool engines_may_pass(const struct engines *which)
{
	(void)which;
	return engines.may_pass;
}

bool engines_ready(struct engines *which, unsigned int instance)
{
	(void)which;
	assert_int_equal(instance, engines.event[engines.next].instance);
	return engines.ready;
}

void engines_deliver(struct engines *which, unsigned int instance)
{
	(void)which;
	engines.delivered |= 1u << instance;
	engines.next++;
}

void engines_reset(struct engines *which, unsigned int epoch)
{
	(void)which;
	(void)epoch;
}

void sysblock_reset(struct sysblock *block, const struct sysblock_boot *boot)
{
	(void)boot;
	block->timer = CLOCK_NEVER;
}

void sysblock_fire_timer(struct sysblock *block)
{
	block->timer = CLOCK_NEVER;
	seen.fired++;
}

void doorbells_forget_pending(struct doorbells *bells)
{
	(void)bells;
}

void doorbells_pend(struct doorbells *bells, unsigned int page, uint32_t rung)
{
	(void)bells;
	(void)page;
	(void)rung;
}

void regs_boot_args(struct regs *regs, struct regs_boot_args *args)
{
	(void)regs;
	(void)args;
}

bool regs_set_fatal(struct regs *regs, unsigned int epoch, const struct regs_fatal *fatal)
{
	(void)regs;
	(void)epoch;
	(void)fatal;
	return false;
}

void regs_reset_end(struct regs *regs, unsigned int epoch)
{
	(void)regs;
	(void)epoch;
}

bool rom_boot(struct rom *rom, unsigned int epoch, struct rom_start *start)
{
	(void)rom;
	(void)epoch;
	(void)start;
	return false;
}

void port_raise(struct port *port, const struct port_agent *agent, unsigned int vector)
{
	(void)port;
	(void)agent;
	(void)vector;
}

void record_input(struct record *record, const struct record_input *input)
{
	(void)record;
	(void)input;
}

void record_step(struct record *record, uint64_t step)
{
	(void)record;
	seen.step = step;
}

/* After a reset, with a core that runs. */
static int setup(void **state)
{
	const struct machine_config config = {
		.clock = &device_clock, .sys = &sys, .counters = &counters,
	};
	struct machine *machine = machine_create(&config);

	if (!machine)
		return -1;
	memset(&core, 0, sizeof(core));
	memset(&engines, 0, sizeof(engines));
	memset(&seen, 0, sizeof(seen));
	counters_reset(&counters);
	machine_reset(machine, EPOCH);
	core.running = true;
	core.insns = CHUNK;
	*state = machine;
	return 0;
}

static int teardown(void **state)
{
	machine_destroy(*state);
	return 0;
}

static void happens(uint64_t time)
{
	engines.event[engines.count++] = (struct engines_event){ .time = time };
}

static void ends(uint64_t time, unsigned int instance)
{
	engines.event[engines.count++] = (struct engines_event){ time, true, instance };
}

static void a_core_executes_until_the_next_event(void **state)
{
	happens(10);
	assert_true(machine_advance(*state));
	assert_int_equal(core.wanted, 5);
	assert_int_equal(clock_now(&device_clock), 10);
	assert_int_equal(engines.passes, 0);
	assert_true(machine_advance(*state));
	assert_int_equal(engines.passes, 1);
	happens(13);
	assert_true(machine_advance(*state));
	assert_int_equal(core.wanted, 2);
	assert_int_equal(counters_get(&counters, COUNTER_FIRMWARE_INSNS), 7);
}

static void it_executes_so_many_instructions_at_most(void **state)
{
	core.insns = UINT64_MAX;
	assert_true(machine_advance(*state));
	assert_int_equal(core.wanted, CHUNK);
	happens(clock_now(&device_clock) + 2 * CHUNK);
	assert_true(machine_advance(*state));
	assert_int_equal(core.wanted, CHUNK);
	engines.event[0].time = clock_now(&device_clock) + 2 * CHUNK - 2;
	assert_true(machine_advance(*state));
	assert_int_equal(core.wanted, CHUNK - 1);
}

static void steps_are_counted_and_told(void **state)
{
	for (uint64_t i = 1; i < 4; i++) {
		assert_true(machine_advance(*state));
		assert_int_equal(machine_steps(*state), i);
		assert_int_equal(seen.step, i);
	}
	core.running = false;
	assert_false(machine_advance(*state));
	assert_int_equal(machine_steps(*state), 3);
}

static void a_core_that_waits_for_nothing_is_asleep(void **state)
{
	assert_false(machine_asleep(*state));
	core.waiting = true;
	assert_true(machine_asleep(*state));
	assert_false(machine_advance(*state));
	assert_false(machine_waits_for_result(*state));
	happens(10);
	assert_false(machine_asleep(*state));
	core.running = false;
	assert_true(machine_asleep(*state));
	assert_false(machine_advance(*state));
	assert_false(machine_waits_for_result(*state));
}

static void a_node_ends_once_its_result_is_there(void **state)
{
	core.waiting = true;
	ends(10, 3);
	assert_false(machine_advance(*state));
	assert_true(machine_waits_for_result(*state));
	assert_int_equal(clock_now(&device_clock), 0);
	engines.ready = true;
	core.updated = 0;
	assert_false(machine_waits_for_result(*state));
	assert_true(machine_advance(*state));
	assert_int_equal(engines.delivered, 1 << 3);
	assert_int_equal(engines.passes, 0);
	assert_int_equal(clock_now(&device_clock), 10);
	assert_int_equal(core.updated, 1);
}

#define MACHINE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(a_core_executes_until_the_next_event),
		MACHINE_TEST(it_executes_so_many_instructions_at_most),
		MACHINE_TEST(steps_are_counted_and_told),
		MACHINE_TEST(a_core_that_waits_for_nothing_is_asleep),
		MACHINE_TEST(a_node_ends_once_its_result_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
