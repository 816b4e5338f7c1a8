/* SPDX-License-Identifier: MIT */
#include "rounded.h"

#include <math.h>

#include "each.h"
#include "exponential.h"
#include "settle.h"

/* Beyond these, results round to 0, -1, 1 or infinity as they do at them. */
#define EXP_LOWEST	(-110.0)
#define EXP_HIGHEST	90.0
#define EXP2_LOWEST	(-160.0)
#define EXP2_HIGHEST	130.0
#define TANH_HIGHEST	20.0
#define SIGMOID_HIGHEST	40.0

#define LN2		0x1.62e42fefa39efp-1

static inline float exp_one(float x)
{
	return (float)exp_of(limited((double)x, EXP_LOWEST, EXP_HIGHEST));
}

/* The remainder is exact, and 0 for integers, so their powers are. */
static inline float exp2_one(float x)
{
	double exponent = limited((double)x, EXP2_LOWEST, EXP2_HIGHEST);
	double rounder = exponent + ROUNDER;
	double r = (exponent - (rounder - ROUNDER)) * LN2;
	double scale = power_of_two(rounder);
	float y = (float)(scale + scale * (r + r * r * exp_tail(r)));

	y = settled(x, y, -0x1.e7526ep-6f, 0x1.f58d62p-1f);
	return settled(x, y, 0x1.853a6ep-9f, 0x1.00870ap+0f);
}

/* e^x - 1 with full relative precision near 0, too; -0 gives 0. */
static inline double expm1_of(double x)
{
	struct power power = power_of_e(x);

	return power.scale * power.rest + (power.scale - 1);
}

static inline float expm1_one(float x)
{
	double y = expm1_of(limited((double)x, EXP_LOWEST, EXP_HIGHEST));

	return x == 0 ? x : (float)y;
}

static inline float tanh_one(float x)
{
	double e = expm1_of(2 * limited(fabs((double)x), 0, TANH_HIGHEST));

	return (float)copysign(e / (e + 2), (double)x);
}

/*
 * Near 0 it is 1/2 + x/4 - x^3/48, and 1/2 + x/4 can lie exactly halfway between two
 * values, where the cube decides though fp64 has no room for it. In that range the sum is
 * exact and either halfway or at least 2^-50 away from it, so 2^-52 stands for the cube.
 */
static inline double sigmoid_near_zero(double x)
{
	return (0.5 + x / 4) - copysign(0x1p-52, x);
}

static inline float sigmoid_one(float x)
{
	double wide = (double)x;
	double far = 1 / (1 + exp_of(limited(-wide, -SIGMOID_HIGHEST, -EXP_LOWEST)));
	double near = sigmoid_near_zero(wide);
	float y = (float)(fabs(wide) < 0x1p-15 ? near : far);

	return settled(x, y, -0x1.250c02p-10f, 0x1.ffb6bep-2f);
}

DEFINE_EACH(exp)
DEFINE_EACH(exp2)
DEFINE_EACH(expm1)
DEFINE_EACH(tanh)
DEFINE_EACH(sigmoid)
