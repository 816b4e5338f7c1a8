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

/* Found by trying: closer to halfway between two fp32 than 2^-49 of themselves. */
static void angles_that_fp64_does_not_decide_are_rounded_once(void **state)
{
	static const float points[][2] = {
		{ 0x1.8529cp2f, -0x1.91a8f2p6f }, { 0x1.3f9cap-6f, -0x1.4ceb8p5f },
		{ 0x1.e0b29cp2f, -0x1.3c69a6p4f }, { 0x1.f930d8p2f, 0x1.3b1facp2f },
		{ 0x1.ca86d6p-7f, -0x1.384424p-2f }, { 0x1.69d98cp3f, -0x1.9f971p3f },
		{ 0x1.9098e8p-8f, 0x1.b6b244p-6f }, { 0x1.9063a6p-3f, -0x1.980d94p6f },
		{ 0x1.90a71cp-3f, -0x1.32ab52p-7f }, { 0x1.a581f8p-4f, 0x1.4ce53ap0f },
		{ 0x1.96a7cep6f, -0x1.91f286p3f }, { 0x1.06f0cep-2f, 0x1.1b5b8ap-2f },
		{ 0x1.dc64a6p-7f, 0x1.73b446p3f }, { 0x1.3ac802p-6f, -0x1.1558c8p-6f },
		{ 0x1.6f60b2p-3f, -0x1.e9c96p-7f }, { 0x1.03eb58p6f, 0x1.556a34p-6f },
		{ 0x1.2c525ep6f, 0x1.e43fdp-7f }, { 0x1.d2683p-1f, 0x1.763244p6f },
		{ 0x1.9dec66p3f, -0x1.cd825ap-5f }, { 0x1.f44c5ap1f, -0x1.688744p5f },
		{ 0x1.03e8ep-8f, -0x1.fd99cep5f }, { 0x1.7b8312p2f, 0x1.668ac2p5f },
		{ 0x1.352544p4f, 0x1.7924p4f }, { 0x1.b3bbe4p-6f, 0x1.f88696p6f },
		{ 0x1.2f2282p1f, 0x1.d99808p-2f }, { 0x1.deba66p-8f, -0x1.e72a2ap5f },
		{ 0x1.961888p4f, -0x1.decec2p-4f }, { 0x1.24e592p0f, -0x1.8448ap0f },
		{ 0x1.60623ep-8f, -0x1.3b55c8p-3f }, { 0x1.3ed022p-3f, 0x1.2a8bccp6f },
		{ 0x1.4f2954p1f, 0x1.8b6064p-1f }, { 0x1.484d5p-5f, 0x1.51a594p0f },
		{ 0x1.19b36cp-6f, 0x1.1a8bd2p6f }, { 0x1.327276p-1f, -0x1.1a89e2p0f },
		{ 0x1.823f06p-2f, 0x1.1315e6p2f }, { 0x1.8e4ecep7f, 0x1.df5296p3f },
	};
	float y[COUNT_OF(points)], x[COUNT_OF(points)];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(points); i++) {
		y[i] = points[i][0];
		x[i] = points[i][1];
	}
	two_check_batch(angle, y, x, COUNT_OF(points));
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
		cmocka_unit_test(angles_that_fp64_does_not_decide_are_rounded_once),
		cmocka_unit_test(a_small_angle_is_less_than_its_tangent),
		cmocka_unit_test(other_small_quotients_are_rounded_once),
		cmocka_unit_test(special_angles_are_those_of_iso_c),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
