/* SPDX-License-Identifier: MIT */
/* In each run other arguments, against libquadmath in 113 bits; a failure prints them. */
#include "suite.h"

#include <math.h>
#include <quadmath.h>

#include "number/precise.h"
#include "random.h"
#include "two.h"

#define CASES	20000u
#define ERROR	0x1p-98

static __float128 value_of(struct pair x)
{
	return (__float128)x.high + (__float128)x.low;
}

static void check(struct pair got, __float128 want, double x, double y)
{
	__float128 error = fabsq(value_of(got) - want);

	if (!(error <= fabsq(want) * ERROR))
		fail_msg("of %a, %a: %a of it wrong", x, y, (double)(error / fabsq(want)));
}

/* Of 24 bits and any magnitude up to 2^@scale. */
static double any_value(uint64_t *random, int scale)
{
	uint64_t bits = random_next(random);

	return ldexp(1 + (double)(bits & 0x7fffff) * 0x1p-23, (int)(bits >> 24) % scale);
}

static void logarithms_are_right(void **state)
{
	uint64_t random = two_seed();

	(void)state;
	for (unsigned int i = 0; i < CASES; i++) {
		double x = any_value(&random, i % 2 ? 127 : 1);

		check(precise_log2(x), log2q((__float128)x), x, 0);
		x = 1 + (double)((int)(random & 1023) - 512) * 0x1p-23;
		if (x != 1)
			check(precise_log2(x), log2q((__float128)x), x, 0);
	}
}

static void powers_of_two_are_right(void **state)
{
	uint64_t random = two_seed();

	(void)state;
	for (unsigned int i = 0; i < CASES; i++) {
		double low = any_value(&random, 5) * 0x1p-56;
		struct pair x = pair_of_sum(any_value(&random, 8) - any_value(&random, 8), low);

		check(precise_exp2(x), exp2q(value_of(x)), x.high, x.low);
	}
}

static void arc_tangents_are_right(void **state)
{
	uint64_t random = two_seed();

	(void)state;
	for (unsigned int i = 0; i < CASES; i++) {
		double under = any_value(&random, 20);
		double over = under * (any_value(&random, 12) * 0x1p-6);

		over = ldexp(rint(ldexp(over, 24)), i % 2 ? -24 : -30);
		if (fabs(over / under) <= 0x1p-5)
			check(precise_atan(over, under),
			      atanq((__float128)over / (__float128)under), over, under);
	}
}

static void a_small_angle_differs_from_its_tangent(void **state)
{
	struct pair angle = precise_atan(0x1.8p-140, 1);

	(void)state;
	assert_true(angle.high == 0x1.8p-140);
	assert_true(angle.low < 0 && angle.low > -0x1p-418);
}

/* The sum of both parts decides, also where the high one is halfway between two fp32. */
static void pairs_are_rounded_once(void **state)
{
	static const struct {
		struct pair value;
		float rounded;
	} cases[] = {
		{ { 0x1.000001p0, 0 }, 1 }, { { 0x1.000001p0, 0x1p-80 }, 0x1.000002p0f },
		{ { 0x1.000001p0, -0x1p-80 }, 1 }, { { 0x1.000003p0, 0 }, 0x1.000004p0f },
		{ { 0x1.000003p0, -0x1p-1000 }, 0x1.000002p0f },
		{ { 0x1p-150, 0 }, 0 }, { { 0x1p-150, 0x1p-300 }, 0x1p-149f },
		{ { 0x1.ffffffp127, 0 }, INFINITY },
		{ { 0x1.ffffffp127, -0x1p0 }, 0x1.fffffep127f },
		{ { 0x1.0000010000001p0, -0x1p-54 }, 0x1.000002p0f }, { { 1, -0x1p-60 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(pair_rounded(cases[i].value) == cases[i].rounded);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(logarithms_are_right),
		cmocka_unit_test(powers_of_two_are_right),
		cmocka_unit_test(arc_tangents_are_right),
		cmocka_unit_test(a_small_angle_differs_from_its_tangent),
		cmocka_unit_test(pairs_are_rounded_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
