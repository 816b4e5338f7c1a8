// SPDX-License-Identifier: MIT
/* Reductions and softmax. */
#include <errno.h>

#include "graph.h"
#include "../error.h"

static int check_axes(const struct tsr_tensor_info *x, uint32_t axes, const char *what)
{
	if (!axes || axes >> x->rank)
		return tsr_fail(-EINVAL, "%s: axes %#x do not name dimensions of a tensor of rank "
				"%u", what, axes, x->rank);
	if (x->type == TSR_INT32)
		return tsr_fail(-EINVAL, "%s: int32 is not a type it takes", what);
	return 0;
}

static int check_reduced(const struct tsr_graph_node *node, const struct tsr_tensor_info *x,
			 const struct tsr_tensor_info *info)
{
	bool keeps_codes = node->reduce.reduction == TSR_REDUCTION_MAX ||
			   node->reduce.reduction == TSR_REDUCTION_MIN;

	if (info->type != x->type)
		return tsr_fail(-EINVAL, "reduce: output type must be the input's, %s",
				tsr_type_name(x->type));
	if (keeps_codes && (info->scale != x->scale || info->zero_point != x->zero_point))
		return tsr_fail(-EINVAL, "reduce: a maximum or minimum keeps scale and zero point");
	return 0;
}

tsr_tensor tsr_graph_reduce(struct tsr_graph *graph, enum tsr_reduction reduction, tsr_tensor x,
			    uint32_t axes, const struct tsr_quantization *out)
{
	const struct tsr_graph_tensor *input = tsr_graph_get(graph, x, "reduce input");
	struct tsr_graph_node node = {
		.op = TSR_OPERATOR_REDUCE, .in = &x, .in_count = 1,
		.reduce = { reduction, axes },
	};
	struct tsr_tensor_info info;
	unsigned int i;
	int error;

	if (!input)
		return -EINVAL;
	error = check_axes(&input->info, axes, "reduce");
	if (error)
		return error;
	info = input->info;
	for (i = 0; i < info.rank; i++)
		if (axes >> i & 1)
			info.dim[i] = 1;
	error = tsr_info_set_output(&info, &input->info, out);
	if (!error)
		error = check_reduced(&node, &input->info, &info);
	return error ? error : tsr_graph_add(graph, &node, &info);
}

tsr_tensor tsr_graph_softmax(struct tsr_graph *graph, tsr_tensor x, uint32_t axes,
			     const struct tsr_quantization *out)
{
	const struct tsr_graph_tensor *input = tsr_graph_get(graph, x, "softmax input");
	struct tsr_graph_node node = {
		.op = TSR_OPERATOR_SOFTMAX, .in = &x, .in_count = 1, .reduce.axes = axes,
	};
	struct tsr_tensor_info info;
	int error;

	if (!input)
		return -EINVAL;
	error = check_axes(&input->info, axes, "softmax");
	info = input->info;
	if (!error)
		error = tsr_info_set_output(&info, &input->info, out);
	return error ? error : tsr_graph_add(graph, &node, &info);
}
