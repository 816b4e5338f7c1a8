/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_FP32_H
#define VNPU_TILE_FP32_H

#include <stdint.h>

/**
 * fp32_matmul() - C = A * B in fp32
 * @m: rows of A and C
 * @n: columns of B and C
 * @k: columns of A, rows of B
 * @a: A, dense
 * @b: B, dense
 * @c: C, dense
 *
 * Through oneDNN; by plain loops should it fail its trial, and where the product is small.
 *
 * Return: 0 or -ENOMEM.
 */
int fp32_matmul(int64_t m, int64_t n, int64_t k, const float *a, const float *b, float *c);

/**
 * fp32_matmul_columns() - fp32_matmul() for some columns of B and C
 * @m: rows of A and C
 * @n: columns of these
 * @k: columns of A, rows of B
 * @pitch: columns that B and C have in all
 * @a: A, dense
 * @b: the first of these columns
 * @c: the first of these columns; others do not change
 *
 * Return: 0 or -ENOMEM.
 */
int fp32_matmul_columns(int64_t m, int64_t n, int64_t k, int64_t pitch, const float *a,
			const float *b, float *c);

#endif
