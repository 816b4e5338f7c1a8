// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "array.h"
#include "rational.h"

static void expect_exact(const char *text, const char *exact)
{
	mpq_t value;
	char *shown;

	mpq_init(value);
	assert_int_equal(cpl_rational_parse(value, text), 0);
	shown = cpl_rational_exact(value);
	assert_string_equal(shown, exact);
	free(shown);
	mpq_clear(value);
}

static void decimals_keep_their_value(void **state)
{
	(void)state;
	expect_exact("4992", "4992");
	expect_exact("0", "0");
	expect_exact("007", "7");
	expect_exact("3.183", "3.183");
	expect_exact("0.0625", "0.0625");
	expect_exact("5.920", "5.92");
	expect_exact("1.41e9", "1410000000");
	expect_exact("25E-1", "2.5");
	expect_exact("12345678901234567890123.5", "12345678901234567890123.5");
}

static void fractions_are_reduced_or_become_decimals(void **state)
{
	(void)state;
	expect_exact("2/6", "1/3");
	expect_exact("61000/1000", "61");
	expect_exact("1/8", "0.125");
}

static void nonsense_is_refused(void **state)
{
	static const char *const bad[] = {
		"", " ", "-1", "+1", "1.", ".5", "1e", "1e+", "1e41", "1e-41", "0x10", "1/0", "1/",
		"/2", "1/2/3", "1.5/2", "1,5", "inf", "nan", "1 ", "12a", "1e5.0",
		"11111111111111111111111111111111111111111111111111111111111111111",
	};
	mpq_t value;

	(void)state;
	mpq_init(value);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(cpl_rational_parse(value, bad[i]), -EINVAL);
	mpq_clear(value);
}

static void expect_truncated(long numerator, unsigned long denominator, unsigned int places,
			     const char *text, bool exact)
{
	mpq_t value;
	bool is_exact;
	char *shown;

	mpq_init(value);
	mpq_set_si(value, numerator, denominator);
	mpq_canonicalize(value);
	shown = cpl_rational_truncated(value, places, &is_exact);
	assert_string_equal(shown, text);
	assert_int_equal(is_exact, exact);
	free(shown);
	mpq_clear(value);
}

static void showing_cuts_off_toward_zero(void **state)
{
	(void)state;
	expect_truncated(319999, 100000, 4, "3.1999", false);
	expect_truncated(-319999, 100000, 4, "-3.1999", false);
	expect_truncated(2, 3, 2, "0.66", false);
	expect_truncated(-1, 100000, 4, "0", false);
	expect_truncated(32, 10, 4, "3.2", true);
	expect_truncated(1000, 1, 0, "1000", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimals_keep_their_value),
		cmocka_unit_test(fractions_are_reduced_or_become_decimals),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(showing_cuts_off_toward_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
