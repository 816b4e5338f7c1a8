/* SPDX-License-Identifier: MIT */
#ifndef VNPU_NUMBER_EXTREMUM_H
#define VNPU_NUMBER_EXTREMUM_H

#include "bits.h"

/*
 * Maximum and minimum of the manual, those of IEEE 754-2019: not-a-number if an operand
 * is, and -0 is below +0. So the order of the operands of a reduction has no effect.
 * Written without branches, for vectors.
 */

/* Equal operands differ in the sign of a zero only. A comparison with NaN takes @y. */
static inline float maximum(float x, float y)
{
	float best = x > y ? x : y;

	best = x == y ? fp32_of_bits(fp32_bits(x) & fp32_bits(y)) : best;
	return x != x ? x : best;
}

static inline float minimum(float x, float y)
{
	float best = x < y ? x : y;

	best = x == y ? fp32_of_bits(fp32_bits(x) | fp32_bits(y)) : best;
	return x != x ? x : best;
}

/* The activation CLIP: @low first, as the manual says. */
static inline float clamp_fp32(float x, float low, float high)
{
	return minimum(maximum(x, low), high);
}

#endif
