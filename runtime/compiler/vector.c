// SPDX-License-Identifier: MIT
/*
 * VECTOR programs of element-wise steps: integers become real numbers, the function, the
 * activation behind it, and real numbers become integers, each rounded to fp32 as section 12
 * of the hardware manual says.
 */
#include "code.h"

/* Registers: x and the result in the first, y in the second, as inputs come. */
enum {
	X, Y, COUNT = TSR_HW_VECTOR_MAX_INPUTS - 1, VALUE = TSR_HW_VECTOR_VALUE,
	CONSTANT = TSR_CODE_CONSTANT, OTHER, CHOICE,
};

#define ADD	TSR_CODE

static bool has_zero_point(const struct tsr_tensor_info *info)
{
	return tsr_type_is_quantized(info->type) && info->zero_point;
}

static void hard_sigmoid(struct tsr_vector *vector, float alpha, float beta)
{
	tsr_code_constant(vector, alpha);
	ADD(vector, MUL, TSR_F32, X, X, CONSTANT);
	tsr_code_constant(vector, beta);
	ADD(vector, ADD, TSR_F32, X, X, CONSTANT);
	tsr_code_at_least(vector, X, 0);
	tsr_code_at_most(vector, X, 1);
}

/* What is below zero is multiplied, all else kept. */
static void leaky_relu(struct tsr_vector *vector, float alpha)
{
	const struct tsr_hw_insn choose = { .op = TSR_HW_VECTOR_SELECT, .dst = X, .a = CHOICE,
					    .b = OTHER, .c = X };

	tsr_code_constant(vector, alpha);
	ADD(vector, MUL, TSR_F32, OTHER, X, CONSTANT);
	tsr_code_constant(vector, 0);
	ADD(vector, LT, TSR_F32, CHOICE, X, CONSTANT);
	tsr_code_add(vector, &choose);
}

static void unary(struct tsr_vector *vector, enum tsr_function function, float alpha, float beta)
{
	switch (function) {
	case TSR_RELU:
		tsr_code_at_least(vector, X, 0);
		break;
	case TSR_CLIP:
		tsr_code_at_least(vector, X, alpha);
		tsr_code_at_most(vector, X, beta);
		break;
	case TSR_SIGMOID:
		ADD(vector, SIGMOID, TSR_F32, X, X, 0);
		break;
	case TSR_TANH:
		ADD(vector, TANH, TSR_F32, X, X, 0);
		break;
	case TSR_EXP:
		ADD(vector, EXP, TSR_F32, X, X, 0);
		break;
	case TSR_SQRT:
		ADD(vector, SQRT, TSR_F32, X, X, 0);
		break;
	case TSR_NEG:
		ADD(vector, NEG, TSR_F32, X, X, 0);
		break;
	case TSR_ABS:
		ADD(vector, ABS, TSR_F32, X, X, 0);
		break;
	case TSR_LEAKY_RELU:
		leaky_relu(vector, alpha);
		break;
	case TSR_HARD_SIGMOID:
		hard_sigmoid(vector, alpha, beta);
		break;
	default:	/* TSR_ERF; functions of two inputs are binary()'s */
		ADD(vector, ERF, TSR_F32, X, X, 0);
		break;
	}
}

static void binary(struct tsr_vector *vector, enum tsr_function function)
{
	switch (function) {
	case TSR_ADD:
		ADD(vector, ADD, TSR_F32, X, X, Y);
		break;
	case TSR_SUB:
		ADD(vector, SUB, TSR_F32, X, X, Y);
		break;
	case TSR_MUL:
		ADD(vector, MUL, TSR_F32, X, X, Y);
		break;
	case TSR_DIV:
		ADD(vector, DIV, TSR_F32, X, X, Y);
		break;
	case TSR_MIN:
		ADD(vector, MIN, TSR_F32, X, X, Y);
		break;
	default:	/* TSR_MAX; functions of one input are unary()'s */
		ADD(vector, MAX, TSR_F32, X, X, Y);
		break;
	}
}

void tsr_vector_of(const struct tsr_step *step, const struct tsr_tensor_info *const in[2],
		   const struct tsr_tensor_info *out, struct tsr_vector *vector)
{
	const struct tsr_graph_node *node = step->node;

	*vector = (struct tsr_vector){ .head = { .inputs = 1, .result = X } };
	tsr_code_dequantize(vector, X, in[0]);
	if (step->op == TSR_OPERATOR_BINARY) {
		vector->head.inputs = 2;
		tsr_code_dequantize(vector, Y, in[1]);
		binary(vector, node->elementwise.function);
	} else if (step->op == TSR_OPERATOR_UNARY) {
		unary(vector, node->elementwise.function, node->elementwise.alpha,
		      node->elementwise.beta);
	}
	tsr_code_activate(vector, X, step, 1.0f);
	tsr_code_quantize(vector, X, out);
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
	tsr_code_constant_bits(vector, TSR_I64, (uint64_t)(counts ? zero : zero * (int64_t)taps));
	if (counts)
		ADD(vector, MUL, TSR_I64, CONSTANT, COUNT, CONSTANT);
	ADD(vector, SUB, TSR_I64, VALUE, VALUE, CONSTANT);
}

/* A window wholly in the padding has a sum of 0, and so an average of 0. */
static void divide_by_count(struct tsr_vector *vector)
{
	tsr_code_constant_bits(vector, TSR_I64, 1);
	ADD(vector, MAX, TSR_I64, COUNT, COUNT, CONSTANT);
	tsr_code_convert(vector, TSR_I64, TSR_F32, COUNT);
	ADD(vector, DIV, TSR_F32, X, X, COUNT);
}

/* The sum in units of the output. */
static void scale_sum(struct tsr_vector *vector, const struct tsr_tensor_info *in,
		      const struct tsr_tensor_info *out)
{
	tsr_code_convert_to(vector, TSR_I64, TSR_F32, VALUE, X);
	if (in->scale != out->scale) {
		tsr_code_constant(vector, in->scale / out->scale);
		ADD(vector, MUL, TSR_F32, X, X, CONSTANT);
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
		ADD(vector, MOVE, TSR_F32, X, VALUE, 0);
	}
	if (is_mean) {
		divide_by_count(vector);
	} else {
		tsr_code_constant(vector, (float)taps);
		ADD(vector, DIV, TSR_F32, X, X, CONSTANT);
	}
	codes.scale = 1;
	tsr_code_quantize(vector, X, &codes);
	return counts;
}
