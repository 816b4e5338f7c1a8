/* SPDX-License-Identifier: MIT */
/*
 * Functions of one fp32 value are correctly rounded. Each run tries other arguments, one in
 * each DEFAULT_STRIDE. ROUNDED_STRIDE in the environment sets that distance, as numbers of
 * fp32 in order: 1 tries all of them, in a quarter of an hour a function, and prints those
 * that hardest.h should have.
 */
#include "suite.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "exact.h"
#include "hardest.h"
#include "number/bits.h"
#include "number/rounded.h"

#define DEFAULT_STRIDE	4099u	/* a prime: all low bits occur */
#define BATCH		1000u

static const struct {
	const char *name;
	void (*rounded)(float *values, size_t n);
} functions[EXACT_FUNCTIONS] = {
	[EXACT_EXP] = { "exp", number_exp },
	[EXACT_EXP2] = { "exp2", number_exp2 },
	[EXACT_EXPM1] = { "expm1", number_expm1 },
	[EXACT_TANH] = { "tanh", number_tanh },
	[EXACT_SIGMOID] = { "sigmoid", number_sigmoid },
	[EXACT_LOG] = { "log", number_log },
	[EXACT_LOG2] = { "log2", number_log2 },
	[EXACT_LOG1P] = { "log1p", number_log1p },
	[EXACT_SQRT] = { "sqrt", number_sqrt },
	[EXACT_RSQRT] = { "rsqrt", number_rsqrt },
	[EXACT_RECIPROCAL] = { "reciprocal", number_reciprocal },
	[EXACT_ERF] = { "erf", number_erf },
	[EXACT_SIN] = { "sin", number_sin },
	[EXACT_COS] = { "cos", number_cos },
	[EXACT_ATAN] = { "atan", number_atan },
};

static uint32_t stride(void)
{
	const char *text = getenv("ROUNDED_STRIDE");
	unsigned long value = text ? strtoul(text, NULL, 10) : DEFAULT_STRIDE;

	return value && value <= UINT32_MAX ? (uint32_t)value : DEFAULT_STRIDE;
}

/* Which arguments this run tries: others than the last. */
static uint32_t first_argument(void)
{
	uint32_t seed;

	assert_int_equal(getrandom(&seed, sizeof(seed), 0), sizeof(seed));
	return seed % stride();
}

static bool same(float x, float y)
{
	return isnan(x) ? isnan(y) : fp32_bits(x) == fp32_bits(y);
}

static void check(unsigned int function, float argument, float result)
{
	bool is_hard;
	float want = exact_rounded(function, argument, &is_hard);

	if (!same(want, result))
		fail_msg("%s(%a) is %a and gave %a", functions[function].name,
			 (double)argument, (double)want, (double)result);
	if (is_hard && stride() == 1)
		printf("\t{ EXACT_%s, %af },\n", functions[function].name, (double)argument);
}

static void check_batch(unsigned int function, const float *arguments, size_t n)
{
	float results[BATCH];

	memcpy(results, arguments, n * sizeof(*arguments));
	functions[function].rounded(results, n);
	for (size_t i = 0; i < n; i++)
		check(function, arguments[i], results[i]);
}

static void each_is_the_exact_result_rounded_once(void **state)
{
	float arguments[BATCH];
	uint64_t bits = first_argument();

	(void)state;
	while (bits <= UINT32_MAX) {
		size_t n = 0;

		for (; n < BATCH && bits <= UINT32_MAX; n++, bits += stride())
			arguments[n] = fp32_of_bits((uint32_t)bits);
		for (unsigned int i = 0; i < EXACT_FUNCTIONS; i++)
			check_batch(i, arguments, n);
	}
}

static void each_is_right_at_its_hardest_arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < HARDEST_COUNT; i++) {
		unsigned int function = hardest_arguments[i].function;
		float values[] = { hardest_arguments[i].argument, -hardest_arguments[i].argument };

		functions[function].rounded(values, 2);
		check(function, hardest_arguments[i].argument, values[0]);
		check(function, -hardest_arguments[i].argument, values[1]);
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

static const struct special {
	void (*rounded)(float *values, size_t n);
	float argument;
	float result;
} specials[] = {
	{ number_exp, INFINITY, INFINITY }, { number_exp, -INFINITY, 0 },
	{ number_exp, 0x1.62e42ep6f, 0x1.ffff08p127f }, { number_exp, 0x1.62e43p6f, INFINITY },
	{ number_exp, -0x1.9d1da0p6f, 0x1p-149f }, { number_exp, -0.0f, 1 },
	{ number_exp2, INFINITY, INFINITY }, { number_exp2, -INFINITY, 0 },
	{ number_exp2, 128, INFINITY }, { number_exp2, 127, 0x1p127f },
	{ number_exp2, -149, 0x1p-149f }, { number_exp2, -150, 0 }, { number_exp2, -0.0f, 1 },
	{ number_expm1, INFINITY, INFINITY }, { number_expm1, -INFINITY, -1 },
	{ number_expm1, -0.0f, -0.0f }, { number_expm1, 0x1p-149f, 0x1p-149f },
	{ number_tanh, INFINITY, 1 }, { number_tanh, -INFINITY, -1 },
	{ number_tanh, -0.0f, -0.0f }, { number_tanh, 0x1p-149f, 0x1p-149f },
	{ number_sigmoid, INFINITY, 1 }, { number_sigmoid, -INFINITY, 0 },
	{ number_sigmoid, -0.0f, 0.5f },
	{ number_log, 0, -INFINITY }, { number_log, -0.0f, -INFINITY }, { number_log, 1, 0 },
	{ number_log, INFINITY, INFINITY }, { number_log, -1, NAN }, { number_log, -INFINITY, NAN },
	{ number_log2, 0, -INFINITY }, { number_log2, -0.0f, -INFINITY },
	{ number_log2, INFINITY, INFINITY }, { number_log2, -1, NAN },
	{ number_log2, 0x1p-149f, -149 }, { number_log2, 0x1p127f, 127 }, { number_log2, 1, 0 },
	{ number_log1p, -1, -INFINITY }, { number_log1p, -2, NAN }, { number_log1p, 0, 0 },
	{ number_log1p, -0.0f, -0.0f }, { number_log1p, INFINITY, INFINITY },
	{ number_log1p, -INFINITY, NAN }, { number_log1p, 0x1p-149f, 0x1p-149f },
	{ number_sqrt, INFINITY, INFINITY }, { number_sqrt, -0.0f, -0.0f },
	{ number_sqrt, -1, NAN },
	{ number_rsqrt, INFINITY, 0 }, { number_rsqrt, 0, INFINITY },
	{ number_rsqrt, -0.0f, -INFINITY }, { number_rsqrt, -1, NAN }, { number_rsqrt, 4, 0.5f },
	{ number_reciprocal, INFINITY, 0 }, { number_reciprocal, -INFINITY, -0.0f },
	{ number_reciprocal, 0, INFINITY }, { number_reciprocal, -0.0f, -INFINITY },
	{ number_erf, INFINITY, 1 }, { number_erf, -INFINITY, -1 }, { number_erf, -0.0f, -0.0f },
	{ number_sin, INFINITY, NAN }, { number_sin, -INFINITY, NAN }, { number_sin, -0.0f, -0.0f },
	{ number_cos, INFINITY, NAN }, { number_cos, -INFINITY, NAN }, { number_cos, -0.0f, 1 },
	{ number_atan, INFINITY, 0x1.921fb6p0f }, { number_atan, -INFINITY, -0x1.921fb6p0f },
	{ number_atan, -0.0f, -0.0f }, { number_atan, 0x1p-149f, 0x1p-149f },
};

static void special_arguments_give_what_iso_c_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++) {
		float value = specials[i].argument;

		specials[i].rounded(&value, 1);
		if (!same(specials[i].result, value))
			fail_msg("case %zu: of %a %a", i, (double)specials[i].argument,
				 (double)value);
	}
}

static void a_nan_stays_one(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < EXACT_FUNCTIONS; i++) {
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
	for (unsigned int i = 0; i < EXACT_FUNCTIONS; i++) {
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
		cmocka_unit_test(each_is_right_at_its_hardest_arguments),
		cmocka_unit_test(sigmoid_is_right_where_its_linear_part_is_halfway),
		cmocka_unit_test(special_arguments_give_what_iso_c_says),
		cmocka_unit_test(a_nan_stays_one),
		cmocka_unit_test(a_result_does_not_depend_on_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
