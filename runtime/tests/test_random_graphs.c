// SPDX-License-Identifier: MIT
/* Random graphs: compiled, checked, executed in several orders, against the reference. */
#include "cmocka_prelude.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/compiler.h"
#include "../reference/element.h"
#include "../reference/reference.h"
#include "executor.h"
#include "program_check.h"
#include "random.h"
#include "random_graph.h"
#include "tile/sku.h"

#define GRAPHS		150
#define ORDERS		3
#define ARGUMENTS	8
#define OPERATORS_MAX	24

struct sample {
	struct tsr_graph *graph;
	struct tsr_program *program;
	void *input[ARGUMENTS];
	void *output[ARGUMENTS];
	void *expected[ARGUMENTS];
	size_t inputs;
	size_t outputs;
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

static void *make_input(const struct tsr_argument *argument, uint64_t *random)
{
	struct array array = {
		.info = &argument->info, .data = malloc(argument->size),
		.count = argument->size / tsr_type_size(argument->info.type),
	};
	size_t i;

	for (i = 0; i < array.count; i++)
		array_store(&array, i, random_real(random) * 3);
	return array.data;
}

static void make_sample(struct sample *s, enum tsr_type type, uint64_t seed)
{
	uint64_t random = seed;
	char error[256];
	size_t i;

	memset(s, 0, sizeof(*s));
	s->graph = random_graph(type, 2 + (unsigned int)random_below(&random, OPERATORS_MAX),
				&random);
	assert_non_null(s->graph);
	if (tsr_compile_for(s->graph, sku_fuses(sku), NULL, &s->program))
		fail_msg("seed %llu: %s", (unsigned long long)seed, tsr_error());
	if (program_check(s->program, sku, error, sizeof(error)))
		fail_msg("seed %llu: %s", (unsigned long long)seed, error);
	s->inputs = tsr_program_inputs(s->program);
	s->outputs = tsr_program_outputs(s->program);
	for (i = 0; i < s->inputs; i++)
		s->input[i] = make_input(tsr_program_input(s->program, i), &random);
	for (i = 0; i < s->outputs; i++) {
		s->output[i] = calloc(1, tsr_program_output(s->program, i)->size);
		s->expected[i] = calloc(1, tsr_program_output(s->program, i)->size);
	}
}

static void free_sample(struct sample *s)
{
	size_t i;

	for (i = 0; i < ARGUMENTS; i++) {
		free(s->input[i]);
		free(s->output[i]);
		free(s->expected[i]);
	}
	tsr_program_destroy(s->program);
	tsr_graph_destroy(s->graph);
}

static void run(struct sample *s, uint64_t order, uint64_t seed)
{
	struct execution execution = {
		.sku = sku, .program = s->program, .input = (const void *const *)s->input,
		.output = s->output, .repeat = 1, .seed = order,
	};

	if (!execute(&execution))
		fail_msg("seed %llu, order %llu: %s", (unsigned long long)seed,
			 (unsigned long long)order, execution.error);
}

static void compare(const struct tsr_argument *argument, void *got, void *expected,
		    double tolerance, uint64_t seed)
{
	struct array a = { &argument->info, got, 0 }, b = { &argument->info, expected, 0 };
	size_t count = argument->size / tsr_type_size(argument->info.type), i;
	double magnitude = 0.1;

	for (i = 0; i < count; i++)
		magnitude = fmax(magnitude, fabs((double)array_real(&b, i)));
	for (i = 0; i < count; i++) {
		double x = (double)array_real(&a, i), y = (double)array_real(&b, i);

		if (!(fabs(x - y) <= tolerance * magnitude))
			fail_msg("seed %llu, %s[%zu]: %g, the reference says %g",
				 (unsigned long long)seed, argument->name, i, x, y);
	}
}

static void check_graphs(enum tsr_type type, double tolerance)
{
	struct sample s;
	uint64_t seed, order;
	size_t i;

	for (seed = 1; seed <= GRAPHS; seed++) {
		make_sample(&s, type, seed);
		assert_int_equal(tsr_reference_run(s.graph, (const void *const *)s.input,
						   s.expected), 0);
		for (order = 0; order < ORDERS; order++) {
			run(&s, order, seed);
			for (i = 0; i < s.outputs; i++)
				compare(tsr_program_output(s.program, i), s.output[i],
					s.expected[i], tolerance, seed);
		}
		free_sample(&s);
	}
}

static void integer_graphs_are_exact(void **state)
{
	(void)state;
	check_graphs(TSR_INT8, 0);
}

static void fp32_graphs_are_close(void **state)
{
	(void)state;
	check_graphs(TSR_FP32, 1e-4);
}

/* Fusion leaves out roundings that the reference makes. */
static void fp16_graphs_are_close(void **state)
{
	(void)state;
	check_graphs(TSR_FP16, 3e-2);
}

static void bf16_graphs_are_close(void **state)
{
	(void)state;
	check_graphs(TSR_BF16, 2e-1);
}

/* Compiling twice gives the same bytes. */
static void compilation_is_deterministic(void **state)
{
	struct tsr_program *again;
	size_t size, size_again;
	const void *data;
	struct sample s;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= GRAPHS; seed++) {
		make_sample(&s, TSR_INT8, seed);
		assert_int_equal(tsr_compile_for(s.graph, sku_fuses(sku), NULL, &again), 0);
		data = tsr_program_data(s.program, &size);
		assert_memory_equal(data, tsr_program_data(again, &size_again), size);
		assert_int_equal(size, size_again);
		tsr_program_destroy(again);
		free_sample(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integer_graphs_are_exact),
		cmocka_unit_test(fp32_graphs_are_close),
		cmocka_unit_test(fp16_graphs_are_close),
		cmocka_unit_test(bf16_graphs_are_close),
		cmocka_unit_test(compilation_is_deterministic),
	};

	return cmocka_run_group_tests(tests, load_sku, free_sku);
}
