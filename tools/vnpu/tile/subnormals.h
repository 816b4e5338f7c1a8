/* SPDX-License-Identifier: MIT */
/*
 * Whether a product of matrices meets numbers below the normal ones. Some processors take a
 * hundred times as long for each of them, and instructions for bf16 take them as 0.
 */
#ifndef VNPU_TILE_SUBNORMALS_H
#define VNPU_TILE_SUBNORMALS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * subnormals_fp32() - whether an operand, a product or a sum of products may be subnormal
 * @a: elements of one matrix
 * @a_count: how many
 * @b: elements of the other one
 * @b_count: how many
 *
 * False is certain, whatever the order of the sums.
 */
bool subnormals_fp32(const void *a, uint64_t a_count, const void *b, uint64_t b_count);

/** subnormals_exponent() - least exponent field of what is not 0; 0 of what is subnormal */
unsigned int subnormals_exponent(const float *elements, uint64_t count);

/** subnormals_follow() - as subnormals_fp32(), from the least exponent fields of both matrices */
bool subnormals_follow(unsigned int x, unsigned int y);

/** subnormals_bf16() - the same of elements of bf16, whose products are summed in fp32 */
bool subnormals_bf16(const void *a, uint64_t a_count, const void *b, uint64_t b_count);

#endif
