/* SPDX-License-Identifier: MIT */
#include "precise.h"

#include <math.h>

#include "clones.h"
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

/* 1 / (2 i + 1); a division takes as long as a whole term. */
static const struct pair odd_reciprocal[LOG_TERMS + 1] = {
	{ 0x1.0000000000000p+0, 0 },
	{ 0x1.5555555555555p-2, 0x1.5555555555555p-56 },
	{ 0x1.999999999999ap-3, -0x1.999999999999ap-57 },
	{ 0x1.2492492492492p-3, 0x1.2492492492492p-57 },
	{ 0x1.c71c71c71c71cp-4, 0x1.c71c71c71c71cp-58 },
	{ 0x1.745d1745d1746p-4, -0x1.745d1745d1746p-59 },
	{ 0x1.3b13b13b13b14p-4, -0x1.3b13b13b13b14p-58 },
	{ 0x1.1111111111111p-4, 0x1.1111111111111p-60 },
	{ 0x1.e1e1e1e1e1e1ep-5, 0x1.e1e1e1e1e1e1ep-61 },
	{ 0x1.af286bca1af28p-5, 0x1.af286bca1af28p-59 },
	{ 0x1.8618618618618p-5, 0x1.8618618618618p-59 },
	{ 0x1.642c8590b2164p-5, 0x1.642c8590b2164p-60 },
	{ 0x1.47ae147ae147bp-5, -0x1.eb851eb851eb8p-61 },
	{ 0x1.2f684bda12f68p-5, 0x1.2f684bda12f68p-59 },
	{ 0x1.1a7b9611a7b96p-5, 0x1.1a7b9611a7b96p-61 },
	{ 0x1.0842108421084p-5, 0x1.0842108421084p-60 },
	{ 0x1.f07c1f07c1f08p-6, -0x1.f07c1f07c1f08p-61 },
	{ 0x1.d41d41d41d41dp-6, 0x1.0750750750750p-60 },
	{ 0x1.bacf914c1bad0p-6, -0x1.bacf914c1bad0p-60 },
	{ 0x1.a41a41a41a41ap-6, 0x1.0690690690690p-60 },
	{ 0x1.8f9c18f9c18fap-6, -0x1.f3831f3831f38p-61 },
	{ 0x1.7d05f417d05f4p-6, 0x1.7d05f417d05f4p-62 },
	{ 0x1.6c16c16c16c17p-6, -0x1.f49f49f49f49fp-61 },
};

/* 1 / i! */
static const struct pair factorial_reciprocal[EXP_PAIRS + 1] = {
	{ 0x1.0000000000000p+0, 0 },
	{ 0x1.0000000000000p+0, 0 },
	{ 0x1.0000000000000p-1, 0 },
	{ 0x1.5555555555555p-3, 0x1.5555555555555p-57 },
	{ 0x1.5555555555555p-5, 0x1.5555555555555p-59 },
	{ 0x1.1111111111111p-7, 0x1.1111111111111p-63 },
	{ 0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65 },
	{ 0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73 },
	{ 0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76 },
	{ 0x1.71de3a556c734p-19, -0x1.c154f8ddc6c00p-73 },
	{ 0x1.27e4fb7789f5cp-22, 0x1.cbbc05b4fa99ap-76 },
	{ 0x1.ae64567f544e4p-26, -0x1.c062e06d1f209p-80 },
	{ 0x1.1eed8eff8d898p-29, -0x1.2aec959e14c06p-83 },
	{ 0x1.6124613a86d09p-33, 0x1.f28e0cc748ebep-87 },
	{ 0x1.93974a8c07c9dp-37, 0x1.05d6f8a2efd1fp-92 },
};

/*
 * Numbers side by side: a term waits for the one before, so one number by itself takes as long
 * as several. Loops over lanes become vector code.
 */
struct lanes {
	double high[PRECISE_LANES];
	double low[PRECISE_LANES];
};

#define EACH_LANE	for (unsigned int lane = 0; lane < PRECISE_LANES; lane++)

static inline struct pair get(const struct lanes *lanes, unsigned int lane)
{
	return (struct pair){ lanes->high[lane], lanes->low[lane] };
}

static inline void set(struct lanes *lanes, unsigned int lane, struct pair value)
{
	lanes->high[lane] = value.high;
	lanes->low[lane] = value.low;
}

/* The series as in log_of_ratio(). */
static inline void log2_of(const double *x, struct lanes *to)
{
	struct lanes f, square, sum;

	EACH_LANE {
		struct magnitude magnitude = magnitude_of(x[lane]);
		struct pair ratio = pair_divide((struct pair){ magnitude.m - 1, 0 },
						magnitude.m + 1);

		set(&f, lane, ratio);
		set(&square, lane, pair_multiply(ratio, ratio));
		set(&sum, lane, (struct pair){ 0, 0 });
	}
	for (int i = LOG_TERMS; i > LOG_PAIRS; i--)
		EACH_LANE
			sum.high[lane] = (sum.high[lane] + odd_reciprocal[i].high) *
					 square.high[lane];
	for (int i = LOG_PAIRS; i > 0; i--)
		EACH_LANE
			set(&sum, lane, pair_multiply(pair_add(get(&sum, lane), odd_reciprocal[i]),
						      get(&square, lane)));
	EACH_LANE {
		struct magnitude magnitude = magnitude_of(x[lane]);
		struct pair log = get(&f, lane);

		log = pair_add(log, pair_multiply(log, get(&sum, lane)));
		log = pair_multiply(log, LN2_RECIPROCAL);
		set(to, lane, pair_add((struct pair){ magnitude.k, 0 }, pair_add(log, log)));
	}
}

/* The sum of r^i / i! of the remainder r; behind the pairs 1 + r / 15 (1 + r / 16 ...). */
static inline void exp2_of(const struct lanes *x, struct lanes *to)
{
	double whole[PRECISE_LANES];
	struct lanes r, sum;

	EACH_LANE {
		whole[lane] = (x->high[lane] + ROUNDER) - ROUNDER;
		set(&r, lane,
		    pair_multiply(pair_add(get(x, lane), (struct pair){ -whole[lane], 0 }), LN2));
		set(&sum, lane, (struct pair){ 1, 0 });
	}
	for (int i = EXP_TERMS; i > EXP_PAIRS; i--) {
		double reciprocal = 1.0 / i;

		EACH_LANE
			sum.high[lane] = 1 + r.high[lane] * reciprocal * sum.high[lane];
	}
	EACH_LANE
		set(&sum, lane, pair_multiply(get(&sum, lane), factorial_reciprocal[EXP_PAIRS]));
	for (int i = EXP_PAIRS - 1; i >= 0; i--)
		EACH_LANE
			set(&sum, lane, pair_add(factorial_reciprocal[i],
						 pair_multiply(get(&r, lane), get(&sum, lane))));
	EACH_LANE {
		to->high[lane] = ldexp(sum.high[lane], (int)whole[lane]);
		to->low[lane] = ldexp(sum.low[lane], (int)whole[lane]);
	}
}

struct pair precise_log2(double x)
{
	double all[PRECISE_LANES];
	struct lanes log;

	EACH_LANE
		all[lane] = x;
	log2_of(all, &log);
	return get(&log, 0);
}

struct pair precise_exp2(struct pair x)
{
	struct lanes all, power;

	EACH_LANE
		set(&all, lane, x);
	exp2_of(&all, &power);
	return get(&power, 0);
}

TILE_CLONES void precise_powers(const double *x, const double *y, float *to)
{
	struct lanes exponent, power;

	log2_of(x, &exponent);
	EACH_LANE
		set(&exponent, lane,
		    pair_multiply(get(&exponent, lane), (struct pair){ y[lane], 0 }));
	exp2_of(&exponent, &power);
	EACH_LANE
		to[lane] = pair_rounded(get(&power, lane));
}

/* t (1 - t^2 / 3 + t^4 / 5 ...) */
struct pair precise_atan(double over, double under)
{
	struct pair t = pair_divide((struct pair){ over, 0 }, under);
	struct pair square = pair_multiply(t, t);
	struct pair sum = { 0, 0 };

#pragma GCC unroll 32
	for (int i = ATAN_TERMS; i > ATAN_PAIRS; i--)
		sum.high = (sum.high + (i % 2 ? -1.0 : 1.0) / (2 * i + 1)) * square.high;
	for (int i = ATAN_PAIRS; i > 0; i--) {
		struct pair term = odd_reciprocal[i];

		term = i % 2 ? pair_negative(term) : term;
		sum = pair_multiply(pair_add(sum, term), square);
	}
	return pair_add(t, pair_multiply(t, sum));
}
