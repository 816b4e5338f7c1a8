/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "gemms.h"
#include "reference.h"

static void run_random(bool integer)
{
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, integer);
	for (int i = 0; i < CASES; i++) {
		struct tsr_hw_gemm gemm;
		struct outcome outcome;

		bench_reset(&bench);
		gemm_random(&bench, &gemm, integer);
		bench_run(&bench, &gemm, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.cost.blocks);
		assert_true(reference_gemm(&bench, &gemm));
	}
	bench_close(&bench);
}

static void fp_gemm_is_close_to_the_reference(void **state)
{
	(void)state;
	run_random(false);
}

static void integer_gemm_equals_the_reference(void **state)
{
	(void)state;
	run_random(true);
}

/* Longer than the blocks of every integer path, and not a multiple of them. */
static void long_integer_sums_are_exact(void **state)
{
	static const uint8_t types[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 3);
	for (int i = 0; i < 4; i++) {
		struct tsr_hw_gemm gemm;
		struct outcome outcome;

		bench_reset(&bench);
		gemm_plain(&bench, &gemm, types[i & 1], types[i >> 1], TSR_HW_TYPE_INT32,
			   3, 5, 2571);
		bench_run(&bench, &gemm, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_true(reference_gemm(&bench, &gemm));
	}
	bench_close(&bench);
}

/* All highest or all lowest codes, and one product of 1 that a rounded sum would lose. */
static void fill_extreme(struct bench *bench, const struct tsr_hw_scaled_tensor *tensor,
			 bool highest)
{
	bool is_signed = tensor->type == TSR_HW_TYPE_INT8;
	uint8_t code = highest ? (is_signed ? 127 : 255) : (is_signed ? 0x80 : 0);
	const uint8_t one = 1;

	for (uint64_t i = 0; i < bench_elements(tensor); i++)
		fake_memory_poke(bench->memory, bench_address(bench, tensor, i), &code, 1);
	fake_memory_poke(bench->memory, bench_address(bench, tensor, 0), &one, 1);
}

static void extreme_integer_sums_are_exact(void **state)
{
	static const uint32_t depths[] = { 1, 2, 64, 513, 514, 515, 1023, 1024, 1025, 1029, 2049 };
	static const uint8_t types[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 7);
	for (unsigned int i = 0; i < 16 * sizeof(depths) / sizeof(depths[0]); i++) {
		struct tsr_hw_gemm gemm;
		struct outcome outcome;

		bench_reset(&bench);
		gemm_plain(&bench, &gemm, types[i & 1], types[i >> 1 & 1], TSR_HW_TYPE_INT32, 2, 3,
			   depths[i / 16]);
		fill_extreme(&bench, &gemm.a, i & 4);
		fill_extreme(&bench, &gemm.b, i & 8);
		bench_run(&bench, &gemm, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_true(reference_gemm(&bench, &gemm));
	}
	bench_close(&bench);
}

/* Wide enough for the kernels a library keeps for large matrices. */
static void large_integer_gemm_equals_plain_loops(void **state)
{
	enum { M = 130, N = 200, K = 1100 };
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 8);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT32, M, N, K);
	bench_run(&bench, &gemm, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_true(reference_gemm(&bench, &gemm));
	bench_close(&bench);
}

/* fp16 operands are exact in fp32 and the sum is rounded once. */
static void fp16_keeps_denormals(void **state)
{
	const uint16_t smallest = 1;
	const uint16_t one = 0x3c00;
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 4);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, 1, 1, 1);
	fake_memory_poke(bench.memory, bench_address(&bench, &gemm.a, 0), &smallest, 2);
	fake_memory_poke(bench.memory, bench_address(&bench, &gemm.b, 0), &one, 2);
	bench_run(&bench, &gemm, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_true(bench_value(&bench, &gemm.d, bench_address(&bench, &gemm.d, 0)) == 0x1p-24);
	bench_close(&bench);
}

static void bf16_keeps_denormals(void **state)
{
	const uint16_t smallest = 1;
	const uint16_t large = 0x4b00;	/* 2^23 */
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 5);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_BF16, TSR_HW_TYPE_BF16, TSR_HW_TYPE_FP32, 1, 1, 1);
	fake_memory_poke(bench.memory, bench_address(&bench, &gemm.a, 0), &smallest, 2);
	fake_memory_poke(bench.memory, bench_address(&bench, &gemm.b, 0), &large, 2);
	bench_run(&bench, &gemm, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_true(bench_value(&bench, &gemm.d, bench_address(&bench, &gemm.d, 0)) == 0x1p-110);
	bench_close(&bench);
}

/* Large enough that staging, chunks and blocks all have more than one piece. */
static void large_gemm_matches_samples(void **state)
{
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 6);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32,
		   900, 700, 500);
	bench_run(&bench, &gemm, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.cost.macs, 900 * 700 * 500);
	/* One column, every row: the sub-matrix is a GEMM of its own. */
	gemm.b.offset += 4 * 333;
	gemm.d.offset += 4 * 333;
	gemm.b.dim[1] = 1;
	gemm.d.dim[1] = 1;
	assert_true(reference_gemm(&bench, &gemm));
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fp_gemm_is_close_to_the_reference),
		cmocka_unit_test(integer_gemm_equals_the_reference),
		cmocka_unit_test(long_integer_sums_are_exact),
		cmocka_unit_test(extreme_integer_sums_are_exact),
		cmocka_unit_test(large_integer_gemm_equals_plain_loops),
		cmocka_unit_test(fp16_keeps_denormals),
		cmocka_unit_test(bf16_keeps_denormals),
		cmocka_unit_test(large_gemm_matches_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
