// SPDX-License-Identifier: MIT
#include "reference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "operators.h"
#include "../error.h"

static const reference_operator operators[] = {
	[TSR_OPERATOR_CONV] = reference_conv,
	[TSR_OPERATOR_GEMM] = reference_gemm,
	[TSR_OPERATOR_POOL] = reference_pool,
	[TSR_OPERATOR_UNARY] = reference_unary,
	[TSR_OPERATOR_BINARY] = reference_binary,
	[TSR_OPERATOR_CONVERT] = reference_convert,
	[TSR_OPERATOR_REDUCE] = reference_reduce,
	[TSR_OPERATOR_SOFTMAX] = reference_softmax,
	[TSR_OPERATOR_RESHAPE] = reference_reshape,
	[TSR_OPERATOR_TRANSPOSE] = reference_transpose,
	[TSR_OPERATOR_CONCAT] = reference_concat,
};

/* Inputs are the caller's, constants the graph's, results are made here. */
static struct array *make_arrays(const struct tsr_graph *graph, const void *const *inputs)
{
	struct array *arrays = calloc(graph->tensor_count + 1, sizeof(*arrays));
	size_t i, next = 0;

	for (i = 0; arrays && i < graph->tensor_count; i++) {
		const struct tsr_graph_tensor *tensor = &graph->tensors[i];

		arrays[i].info = &tensor->info;
		arrays[i].count = tensor->size / tsr_type_size(tensor->info.type);
		if (tensor->is_input)
			arrays[i].data = (void *)inputs[next++];
		else if (tensor->data)
			arrays[i].data = tensor->data;
	}
	return arrays;
}

static int run_node(const struct tsr_graph *graph, const struct tsr_graph_node *node,
		    struct array *arrays)
{
	struct array *in = calloc(node->in_count + 1, sizeof(*in));
	struct array *out = &arrays[node->out];
	size_t i;

	out->data = malloc(graph->tensors[node->out].size);
	if (!in || !out->data) {
		free(in);
		return tsr_fail(-ENOMEM, "out of memory");
	}
	for (i = 0; i < node->in_count; i++)
		if (node->in[i] != TSR_NO_TENSOR)
			in[i] = arrays[node->in[i]];
	operators[node->op](node, in, out);
	free(in);
	return 0;
}

static void copy_outputs(const struct tsr_graph *graph, const struct array *arrays,
			 void *const *outputs)
{
	size_t i;

	for (i = 0; i < graph->output_count; i++)
		memcpy(outputs[i], arrays[graph->outputs[i].tensor].data,
		       graph->tensors[graph->outputs[i].tensor].size);
}

int tsr_reference_run(const struct tsr_graph *graph, const void *const *inputs,
		      void *const *outputs)
{
	struct array *arrays = make_arrays(graph, inputs);
	size_t i;
	int error = 0;

	if (!arrays)
		return tsr_fail(-ENOMEM, "out of memory");
	for (i = 0; i < graph->node_count && !error; i++)
		error = run_node(graph, &graph->nodes[i], arrays);
	if (!error)
		copy_outputs(graph, arrays, outputs);
	for (i = 0; i < graph->node_count; i++)
		free(arrays[graph->nodes[i].out].data);
	free(arrays);
	return error;
}
