/* SPDX-License-Identifier: MIT */
#include "precise.h"

#include <math.h>

#include "logarithm.h"

#define LN2		((struct pair){ 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56 })
#define LN2_RECIPROCAL	((struct pair){ 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56 })

/*
 * Terms of the series: all that matter, and those of them of which more matters than an fp64
 * has. An arc tangent's argument is at most 1/32, the others' are those of fp64.
 */
#define LOG_TERMS	22
#define LOG_PAIRS	11
#define EXP_TERMS	24
#define EXP_PAIRS	14
#define ATAN_TERMS	11
#define ATAN_PAIRS	6

static const struct pair one = { 1, 0 };

/* The series as in log_of_ratio(). */
struct pair precise_log2(double x)
{
	struct magnitude magnitude = magnitude_of(x);
	struct pair f = pair_divide((struct pair){ magnitude.m - 1, 0 }, magnitude.m + 1);
	struct pair square = pair_multiply(f, f);
	struct pair sum = { 0, 0 };

	for (int i = LOG_TERMS; i > LOG_PAIRS; i--)
		sum.high = (sum.high + 1.0 / (2 * i + 1)) * square.high;
	for (int i = LOG_PAIRS; i > 0; i--)
		sum = pair_multiply(pair_add(sum, pair_divide(one, 2 * i + 1)), square);
	f = pair_add(f, pair_multiply(f, sum));
	f = pair_multiply(f, LN2_RECIPROCAL);
	return pair_add((struct pair){ magnitude.k, 0 }, pair_add(f, f));
}

/* 1 + r (1 + r / 2 (1 + r / 3 ...)) of the remainder r. */
struct pair precise_exp2(struct pair x)
{
	double whole = (x.high + ROUNDER) - ROUNDER;
	struct pair r = pair_multiply(pair_add(x, (struct pair){ -whole, 0 }), LN2);
	struct pair sum = one;

	for (int i = EXP_TERMS; i > EXP_PAIRS; i--)
		sum.high = 1 + r.high / i * sum.high;
	for (int i = EXP_PAIRS; i > 0; i--)
		sum = pair_add(one, pair_divide(pair_multiply(r, sum), i));
	return (struct pair){ ldexp(sum.high, (int)whole), ldexp(sum.low, (int)whole) };
}

/* t (1 - t^2 / 3 + t^4 / 5 ...) */
struct pair precise_atan(double over, double under)
{
	struct pair t = pair_divide((struct pair){ over, 0 }, under);
	struct pair square = pair_multiply(t, t);
	struct pair sum = { 0, 0 };

	for (int i = ATAN_TERMS; i > ATAN_PAIRS; i--)
		sum.high = (sum.high + (i % 2 ? -1.0 : 1.0) / (2 * i + 1)) * square.high;
	for (int i = ATAN_PAIRS; i > 0; i--) {
		struct pair sign = { i % 2 ? -1 : 1, 0 };

		sum = pair_multiply(pair_add(sum, pair_divide(sign, 2 * i + 1)), square);
	}
	return pair_add(t, pair_multiply(t, sum));
}
