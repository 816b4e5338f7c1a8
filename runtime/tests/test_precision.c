// SPDX-License-Identifier: MIT
/* Constants in fp16 and bf16, and what a program tells of those that do not fit. */
#include "cmocka_prelude.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/narrow.h"
#include "../reference/element.h"
#include "tile/sku.h"

static struct sku *sku;
static struct tsr_graph *graph;
static struct tsr_program *program;

static int load_sku(void **state)
{
	char error[256];

	(void)state;
	return sku_load(TESTS_SKU, &sku, error, sizeof(error));
}

static int free_sku(void **state)
{
	(void)state;
	sku_free(sku);
	return 0;
}

static int make_graph(void **state)
{
	(void)state;
	program = NULL;
	return tsr_graph_create("test", &graph);
}

static int free_graph(void **state)
{
	(void)state;
	tsr_program_destroy(program);
	tsr_graph_destroy(graph);
	return 0;
}

static float real(enum tsr_type type, uint16_t code)
{
	struct tsr_tensor_info info = { .type = type, .rank = 1, .dim = { 1 } };
	struct array array = { &info, &code, 1 };

	return array_real(&array, 0);
}

struct example {
	float value;
	uint16_t code;
	uint64_t overflows;
	uint64_t underflows;
};

static void check_examples(enum tsr_type type, const struct example *e, size_t count)
{
	struct tsr_loss loss;
	uint16_t code;
	size_t i;

	for (i = 0; i < count; i++) {
		loss = (struct tsr_loss){ 0 };
		tsr_narrow(type, &e[i].value, &code, 1, &loss);
		if (code != e[i].code || loss.overflows != e[i].overflows ||
		    loss.underflows != e[i].underflows)
			fail_msg("%a: code %#x, %llu overflows, %llu underflows",
				 (double)e[i].value, code, (unsigned long long)loss.overflows,
				 (unsigned long long)loss.underflows);
	}
}

static void fp16_keeps_sign_finiteness_and_being_zero(void **state)
{
	static const struct example examples[] = {
		{ 65504, 0x7bff, 0, 0 }, { 0x1.ffdffep15f, 0x7bff, 0, 0 },
		{ 65520, 0x7bff, 1, 0 }, { -65520, 0xfbff, 1, 0 }, { 1e5f, 0x7bff, 1, 0 },
		{ FLT_MAX, 0x7bff, 1, 0 }, { -FLT_MAX, 0xfbff, 1, 0 },
		{ INFINITY, 0x7c00, 0, 0 }, { -INFINITY, 0xfc00, 0, 0 },
		{ 0, 0, 0, 0 }, { -0.0f, 0x8000, 0, 0 }, { 0x1p-24f, 1, 0, 0 },
		{ 0x1.000002p-25f, 1, 0, 0 }, { 0x1p-25f, 1, 0, 1 }, { -0x1p-25f, 0x8001, 0, 1 },
		{ 1e-12f, 1, 0, 1 }, { 0x1p-149f, 1, 0, 1 }, { 0x1.8p-24f, 2, 0, 0 },
	};

	(void)state;
	check_examples(TSR_FP16, examples, sizeof(examples) / sizeof(examples[0]));
}

static void bf16_keeps_sign_finiteness_and_being_zero(void **state)
{
	static const struct example examples[] = {
		{ FLT_MAX, 0x7f7f, 1, 0 }, { -FLT_MAX, 0xff7f, 1, 0 },
		{ 0x1.fep127f, 0x7f7f, 0, 0 }, { 0x1.fefffep127f, 0x7f7f, 0, 0 },
		{ 0x1.ffp127f, 0x7f7f, 1, 0 }, { 1e5f, 0x47c3, 0, 0 },
		{ INFINITY, 0x7f80, 0, 0 }, { -INFINITY, 0xff80, 0, 0 },
		{ 0, 0, 0, 0 }, { -0.0f, 0x8000, 0, 0 }, { 0x1p-133f, 1, 0, 0 },
		{ 0x1p-134f, 1, 0, 1 }, { -0x1p-149f, 0x8001, 0, 1 },
	};

	(void)state;
	check_examples(TSR_BF16, examples, sizeof(examples) / sizeof(examples[0]));
}

static void a_nan_stays_one(void **state)
{
	const float values[] = { NAN, -NAN };
	struct tsr_loss loss = { 0 };
	uint16_t codes[2];

	(void)state;
	tsr_narrow(TSR_FP16, values, codes, 2, &loss);
	assert_true(isnan(real(TSR_FP16, codes[0])) && isnan(real(TSR_FP16, codes[1])));
	tsr_narrow(TSR_BF16, values, codes, 2, &loss);
	assert_true(isnan(real(TSR_BF16, codes[0])) && isnan(real(TSR_BF16, codes[1])));
	assert_int_equal(loss.overflows + loss.underflows, 0);
}

static void every_value_of_a_type_is_itself(void **state)
{
	static const enum tsr_type types[] = { TSR_FP16, TSR_BF16 };
	struct tsr_loss loss = { 0 };
	uint32_t code, t;
	uint16_t result;
	float value;

	(void)state;
	for (t = 0; t < 2; t++)
		for (code = 0; code <= UINT16_MAX; code++) {
			value = real(types[t], (uint16_t)code);
			tsr_narrow(types[t], &value, &result, 1, &loss);
			if (!isnan(value))
				assert_int_equal(result, code);
		}
	assert_int_equal(loss.overflows + loss.underflows, 0);
}

static const int64_t square[] = { 2, 2 };

static tsr_tensor add_input(void)
{
	struct tsr_tensor_info info = { .type = TSR_FP32, .rank = 2, .dim = { 2, 2 } };

	return tsr_graph_input(graph, "x", &info);
}

static tsr_tensor add_constant(const char *name, float a, float b, float c, float d)
{
	struct tsr_tensor_info info = { .type = TSR_FP32, .rank = 2, .dim = { 2, 2 } };
	const float data[] = { a, b, c, d };

	return tsr_graph_constant(graph, name, &info, data, sizeof(data));
}

static void compile(tsr_tensor output, enum tsr_type precision)
{
	const struct tsr_compile_options options =
		TSR_OPTIONS(tsr_compile_options, .precision = precision);

	assert_int_equal(tsr_graph_output(graph, "y", output), 0);
	if (tsr_compile_for(graph, sku_fuses(sku), &options, &program))
		fail_msg("%s", tsr_error());
}

static void assert_loss(size_t i, const char *constant, const char *op, uint64_t overflows,
			uint64_t underflows)
{
	const struct tsr_range_loss *loss = tsr_program_range_loss(program, i);

	assert_non_null(loss);
	assert_string_equal(loss->constant, constant);
	assert_string_equal(tsr_program_node(program, loss->node)->op, op);
	assert_int_equal(loss->values, 4);
	assert_int_equal(loss->overflows, overflows);
	assert_int_equal(loss->underflows, underflows);
}

static tsr_tensor add_product(tsr_tensor x, tsr_tensor w)
{
	return tsr_graph_gemm(graph, x, w, false, TSR_NO_TENSOR, NULL);
}

static tsr_tensor add_sum(tsr_tensor x, tsr_tensor y)
{
	return tsr_graph_binary(graph, TSR_ADD, x, y, NULL);
}

static void a_program_tells_which_nodes_read_what_does_not_fit(void **state)
{
	tsr_tensor x = add_input();

	(void)state;
	x = add_product(x, add_constant("weights", 1e5f, -1e5f, 1, 1e-9f));
	x = add_sum(x, add_constant("fits", 1, 2, 3, 0));
	compile(add_sum(x, add_constant("mask", -FLT_MAX, 0, 0, -INFINITY)), TSR_FP16);
	assert_int_equal(tsr_program_range_losses(program), 2);
	assert_loss(0, "weights", "gemm+add", 2, 1);
	assert_loss(1, "mask", "binary", 1, 0);
	assert_int_equal(tsr_program_range_loss(program, 0)->type, TSR_FP16);
	assert_null(tsr_program_range_loss(program, 2));
}

static void a_constant_read_through_a_view_or_fused_is_told_of_its_reader(void **state)
{
	tsr_tensor x = add_input(), w = add_constant("w", 1e5f, 1, 1, 1), t, y;

	(void)state;
	t = tsr_graph_transpose(graph, w, (unsigned int[]){ 1, 0 });
	y = add_sum(add_product(x, t), w);
	compile(tsr_graph_reshape(graph, y, 2, square), TSR_FP16);
	assert_int_equal(tsr_program_range_losses(program), 1);
	assert_loss(0, "w", "gemm+add", 1, 0);
}

static void a_constant_of_two_nodes_is_told_of_both(void **state)
{
	tsr_tensor x = add_input(), w = add_constant("w", 1e5f, 1, 1, 1), y;

	(void)state;
	y = tsr_graph_unary(graph, TSR_TANH, add_product(x, w), 0, 0, NULL);
	compile(add_product(y, w), TSR_FP16);
	assert_int_equal(tsr_program_range_losses(program), 2);
	assert_loss(0, "w", "gemm", 1, 0);
	assert_loss(1, "w", "gemm", 1, 0);
	assert_true(tsr_program_range_loss(program, 0)->node <
		    tsr_program_range_loss(program, 1)->node);
}

static void a_constant_on_the_left_is_told(void **state)
{
	tsr_tensor x = add_input();

	(void)state;
	compile(add_sum(add_constant("left", 1e5f, 1, 1, 1), x), TSR_FP16);
	assert_int_equal(tsr_program_range_losses(program), 1);
	assert_loss(0, "left", "binary", 1, 0);
}

static void what_fits_is_not_told(void **state)
{
	tsr_tensor x = add_input();

	(void)state;
	compile(add_sum(x, add_constant("c", 1e5f, -1e5f, 1e-9f, 0)), TSR_BF16);
	assert_int_equal(tsr_program_range_losses(program), 0);
}

static void in_fp32_nothing_is_lost(void **state)
{
	tsr_tensor x = add_input();

	(void)state;
	compile(add_sum(x, add_constant("c", FLT_MAX, -FLT_MAX, 0x1p-149f, 0)), 0);
	assert_int_equal(tsr_program_range_losses(program), 0);
}

static enum tsr_type type_of(size_t node)
{
	return tsr_program_node(program, node)->type;
}

/* What is in the narrow type already is taken as it is. */
static void narrow_tensors_are_not_converted(void **state)
{
	struct tsr_tensor_info info = { .type = TSR_FP16, .rank = 2, .dim = { 2, 2 } };
	const _Float16 data[] = { 1, 2, 3, 4 };
	tsr_tensor c = tsr_graph_constant(graph, "c", &info, data, sizeof(data));

	(void)state;
	compile(tsr_graph_unary(graph, TSR_TANH, add_sum(tsr_graph_input(graph, "x", &info), c),
				0, 0, NULL), TSR_FP16);
	assert_int_equal(tsr_program_nodes(program), 2);
	assert_int_equal(type_of(0), TSR_FP16);
}

/* Numbers become codes, codes become numbers, in fp32: no rounding to fp16 before it. */
static void conversions_to_and_from_codes_stay_wide(void **state)
{
	const struct tsr_quantization codes = { TSR_INT8, 0.5f, 3 }, real = { .type = TSR_FP32 };
	tsr_tensor x;

	(void)state;
	x = tsr_graph_convert(graph, add_input(), &codes);
	x = tsr_graph_unary(graph, TSR_ABS, x, 0, 0, NULL);
	compile(tsr_graph_convert(graph, x, &real), TSR_FP16);
	assert_int_equal(tsr_program_nodes(program), 3);
	assert_int_equal(type_of(0), TSR_FP32);
	assert_int_equal(type_of(1), TSR_INT8);
	assert_int_equal(type_of(2), TSR_INT8);
	assert_int_equal(tsr_program_output(program, 0)->info.type, TSR_FP32);
}

static void outputs_of_codes_keep_scale_and_zero_point(void **state)
{
	const struct tsr_quantization codes = { TSR_INT8, 0.5f, 3 };

	(void)state;
	compile(tsr_graph_convert(graph, add_input(), &codes), TSR_FP16);
	assert_int_equal(tsr_program_output(program, 0)->info.zero_point, 3);
	assert_float_equal(tsr_program_output(program, 0)->info.scale, 0.5f, 0);
}

static void only_floating_point_types_are_precisions(void **state)
{
	const struct tsr_compile_options options =
		TSR_OPTIONS(tsr_compile_options, .precision = TSR_INT8);

	(void)state;
	assert_int_equal(tsr_graph_output(graph, "y", add_sum(add_input(), add_input())), 0);
	assert_int_equal(tsr_compile_for(graph, sku_fuses(sku), &options, &program), -EINVAL);
	assert_non_null(strstr(tsr_error(), "not int8"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_graph, free_graph)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fp16_keeps_sign_finiteness_and_being_zero),
		cmocka_unit_test(bf16_keeps_sign_finiteness_and_being_zero),
		cmocka_unit_test(a_nan_stays_one),
		cmocka_unit_test(every_value_of_a_type_is_itself),
		CASE(a_program_tells_which_nodes_read_what_does_not_fit),
		CASE(a_constant_read_through_a_view_or_fused_is_told_of_its_reader),
		CASE(a_constant_of_two_nodes_is_told_of_both),
		CASE(a_constant_on_the_left_is_told),
		CASE(what_fits_is_not_told),
		CASE(in_fp32_nothing_is_lost),
		CASE(narrow_tensors_are_not_converted),
		CASE(conversions_to_and_from_codes_stay_wide),
		CASE(outputs_of_codes_keep_scale_and_zero_point),
		CASE(only_floating_point_types_are_precisions),
	};

	return cmocka_run_group_tests(tests, load_sku, free_sku);
}
