/* SPDX-License-Identifier: MIT */
/*
 * The angle of a point: first in fp64, to within DOUBTFUL. Where values that far apart round
 * to different fp32, once in some 2^22 elements, it is computed to within 2^-98 and then
 * rounded.
 */
#include "rounded.h"

#include <math.h>

#include "arctangent.h"
#include "clones.h"
#include "precise.h"

#define CHUNK		256
#define DOUBTFUL	0x1p-48

#define PI		((struct pair){ 0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53 })

/**
 * struct point - of the same angle, in the first quarter, not at the origin
 */
struct point {
	double y;
	double x;
};

/* ISO C, F.10.1.4: infinities count as equal, and 0, 0 as on the axis. */
static inline struct point point_of(float y, float x)
{
	double high = fabs((double)y);
	double wide = fabs((double)x);
	double y_end = high == (double)INFINITY ? 1 : 0;
	double x_end = wide == (double)INFINITY ? 1 : 0;
	double y_of = y_end + x_end > 0 ? y_end : high;
	double x_of = y_end + x_end > 0 ? x_end : wide;

	return (struct point){ y_of, y_of + x_of > 0 ? x_of : 1 };
}

/* Angles without the sign of y, and of which of them the rounding is doubtful. */
TILE_CLONES static void near_angles(const float *restrict y, const float *restrict x,
				    float *restrict angles, uint32_t *restrict doubtful, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct point point = point_of(y[i], x[i]);
		double acute = angle_of_corner(corner_of(point.y, point.x));
		double angle = fp32_bits(x[i]) >> 31 ? PI.high - acute : acute;
		float low = (float)(angle * (1 - DOUBTFUL));
		float high = (float)(angle * (1 + DOUBTFUL));

		angles[i] = x[i] != x[i] || y[i] != y[i] ? NAN : low;
		doubtful[i] = low < high;
	}
}

static float precise_angle(float y, float x)
{
	struct point point = point_of(y, x);
	struct corner corner = corner_of(point.y, point.x);
	struct pair known = { corner.known.high, corner.known.low };
	struct pair angle = pair_add(known, precise_atan(corner.over, corner.under));

	return pair_rounded(signbit(x) ? pair_add(PI, pair_negative(angle)) : angle);
}

static void angles_of(float *y, const float *x, size_t n)
{
	float angles[CHUNK];
	uint32_t doubtful[CHUNK];

	near_angles(y, x, angles, doubtful, n);
	for (size_t i = 0; i < n; i++)
		y[i] = copysignf(doubtful[i] ? precise_angle(y[i], x[i]) : angles[i], y[i]);
}

void number_atan2(float *y, const float *x, size_t n)
{
	for (size_t i = 0; i < n; i += CHUNK)
		angles_of(y + i, x + i, n - i < CHUNK ? n - i : CHUNK);
}
