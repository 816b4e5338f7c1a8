/* SPDX-License-Identifier: MIT */
/*
 * Products of elements of any value: sums of integers are exact, those of
 * floats keep to their bound.
 */
#include "suite.h"

#include "gemms.h"
#include "products.h"
#include "tile/command.h"

static void random_sums(bool integer)
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
		assert_int_equal(outcome.progress, outcome.steps);
		assert_true(gemm_matches(&bench, &gemm));
	}
	bench_close(&bench);
}

static void sums_of_floats_keep_to_their_bound(void **state)
{
	(void)state;
	random_sums(false);
}

static void sums_of_integers_are_exact(void **state)
{
	(void)state;
	random_sums(true);
}

/* All highest or all lowest codes, and one product of 1 that a rounded sum would lose. */
static void fill_extreme(struct bench *bench, const struct tsr_hw_tensor *tensor, bool highest)
{
	bool is_signed = tensor->type == TSR_HW_TYPE_INT8;
	uint8_t code = highest ? (is_signed ? 127 : 255) : (is_signed ? 0x80 : 0);
	const uint8_t one = 1;

	for (uint64_t i = 0; i < bench_plain_elements(tensor); i++)
		fake_memory_poke(bench->memory, bench_plain_address(bench, tensor, i), &code, 1);
	fake_memory_poke(bench->memory, bench_plain_address(bench, tensor, 0), &one, 1);
}

/* Also longer than the blocks of every way to compute them, and not a multiple of those. */
static void extreme_sums_of_integers_are_exact(void **state)
{
	static const uint32_t depths[] = { 1, 2, 64, 513, 514, 515, 1023, 1024, 1025, 1029, 2571 };
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
		assert_true(gemm_matches(&bench, &gemm));
	}
	bench_close(&bench);
}

static void run_and_expect(unsigned int a, unsigned int b, unsigned int d, uint32_t m, uint32_t n,
			   uint32_t k)
{
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 8);
	gemm_plain(&bench, &gemm, a, b, d, m, n, k);
	bench_run(&bench, &gemm, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.size.macs, m * n * k);
	assert_true(gemm_samples_match(&bench, &gemm, 37));
	bench_close(&bench);
}

/* Wide enough for the kernels a library keeps for large matrices. */
static void large_products_of_integers_equal_plain_loops(void **state)
{
	(void)state;
	run_and_expect(TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT32, 130, 200, 1100);
}

/* Large enough that staging, chunks and blocks all have more than one piece. */
static void large_products_of_floats_keep_to_their_bound(void **state)
{
	(void)state;
	run_and_expect(TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 600, 70, 500);
}

/* The product of two elements, stored as fp32. */
static float product_of(unsigned int type, uint16_t first, uint16_t second)
{
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;
	float product;

	bench_open(&bench, "edge", MEMORY_BYTES, 4);
	gemm_plain(&bench, &gemm, type, type, TSR_HW_TYPE_FP32, 1, 1, 1);
	fake_memory_poke(bench.memory, bench_plain_address(&bench, &gemm.a, 0), &first, 2);
	fake_memory_poke(bench.memory, bench_plain_address(&bench, &gemm.b, 0), &second, 2);
	bench_run(&bench, &gemm, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	fake_memory_peek(bench.memory, bench_plain_address(&bench, &gemm.d, 0), &product, 4);
	bench_close(&bench);
	return product;
}

/* 2^-24 times 1, and 2^-133 times 2^23. */
static void denormals_are_kept(void **state)
{
	(void)state;
	assert_true(product_of(TSR_HW_TYPE_FP16, 1, 0x3c00) == 0x1p-24f);
	assert_true(product_of(TSR_HW_TYPE_BF16, 1, 0x4b00) == 0x1p-110f);
}

/* Results are the same: they are only slower to compute. */
static void elements_of_bf16_become_fp32_in_strict_mode_alone(void **state)
{
	struct tsr_hw_gemm gemm;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 209);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_BF16, TSR_HW_TYPE_BF16, TSR_HW_TYPE_FP32, 3, 4, 5);
	for (unsigned int strict = 0; strict < 2; strict++) {
		struct tile_request request;
		struct command command = { 0 };

		bench.strict = strict;
		request = bench_request(&bench, TSR_HW_ENGINE_TENSOR, &gemm, sizeof(gemm));
		assert_int_equal(operation_gemm.decode(&request, request.stream, &command),
				 TSR_HW_ERR_NONE);
		assert_int_equal(command.gemm.pairing.narrow, !strict);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_of_floats_keep_to_their_bound),
		cmocka_unit_test(sums_of_integers_are_exact),
		cmocka_unit_test(extreme_sums_of_integers_are_exact),
		cmocka_unit_test(large_products_of_integers_equal_plain_loops),
		cmocka_unit_test(large_products_of_floats_keep_to_their_bound),
		cmocka_unit_test(denormals_are_kept),
		cmocka_unit_test(elements_of_bf16_become_fp32_in_strict_mode_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
