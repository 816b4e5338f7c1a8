/* SPDX-License-Identifier: MIT */
/*
 * Functions of fp32 values, correctly rounded, from libraries that share nothing with the
 * code under test: libm in fp64, whose error is a few units in the last place, and where
 * that does not decide, libquadmath in 113 bits.
 */
#ifndef VNPU_NUMBER_TESTS_EXACT_H
#define VNPU_NUMBER_TESTS_EXACT_H

#include <stdbool.h>

enum exact_function {
	EXACT_EXP, EXACT_EXP2, EXACT_EXPM1, EXACT_TANH, EXACT_SIGMOID, EXACT_LOG, EXACT_LOG2,
	EXACT_LOG1P, EXACT_SQRT, EXACT_RSQRT, EXACT_RECIPROCAL, EXACT_ERF, EXACT_SIN, EXACT_COS,
	EXACT_ATAN, EXACT_FUNCTIONS
};

/**
 * exact_rounded() - a function's value, rounded once
 * @is_hard: set if it comes closer to halfway between two fp32 than 2^-50 of itself
 */
float exact_rounded(enum exact_function function, float argument, bool *is_hard);

#endif
