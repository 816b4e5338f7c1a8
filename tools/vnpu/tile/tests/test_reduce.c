/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <string.h>

#include "reference.h"

static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16,
				 TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8 };

static void start(struct tsr_hw_reduce *reduce, unsigned int op)
{
	memset(reduce, 0, sizeof(*reduce));
	reduce->head.op = (uint8_t)op;
	reduce->head.size = sizeof(*reduce);
}

static void random_reduce(struct bench *bench, struct tsr_hw_reduce *reduce, uint32_t longest)
{
	unsigned int type = types[bench_below(bench, 5)];
	unsigned int rank = 1 + bench_below(bench, TSR_HW_MAX_RANK);
	uint32_t x[TSR_HW_MAX_RANK];
	uint32_t d[TSR_HW_MAX_RANK];

	start(reduce, TSR_HW_OP_REDUCE);
	reduce->function = bench_below(bench, 4);
	reduce->axes = 1 + bench_below(bench, (1u << rank) - 1);
	for (unsigned int i = 0; i < rank; i++) {
		x[i] = bench_extent(bench, i + 1 == rank ? longest : rank < 5 ? 6 : 2);
		d[i] = reduce->axes & 1u << i ? 1 : x[i];
	}
	bench_tensor(bench, &reduce->x, type, rank, x, bench_any_layout(bench) | LAYOUT_REPEAT,
		     TSR_HW_SLOT_READ);
	bench_tensor(bench, &reduce->d, type, rank, d, bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	if (reduce->function >= TSR_HW_REDUCE_MAX) {
		reduce->d.scale = reduce->x.scale;
		reduce->d.zero_point = reduce->x.zero_point;
	}
}

static void run_reduce(uint32_t longest, int cases)
{
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 40 + longest);
	for (int i = 0; i < cases; i++) {
		struct tsr_hw_reduce reduce;
		struct outcome outcome;

		bench_reset(&bench);
		random_reduce(&bench, &reduce, longest);
		bench_run(&bench, &reduce, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.cost.blocks);
		assert_true(reference_reduce(&bench, &reduce));
	}
	bench_close(&bench);
}

static void reductions_match_the_reference(void **state)
{
	(void)state;
	run_reduce(9, 3 * CASES);
}

static void long_reductions_match_the_reference(void **state)
{
	struct tsr_hw_reduce reduce;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 50);
	for (uint32_t function = 0; function < 2; function++) {
		for (unsigned int i = 0; i < 5; i++) {
			bench_reset(&bench);
			start(&reduce, TSR_HW_OP_REDUCE);
			reduce.function = function;
			reduce.axes = 2;
			bench_tensor(&bench, &reduce.x, types[i], 2,
				     (const uint32_t[]){ 3, 40001 }, LAYOUT_DENSE,
				     TSR_HW_SLOT_READ);
			bench_tensor(&bench, &reduce.d, types[i], 2, (const uint32_t[]){ 3, 1 },
				     LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
			bench_run(&bench, &reduce, &outcome);
			assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
			assert_true(reference_reduce(&bench, &reduce));
		}
	}
	bench_close(&bench);
}

static void softmax_matches_the_reference(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 60);
	for (int i = 0; i < CASES; i++) {
		struct tsr_hw_reduce softmax;
		struct outcome outcome;

		bench_reset(&bench);
		random_reduce(&bench, &softmax, 9);
		softmax.head.op = TSR_HW_OP_SOFTMAX;
		softmax.function = 0;
		bench_tensor(&bench, &softmax.d, types[bench_below(&bench, 5)],
			     softmax.x.rank,
			     softmax.x.dim, bench_any_layout(&bench), TSR_HW_SLOT_WRITE);
		bench_run(&bench, &softmax, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_true(reference_softmax(&bench, &softmax));
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reductions_match_the_reference),
		cmocka_unit_test(long_reductions_match_the_reference),
		cmocka_unit_test(softmax_matches_the_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
