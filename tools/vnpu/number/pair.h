/* SPDX-License-Identifier: MIT */
/*
 * Numbers of twice the precision of fp64: unevaluated sums of two. Operations are right to
 * within 2^-102 of their result. Nothing here depends on a fused multiply-add.
 */
#ifndef VNPU_NUMBER_PAIR_H
#define VNPU_NUMBER_PAIR_H

#include "bits.h"

/* Multiplied by it, the upper half of a mantissa splits off. */
#define SPLITTER	0x1.0000002p27

/**
 * struct pair - high + low
 * @high: the sum, rounded to fp64
 * @low: what @high lacks
 */
struct pair {
	double high;
	double low;
};

/* Exact, where @x is 0 or not smaller in magnitude than @y. */
static inline struct pair pair_of_ordered(double x, double y)
{
	double sum = x + y;

	return (struct pair){ sum, y - (sum - x) };
}

/* Exact. */
static inline struct pair pair_of_sum(double x, double y)
{
	double sum = x + y;
	double part = sum - x;

	return (struct pair){ sum, (x - (sum - part)) + (y - part) };
}

/* Exact. */
static inline struct pair pair_of_product(double x, double y)
{
	double product = x * y;
	double x_high = x * SPLITTER - (x * SPLITTER - x);
	double y_high = y * SPLITTER - (y * SPLITTER - y);
	double x_low = x - x_high;
	double y_low = y - y_high;

	return (struct pair){ product, ((x_high * y_high - product) + x_high * y_low +
					x_low * y_high) + x_low * y_low };
}

static inline struct pair pair_add(struct pair x, struct pair y)
{
	struct pair high = pair_of_sum(x.high, y.high);
	struct pair low = pair_of_sum(x.low, y.low);
	struct pair sum = pair_of_ordered(high.high, high.low + low.high);

	return pair_of_ordered(sum.high, sum.low + low.low);
}

static inline struct pair pair_multiply(struct pair x, struct pair y)
{
	struct pair product = pair_of_product(x.high, y.high);

	return pair_of_ordered(product.high,
			       product.low + (x.high * y.low + x.low * y.high));
}

static inline struct pair pair_divide(struct pair x, double y)
{
	double quotient = x.high / y;
	struct pair product = pair_of_product(quotient, y);
	double rest = ((x.high - product.high) - product.low) + x.low;

	return pair_of_ordered(quotient, rest / y);
}

static inline struct pair pair_negative(struct pair x)
{
	return (struct pair){ -x.high, -x.low };
}

/*
 * A positive pair rounded to fp32 once: by way of an fp64 that is odd if it is not exact, so
 * that it is not mistaken for what lies halfway.
 */
static inline float pair_rounded(struct pair x)
{
	uint64_t bits = fp64_bits(x.high);

	if (x.low != 0 && bits % 2 == 0)
		bits += x.low > 0 ? 1 : UINT64_MAX;
	return (float)fp64_of_bits(bits);
}

#endif
