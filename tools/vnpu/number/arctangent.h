/* SPDX-License-Identifier: MIT */
/* Arc tangents in fp64, for functions that are made of them. For vector loops. */
#ifndef VNPU_NUMBER_ARCTANGENT_H
#define VNPU_NUMBER_ARCTANGENT_H

#include "angle_table.h"
#include "exponential.h"

/**
 * struct corner - the angle at the origin of a point, up to a quarter turn
 * @known: an angle of the table
 * @over: the rest is the arc tangent of over / under, which is at most 1/32 in magnitude
 * @under: exact, as @over is, if the point has coordinates of 24 bits
 */
struct corner {
	struct atan_entry known;
	double over;
	double under;
};

/*
 * By the multiple c of 1/16 next to y / x: atan(y / x) = atan(c) + atan((y - c x) / (x + c y)).
 * If y is larger, it is pi / 2 less that of x / y. Neither is negative, and one is not 0.
 */
static inline struct corner corner_of(double y, double x)
{
	double least = y > x ? x : y;
	double most = y > x ? y : x;
	double nearest = least / most * ATAN_PER_UNIT + ROUNDER;
	double c = (nearest - ROUNDER) / ATAN_PER_UNIT;
	uint64_t index = fp64_bits(nearest) - fp64_bits(ROUNDER) + (y > x ? ATAN_ENTRIES : 0);
	double over = least - c * most;

	return (struct corner){
		.known = atan_table[nearest == nearest ? index : 0],
		.over = y > x ? -over : over,
		.under = most + c * least,
	};
}

/* (atan(t) - t) / t, |t| at most 1/32: what the series leaves out is below 2^-63. */
static inline double atan_tail(double t)
{
	double square = t * t;

	return ((((((1.0 / 13) * square - 1.0 / 11) * square + 1.0 / 9) * square -
		   1.0 / 7) * square + 1.0 / 5) * square - 1.0 / 3) * square;
}

static inline double angle_of_corner(struct corner corner)
{
	double t = corner.over / corner.under;

	return corner.known.high + (t + (t * atan_tail(t) + corner.known.low));
}

#endif
