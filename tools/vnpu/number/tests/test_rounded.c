/* SPDX-License-Identifier: MIT */
/*
 * Functions of one fp32 value are correctly rounded. ROUNDED_STRIDE in the environment
 * sets the distance between the arguments tried, as numbers of fp32 in order; 1 tries
 * all of them and takes half an hour.
 */
#include "suite.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number/bits.h"
#include "number/rounded.h"

#define DEFAULT_STRIDE	4099u	/* a prime: all low bits occur */
#define BATCH		1000u

typedef void (*rounded_fn)(float *values, size_t n);

/* In long double, so the reference needs a libm but none of the code under test. */
static long double sigmoid(long double x)
{
	if (fabsl(x) < 0x1p-15L)	/* the cube, below the precision, decides what is halfway */
		return 0.5L + x / 4 - copysignl(0x1p-60L, x);
	return 1 / (1 + expl(-x));
}

static const struct {
	const char *name;
	rounded_fn rounded;
	long double (*exact)(long double x);
} functions[] = {
	{ "exp", number_exp, expl },
	{ "tanh", number_tanh, tanhl },
	{ "sigmoid", number_sigmoid, sigmoid },
	{ "erf", number_erf, erfl },
};

#define FUNCTIONS	(sizeof(functions) / sizeof(functions[0]))

static uint32_t stride(void)
{
	const char *text = getenv("ROUNDED_STRIDE");
	unsigned long value = text ? strtoul(text, NULL, 10) : DEFAULT_STRIDE;

	return value && value <= UINT32_MAX ? (uint32_t)value : DEFAULT_STRIDE;
}

static bool same(float x, float y)
{
	return isnan(x) ? isnan(y) : fp32_bits(x) == fp32_bits(y);
}

static void check(unsigned int function, const float *arguments, const float *results, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float want = (float)functions[function].exact((long double)arguments[i]);

		if (!same(want, results[i]))
			fail_msg("%s(%a) is %a and gave %a", functions[function].name,
				 (double)arguments[i], (double)want, (double)results[i]);
	}
}

static void each_is_the_exact_result_rounded_once(void **state)
{
	float arguments[BATCH], results[BATCH];
	uint64_t bits = 0;

	(void)state;
	while (bits <= UINT32_MAX) {
		size_t n = 0;

		for (; n < BATCH && bits <= UINT32_MAX; n++, bits += stride())
			arguments[n] = fp32_of_bits((uint32_t)bits);
		for (unsigned int i = 0; i < FUNCTIONS; i++) {
			memcpy(results, arguments, sizeof(results));
			functions[i].rounded(results, n);
			check(i, arguments, results, n);
		}
	}
}

/* 1/2 + x/4 is halfway between two fp32 values; the exact result is nearer to 1/2. */
static void sigmoid_is_right_where_its_linear_part_is_halfway(void **state)
{
	static const struct {
		float argument;
		float result;
	} cases[] = {
		{ 0x1.3p-19f, 0x1.000012p-1f }, { 0x1.f8p-18f, 0x1.00003ep-1f },
		{ 0x1.acp-17f, 0x1.00006ap-1f }, { -0x1.3p-20f, 0x1.ffffeep-2f },
		{ -0x1.6cp-18f, 0x1.ffffa6p-2f }, { -0x1.f6p-17f, 0x1.ffff06p-2f },
		{ -0x1.250c02p-10f, 0x1.ffb6bep-2f },	/* the cube, too */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		float value = cases[i].argument;

		number_sigmoid(&value, 1);
		assert_int_equal(fp32_bits(value), fp32_bits(cases[i].result));
	}
}

static void ends_of_the_range_are_reached(void **state)
{
	static const struct {
		rounded_fn rounded;
		float argument;
		float result;
	} cases[] = {
		{ number_exp, INFINITY, INFINITY }, { number_exp, -INFINITY, 0 },
		{ number_exp, 0x1.62e42ep6f, 0x1.ffff08p127f },
		{ number_exp, 0x1.62e43p6f, INFINITY },
		{ number_exp, -0x1.9d1da0p6f, 0x1p-149f }, { number_exp, -0.0f, 1 },
		{ number_tanh, INFINITY, 1 }, { number_tanh, -INFINITY, -1 },
		{ number_tanh, -0.0f, -0.0f }, { number_tanh, 0x1p-149f, 0x1p-149f },
		{ number_sigmoid, INFINITY, 1 }, { number_sigmoid, -INFINITY, 0 },
		{ number_sigmoid, -0.0f, 0.5f }, { number_erf, INFINITY, 1 },
		{ number_erf, -INFINITY, -1 }, { number_erf, -0.0f, -0.0f },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		float value = cases[i].argument;

		cases[i].rounded(&value, 1);
		if (!same(value, cases[i].result))
			fail_msg("case %zu: %a", i, (double)value);
	}
}

static void a_nan_stays_one(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < FUNCTIONS; i++) {
		float values[] = { fp32_of_bits(0x7fc00000), fp32_of_bits(0xffc00001),
				   fp32_of_bits(0x7f800001) };

		functions[i].rounded(values, 3);
		for (unsigned int k = 0; k < 3; k++)
			assert_true(isnan(values[k]));
	}
}

/* Vector code, its remainder and single values agree. */
static void a_result_does_not_depend_on_its_place(void **state)
{
	float values[67], single;

	(void)state;
	for (unsigned int i = 0; i < FUNCTIONS; i++) {
		for (unsigned int k = 0; k < 67; k++)
			values[k] = ldexpf(1.0f + (float)k / 67, (int)k % 20 - 14);
		functions[i].rounded(values, 67);
		for (unsigned int k = 0; k < 67; k++) {
			single = ldexpf(1.0f + (float)k / 67, (int)k % 20 - 14);
			functions[i].rounded(&single, 1);
			assert_int_equal(fp32_bits(single), fp32_bits(values[k]));
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_the_exact_result_rounded_once),
		cmocka_unit_test(sigmoid_is_right_where_its_linear_part_is_halfway),
		cmocka_unit_test(ends_of_the_range_are_reached),
		cmocka_unit_test(a_nan_stays_one),
		cmocka_unit_test(a_result_does_not_depend_on_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
