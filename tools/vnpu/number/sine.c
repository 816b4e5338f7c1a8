/* SPDX-License-Identifier: MIT */
#include "rounded.h"

#include <math.h>

#include "angle_table.h"
#include "each.h"
#include "exponential.h"
#include "settle.h"

#define HALF_PI_HIGH	0x1.921fb54442d18p+0
#define HALF_PI_LOW	0x1.1a62633145c07p-54

#define EXPONENT_MASK	(0x7ffull << MANTISSA_BITS)

/**
 * struct angle - x as quarter turns: a whole number and a rest of little more than half
 * @turns: the number in the low bits
 * @high: the rest, rounded
 * @low: what @high lacks
 */
struct angle {
	uint64_t turns;
	double high;
	double low;
};

/*
 * The mantissa of x times 2^e in quarter turns, in three products of which two are exact.
 * No fp32 but 0 comes closer to whole quarter turns than 2^-32, and the sum of the products
 * is right to 2^-86.
 */
static inline struct angle angle_of(double x)
{
	uint64_t bits = fp64_bits(x);
	uint64_t above = (bits & EXPONENT_MASK) >> MANTISSA_BITS;
	uint64_t index = above - (EXPONENT_BIAS + QUARTER_LOWEST);
	const struct quarters *power = &quarters_table[index < QUARTER_ENTRIES ? index : 0];
	double m = fp64_of_bits((bits & ~EXPONENT_MASK) | fp64_bits(1.0));
	double whole = m * power->high + ROUNDER;
	double first = m * power->high - (whole - ROUNDER);
	double second = m * power->middle;
	double sum = first + second;
	double part = sum - first;
	double lack = (first - (sum - part)) + (second - part) + m * power->low;
	double high = sum + lack;

	return (struct angle){ fp64_bits(whole), high, lack - (high - sum) };
}

/* (pi / 2)^n / n! with the signs of the series: for n = 17, 15 ... 3. */
static const double sine_terms[] = {
	0x1.aaec32af93359p-38, -0x1.6fadb9f155744p-31, 0x1.e8f434d018d63p-25,
	-0x1.e3074fde8871fp-19, 0x1.50783487ee782p-13, -0x1.32d2cce62bd86p-8,
	0x1.466bc6775aae2p-4, -0x1.4abbce625be53p-1,
};

/* For n = 18, 16 ... 2. */
static const double cosine_terms[] = {
	-0x1.2a0c591af8314p-41, 0x1.20c62c2f2d7f5p-34, -0x1.b6e24f44b128fp-28,
	0x1.f9d38a3763cc3p-22, -0x1.a6d1f2a204a8cp-16, 0x1.e1f506891babbp-11,
	-0x1.55d3c7e3cbffap-6, 0x1.03c1f081b5ac4p-2, -0x1.3bd3cc9be45dep+0,
};

static inline __attribute__((always_inline))
double series(const double *terms, unsigned int n, double square)
{
	double sum = terms[0];

#pragma GCC unroll 16
	for (unsigned int i = 1; i < n; i++)
		sum = sum * square + terms[i];
	return sum * square;
}

/* What the series leave out is below 2^-59 of the result. */
static inline double sine_of_rest(struct angle angle, double square)
{
	double tail = series(sine_terms, 8, square);

	return angle.high * HALF_PI_HIGH +
	       (angle.high * (tail + HALF_PI_LOW) + angle.low * HALF_PI_HIGH);
}

static inline double cosine_of_rest(double square)
{
	return 1 + series(cosine_terms, 9, square);
}

/* The sine, @ahead quarter turns further. */
static inline double sine_ahead(double x, uint64_t ahead)
{
	struct angle angle = angle_of(x);
	double square = angle.high * angle.high + 2 * (angle.high * angle.low);
	double sine = sine_of_rest(angle, square);
	double cosine = cosine_of_rest(square);
	uint64_t turns = angle.turns + ahead;
	double y = turns & 1 ? cosine : sine;

	return turns & 2 ? -y : y;
}

static inline float sin_one(float x)
{
	float y = (float)sine_ahead((double)x, 0);

	y = settled(x, y, 0x1.33333p+13f, -0x1.63f4bap-2f);
	y = settled(x, y, -0x1.33333p+13f, 0x1.63f4bap-2f);
	y = fabsf(x) < INFINITY ? y : x - x;
	return x == 0 ? x : y;
}

static inline float cos_one(float x)
{
	float magnitude = fabsf(x);
	float y = (float)sine_ahead((double)x, 1);

	y = settled(magnitude, y, 0x1.3170fp+63f, 0x1.fe2976p-1f);
	y = settled(magnitude, y, 0x1.2b9622p+67f, 0x1.f0285ep-1f);
	y = magnitude < INFINITY ? y : x - x;
	return x == 0 ? 1 : y;
}

DEFINE_EACH(sin)
DEFINE_EACH(cos)
