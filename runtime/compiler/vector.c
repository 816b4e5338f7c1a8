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
enum { X, Y, COUNT = TSR_HW_VECTOR_MAX_INPUTS - 1, VALUE = TSR_HW_VECTOR_VALUE, CONSTANT, OTHER, CHOICE };

/* Beyond this no rounded value is inside of an 8-bit type, whatever its zero point. */
#define FAR	16777216.0f

#define F32	TSR_HW_VECTOR_TYPE_F32
#define I32	TSR_HW_VECTOR_TYPE_I32
#define I64	TSR_HW_VECTOR_TYPE_I64

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
static void constant_bits(struct tsr_vector *vector, unsigned int type, uint64_t bits)
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

static void convert_to(struct tsr_vector *vector, unsigned int from, unsigned int to,
		       unsigned int from_reg, unsigned int to_reg)
{
	const struct tsr_hw_insn insn = { .op = TSR_HW_VECTOR_CONVERT, .type = (uint8_t)from,
					  .dst = (uint8_t)to_reg, .a = (uint8_t)from_reg,
					  .imm = (uint16_t)to };

	add(vector, &insn);
}

static void convert(struct tsr_vector *vector, unsigned int from, unsigned int to, unsigned int reg)
{
	convert_to(vector, from, to, reg, reg);
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

static bool is_padded(const struct tsr_pool_options *options)
{
	return options->pad[0] || options->pad[1] || options->pad[2] || options->pad[3];
}

/* What zero points add to a sum: as often as there are elements. */
static void subtract_zero_points(struct tsr_vector *vector, const struct tsr_tensor_info *in,
				 bool counts, uint64_t taps)
{
	int64_t zero = in->zero_point;

	if (!has_zero_point(in))
		return;
	constant_bits(vector, I64, (uint64_t)(counts ? zero : zero * (int64_t)taps));
	if (counts)
		ADD(vector, MUL, I64, CONSTANT, COUNT, CONSTANT);
	ADD(vector, SUB, I64, VALUE, VALUE, CONSTANT);
}

/* A window wholly in the padding has a sum of 0, and so an average of 0. */
static void divide_by_count(struct tsr_vector *vector)
{
	constant_bits(vector, I64, 1);
	ADD(vector, MAX, I64, COUNT, COUNT, CONSTANT);
	convert(vector, I64, F32, COUNT);
	ADD(vector, DIV, F32, X, X, COUNT);
}

/* The sum in units of the output. */
static void scale_sum(struct tsr_vector *vector, const struct tsr_tensor_info *in,
		      const struct tsr_tensor_info *out)
{
	convert_to(vector, I64, F32, VALUE, X);
	if (in->scale != out->scale) {
		constant(vector, in->scale / out->scale);
		ADD(vector, MUL, F32, X, X, CONSTANT);
	}
}

bool tsr_vector_of_average(const struct tsr_graph_node *node, const struct tsr_tensor_info *in,
			   const struct tsr_tensor_info *out, struct tsr_vector *vector)
{
	const struct tsr_pool_options *options = &node->pool.options;
	uint64_t taps = (uint64_t)options->kernel[0] * options->kernel[1];
	bool is_mean = node->pool.mode == TSR_POOL_MODE_AVERAGE && is_padded(options);
	bool counts = is_padded(options) && (is_mean || has_zero_point(in));
	struct tsr_tensor_info codes = *out;

	*vector = (struct tsr_vector){ .head = { .result = X } };
	if (tsr_type_is_integer(in->type)) {
		subtract_zero_points(vector, in, counts, taps);
		scale_sum(vector, in, out);
	} else {
		ADD(vector, MOVE, F32, X, VALUE, 0);
	}
	if (is_mean) {
		divide_by_count(vector);
	} else {
		constant(vector, (float)taps);
		ADD(vector, DIV, F32, X, X, CONSTANT);
	}
	codes.scale = 1;
	quantize(vector, &codes);
	return counts;
}
