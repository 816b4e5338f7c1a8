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
		struct tsr_hw_pool pool;
		struct outcome outcome;

		bench_reset(&bench);
		pool_random(&bench, &pool);
		bench_run(&bench, &pool, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.cost.blocks);
		assert_true(reference_pool(&bench, &pool));
	}
	bench_close(&bench);
}

/* 2^40 window elements, one of them inside: only that one costs time. */
static void a_window_of_padding_costs_no_time(void **state)
{
	const uint32_t reach = 1u << 20;
	const uint32_t one[] = { 1, 1, 1, 1 };
	const uint32_t two[] = { 1, 1, 2, 2 };
	struct tsr_hw_pool pool = {
		.head = { .op = TSR_HW_OP_POOL, .size = sizeof(pool) },
		.kernel_h = reach, .kernel_w = reach, .stride_h = reach - 1, .stride_w = reach - 1,
		.dilation_h = 1, .dilation_w = 1, .pad_top = reach - 1, .pad_left = reach - 1,
		.pad_bottom = reach - 1, .pad_right = reach - 1,
	};
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 32);
	bench_tensor(&bench, &pool.x, TSR_HW_TYPE_FP32, 4, one, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_tensor(&bench, &pool.d, TSR_HW_TYPE_FP32, 4, two, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	bench_run(&bench, &pool, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_true(outcome.cost.cycles > 4ull << 30);
	for (uint64_t i = 0; i < 4; i++)
		assert_true(bench_value(&bench, &pool.d, bench_address(&bench, &pool.d, i)) ==
			    bench_value(&bench, &pool.x, bench_address(&bench, &pool.x, 0)));
	bench_close(&bench);
}

static void pictures_without_a_column_are_padding(void **state)
{
	const uint32_t x[] = { 2, 3, 4, 0 };
	const uint32_t d[] = { 2, 3, 3, 1 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 33);
	for (unsigned int i = 0; i < 6; i++) {
		unsigned int type = i & 1 ? TSR_HW_TYPE_UINT8 : TSR_HW_TYPE_FP16;
		struct tsr_hw_pool pool = {
			.head = { .op = TSR_HW_OP_POOL, .size = sizeof(pool) },
			.mode = i / 2, .kernel_h = 2, .kernel_w = 3, .stride_h = 1, .stride_w = 1,
			.dilation_h = 1, .dilation_w = 1, .pad_left = 2, .pad_right = 1,
		};
		struct outcome outcome;

		bench_reset(&bench);
		bench_tensor(&bench, &pool.x, type, 4, x, LAYOUT_DENSE, TSR_HW_SLOT_READ);
		bench_tensor(&bench, &pool.d, type, 4, d, LAYOUT_GAPS, TSR_HW_SLOT_WRITE);
		pool.d.scale = pool.x.scale;
		pool.d.zero_point = pool.x.zero_point;
		bench_run(&bench, &pool, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_true(reference_pool(&bench, &pool));
	}
	bench_close(&bench);
}

static void maximum_of_another_scale_is_refused(void **state)
{
	struct tsr_hw_pool pool;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 31);
	do {
		bench_reset(&bench);
		pool_random(&bench, &pool);
	} while (pool.mode != TSR_HW_POOL_MAX || !reference_is_integer(pool.x.type));
	pool.d.scale++;
	bench_run(&bench, &pool, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_COMMAND);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pooling_matches_the_reference),
		cmocka_unit_test(a_window_of_padding_costs_no_time),
		cmocka_unit_test(pictures_without_a_column_are_padding),
		cmocka_unit_test(maximum_of_another_scale_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
