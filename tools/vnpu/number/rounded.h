/* SPDX-License-Identifier: MIT */
/*
 * Functions of fp32 values, correctly rounded: the exact result, rounded once to nearest,
 * ties to even. So they are the same on every host, whatever its C library.
 *
 * Those of one value work in fp64 to within 2^-50 of the exact result, far closer than the
 * 2^-25 between a rounded value and the point halfway to the next. Which arguments come so
 * near to halfway that this does not decide is known for 2^32 arguments: they are settled
 * at the function (settle.h), and every argument was tried (tests/test_rounded.c).
 *
 * Those of two values decide in fp64, too, wherever it can, and otherwise in twice that
 * precision, 2^-90; results that are exact, or exactly halfway, are found as such. The chance
 * that among all 2^64 arguments one is nearer to halfway than 2^-90 of itself is about one in
 * 30, and none is known.
 *
 * All work in place. Not-a-number gives not-a-number where ISO C does not say otherwise.
 */
#ifndef VNPU_NUMBER_ROUNDED_H
#define VNPU_NUMBER_ROUNDED_H

#include <stddef.h>

/** number_exp2() - 2^x */
void number_exp2(float *values, size_t n);

/** number_exp() - e^x */
void number_exp(float *values, size_t n);

/** number_expm1() - e^x - 1; -0 stays -0 */
void number_expm1(float *values, size_t n);

/** number_tanh() - hyperbolic tangent */
void number_tanh(float *values, size_t n);

/** number_sigmoid() - 1 / (1 + e^-x) */
void number_sigmoid(float *values, size_t n);

/** number_log2() - logarithm to base 2: of 0 -infinity, of negative values not-a-number */
void number_log2(float *values, size_t n);

/** number_log() - natural logarithm; as number_log2() */
void number_log(float *values, size_t n);

/** number_log1p() - logarithm of 1 + x: of -1 -infinity, below not-a-number; -0 stays -0 */
void number_log1p(float *values, size_t n);

/** number_sqrt() - square root; of -0 -0 */
void number_sqrt(float *values, size_t n);

/** number_rsqrt() - 1 / square root; of +-0 infinity of that sign */
void number_rsqrt(float *values, size_t n);

/** number_reciprocal() - 1 / x */
void number_reciprocal(float *values, size_t n);

/** number_erf() - error function */
void number_erf(float *values, size_t n);

/** number_sin() - sine of any angle; of infinities not-a-number */
void number_sin(float *values, size_t n);

/** number_cos() - cosine; as number_sin() */
void number_cos(float *values, size_t n);

/** number_atan() - arc tangent */
void number_atan(float *values, size_t n);

/**
 * number_pow() - x^y, special values as ISO C says
 * @base: x; replaced by the results
 * @exponent: y
 * @n: elements
 */
void number_pow(float *base, const float *exponent, size_t n);

/**
 * number_atan2() - the angle of the point (x, y), special values as ISO C says
 * @y: replaced by the results
 * @x: as many
 * @n: elements
 */
void number_atan2(float *y, const float *x, size_t n);

#endif
