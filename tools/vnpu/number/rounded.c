/* SPDX-License-Identifier: MIT */
#include "rounded.h"

#include <math.h>
#include <stdint.h>

#include "bits.h"
#include "clones.h"
#include "erf_table.h"

/* Adding it rounds to an integer, which then is in the low bits of the representation. */
#define ROUNDER		0x1.8p52

/* ln 2 in two parts; an integer of up to 12 bits times the first part is exact. */
#define LN2_HIGH	0x1.62e42fefa2000p-1
#define LN2_LOW		0x1.9ef35793c7673p-41
#define LN2_INVERSE	0x1.71547652b82fep+0

#define EXPONENT_BIAS	1023
#define MANTISSA_BITS	52

/* Beyond these, results round to 0, infinity or 1 as they do at them. */
#define EXP_LOWEST	(-110.0)
#define EXP_HIGHEST	90.0
#define TANH_HIGHEST	20.0
#define SIGMOID_HIGHEST	40.0
#define ERF_HIGHEST	4.0

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

/* @x is at most a few hundred in magnitude. */
static inline struct power power_of_e(double x)
{
	double rounder = x * LN2_INVERSE + ROUNDER;
	double k = rounder - ROUNDER;
	double r = (x - k * LN2_HIGH) - k * LN2_LOW;

	return (struct power){
		.scale = fp64_of_bits((fp64_bits(rounder) + EXPONENT_BIAS) << MANTISSA_BITS),
		.rest = r + r * r * exp_tail(r),
	};
}

static inline double exp_of(double x)
{
	struct power power = power_of_e(x);

	return power.scale + power.scale * power.rest;
}

static inline float rounded_exp_one(float x)
{
	return (float)exp_of(limited((double)x, EXP_LOWEST, EXP_HIGHEST));
}

/* By e^2x - 1, which keeps the relative precision near 0. */
static inline float rounded_tanh_one(float x)
{
	double magnitude = limited(fabs((double)x), 0, TANH_HIGHEST);
	struct power power = power_of_e(2 * magnitude);
	double e = power.scale * power.rest + (power.scale - 1);

	return (float)copysign(e / (e + 2), (double)x);
}

/*
 * Near 0 it is 1/2 + x/4 - x^3/48, and 1/2 + x/4 can lie exactly halfway between two
 * values, where the cube decides though fp64 has no room for it. In that range the sum is
 * exact and either halfway or at least 2^-50 away from it, so 2^-52 stands for the cube.
 */
static inline double sigmoid_near_zero(double x)
{
	return (0.5 + x / 4) - copysign(0x1p-52, x);
}

/* The one argument whose result is closer to halfway, 2^-56, than fp64 tells. */
#define SIGMOID_HARDEST		(-0x1.250c02p-10)
#define SIGMOID_OF_HARDEST	0x1.ffb6bep-2

static inline float rounded_sigmoid_one(float x)
{
	double wide = (double)x;
	double far = 1 / (1 + exp_of(limited(-wide, -SIGMOID_HIGHEST, -EXP_LOWEST)));
	double near = sigmoid_near_zero(wide);
	double y = fabs(wide) < 0x1p-15 ? near : far;

	return (float)(wide == SIGMOID_HARDEST ? SIGMOID_OF_HARDEST : y);
}

/*
 * Taylor series at the next multiple c of 1/16, h away: erf(c) + erf'(c) h (1 + t1 / 2 +
 * t2 / 3 ...), terms by the recurrence of the Hermite polynomials.
 */
static inline double erf_near(double c, double h, const struct erf_entry *entry)
{
	double before = 1;
	double term = -2 * h * c;
	double sum = 1 + term / 2;

#pragma GCC unroll 16
	for (int n = 1; n < 13; n++) {
		double next = -2 * h * (c * term + h * before) * (1.0 / (n + 1));

		before = term;
		term = next;
		sum += term * (1.0 / (n + 2));
	}
	return entry->value + entry->slope * h * sum;
}

/* The table is not read with the index of a NaN. */
static inline float rounded_erf_one(float x)
{
	double magnitude = limited(fabs((double)x), 0, ERF_HIGHEST);
	double rounder = magnitude * ERF_PER_UNIT + ROUNDER;
	double c = (rounder - ROUNDER) / ERF_PER_UNIT;
	uint64_t index = x == x ? fp64_bits(rounder) - fp64_bits(ROUNDER) : 0;

	return (float)copysign(erf_near(c, magnitude - c, &erf_table[index]), (double)x);
}

#define DEFINE_ROUNDED(name)							\
TILE_CLONES void number_##name(float *values, size_t n)			\
{										\
	for (size_t i = 0; i < n; i++)						\
		values[i] = rounded_##name##_one(values[i]);			\
}

DEFINE_ROUNDED(exp)
DEFINE_ROUNDED(tanh)
DEFINE_ROUNDED(sigmoid)
DEFINE_ROUNDED(erf)
