/* SPDX-License-Identifier: MIT */
#include "rounded.h"

#include <math.h>

#include "each.h"
#include "logarithm.h"
#include "settle.h"

/* What a logarithm is where it is not @y: 0 and negative values, infinity, not-a-number. */
static inline float log_or_special(float x, float y)
{
	y = x < INFINITY ? y : x;
	y = x < 0 ? NAN : y;
	return x == 0 ? -INFINITY : y;
}

static inline float log_one(float x)
{
	struct magnitude magnitude = magnitude_of((double)x);
	double rest = log_of_ratio((magnitude.m - 1) / (magnitude.m + 1));
	float y = (float)(magnitude.k * LN2_HIGH + (magnitude.k * LN2_LOW + rest));

	y = settled(x, y, 0x1.827a74p-7f, -0x1.1c2b1ep+2f);
	y = settled(x, y, 0x1.2f1fd6p+3f, 0x1.1fcbcep+1f);
	y = settled(x, y, 0x1.bacb4ap+25f, 0x1.1e0696p+4f);
	y = settled(x, y, 0x1.b121a6p+76f, 0x1.a9a3f2p+5f);
	y = settled(x, y, 0x1.6351d8p+95f, 0x1.08b512p+6f);
	return log_or_special(x, y);
}

static inline float log2_one(float x)
{
	struct magnitude magnitude = magnitude_of((double)x);
	double rest = log_of_ratio((magnitude.m - 1) / (magnitude.m + 1));

	return log_or_special(x, (float)(magnitude.k + rest * LN2_INVERSE));
}

static inline float log1p_settled(float x, float y)
{
	y = settled(x, y, 0x1.800006p-21f, 0x1.7ffffep-21f);
	y = settled(x, y, 0x1.200036p-17f, 0x1.1fffe6p-17f);
	y = settled(x, y, 0x1.0f1fd6p+3f, 0x1.1fcbcep+1f);
	y = settled(x, y, 0x1.b121a6p+76f, 0x1.a9a3f2p+5f);
	y = settled(x, y, 0x1.6351d8p+95f, 0x1.08b512p+6f);
	y = settled(x, y, -0x1.7ffffap-21f, -0x1.800002p-21f);
	y = settled(x, y, -0x1.1fffcap-17f, -0x1.20001ap-17f);
	return settled(x, y, -0x1.1d9188p-9f, -0x1.1de14ap-9f);
}

/* Near 0 the sum 1 + x is not exact and x itself is taken instead of m - 1. */
static inline float log1p_one(float x)
{
	double wide = (double)x;
	struct magnitude magnitude = magnitude_of(1 + wide);
	double less = magnitude.k == 0 ? wide : magnitude.m - 1;
	double more = magnitude.k == 0 ? 2 + wide : magnitude.m + 1;
	double y = magnitude.k * LN2_HIGH +
		   (magnitude.k * LN2_LOW + log_of_ratio(less / more));
	float result = log1p_settled(x, (float)y);

	result = x < INFINITY ? result : x;
	result = x >= -1 ? result : NAN;
	result = settled(x, result, -1, -INFINITY);
	return settled(x, result, -0.0f, -0.0f);
}

DEFINE_EACH(log)
DEFINE_EACH(log2)
DEFINE_EACH(log1p)
