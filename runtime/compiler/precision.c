// SPDX-License-Identifier: MIT
/*
 * A graph in fp32 becomes one that computes in a narrower type: constants are
 * converted here, inputs by a node at their first use, outputs back at the end.
 * Conversions to and from integer codes stay in fp32, so integers come out as before.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "narrow.h"
#include "../error.h"

struct narrowing {
	const struct tsr_graph *from;
	struct tsr_graph *to;
	enum tsr_type type;
	tsr_tensor *plain;	/* number in the new graph */
	tsr_tensor *narrow;	/* the same in the narrow type, or TSR_NO_TENSOR */
	struct tsr_losses *losses;
};

static int note_loss(struct narrowing *n, const struct tsr_loss *loss)
{
	struct tsr_loss *grown;

	if (loss->constant < 0 || (!loss->overflows && !loss->underflows))
		return 0;
	grown = reallocarray(n->losses->loss, n->losses->count + 1, sizeof(*grown));
	if (!grown)
		return tsr_fail(-ENOMEM, "out of memory");
	n->losses->loss = grown;
	grown[n->losses->count++] = *loss;
	return 0;
}

static tsr_tensor add_narrow_constant(struct narrowing *n, const struct tsr_graph_tensor *tensor)
{
	size_t count = tsr_info_elements(&tensor->info);
	uint16_t *data = malloc(count * sizeof(*data));
	struct tsr_tensor_info info = tensor->info;
	struct tsr_loss loss = { 0 };
	int error;

	if (!data)
		return tsr_fail(-ENOMEM, "out of memory");
	tsr_narrow(n->type, tensor->data, data, count, &loss);
	info.type = n->type;
	loss.constant = tsr_graph_constant(n->to, tensor->name, &info, data,
					   count * sizeof(*data));
	free(data);
	error = note_loss(n, &loss);
	return error ? error : loss.constant;
}

static tsr_tensor add_source(struct narrowing *n, const struct tsr_graph_tensor *tensor)
{
	if (tensor->is_input)
		return tsr_graph_input(n->to, tensor->name, &tensor->info);
	return tsr_graph_constant(n->to, tensor->name, &tensor->info, tensor->data, tensor->size);
}

static int add_sources(struct narrowing *n)
{
	size_t i;

	for (i = 0; i < n->from->tensor_count; i++) {
		n->plain[i] = TSR_NO_TENSOR;
		n->narrow[i] = TSR_NO_TENSOR;
		if (n->from->tensors[i].producer >= 0)
			continue;
		n->plain[i] = add_source(n, &n->from->tensors[i]);
		if (n->plain[i] < 0)
			return n->plain[i];
	}
	return 0;
}

/* A conversion under the name of what it converts, for messages and profiles. */
static tsr_tensor add_conversion(struct narrowing *n, tsr_tensor from, enum tsr_type type,
				 const char *name)
{
	const struct tsr_quantization out = { .type = type };
	tsr_tensor result = tsr_graph_convert(n->to, from, &out);
	int error = result < 0 ? 0 : tsr_graph_rename(n->to, result, name);

	return error ? error : result;
}

/* The tensor as an operand: narrow when it is fp32 in the graph. */
static tsr_tensor operand(struct narrowing *n, tsr_tensor number)
{
	const struct tsr_graph_tensor *tensor;

	if (number == TSR_NO_TENSOR)
		return number;
	tensor = &n->from->tensors[number];
	if (tensor->info.type != TSR_FP32)
		return n->plain[number];
	if (n->narrow[number] == TSR_NO_TENSOR)
		n->narrow[number] = tensor->data ? add_narrow_constant(n, tensor) :
				    add_conversion(n, n->plain[number], n->type, tensor->name);
	return n->narrow[number];
}

static bool touches_codes(const struct narrowing *n, const struct tsr_graph_node *node)
{
	return node->op == TSR_OPERATOR_CONVERT &&
	       (tsr_type_is_integer(n->from->tensors[node->in[0]].info.type) ||
		tsr_type_is_integer(n->from->tensors[node->out].info.type));
}

static struct tsr_quantization result_type(const struct narrowing *n,
					   const struct tsr_graph_node *node)
{
	const struct tsr_tensor_info *info = &n->from->tensors[node->out].info;
	bool narrow = info->type == TSR_FP32 && !touches_codes(n, node);

	return (struct tsr_quantization){
		.type = narrow ? n->type : info->type,
		.scale = info->scale,
		.zero_point = info->zero_point,
	};
}

static tsr_tensor add_concat(struct narrowing *n, const struct tsr_graph_node *node,
			     const struct tsr_quantization *out)
{
	tsr_tensor *parts = malloc(node->in_count * sizeof(*parts)), result;
	size_t i;

	if (!parts)
		return tsr_fail(-ENOMEM, "out of memory");
	for (i = 0; i < node->in_count; i++)
		parts[i] = operand(n, node->in[i]);
	result = tsr_graph_concat(n->to, parts, node->in_count, node->concat.axis, out);
	free(parts);
	return result;
}

static tsr_tensor add_node(struct narrowing *n, const struct tsr_graph_node *node)
{
	struct tsr_quantization out = result_type(n, node);
	tsr_tensor bias = node->in_count == 3 ? node->in[2] : TSR_NO_TENSOR;

	if (node->op == TSR_OPERATOR_CONCAT)
		return add_concat(n, node, &out);
	if (bias != TSR_NO_TENSOR)
		bias = n->plain[bias];
	switch (node->op) {
	case TSR_OPERATOR_CONV:
		return tsr_graph_conv(n->to, operand(n, node->in[0]), operand(n, node->in[1]),
				      bias, &node->conv, &out);
	case TSR_OPERATOR_GEMM:
		return tsr_graph_gemm(n->to, operand(n, node->in[0]), operand(n, node->in[1]),
				      node->gemm.transpose_b, bias, &out);
	case TSR_OPERATOR_POOL:
		return tsr_graph_pool(n->to, operand(n, node->in[0]), node->pool.mode,
				      &node->pool.options, &out);
	case TSR_OPERATOR_UNARY:
		return tsr_graph_unary(n->to, node->elementwise.function, operand(n, node->in[0]),
				       node->elementwise.alpha, node->elementwise.beta, &out);
	case TSR_OPERATOR_BINARY:
		return tsr_graph_binary(n->to, node->elementwise.function,
					operand(n, node->in[0]), operand(n, node->in[1]), &out);
	case TSR_OPERATOR_CONVERT:
		return tsr_graph_convert(n->to, touches_codes(n, node) ? n->plain[node->in[0]] :
					 operand(n, node->in[0]), &out);
	case TSR_OPERATOR_REDUCE:
		return tsr_graph_reduce(n->to, node->reduce.reduction, operand(n, node->in[0]),
					node->reduce.axes, &out);
	case TSR_OPERATOR_SOFTMAX:
		return tsr_graph_softmax(n->to, operand(n, node->in[0]), node->reduce.axes, &out);
	case TSR_OPERATOR_TRANSPOSE:
		return tsr_graph_transpose(n->to, operand(n, node->in[0]),
					   node->transpose.permutation);
	default:
		return tsr_graph_reshape(n->to, operand(n, node->in[0]),
					 n->from->tensors[node->out].info.rank,
					 n->from->tensors[node->out].info.dim);
	}
}

static int add_nodes(struct narrowing *n)
{
	size_t i;

	for (i = 0; i < n->from->node_count; i++) {
		const struct tsr_graph_node *node = &n->from->nodes[i];
		tsr_tensor out = add_node(n, node);
		int error;

		if (out < 0)
			return out;
		error = tsr_graph_rename(n->to, out, n->from->tensors[node->out].name);
		if (error)
			return error;
		n->plain[node->out] = out;
		if (n->to->tensors[out].info.type == n->type)
			n->narrow[node->out] = out;
	}
	return 0;
}

static int add_outputs(struct narrowing *n)
{
	size_t i;

	for (i = 0; i < n->from->output_count; i++) {
		const struct tsr_graph_output *output = &n->from->outputs[i];
		tsr_tensor tensor = n->plain[output->tensor];
		int error;

		if (n->from->tensors[output->tensor].info.type == TSR_FP32 &&
		    n->to->tensors[tensor].info.type != TSR_FP32)
			tensor = add_conversion(n, tensor, TSR_FP32, output->name);
		error = tsr_graph_output(n->to, output->name, tensor);
		if (error)
			return error;
	}
	return 0;
}

int tsr_graph_with_precision(const struct tsr_graph *graph, enum tsr_type type,
			     struct tsr_losses *losses,
			     struct tsr_graph **result)
{
	size_t count = graph->tensor_count + 1;
	struct narrowing n = {
		.from = graph, .type = type, .losses = losses,
		.plain = calloc(count, sizeof(*n.plain)),
		.narrow = calloc(count, sizeof(*n.narrow)),
	};
	int error;

	*result = NULL;
	if (!n.plain || !n.narrow)
		error = tsr_fail(-ENOMEM, "out of memory");
	else
		error = tsr_graph_create(graph->name, &n.to);
	if (!error)
		error = add_sources(&n);
	if (!error)
		error = add_nodes(&n);
	if (!error)
		error = add_outputs(&n);
	if (error)
		tsr_graph_destroy(n.to);
	else
		*result = n.to;
	free(n.narrow);
	free(n.plain);
	return error;
}
