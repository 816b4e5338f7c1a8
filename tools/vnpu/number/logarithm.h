/* SPDX-License-Identifier: MIT */
/* Logarithms in fp64, for functions that are made of them. For vector loops. */
#ifndef VNPU_NUMBER_LOGARITHM_H
#define VNPU_NUMBER_LOGARITHM_H

#include "bits.h"
#include "exponential.h"

#define ROOT_OF_HALF	0x1.6a09e667f3bcdp-1

/**
 * struct magnitude - x as m * 2^k, m between the roots of 1/2 and 2
 */
struct magnitude {
	double m;
	double k;
};

/* @x is normal and positive. */
static inline struct magnitude magnitude_of(double x)
{
	uint64_t above = fp64_bits(x) - fp64_bits(ROOT_OF_HALF) + (1024ull << MANTISSA_BITS);
	uint64_t k = above >> MANTISSA_BITS;

	return (struct magnitude){
		.m = fp64_of_bits(fp64_bits(x) - ((k - 1024) << MANTISSA_BITS)),
		.k = fp64_of_bits(fp64_bits(0x1p52) | k) - (0x1p52 + 1024),
	};
}

/*
 * The logarithm of (1 + f) / (1 - f): twice the inverse hyperbolic tangent. |f| is at most
 * 0.172; what the series leaves out is below 2^-59 of the result.
 */
static inline double log_of_ratio(double f)
{
	static const double reciprocal[] = {
		2.0 / 23, 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13, 2.0 / 11, 2.0 / 9,
		2.0 / 7, 2.0 / 5, 2.0 / 3,
	};
	double square = f * f;
	double sum = reciprocal[0];

#pragma GCC unroll 16
	for (unsigned int i = 1; i < sizeof(reciprocal) / sizeof(reciprocal[0]); i++)
		sum = sum * square + reciprocal[i];
	return 2 * f + f * square * sum;
}

#endif
