/* SPDX-License-Identifier: MIT */
/*
 * Every command, kind of types, rank and layout, again and again until there are as many cases
 * as the first argument says; a second one names the only command. A case is known by its
 * number: it has a seed of its own.
 */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "breadth.h"
#include "products.h"

static const struct breadth_command *const commands[] = {
	&breadth_attention,
	&breadth_compact,
	&breadth_conv,
	&breadth_copy,
	&breadth_fill,
	&breadth_gather_axis,
	&breadth_gather_element,
	&breadth_gather_nd,
	&breadth_gemm,
	&breadth_move,
	&breadth_normalize,
	&breadth_pool,
	&breadth_reduce,
	&breadth_resample,
	&breadth_sample,
	&breadth_scan,
	&breadth_scatter_axis,
	&breadth_scatter_element,
	&breadth_scatter_nd,
	&breadth_sort,
	&breadth_suppress,
	&breadth_vector,
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static const unsigned int layouts[] = {
	LAYOUT_DENSE, LAYOUT_GAPS, LAYOUT_SHUFFLED, LAYOUT_BACKWARDS, LAYOUT_REPEAT,
	LAYOUT_GAPS | LAYOUT_SHUFFLED | LAYOUT_BACKWARDS | LAYOUT_REPEAT,
};

#define LAYOUTS		(sizeof(layouts) / sizeof(layouts[0]))

/* Cases of each command. */
static unsigned long cases = 500;

/* Case @number of a command: kinds change fastest. */
static struct breadth_case case_of(const struct breadth_command *command, unsigned long number)
{
	unsigned int ranks = command->most_rank - command->least_rank + 1;

	return (struct breadth_case){
		.kind = (unsigned int)(number % command->kinds),
		.rank = command->least_rank + (unsigned int)(number / command->kinds % ranks),
		.layout = layouts[number / command->kinds / ranks % LAYOUTS],
	};
}

/* What runs, for whatever fails in the midst of it. */
static struct {
	const struct breadth_command *command;
	struct breadth_case one;
	unsigned long number;
	bool strict;
} now;

static void run_command(void **state)
{
	const struct breadth_command *command = *state;
	struct bench bench;

	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 0);
	now.command = command;
	for (unsigned long i = 0; i < cases; i++) {
		/* Of few cases each meets other cells. */
		unsigned long number = i * 2654435761u % 1000003;
		struct breadth_case one = case_of(command, cases > 100000 ? i : number);

		bench_reset(&bench);
		bench.random = i * 0x9e3779b97f4a7c15ull + 1;
		bench.strict = i % 2;
		now.one = one;
		now.number = i;
		now.strict = bench.strict;
		assert_true(command->run(&bench, &one));
	}
	now.command = NULL;
	bench_close(&bench);
}

/* Says in which case a command's test ended before its last one. */
static int tell_case(void **state)
{
	(void)state;
	if (now.command)
		fprintf(stderr, "%s, case %lu: kind %u, rank %u, layout %#x, %s mode\n",
			now.command->name, now.number, now.one.kind, now.one.rank, now.one.layout,
			now.strict ? "strict" : "default");
	return 0;
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[COMMANDS];
	size_t n = 0;

	if (argc > 1)
		cases = strtoul(argv[1], NULL, 10) / COMMANDS + 1;
	for (size_t i = 0; i < COMMANDS; i++) {
		if (argc > 2 && strcmp(argv[2], commands[i]->name))
			continue;
		tests[n++] = (struct CMUnitTest){
			.name = commands[i]->name,
			.test_func = run_command,
			.teardown_func = tell_case,
			.initial_state = (void *)commands[i],
		};
	}
	/* A name of none is a mistake. */
	return n ? _cmocka_run_group_tests("breadth", tests, n, NULL, NULL) : 1;
}
