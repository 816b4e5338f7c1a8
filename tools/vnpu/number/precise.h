/* SPDX-License-Identifier: MIT */
/* Functions in twice the precision of fp64, for the few arguments where fp64 does not decide. */
#ifndef VNPU_NUMBER_PRECISE_H
#define VNPU_NUMBER_PRECISE_H

#include "pair.h"

/** precise_log2() - to within 2^-98 of itself; @x is positive, and has at most 24 bits */
struct pair precise_log2(double x);

/** precise_exp2() - to within 2^-98 of itself; @x is at most some hundred in magnitude */
struct pair precise_exp2(struct pair x);

/* Powers that are computed together. */
#define PRECISE_LANES	16u

/**
 * precise_powers() - x^y, rounded once unless it is close to halfway between two fp32
 * @x: PRECISE_LANES numbers as those of precise_log2()
 * @y: as many fp32; x^y is within 2^-160 and 2^130
 * @to: as many results
 */
void precise_powers(const double *x, const double *y, float *to);

/**
 * precise_atan() - arc tangent of over / under, to within 2^-98 of itself
 * @over: the quotient is at most 1/32 in magnitude
 * @under: not 0
 *
 * If the quotient is exact in fp64, the result differs from it, as the exact one does, however
 * small it is: the low part of a pair is not bound to the bits next to the high part.
 */
struct pair precise_atan(double over, double under);

#endif
