/* SPDX-License-Identifier: MIT */
#include "values.h"

#include <math.h>

#include "number/bits.h"
#include "random.h"

static float any_float(uint64_t *random)
{
	uint64_t bits = random_next(random);
	float near = (float)((int64_t)(bits >> 40 & 7) - 3) * 0.5f;

	switch (bits & 3) {
	case 0:		/* any bits: not-a-number, infinities and subnormals, too */
		return fp32_of_bits((uint32_t)(bits >> 32));
	case 1:		/* around where an integer type ends */
		return copysignf(ldexpf(1, (int)(bits >> 8 & 63)), (float)(int64_t)bits) + near;
	case 2:		/* halves */
		return (float)(int32_t)(bits >> 32) * 0x1p-12f * 0.5f + near;
	default:	/* special values */
		return (const float[]){ 0, -0.0f, INFINITY, -INFINITY, NAN, 0x1p-149f,
					0x1.fffffep127f, 0x1p-126f }[bits >> 8 & 7];
	}
}

void values_floats(uint64_t seed, float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		values[i] = any_float(&seed);
}

static int64_t any_integer(uint64_t *random)
{
	uint64_t bits = random_next(random);
	unsigned int place = (unsigned int)(bits & 63);
	uint64_t value = random_next(random);

	if (bits & 64)	/* of any magnitude */
		value >>= place;
	else		/* near a power of two */
		value = (1ull << place) + (value & 7) - 3;
	return (int64_t)(bits & 128 ? 0 - value : value);
}

void values_integers(uint64_t seed, int64_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		values[i] = any_integer(&seed);
}
