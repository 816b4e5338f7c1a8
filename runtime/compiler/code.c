// SPDX-License-Identifier: MIT
#include "code.h"

#include <endian.h>
#include <string.h>

/* Beyond this no rounded value is inside of an 8-bit type, whatever its zero point. */
#define FAR	16777216.0f

void tsr_code_add(struct tsr_vector *vector, const struct tsr_hw_insn *insn)
{
	vector->code[vector->head.insns] = *insn;
	vector->code[vector->head.insns++].imm = htole16(insn->imm);
}

/* Its number is the immediate. */
void tsr_code_constant_bits(struct tsr_vector *vector, unsigned int type, uint64_t bits)
{
	const struct tsr_hw_insn insn = { .op = TSR_HW_VECTOR_CONSTANT, .type = (uint8_t)type,
					  .dst = TSR_CODE_CONSTANT, .imm = vector->head.consts };

	vector->constants[vector->head.consts++] = htole64(bits);
	tsr_code_add(vector, &insn);
}

void tsr_code_constant(struct tsr_vector *vector, float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	tsr_code_constant_bits(vector, TSR_F32, bits);
}

void tsr_code_convert_to(struct tsr_vector *vector, unsigned int from, unsigned int to,
			 unsigned int from_reg, unsigned int to_reg)
{
	const struct tsr_hw_insn insn = { .op = TSR_HW_VECTOR_CONVERT, .type = (uint8_t)from,
					  .dst = (uint8_t)to_reg, .a = (uint8_t)from_reg,
					  .imm = (uint16_t)to };

	tsr_code_add(vector, &insn);
}

void tsr_code_convert(struct tsr_vector *vector, unsigned int from, unsigned int to,
		      unsigned int reg)
{
	tsr_code_convert_to(vector, from, to, reg, reg);
}

void tsr_code_at_least(struct tsr_vector *vector, unsigned int reg, float limit)
{
	tsr_code_constant(vector, limit);
	TSR_CODE(vector, MAX, TSR_F32, (uint8_t)reg, (uint8_t)reg, TSR_CODE_CONSTANT);
}

void tsr_code_at_most(struct tsr_vector *vector, unsigned int reg, float limit)
{
	tsr_code_constant(vector, limit);
	TSR_CODE(vector, MIN, TSR_F32, (uint8_t)reg, (uint8_t)reg, TSR_CODE_CONSTANT);
}

void tsr_code_activate(struct tsr_vector *vector, unsigned int reg, const struct tsr_step *step,
		       float unit)
{
	if (step->activation == TSR_ACTIVATION_RELU)
		tsr_code_at_least(vector, reg, 0);
	if (step->activation == TSR_ACTIVATION_CLIP) {
		tsr_code_at_least(vector, reg, step->alpha / unit);
		tsr_code_at_most(vector, reg, step->beta / unit);
	}
}

/* rne(y) + zero point; storing saturates, and rounds where nothing is added. */
void tsr_code_round(struct tsr_vector *vector, unsigned int reg, const struct tsr_tensor_info *info)
{
	uint8_t to = (uint8_t)reg;

	if (!tsr_type_is_quantized(info->type) || !info->zero_point)
		return;
	/* Not-a-number becomes 0, and then the zero point. The sum does not wrap. */
	if (info->zero_point > 0)
		tsr_code_at_most(vector, reg, FAR);
	else
		tsr_code_at_least(vector, reg, -FAR);
	tsr_code_convert(vector, TSR_F32, TSR_I32, reg);
	tsr_code_constant_bits(vector, TSR_I32, (uint32_t)info->zero_point);
	TSR_CODE(vector, ADD, TSR_I32, to, to, TSR_CODE_CONSTANT);
}

void tsr_code_dequantize(struct tsr_vector *vector, unsigned int reg,
			 const struct tsr_tensor_info *info)
{
	uint8_t to = (uint8_t)reg;

	if (!tsr_type_is_integer(info->type))
		return;
	if (tsr_type_is_quantized(info->type) && info->zero_point) {
		tsr_code_constant_bits(vector, TSR_I32, (uint32_t)info->zero_point);
		TSR_CODE(vector, SUB, TSR_I32, to, to, TSR_CODE_CONSTANT);
	}
	tsr_code_convert(vector, TSR_I32, TSR_F32, reg);
	if (info->scale != 1) {
		tsr_code_constant(vector, info->scale);
		TSR_CODE(vector, MUL, TSR_F32, to, to, TSR_CODE_CONSTANT);
	}
}

void tsr_code_divide(struct tsr_vector *vector, unsigned int reg, float divisor)
{
	uint8_t to = (uint8_t)reg;

	if (divisor == 1)
		return;
	tsr_code_constant(vector, divisor);
	TSR_CODE(vector, DIV, TSR_F32, to, to, TSR_CODE_CONSTANT);
}

void tsr_code_quantize(struct tsr_vector *vector, unsigned int reg,
		       const struct tsr_tensor_info *info)
{
	if (!tsr_type_is_integer(info->type))
		return;
	tsr_code_divide(vector, reg, info->scale);
	tsr_code_round(vector, reg, info);
}
