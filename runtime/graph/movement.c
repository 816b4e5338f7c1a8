// SPDX-License-Identifier: MIT
/* Operators that move elements without computing: reshape, transpose, concat. */
#include <errno.h>
#include <string.h>

#include "graph.h"
#include "../error.h"

tsr_tensor tsr_graph_reshape(struct tsr_graph *graph, tsr_tensor x, unsigned int rank,
			     const int64_t *dim)
{
	const struct tsr_graph_tensor *input = tsr_graph_get(graph, x, "reshape input");
	struct tsr_graph_node node = { .op = TSR_OPERATOR_RESHAPE, .in = &x, .in_count = 1 };
	struct tsr_tensor_info info;

	if (!input)
		return -EINVAL;
	if (rank < 1 || rank > TSR_RANK_MAX)
		return tsr_fail(-EINVAL, "reshape: rank %u is not 1 to %d", rank, TSR_RANK_MAX);
	info = input->info;
	info.rank = rank;
	memcpy(info.dim, dim, rank * sizeof(*dim));
	if (tsr_info_elements(&info) != tsr_info_elements(&input->info))
		return tsr_fail(-EINVAL, "reshape: %llu elements do not make a shape of %llu",
				(unsigned long long)tsr_info_elements(&input->info),
				(unsigned long long)tsr_info_elements(&info));
	return tsr_graph_add(graph, &node, &info);
}

static int check_permutation(const unsigned int *permutation, unsigned int rank)
{
	uint32_t seen = 0;
	unsigned int i;

	for (i = 0; i < rank; i++)
		if (permutation[i] < rank)
			seen |= 1u << permutation[i];
	if (seen != (1u << rank) - 1)
		return tsr_fail(-EINVAL, "transpose: not a permutation of %u dimensions", rank);
	return 0;
}

tsr_tensor tsr_graph_transpose(struct tsr_graph *graph, tsr_tensor x,
			       const unsigned int *permutation)
{
	const struct tsr_graph_tensor *input = tsr_graph_get(graph, x, "transpose input");
	struct tsr_graph_node node = { .op = TSR_OPERATOR_TRANSPOSE, .in = &x, .in_count = 1 };
	struct tsr_tensor_info info;
	unsigned int i;

	if (!input)
		return -EINVAL;
	if (check_permutation(permutation, input->info.rank))
		return -EINVAL;
	info = input->info;
	for (i = 0; i < info.rank; i++) {
		node.transpose.permutation[i] = permutation[i];
		info.dim[i] = input->info.dim[permutation[i]];
	}
	return tsr_graph_add(graph, &node, &info);
}

static int check_part(const struct tsr_tensor_info *first, const struct tsr_tensor_info *part,
		      unsigned int axis)
{
	unsigned int i;

	if (part->rank != first->rank)
		return tsr_fail(-EINVAL, "concat: ranks %u and %u differ", first->rank, part->rank);
	for (i = 0; i < first->rank; i++)
		if (i != axis && part->dim[i] != first->dim[i])
			return tsr_fail(-EINVAL, "concat: extents %lld and %lld of dimension %u "
					"differ", (long long)first->dim[i],
					(long long)part->dim[i], i);
	return 0;
}

tsr_tensor tsr_graph_concat(struct tsr_graph *graph, const tsr_tensor *tensors, size_t count,
			    unsigned int axis, const struct tsr_quantization *out)
{
	struct tsr_graph_node node = {
		.op = TSR_OPERATOR_CONCAT, .in = (tsr_tensor *)tensors, .in_count = count,
		.concat.axis = axis,
	};
	const struct tsr_graph_tensor *first, *part;
	struct tsr_tensor_info info;
	size_t i;
	int error;

	if (!count)
		return tsr_fail(-EINVAL, "concat: nothing to join");
	first = tsr_graph_get(graph, tensors[0], "concat input");
	if (!first)
		return -EINVAL;
	if (axis >= first->info.rank)
		return tsr_fail(-EINVAL, "concat: axis %u of a tensor of rank %u", axis,
				first->info.rank);
	info = first->info;
	for (i = 1; i < count; i++) {
		part = tsr_graph_get(graph, tensors[i], "concat input");
		if (!part || check_part(&first->info, &part->info, axis))
			return -EINVAL;
		info.dim[axis] += part->info.dim[axis];
	}
	error = tsr_info_set_output(&info, &first->info, out);
	return error ? error : tsr_graph_add(graph, &node, &info);
}
