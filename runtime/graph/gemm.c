// SPDX-License-Identifier: MIT
/* Matrix product with leading batch dimensions. */
#include <errno.h>

#include "graph.h"
#include "window.h"
#include "../error.h"

static int64_t leading(const struct tsr_tensor_info *info, unsigned int rank, unsigned int i)
{
	unsigned int missing = rank - info->rank;

	return i < missing ? 1 : info->dim[i - missing];
}

static int infer(const struct tsr_tensor_info *a, const struct tsr_tensor_info *b,
		 bool transpose_b, struct tsr_tensor_info *info)
{
	int64_t k = b->dim[b->rank - (transpose_b ? 1 : 2)];
	int64_t n = b->dim[b->rank - (transpose_b ? 2 : 1)];
	unsigned int i;

	if (a->dim[a->rank - 1] != k)
		return tsr_fail(-EINVAL, "gemm: inner extents %lld and %lld differ",
				(long long)a->dim[a->rank - 1], (long long)k);
	info->rank = a->rank;
	for (i = 0; i + 2 < a->rank; i++) {
		int64_t other = leading(b, a->rank, i);

		if (a->dim[i] != other && a->dim[i] != 1 && other != 1)
			return tsr_fail(-EINVAL, "gemm: leading extents %lld and %lld do not "
					"broadcast", (long long)a->dim[i], (long long)other);
		info->dim[i] = a->dim[i] > other ? a->dim[i] : other;
	}
	info->dim[a->rank - 2] = a->dim[a->rank - 2];
	info->dim[a->rank - 1] = n;
	return 0;
}

tsr_tensor tsr_graph_gemm(struct tsr_graph *graph, tsr_tensor a, tsr_tensor b, bool transpose_b,
			  tsr_tensor bias, const struct tsr_quantization *out)
{
	const struct tsr_graph_tensor *left = tsr_graph_get(graph, a, "gemm left operand");
	const struct tsr_graph_tensor *right = tsr_graph_get(graph, b, "gemm right operand");
	tsr_tensor operands[] = { a, b, bias };
	struct tsr_graph_node node = {
		.op = TSR_OPERATOR_GEMM, .in = operands, .in_count = 3,
		.gemm.transpose_b = transpose_b,
	};
	struct tsr_tensor_info info = { 0 };
	int error;

	if (!left || !right)
		return -EINVAL;
	if (left->info.rank < 2 ||
	    (right->info.rank != 2 && right->info.rank != left->info.rank))
		return tsr_fail(-EINVAL, "gemm: ranks %u and %u; the left needs 2 to 5, the right "
				"2 or the same", left->info.rank, right->info.rank);
	error = tsr_check_operands(&left->info, &right->info, "gemm");
	if (!error)
		error = infer(&left->info, &right->info, transpose_b, &info);
	if (!error)
		error = tsr_check_bias(graph, bias, left->info.type, info.dim[info.rank - 1],
				       "gemm");
	if (!error)
		error = tsr_info_set_output(&info, &left->info, out);
	return error ? error : tsr_graph_add(graph, &node, &info);
}
