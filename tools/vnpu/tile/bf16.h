/* SPDX-License-Identifier: MIT */
/* Product of matrices of bf16 with fp32 sums. */
#ifndef VNPU_TILE_BF16_H
#define VNPU_TILE_BF16_H

#include <stdint.h>

/**
 * bf16_matmul() - C = A * B in fp32
 * @m: rows of A and C
 * @n: columns of B and C
 * @k: columns of A, rows of B
 * @a: A, dense
 * @b: B, dense
 * @c: C, dense
 *
 * Processors' bf16 instructions take what is below the normal numbers as 0, in operands and in
 * sums. They are used where there is no such thing; else the product is one of fp32.
 *
 * Return: 0, -ENOMEM or -ENOTSUP.
 */
int bf16_matmul(int64_t m, int64_t n, int64_t k, const uint16_t *a, const uint16_t *b, float *c);

#endif
