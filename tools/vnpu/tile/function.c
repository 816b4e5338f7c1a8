/* SPDX-License-Identifier: MIT */
#include "function.h"

#include <math.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>

#include "activation.h"
#include "number/clones.h"
#include "number/extremum.h"
#include "number/rounded.h"

bool function_is_binary(uint32_t function)
{
	return function <= TSR_HW_EW_MAX;
}

static bool has_alpha(uint32_t function)
{
	return function == TSR_HW_EW_LEAKY_RELU || function == TSR_HW_EW_HARD_SIGMOID;
}

int function_decode(uint32_t function, uint32_t alpha, uint32_t beta,
		    struct activation *parameters)
{
	parameters->kind = TSR_HW_ACT_NONE;
	if (function < TSR_HW_EW_RELU || function > TSR_HW_EW_ERF)
		return TSR_HW_ERR_COMMAND;
	if (function == TSR_HW_EW_CLIP)
		return activation_decode_limits(alpha, beta, parameters);
	if (alpha && !has_alpha(function))
		return TSR_HW_ERR_COMMAND;
	if (beta && function != TSR_HW_EW_HARD_SIGMOID)
		return TSR_HW_ERR_COMMAND;
	memcpy(&parameters->alpha, &alpha, sizeof(alpha));
	memcpy(&parameters->beta, &beta, sizeof(beta));
	return isnan(parameters->alpha) || isnan(parameters->beta) ? TSR_HW_ERR_COMMAND :
								     TSR_HW_ERR_NONE;
}

uint32_t function_passes(uint32_t function)
{
	switch (function) {
	case TSR_HW_EW_DIV:
	case TSR_HW_EW_SIGMOID:
	case TSR_HW_EW_TANH:
	case TSR_HW_EW_EXP:
	case TSR_HW_EW_SQRT:
	case TSR_HW_EW_ERF:
		return 4;
	default:
		return 1;
	}
}

#define DEFINE_UNARY(name, expression)							\
TILE_CLONES static void unary_##name(float *values, size_t n, float alpha, float beta)	\
{											\
	(void)alpha;									\
	(void)beta;									\
	for (size_t i = 0; i < n; i++) {						\
		float x = values[i];							\
											\
		values[i] = (expression);						\
	}										\
}

DEFINE_UNARY(relu, maximum(x, 0))
DEFINE_UNARY(clip, clamp_fp32(x, alpha, beta))
DEFINE_UNARY(sqrt, sqrtf(x))
DEFINE_UNARY(neg, -x)
DEFINE_UNARY(abs, fabsf(x))
DEFINE_UNARY(leaky_relu, x < 0 ? x * alpha : x)
DEFINE_UNARY(hard_sigmoid, clamp_fp32(x * alpha + beta, 0, 1))

#define DEFINE_ROUNDED(name)								\
static void unary_##name(float *values, size_t n, float alpha, float beta)		\
{											\
	(void)alpha;									\
	(void)beta;									\
	number_##name(values, n);							\
}

DEFINE_ROUNDED(exp)
DEFINE_ROUNDED(tanh)
DEFINE_ROUNDED(sigmoid)
DEFINE_ROUNDED(erf)

void function_unary(uint32_t function, const struct activation *parameters, float *values,
		    size_t n)
{
	static void (*const unary[])(float *values, size_t n, float alpha, float beta) = {
		[TSR_HW_EW_RELU] = unary_relu,
		[TSR_HW_EW_CLIP] = unary_clip,
		[TSR_HW_EW_SIGMOID] = unary_sigmoid,
		[TSR_HW_EW_TANH] = unary_tanh,
		[TSR_HW_EW_EXP] = unary_exp,
		[TSR_HW_EW_SQRT] = unary_sqrt,
		[TSR_HW_EW_NEG] = unary_neg,
		[TSR_HW_EW_ABS] = unary_abs,
		[TSR_HW_EW_LEAKY_RELU] = unary_leaky_relu,
		[TSR_HW_EW_HARD_SIGMOID] = unary_hard_sigmoid,
		[TSR_HW_EW_ERF] = unary_erf,
	};

	unary[function](values, n, parameters->alpha, parameters->beta);
}

#define DEFINE_BINARY(name, expression)							\
TILE_CLONES static void binary_##name(float *values, const float *other, size_t n)	\
{											\
	for (size_t i = 0; i < n; i++) {						\
		float x = values[i];							\
		float y = other[i];							\
											\
		values[i] = (expression);						\
	}										\
}

DEFINE_BINARY(add, x + y)
DEFINE_BINARY(sub, x - y)
DEFINE_BINARY(mul, x * y)
DEFINE_BINARY(div, x / y)
DEFINE_BINARY(min, minimum(x, y))
DEFINE_BINARY(max, maximum(x, y))

void function_binary(uint32_t function, float *values, const float *other, size_t n)
{
	static void (*const binary[])(float *values, const float *other, size_t n) = {
		[TSR_HW_EW_ADD] = binary_add,
		[TSR_HW_EW_SUB] = binary_sub,
		[TSR_HW_EW_MUL] = binary_mul,
		[TSR_HW_EW_DIV] = binary_div,
		[TSR_HW_EW_MIN] = binary_min,
		[TSR_HW_EW_MAX] = binary_max,
	};

	binary[function](values, other, n);
}
