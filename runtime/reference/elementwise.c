// SPDX-License-Identifier: MIT
/* One element at a time: functions of one or two inputs, change of type. */
#include <math.h>

#include "operators.h"

/* IEEE 754-2019: not-a-number if one operand is, and -0 is below +0. */
static float maximum(float a, float b)
{
	if (isnan(a) || isnan(b))
		return a + b;
	if (a == b)
		return signbit(a) ? b : a;
	return a > b ? a : b;
}

static float minimum(float a, float b)
{
	return -maximum(-a, -b);
}

static float function1(enum tsr_function function, float x, float alpha, float beta)
{
	switch (function) {
	case TSR_RELU:
		return maximum(x, 0);
	case TSR_CLIP:
		return minimum(maximum(x, alpha), beta);
	case TSR_SIGMOID:
		return (float)(1 / (1 + exp(-(double)x)));
	case TSR_TANH:
		return (float)tanh((double)x);
	case TSR_EXP:
		return (float)exp((double)x);
	case TSR_SQRT:
		return sqrtf(x);
	case TSR_NEG:
		return -x;
	case TSR_ABS:
		return fabsf(x);
	case TSR_LEAKY_RELU:
		return x < 0 ? alpha * x : x;
	case TSR_HARD_SIGMOID:
		return minimum(maximum(alpha * x + beta, 0), 1);
	default:
		return (float)erf((double)x);
	}
}

static float function2(enum tsr_function function, float a, float b)
{
	switch (function) {
	case TSR_ADD:
		return a + b;
	case TSR_SUB:
		return a - b;
	case TSR_MUL:
		return a * b;
	case TSR_DIV:
		return a / b;
	case TSR_MIN:
		return minimum(a, b);
	default:
		return maximum(a, b);
	}
}

void reference_unary(const struct tsr_graph_node *node, const struct array *in, struct array *out)
{
	size_t i;

	for (i = 0; i < out->count; i++)
		array_store(out, i, function1(node->elementwise.function, array_real(&in[0], i),
					      node->elementwise.alpha, node->elementwise.beta));
}

/* The element that stands at the place @at of the output, as numpy broadcasts. */
static float broadcast(const struct array *x, const struct array *out,
		       const int64_t at[TSR_RANK_MAX])
{
	unsigned int missing = out->info->rank - x->info->rank, d;
	int64_t place[TSR_RANK_MAX];

	for (d = 0; d < x->info->rank; d++)
		place[d] = x->info->dim[d] == 1 ? 0 : at[d + missing];
	return array_real(x, array_index(x, place));
}

void reference_binary(const struct tsr_graph_node *node, const struct array *in, struct array *out)
{
	int64_t at[TSR_RANK_MAX];
	size_t i;

	for (i = 0; i < out->count; i++) {
		array_locate(out, i, at);
		array_store(out, i, function2(node->elementwise.function,
					      broadcast(&in[0], out, at),
					      broadcast(&in[1], out, at)));
	}
}

void reference_convert(const struct tsr_graph_node *node, const struct array *in,
		       struct array *out)
{
	size_t i;

	(void)node;
	for (i = 0; i < out->count; i++)
		array_store(out, i, array_real(&in[0], i));
}
