/* SPDX-License-Identifier: MIT */
/*
 * Products of strict mode: each result is one fp32 accumulator that begins with +0 and takes
 * one fused multiply-add a term, in one order, whatever the host and however many threads.
 */
#ifndef VNPU_TILE_STRICT_PRODUCT_H
#define VNPU_TILE_STRICT_PRODUCT_H

#include <stdint.h>

struct tile_memory;

/**
 * struct strict_product - C [m, n] = A [m, k] * B [k, n]
 * @m: rows of @a and @c
 * @n: columns of @b and @c
 * @k: columns of @a, rows of @b
 * @a: first operand
 * @lda: elements from row to row
 * @b: second operand
 * @ldb: elements from row to row
 * @c: result; overlaps neither
 * @ldc: elements from row to row
 * @order: @k different numbers below @k, in the order in which terms are added; NULL: ascending
 */
struct strict_product {
	uint64_t m;
	uint64_t n;
	uint64_t k;
	const float *a;
	uint64_t lda;
	const float *b;
	uint64_t ldb;
	float *c;
	uint64_t ldc;
	const uint32_t *order;
};

/**
 * strict_product() - multiply, by all threads
 * @memory: who is asked whether to give up, at least every few milliseconds of work
 * @product: the product
 *
 * Return: TSR_HW_ERR_NONE or EXECUTION_ABORTED.
 */
int strict_product(const struct tile_memory *memory, const struct strict_product *product);

#endif
