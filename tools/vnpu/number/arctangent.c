/* SPDX-License-Identifier: MIT */
#include "rounded.h"

#include <math.h>

#include "arctangent.h"
#include "each.h"
#include "settle.h"

/* From here on, arc tangents round to pi / 2 as they do here. */
#define ATAN_HIGHEST	0x1p60

static inline float atan_one(float x)
{
	double magnitude = limited(fabs((double)x), 0, ATAN_HIGHEST);
	float y = (float)angle_of_corner(corner_of(magnitude, 1));

	y = settled(fabsf(x), y, 0x1.1ad646p-4f, 0x1.1a6386p-4f);
	return copysignf(y, x);
}

DEFINE_EACH(atan)
