// SPDX-License-Identifier: MIT
/* One input or two with broadcast; change of type. */
#include <errno.h>

#include "graph.h"
#include "../error.h"

static int check_input(const struct tsr_tensor_info *info, const char *what)
{
	if (info->type == TSR_INT32 && !(info->scale > 0))
		return tsr_fail(-EINVAL, "%s: an int32 input needs a scale", what);
	if (info->scales)
		return tsr_fail(-EINVAL, "%s: per-channel scales are for weights only", what);
	return 0;
}

static bool is_binary(enum tsr_function function)
{
	return function >= TSR_ADD && function <= TSR_MAX;
}

static bool is_unary(enum tsr_function function)
{
	return function >= TSR_RELU && function <= TSR_ERF;
}

static tsr_tensor add_unary(struct tsr_graph *graph, struct tsr_graph_node *node, tsr_tensor x,
			    const struct tsr_quantization *out, const char *what)
{
	const struct tsr_graph_tensor *input = tsr_graph_get(graph, x, what);
	struct tsr_tensor_info info;
	int error;

	if (!input)
		return -EINVAL;
	error = check_input(&input->info, what);
	info = input->info;
	if (!error)
		error = tsr_info_set_output(&info, &input->info, out);
	return error ? error : tsr_graph_add(graph, node, &info);
}

tsr_tensor tsr_graph_unary(struct tsr_graph *graph, enum tsr_function function, tsr_tensor x,
			   float alpha, float beta, const struct tsr_quantization *out)
{
	struct tsr_graph_node node = {
		.op = TSR_OPERATOR_UNARY, .in = &x, .in_count = 1,
		.elementwise = { function, alpha, beta },
	};

	if (!is_unary(function))
		return tsr_fail(-EINVAL, "function %d does not take one input", function);
	if (function == TSR_CLIP && !(alpha <= beta))
		return tsr_fail(-EINVAL, "clip: %g is not at most %g", alpha, beta);
	return add_unary(graph, &node, x, out, "unary");
}

tsr_tensor tsr_graph_convert(struct tsr_graph *graph, tsr_tensor x,
			     const struct tsr_quantization *out)
{
	struct tsr_graph_node node = { .op = TSR_OPERATOR_CONVERT, .in = &x, .in_count = 1 };

	return add_unary(graph, &node, x, out, "convert");
}

/* numpy's rule: align at the last dimension; extents are equal or 1. */
static int broadcast(const struct tsr_tensor_info *a, const struct tsr_tensor_info *b,
		     struct tsr_tensor_info *info)
{
	unsigned int i;

	info->rank = a->rank > b->rank ? a->rank : b->rank;
	for (i = 1; i <= info->rank; i++) {
		int64_t x = i <= a->rank ? a->dim[a->rank - i] : 1;
		int64_t y = i <= b->rank ? b->dim[b->rank - i] : 1;

		if (x != y && x != 1 && y != 1)
			return tsr_fail(-EINVAL, "binary: extents %lld and %lld do not broadcast",
					(long long)x, (long long)y);
		info->dim[info->rank - i] = x > y ? x : y;
	}
	return 0;
}

tsr_tensor tsr_graph_binary(struct tsr_graph *graph, enum tsr_function function, tsr_tensor a,
			    tsr_tensor b, const struct tsr_quantization *out)
{
	const struct tsr_graph_tensor *left = tsr_graph_get(graph, a, "binary left operand");
	const struct tsr_graph_tensor *right = tsr_graph_get(graph, b, "binary right operand");
	tsr_tensor operands[] = { a, b };
	struct tsr_graph_node node = {
		.op = TSR_OPERATOR_BINARY, .in = operands, .in_count = 2,
		.elementwise.function = function,
	};
	struct tsr_tensor_info info = { 0 };
	int error;

	if (!left || !right)
		return -EINVAL;
	if (!is_binary(function))
		return tsr_fail(-EINVAL, "function %d does not take two inputs", function);
	error = check_input(&left->info, "binary");
	if (!error)
		error = check_input(&right->info, "binary");
	if (!error)
		error = broadcast(&left->info, &right->info, &info);
	if (!error)
		error = tsr_info_set_output(&info, &left->info, out);
	return error ? error : tsr_graph_add(graph, &node, &info);
}
