// SPDX-License-Identifier: MIT
/* What a node is charged: the cycles that it takes alone, counted in parts, up to its budget. */
#include <tsr_hw/fuse.h>

#include "clock.h"
#include "cmocka_prelude.h"
#include "engine/account.h"
#include "engine/pace.h"
#include "measure/class.h"
#include "tile/sku.h"
#include "time/command.h"
#include "time/dma.h"
#include "timed_product.h"

#define ENOUGH	UINT64_MAX
#define RING	(1u << 20)

struct bench {
	struct sku *sku;
	struct accounts *accounts;
	struct pace_end end;	/* of the node that was run alone */
	bool ended;
};

static int setup(void **state)
{
	static struct bench bench;
	struct time_class class;
	char error[256];

	if (sku_load(VNPU_SKUS "/server.json", &bench.sku, error, sizeof(error)))
		return -1;
	class = class_of(sku_fuses(bench.sku));
	bench.accounts = accounts_create(&class);
	*state = &bench;
	return bench.accounts ? 0 : -1;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	accounts_destroy(bench->accounts);
	sku_free(bench->sku);
	return 0;
}

static void ended(void *ctx, const struct pace_end *end)
{
	struct bench *bench = ctx;

	bench->end = *end;
	bench->ended = true;
}

/* On a device where nothing else moves: cycles, and steps. */
static uint64_t run(struct bench *bench, const struct stream *stream, uint64_t *steps)
{
	struct pace *pace = pace_create(sku_fuses(bench->sku), ended, bench);

	assert_non_null(pace);
	bench->ended = false;
	assert_int_equal(pace_stream(pace, 0, RING, stream, ENOUGH), 0);
	while (!bench->ended)
		pace_advance(pace, pace_next(pace));
	pace_destroy(pace);
	*steps = bench->end.amounts.steps;
	return bench->end.time;
}

static struct account *account_of(struct bench *bench, const struct stream *stream, uint64_t budget)
{
	struct account *account;

	assert_int_equal(account_create(bench->accounts, stream, RING, budget, &account), 0);
	return account;
}

static void a_node_is_charged_what_it_takes_alone(void **state)
{
	const struct command commands[] = { timed_product(640), timed_product(64),
					    timed_product(200) };
	struct bench *bench = *state;

	for (unsigned int count = 1; count <= 3; count++) {
		const struct stream stream = { .commands = commands, .count = count };
		uint64_t steps, cycles = run(bench, &stream, &steps), of_commands = 0;

		/* Counted, and then known. */
		for (int round = 0; round < 2; round++) {
			struct account *account = account_of(bench, &stream, ENOUGH);

			assert_true(account_reach(account, ENOUGH));
			assert_int_equal(account_cycles(account), cycles);
			assert_false(account_exceeded(account, ENOUGH));
			for (unsigned int i = 0; i < count; i++)
				of_commands += account_steps(account)[i];
			account_destroy(account);
		}
		assert_int_equal(of_commands, 2 * steps);
	}
}

static void it_is_counted_in_parts(void **state)
{
	const struct command command = timed_product(640);
	const struct stream stream = { .commands = &command, .count = 1 };
	struct bench *bench = *state;
	struct account *account = account_of(bench, &stream, ENOUGH);
	uint64_t steps, cycles = run(bench, &stream, &steps);

	assert_true(steps > 4);
	for (uint64_t step = 0; step <= steps; step++)
		assert_false(account_reach(account, step));
	assert_true(account_reach(account, steps + 1));
	assert_int_equal(account_cycles(account), cycles);
	account_destroy(account);
}

/* At which step a budget of so many cycles is exceeded; 0 for none. */
static uint64_t exceeded_at(struct bench *bench, const struct stream *stream, uint64_t budget,
			    uint64_t steps)
{
	struct account *account = account_of(bench, stream, budget);
	uint64_t at = 0;

	for (uint64_t step = 1; !at && step <= steps; step++)
		if (account_exceeded(account, step))
			at = step;
	assert_true(account_reach(account, ENOUGH));
	assert_int_equal(account_exceeded(account, ENOUGH), at > 0);
	if (at > 1)
		assert_false(account_exceeded(account, at - 1));
	account_destroy(account);
	return at;
}

static void a_budget_is_exceeded_by_the_step_that_ends_behind_it(void **state)
{
	const struct command command = timed_product(640);
	const struct stream stream = { .commands = &command, .count = 1 };
	struct bench *bench = *state;
	uint64_t steps, cycles = run(bench, &stream, &steps), before = 1;

	assert_int_equal(exceeded_at(bench, &stream, cycles, steps), 0);
	assert_int_equal(exceeded_at(bench, &stream, cycles - 1, steps), steps);
	assert_int_equal(exceeded_at(bench, &stream, 0, steps), 1);
	for (uint64_t part = 1; part < 20; part++) {
		uint64_t at = exceeded_at(bench, &stream, cycles * part / 20, steps);

		assert_in_range(at, before, steps);
		before = at;
	}
	/* What is known of one with more of a budget does not help. */
	assert_int_equal(exceeded_at(bench, &stream, cycles - 1, steps), steps);
	assert_int_equal(exceeded_at(bench, &stream, cycles, steps), 0);
}

static void accounts_side_by_side_do_not_meet(void **state)
{
	const struct command commands[] = { timed_product(640), timed_product(640 + 64) };
	struct bench *bench = *state;
	struct account *account[40];
	uint64_t cycles[2], steps;

	for (unsigned int i = 0; i < 2; i++)
		cycles[i] = run(bench, &(struct stream){ .commands = &commands[i], .count = 1 },
				&steps);
	for (unsigned int i = 0; i < 40; i++)
		account[i] = account_of(bench, &(struct stream){ .commands = &commands[i % 2],
								  .count = 1 }, ENOUGH);
	for (uint64_t step = 1; step < 4; step++)
		for (unsigned int i = 0; i < 40; i++)
			assert_false(account_reach(account[i], step));
	for (unsigned int i = 0; i < 40; i++) {
		assert_true(account_reach(account[i], ENOUGH));
		assert_int_equal(account_cycles(account[i]), cycles[i % 2]);
		account_destroy(account[i]);
	}
	account_destroy(NULL);
}

/* One after another, as the engine makes them. */
static void copies_are_charged_their_sum(void **state)
{
	const struct copy copies[] = {
		{ .fills = true, .destination = { .bursts = 100 } },
		{ .fills = true, .destination = { .bursts = 40 } },
	};
	struct bench *bench = *state;
	uint64_t one, other, both, none;

	for (int round = 0; round < 2; round++) {
		assert_int_equal(account_copies(bench->accounts, copies, 0, &none), 0);
		assert_int_equal(account_copies(bench->accounts, copies, 1, &one), 0);
		assert_int_equal(account_copies(bench->accounts, copies + 1, 1, &other), 0);
		assert_int_equal(account_copies(bench->accounts, copies, 2, &both), 0);
		assert_int_equal(none, 0);
		assert_true(other > 0 && one > other && both > one && both <= one + other);
	}
}

#define ACCOUNT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACCOUNT_TEST(a_node_is_charged_what_it_takes_alone),
		ACCOUNT_TEST(it_is_counted_in_parts),
		ACCOUNT_TEST(a_budget_is_exceeded_by_the_step_that_ends_behind_it),
		ACCOUNT_TEST(accounts_side_by_side_do_not_meet),
		ACCOUNT_TEST(copies_are_charged_their_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
