// SPDX-License-Identifier: MIT
/* Reduction and softmax over chosen dimensions. */
#include <math.h>

#include "gather.h"
#include "operators.h"

static enum gather_mode mode_of(enum tsr_reduction reduction)
{
	switch (reduction) {
	case TSR_REDUCTION_SUM:
		return GATHER_SUM;
	case TSR_REDUCTION_MEAN:
		return GATHER_MEAN;
	case TSR_REDUCTION_MAX:
		return GATHER_MAX;
	default:
		return GATHER_MIN;
	}
}

/*
 * Step to the next place along the dimensions in @axes, the others staying.
 * False when all have been seen and @at is back where it began.
 */
static bool next_place(const struct tsr_tensor_info *info, uint32_t axes,
		       int64_t at[TSR_RANK_MAX])
{
	unsigned int d;

	for (d = info->rank; d-- > 0;) {
		if (!(axes >> d & 1))
			continue;
		if (++at[d] < info->dim[d])
			return true;
		at[d] = 0;
	}
	return false;
}

void reference_reduce(const struct tsr_graph_node *node, const struct array *in, struct array *out)
{
	int64_t at[TSR_RANK_MAX];
	size_t i;

	for (i = 0; i < out->count; i++) {
		struct gather gather = { .mode = mode_of(node->reduce.reduction) };

		array_locate(out, i, at);
		do {
			gather_add(&gather, &in[0], array_index(&in[0], at));
		} while (next_place(in[0].info, node->reduce.axes, at));
		gather_store(&gather, &in[0], gather.count, out, i);
	}
}

static float largest(const struct array *x, uint32_t axes, int64_t at[TSR_RANK_MAX])
{
	float best = -INFINITY;

	do {
		best = fmaxf(best, array_real(x, array_index(x, at)));
	} while (next_place(x->info, axes, at));
	return best;
}

void reference_softmax(const struct tsr_graph_node *node, const struct array *in,
		       struct array *out)
{
	const struct array *x = &in[0];
	int64_t at[TSR_RANK_MAX];
	double sum;
	float top;
	size_t i;
	unsigned int d;

	for (i = 0; i < out->count; i++) {
		double own;

		array_locate(out, i, at);
		for (d = 0; d < x->info->rank; d++)
			if (node->reduce.axes >> d & 1)
				at[d] = 0;
		top = largest(x, node->reduce.axes, at);
		sum = 0;
		do {
			sum += exp((double)array_real(x, array_index(x, at)) - (double)top);
		} while (next_place(x->info, node->reduce.axes, at));
		own = exp((double)array_real(x, i) - (double)top);
		array_store(out, i, (float)(own / sum));
	}
}
