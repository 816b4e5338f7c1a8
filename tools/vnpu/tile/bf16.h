/* SPDX-License-Identifier: MIT */
/* Products of matrices of bf16 with fp32 sums: C [m, n] = A [m, k] * B [k, n], all dense. */
#ifndef VNPU_TILE_BF16_H
#define VNPU_TILE_BF16_H

#include <stdint.h>

/**
 * bf16_matmul() - by instructions for bf16, where the processor has them
 * @m: rows of A and C
 * @n: columns of B and C
 * @k: columns of A, rows of B
 * @a: A
 * @b: B
 * @c: C
 *
 * They take what is below the normal numbers as 0, in operands and in sums: there must be no such
 * thing (subnormals_bf16()).
 *
 * Return: 0, -ENOMEM or -ENOTSUP.
 */
int bf16_matmul(int64_t m, int64_t n, int64_t k, const uint16_t *a, const uint16_t *b, float *c);

/** bf16_matmul_wide() - the same as a product of fp32, of any elements */
int bf16_matmul_wide(int64_t m, int64_t n, int64_t k, const uint16_t *a, const uint16_t *b,
		     float *c);

#endif
