/* SPDX-License-Identifier: MIT */
/* e^x in fp64, for functions that are made of it. For vector loops, so without branches. */
#ifndef VNPU_NUMBER_EXPONENTIAL_H
#define VNPU_NUMBER_EXPONENTIAL_H

#include "bits.h"

/* Adding it rounds to an integer, which then is in the low bits of the representation. */
#define ROUNDER		0x1.8p52

/* ln 2 in two parts; an integer of up to 12 bits times the first part is exact. */
#define LN2_HIGH	0x1.62e42fefa2000p-1
#define LN2_LOW		0x1.9ef35793c7673p-41
#define LN2_INVERSE	0x1.71547652b82fep+0

#define EXPONENT_BIAS	1023
#define MANTISSA_BITS	52

/**
 * struct power - e^x as scale * (1 + rest)
 * @scale: a power of two
 * @rest: e^r - 1 for the remainder r, at most half of ln 2 in magnitude
 */
struct power {
	double scale;
	double rest;
};

/* NaN stays what it is. */
static inline double limited(double x, double low, double high)
{
	x = x < low ? low : x;
	return x > high ? high : x;
}

/* (e^r - 1 - r) / r^2 by the Taylor series: what it leaves out is below 2^-57. */
static inline double exp_tail(double r)
{
	static const double reciprocal[] = {
		1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
		1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24,
		1.0 / 6, 1.0 / 2,
	};
	double sum = reciprocal[0];

#pragma GCC unroll 16
	for (unsigned int i = 1; i < sizeof(reciprocal) / sizeof(reciprocal[0]); i++)
		sum = sum * r + reciprocal[i];
	return sum;
}

/* 2^k for the integer k that @rounder = k + ROUNDER holds. */
static inline double power_of_two(double rounder)
{
	return fp64_of_bits((fp64_bits(rounder) + EXPONENT_BIAS) << MANTISSA_BITS);
}

/* @x is at most a few hundred in magnitude. */
static inline struct power power_of_e(double x)
{
	double rounder = x * LN2_INVERSE + ROUNDER;
	double k = rounder - ROUNDER;
	double r = (x - k * LN2_HIGH) - k * LN2_LOW;

	return (struct power){
		.scale = power_of_two(rounder),
		.rest = r + r * r * exp_tail(r),
	};
}

static inline double exp_of(double x)
{
	struct power power = power_of_e(x);

	return power.scale + power.scale * power.rest;
}

#endif
