/* SPDX-License-Identifier: MIT */
/*
 * x^y. There are 2^64 arguments, so their hardest are not known. First it is computed in
 * fp64, to within DOUBTFUL. Where values that far apart round to different fp32, once in
 * some 2^16 elements, the result is either exact in fp64, which integers tell, or computed
 * to within 2^-90 and then rounded. Arguments can be chosen so that all elements are such:
 * they are computed side by side, for some 30 times what others take.
 */
#include "rounded.h"

#include <math.h>
#include <stdbool.h>

#include "clones.h"
#include "logarithm.h"
#include "precise.h"

#define CHUNK			256

/* y log2(x) is at most 160 where the result is an fp32, and right to within 2^-44. */
#define DOUBTFUL		0x1p-42

/* Beyond these exponents, powers of two are 0 or infinite. */
#define EXP2_LOWEST		(-160.0)
#define EXP2_HIGHEST		130.0

/* With such exponents whatever is not 1 has a power of 0 or infinity. */
#define LARGEST_EXPONENT	0x1p50

/* From here on, every fp32 is an even integer. */
#define ALL_EVEN		0x1p24f

#define LN2			0x1.62e42fefa39efp-1

/* The power of a positive number that is normal in fp64. */
static inline double near_power(double x, double y)
{
	struct magnitude magnitude = magnitude_of(x);
	double rest = log_of_ratio((magnitude.m - 1) / (magnitude.m + 1)) * LN2_INVERSE;
	double limit = limited(y, -LARGEST_EXPONENT, LARGEST_EXPONENT);
	double whole = limit * magnitude.k;		/* exact */
	double part = limit * rest;
	double exponent = whole + part;
	double rounder = limited(exponent, EXP2_LOWEST, EXP2_HIGHEST) + ROUNDER;
	double r = ((whole - (rounder - ROUNDER)) + part) * LN2;
	double power = power_of_two(rounder) * (1 + (r + r * r * exp_tail(r)));

	power = exponent < EXP2_LOWEST ? 0 : power;
	return exponent > EXP2_HIGHEST ? (double)INFINITY : power;
}

/* ISO C, F.10.4.4, where it is not the @power of the magnitude. */
static inline float special_power(float x, float y, float power)
{
	float limit = fabsf(y) < ALL_EVEN ? y : 0;
	int32_t whole = (int32_t)limit;
	float magnitude = fabsf(x);
	float zeroth = y > 0 ? 0 : INFINITY;	/* of 0 */
	float last = y > 0 ? INFINITY : 0;	/* of infinity */
	float even, odd;

	power = magnitude == 0 ? zeroth : power;
	power = magnitude == INFINITY ? last : power;
	power = magnitude == 1 ? 1 : power;
	odd = copysignf(power, x);
	even = power;
	power = x < 0 && magnitude < INFINITY ? NAN : power;
	even = whole % 2 ? odd : even;
	power = (float)whole == limit ? even : power;
	power = x != x || y != y ? NAN : power;
	return x == 1 || y == 0 ? 1 : power;
}

/* Powers, and of which of them the rounding is doubtful. At most CHUNK. */
TILE_CLONES static void near_powers(const float *restrict x, const float *restrict y,
				    float *restrict powers, uint32_t *restrict doubtful, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float magnitude = fabsf(x[i]);
		double power = near_power((double)magnitude, (double)y[i]);
		float low = (float)(power * (1 - DOUBTFUL));
		float high = (float)(power * (1 + DOUBTFUL));

		float result = special_power(x[i], y[i], low);

		/* What is special is not doubtful. */
		high = magnitude > 0 ? high : low;
		high = magnitude < INFINITY ? high : low;
		high = result == result ? high : low;
		powers[i] = result;
		doubtful[i] = low < high;
	}
}

/**
 * struct odd - a number as a * 2^b, with an odd integer a
 */
struct odd {
	double a;
	double b;
};

/* @x is an fp32, and positive. */
static struct odd odd_of(double x)
{
	int exponent;
	uint32_t a = (uint32_t)ldexp(frexp(x, &exponent), 24);
	int zeros = __builtin_ctz(a);

	return (struct odd){ a >> zeros, exponent - 24 + zeros };
}

/*
 * Whether x^y has at most 53 bits: if it has more it is not halfway between two fp32. As y has
 * a power of two below it, square roots are all that must be taken, until it is an integer.
 * Then, unless a is 1, negative powers do not end and positive ones soon are too long.
 */
static bool exact_power(double x, double y, double *power)
{
	struct odd odd = odd_of(x);
	double product = 1;

	for (; y != floor(y); y *= 2) {
		double root = sqrt(odd.a);

		if (root != floor(root) || odd.b / 2 != floor(odd.b / 2))
			return false;
		odd = (struct odd){ root, odd.b / 2 };
	}
	if (odd.a != 1 && y < 0)
		return false;
	for (double i = 0; odd.a != 1 && i < y; i++) {
		product *= odd.a;
		if (product > 0x1p53)
			return false;
	}
	*power = ldexp(product, (int)(odd.b * y));
	return true;
}

/* Elements that wait until there are enough of them to be settled together. */
struct waiting {
	size_t count;
	size_t at[PRECISE_LANES];
	double x[PRECISE_LANES];
	double y[PRECISE_LANES];
};

static void settle(struct waiting *waiting, float *results, const float *powers)
{
	float precise[PRECISE_LANES];

	for (size_t i = waiting->count; i < PRECISE_LANES; i++) {
		waiting->x[i] = 1;
		waiting->y[i] = 1;
	}
	precise_powers(waiting->x, waiting->y, precise);
	for (size_t i = 0; i < waiting->count; i++)
		results[waiting->at[i]] = copysignf(precise[i], powers[waiting->at[i]]);
	waiting->count = 0;
}

static void powers_of(float *x, const float *y, size_t n)
{
	struct waiting waiting = { .count = 0 };
	float powers[CHUNK];
	uint32_t doubtful[CHUNK];

	near_powers(x, y, powers, doubtful, n);
	for (size_t i = 0; i < n; i++) {
		double magnitude = fabs((double)x[i]), exponent = (double)y[i], exact;

		x[i] = powers[i];
		if (!doubtful[i])
			continue;
		if (exact_power(magnitude, exponent, &exact)) {
			x[i] = copysignf((float)exact, powers[i]);
			continue;
		}
		waiting.at[waiting.count] = i;
		waiting.x[waiting.count] = magnitude;
		waiting.y[waiting.count++] = exponent;
		if (waiting.count == PRECISE_LANES)
			settle(&waiting, x, powers);
	}
	if (waiting.count)
		settle(&waiting, x, powers);
}

void number_pow(float *base, const float *exponent, size_t n)
{
	for (size_t i = 0; i < n; i += CHUNK)
		powers_of(base + i, exponent + i, n - i < CHUNK ? n - i : CHUNK);
}
