// SPDX-License-Identifier: MIT
/*
 * Epilogues of products: bias, multipliers of integers, residual, activation, and real numbers
 * become codes, each rounded to fp32 as section 12 of the hardware manual says.
 */
#include "code.h"

/* What accumulators are multiplied with; the same for every column without a vector of scales. */
float tsr_multiplier(const struct tsr_tensor_info *a, float scale,
		     const struct tsr_tensor_info *out)
{
	float both = a->scale * scale;

	return both / (tsr_type_is_integer(out->type) ? out->scale : 1.0f);
}

static void add_residual(struct tsr_vector *vector, unsigned int reg,
			 const struct tsr_tensor_info *out)
{
	if (tsr_type_is_quantized(out->type)) {
		tsr_code_constant(vector, out->scale);
		TSR_CODE(vector, DIV, TSR_F32, (uint8_t)reg, (uint8_t)reg, TSR_CODE_CONSTANT);
	}
	TSR_CODE(vector, ADD, TSR_F32, TSR_HW_VECTOR_VALUE, TSR_HW_VECTOR_VALUE, (uint8_t)reg);
}

/* i32 to f32 in units of the output. */
static void multiply(struct tsr_vector *vector, const struct tsr_epilogue *epilogue,
		     const struct tsr_tensor_info *a, const struct tsr_tensor_info *b,
		     const struct tsr_tensor_info *out)
{
	uint8_t by = TSR_CODE_CONSTANT;

	tsr_code_convert(vector, TSR_I32, TSR_F32, TSR_HW_VECTOR_VALUE);
	if (epilogue->multipliers)
		by = vector->head.inputs++;
	else
		tsr_code_constant(vector, tsr_multiplier(a, b->scale, out));
	TSR_CODE(vector, MUL, TSR_F32, TSR_HW_VECTOR_VALUE, TSR_HW_VECTOR_VALUE, by);
}

void tsr_epilogue_of(const struct tsr_step *step, const struct tsr_epilogue *epilogue,
		     const struct tsr_tensor_info *a, const struct tsr_tensor_info *b,
		     const struct tsr_tensor_info *out, struct tsr_vector *vector)
{
	bool integers = tsr_type_is_quantized(a->type);

	*vector = (struct tsr_vector){ .head = { .result = TSR_HW_VECTOR_VALUE } };
	if (epilogue->bias)
		TSR_CODE(vector, ADD, integers ? TSR_I32 : TSR_F32, TSR_HW_VECTOR_VALUE,
			 TSR_HW_VECTOR_VALUE, vector->head.inputs++);
	if (integers && out->type == TSR_INT32)
		return;
	if (integers)
		multiply(vector, epilogue, a, b, out);
	if (epilogue->residual)
		add_residual(vector, vector->head.inputs++, out);
	tsr_code_activate(vector, TSR_HW_VECTOR_VALUE, step,
			  tsr_type_is_quantized(out->type) ? out->scale : 1.0f);
	tsr_code_round(vector, TSR_HW_VECTOR_VALUE, out);
}
