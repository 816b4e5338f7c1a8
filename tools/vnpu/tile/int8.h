/* SPDX-License-Identifier: MIT */
/* Exact integer matrix product, on every host. */
#ifndef VNPU_TILE_INT8_H
#define VNPU_TILE_INT8_H

#include <stdbool.h>
#include <stdint.h>

/**
 * int8_matmul() - C = A * B in int32, two's complement
 * @m: rows of A and C
 * @n: columns of B and C
 * @k: columns of A, rows of B
 * @a: A, dense
 * @b: B, dense
 * @c: C, dense
 *
 * Through oneDNN where it is exact, else by pairs of 16 bits, else through fp32 in blocks of K so
 * short that every partial sum is an integer fp32 can hold.
 *
 * Return: 0, -ENOMEM or -ENOTSUP.
 */
int int8_matmul(int64_t m, int64_t n, int64_t k, const uint8_t *a, const int8_t *b,
		int32_t *c);

/**
 * int8_by_library() - whether the library's products are exact on this host; the same in every call
 */
bool int8_by_library(void);

/** int8_way() - how most products are computed on this host: words for people */
const char *int8_way(void);

#endif
