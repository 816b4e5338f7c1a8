// SPDX-License-Identifier: MIT
/* Definitions and uses: the graph, and the steps that fusion makes of it. */
#include "verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../error.h"

bool tsr_verify_wanted(void)
{
	const char *value = getenv("TESSERA_VERIFY");

	return value && !strcmp(value, "1");
}

static int wrong_tensor(const struct tsr_graph *graph, tsr_tensor tensor, const char *what)
{
	bool known = tensor >= 0 && (size_t)tensor < graph->tensor_count;

	return tsr_fail(-ENOTRECOVERABLE, "compiler: tensor %d (%s) %s", tensor,
			known ? graph->tensors[tensor].name : "unknown", what);
}

/* Marks what inputs and constants define. */
static bool *define_sources(const struct tsr_graph *graph)
{
	bool *defined = calloc(graph->tensor_count + 1, sizeof(*defined));
	size_t i;

	for (i = 0; defined && i < graph->tensor_count; i++)
		defined[i] = graph->tensors[i].is_input || graph->tensors[i].data;
	return defined;
}

static int define(const struct tsr_graph *graph, bool *defined, tsr_tensor tensor)
{
	if (tensor < 0 || (size_t)tensor >= graph->tensor_count)
		return wrong_tensor(graph, tensor, "is a result");
	if (defined[tensor])
		return wrong_tensor(graph, tensor, "is made twice");
	defined[tensor] = true;
	return 0;
}

static int use(const struct tsr_graph *graph, const bool *defined, tsr_tensor tensor)
{
	if (tensor == TSR_NO_TENSOR)
		return 0;
	if (tensor < 0 || (size_t)tensor >= graph->tensor_count)
		return wrong_tensor(graph, tensor, "is read");
	return defined[tensor] ? 0 : wrong_tensor(graph, tensor, "is read before it is made");
}

static int use_all(const struct tsr_graph *graph, const bool *defined, const tsr_tensor *tensors,
		   size_t count)
{
	size_t i;
	int error = 0;

	for (i = 0; i < count && !error; i++)
		error = use(graph, defined, tensors[i]);
	return error;
}

static int use_outputs(const struct tsr_graph *graph, const bool *defined)
{
	size_t i;
	int error = 0;

	for (i = 0; i < graph->output_count && !error; i++)
		error = use(graph, defined, graph->outputs[i].tensor);
	return error;
}

static int check_tensors(const struct tsr_graph *graph)
{
	size_t i;

	for (i = 0; i < graph->tensor_count; i++) {
		const struct tsr_graph_tensor *tensor = &graph->tensors[i];

		if (tensor->is_input + (tensor->data != NULL) + (tensor->producer >= 0) != 1)
			return wrong_tensor(graph, (tsr_tensor)i, "has not one origin");
	}
	return 0;
}

int tsr_verify_graph(const struct tsr_graph *graph)
{
	bool *defined = define_sources(graph);
	int error = defined ? check_tensors(graph) : tsr_fail(-ENOMEM, "out of memory");
	size_t i;

	for (i = 0; i < graph->node_count && !error; i++) {
		const struct tsr_graph_node *node = &graph->nodes[i];

		error = use_all(graph, defined, node->in, node->in_count);
		if (!error)
			error = define(graph, defined, node->out);
		if (!error && graph->tensors[node->out].producer != (int)i)
			error = wrong_tensor(graph, node->out, "names another producer");
	}
	if (!error)
		error = use_outputs(graph, defined);
	free(defined);
	return error;
}

static int use_operands(const struct tsr_graph *graph, const bool *defined,
			const struct tsr_step *step)
{
	int error = use_all(graph, defined, step->in, 3);

	if (!error && step->op == TSR_OPERATOR_CONCAT)
		error = use_all(graph, defined, step->node->in, step->node->in_count);
	return error ? error : use(graph, defined, step->residual);
}

int tsr_verify_steps(const struct tsr_graph *graph, const struct tsr_steps *steps)
{
	bool *defined = define_sources(graph);
	int error = defined ? 0 : tsr_fail(-ENOMEM, "out of memory");
	size_t i;

	for (i = 0; i < steps->count && !error; i++) {
		error = use_operands(graph, defined, &steps->step[i]);
		if (!error)
			error = define(graph, defined, steps->step[i].out);
	}
	if (!error)
		error = use_outputs(graph, defined);
	free(defined);
	return error;
}
