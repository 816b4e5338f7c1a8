/* SPDX-License-Identifier: MIT */
/* Exact integer matrix product by pairs of 16 bits. */
#ifndef VNPU_TILE_INT8_PAIRS_H
#define VNPU_TILE_INT8_PAIRS_H

#include <stdint.h>

/**
 * int8_by_pairs() - C = A * B, as int8_matmul() has it
 * @m: rows of A and C
 * @n: columns of B and C
 * @k: columns of A, rows of B
 * @a: A
 * @b: B
 * @c: C
 *
 * Return: 0, -ENOMEM, or -ENOTSUP where there are no such instructions or they are of no use.
 */
int int8_by_pairs(int64_t m, int64_t n, int64_t k, const uint8_t *a, const int8_t *b, int32_t *c);

#endif
