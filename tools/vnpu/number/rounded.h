/* SPDX-License-Identifier: MIT */
/*
 * Functions of one fp32 value, correctly rounded: the exact result, rounded once to
 * nearest, ties to even. So they are the same on every host, whatever its C library.
 *
 * Each works in fp64 to within 2^-51 of the exact result, far closer than the 2^-25
 * between a rounded value and the point halfway to the next. Which arguments come so
 * near to halfway that this does not decide is known for 2^32 arguments: it is settled
 * at the function, and every argument was tried (tests/test_rounded.c).
 */
#ifndef VNPU_NUMBER_ROUNDED_H
#define VNPU_NUMBER_ROUNDED_H

#include <stddef.h>

/** number_exp() - e^x; @n values in place */
void number_exp(float *values, size_t n);

/** number_tanh() - hyperbolic tangent; @n values in place */
void number_tanh(float *values, size_t n);

/** number_sigmoid() - 1 / (1 + e^-x); @n values in place */
void number_sigmoid(float *values, size_t n);

/** number_erf() - error function; @n values in place */
void number_erf(float *values, size_t n);

#endif
