/* SPDX-License-Identifier: MIT */
/* Sums of products of elements of any value: exact for integers, of floats within their bound. */
#ifndef TEST_SUMS_H
#define TEST_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "bench.h"

/**
 * struct sum - a sum in the making
 * @real: of floats
 * @value: the exact one
 * @magnitude: sum of the absolute products
 * @terms: products
 * @wrapped: of integers modulo 2^32
 */
struct sum {
	bool real;
	double value;
	double magnitude;
	uint64_t terms;
	uint32_t wrapped;
};

/** sums_types() - random types of two operands, floats or bytes, and of their output */
void sums_types(struct bench *bench, bool integer, unsigned int *types);

/** sums_add() - one more product */
void sums_add(struct sum *sum, double a, double b);

/** sums_stored() - whether a sum is what element @n of an output without a program has */
bool sums_stored(const struct bench *bench, const struct sum *sum, const struct tsr_hw_tensor *d,
		 uint64_t n);

#endif
