// SPDX-License-Identifier: MIT
/*
 * What the simulation's thread hands to a machine of the test's own, and
 * when it runs it and when it sleeps.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "cmocka_prelude.h"
#include "engine/engine.h"
#include "memory/port.h"
#include "register/doorbell.h"
#include "soc/machine.h"
#include "soc/simulation.h"

/* The machine: a line of what it was told, and what it answers. */
static struct {
	char line[256];
	atomic_uint left;	/* calls that return true */
	atomic_uint advanced;
	bool asleep;
	bool hears;
	atomic_uint bells;	/* that the host has rung */
	atomic_bool late;	/* an interrupt is held */
} machine;

static struct clock device_clock;

static void tell(const char *what, uint64_t value)
{
	size_t used = strlen(machine.line);

	snprintf(machine.line + used, sizeof(machine.line) - used, "%s%s %u", used ? ", " : "",
		 what, (unsigned int)value);
}

void machine_reset(struct machine *which, unsigned int epoch)
{
	(void)which;
	tell("reset", epoch);
}

void machine_boot(struct machine *which)
{
	(void)which;
	tell("boot", 0);
}

void machine_crash(struct machine *which)
{
	(void)which;
	tell("crash", 0);
}

void machine_hold(struct machine *which)
{
	(void)which;
	tell("hold", 0);
}

void machine_allow(struct machine *which, uint64_t n)
{
	(void)which;
	tell("allow", n);
}

void machine_release(struct machine *which)
{
	(void)which;
	tell("release", 0);
}

void machine_skip(struct machine *which, uint64_t cycles)
{
	(void)which;
	tell("skip", cycles);
}

void machine_bell(struct machine *which, unsigned int page, uint32_t rung)
{
	(void)which;
	tell("page", page);
	tell("bells", rung);
}

bool machine_hears_bells(const struct machine *which)
{
	(void)which;
	return machine.hears;
}

bool machine_advance(struct machine *which)
{
	(void)which;
	if (!atomic_load(&machine.left))
		return false;
	atomic_fetch_sub(&machine.left, 1);
	atomic_fetch_add(&machine.advanced, 1);
	return true;
}

bool machine_asleep(struct machine *which)
{
	(void)which;
	return machine.asleep;
}

bool machine_held(const struct machine *which, uint64_t *allowed)
{
	(void)which;
	*allowed = 17;
	return true;
}

bool doorbells_take(struct doorbells *bells, unsigned int *page, uint32_t *rung)
{
	(void)bells;
	if (!atomic_load(&machine.bells))
		return false;
	*page = atomic_fetch_sub(&machine.bells, 1);
	*rung = 0x10;
	return true;
}

unsigned int engines_busy(const struct engines *engines)
{
	(void)engines;
	return 3;
}

uint64_t rv32_instret(const struct rv32 *cpu)
{
	(void)cpu;
	return 0;
}

bool port_late(struct port *port)
{
	(void)port;
	return atomic_load(&machine.late);
}

void port_catch_up(struct port *port)
{
	(void)port;
	atomic_store(&machine.late, false);
}

static int setup(void **state)
{
	const struct simulation_config config = { .clock = &device_clock };

	memset(&machine, 0, sizeof(machine));
	device_clock = (struct clock){ 0 };
	machine.asleep = true;
	*state = simulation_create(&config);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	simulation_destroy(*state);
	return 0;
}

/* All that was wanted is handed over at once, before the thread ends. */
static void expect_told(struct simulation *sim, const char *line)
{
	machine.line[0] = '\0';
	assert_int_equal(simulation_start(sim), 0);
	simulation_stop(sim);
	assert_string_equal(machine.line, line);
}

static void wait_until_asleep(struct simulation *sim)
{
	struct simulation_status status;

	do {
		usleep(100);
		simulation_status(sim, &status);
	} while (!status.asleep);
}

static void a_reset_comes_first_and_a_release_behind_a_hold(void **state)
{
	struct simulation *sim = *state;

	simulation_reset(sim, 5);
	simulation_advance(sim, 7);
	simulation_hold(sim);
	simulation_release(sim);
	simulation_step(sim, 2);
	simulation_crash(sim);
	simulation_boot(sim);
	expect_told(sim, "reset 5, boot 0, crash 0, hold 0, allow 2, release 0, skip 7");
	expect_told(sim, "");
}

static void a_reset_makes_void_what_was_to_boot_or_crash(void **state)
{
	struct simulation *sim = *state;

	simulation_boot(sim);
	simulation_crash(sim);
	simulation_step(sim, 1);
	simulation_reset(sim, 6);
	expect_told(sim, "reset 6, allow 1");
}

static void a_hold_makes_void_what_was_to_pass(void **state)
{
	struct simulation *sim = *state;

	simulation_release(sim);
	simulation_step(sim, 4);
	simulation_hold(sim);
	expect_told(sim, "hold 0");
	simulation_hold(sim);
	simulation_step(sim, 4);
	expect_told(sim, "hold 0, allow 4");
}

static void steps_and_cycles_add_up(void **state)
{
	struct simulation *sim = *state;

	simulation_step(sim, 4);
	simulation_step(sim, 5);
	simulation_advance(sim, 10);
	simulation_advance(sim, 100);
	expect_told(sim, "allow 9, skip 110");
}

static void bells_are_taken_when_the_machine_hears_them(void **state)
{
	struct simulation *sim = *state;

	atomic_store(&machine.bells, 2);
	assert_int_equal(simulation_start(sim), 0);
	wait_until_asleep(sim);
	assert_string_equal(machine.line, "");
	simulation_stop(sim);
	machine.hears = true;
	assert_int_equal(simulation_start(sim), 0);
	wait_until_asleep(sim);
	simulation_stop(sim);
	assert_string_equal(machine.line, "page 2, bells 16, page 1, bells 16");
}

/* Also when nothing happens any more, and it does not sleep before. */
static void what_is_late_comes_before_it_sleeps(void **state)
{
	struct simulation *sim = *state;

	atomic_store(&machine.late, true);
	assert_int_equal(simulation_start(sim), 0);
	wait_until_asleep(sim);
	assert_false(atomic_load(&machine.late));
}

static void it_goes_on_until_the_machine_cannot(void **state)
{
	struct simulation *sim = *state;
	struct simulation_status status;

	device_clock.skipped = 99;
	atomic_store(&machine.left, 1000);
	assert_int_equal(simulation_start(sim), 0);
	wait_until_asleep(sim);
	simulation_status(sim, &status);
	assert_int_equal(atomic_load(&machine.advanced), 1000);
	assert_int_equal(status.cycles, 99);
	assert_int_equal(status.engines_busy, 3);
	assert_int_equal(status.steps, 17);
	assert_true(status.held);
	/* It looks again when it is told that there may be more. */
	atomic_store(&machine.left, 10);
	simulation_wake(sim);
	wait_until_asleep(sim);
	assert_int_equal(atomic_load(&machine.advanced), 1010);
}

static void it_stands_still_while_it_is_paused(void **state)
{
	struct simulation *sim = *state;

	machine.asleep = false;
	atomic_store(&machine.left, 10);
	simulation_pause(sim, true);
	assert_int_equal(simulation_start(sim), 0);
	wait_until_asleep(sim);
	assert_int_equal(atomic_load(&machine.advanced), 0);
	simulation_stop(sim);
	machine.asleep = true;
	assert_int_equal(simulation_start(sim), 0);
	simulation_pause(sim, false);
	wait_until_asleep(sim);
	assert_int_equal(atomic_load(&machine.advanced), 10);
}

/* The first of what is told does not wait: it has been told already. */
static void a_sleep_ends_by_what_was_told_since_the_last_one(void **state)
{
	struct simulation *sim = *state;
	struct simulation_status status;

	simulation_wake(sim);
	simulation_sleep(sim);
	simulation_status(sim, &status);
	assert_false(status.asleep);
	simulation_step(sim, 1);
	simulation_sleep(sim);
	expect_told(sim, "allow 1");
}

#define SIMULATION_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SIMULATION_TEST(a_reset_comes_first_and_a_release_behind_a_hold),
		SIMULATION_TEST(a_reset_makes_void_what_was_to_boot_or_crash),
		SIMULATION_TEST(a_hold_makes_void_what_was_to_pass),
		SIMULATION_TEST(steps_and_cycles_add_up),
		SIMULATION_TEST(bells_are_taken_when_the_machine_hears_them),
		SIMULATION_TEST(what_is_late_comes_before_it_sleeps),
		SIMULATION_TEST(it_goes_on_until_the_machine_cannot),
		SIMULATION_TEST(it_stands_still_while_it_is_paused),
		SIMULATION_TEST(a_sleep_ends_by_what_was_told_since_the_last_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
