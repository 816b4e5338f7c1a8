// SPDX-License-Identifier: MIT
/* Tensors and nodes of a graph. */
#include "graph.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../error.h"

#define DIM_MAX	INT32_MAX

int tsr_graph_create(const char *name, struct tsr_graph **graph)
{
	struct tsr_graph *made = calloc(1, sizeof(*made));

	*graph = NULL;
	if (made)
		made->name = strdup(name ? name : "graph");
	if (!made || !made->name) {
		free(made);
		return tsr_fail(-ENOMEM, "out of memory");
	}
	*graph = made;
	return 0;
}

static void free_tensor(struct tsr_graph_tensor *tensor)
{
	free(tensor->name);
	free(tensor->data);
	free((void *)tensor->info.scales);
}

void tsr_graph_destroy(struct tsr_graph *graph)
{
	size_t i;

	if (!graph)
		return;
	for (i = 0; i < graph->tensor_count; i++)
		free_tensor(&graph->tensors[i]);
	for (i = 0; i < graph->node_count; i++)
		free(graph->nodes[i].in);
	for (i = 0; i < graph->output_count; i++)
		free(graph->outputs[i].name);
	free(graph->tensors);
	free(graph->nodes);
	free(graph->outputs);
	free(graph->name);
	free(graph);
}

/* Make room for one more element; capacities double at powers of two. */
static void *grow(void *array, size_t count, size_t size)
{
	if (count & (count - 1) || !array)
		return count ? array : calloc(1, size);
	return reallocarray(array, count * 2, size);
}

static int check_scales(const char *name, const struct tsr_tensor_info *info)
{
	size_t i;

	if (!info->scales) {
		if (tsr_type_is_quantized(info->type) &&
		    !(info->scale > 0 && isfinite(info->scale)))
			return tsr_fail(-EINVAL, "tensor %s: %s needs a finite scale above 0", name,
					tsr_type_name(info->type));
		return 0;
	}
	if (!tsr_type_is_integer(info->type) || info->scale_axis >= info->rank ||
	    (int64_t)info->scale_count != info->dim[info->scale_axis])
		return tsr_fail(-EINVAL, "tensor %s: %zu scales do not match its shape and type",
				name, info->scale_count);
	for (i = 0; i < info->scale_count; i++)
		if (!(info->scales[i] > 0) || !isfinite(info->scales[i]))
			return tsr_fail(-EINVAL, "tensor %s: scale %zu is not a finite number "
					"above 0", name, i);
	return 0;
}

static int check_info(const char *name, const struct tsr_tensor_info *info)
{
	unsigned int i;

	if (!tsr_type_size(info->type))
		return tsr_fail(-EINVAL, "tensor %s: type %d is unknown", name, info->type);
	if (info->rank < 1 || info->rank > TSR_RANK_MAX)
		return tsr_fail(-EINVAL, "tensor %s: rank %u is not 1 to %d", name, info->rank,
				TSR_RANK_MAX);
	for (i = 0; i < info->rank; i++)
		if (info->dim[i] < 1 || info->dim[i] > DIM_MAX)
			return tsr_fail(-EINVAL, "tensor %s: extent %lld of dimension %u is not 1 "
					"to 2^31 - 1", name, (long long)info->dim[i], i);
	if (!tsr_info_elements(info) || tsr_info_elements(info) > SIZE_MAX / 16)
		return tsr_fail(-EINVAL, "tensor %s: too many elements", name);
	return check_scales(name, info);
}

static int copy_scales(struct tsr_tensor_info *info)
{
	float *copy;

	if (!info->scales) {
		info->scale_count = 0;
		return 0;
	}
	copy = malloc(info->scale_count * sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	memcpy(copy, info->scales, info->scale_count * sizeof(*copy));
	info->scales = copy;
	return 0;
}

static tsr_tensor add_tensor(struct tsr_graph *graph, const char *name,
			     const struct tsr_tensor_info *info)
{
	struct tsr_graph_tensor *tensors, tensor = { .info = *info, .producer = -1 };
	int error = check_info(name, info);
	unsigned int i;

	if (error)
		return error;
	tensors = grow(graph->tensors, graph->tensor_count, sizeof(*tensors));
	if (!tensors)
		return tsr_fail(-ENOMEM, "out of memory");
	graph->tensors = tensors;
	for (i = info->rank; i < TSR_RANK_MAX; i++)
		tensor.info.dim[i] = 1;
	tensor.size = tsr_info_elements(info) * tsr_type_size(info->type);
	tensor.name = strdup(name);
	if (!tensor.name || copy_scales(&tensor.info)) {
		free(tensor.name);
		return tsr_fail(-ENOMEM, "out of memory");
	}
	tensors[graph->tensor_count] = tensor;
	return (tsr_tensor)graph->tensor_count++;
}

tsr_tensor tsr_graph_input(struct tsr_graph *graph, const char *name,
			   const struct tsr_tensor_info *info)
{
	tsr_tensor number = add_tensor(graph, name ? name : "input", info);

	if (number >= 0)
		graph->tensors[number].is_input = true;
	return number;
}

tsr_tensor tsr_graph_constant(struct tsr_graph *graph, const char *name,
			      const struct tsr_tensor_info *info, const void *data, size_t size)
{
	struct tsr_graph_tensor *tensor;
	void *copy;
	tsr_tensor number;

	number = add_tensor(graph, name ? name : "constant", info);
	if (number < 0)
		return number;
	tensor = &graph->tensors[number];
	copy = tensor->size == size ? malloc(size) : NULL;
	if (copy) {
		tensor->data = memcpy(copy, data, size);
		return number;
	}
	if (tensor->size == size)
		number = tsr_fail(-ENOMEM, "out of memory");
	else
		number = tsr_fail(-EINVAL, "constant %s: %zu bytes given, its shape has %zu",
				  tensor->name, size, tensor->size);
	free_tensor(tensor);
	graph->tensor_count--;
	return number;
}

int tsr_graph_output(struct tsr_graph *graph, const char *name, tsr_tensor tensor)
{
	const struct tsr_graph_tensor *value = tsr_graph_get(graph, tensor, "output");
	struct tsr_graph_output *outputs;
	char *copy;

	if (!value)
		return -EINVAL;
	outputs = grow(graph->outputs, graph->output_count, sizeof(*outputs));
	if (!outputs)
		return tsr_fail(-ENOMEM, "out of memory");
	graph->outputs = outputs;
	copy = strdup(name ? name : value->name);
	if (!copy)
		return tsr_fail(-ENOMEM, "out of memory");
	outputs[graph->output_count++] = (struct tsr_graph_output){ copy, tensor };
	return 0;
}

int tsr_graph_rename(struct tsr_graph *graph, tsr_tensor tensor, const char *name)
{
	char *copy;

	if (!tsr_graph_get(graph, tensor, "rename"))
		return -EINVAL;
	copy = strdup(name);
	if (!copy)
		return tsr_fail(-ENOMEM, "out of memory");
	free(graph->tensors[tensor].name);
	graph->tensors[tensor].name = copy;
	return 0;
}

const struct tsr_graph_tensor *tsr_graph_get(const struct tsr_graph *graph, tsr_tensor number,
					     const char *what)
{
	if (number >= 0 && (size_t)number < graph->tensor_count)
		return &graph->tensors[number];
	tsr_fail(-EINVAL, "graph %s has no tensor %d (%s)", graph->name, number, what);
	return NULL;
}

const struct tsr_tensor_info *tsr_graph_tensor_info(const struct tsr_graph *graph,
						    tsr_tensor tensor)
{
	const struct tsr_graph_tensor *value = tsr_graph_get(graph, tensor, "info");

	return value ? &value->info : NULL;
}

const char *tsr_operator_name(enum tsr_operator op)
{
	static const char *const names[] = {
		"conv", "gemm", "pool", "unary", "binary", "convert", "reduce", "softmax",
		"reshape", "transpose", "concat",
	};

	return names[op];
}

tsr_tensor tsr_graph_add(struct tsr_graph *graph, const struct tsr_graph_node *node,
			 const struct tsr_tensor_info *info)
{
	struct tsr_graph_node *nodes, copy = *node;
	char name[96];
	tsr_tensor out;

	nodes = grow(graph->nodes, graph->node_count, sizeof(*nodes));
	if (!nodes)
		return tsr_fail(-ENOMEM, "out of memory");
	graph->nodes = nodes;
	copy.in = malloc(node->in_count * sizeof(*copy.in));
	if (!copy.in)
		return tsr_fail(-ENOMEM, "out of memory");
	memcpy(copy.in, node->in, node->in_count * sizeof(*copy.in));
	snprintf(name, sizeof(name), "%s%zu", tsr_operator_name(node->op), graph->node_count);
	out = add_tensor(graph, name, info);
	if (out < 0) {
		free(copy.in);
		return out;
	}
	copy.out = out;
	graph->tensors[out].producer = (int)graph->node_count;
	nodes[graph->node_count++] = copy;
	return out;
}

static const struct tsr_tensor_info *operand_info(const struct tsr_graph *graph,
						  const struct tsr_graph_node *node, size_t i)
{
	return i < node->in_count && node->in[i] != TSR_NO_TENSOR ?
	       &graph->tensors[node->in[i]].info : NULL;
}

static uint64_t node_macs(const struct tsr_graph *graph, const struct tsr_graph_node *node)
{
	return tsr_operator_macs(node->op, operand_info(graph, node, 0),
				 operand_info(graph, node, 1), &graph->tensors[node->out].info);
}

uint64_t tsr_graph_macs(const struct tsr_graph *graph)
{
	uint64_t macs = 0;
	size_t i;

	for (i = 0; i < graph->node_count; i++)
		macs += node_macs(graph, &graph->nodes[i]);
	return macs;
}
