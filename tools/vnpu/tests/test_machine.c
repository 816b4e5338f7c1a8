// SPDX-License-Identifier: MIT
/*
 * When the machine executes, waits, and lets events happen, with a core and
 * engines of the test's own.
 */
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
#include "trace/record_format.h"

#define EPOCH	9u
#define CHUNK	4096u

/* The core. */
static struct {
	bool running;
	bool waiting;
	uint64_t insns;		/* of each run at most */
	uint64_t instret;
	uint64_t wanted;	/* by the last run */
	bool dies;		/* of the next run */
	uint32_t entry;
	unsigned int halted;
	unsigned int stopped;
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
	unsigned int reset;
} engines;

/* All else. */
static struct {
	struct record_input input;
	unsigned int inputs;
	struct regs_fatal fatal;
	bool was_fatal;
	unsigned int raised;
	bool refuses;		/* the ROM */
	unsigned int dropped;
	unsigned int reset_ended;
	unsigned int page;
	uint32_t rung;
	unsigned int fired;
	struct sysblock_boot boot;
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
	core.running = true;
	core.entry = entry;
}

void core_stop(struct core *which, unsigned int epoch)
{
	(void)which;
	assert_int_equal(epoch, EPOCH);
	core.running = false;
	core.instret = 0;
	core.stopped++;
}

void core_halt(struct core *which)
{
	(void)which;
	core.running = false;
	core.halted++;
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
	core.running = !core.dies;
	return n;
}

const struct rv32_fatal *core_fatal(const struct core *which)
{
	static const struct rv32_fatal fatal = { .cause = 2, .pc = 0x80, .tval = 0x77 };

	(void)which;
	return &fatal;
}

uint32_t core_pc(const struct core *which)
{
	(void)which;
	return 0x1234;
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
	assert_int_equal(epoch, EPOCH);
	engines.reset++;
}

void sysblock_reset(struct sysblock *block, const struct sysblock_boot *boot)
{
	block->timer = CLOCK_NEVER;
	seen.boot = *boot;
}

void sysblock_fire_timer(struct sysblock *block)
{
	block->timer = CLOCK_NEVER;
	seen.fired++;
}

void doorbells_forget_pending(struct doorbells *bells)
{
	(void)bells;
	seen.dropped++;
}

void doorbells_pend(struct doorbells *bells, unsigned int page, uint32_t rung)
{
	(void)bells;
	seen.page = page;
	seen.rung = rung;
}

void regs_boot_args(struct regs *regs, struct regs_boot_args *args)
{
	(void)regs;
	*args = (struct regs_boot_args){ .image = 1, .image_size = 2, .boot_block = 3 };
}

bool regs_set_fatal(struct regs *regs, unsigned int epoch, const struct regs_fatal *fatal)
{
	(void)regs;
	assert_int_equal(epoch, EPOCH);
	seen.fatal = *fatal;
	return !seen.was_fatal;
}

void regs_reset_end(struct regs *regs, unsigned int epoch)
{
	(void)regs;
	assert_int_equal(epoch, EPOCH);
	seen.reset_ended++;
}

bool rom_boot(struct rom *rom, unsigned int epoch, struct rom_start *start)
{
	(void)rom;
	*start = (struct rom_start){ .sys = { .epoch = epoch, .fw_version = 5 }, .entry = 0x100 };
	return !seen.refuses;
}

void port_raise(struct port *port, const struct port_agent *agent, unsigned int vector)
{
	(void)port;
	assert_int_equal(agent->id, PORT_AGENT_CORE);
	assert_int_equal(agent->epoch, EPOCH);
	assert_int_equal(vector, 0);
	seen.raised++;
}

static void record_an_input(struct record *record, const struct record_input *input)
{
	(void)record;
	seen.input = *input;
	seen.inputs++;
}

static const struct record_ops record_ops = { .input = record_an_input };
static struct record record = { .ops = &record_ops, .active = true };

/* After a reset, with a core that runs. */
static int setup(void **state)
{
	const struct machine_config config = {
		.clock = &device_clock, .sys = &sys, .counters = &counters, .record = &record,
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

static void expect_input(unsigned int number, uint64_t kind, uint64_t a, uint64_t b, uint64_t c)
{
	assert_int_equal(seen.inputs, number);
	assert_int_equal(seen.input.kind, kind);
	assert_int_equal(seen.input.a, a);
	assert_int_equal(seen.input.b, b);
	assert_int_equal(seen.input.c, c);
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
		assert_int_equal(record.step, i);
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

/* Without results the clock stands, unless a timer is to go off, or it is time already. */
static void what_is_no_end_waits_for_results_but_not_when_a_timer_runs(void **state)
{
	core.waiting = true;
	happens(10);
	assert_false(machine_advance(*state));
	assert_true(machine_waits_for_result(*state));
	sys.timer = 50;
	assert_false(machine_waits_for_result(*state));
	assert_true(machine_advance(*state));
	assert_int_equal(clock_now(&device_clock), 10);
	sys.timer = CLOCK_NEVER;
	happens(20);
	assert_false(machine_advance(*state));
	engines.may_pass = true;
	assert_false(machine_waits_for_result(*state));
	assert_true(machine_advance(*state));
	assert_int_equal(clock_now(&device_clock), 20);
	engines.may_pass = false;
	happens(20);
	assert_false(machine_waits_for_result(*state));
	assert_true(machine_advance(*state));
	assert_int_equal(engines.passes, 3);
	assert_int_equal(seen.fired, 0);
}

static void a_timer_goes_off_before_what_else_happens_then(void **state)
{
	core.waiting = true;
	sys.timer = 10;
	ends(10, 0);
	engines.ready = true;
	assert_false(machine_waits_for_result(*state));
	assert_true(machine_advance(*state));
	assert_int_equal(seen.fired, 1);
	assert_int_equal(clock_now(&device_clock), 10);
	assert_int_equal(engines.delivered, 0);
	sys.timer = 12;
	assert_true(machine_advance(*state));
	assert_int_equal(engines.delivered, 1);
	assert_int_equal(seen.fired, 1);
}

static void events_pass_at_once_while_the_core_waits(void **state)
{
	core.waiting = true;
	engines.may_pass = true;
	for (uint64_t i = 0; i < 70; i++)
		happens(i + 1);
	assert_true(machine_advance(*state));
	assert_int_equal(engines.passes, 64);
	assert_int_equal(clock_now(&device_clock), 64);
	ends(71, 0);
	assert_true(machine_advance(*state));
	assert_int_equal(engines.passes, 70);
	assert_int_equal(engines.delivered, 0);
	engines.next = engines.count;
	happens(80);
	sys.timer = 81;
	happens(82);
	assert_true(machine_advance(*state));
	assert_int_equal(engines.passes, 71);
	assert_int_equal(clock_now(&device_clock), 80);
}

static void one_event_passes_beside_a_core_that_does_not(void **state)
{
	happens(0);
	happens(0);
	engines.event[1].time = 1;
	clock_skip(&device_clock, 5);
	engines.event[0].time = 0;
	assert_true(machine_advance(*state));
	assert_int_equal(engines.passes, 1);
	assert_int_equal(engines.next, 1);
}

static void held_completions_are_no_events(void **state)
{
	uint64_t allowed;

	core.waiting = true;
	engines.ready = true;
	ends(10, 0);
	ends(20, 1);
	machine_hold(*state);
	expect_input(2, RECORD_INPUT_HOLD, 0, 0, 0);
	assert_false(machine_advance(*state));
	assert_true(machine_asleep(*state));
	machine_allow(*state, 1);
	expect_input(3, RECORD_INPUT_STEPS, 1, 0, 0);
	assert_true(machine_held(*state, &allowed));
	assert_int_equal(allowed, 1);
	assert_true(machine_advance(*state));
	assert_int_equal(engines.delivered, 1);
	assert_false(machine_advance(*state));
	machine_allow(*state, 2);
	machine_hold(*state);
	assert_true(machine_held(*state, &allowed));
	assert_int_equal(allowed, 0);
	machine_release(*state);
	expect_input(6, RECORD_INPUT_RELEASE, 0, 0, 0);
	assert_false(machine_held(*state, &allowed));
	assert_true(machine_advance(*state));
	assert_int_equal(engines.delivered, 3);
	assert_false(machine_held(*state, &allowed));
	assert_int_equal(allowed, 0);
}

static void bells_are_taken_asleep_or_after_so_many_instructions(void **state)
{
	unsigned int runs = 0;

	assert_false(machine_hears_bells(*state));
	core.waiting = true;
	assert_true(machine_hears_bells(*state));
	core.waiting = false;
	for (; !machine_hears_bells(*state); runs++)
		assert_true(machine_advance(*state));
	assert_int_equal(runs, 32768 / CHUNK);
	core.updated = 0;
	machine_bell(*state, 7, 0x50);
	expect_input(2, RECORD_INPUT_BELLS, 7, 0x50, 0);
	assert_int_equal(seen.page, 7);
	assert_int_equal(seen.rung, 0x50);
	assert_int_equal(core.updated, 1);
	assert_false(machine_hears_bells(*state));
	core.waiting = true;
	core.running = false;
	assert_false(machine_hears_bells(*state));
}

static void time_that_is_skipped_is_an_input(void **state)
{
	machine_skip(*state, 55);
	expect_input(2, RECORD_INPUT_ADVANCE, 55, 0, 0);
	assert_int_equal(clock_now(&device_clock), 55);
}

static void a_boot_starts_the_core_if_the_rom_agrees(void **state)
{
	core.running = false;
	seen.refuses = true;
	machine_boot(*state);
	expect_input(2, RECORD_INPUT_BOOT, 1, 3, 2);
	assert_false(core.running);
	assert_int_equal(counters_get(&counters, COUNTER_BOOTS), 0);
	assert_int_equal(seen.boot.fw_version, 0);
	seen.refuses = false;
	machine_boot(*state);
	assert_true(core.running);
	assert_int_equal(core.entry, 0x100);
	assert_int_equal(seen.boot.fw_version, 5);
	assert_int_equal(seen.boot.epoch, EPOCH);
	assert_int_equal(counters_get(&counters, COUNTER_BOOTS), 1);
}

static void a_fault_of_the_firmware_stops_the_core_and_is_told(void **state)
{
	core.dies = true;
	assert_true(machine_advance(*state));
	assert_int_equal(seen.fatal.cause, 2);
	assert_int_equal(seen.fatal.pc, 0x80);
	assert_int_equal(seen.fatal.value, 0x77);
	assert_int_equal(seen.raised, 1);
	assert_int_equal(core.halted, 1);
	assert_false(machine_advance(*state));
	/* One that is known already interrupts no more. */
	core.running = true;
	seen.was_fatal = true;
	assert_true(machine_advance(*state));
	assert_int_equal(seen.raised, 1);
}

static void a_crash_stops_a_core_that_runs(void **state)
{
	machine_crash(*state);
	expect_input(2, RECORD_INPUT_CRASH, 0, 0, 0);
	assert_int_equal(core.halted, 1);
	assert_int_equal(seen.fatal.cause, 19);
	assert_int_equal(seen.fatal.pc, 0x1234);
	assert_int_equal(seen.fatal.value, 0);
	machine_crash(*state);
	assert_int_equal(seen.inputs, 3);
	assert_int_equal(core.halted, 1);
	assert_int_equal(seen.raised, 1);
}

static void a_reset_begins_from_power_on(void **state)
{
	assert_true(machine_advance(*state));
	memset(&seen, 0, sizeof(seen));
	record.step = 1;
	sys.timer = 5;
	core.updated = 0;
	machine_skip(*state, 100);
	machine_reset(*state, EPOCH);
	expect_input(2, RECORD_INPUT_RESET, 0, 0, 0);
	assert_int_equal(clock_now(&device_clock), 0);
	assert_int_equal(atomic_load(&device_clock.published), 0);
	assert_int_equal(machine_steps(*state), 0);
	assert_int_equal(record.step, 0);
	assert_int_equal(core.stopped, 2);
	assert_int_equal(core.updated, 1);
	assert_int_equal(engines.reset, 2);
	assert_int_equal(seen.dropped, 1);
	assert_int_equal(seen.reset_ended, 1);
	assert_int_equal(seen.boot.epoch, EPOCH);
	assert_int_equal(sys.timer, CLOCK_NEVER);
	assert_int_equal(counters_get(&counters, COUNTER_RESETS), 2);
}

static void a_reset_begins_to_count_instructions_again(void **state)
{
	while (!machine_hears_bells(*state))
		assert_true(machine_advance(*state));
	machine_reset(*state, EPOCH);
	core.running = true;
	assert_false(machine_hears_bells(*state));
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
		MACHINE_TEST(what_is_no_end_waits_for_results_but_not_when_a_timer_runs),
		MACHINE_TEST(a_timer_goes_off_before_what_else_happens_then),
		MACHINE_TEST(events_pass_at_once_while_the_core_waits),
		MACHINE_TEST(one_event_passes_beside_a_core_that_does_not),
		MACHINE_TEST(held_completions_are_no_events),
		MACHINE_TEST(bells_are_taken_asleep_or_after_so_many_instructions),
		MACHINE_TEST(time_that_is_skipped_is_an_input),
		MACHINE_TEST(a_boot_starts_the_core_if_the_rom_agrees),
		MACHINE_TEST(a_fault_of_the_firmware_stops_the_core_and_is_told),
		MACHINE_TEST(a_crash_stops_a_core_that_runs),
		MACHINE_TEST(a_reset_begins_from_power_on),
		MACHINE_TEST(a_reset_begins_to_count_instructions_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
