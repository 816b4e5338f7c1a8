/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <errno.h>
#include <string.h>

#include "convs.h"
#include "epilogues.h"
#include "reference.h"
#include "tile/onednn.h"

static void run_random(bool integer)
{
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 10 + integer);
	for (int i = 0; i < CASES; i++) {
		struct tsr_hw_conv conv;
		struct outcome outcome;

		bench_reset(&bench);
		conv_random(&bench, &conv, integer);
		bench_run(&bench, &conv, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.cost.blocks);
		assert_true(reference_conv(&bench, &conv));
	}
	bench_close(&bench);
}

static void fp_convolution_is_close_to_the_reference(void **state)
{
	(void)state;
	run_random(false);
}

static void integer_convolution_equals_the_reference(void **state)
{
	(void)state;
	run_random(true);
}

static void square(struct bench *bench, struct tsr_hw_conv *conv, unsigned int type,
		   unsigned int out, uint32_t images, uint32_t channels, uint32_t outputs,
		   uint32_t groups, uint32_t extent)
{
	memset(conv, 0, sizeof(*conv));
	conv->head.op = TSR_HW_OP_CONV;
	conv->head.size = sizeof(*conv);
	conv->stride_h = conv->stride_w = conv->dilation_h = conv->dilation_w = 1;
	conv->pad_top = conv->pad_left = conv->pad_bottom = conv->pad_right = 1;
	conv->groups = groups;
	bench_tensor(bench, &conv->x, type, 4,
		     (const uint32_t[]){ images, channels, extent, extent }, LAYOUT_DENSE,
		     TSR_HW_SLOT_READ);
	bench_tensor(bench, &conv->w, type, 4,
		     (const uint32_t[]){ outputs, channels / groups, 3, 3 }, LAYOUT_DENSE,
		     TSR_HW_SLOT_READ);
	bench_tensor(bench, &conv->d, out, 4,
		     (const uint32_t[]){ images, outputs, extent, extent }, LAYOUT_DENSE,
		     TSR_HW_SLOT_WRITE);
	epilogue_none(&conv->epilogue);
}

static void run_square(unsigned int type, unsigned int out, uint32_t channels, uint32_t outputs,
		       uint32_t groups)
{
	struct tsr_hw_conv conv;
	struct outcome outcome;
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 20);
	square(&bench, &conv, type, out, 2, channels, outputs, groups, 14);
	bench_run(&bench, &conv, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.cost.macs, 2ull * outputs * 14 * 14 * channels / groups * 9);
	assert_true(reference_conv(&bench, &conv));
	bench_close(&bench);
}

/* Padding around a picture of one column: the library was caught there once. */
static void one_output_column_matches(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 21);
	for (uint32_t i = 0; i < 48; i++) {
		uint32_t outputs = 1 + (i & 3);
		uint32_t stride = 1 + (i >> 2 & 3);
		uint32_t extent = 1 + (i >> 4);
		struct tsr_hw_conv conv;
		struct outcome outcome;

		bench_reset(&bench);
		square(&bench, &conv, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 2, 1, outputs, 1, 3);
		conv.stride_w = stride;
		conv.x.dim[3] = extent;
		conv.d.dim[3] = window_extent(extent, 3, stride, 1, 1, 1);
		bench_run(&bench, &conv, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_true(reference_conv(&bench, &conv));
	}
	bench_close(&bench);
}

/* No channels, or pictures without a column: what remains is the epilogue. */
static void run_nothing(bool integer, uint32_t channels, uint32_t columns)
{
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 22 + integer);
	for (unsigned int i = 0; i < 12; i++) {
		uint32_t groups = 1 + i % 2;
		unsigned int types[3];
		struct tsr_hw_conv conv;
		struct outcome outcome;

		bench_reset(&bench);
		operand_types(&bench, integer, &types[0], &types[1], &types[2]);
		square(&bench, &conv, types[0], types[2], 2, channels, 4, groups, 5);
		conv.w.type = (uint8_t)types[1];
		conv.w.zero_point = 0;
		conv.x.dim[3] = columns;
		conv.pad_right += 5 - columns;
		epilogue_random(&bench, &conv.epilogue, &conv.d, 4, integer);
		bench_run(&bench, &conv, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.cost.blocks);
		assert_true(reference_conv(&bench, &conv));
	}
	bench_close(&bench);
}

static void a_convolution_of_nothing_is_its_epilogue(void **state)
{
	(void)state;
	for (int integer = 0; integer < 2; integer++) {
		run_nothing(integer, 0, 5);
		run_nothing(integer, 4, 0);
	}
}

/* Not for a library that computes positions in 32 bits. */
static void absurd_windows_match(void **state)
{
	const uint32_t x[] = { 1, 2, 3, 4 };
	const uint32_t w[] = { 3, 2, 1, 2 };
	const uint32_t d[] = { 1, 3, 2, 2 };
	struct tsr_hw_conv conv = {
		.head = { .op = TSR_HW_OP_CONV, .size = sizeof(conv) },
		.stride_h = 0x7ffffffe, .stride_w = 0x80000001, .dilation_h = 0xffffffff,
		.dilation_w = 1, .pad_top = 0x7fffffff, .pad_left = 0, .pad_bottom = 0,
		.pad_right = 0x80000000, .groups = 1,
	};
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 22);
	bench_tensor(&bench, &conv.x, TSR_HW_TYPE_FP32, 4, x, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_tensor(&bench, &conv.w, TSR_HW_TYPE_FP32, 4, w, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_tensor(&bench, &conv.d, TSR_HW_TYPE_FP32, 4, d, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	epilogue_none(&conv.epilogue);
	bench_run(&bench, &conv, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_true(reference_conv(&bench, &conv));
	bench_close(&bench);
}

/* Its threads write into each other's scratch memory there. */
static void the_library_is_not_asked_for_windows_that_leave_out_rows(void **state)
{
	static const int64_t strides[][2] = { { 4, 1 }, { 1, 3 }, { 3, 2 }, { 1, 1 } };
	static float x[16 * 16], w[3 * 2], d[16 * 16];

	(void)state;
	for (int i = 0; i < 4; i++) {
		const struct onednn_conv conv = {
			.images = 1, .channels = 1, .height = 16, .width = 16, .outputs = 1,
			.out_height = (16 - 3) / strides[i][0] + 1,
			.out_width = (16 - 2) / strides[i][1] + 1,
			.kernel = { 3, 2 }, .stride = { strides[i][0], strides[i][1] },
			.dilation = { 1, 1 }, .groups = 1,
		};
		int ret = onednn_convolve(&conv, x, w, d);

		if (i < 2)
			assert_int_equal(ret, -ENOTSUP);
		else
			assert_true(!ret || ret == -ENOTSUP);
	}
}

/* The library wrote behind its scratch memory there. */
static void windows_that_skip_rows_match(void **state)
{
	static const uint32_t rows[] = { 69, 537 };
	struct tsr_hw_conv conv = {
		.head = { .op = TSR_HW_OP_CONV, .size = sizeof(conv) },
		.stride_h = 32, .stride_w = 2, .dilation_h = 1, .dilation_w = 1, .groups = 1,
	};
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 23);
	for (int i = 0; i < 2; i++) {
		const uint32_t x[] = { 1, 128, rows[i], 1 };
		const uint32_t w[] = { 58, 128, 4, 1 };
		const uint32_t d[] = { 1, 58, window_extent(rows[i], 4, 32, 1, 0, 0), 1 };

		bench_reset(&bench);
		bench_tensor(&bench, &conv.x, TSR_HW_TYPE_FP32, 4, x, LAYOUT_DENSE,
			     TSR_HW_SLOT_READ);
		bench_tensor(&bench, &conv.w, TSR_HW_TYPE_FP32, 4, w, LAYOUT_DENSE,
			     TSR_HW_SLOT_READ);
		bench_tensor(&bench, &conv.d, TSR_HW_TYPE_FP32, 4, d, LAYOUT_DENSE,
			     TSR_HW_SLOT_WRITE);
		epilogue_none(&conv.epilogue);
		bench_run(&bench, &conv, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_true(reference_conv(&bench, &conv));
	}
	bench_close(&bench);
}

static void depthwise_fp16_matches(void **state)
{
	(void)state;
	run_square(TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, 24, 24, 24);
}

static void depthwise_uint8_matches(void **state)
{
	(void)state;
	run_square(TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT32, 24, 24, 24);
}

static void wide_int8_matches(void **state)
{
	(void)state;
	run_square(TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, 40, 33, 1);
}

static void wide_fp32_matches(void **state)
{
	(void)state;
	run_square(TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 40, 33, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fp_convolution_is_close_to_the_reference),
		cmocka_unit_test(integer_convolution_equals_the_reference),
		cmocka_unit_test(one_output_column_matches),
		cmocka_unit_test(a_convolution_of_nothing_is_its_epilogue),
		cmocka_unit_test(absurd_windows_match),
		cmocka_unit_test(the_library_is_not_asked_for_windows_that_leave_out_rows),
		cmocka_unit_test(windows_that_skip_rows_match),
		cmocka_unit_test(depthwise_fp16_matches),
		cmocka_unit_test(depthwise_uint8_matches),
		cmocka_unit_test(wide_int8_matches),
		cmocka_unit_test(wide_fp32_matches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
