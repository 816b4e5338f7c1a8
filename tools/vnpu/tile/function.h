/* SPDX-License-Identifier: MIT */
/* The element-wise functions TSR_HW_EW_*, in fp32. */
#ifndef VNPU_TILE_FUNCTION_H
#define VNPU_TILE_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct activation;

/** function_is_binary() - whether it takes two inputs */
bool function_is_binary(uint32_t function);

/**
 * function_decode() - check a unary function and its parameters
 * @function: TSR_HW_EW_*
 * @alpha: fp32 bits
 * @beta: fp32 bits
 * @parameters: result
 *
 * Parameters the function does not have must be zero, others not NaN.
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int function_decode(uint32_t function, uint32_t alpha, uint32_t beta,
		    struct activation *parameters);

/** function_passes() - vector passes per element: 4 for what is iterated, else 1 */
uint32_t function_passes(uint32_t function);

/**
 * function_unary() - in place
 * @function: TSR_HW_EW_*
 * @parameters: from function_decode()
 * @values: values
 * @n: their number
 */
void function_unary(uint32_t function, const struct activation *parameters, float *values,
		    size_t n);

/**
 * function_binary() - first operand in place
 * @function: TSR_HW_EW_*
 * @values: first operand and result
 * @other: second operand
 * @n: their number
 */
void function_binary(uint32_t function, float *values, const float *other, size_t n);

#endif
