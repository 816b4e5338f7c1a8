// SPDX-License-Identifier: MIT
/*
 * Graphs generated from the compiler's table of fusions: every pair of producers, added in
 * both orders, followed by every chain of two of the consumers that the table knows, each
 * value on the way read once, read again, or an output. Run in any order against the
 * reference interpreter, which fuses nothing.
 */
#include "cmocka_prelude.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/compiler.h"
#include "random.h"
#include "sample.h"
#include "tile/sku.h"

#define ORDERS		1
#define OPERATORS	(TSR_OPERATOR_CONCAT + 1)
#define ELEMENTS_MAX	1024
#define NARROW_TOLERANCE 4e-3	/* of results in fp16 */

/* Types of a graph's sources and results, and the precision it is compiled for. */
struct variant {
	const char *name;
	enum tsr_type source;
	enum tsr_type result;
	enum tsr_type precision;
	double tolerance;	/* fusion leaves out roundings that the reference makes */
};

static const struct variant variants[] = {
	{ "fp32", TSR_FP32, TSR_FP32, 0, 1e-5 },
	{ "fp16", TSR_FP16, TSR_FP16, 0, NARROW_TOLERANCE },
	{ "bf16", TSR_BF16, TSR_BF16, 0, 5e-2 },
	{ "int8", TSR_INT8, TSR_INT8, 0, 0 },
	{ "int8 to fp32", TSR_INT8, TSR_FP32, 0, 1e-6 },
	{ "fp32 as fp16", TSR_FP32, TSR_FP32, TSR_FP16, 2 * NARROW_TOLERANCE },
};

#define VARIANTS	(sizeof(variants) / sizeof(variants[0]))

/* What else happens to a value besides its one consumer. */
enum tap { TAP_NONE, TAP_READER, TAP_OUTPUT, TAPS };

/* The values of a pattern: two producers, their join, two links of the chain behind it. */
enum value { FIRST, SECOND, JOIN, LINK1, LINK2, VALUES };

/* A consumer with one operand that matters: an operator, and for UNARY its function. */
struct link {
	enum tsr_operator op;
	enum tsr_function function;
};

#define NO_LINK		((struct link){ OPERATORS, 0 })
#define LINKS_MAX	16

struct pattern {
	const struct variant *variant;
	enum tsr_operator producer[2];
	bool swapped;
	enum tsr_function function;	/* of the join */
	struct link link[2];
	enum value tapped;
	enum tap tap;
};

struct draft {
	struct tsr_graph *graph;
	const struct variant *variant;
	uint64_t random;
};

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

static struct tsr_tensor_info describe(enum tsr_type type, int64_t n, int64_t c, int64_t h,
				       int64_t w)
{
	return (struct tsr_tensor_info){
		.type = type, .rank = 4, .dim = { n, c, h, w },
		.scale = type == TSR_INT8 ? 0.05f : 0,
	};
}

static tsr_tensor add_constant(struct draft *d, const struct tsr_tensor_info *info)
{
	uint8_t data[ELEMENTS_MAX * sizeof(float)];
	size_t count = tsr_info_elements(info), i;

	for (i = 0; i < count; i++) {
		float value = random_real(&d->random);
		uint32_t bits;

		memcpy(&bits, &value, sizeof(bits));
		if (info->type == TSR_FP32)
			((float *)data)[i] = value;
		else if (info->type == TSR_FP16)
			((_Float16 *)data)[i] = (_Float16)value;
		else if (info->type == TSR_BF16)
			((uint16_t *)data)[i] = (uint16_t)(bits >> 16);
		else
			((int8_t *)data)[i] = (int8_t)(value * 40);
	}
	return tsr_graph_constant(d->graph, "constant", info, data,
				  count * tsr_type_size(info->type));
}

static const struct tsr_tensor_info *info_of(const struct draft *d, tsr_tensor tensor)
{
	return tsr_graph_tensor_info(d->graph, tensor);
}

static struct tsr_quantization result(const struct draft *d)
{
	return (struct tsr_quantization){
		.type = d->variant->result,
		.scale = d->variant->result == TSR_INT8 ? 0.05f : 0,
	};
}

static tsr_tensor add_conv(struct draft *d, tsr_tensor x)
{
	struct tsr_tensor_info w = describe(info_of(d, x)->type, 4, 4, 1, 1);
	struct tsr_quantization out = result(d);

	return tsr_graph_conv(d->graph, x, add_constant(d, &w), TSR_NO_TENSOR, NULL, &out);
}

static tsr_tensor add_gemm(struct draft *d, tsr_tensor x)
{
	struct tsr_tensor_info w = describe(info_of(d, x)->type, 1, 1, 4, 4);
	struct tsr_quantization out = result(d);

	return tsr_graph_gemm(d->graph, x, add_constant(d, &w), false, TSR_NO_TENSOR, &out);
}

static tsr_tensor add_pool(struct draft *d, tsr_tensor x)
{
	const struct tsr_pool_options options =
		TSR_OPTIONS(tsr_pool_options, .kernel = { 3, 3 }, .pad = { 1, 1, 1, 1 });

	return tsr_graph_pool(d->graph, x, TSR_POOL_MODE_MAX, &options, NULL);
}

/* A function of one operand: the second is a constant that broadcasts. */
static tsr_tensor add_binary(struct draft *d, tsr_tensor x)
{
	struct tsr_tensor_info row = describe(info_of(d, x)->type, 1, 4, 1, 1);
	struct tsr_quantization out = result(d);

	return tsr_graph_binary(d->graph, TSR_ADD, x, add_constant(d, &row), &out);
}

/* To other codes; or from the source's type, or else to a neighbouring one. */
static tsr_tensor add_convert(struct draft *d, tsr_tensor x)
{
	struct tsr_quantization out = result(d);

	if (out.type == TSR_INT8)
		out.scale = 0.04f;
	else if (info_of(d, x)->type == out.type && d->variant->precision == 0)
		out.type = out.type == TSR_FP32 ? TSR_FP16 : TSR_FP32;
	return tsr_graph_convert(d->graph, x, &out);
}

/* One operator over @x, of shape 1, 4, 4, 4 unless it is what source_of() gave for it. */
static tsr_tensor add_operator(struct draft *d, struct link link, tsr_tensor x)
{
	static const unsigned int permutation[] = { 0, 1, 3, 2 };
	static const int64_t shape[] = { 1, 4, 4, 4 };
	struct tsr_quantization out = result(d);
	const tsr_tensor parts[] = { x, x };

	switch (link.op) {
	case TSR_OPERATOR_CONV:
		return add_conv(d, x);
	case TSR_OPERATOR_GEMM:
		return add_gemm(d, x);
	case TSR_OPERATOR_POOL:
		return add_pool(d, x);
	case TSR_OPERATOR_UNARY:
		return tsr_graph_unary(d->graph, link.function, x, -0.5f, 0.75f, NULL);
	case TSR_OPERATOR_BINARY:
		return add_binary(d, x);
	case TSR_OPERATOR_CONVERT:
		return add_convert(d, x);
	case TSR_OPERATOR_REDUCE:
		return tsr_graph_reduce(d->graph, TSR_REDUCTION_MAX, x, 1, NULL);
	case TSR_OPERATOR_SOFTMAX:
		return tsr_graph_softmax(d->graph, x, 1u << 3, NULL);
	case TSR_OPERATOR_RESHAPE:
		return tsr_graph_reshape(d->graph, x, 4, shape);
	case TSR_OPERATOR_TRANSPOSE:
		return tsr_graph_transpose(d->graph, x, permutation);
	case TSR_OPERATOR_CONCAT:
		return tsr_graph_concat(d->graph, parts, 2, 1, &out);
	}
	return -1;
}

static tsr_tensor source_of(struct draft *d, enum tsr_operator op)
{
	struct tsr_tensor_info info = describe(d->variant->source, 1, 4, 4, 4);

	if (op == TSR_OPERATOR_REDUCE)
		info.dim[0] = 3;
	if (op == TSR_OPERATOR_CONCAT)
		info.dim[1] = 2;
	if (op == TSR_OPERATOR_RESHAPE) {
		info.dim[1] = 2;
		info.dim[2] = 8;
	}
	return tsr_graph_input(d->graph, "x", &info);
}

/* Has the operator an exact or close result in the variant's types? */
static bool applies(const struct variant *variant, enum tsr_operator op)
{
	bool codes = variant->source == TSR_INT8;

	if (codes && op == TSR_OPERATOR_SOFTMAX)
		return false;
	return variant->source == variant->result || op == TSR_OPERATOR_CONV ||
	       op == TSR_OPERATOR_GEMM || op == TSR_OPERATOR_BINARY ||
	       op == TSR_OPERATOR_CONVERT;
}

static tsr_tensor add_producer(struct draft *d, enum tsr_operator op)
{
	struct link link = { op, TSR_NEG };

	return add_operator(d, link, source_of(d, op));
}

static void add_tap(struct draft *d, enum tap tap, tsr_tensor value)
{
	if (tap == TAP_READER)
		value = tsr_graph_unary(d->graph, TSR_NEG, value, 0, 0, NULL);
	assert_int_equal(tsr_graph_output(d->graph, "tap", value), 0);
}

static void add_join(struct draft *d, const struct pattern *p, tsr_tensor value[VALUES])
{
	struct tsr_quantization out = result(d);

	value[JOIN] = tsr_graph_binary(d->graph, p->function, value[p->swapped ? SECOND : FIRST],
				       value[p->swapped ? FIRST : SECOND], &out);
}

static tsr_tensor build(struct draft *d, const struct pattern *p)
{
	tsr_tensor value[VALUES], last;

	value[FIRST] = add_producer(d, p->producer[0]);
	value[SECOND] = add_producer(d, p->producer[1]);
	add_join(d, p, value);
	value[LINK1] = p->link[0].op == OPERATORS ? value[JOIN] :
		       add_operator(d, p->link[0], value[JOIN]);
	value[LINK2] = p->link[1].op == OPERATORS ? value[LINK1] :
		       add_operator(d, p->link[1], value[LINK1]);
	last = value[LINK2];
	if (p->tap != TAP_NONE)
		add_tap(d, p->tap, value[p->tapped]);
	return last;
}

static void name_pattern(const struct pattern *p, char *name, size_t size)
{
	snprintf(name, size, "%s: %s %s function %d%s, then %d/%d %d/%d, tap %d of %d",
		 p->variant->name, tsr_operator_name(p->producer[0]),
		 tsr_operator_name(p->producer[1]), p->function, p->swapped ? " swapped" : "",
		 p->link[0].op, p->link[0].function, p->link[1].op, p->link[1].function, p->tap,
		 p->tapped);
}

/* A chain through a conversion rounds to fp16 at least once, fused or not. */
static double tolerance_of(const struct pattern *p)
{
	bool narrow = p->link[0].op == TSR_OPERATOR_CONVERT ||
		      p->link[1].op == TSR_OPERATOR_CONVERT;

	if (narrow && p->variant->result == TSR_FP32)
		return fmax(p->variant->tolerance, NARROW_TOLERANCE);
	return p->variant->tolerance;
}

static void check(const struct pattern *p)
{
	const struct tsr_compile_options options =
		TSR_OPTIONS(tsr_compile_options, .precision = p->variant->precision);
	struct draft d = { .variant = p->variant, .random = 1 };
	struct sample s = { .sku = sku };
	tsr_tensor last;

	assert_int_equal(tsr_graph_create("pattern", &d.graph), 0);
	name_pattern(p, s.name, sizeof(s.name));
	last = build(&d, p);
	if (last < 0 || tsr_graph_output(d.graph, "y", last))
		fail_msg("%s: %s", s.name, tsr_error());
	s.graph = d.graph;
	sample_make(&s, &options, &d.random);
	sample_check(&s, ORDERS, tolerance_of(p));
	sample_free(&s);
}

/* All operators that some fusion lets a step begin with. */
static uint32_t fusing_producers(void)
{
	uint32_t producers = 0;
	size_t i;

	for (i = 0; i < TSR_FUSIONS; i++)
		producers |= tsr_fusions[i].producers;
	return producers;
}

/* All consumers of the table, of functions of one input two that fuse and one that does not. */
static size_t list_links(struct link *links)
{
	static const enum tsr_function functions[] = { TSR_RELU, TSR_CLIP, TSR_NEG };
	size_t count = 0, i, k;

	for (i = 0; i < TSR_FUSIONS; i++) {
		bool unary = tsr_fusions[i].consumer == TSR_OPERATOR_UNARY;

		for (k = 0; k < (unary ? 3 : 1); k++)
			links[count++] = (struct link){ tsr_fusions[i].consumer, functions[k] };
	}
	assert_in_range(count, 1, LINKS_MAX);
	return count;
}

/* Every value needed elsewhere, in each way. */
static void check_taps(struct pattern *p)
{
	for (p->tapped = FIRST; p->tapped < VALUES; p->tapped++)
		for (p->tap = TAP_READER; p->tap < TAPS; p->tap++)
			check(p);
	p->tap = TAP_NONE;
}

/* Taps stand where a chain begins; further links are followed without. */
static void check_chains(struct pattern *p)
{
	struct link links[LINKS_MAX];
	size_t count = list_links(links), i, k;

	p->link[0] = NO_LINK;
	p->link[1] = NO_LINK;
	check(p);
	check_taps(p);
	for (i = 0; i < count; i++) {
		p->link[0] = links[i];
		p->link[1] = NO_LINK;
		check_taps(p);
		check(p);
		for (k = 0; k < count; k++) {
			p->link[1] = links[k];
			check(p);
		}
	}
}

static void check_variant_chains(const struct variant *variant)
{
	struct pattern p = { .variant = variant, .function = TSR_ADD };
	unsigned int pair;

	for (pair = 0; pair < OPERATORS * OPERATORS; pair++) {
		p.producer[0] = pair / OPERATORS;
		p.producer[1] = pair % OPERATORS;
		if (!(fusing_producers() >> p.producer[0] & 1) ||
		    !(fusing_producers() >> p.producer[1] & 1))
			continue;
		p.swapped = false;
		check_chains(&p);
		p.swapped = true;
		check_chains(&p);
	}
}

/* Sums of what the table fuses, through all chains, with every value needed elsewhere. */
static void sums_of_fusing_producers_are_right(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < VARIANTS; i++)
		check_variant_chains(&variants[i]);
}

static void check_joins(struct pattern *p)
{
	static const enum tsr_function functions[] = {
		TSR_ADD, TSR_SUB, TSR_MUL, TSR_MIN, TSR_MAX,
	};
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		p->function = functions[i];
		check(p);
	}
	p->function = TSR_ADD;
	p->swapped = true;
	check(p);
	p->swapped = false;
	p->tapped = FIRST;
	for (p->tap = TAP_READER; p->tap < TAPS; p->tap++)
		check(p);
	p->tap = TAP_NONE;
}

/* Every pair of operators, joined by every function of two inputs and an activation. */
static void joins_of_all_producers_are_right(void **state)
{
	struct pattern p = { .link = { { TSR_OPERATOR_UNARY, TSR_RELU }, NO_LINK } };
	unsigned int pair;
	size_t i;

	(void)state;
	for (i = 0; i < VARIANTS; i++)
		for (pair = 0; pair < OPERATORS * OPERATORS; pair++) {
			p.variant = &variants[i];
			p.producer[0] = pair / OPERATORS;
			p.producer[1] = pair % OPERATORS;
			if (applies(p.variant, p.producer[0]) && applies(p.variant, p.producer[1]))
				check_joins(&p);
		}
}

/* Steps of fp32: a producer, and what it is told to take up. */
static size_t steps_of(enum tsr_operator producer, enum tsr_operator consumer)
{
	struct draft d = { .variant = &variants[0], .random = 1 };
	struct link link = { consumer, TSR_RELU };
	struct tsr_steps steps;
	tsr_tensor x, y;

	assert_int_equal(tsr_graph_create("pair", &d.graph), 0);
	x = add_producer(&d, producer);
	y = source_of(&d, TSR_OPERATOR_BINARY);
	y = consumer == TSR_OPERATOR_BINARY ? tsr_graph_binary(d.graph, TSR_ADD, x, y, NULL) :
					      add_operator(&d, link, x);
	assert_int_equal(tsr_graph_output(d.graph, "y", y), 0);
	assert_int_equal(tsr_fuse(d.graph, &steps), 0);
	free(steps.step);
	tsr_graph_destroy(d.graph);
	return steps.count;
}

static bool in_table(enum tsr_operator producer, enum tsr_operator consumer)
{
	size_t i;

	for (i = 0; i < TSR_FUSIONS; i++)
		if (tsr_fusions[i].producers >> producer & 1 && tsr_fusions[i].consumer == consumer)
			return true;
	return false;
}

static void what_is_in_the_table_is_fused_and_nothing_else(void **state)
{
	enum tsr_operator producer, consumer;

	(void)state;
	for (producer = 0; producer < OPERATORS; producer++)
		for (consumer = 0; consumer < OPERATORS; consumer++)
			if (steps_of(producer, consumer) != (in_table(producer, consumer) ? 1 : 2))
				fail_msg("%s with %s: %zu steps", tsr_operator_name(producer),
					 tsr_operator_name(consumer),
					 steps_of(producer, consumer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_the_table_is_fused_and_nothing_else),
		cmocka_unit_test(sums_of_fusing_producers_are_right),
		cmocka_unit_test(joins_of_all_producers_are_right),
	};

	return cmocka_run_group_tests(tests, load_sku, free_sku);
}
