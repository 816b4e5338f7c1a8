// SPDX-License-Identifier: MIT
/* What operators make of their operands' shapes and types, and what they refuse. */
#include "cmocka_prelude.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tessera.h>

static struct tsr_graph *graph;

static int make_graph(void **state)
{
	(void)state;
	return tsr_graph_create("test", &graph);
}

static int free_graph(void **state)
{
	(void)state;
	tsr_graph_destroy(graph);
	return 0;
}

static struct tsr_tensor_info describe(enum tsr_type type, unsigned int rank, const int64_t *dim)
{
	struct tsr_tensor_info info = { .type = type, .rank = rank };

	memcpy(info.dim, dim, rank * sizeof(*dim));
	if (type == TSR_INT8 || type == TSR_UINT8)
		info.scale = 0.5f;
	return info;
}

#define SHAPE(...)	(int64_t[]){ __VA_ARGS__ }
#define RANK(...)	(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))
#define INPUT(type, ...) \
	add_input(type, RANK(__VA_ARGS__), SHAPE(__VA_ARGS__))
#define CONSTANT(type, ...) \
	add_constant(type, RANK(__VA_ARGS__), SHAPE(__VA_ARGS__))
#define ASSERT_SHAPE(tensor, ...) \
	assert_shape(tensor, RANK(__VA_ARGS__), SHAPE(__VA_ARGS__))

static tsr_tensor add_input(enum tsr_type type, unsigned int rank, const int64_t *dim)
{
	struct tsr_tensor_info info = describe(type, rank, dim);

	return tsr_graph_input(graph, "x", &info);
}

static tsr_tensor add_constant(enum tsr_type type, unsigned int rank, const int64_t *dim)
{
	struct tsr_tensor_info info = describe(type, rank, dim);
	size_t size = tsr_type_size(type);
	tsr_tensor tensor;
	unsigned int i;
	void *data;

	for (i = 0; i < rank; i++)
		size *= (size_t)dim[i];
	data = calloc(1, size);
	tensor = tsr_graph_constant(graph, "c", &info, data, size);
	free(data);
	return tensor;
}

static void assert_shape(tsr_tensor tensor, unsigned int rank, const int64_t *dim)
{
	const struct tsr_tensor_info *info;

	if (tensor < 0)
		fail_msg("%s", tsr_error());
	info = tsr_graph_tensor_info(graph, tensor);
	assert_int_equal(info->rank, rank);
	assert_memory_equal(info->dim, dim, rank * sizeof(*dim));
}

static void conv_makes_the_extents_of_the_formula(void **state)
{
	struct tsr_conv_options options = TSR_OPTIONS(tsr_conv_options,
		.stride = { 2, 1 }, .dilation = { 1, 2 }, .pad = { 1, 0, 1, 3 });

	(void)state;
	ASSERT_SHAPE(tsr_graph_conv(graph, INPUT(TSR_FP32, 2, 3, 10, 12),
				    CONSTANT(TSR_FP32, 8, 3, 3, 3), TSR_NO_TENSOR, &options, NULL),
		     2, 8, 5, 11);
}

static void conv_counts_padding_in_its_macs(void **state)
{
	struct tsr_conv_options options = TSR_OPTIONS(tsr_conv_options, .pad = { 1, 1, 1, 1 });
	uint64_t before = tsr_graph_macs(graph);

	(void)state;
	ASSERT_SHAPE(tsr_graph_conv(graph, INPUT(TSR_FP32, 1, 2, 4, 4),
				    CONSTANT(TSR_FP32, 6, 2, 3, 3), TSR_NO_TENSOR, &options, NULL),
		     1, 6, 4, 4);
	assert_int_equal(tsr_graph_macs(graph) - before, 1 * 6 * 4 * 4 * 2 * 3 * 3);
}

static void conv_refuses_channels_that_do_not_fit(void **state)
{
	struct tsr_conv_options groups = TSR_OPTIONS(tsr_conv_options, .groups = 3);
	tsr_tensor x = INPUT(TSR_FP32, 1, 4, 8, 8);

	(void)state;
	assert_int_equal(tsr_graph_conv(graph, x, CONSTANT(TSR_FP32, 6, 3, 3, 3), TSR_NO_TENSOR,
					NULL, NULL), -EINVAL);
	assert_non_null(strstr(tsr_error(), "4 input channels"));
	assert_int_equal(tsr_graph_conv(graph, x, CONSTANT(TSR_FP32, 6, 1, 3, 3), TSR_NO_TENSOR,
					&groups, NULL), -EINVAL);
}

static void conv_refuses_a_window_larger_than_the_picture(void **state)
{
	(void)state;
	assert_int_equal(tsr_graph_conv(graph, INPUT(TSR_FP32, 1, 1, 4, 4),
					CONSTANT(TSR_FP32, 1, 1, 5, 5), TSR_NO_TENSOR, NULL, NULL),
			 -EINVAL);
	assert_non_null(strstr(tsr_error(), "does not fit"));
}

static void conv_refuses_operands_of_two_kinds(void **state)
{
	(void)state;
	assert_int_equal(tsr_graph_conv(graph, INPUT(TSR_FP32, 1, 1, 4, 4),
					CONSTANT(TSR_FP16, 1, 1, 1, 1), TSR_NO_TENSOR, NULL, NULL),
			 -EINVAL);
	assert_int_equal(tsr_graph_conv(graph, INPUT(TSR_INT8, 1, 1, 4, 4),
					CONSTANT(TSR_FP32, 1, 1, 1, 1), TSR_NO_TENSOR, NULL, NULL),
			 -EINVAL);
}

static void a_bias_has_one_value_per_channel_and_the_right_type(void **state)
{
	tsr_tensor x = INPUT(TSR_INT8, 1, 1, 4, 4), w = CONSTANT(TSR_INT8, 3, 1, 1, 1);

	(void)state;
	assert_int_equal(tsr_graph_conv(graph, x, w, CONSTANT(TSR_INT32, 4), NULL, NULL), -EINVAL);
	assert_int_equal(tsr_graph_conv(graph, x, w, CONSTANT(TSR_FP32, 3), NULL, NULL), -EINVAL);
	ASSERT_SHAPE(tsr_graph_conv(graph, x, w, CONSTANT(TSR_INT32, 3), NULL, NULL), 1, 3, 4, 4);
}

static void gemm_broadcasts_leading_extents(void **state)
{
	(void)state;
	ASSERT_SHAPE(tsr_graph_gemm(graph, INPUT(TSR_FP32, 5, 1, 3, 7),
				    INPUT(TSR_FP32, 1, 4, 7, 2), false, TSR_NO_TENSOR, NULL),
		     5, 4, 3, 2);
	ASSERT_SHAPE(tsr_graph_gemm(graph, INPUT(TSR_FP32, 6, 7), CONSTANT(TSR_FP32, 9, 7), true,
				    TSR_NO_TENSOR, NULL), 6, 9);
	ASSERT_SHAPE(tsr_graph_gemm(graph, INPUT(TSR_FP32, 1, 3, 7), CONSTANT(TSR_FP32, 7, 2),
				    false, TSR_NO_TENSOR, NULL), 1, 3, 2);
	ASSERT_SHAPE(tsr_graph_gemm(graph, INPUT(TSR_FP32, 5, 3, 7), CONSTANT(TSR_FP32, 7, 2),
				    false, TSR_NO_TENSOR, NULL), 5, 3, 2);
}

static void gemm_refuses_leading_extents_that_do_not_broadcast(void **state)
{
	(void)state;
	assert_int_equal(tsr_graph_gemm(graph, INPUT(TSR_FP32, 5, 3, 7), INPUT(TSR_FP32, 4, 7, 2),
					false, TSR_NO_TENSOR, NULL), -EINVAL);
	assert_non_null(strstr(tsr_error(), "5 and 4"));
}

static void bias_that_does_not_exist_is_refused(void **state)
{
	tsr_tensor a = INPUT(TSR_FP32, 6, 7), b = CONSTANT(TSR_FP32, 7, 9);

	(void)state;
	ASSERT_SHAPE(tsr_graph_gemm(graph, a, b, false, CONSTANT(TSR_FP32, 9), NULL), 6, 9);
	assert_int_equal(tsr_graph_gemm(graph, a, b, false, 1000, NULL), -EINVAL);
	assert_non_null(strstr(tsr_error(), "bias"));
	assert_int_equal(tsr_graph_gemm(graph, a, b, false, -2, NULL), -EINVAL);
}

static void gemm_refuses_inner_extents_that_differ(void **state)
{
	(void)state;
	assert_int_equal(tsr_graph_gemm(graph, INPUT(TSR_FP32, 6, 7), CONSTANT(TSR_FP32, 9, 7),
					false, TSR_NO_TENSOR, NULL), -EINVAL);
	assert_non_null(strstr(tsr_error(), "7 and 9"));
}

static void pool_without_a_kernel_takes_the_whole_picture(void **state)
{
	(void)state;
	ASSERT_SHAPE(tsr_graph_pool(graph, INPUT(TSR_FP32, 2, 3, 7, 5), TSR_POOL_MODE_AVERAGE,
				    NULL, NULL), 2, 3, 1, 1);
}

static void pool_refuses_padding_as_large_as_the_window(void **state)
{
	struct tsr_pool_options options = TSR_OPTIONS(tsr_pool_options, .kernel = { 2, 2 },
						      .pad = { 2, 0, 0, 0 });

	(void)state;
	assert_int_equal(tsr_graph_pool(graph, INPUT(TSR_FP32, 1, 1, 6, 6), TSR_POOL_MODE_MAX,
					&options, NULL), -EINVAL);
}

static void a_maximum_keeps_its_codes(void **state)
{
	struct tsr_quantization other = { TSR_INT8, 0.25f, 0 };

	(void)state;
	assert_int_equal(tsr_graph_pool(graph, INPUT(TSR_INT8, 1, 1, 6, 6), TSR_POOL_MODE_MAX,
					NULL, &other), -EINVAL);
}

static void binary_broadcasts_as_numpy(void **state)
{
	(void)state;
	ASSERT_SHAPE(tsr_graph_binary(graph, TSR_ADD, INPUT(TSR_FP32, 4, 1, 3),
				      INPUT(TSR_FP32, 2, 1), NULL), 4, 2, 3);
	assert_int_equal(tsr_graph_binary(graph, TSR_ADD, INPUT(TSR_FP32, 4, 3),
					  INPUT(TSR_FP32, 4), NULL), -EINVAL);
}

static void functions_are_unary_or_binary(void **state)
{
	tsr_tensor x = INPUT(TSR_FP32, 4);

	(void)state;
	assert_int_equal(tsr_graph_unary(graph, TSR_ADD, x, 0, 0, NULL), -EINVAL);
	assert_int_equal(tsr_graph_binary(graph, TSR_RELU, x, x, NULL), -EINVAL);
}

static void clip_refuses_bounds_out_of_order(void **state)
{
	(void)state;
	assert_int_equal(tsr_graph_unary(graph, TSR_CLIP, INPUT(TSR_FP32, 4), 1, 0, NULL), -EINVAL);
	assert_int_equal(tsr_graph_unary(graph, TSR_CLIP, INPUT(TSR_FP32, 4), NAN, 0, NULL),
			 -EINVAL);
}

static void reduce_makes_its_axes_one(void **state)
{
	(void)state;
	ASSERT_SHAPE(tsr_graph_reduce(graph, TSR_REDUCTION_MEAN, INPUT(TSR_FP32, 2, 3, 4), 5, NULL),
		     1, 3, 1);
	assert_int_equal(tsr_graph_reduce(graph, TSR_REDUCTION_SUM, INPUT(TSR_FP32, 2, 3), 4, NULL),
			 -EINVAL);
	assert_int_equal(tsr_graph_reduce(graph, TSR_REDUCTION_SUM, INPUT(TSR_FP32, 2, 3), 0, NULL),
			 -EINVAL);
}

static void softmax_keeps_the_shape(void **state)
{
	(void)state;
	ASSERT_SHAPE(tsr_graph_softmax(graph, INPUT(TSR_FP32, 2, 3, 4), 4, NULL), 2, 3, 4);
}

static void reshape_refuses_another_number_of_elements(void **state)
{
	tsr_tensor x = INPUT(TSR_FP32, 2, 6);

	(void)state;
	ASSERT_SHAPE(tsr_graph_reshape(graph, x, 3, SHAPE(3, 2, 2)), 3, 2, 2);
	assert_int_equal(tsr_graph_reshape(graph, x, 2, SHAPE(3, 5)), -EINVAL);
	assert_int_equal(tsr_graph_reshape(graph, x, 6, SHAPE(1, 1, 1, 1, 3, 4)), -EINVAL);
}

static void transpose_wants_a_permutation(void **state)
{
	tsr_tensor x = INPUT(TSR_FP32, 2, 3, 4);

	(void)state;
	ASSERT_SHAPE(tsr_graph_transpose(graph, x, (unsigned int[]){ 2, 0, 1 }), 4, 2, 3);
	assert_int_equal(tsr_graph_transpose(graph, x, (unsigned int[]){ 2, 2, 1 }), -EINVAL);
	assert_int_equal(tsr_graph_transpose(graph, x, (unsigned int[]){ 3, 0, 1 }), -EINVAL);
}

static void concat_adds_one_extent(void **state)
{
	tsr_tensor parts[] = { INPUT(TSR_FP32, 2, 3), INPUT(TSR_FP32, 2, 5) };

	(void)state;
	ASSERT_SHAPE(tsr_graph_concat(graph, parts, 2, 1, NULL), 2, 8);
	assert_int_equal(tsr_graph_concat(graph, parts, 2, 0, NULL), -EINVAL);
	assert_int_equal(tsr_graph_concat(graph, parts, 2, 2, NULL), -EINVAL);
	assert_int_equal(tsr_graph_concat(graph, parts, 0, 0, NULL), -EINVAL);
}

static void integers_need_a_scale(void **state)
{
	struct tsr_tensor_info info = describe(TSR_INT8, 1, SHAPE(4));
	struct tsr_quantization bad = { TSR_INT8, 0, 0 }, outside = { TSR_UINT8, 1, -1 };
	tsr_tensor x = INPUT(TSR_FP32, 4);

	(void)state;
	info.scale = 0;
	assert_int_equal(tsr_graph_input(graph, "x", &info), -EINVAL);
	info.scale = INFINITY;
	assert_int_equal(tsr_graph_input(graph, "x", &info), -EINVAL);
	assert_int_equal(tsr_graph_convert(graph, x, &bad), -EINVAL);
	assert_int_equal(tsr_graph_convert(graph, x, &outside), -EINVAL);
}

static void channel_scales_match_their_axis(void **state)
{
	struct tsr_tensor_info info = describe(TSR_INT8, 2, SHAPE(2, 3));
	const float scales[] = { 1, 2, 3 };
	const int8_t data[6] = { 0 };

	(void)state;
	info.scale = 0;
	info.scales = scales;
	info.scale_count = 3;
	info.scale_axis = 1;
	assert_true(tsr_graph_constant(graph, "w", &info, data, sizeof(data)) >= 0);
	info.scale_axis = 0;
	assert_int_equal(tsr_graph_constant(graph, "w", &info, data, sizeof(data)), -EINVAL);
}

static void a_constant_has_the_bytes_of_its_shape(void **state)
{
	struct tsr_tensor_info info = describe(TSR_FP32, 1, SHAPE(4));
	const float data[4] = { 0 };

	(void)state;
	assert_int_equal(tsr_graph_constant(graph, "c", &info, data, 12), -EINVAL);
	assert_non_null(strstr(tsr_error(), "12 bytes given"));
}

static void extents_and_ranks_have_limits(void **state)
{
	struct tsr_tensor_info info = describe(TSR_FP32, 1, SHAPE(0));

	(void)state;
	assert_int_equal(tsr_graph_input(graph, "x", &info), -EINVAL);
	info.dim[0] = (int64_t)1 << 31;
	assert_int_equal(tsr_graph_input(graph, "x", &info), -EINVAL);
	info.dim[0] = 1;
	info.rank = 0;
	assert_int_equal(tsr_graph_input(graph, "x", &info), -EINVAL);
	info.rank = 6;
	assert_int_equal(tsr_graph_input(graph, "x", &info), -EINVAL);
	info = describe(TSR_FP32, 3, SHAPE(INT32_MAX, INT32_MAX, INT32_MAX));
	assert_int_equal(tsr_graph_input(graph, "x", &info), -EINVAL);
}

static void numbers_of_no_tensor_are_refused(void **state)
{
	(void)state;
	assert_int_equal(tsr_graph_unary(graph, TSR_RELU, 100000, 0, 0, NULL), -EINVAL);
	assert_int_equal(tsr_graph_output(graph, "y", -5), -EINVAL);
	assert_null(tsr_graph_tensor_info(graph, TSR_NO_TENSOR));
	assert_int_equal(tsr_graph_rename(graph, 100000, "y"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conv_makes_the_extents_of_the_formula),
		cmocka_unit_test(conv_counts_padding_in_its_macs),
		cmocka_unit_test(conv_refuses_channels_that_do_not_fit),
		cmocka_unit_test(conv_refuses_a_window_larger_than_the_picture),
		cmocka_unit_test(conv_refuses_operands_of_two_kinds),
		cmocka_unit_test(a_bias_has_one_value_per_channel_and_the_right_type),
		cmocka_unit_test(gemm_broadcasts_leading_extents),
		cmocka_unit_test(gemm_refuses_leading_extents_that_do_not_broadcast),
		cmocka_unit_test(bias_that_does_not_exist_is_refused),
		cmocka_unit_test(gemm_refuses_inner_extents_that_differ),
		cmocka_unit_test(pool_without_a_kernel_takes_the_whole_picture),
		cmocka_unit_test(pool_refuses_padding_as_large_as_the_window),
		cmocka_unit_test(a_maximum_keeps_its_codes),
		cmocka_unit_test(binary_broadcasts_as_numpy),
		cmocka_unit_test(functions_are_unary_or_binary),
		cmocka_unit_test(clip_refuses_bounds_out_of_order),
		cmocka_unit_test(reduce_makes_its_axes_one),
		cmocka_unit_test(softmax_keeps_the_shape),
		cmocka_unit_test(reshape_refuses_another_number_of_elements),
		cmocka_unit_test(transpose_wants_a_permutation),
		cmocka_unit_test(concat_adds_one_extent),
		cmocka_unit_test(integers_need_a_scale),
		cmocka_unit_test(channel_scales_match_their_axis),
		cmocka_unit_test(a_constant_has_the_bytes_of_its_shape),
		cmocka_unit_test(extents_and_ranks_have_limits),
		cmocka_unit_test(numbers_of_no_tensor_are_refused),
	};

	return cmocka_run_group_tests(tests, make_graph, free_graph);
}
