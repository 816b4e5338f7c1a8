/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "convs.h"
#include "reference.h"

static void pooling_matches_the_reference(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 30);
	for (int i = 0; i < 3 * CASES; i++) {
		struct tsr_abi_pool pool;
		struct outcome outcome;

		bench_reset(&bench);
		pool_random(&bench, &pool);
		bench_run(&bench, &pool, &outcome);
		assert_int_equal(outcome.result.error, TSR_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.cost.blocks);
		assert_true(reference_pool(&bench, &pool));
	}
	bench_close(&bench);
}

static void maximum_of_another_scale_is_refused(void **state)
{
	struct tsr_abi_pool pool;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 31);
	do {
		bench_reset(&bench);
		pool_random(&bench, &pool);
	} while (pool.mode != TSR_POOL_MAX || !reference_is_integer(pool.x.type));
	pool.d.scale++;
	bench_run(&bench, &pool, &outcome);
	assert_int_equal(outcome.result.error, TSR_ERR_COMMAND);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pooling_matches_the_reference),
		cmocka_unit_test(maximum_of_another_scale_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
