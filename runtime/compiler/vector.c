// SPDX-License-Identifier: MIT
/*
 * VECTOR programs of element-wise steps: integers become real numbers, the function, the
 * activation behind it, and real numbers become integers, each rounded to fp32 as section 12
 * of the hardware manual says.
 */
#include <endian.h>
#include <string.h>

#include <tsr_hw/vector.h>

#include "compiler.h"

/* Registers: x and the result in the first, y in the second, as inputs come. */
enum { X, Y, CONSTANT = 5, OTHER, CHOICE };

/* Beyond this no rounded value is inside of an 8-bit type, whatever its zero point. */
#define FAR	16777216.0f

#define F32	TSR_HW_VECTOR_TYPE_F32
#define I32	TSR_HW_VECTOR_TYPE_I32

static void add(struct tsr_vector *vector, const struct tsr_hw_insn *insn)
{
	vector->code[vector->head.insns] = *insn;
	vector->code[vector->head.insns++].imm = htole16(insn->imm);
}

/* dst = OP(a, b); @b is 0 for operations of one operand. */
#define ADD(vector, operation, kind, to, x, y)						\
	add(vector, &(const struct tsr_hw_insn){ .op = TSR_HW_VECTOR_##operation,	\
		    .type = kind, .dst = to, .a = x, .b = y })

/* Into the register of constants; its number is the immediate. */
static void constant_bits(struct tsr_vector *vector, unsigned int type, uint32_t bits)
{
	const struct tsr_hw_insn insn = { .op = TSR_HW_VECTOR_CONSTANT, .type = (uint8_t)type,
					  .dst = CONSTANT, .imm = vector->head.consts };

	vector->constants[vector->head.consts++] = htole64(bits);
	add(vector, &insn);
}

static void constant(struct tsr_vector *vector, float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	constant_bits(vector, F32, bits);
}

static void convert(struct tsr_vector *vector, unsigned int from, unsigned int to, unsigned int reg)
{
	const struct tsr_hw_insn insn = { .op = TSR_HW_VECTOR_CONVERT, .type = (uint8_t)from,
					  .dst = (uint8_t)reg, .a = (uint8_t)reg,
					  .imm = (uint16_t)to };

	add(vector, &insn);
}

static bool has_zero_point(const struct tsr_tensor_info *info)
{
	return tsr_type_is_quantized(info->type) && info->zero_point;
}

/* fl(fl(q - zero point) * scale); floating types are loaded as what they are. */
static void dequantize(struct tsr_vector *vector, unsigned int reg,
		       const struct tsr_tensor_info *info)
{
	if (!tsr_type_is_integer(info->type))
		return;
	if (has_zero_point(info)) {
		constant_bits(vector, I32, (uint32_t)info->zero_point);
		ADD(vector, SUB, I32, reg, reg, CONSTANT);
	}
	convert(vector, I32, F32, reg);
	if (info->scale != 1) {
		constant(vector, info->scale);
		ADD(vector, MUL, F32, reg, reg, CONSTANT);
	}
}

static void at_least(struct tsr_vector *vector, float limit)
{
	constant(vector, limit);
	ADD(vector, MAX, F32, X, X, CONSTANT);
}

static void at_most(struct tsr_vector *vector, float limit)
{
	constant(vector, limit);
	ADD(vector, MIN, F32, X, X, CONSTANT);
}

/* rne(fl(y / scale)) + zero point; storing saturates, and rounds where nothing is added. */
static void quantize(struct tsr_vector *vector, const struct tsr_tensor_info *info)
{
	if (!tsr_type_is_integer(info->type))
		return;
	if (info->scale != 1) {
		constant(vector, info->scale);
		ADD(vector, DIV, F32, X, X, CONSTANT);
	}
	if (!has_zero_point(info))
		return;
	/* Not-a-number becomes 0, and then the zero point. The sum does not wrap. */
	if (info->zero_point > 0)
		at_most(vector, FAR);
	else
		at_least(vector, -FAR);
	convert(vector, F32, I32, X);
	constant_bits(vector, I32, (uint32_t)info->zero_point);
	ADD(vector, ADD, I32, X, X, CONSTANT);
}

static void hard_sigmoid(struct tsr_vector *vector, float alpha, float beta)
{
	constant(vector, alpha);
	ADD(vector, MUL, F32, X, X, CONSTANT);
	constant(vector, beta);
	ADD(vector, ADD, F32, X, X, CONSTANT);
	at_least(vector, 0);
	at_most(vector, 1);
}

/* What is below zero is multiplied, all else kept. */
static void leaky_relu(struct tsr_vector *vector, float alpha)
{
	const struct tsr_hw_insn choose = { .op = TSR_HW_VECTOR_SELECT, .dst = X, .a = CHOICE,
					    .b = OTHER, .c = X };

	constant(vector, alpha);
	ADD(vector, MUL, F32, OTHER, X, CONSTANT);
	constant(vector, 0);
	ADD(vector, LT, F32, CHOICE, X, CONSTANT);
	add(vector, &choose);
}

static void unary(struct tsr_vector *vector, enum tsr_function function, float alpha, float beta)
{
	switch (function) {
	case TSR_RELU:
		at_least(vector, 0);
		break;
	case TSR_CLIP:
		at_least(vector, alpha);
		at_most(vector, beta);
		break;
	case TSR_SIGMOID:
		ADD(vector, SIGMOID, F32, X, X, 0);
		break;
	case TSR_TANH:
		ADD(vector, TANH, F32, X, X, 0);
		break;
	case TSR_EXP:
		ADD(vector, EXP, F32, X, X, 0);
		break;
	case TSR_SQRT:
		ADD(vector, SQRT, F32, X, X, 0);
		break;
	case TSR_NEG:
		ADD(vector, NEG, F32, X, X, 0);
		break;
	case TSR_ABS:
		ADD(vector, ABS, F32, X, X, 0);
		break;
	case TSR_LEAKY_RELU:
		leaky_relu(vector, alpha);
		break;
	case TSR_HARD_SIGMOID:
		hard_sigmoid(vector, alpha, beta);
		break;
	default:	/* TSR_ERF; functions of two inputs are binary()'s */
		ADD(vector, ERF, F32, X, X, 0);
		break;
	}
}

static void binary(struct tsr_vector *vector, enum tsr_function function)
{
	switch (function) {
	case TSR_ADD:
		ADD(vector, ADD, F32, X, X, Y);
		break;
	case TSR_SUB:
		ADD(vector, SUB, F32, X, X, Y);
		break;
	case TSR_MUL:
		ADD(vector, MUL, F32, X, X, Y);
		break;
	case TSR_DIV:
		ADD(vector, DIV, F32, X, X, Y);
		break;
	case TSR_MIN:
		ADD(vector, MIN, F32, X, X, Y);
		break;
	default:	/* TSR_MAX; functions of one input are unary()'s */
		ADD(vector, MAX, F32, X, X, Y);
		break;
	}
}

static void activate(struct tsr_vector *vector, const struct tsr_step *step)
{
	if (step->activation == TSR_ACTIVATION_RELU)
		at_least(vector, 0);
	if (step->activation == TSR_ACTIVATION_CLIP) {
		at_least(vector, step->alpha);
		at_most(vector, step->beta);
	}
}

void tsr_vector_of(const struct tsr_step *step, const struct tsr_tensor_info *const in[2],
		   const struct tsr_tensor_info *out, struct tsr_vector *vector)
{
	const struct tsr_graph_node *node = step->node;

	*vector = (struct tsr_vector){ .head = { .inputs = 1, .result = X } };
	dequantize(vector, X, in[0]);
	if (step->op == TSR_OPERATOR_BINARY) {
		vector->head.inputs = 2;
		dequantize(vector, Y, in[1]);
		binary(vector, node->elementwise.function);
	} else if (step->op == TSR_OPERATOR_UNARY) {
		unary(vector, node->elementwise.function, node->elementwise.alpha,
		      node->elementwise.beta);
	}
	activate(vector, step);
	quantize(vector, out);
}
