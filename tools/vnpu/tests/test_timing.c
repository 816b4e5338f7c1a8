// SPDX-License-Identifier: MIT
/* What an unkind device chooses about the moments in which the host sees what it publishes. */
#include <string.h>

#include <tsr_hw/queue.h>

#include "cmocka_prelude.h"
#include "memory/timing.h"

#define TRIES 4000u

static int setup(void **state)
{
	*state = timing_create(1);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	timing_destroy(*state);
	return 0;
}

static void a_seed_makes_the_same_choices(void **state)
{
	struct timing *same = timing_create(1), *other = timing_create(2);
	unsigned int differ = 0;

	for (unsigned int i = 0; i < TRIES; i++) {
		unsigned int pause = timing_pause(*state, TIMING_BEFORE);

		assert_int_equal(timing_pause(same, TIMING_BEFORE), pause);
		differ += timing_pause(other, TIMING_BEFORE) != pause;
	}
	assert_true(differ > 0);
	timing_destroy(same);
	timing_destroy(other);
}

/* Of each kind there are both, and a pause is short. */
static void some_writes_wait_and_some_interrupts_do(void **state)
{
	unsigned int pauses = 0, within = 0, strays = 0, held = 0, seen = 0;

	for (unsigned int i = 0; i < TRIES; i++) {
		unsigned int us = timing_pause(*state, TIMING_BEFORE), vector;

		assert_true(us <= 1000);
		pauses += us > 0;
		within += timing_pause(*state, TIMING_WITHIN) > 0;
		strays += timing_stray(*state, &vector);
		assert_true(vector < 2);
		seen |= 1u << vector;
		held += timing_hold(*state, 0);
	}
	assert_true(pauses > TRIES / 16 && pauses < TRIES / 4);
	assert_true(within > TRIES / 4 && within < TRIES * 3 / 4);
	assert_true(strays > TRIES / 4 && strays < TRIES * 3 / 4);
	assert_true(held > TRIES / 4 && held < TRIES * 3 / 4);
	assert_int_equal(seen, 3);
}

static void hold(struct timing *timing, unsigned int vector)
{
	while (!timing_hold(timing, vector))
		;
}

static void what_is_held_is_due_once_or_again(void **state)
{
	unsigned int again = 0;

	for (unsigned int i = 0; i < TRIES; i++) {
		assert_false(timing_holds(*state));
		assert_int_equal(timing_due(*state), 0);
		hold(*state, 1);
		hold(*state, 1);
		hold(*state, 0);
		assert_true(timing_holds(*state));
		assert_int_equal(timing_due(*state), 3);
		again += timing_holds(*state);
		while (timing_holds(*state))
			assert_int_equal(timing_due(*state), 3);
	}
	assert_true(again > TRIES / 8 && again < TRIES / 2);
	hold(*state, 1);
	timing_drop_interrupts(*state);
	assert_false(timing_holds(*state));
}

static void a_vector_that_there_is_not_is_not_held(void **state)
{
	for (unsigned int i = 0; i < TRIES; i++)
		assert_false(timing_hold(*state, 2));
}

static void expect_last(struct timing *timing, unsigned int first, unsigned int count)
{
	struct timing_write write;

	for (unsigned int i = 0; i < count; i++) {
		assert_true(timing_last(timing, i, &write));
		assert_int_equal(write.address, 100 + first + i);
		assert_int_equal(write.n, 1);
		assert_int_equal(write.bytes[0], first + i);
	}
	assert_false(timing_last(timing, count, &write));
}

static void write_bytes(struct timing *timing, unsigned int first, unsigned int count)
{
	for (unsigned int i = first; i < first + count; i++) {
		const struct timing_write write = {
			.address = 100 + i, .n = 1, .bytes = { (uint8_t)i },
		};

		timing_wrote(timing, &write);
	}
}

static void the_last_eight_writes_are_remembered(void **state)
{
	expect_last(*state, 0, 0);
	write_bytes(*state, 0, 3);
	expect_last(*state, 0, 3);
	write_bytes(*state, 3, 7);
	expect_last(*state, 2, 8);
	timing_drop_writes(*state);
	expect_last(*state, 0, 0);
	write_bytes(*state, 20, 2);
	expect_last(*state, 20, 2);
}

/* From the command on until the next descriptor: its answer gives memory back. */
static void nothing_is_remembered_of_what_the_host_gets_back(void **state)
{
	static const uint16_t ops[] = {
		TSR_HW_ADMIN_QUEUE_CREATE, TSR_HW_ADMIN_QUEUE_DESTROY, TSR_HW_ADMIN_TRACE,
	};
	struct tsr_hw_admin command = { 0 };

	for (unsigned int i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		command.op = ops[i];
		write_bytes(*state, 0, 5);
		timing_read(*state, &command);
		expect_last(*state, 0, 0);
		write_bytes(*state, 5, 5);
		expect_last(*state, 0, 0);
		command.op = TSR_HW_ADMIN_QUEUE_KILL;
		timing_read(*state, &command);
		write_bytes(*state, 10, 2);
		expect_last(*state, 10, 2);
		timing_read(*state, &command);
		expect_last(*state, 10, 2);
	}
}

/* A job that is replayable has the bits of a command, and a program in the place of zeros. */
static void a_job_is_no_command(void **state)
{
	struct tsr_hw_job job = { .flags = TSR_HW_JOB_REPLAYABLE, .program = 0x1000 };

	write_bytes(*state, 0, 2);
	timing_read(*state, &job);
	expect_last(*state, 0, 2);
}

#define TIMING_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TIMING_TEST(a_seed_makes_the_same_choices),
		TIMING_TEST(some_writes_wait_and_some_interrupts_do),
		TIMING_TEST(what_is_held_is_due_once_or_again),
		TIMING_TEST(a_vector_that_there_is_not_is_not_held),
		TIMING_TEST(the_last_eight_writes_are_remembered),
		TIMING_TEST(nothing_is_remembered_of_what_the_host_gets_back),
		TIMING_TEST(a_job_is_no_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
