// SPDX-License-Identifier: MIT
/* Random graphs: compiled, checked, executed in several orders, against the reference. */
#include "cmocka_prelude.h"

#include <stdio.h>

#include "../compiler/compiler.h"
#include "random.h"
#include "random_graph.h"
#include "sample.h"
#include "tile/sku.h"

#define GRAPHS		150
#define ORDERS		3
#define OPERATORS_MAX	24

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

static struct sample make_sample(enum tsr_type type, uint64_t seed)
{
	struct sample s = { .sku = sku };
	uint64_t random = seed;

	snprintf(s.name, sizeof(s.name), "%s seed %llu", tsr_type_name(type),
		 (unsigned long long)seed);
	s.graph = random_graph(type, 2 + (unsigned int)random_below(&random, OPERATORS_MAX),
			       &random);
	sample_make(&s, NULL, &random);
	return s;
}

static void check_graphs(enum tsr_type type, double tolerance)
{
	struct sample s;
	uint64_t seed;

	for (seed = 1; seed <= GRAPHS; seed++) {
		s = make_sample(type, seed);
		sample_check(&s, ORDERS, tolerance);
		sample_free(&s);
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
		s = make_sample(TSR_INT8, seed);
		assert_int_equal(tsr_compile_for(s.graph, sku_fuses(sku), NULL, &again), 0);
		data = tsr_program_data(s.program, &size);
		assert_memory_equal(data, tsr_program_data(again, &size_again), size);
		assert_int_equal(size, size_again);
		tsr_program_destroy(again);
		sample_free(&s);
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
