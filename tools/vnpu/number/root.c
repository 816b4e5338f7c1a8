/* SPDX-License-Identifier: MIT */
#include "rounded.h"

#include <math.h>

#include "each.h"

static inline float sqrt_one(float x)
{
	return sqrtf(x);
}

static inline float reciprocal_one(float x)
{
	return 1 / x;
}

/* Of -0 it is -infinity, as that of the root, -0. */
static inline float rsqrt_one(float x)
{
	return (float)(1 / sqrt((double)x));
}

DEFINE_EACH(sqrt)
DEFINE_EACH(reciprocal)
DEFINE_EACH(rsqrt)
