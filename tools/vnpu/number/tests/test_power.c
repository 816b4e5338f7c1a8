/* SPDX-License-Identifier: MIT */
/* Powers are correctly rounded; where they are exact or exactly halfway, by integers. */
#include "suite.h"

#include <math.h>
#include <quadmath.h>

#include "number/rounded.h"
#include "random.h"
#include "two.h"

#define COUNT_OF(array)	(sizeof(array) / sizeof((array)[0]))

#define DOUBTFUL	40u
#define MANY		(1u << 18)

static const struct two power = { number_pow, powq };

/* Small numbers with exact powers and roots, among them many exactly halfway. */
static void make_exact(uint64_t *random, float *x, float *y)
{
	uint64_t bits = random_next(random);

	*x = ldexpf((float)(bits & 0x1fff), (int)(bits >> 16 & 31) - 16);
	*y = (float)((int)(bits >> 32 & 31) - 8) * 0.25f;
}

static void powers_are_the_exact_results_rounded_once(void **state)
{
	(void)state;
	two_check(power, two_any_bits);
	two_check(power, two_moderate);
	two_check(power, two_near_one);
	two_check(power, make_exact);
}

/* One in some 2^16, and so looked for: by libm, whose error is far less than 2^-46. */
static void make_doubtful(float *x, float *y)
{
	uint64_t random = two_seed();

	for (size_t i = 0; i < DOUBTFUL;) {
		double near;

		two_moderate(&random, &x[i], &y[i]);
		x[i] = fabsf(x[i]);
		near = pow((double)x[i], (double)y[i]);
		i += (float)(near * (1 - 0x1p-42)) < (float)(near * (1 + 0x1p-42));
	}
}

static void powers_that_fp64_does_not_decide_are_rounded_once(void **state)
{
	float x[DOUBTFUL], y[DOUBTFUL];

	(void)state;
	make_doubtful(x, y);
	two_check_batch(power, x, y, DOUBTFUL);
}

/* Those wait for each other; others between them, exact ones too, do not. */
static void doubtful_powers_keep_their_places(void **state)
{
	float doubtful_x[DOUBTFUL], doubtful_y[DOUBTFUL], x[TWO_BATCH], y[TWO_BATCH];
	static const float others[][2] = { { 4097, 2 }, { -3, 3 }, { 1.5f, 2.5f }, { -5, 0.5f } };

	(void)state;
	make_doubtful(doubtful_x, doubtful_y);
	for (size_t i = 0; i < TWO_BATCH; i++) {
		const float *other = others[i / 3 % 4];

		x[i] = i % 3 ? doubtful_x[i % DOUBTFUL] : other[0];
		y[i] = i % 3 ? doubtful_y[i % DOUBTFUL] : other[1];
	}
	two_check_batch(power, x, y, TWO_BATCH);
}

/* Every odd square of 25 bits is halfway between two fp32. */
static void squares_that_are_halfway_go_to_the_even_side(void **state)
{
	(void)state;
	for (uint32_t a = 4097; a < 5793; a += 2) {
		uint64_t square = (uint64_t)a * a;
		float x = (float)a * 0x1p-10f, y = 2;
		uint64_t even = square / 2 % 2 ? square + 1 : square - 1;

		assert_int_equal(square >> 24, 1);
		number_pow(&x, &y, 1);
		assert_true((double)x == (double)even * 0x1p-20);
	}
}

static void roots_of_powers_are_exact(void **state)
{
	(void)state;
	for (uint32_t root = 1; root <= 64; root++) {
		float x = ldexpf((float)(root * root * root * root), -20), y = 0.75f;

		number_pow(&x, &y, 1);
		assert_true(x == ldexpf((float)(root * root * root), -15));
	}
}

/* fp64 takes 0 and infinity for powers of two, and does not decide on some of those' powers. */
static void what_is_special_is_never_doubtful(void **state)
{
	static float x[MANY], y[MANY];

	(void)state;
	for (int k = 0; k < 3; k++) {
		for (size_t i = 0; i < MANY; i++) {
			x[i] = (const float[]){ 0, INFINITY, -1.7f }[k];
			y[i] = 0.01f + (float)i * 0x1p-20f;
		}
		number_pow(x, y, MANY);
		for (size_t i = 0; i < MANY; i++)
			assert_true(k == 2 ? isnan(x[i]) : x[i] == (k ? INFINITY : 0.0f));
	}
}

#define INF	INFINITY

/* F.10.4.4 of ISO C, in its order. */
static void special_powers_are_those_of_iso_c(void **state)
{
	static const struct two_special cases[] = {
		{ 0, -3, INF }, { -0.0f, -3, -INF }, { 0, -2, INF }, { -0.0f, -2, INF },
		{ -0.0f, -2.5f, INF }, { 0, -INF, INF }, { -0.0f, -INF, INF }, { 0, 3, 0 },
		{ -0.0f, 3, -0.0f }, { 0, 2.5f, 0 }, { -0.0f, 2, 0 }, { -0.0f, 2.5f, 0 },
		{ -0.0f, 0x1p-149f, 0 }, { -1, INF, 1 }, { -1, -INF, 1 }, { 1, NAN, 1 },
		{ 1, INF, 1 }, { 1, -7, 1 }, { 1, 0x1p127f, 1 }, { NAN, 0, 1 }, { NAN, -0.0f, 1 },
		{ INF, 0, 1 }, { -3, 0, 1 }, { 0, 0, 1 }, { -2, 0.5f, NAN }, { -2, -2.5f, NAN },
		{ -0x1p-149f, 0x1.8p22f, 0 }, { 0.5f, -INF, INF }, { -0.5f, -INF, INF },
		{ 0, -INF, INF }, { 1.5f, -INF, 0 }, { -1.5f, -INF, 0 }, { 0.5f, INF, 0 },
		{ -0.5f, INF, 0 }, { 1.5f, INF, INF }, { -1.5f, INF, INF }, { -INF, -3, -0.0f },
		{ -INF, -2, 0 }, { -INF, -2.5f, 0 }, { -INF, 3, -INF }, { -INF, 2, INF },
		{ -INF, 2.5f, INF }, { INF, -0x1p-149f, 0 }, { INF, 0x1p-149f, INF },
		{ NAN, 1, NAN }, { 2, NAN, NAN }, { -1, NAN, NAN }, { -2, 3, -8 }, { -2, 2, 4 },
		{ -1, 16777215, -1 }, { -1, 16777216, 1 }, { -1, 33554432, 1 },
		{ 2, 127, 0x1p127f }, { 2, 128, INF }, { 2, -149, 0x1p-149f }, { 2, -150, 0 },
		{ -2, 129, -INF }, { -2, -151, -0.0f }, { 4, -74.5f, 0x1p-149f },
	};

	(void)state;
	two_check_specials(power, cases, COUNT_OF(cases));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(powers_are_the_exact_results_rounded_once),
		cmocka_unit_test(powers_that_fp64_does_not_decide_are_rounded_once),
		cmocka_unit_test(doubtful_powers_keep_their_places),
		cmocka_unit_test(squares_that_are_halfway_go_to_the_even_side),
		cmocka_unit_test(roots_of_powers_are_exact),
		cmocka_unit_test(what_is_special_is_never_doubtful),
		cmocka_unit_test(special_powers_are_those_of_iso_c),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
