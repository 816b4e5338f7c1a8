/* SPDX-License-Identifier: MIT */
#include "rounded.h"

#include <math.h>

#include "each.h"
#include "erf_table.h"
#include "exponential.h"

/* Beyond it, results round to 1. */
#define ERF_HIGHEST	4.0

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
static inline float erf_one(float x)
{
	double magnitude = limited(fabs((double)x), 0, ERF_HIGHEST);
	double rounder = magnitude * ERF_PER_UNIT + ROUNDER;
	double c = (rounder - ROUNDER) / ERF_PER_UNIT;
	uint64_t index = x == x ? fp64_bits(rounder) - fp64_bits(ROUNDER) : 0;

	return (float)copysign(erf_near(c, magnitude - c, &erf_table[index]), (double)x);
}

DEFINE_EACH(erf)
