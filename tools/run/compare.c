// SPDX-License-Identifier: MIT
#include "compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/program.h>

#include "../../runtime/graph/graph.h"
#include "../../runtime/reference/reference.h"

/* Largest error allowed, relative to the largest magnitude of the output. */
static double tolerance(enum tsr_type precision)
{
	switch (precision) {
	case TSR_FP16:
		return 2e-2;
	case TSR_BF16:
		return 1e-1;
	default:
		return 1e-4;
	}
}

static bool is_exact(const struct tsr_graph *graph, const struct tsr_graph_node *node)
{
	enum tsr_type type = graph->tensors[node->in[0]].info.type;

	switch (node->op) {
	case TSR_OPERATOR_CONVERT:
	case TSR_OPERATOR_RESHAPE:
	case TSR_OPERATOR_TRANSPOSE:
	case TSR_OPERATOR_CONCAT:
		return true;
	case TSR_OPERATOR_SOFTMAX:
		return false;
	case TSR_OPERATOR_UNARY:
		return node->elementwise.function == TSR_RELU ||
		       node->elementwise.function == TSR_CLIP;
	default:
		return tsr_type_is_quantized(type);
	}
}

/* Integer arithmetic has one right answer, bit for bit. */
static bool must_be_equal(const struct options *options, const struct tsr_graph *graph)
{
	size_t i;

	if (options->precision != TSR_FP32)
		return false;
	for (i = 0; i < graph->node_count; i++)
		if (!is_exact(graph, &graph->nodes[i]))
			return false;
	return true;
}

/* A rounding apart is as close as an inexact quantized graph must be. */
static double step_of(const struct tsr_graph *graph, size_t output)
{
	const struct tsr_graph_tensor *tensor = &graph->tensors[graph->outputs[output].tensor];
	const struct tsr_graph_node *node;

	if (tensor->producer < 0)
		return 0;
	node = &graph->nodes[tensor->producer];
	return node->op == TSR_OPERATOR_CONVERT ?
	       (double)graph->tensors[node->in[0]].info.scale : 0;
}

static void compare_values(const float *got, const float *expected, uint64_t count,
			   struct comparison *c)
{
	double magnitude = 0, difference;
	uint64_t i;

	*c = (struct comparison){ .count = count };
	for (i = 0; i < count; i++) {
		magnitude = fmax(magnitude, fabs((double)expected[i]));
		if (!memcmp(&got[i], &expected[i], sizeof(got[i])))
			continue;
		c->different++;
		difference = fabs((double)got[i] - (double)expected[i]);
		if (!(difference <= c->absolute))
			c->absolute = isnan(difference) ? INFINITY : difference;
	}
	c->relative = magnitude > 0 ? c->absolute / magnitude : c->absolute;
}

/* Integer outputs: one code is one value. */
static void compare_codes(const void *got, const void *expected, uint64_t count, size_t size,
			  struct comparison *c)
{
	uint64_t i;

	*c = (struct comparison){ .count = count };
	for (i = 0; i < count; i++)
		c->different += memcmp((const char *)got + i * size,
				       (const char *)expected + i * size, size) != 0;
	c->absolute = c->different ? INFINITY : 0;
	c->relative = c->absolute;
}

static enum exit_code run_reference(const struct tsr_graph *graph, const struct workload *work,
				    void **expected)
{
	const void *inputs[TSR_HW_MAX_SLOTS];
	void *outputs[TSR_HW_MAX_SLOTS];
	uint32_t run;
	size_t i;

	for (run = 0; run < work->runs; run++) {
		for (i = 0; i < work->inputs; i++)
			inputs[i] = (char *)work->input[i].data +
				    run * work->input[i].argument->size;
		for (i = 0; i < work->outputs; i++)
			outputs[i] = (char *)expected[i] + run * work->output[i].argument->size;
		if (tsr_reference_run(graph, inputs, outputs))
			return complain(EXIT_MODEL, "the reference: %s", tsr_error());
	}
	return EXIT_OK;
}

static void judge(const struct options *options, const struct tsr_graph *graph,
		  const struct workload *work, size_t i, const void *expected,
		  struct comparison *c)
{
	const struct items *items = &work->output[i];
	const struct tsr_tensor_info *info = &items->argument->info;
	size_t size = tsr_type_size(info->type);
	uint64_t count = items_rows(work, items) *
			 (items->argument->size / size / (size_t)info->dim[0]);

	if (info->type == TSR_FP32)
		compare_values(items->data, expected, count, c);
	else
		compare_codes(items->data, expected, count, size, c);
	if (must_be_equal(options, graph) || info->type != TSR_FP32)
		c->passed = !c->different;
	else
		c->passed = c->relative <= tolerance(options->precision) ||
			    c->absolute <= step_of(graph, i) * 1.001;
}

enum exit_code compare_outputs(const struct options *options, const struct tsr_graph *graph,
			       const struct workload *work, struct comparison *comparison)
{
	void **expected = calloc(work->outputs + 1, sizeof(*expected));
	enum exit_code code = expected ? EXIT_OK : complain(EXIT_MODEL, "out of memory");
	size_t i;

	for (i = 0; i < work->outputs && !code; i++) {
		expected[i] = calloc(work->runs, work->output[i].argument->size);
		if (!expected[i])
			code = complain(EXIT_MODEL, "out of memory");
	}
	if (!code)
		code = run_reference(graph, work, expected);
	for (i = 0; i < work->outputs && !code; i++)
		judge(options, graph, work, i, expected[i], &comparison[i]);
	for (i = 0; expected && i < work->outputs; i++)
		free(expected[i]);
	free(expected);
	return code;
}
