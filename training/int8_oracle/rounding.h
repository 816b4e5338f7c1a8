/* SPDX-License-Identifier: MIT */
/*
 * The rounding rules of the programming manual for 8-bit integers. Each product, sum and quotient
 * is rounded once to IEEE single precision, ties to even.
 */
#ifndef ORACLE_ROUNDING_H
#define ORACLE_ROUNDING_H

#include <stdint.h>

/**
 * struct quantization - how codes of a tensor stand for real numbers
 * @scale: real distance between neighbouring codes
 * @zero_point: code of zero
 * @lowest: smallest code
 * @highest: largest code
 */
struct quantization {
	float scale;
	int32_t zero_point;
	int32_t lowest;
	int32_t highest;
};

/**
 * to_code() - code nearest to a value given in steps of the tensor from zero
 * @steps: the value divided by the scale
 * @q: the tensor
 *
 * Return: the code; the zero point for a value that is not a number.
 */
int32_t to_code(float steps, const struct quantization *q);

/**
 * to_real() - real number of a code
 * @code: the code
 * @q: the tensor
 */
float to_real(int32_t code, const struct quantization *q);

/**
 * requantize_sum() - code of an integer sum of products with its bias
 * @sum: sum of products of codes less their zero points, plus the bias
 * @input_scale: scale of the input
 * @weight_scale: scale of the output channel's weights
 * @output: the output tensor
 */
int32_t requantize_sum(int32_t sum, float input_scale, float weight_scale,
		       const struct quantization *output);

/**
 * requantize_mean() - code of the mean of codes less their zero point
 * @sum: their sum
 * @count: how many
 * @input_scale: scale of the input
 * @output: the output tensor
 */
int32_t requantize_mean(int32_t sum, int32_t count, float input_scale,
			const struct quantization *output);

/**
 * requantize_real() - code of a real number
 * @value: the number
 * @output: the output tensor
 */
int32_t requantize_real(float value, const struct quantization *output);

#endif
