// SPDX-License-Identifier: MIT
/* The oracle's arithmetic against values worked out by hand from the manual's rules. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../rounding.h"

static const struct quantization plain = { 1.0f, 0, -128, 127 };
static const struct quantization shifted = { 0.5f, -128, -128, 127 };
static const struct quantization bytes = { 0.5f, 3, 0, 255 };

static void halves_go_to_the_even_code(void **state)
{
	(void)state;
	assert_int_equal(to_code(0.5f, &plain), 0);
	assert_int_equal(to_code(1.5f, &plain), 2);
	assert_int_equal(to_code(2.5f, &plain), 2);
	assert_int_equal(to_code(-0.5f, &plain), 0);
	assert_int_equal(to_code(-1.5f, &plain), -2);
}

static void ties_are_judged_before_the_zero_point(void **state)
{
	(void)state;
	assert_int_equal(to_code(0.5f, &bytes), 3);
	assert_int_equal(to_code(1.5f, &bytes), 5);
}

static void codes_stop_at_the_ends_of_the_type(void **state)
{
	(void)state;
	assert_int_equal(to_code(126.5f, &plain), 126);
	assert_int_equal(to_code(127.5f, &plain), 127);
	assert_int_equal(to_code(-1e30f, &plain), -128);
	assert_int_equal(to_code(INFINITY, &shifted), 127);
	assert_int_equal(to_code(-1.0f, &shifted), -128);
	assert_int_equal(to_code(-4.0f, &bytes), 0);
	assert_int_equal(to_code(300.0f, &bytes), 255);
}

static void not_a_number_becomes_zero(void **state)
{
	(void)state;
	assert_int_equal(to_code(NAN, &bytes), 3);
}

static void reals_are_distances_from_the_zero_point(void **state)
{
	(void)state;
	assert_true(to_real(-128, &shifted) == 0.0f);
	assert_true(to_real(127, &shifted) == 127.5f);
	assert_true(to_real(0, &bytes) == -1.5f);
}

static void a_sum_takes_input_weight_and_output_scale(void **state)
{
	(void)state;
	/* 20 * (0.25 * 0.5 / 0.5) = 5 steps. */
	assert_int_equal(requantize_sum(20, 0.25f, 0.5f, &shifted), -123);
	assert_int_equal(requantize_sum(20, 0.25f, 0.5f, &bytes), 8);
}

static void the_sum_is_rounded_to_single_precision(void **state)
{
	const float step = 0x1p-25f;

	(void)state;
	/* 2^24 + 1 rounds to 2^24, which makes exactly one half step; unrounded it is more. */
	assert_int_equal(requantize_sum((1 << 24) + 1, step, 1.0f, &plain), 0);
	assert_int_equal(requantize_sum((1 << 24) + 2, step, 1.0f, &plain), 1);
}

static void a_mean_is_divided_last(void **state)
{
	(void)state;
	/* 7 * (1 / 0.5) / 4 = 3.5 steps, to even. */
	assert_int_equal(requantize_mean(7, 4, 1.0f, &shifted), -124);
	/* 5 * (1 / 0.5) / 4 = 2.5 steps, to even. */
	assert_int_equal(requantize_mean(5, 4, 1.0f, &shifted), -126);
}

static void a_real_is_divided_by_the_scale(void **state)
{
	const struct quantization tenth = { 0.1f, 0, -128, 127 };

	(void)state;
	/* 0.25f / 0.1f rounds to 2.5 exactly, and that to 2. */
	assert_int_equal(requantize_real(0.25f, &tenth), 2);
	assert_int_equal(requantize_real(-3.0f, &bytes), 0);
	assert_int_equal(requantize_real(3.0f, &bytes), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(halves_go_to_the_even_code),
		cmocka_unit_test(ties_are_judged_before_the_zero_point),
		cmocka_unit_test(codes_stop_at_the_ends_of_the_type),
		cmocka_unit_test(not_a_number_becomes_zero),
		cmocka_unit_test(reals_are_distances_from_the_zero_point),
		cmocka_unit_test(a_sum_takes_input_weight_and_output_scale),
		cmocka_unit_test(the_sum_is_rounded_to_single_precision),
		cmocka_unit_test(a_mean_is_divided_last),
		cmocka_unit_test(a_real_is_divided_by_the_scale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
