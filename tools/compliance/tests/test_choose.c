// SPDX-License-Identifier: MIT
/*
 * Which origins count under each reading of the switch "declared", and which figure is then used.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "array.h"
#include "choose.h"
#include "facts.h"
#include "figure.h"
#include "policy.h"

#define VALUES 4

static const char letters[TSR_COMPLIANCE_ORIGINS] = {
	[TSR_COMPLIANCE_ASSERTED] = 'a',
	[TSR_COMPLIANCE_REPORTED] = 'r',
	[TSR_COMPLIANCE_MEASURED] = 'm',
};

static struct cpl_policy declared(enum cpl_declared_value value)
{
	struct cpl_policy policy;

	cpl_policy_init(&policy);
	policy.value[CPL_DECLARED] = value;
	return policy;
}

static void origins_count_by_the_switch_and_by_what_is_given(void **state)
{
	/* The origins given, and those that count: strictest, reported, asserted, with-measured. */
	static const char *const rows[][1 + VALUES] = {
		{ "", "", "", "", "" },		{ "a", "a", "a", "a", "a" },
		{ "r", "r", "r", "r", "r" },	{ "m", "", "", "", "m" },
		{ "ar", "ar", "r", "a", "ar" }, { "am", "a", "a", "a", "am" },
		{ "rm", "r", "r", "r", "rm" },	{ "arm", "ar", "r", "a", "arm" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool given[TSR_COMPLIANCE_ORIGINS];

		for (int j = 0; j < TSR_COMPLIANCE_ORIGINS; j++)
			given[j] = strchr(rows[i][0], letters[j]);
		for (unsigned int value = 0; value < VALUES; value++) {
			struct cpl_policy policy = declared((enum cpl_declared_value)value);

			for (int j = 0; j < TSR_COMPLIANCE_ORIGINS; j++)
				if (cpl_origin_counts(&policy, given, (enum tsr_compliance_origin)j)
				    != !!strchr(rows[i][1 + value], letters[j]))
					fail_msg("given %s, declared=%s: %c", rows[i][0],
						 cpl_switch_value(CPL_DECLARED, value), letters[j]);
		}
	}
}

/*
 * Figures by origin in the order asserted, reported, measured; 0: none, -1:
 * a truth value not known.
 */
static void set_figures(struct cpl_quantity *figures, const int values[TSR_COMPLIANCE_ORIGINS])
{
	cpl_quantity_init(figures);
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
		figures->figure[i].given = values[i];
		figures->figure[i].known = values[i] > 0;
		if (values[i] > 0)
			mpq_set_si(figures->figure[i].value, values[i], 1);
	}
}

static void expect_chosen(const int values[TSR_COMPLIANCE_ORIGINS], enum cpl_declared_value value,
			  enum cpl_preference preference, int expected,
			  enum tsr_compliance_origin expected_origin)
{
	struct cpl_policy policy = declared(value);
	const struct cpl_figure *figure;
	enum tsr_compliance_origin origin;
	struct cpl_quantity figures;

	set_figures(&figures, values);
	figure = cpl_choose(&figures, &policy, preference, &origin);
	assert_non_null(figure);
	assert_int_equal(mpq_cmp_si(figure->value, expected, 1), 0);
	assert_int_equal(origin, expected_origin);
	cpl_quantity_clear(&figures);
}

static void the_stricter_of_two_that_count_is_used(void **state)
{
	static const int values[] = { 20, 30, 10 }, turned[] = { 30, 20, 40 };

	(void)state;
	expect_chosen(values, CPL_DECLARED_STRICTEST, CPL_HIGHER, 30, TSR_COMPLIANCE_REPORTED);
	expect_chosen(values, CPL_DECLARED_STRICTEST, CPL_LOWER, 20, TSR_COMPLIANCE_ASSERTED);
	expect_chosen(values, CPL_DECLARED_WITH_MEASURED, CPL_LOWER, 10, TSR_COMPLIANCE_MEASURED);
	expect_chosen(turned, CPL_DECLARED_STRICTEST, CPL_HIGHER, 30, TSR_COMPLIANCE_ASSERTED);
	expect_chosen(turned, CPL_DECLARED_STRICTEST, CPL_LOWER, 20, TSR_COMPLIANCE_REPORTED);
	expect_chosen(turned, CPL_DECLARED_WITH_MEASURED, CPL_HIGHER, 40, TSR_COMPLIANCE_MEASURED);
}

static void the_first_of_two_equal_figures_is_named(void **state)
{
	static const int values[] = { 20, 20, 20 };

	(void)state;
	expect_chosen(values, CPL_DECLARED_WITH_MEASURED, CPL_HIGHER, 20, TSR_COMPLIANCE_ASSERTED);
	expect_chosen(values, CPL_DECLARED_WITH_MEASURED, CPL_LOWER, 20, TSR_COMPLIANCE_ASSERTED);
}

static void a_measurement_that_stands_alone_is_used(void **state)
{
	static const int alone[] = { 0, 0, 10 }, beside_an_unknown[] = { -1, 0, 10 };

	(void)state;
	expect_chosen(alone, CPL_DECLARED_STRICTEST, CPL_LOWER, 10, TSR_COMPLIANCE_MEASURED);
	expect_chosen(alone, CPL_DECLARED_REPORTED, CPL_LOWER, 10, TSR_COMPLIANCE_MEASURED);
	expect_chosen(beside_an_unknown, CPL_DECLARED_ASSERTED, CPL_LOWER, 10,
		      TSR_COMPLIANCE_MEASURED);
}

static void nothing_known_is_nothing_chosen(void **state)
{
	static const int values[][TSR_COMPLIANCE_ORIGINS] = { { 0, 0, 0 }, { -1, -1, -1 } };
	struct cpl_policy policy = declared(CPL_DECLARED_STRICTEST);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct cpl_quantity figures;

		set_figures(&figures, values[i]);
		assert_null(cpl_choose(&figures, &policy, CPL_HIGHER, NULL));
		assert_int_equal(cpl_choose_truth(&figures, &policy), CPL_NOT_KNOWN);
		cpl_quantity_clear(&figures);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(origins_count_by_the_switch_and_by_what_is_given),
		cmocka_unit_test(the_stricter_of_two_that_count_is_used),
		cmocka_unit_test(the_first_of_two_equal_figures_is_named),
		cmocka_unit_test(a_measurement_that_stands_alone_is_used),
		cmocka_unit_test(nothing_known_is_nothing_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
