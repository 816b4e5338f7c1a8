// SPDX-License-Identifier: MIT
/*
 * VECTOR programs before and behind reductions and softmax: integers become real numbers, sums
 * become means, and real numbers become integers, each rounded to fp32.
 */
#include "code.h"

#define VALUE	TSR_HW_VECTOR_VALUE

static bool sums(const struct tsr_step *step)
{
	return step->op == TSR_OPERATOR_REDUCE &&
	       (step->node->reduce.reduction == TSR_REDUCTION_SUM ||
		step->node->reduce.reduction == TSR_REDUCTION_MEAN);
}

bool tsr_vector_before(const struct tsr_step *step, const struct tsr_tensor_info *in,
		       struct tsr_vector *vector)
{
	*vector = (struct tsr_vector){ .head = { .result = VALUE } };
	if (step->op == TSR_OPERATOR_SOFTMAX) {
		tsr_code_dequantize(vector, VALUE, in);
	} else if (sums(step) && tsr_type_is_quantized(in->type) && in->zero_point) {
		tsr_code_constant_bits(vector, TSR_I32, (uint32_t)in->zero_point);
		TSR_CODE(vector, SUB, TSR_I32, VALUE, VALUE, TSR_CODE_CONSTANT);
	}
	return vector->head.insns;
}

/* Of a sum of codes: fl(fl(sum) * fl(scale / output's)). */
static void rescale(struct tsr_vector *vector, const struct tsr_tensor_info *in,
		    const struct tsr_tensor_info *out)
{
	float factor = in->scale / out->scale;

	tsr_code_convert(vector, TSR_I64, TSR_F32, VALUE);
	if (factor == 1)
		return;
	tsr_code_constant(vector, factor);
	TSR_CODE(vector, MUL, TSR_F32, VALUE, VALUE, TSR_CODE_CONSTANT);
}

static float count_of(const struct tsr_tensor_info *in, uint32_t axes)
{
	int64_t count = 1;

	for (unsigned int i = 0; i < in->rank; i++)
		count *= axes >> i & 1 ? in->dim[i] : 1;
	return (float)count;
}

bool tsr_vector_behind(const struct tsr_step *step, const struct tsr_tensor_info *in,
		       const struct tsr_tensor_info *out, struct tsr_vector *vector)
{
	bool codes = tsr_type_is_integer(in->type);

	*vector = (struct tsr_vector){ .head = { .result = VALUE } };
	if (step->op == TSR_OPERATOR_SOFTMAX)
		tsr_code_quantize(vector, VALUE, out);
	if (!sums(step))
		return vector->head.insns;
	if (codes)
		rescale(vector, in, out);
	if (step->node->reduce.reduction == TSR_REDUCTION_MEAN)
		tsr_code_divide(vector, VALUE, count_of(in, step->node->reduce.axes));
	if (codes)
		tsr_code_round(vector, VALUE, out);
	return vector->head.insns;
}
