/* SPDX-License-Identifier: MIT */
/*
 * Results that take long by themselves tell their progress on their way, each from where it begins.
 */
#include "suite.h"

#include <limits.h>
#include <string.h>

#include "bench.h"
#include "products.h"
#include "tile/execution.h"

/* Rows of more elements than are worked on between two reports of results. */
#define ROWS	2u
#define DEPTH	((1u << 22) + 5000)

/*
 * Stopped in the midst of each row, a command has told a part of that row and all in front of it.
 */
static void expect_progress(struct bench *bench, const void *command)
{
	struct outcome outcome;
	unsigned int polls;

	fake_memory_abort_after(bench->memory, UINT_MAX);
	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	polls = fake_memory_polls(bench->memory);
	assert_true(polls > 8 * ROWS);
	for (unsigned int row = 0; row < ROWS; row++) {
		fake_memory_abort_after(bench->memory, polls * (2 * row + 1) / (2 * ROWS));
		bench_run(bench, command, &outcome);
		assert_int_equal(outcome.result.error, EXECUTION_ABORTED);
		assert_in_range(outcome.progress, row * outcome.steps / ROWS + 1,
				(row + 1) * outcome.steps / ROWS - 1);
	}
	fake_memory_abort_after(bench->memory, 0);
}

static void make(struct bench *bench, struct tsr_hw_tensor *tensor, uint32_t depth, uint32_t flags)
{
	const uint32_t dim[] = { ROWS, depth };

	bench_plain(bench, tensor, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE, flags);
}

static void a_reduction_does(void **state)
{
	struct tsr_hw_reduce reduce = {
		.head = { .op = TSR_HW_OP_REDUCE, .size = sizeof(reduce) }, .axes = 2,
		.function = TSR_HW_REDUCTION_SUM, .step = { { 1, 1024 } },
	};
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 4 * MEMORY_BYTES, 1);
	make(&bench, &reduce.x, DEPTH, TSR_HW_SLOT_READ);
	make(&bench, &reduce.d, 1, TSR_HW_SLOT_WRITE);
	expect_progress(&bench, &reduce);
	bench_close(&bench);
}

static void a_scan_does(void **state)
{
	struct tsr_hw_scan scan = {
		.head = { .op = TSR_HW_OP_SCAN, .size = sizeof(scan) }, .axis = 1,
		.function = TSR_HW_REDUCTION_SUM, .step = { { 1, 1024 } },
	};
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 8 * MEMORY_BYTES, 2);
	make(&bench, &scan.x, DEPTH, TSR_HW_SLOT_READ);
	make(&bench, &scan.d, DEPTH, TSR_HW_SLOT_WRITE);
	expect_progress(&bench, &scan);
	bench_close(&bench);
}

static void a_normalization_does(void **state)
{
	struct tsr_hw_normalize normalize = {
		.head = { .op = TSR_HW_OP_NORMALIZE, .size = sizeof(normalize) }, .axes = 2,
		.mode = TSR_HW_NORMALIZE_SOFTMAX, .step = { { 1, 1024 } },
	};
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 8 * MEMORY_BYTES, 3);
	make(&bench, &normalize.x, DEPTH, TSR_HW_SLOT_READ);
	make(&bench, &normalize.d, DEPTH, TSR_HW_SLOT_WRITE);
	expect_progress(&bench, &normalize);
	bench_close(&bench);
}

/* [1, ROWS, @rows, 1], all of it one element if it is read. */
static void head(struct bench *bench, struct tsr_hw_tensor *tensor, uint32_t rows, uint32_t flags)
{
	const uint32_t dim[] = { 1, ROWS, flags == TSR_HW_SLOT_WRITE ? rows : 1, 1 };

	bench_plain(bench, tensor, TSR_HW_TYPE_FP32, 4, dim, LAYOUT_DENSE, flags);
	if (flags == TSR_HW_SLOT_WRITE)
		return;
	tensor->dim[2] = rows;
	tensor->stride[2] = 0;
}

static void attention_to_many_keys_does(void **state)
{
	struct tsr_hw_attention attention = {
		.head = { .op = TSR_HW_OP_ATTENTION, .size = sizeof(attention) },
		.scale = bench_bits(1), .blocks = { .bm = 1, .bn = 128, .bk = 1, .bg = 1 },
	};
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 4);
	head(&bench, &attention.q, 1, TSR_HW_SLOT_READ);
	head(&bench, &attention.k, 250000, TSR_HW_SLOT_READ);
	head(&bench, &attention.v, 250000, TSR_HW_SLOT_READ);
	head(&bench, &attention.d, 1, TSR_HW_SLOT_WRITE);
	bench_absent(&attention.mask);
	bench_absent(&attention.lengths);
	bench_absent(&attention.pages);
	products_no_quant(&attention.qk);
	products_no_quant(&attention.qv);
	expect_progress(&bench, &attention);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reduction_does),
		cmocka_unit_test(a_scan_does),
		cmocka_unit_test(a_normalization_does),
		cmocka_unit_test(attention_to_many_keys_does),
	};

	return cmocka_run_group_tests_name("tile: progress of long results", tests, NULL, NULL);
}
