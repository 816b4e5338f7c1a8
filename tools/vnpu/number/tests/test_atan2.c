/* SPDX-License-Identifier: MIT */
/* Angles of points are correctly rounded. */
#include "suite.h"

#include <math.h>
#include <quadmath.h>

#include "number/bits.h"
#include "number/rounded.h"
#include "random.h"
#include "two.h"

#define COUNT_OF(array)	(sizeof(array) / sizeof((array)[0]))

static const struct two angle = { number_atan2, atan2q };

static void angles_are_the_exact_results_rounded_once(void **state)
{
	(void)state;
	two_check(angle, two_any_bits);
	two_check(angle, two_moderate);
	two_check(angle, two_near_one);
}

/*
 * y / x is exact and halfway between two subnormal fp32; the angle is less by a third of its
 * cube, which 113 bits have no room for.
 */
static void a_small_angle_is_less_than_its_tangent(void **state)
{
	(void)state;
	for (uint32_t odd = 1; odd < 1000; odd += 2) {
		float y = ldexpf((float)odd, -140), x = 0x1p10f;

		number_atan2(&y, &x, 1);
		assert_int_equal(fp32_bits(y), odd / 2);
		y = -ldexpf((float)odd, -149);
		x = 2;
		number_atan2(&y, &x, 1);
		assert_int_equal(fp32_bits(y), 0x80000000 | odd / 2);
	}
}

/* Quotients that are exact, also as subnormal fp32, where they can be halfway. */
static void make_small_quotients(uint64_t *random, float *x, float *y)
{
	uint64_t bits = random_next(random);

	*x = ldexpf((float)(bits & 0xffff), -140 + (int)(bits >> 16 & 31));
	*y = ldexpf((float)(1 | (bits >> 32 & 7)), (int)(bits >> 40 & 31));
}

static void other_small_quotients_are_rounded_once(void **state)
{
	uint64_t random = two_seed();

	(void)state;
	for (unsigned int i = 0; i < 100000; i++) {
		float y, x, got;
		double quotient;

		make_small_quotients(&random, &y, &x);
		quotient = (double)y / (double)x;
		got = y;
		number_atan2(&got, &x, 1);
		if (quotient > 0 && quotient < 0x1p-30)	/* the cube, as less than any fp64 */
			assert_true(got == (float)nextafter(quotient, 0));
	}
}

#define INF	INFINITY
#define PI	0x1.921fb6p1f

/* F.10.1.4 of ISO C; x here is the second argument. */
static void special_angles_are_those_of_iso_c(void **state)
{
	static const struct two_special cases[] = {
		{ 0, -0.0f, PI }, { -0.0f, -0.0f, -PI }, { 0, 0, 0 }, { -0.0f, 0, -0.0f },
		{ 0, -1, PI }, { -0.0f, -1, -PI }, { 0, 1, 0 }, { -0.0f, 1, -0.0f },
		{ -1, 0, -PI / 2 }, { -1, -0.0f, -PI / 2 }, { 1, 0, PI / 2 }, { 1, -0.0f, PI / 2 },
		{ 1, -INF, PI }, { -1, -INF, -PI }, { 1, INF, 0 }, { -1, INF, -0.0f },
		{ INF, 1, PI / 2 }, { -INF, -1, -PI / 2 }, { INF, -INF, 0x1.2d97c8p1f },
		{ -INF, -INF, -0x1.2d97c8p1f }, { INF, INF, PI / 4 }, { -INF, INF, -PI / 4 },
		{ NAN, 1, NAN }, { 1, NAN, NAN }, { NAN, INF, NAN }, { INF, NAN, NAN },
		{ 0, NAN, NAN }, { 1, 1, PI / 4 }, { 1, -1, 0x1.2d97c8p1f },
	};

	(void)state;
	two_check_specials(angle, cases, COUNT_OF(cases));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(angles_are_the_exact_results_rounded_once),
		cmocka_unit_test(a_small_angle_is_less_than_its_tangent),
		cmocka_unit_test(other_small_quotients_are_rounded_once),
		cmocka_unit_test(special_angles_are_those_of_iso_c),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
