/* SPDX-License-Identifier: MIT */
#include "two.h"

#include "suite.h"

#include <math.h>
#include <quadmath.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

#include "number/bits.h"
#include "random.h"

#define BATCHES	40u

uint64_t two_seed(void)
{
	uint64_t seed;

	assert_int_equal(getrandom(&seed, sizeof(seed), 0), sizeof(seed));
	return seed;
}

/* Of any magnitude below 2^@scale, above its reciprocal, of any sign. */
static float of_magnitude(uint64_t *random, int scale)
{
	uint64_t bits = random_next(random);
	float mantissa = 1 + (float)(bits & 0x7fffff) * 0x1p-23f;

	return copysignf(ldexpf(mantissa, (int)(bits >> 24) % scale), (float)(int64_t)bits);
}

void two_any_bits(uint64_t *random, float *x, float *y)
{
	uint64_t bits = random_next(random);

	*x = fp32_of_bits((uint32_t)bits);
	*y = fp32_of_bits((uint32_t)(bits >> 32));
}

void two_moderate(uint64_t *random, float *x, float *y)
{
	*x = of_magnitude(random, 24);
	*y = of_magnitude(random, 4);
}

/* A base near 1 and a large exponent. */
void two_near_one(uint64_t *random, float *x, float *y)
{
	*x = 1 + of_magnitude(random, 2) * 0x1p-8f;
	*y = of_magnitude(random, 12);
}

static bool same(float x, float y)
{
	return isnan(x) ? isnan(y) : fp32_bits(x) == fp32_bits(y);
}

/* The library's error is some 2^-112; what is that close to an fp64 is it. */
static float rounded_once(__float128 value)
{
	double near = (double)value;
	__float128 rest = fabsq(value - near);

	return rest < fabsq(value) * 0x1p-105 ? (float)near : (float)value;
}

void two_check_batch(struct two function, const float *x, const float *y, size_t n)
{
	float results[TWO_BATCH];

	memcpy(results, x, n * sizeof(*x));
	function.rounded(results, y, n);
	for (size_t i = 0; i < n; i++) {
		float want = rounded_once(function.exact((__float128)x[i], (__float128)y[i]));

		if (!same(want, results[i]))
			fail_msg("of %a, %a is %a and gave %a", (double)x[i], (double)y[i],
				 (double)want, (double)results[i]);
	}
}

void two_check(struct two function, void (*make)(uint64_t *random, float *x, float *y))
{
	uint64_t random = two_seed();
	float x[TWO_BATCH], y[TWO_BATCH];

	for (unsigned int batch = 0; batch < BATCHES; batch++) {
		for (size_t i = 0; i < TWO_BATCH; i++)
			make(&random, &x[i], &y[i]);
		two_check_batch(function, x, y, TWO_BATCH);
	}
}

void two_check_specials(struct two function, const struct two_special *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float x = cases[i].x, y = cases[i].y;

		function.rounded(&x, &y, 1);
		if (!same(cases[i].result, x))
			fail_msg("of %a, %a is %a and gave %a", (double)cases[i].x, (double)y,
				 (double)cases[i].result, (double)x);
	}
}
