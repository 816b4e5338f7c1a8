// SPDX-License-Identifier: MIT
/*
 * Not-a-number, infinities and signed zeros: compiled programs give what the reference
 * interpreter gives, and that is what the hardware manual says.
 */
#include "cmocka_prelude.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../compiler/compiler.h"
#include "../reference/element.h"
#include "random.h"
#include "sample.h"
#include "tile/sku.h"

/* Exact in every floating-point type. */
static const float specials[] = { NAN, -INFINITY, -2, -0.0f, 0, 0x1p-24f, 2, INFINITY };

#define SPECIALS	(sizeof(specials) / sizeof(specials[0]))
#define PAIRS		(SPECIALS * SPECIALS)

static const enum tsr_type types[] = { TSR_FP32, TSR_FP16, TSR_BF16 };

#define TYPES		(sizeof(types) / sizeof(types[0]))

static struct sku *sku;

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

/* A graph with two inputs of PAIRS elements, shaped as pictures of one column. */
static void start(struct sample *s, enum tsr_type type, const char *name, tsr_tensor x[2])
{
	struct tsr_tensor_info info = {
		.type = type, .rank = 4, .dim = { 1, 1, PAIRS / 2, 2 },
	};

	memset(s, 0, sizeof(*s));
	s->sku = sku;
	snprintf(s->name, sizeof(s->name), "%s of type %d", name, type);
	assert_int_equal(tsr_graph_create("special", &s->graph), 0);
	x[0] = tsr_graph_input(s->graph, "a", &info);
	x[1] = tsr_graph_input(s->graph, "b", &info);
}

static void output(struct sample *s, const char *name, tsr_tensor tensor)
{
	if (tensor < 0 || tsr_graph_output(s->graph, name, tensor))
		fail_msg("%s: %s", name, tsr_error());
}

static void check(struct sample *s, double tolerance)
{
	uint64_t random = 1;

	sample_make(s, NULL, &random);
	sample_set_pairs(s, specials, SPECIALS);
	sample_check_special(s, tolerance);
}

static void finish(struct sample *s, double tolerance)
{
	check(s, tolerance);
	sample_free(s);
}

/* Alone, and with the activations that the compiler puts into the same command. */
static void binary_functions_and_their_activations(void **state)
{
	struct sample s;
	tsr_tensor x[2], y;
	unsigned int function;
	size_t type;

	(void)state;
	for (type = 0; type < TYPES; type++)
		for (function = TSR_ADD; function <= TSR_MAX; function++) {
			start(&s, types[type], "binary", x);
			y = tsr_graph_binary(s.graph, function, x[0], x[1], NULL);
			output(&s, "plain", y);
			y = tsr_graph_binary(s.graph, function, x[0], x[1], NULL);
			output(&s, "relu",
			       tsr_graph_unary(s.graph, TSR_RELU, y, 0, 0, NULL));
			y = tsr_graph_binary(s.graph, function, x[0], x[1], NULL);
			output(&s, "clip",
			       tsr_graph_unary(s.graph, TSR_CLIP, y, -1, 1, NULL));
			finish(&s, 0);
		}
}

static void unary_functions(void **state)
{
	static const struct { enum tsr_function function; float alpha, beta; } all[] = {
		{ TSR_RELU, 0, 0 }, { TSR_CLIP, -1, 1 }, { TSR_CLIP, 0, 1 },
		{ TSR_CLIP, -1, -0.0f }, { TSR_CLIP, -INFINITY, INFINITY }, { TSR_SIGMOID, 0, 0 },
		{ TSR_TANH, 0, 0 }, { TSR_EXP, 0, 0 }, { TSR_SQRT, 0, 0 }, { TSR_NEG, 0, 0 },
		{ TSR_ABS, 0, 0 }, { TSR_LEAKY_RELU, 0.5f, 0 },
		{ TSR_HARD_SIGMOID, 0.25f, 0.5f }, { TSR_ERF, 0, 0 },
	};
	struct sample s;
	tsr_tensor x[2];
	size_t type, i;

	(void)state;
	for (type = 0; type < TYPES; type++)
		for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
			start(&s, types[type], "unary", x);
			output(&s, "y", tsr_graph_unary(s.graph, all[i].function, x[0],
							all[i].alpha, all[i].beta, NULL));
			output(&s, "z", tsr_graph_unary(s.graph, all[i].function, x[1],
							all[i].alpha, all[i].beta, NULL));
			/* The functions of the library may differ in a unit of fp32. */
			finish(&s, types[type] == TSR_FP32 ? 1e-6 : 1e-2);
		}
}

/* Pairs stand side by side when both inputs are laid on each other. */
static tsr_tensor side_by_side(struct sample *s, const tsr_tensor x[2])
{
	const int64_t columns[] = { 1, 1, PAIRS, 1 };
	const tsr_tensor parts[] = {
		tsr_graph_reshape(s->graph, x[0], 4, columns),
		tsr_graph_reshape(s->graph, x[1], 4, columns),
	};

	return tsr_graph_concat(s->graph, parts, 2, 3, NULL);
}

static void reductions_and_softmax(void **state)
{
	struct sample s;
	tsr_tensor x[2], pairs;
	unsigned int reduction;
	size_t type;

	(void)state;
	for (type = 0; type < TYPES; type++) {
		start(&s, types[type], "reduction", x);
		pairs = side_by_side(&s, x);
		for (reduction = TSR_REDUCTION_SUM; reduction <= TSR_REDUCTION_MIN; reduction++) {
			char name[8];

			snprintf(name, sizeof(name), "r%u", reduction);
			output(&s, name, tsr_graph_reduce(s.graph, reduction, pairs, 1u << 3,
							  NULL));
		}
		output(&s, "softmax", tsr_graph_softmax(s.graph, pairs, 1u << 3, NULL));
		finish(&s, types[type] == TSR_FP32 ? 1e-6 : 1e-2);
	}
}

static void pools(void **state)
{
	const struct tsr_pool_options options = TSR_OPTIONS(tsr_pool_options,
		.kernel = { 1, 2 }, .stride = { 1, 2 });
	struct sample s;
	tsr_tensor x[2], pairs;
	size_t type;

	(void)state;
	for (type = 0; type < TYPES; type++) {
		start(&s, types[type], "pool", x);
		pairs = side_by_side(&s, x);
		output(&s, "max", tsr_graph_pool(s.graph, pairs, TSR_POOL_MODE_MAX, &options,
						 NULL));
		output(&s, "average", tsr_graph_pool(s.graph, pairs, TSR_POOL_MODE_AVERAGE,
						     &options, NULL));
		output(&s, "padded", tsr_graph_pool(s.graph, pairs,
						    TSR_POOL_MODE_AVERAGE_PADDED, &options,
						    NULL));
		finish(&s, 0);
	}
}

/* Taps of a dilated kernel on both sides of a picture. */
static void windows_in_the_padding(void **state)
{
	const struct tsr_pool_options options = TSR_OPTIONS(tsr_pool_options,
		.kernel = { 1, 2 }, .stride = { 1, 1 }, .dilation = { 1, 3 },
		.pad = { 0, 1, 0, 2 });
	struct sample s;
	tsr_tensor x[2], pixels;
	size_t type;

	(void)state;
	for (type = 0; type < TYPES; type++) {
		const int64_t column[] = { 1, 1, PAIRS, 1 };

		start(&s, types[type], "padding", x);
		pixels = tsr_graph_reshape(s.graph, x[0], 4, column);
		output(&s, "max", tsr_graph_pool(s.graph, pixels, TSR_POOL_MODE_MAX, &options,
						 NULL));
		output(&s, "average", tsr_graph_pool(s.graph, pixels, TSR_POOL_MODE_AVERAGE,
						     &options, NULL));
		output(&s, "other", x[1]);
		check(&s, 0);
		for (size_t i = 0; i < PAIRS; i++) {
			struct array max = { &tsr_program_output(s.program, 0)->info,
					     s.expected[0], PAIRS };
			struct array average = { &tsr_program_output(s.program, 1)->info,
						 s.expected[1], PAIRS };

			assert_true(array_real(&max, i) == -INFINITY);
			assert_true(array_real(&average, i) == 0);
		}
		sample_free(&s);
	}
}

static void conversions(void **state)
{
	static const struct tsr_quantization to[] = {
		{ .type = TSR_FP32 }, { .type = TSR_FP16 }, { .type = TSR_BF16 },
		{ .type = TSR_INT8, .scale = 0.5f, .zero_point = -3 },
		{ .type = TSR_UINT8, .scale = 0.5f, .zero_point = 7 },
	};
	struct sample s;
	tsr_tensor x[2];
	size_t type, i;

	(void)state;
	for (type = 0; type < TYPES; type++)
		for (i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
			start(&s, types[type], "conversion", x);
			output(&s, "y", tsr_graph_convert(s.graph, x[0], &to[i]));
			output(&s, "z", tsr_graph_convert(s.graph, x[1], &to[i]));
			finish(&s, 0);
		}
}

/* [PAIRS, 1] x [1, 1]: a product without a sum, then what the epilogue makes of it. */
static void products(void **state)
{
	struct sample s;
	tsr_tensor x[2], a, product;
	size_t type;

	(void)state;
	for (type = 0; type < TYPES; type++) {
		const int64_t rows[] = { PAIRS, 1 };
		struct tsr_tensor_info one = { .type = types[type], .rank = 2, .dim = { 1, 1 } };
		uint32_t data = 0;
		struct array array = { &one, &data, 1 };
		tsr_tensor weight;

		start(&s, types[type], "product", x);
		array_store(&array, 0, 1);
		weight = tsr_graph_constant(s.graph, "one", &one, &data,
					    tsr_type_size(types[type]));
		a = tsr_graph_reshape(s.graph, x[0], 2, rows);
		product = tsr_graph_gemm(s.graph, a, weight, false, TSR_NO_TENSOR, NULL);
		output(&s, "relu", tsr_graph_unary(s.graph, TSR_RELU, product, 0, 0, NULL));
		product = tsr_graph_gemm(s.graph, a, weight, false, TSR_NO_TENSOR, NULL);
		product = tsr_graph_binary(s.graph, TSR_ADD, product,
					   tsr_graph_reshape(s.graph, x[1], 2, rows), NULL);
		output(&s, "clip", tsr_graph_unary(s.graph, TSR_CLIP, product, 1, 1.5f, NULL));
		finish(&s, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binary_functions_and_their_activations),
		cmocka_unit_test(unary_functions),
		cmocka_unit_test(reductions_and_softmax),
		cmocka_unit_test(pools),
		cmocka_unit_test(windows_in_the_padding),
		cmocka_unit_test(conversions),
		cmocka_unit_test(products),
	};

	return cmocka_run_group_tests(tests, load_sku, free_sku);
}
