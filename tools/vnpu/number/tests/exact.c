/* SPDX-License-Identifier: MIT */
#include "exact.h"

#include <math.h>
#include <quadmath.h>

/* Far more than the error of libm. */
#define DOUBTFUL	0x1p-46
#define HARD		0x1p-50

static double sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static __float128 sigmoid_exact(__float128 x)
{
	return 1 / (1 + expq(-x));
}

static double rsqrt(double x)
{
	return 1 / sqrt(x);
}

static __float128 rsqrt_exact(__float128 x)
{
	return 1 / sqrtq(x);
}

static double reciprocal(double x)
{
	return 1 / x;
}

static __float128 reciprocal_exact(__float128 x)
{
	return 1 / x;
}

static const struct {
	double (*near)(double x);
	__float128 (*exact)(__float128 x);
} functions[EXACT_FUNCTIONS] = {
	[EXACT_EXP] = { exp, expq },
	[EXACT_EXP2] = { exp2, exp2q },
	[EXACT_EXPM1] = { expm1, expm1q },
	[EXACT_TANH] = { tanh, tanhq },
	[EXACT_SIGMOID] = { sigmoid, sigmoid_exact },
	[EXACT_LOG] = { log, logq },
	[EXACT_LOG2] = { log2, log2q },
	[EXACT_LOG1P] = { log1p, log1pq },
	[EXACT_SQRT] = { sqrt, sqrtq },
	[EXACT_RSQRT] = { rsqrt, rsqrt_exact },
	[EXACT_RECIPROCAL] = { reciprocal, reciprocal_exact },
	[EXACT_ERF] = { erf, erfq },
	[EXACT_SIN] = { sin, sinq },
	[EXACT_COS] = { cos, cosq },
	[EXACT_ATAN] = { atan, atanq },
};

/* Values of that relative distance from each other round to the same fp32. */
static bool is_decided(double value, double distance)
{
	return (float)(value * (1 - distance)) == (float)(value * (1 + distance));
}

float exact_rounded(enum exact_function function, float argument, bool *is_hard)
{
	double near = functions[function].near((double)argument);

	*is_hard = false;
	if (isnan(near) || is_decided(near, DOUBTFUL))
		return (float)near;
	*is_hard = !is_decided(near, HARD);
	return (float)functions[function].exact((__float128)argument);
}
