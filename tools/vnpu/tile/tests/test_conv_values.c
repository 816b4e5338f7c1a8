/* SPDX-License-Identifier: MIT */
/* Convolutions of elements of any value, and those that a library was once wrong about. */
#include "suite.h"

#include <errno.h>

#include "convs.h"
#include "tile/onednn.h"

static const unsigned int fp32[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32 };

static void run_and_expect(struct bench *bench, const struct tsr_hw_conv *conv)
{
	struct outcome outcome;

	bench_run(bench, conv, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	assert_true(conv_matches(bench, conv));
}

static void random_sums(bool integer)
{
	struct tsr_hw_conv conv;
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 10 + integer);
	for (int i = 0; i < CASES; i++) {
		bench_reset(&bench);
		conv_random(&bench, &conv, integer);
		run_and_expect(&bench, &conv);
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

/* Padding around a picture of one column: the library was caught there once. */
static void one_output_column_matches(void **state)
{
	struct tsr_hw_conv conv;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 21);
	for (uint32_t i = 0; i < 48; i++) {
		const uint32_t x[] = { 2, 1, 3, 1 + (i >> 4) };
		const uint32_t w[] = { 1 + (i & 3), 1, 3, 3 };
		const struct tsr_hw_window windows[] = { { 0, 1, 1, 1, 1, 1 },
							 { 0, 1 + (i >> 2 & 3), 1, 1, 1, 1 } };

		bench_reset(&bench);
		conv_make(&bench, &conv, fp32, x, w, windows, 1);
		run_and_expect(&bench, &conv);
	}
	bench_close(&bench);
}

/* No channels, or pictures without a column. */
static void a_convolution_of_nothing_is_zero(void **state)
{
	static const uint32_t shapes[][2] = { { 0, 5 }, { 4, 0 } };
	const struct tsr_hw_window windows[] = { { 0, 1, 1, 1, 1, 1 }, { 0, 1, 1, 1, 3, 3 } };
	struct tsr_hw_conv conv;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 22);
	for (unsigned int i = 0; i < 8; i++) {
		const uint32_t *shape = shapes[i & 1], groups = 1 + (i >> 1 & 1);
		const uint32_t x[] = { 2, shape[0], 5, shape[1] };
		const uint32_t w[] = { 4, shape[0] / groups, 3, 3 };
		const unsigned int bytes[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8,
					       TSR_HW_TYPE_INT32 };

		bench_reset(&bench);
		conv_make(&bench, &conv, i & 4 ? bytes : fp32, x, w, windows, groups);
		run_and_expect(&bench, &conv);
	}
	bench_close(&bench);
}

/* Not for a library that computes positions in 32 bits. */
static void absurd_windows_match(void **state)
{
	const uint32_t x[] = { 1, 2, 3, 4 }, w[] = { 3, 2, 1, 2 };
	const struct tsr_hw_window windows[] = {
		{ 0, 0x7ffffffe, 0x7fffffff, 1, 0x7fffffff, 0 },
		{ 0, 0x7fffffff, 1, 1, 0, 0x7fffffff },
	};
	struct tsr_hw_conv conv;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 22);
	conv_make(&bench, &conv, fp32, x, w, windows, 1);
	assert_int_equal(bench_plain_elements(&conv.d), 3 * 2 * 2);
	run_and_expect(&bench, &conv);
	bench_close(&bench);
}

/* Its threads write into each other's scratch memory there. */
static void the_library_is_not_asked_for_windows_that_leave_out_rows(void **state)
{
	static const struct { int64_t kernel[2], stride[2]; bool refused; } cases[] = {
		{ { 3, 2 }, { 4, 1 }, true }, { { 3, 2 }, { 1, 3 }, true },
		{ { 3, 1 }, { 4, 1 }, true }, { { 1, 3 }, { 1, 4 }, true },
		{ { 3, 1 }, { 1, 2 }, true }, { { 1, 3 }, { 2, 1 }, true },
		{ { 3, 2 }, { 3, 2 }, false }, { { 3, 2 }, { 1, 1 }, false },
		{ { 1, 1 }, { 4, 3 }, false },
	};
	static float x[16 * 16], w[3 * 3], d[16 * 16];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const int64_t *kernel = cases[i].kernel, *stride = cases[i].stride;
		const struct onednn_conv conv = {
			.images = 1, .channels = 1, .height = 16, .width = 16, .outputs = 1,
			.out_height = (16 - kernel[0]) / stride[0] + 1,
			.out_width = (16 - kernel[1]) / stride[1] + 1,
			.kernel = { kernel[0], kernel[1] }, .stride = { stride[0], stride[1] },
			.dilation = { 1, 1 }, .groups = 1,
		};
		int ret = onednn_convolve(&conv, x, w, d);

		if (cases[i].refused)
			assert_int_equal(ret, -ENOTSUP);
		else
			assert_true(!ret || ret == -ENOTSUP);
	}
}

/* The library wrote behind its scratch memory there. */
static void windows_that_skip_rows_match(void **state)
{
	static const uint32_t rows[] = { 69, 537 };
	const struct tsr_hw_window windows[] = { { 0, 32, 1, 1, 0, 0 }, { 0, 2, 1, 1, 0, 0 } };
	struct tsr_hw_conv conv;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 23);
	for (int i = 0; i < 2; i++) {
		const uint32_t x[] = { 1, 128, rows[i], 1 }, w[] = { 58, 128, 4, 1 };

		bench_reset(&bench);
		conv_make(&bench, &conv, fp32, x, w, windows, 1);
		run_and_expect(&bench, &conv);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_of_floats_keep_to_their_bound),
		cmocka_unit_test(sums_of_integers_are_exact),
		cmocka_unit_test(one_output_column_matches),
		cmocka_unit_test(a_convolution_of_nothing_is_zero),
		cmocka_unit_test(absurd_windows_match),
		cmocka_unit_test(the_library_is_not_asked_for_windows_that_leave_out_rows),
		cmocka_unit_test(windows_that_skip_rows_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
