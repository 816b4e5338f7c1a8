// SPDX-License-Identifier: MIT
#include "sample.h"

#include "cmocka_prelude.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/compiler.h"
#include "../reference/element.h"
#include "../reference/reference.h"
#include "executor.h"
#include "program_check.h"
#include "random.h"
#include "tile/sku.h"

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

static void make_arguments(struct sample *s, uint64_t *random)
{
	size_t i;

	s->inputs = tsr_program_inputs(s->program);
	s->outputs = tsr_program_outputs(s->program);
	assert_in_range(s->inputs, 0, SAMPLE_ARGUMENTS);
	assert_in_range(s->outputs, 1, SAMPLE_ARGUMENTS);
	for (i = 0; i < s->inputs; i++)
		s->input[i] = make_input(tsr_program_input(s->program, i), random);
	for (i = 0; i < s->outputs; i++) {
		s->output[i] = malloc(tsr_program_output(s->program, i)->size);
		s->expected[i] = calloc(1, tsr_program_output(s->program, i)->size);
	}
}

static uint64_t program_macs(const struct tsr_program *program)
{
	uint64_t macs = 0;
	size_t i;

	for (i = 0; i < tsr_program_nodes(program); i++)
		macs += tsr_program_node(program, i)->macs;
	return macs;
}

void sample_make(struct sample *s, const struct tsr_compile_options *options, uint64_t *random)
{
	char error[256];

	assert_non_null(s->graph);
	if (tsr_compile_for(s->graph, sku_fuses(s->sku), options, &s->program))
		fail_msg("%s: %s", s->name, tsr_error());
	if (program_check(s->program, s->sku, error, sizeof(error)))
		fail_msg("%s: %s", s->name, error);
	if (program_macs(s->program) != tsr_graph_macs(s->graph))
		fail_msg("%s: the program computes %llu MACs, the graph %llu", s->name,
			 (unsigned long long)program_macs(s->program),
			 (unsigned long long)tsr_graph_macs(s->graph));
	make_arguments(s, random);
	assert_int_equal(tsr_reference_run(s->graph, (const void *const *)s->input, s->expected),
			 0);
}

static void run(struct sample *s, uint64_t order)
{
	struct execution execution = {
		.sku = s->sku, .program = s->program, .input = (const void *const *)s->input,
		.output = s->output, .repeat = 1, .seed = order,
	};
	size_t i;

	/* What a run does not write is far from what is right. */
	for (i = 0; i < s->outputs; i++)
		memset(s->output[i], 0x5a, tsr_program_output(s->program, i)->size);
	if (!execute(&execution))
		fail_msg("%s, order %llu: %s", s->name, (unsigned long long)order,
			 execution.error);
}

static void compare(const struct sample *s, size_t output, double tolerance)
{
	const struct tsr_argument *argument = tsr_program_output(s->program, output);
	struct array a = { &argument->info, s->output[output], 0 };
	struct array b = { &argument->info, s->expected[output], 0 };
	size_t count = argument->size / tsr_type_size(argument->info.type), i;
	double magnitude = 0.1;

	for (i = 0; i < count; i++)
		magnitude = fmax(magnitude, fabs((double)array_real(&b, i)));
	for (i = 0; i < count; i++) {
		double x = (double)array_real(&a, i), y = (double)array_real(&b, i);

		if (!(fabs(x - y) <= tolerance * magnitude))
			fail_msg("%s, %s[%zu]: %g, the reference says %g", s->name,
				 argument->name, i, x, y);
	}
}

void sample_check(struct sample *s, unsigned int orders, double tolerance)
{
	uint64_t order;
	size_t i;

	for (order = 1; order <= orders; order++) {
		run(s, order);
		for (i = 0; i < s->outputs; i++)
			compare(s, i, tolerance);
	}
}

void sample_set_pairs(struct sample *s, const float *values, size_t count)
{
	size_t input, i;

	for (input = 0; input < s->inputs && input < 2; input++) {
		const struct tsr_argument *argument = tsr_program_input(s->program, input);
		struct array array = { &argument->info, s->input[input], count * count };

		assert_int_equal(argument->size,
				 count * count * tsr_type_size(argument->info.type));
		for (i = 0; i < count * count; i++)
			array_store(&array, i, values[input ? i % count : i / count]);
	}
	assert_int_equal(tsr_reference_run(s->graph, (const void *const *)s->input, s->expected),
			 0);
}

static bool same(double x, double y, double tolerance)
{
	if (isnan(x) || isnan(y))
		return isnan(x) && isnan(y);
	if (x == y)
		return !signbit(x) == !signbit(y);
	return isfinite(x) && isfinite(y) && fabs(x - y) <= tolerance * fabs(y);
}

void sample_check_special(struct sample *s, double tolerance)
{
	size_t output, i;

	run(s, 1);
	for (output = 0; output < s->outputs; output++) {
		const struct tsr_argument *argument = tsr_program_output(s->program, output);
		struct array a = { &argument->info, s->output[output], 0 };
		struct array b = { &argument->info, s->expected[output], 0 };

		for (i = 0; i < argument->size / tsr_type_size(argument->info.type); i++) {
			double x = (double)array_real(&a, i), y = (double)array_real(&b, i);

			if (!same(x, y, tolerance))
				fail_msg("%s, %s[%zu]: %g, the reference says %g", s->name,
					 argument->name, i, x, y);
		}
	}
}

void sample_free(struct sample *s)
{
	size_t i;

	for (i = 0; i < SAMPLE_ARGUMENTS; i++) {
		free(s->input[i]);
		free(s->output[i]);
		free(s->expected[i]);
	}
	tsr_program_destroy(s->program);
	tsr_graph_destroy(s->graph);
}
