// SPDX-License-Identifier: MIT
/* Cases in which a plausible shortcut gives a wrong answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "part.h"
#include "verdict.h"

static void expect_class(const struct tsr_compliance_facts *facts, const char *rule,
			 const char *policy, const char *expected)
{
	char *class = verdict_class(facts, rule, policy);

	assert_string_equal(class, expected);
	free(class);
}

/* Evaluates, compares the class and frees the facts. */
static void expect_simple(unsigned int bits, const char *tops, const char *area,
			  const char *expected)
{
	struct tsr_compliance_facts *facts = part_simple(bits, tops, area);

	expect_class(facts, RULE_2023, NULL, expected);
	tsr_compliance_facts_free(facts);
}

/* TPP 2000, density 3.183: rounded to one place it would be 3.2 and meet b.2. */
static void density_is_not_rounded_up_to_a_line(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(16, "125", "628.338");
	struct json_object *report = verdict(facts, RULE_2023, NULL);

	(void)state;
	assert_string_equal(verdict_outcome(report, "3A090.b.2"), "does-not-meet");
	assert_string_equal(verdict_string(report, "result.entry"), "none");
	assert_true(strncmp(verdict_string(verdict_level(report, "package"),
					   "quantities.pd.shown"), "3.183", 5) == 0);
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* 3.19999...: shown with four places it must still read as less than 3.2. */
static void a_density_just_below_a_line_is_shown_below_it(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(16, "125", "625.0000001");
	struct json_object *report = verdict(facts, RULE_2023, NULL);
	struct json_object *level = verdict_level(report, "package");

	(void)state;
	assert_string_equal(verdict_outcome(report, "3A090.b.2"), "does-not-meet");
	assert_string_equal(verdict_string(level, "quantities.pd.shown"), "3.1999");
	assert_true(json_object_get_boolean(verdict_at(level, "quantities.pd.truncated")));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void exactly_4800_is_inside(void **state)
{
	(void)state;
	expect_simple(8, "600", "5000", "3A090.a.1");
	expect_simple(16, "300", "5000", "3A090.a.1");
	expect_simple(8, "599.999999999999", "5000", "none");
}

static void exactly_1600_is_inside(void **state)
{
	(void)state;
	expect_simple(16, "100", "200", "3A090.a.2");
	expect_simple(16, "99.999999999999", "200", "none");
}

/* 2960 / 500 = 5.92, 3200 / 1000 = 3.2, 2400 / 1500 = 1.6. */
static void exact_densities_are_inside_from_below_and_outside_from_above(void **state)
{
	(void)state;
	expect_simple(8, "370", "500", "3A090.a.2");
	expect_simple(8, "370", "500.000001", "3A090.b.1");
	expect_simple(8, "200", "500", "3A090.b.2");
	expect_simple(8, "200", "500.000001", "none");
	expect_simple(8, "300", "1500", "3A090.b.1");
	expect_simple(8, "300", "1500.000001", "none");
}

static void the_2022_lines_are_inside_and_both_are_needed(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "600", NULL);

	(void)state;
	part_assert(facts, TSR_COMPLIANCE_IO_RATE, 0, 0, "600", "GB/s");
	expect_class(facts, RULE_2022, NULL, "3A090.a");
	tsr_compliance_facts_free(facts);
	facts = part_simple(8, "600", NULL);
	part_assert(facts, TSR_COMPLIANCE_IO_RATE, 0, 0, "599999.999", "MB/s");
	expect_class(facts, RULE_2022, NULL, "none");
	tsr_compliance_facts_free(facts);
}

static void unknown_io_matters_in_2022_only_above_the_other_line(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "600", NULL);

	(void)state;
	expect_class(facts, RULE_2022, NULL, "undetermined");
	tsr_compliance_facts_free(facts);
	facts = part_simple(8, "599", NULL);
	expect_class(facts, RULE_2022, NULL, "none");
	tsr_compliance_facts_free(facts);
}

/* TPP 2000: 2000/650 = 3.07 is below 3.2, 2000/400 = 5 is not. */
static void planar_dies_beside_finfet_dies_raise_the_density(void **state)
{
	struct tsr_compliance_facts *facts = part_new("chiplets");

	(void)state;
	part_die(facts, "compute", TSR_COMPLIANCE_LOGIC, 2, "200", "true");
	part_die(facts, "io", TSR_COMPLIANCE_IO, 1, "250", "false");
	part_die(facts, "hbm", TSR_COMPLIANCE_MEMORY, 4, "110", "true");
	part_format(facts, part_unit(facts, "array", NULL, "compute"), "fp16", 16, "125");
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, "true", NULL);
	expect_class(facts, RULE_2023, NULL, "3A090.b.2");
	tsr_compliance_facts_free(facts);
}

static void a_nonplanar_io_die_counts(void **state)
{
	struct tsr_compliance_facts *facts = part_new("chiplets");
	struct json_object *report;

	(void)state;
	part_die(facts, "compute", TSR_COMPLIANCE_LOGIC, 2, "200", "true");
	part_die(facts, "io", TSR_COMPLIANCE_IO, 1, "250", "true");
	part_format(facts, part_unit(facts, "array", NULL, "compute"), "fp16", 16, "125");
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, "true", NULL);
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(verdict_level(report, "package"),
					   "applicable_die_area.value.exact"), "650");
	assert_string_equal(verdict_string(report, "result.entry"), "none");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* Each die has TPP 2400 on 1000 mm2, the package 4800; the board of two packages 9600. */
static void levels_differ_in_class(void **state)
{
	struct tsr_compliance_facts *facts = part_new("two dies");
	struct json_object *report, *flip;

	(void)state;
	part_die(facts, "compute", TSR_COMPLIANCE_LOGIC, 2, "1000", "true");
	part_format(facts, part_unit(facts, "array", NULL, "compute"), "int8", 8, "600");
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, "true", NULL);
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(verdict_level(report, "die"), "class.entry"),
			    "3A090.b.1");
	assert_string_equal(verdict_string(verdict_level(report, "package"), "class.entry"),
			    "3A090.a.1");
	flip = verdict_switch(report, "level", "die");
	assert_string_equal(verdict_string(flip, "class"), "3A090.b.1");
	assert_true(json_object_get_boolean(verdict_at(flip, "flips")));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* A unit that is certainly on another die takes nothing from what is known of this one. */
static void a_die_has_the_rates_of_its_own_units(void **state)
{
	struct tsr_compliance_facts *facts = part_new("two kinds of dies");
	struct json_object *report;

	(void)state;
	part_die(facts, "first", TSR_COMPLIANCE_LOGIC, 1, "100", "true");
	part_die(facts, "second", TSR_COMPLIANCE_LOGIC, 1, "100", "true");
	part_format(facts, part_unit(facts, "a", NULL, "first"), "int8", 8, "10");
	part_format(facts, part_unit(facts, "b", NULL, "second"), "int8", 8, "20");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(report, "levels.0.die"), "first");
	assert_string_equal(verdict_string(report, "levels.0.quantities.tpp.exact"), "80");
	assert_string_equal(verdict_string(report, "levels.1.die"), "second");
	assert_string_equal(verdict_string(report, "levels.1.quantities.tpp.exact"), "160");
	assert_string_equal(verdict_exact(report, "tpp"), "240");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void a_board_of_several_packages_can_flip_the_class(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "150", "1000");
	struct json_object *report, *board;

	(void)state;
	part_assert(facts, TSR_COMPLIANCE_BOARD_PACKAGES, 0, 0, "4", "1");
	part_assert(facts, TSR_COMPLIANCE_NODE_BOARDS, 0, 0, "8", "1");
	report = verdict(facts, RULE_2023, NULL);
	board = verdict_level(report, "board");
	assert_string_equal(verdict_string(report, "result.entry"), "none");
	assert_string_equal(verdict_string(board, "class.entry"), "3A090.a.1");
	assert_string_equal(verdict_string(board, "quantities.tpp.exact"), "4800");
	assert_string_equal(verdict_string(board, "quantities.pd.exact"), "1.2");
	assert_string_equal(verdict_string(verdict_level(report, "node"),
					   "quantities.tpp.exact"), "38400");
	assert_true(json_object_get_boolean(verdict_at(verdict_switch(report, "level", "board"),
						       "flips")));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* The widest of two equally fast formats wins, the narrowest may win elsewhere. */
static void equal_rates_take_the_wider_format(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(16, "181", "724");
	struct json_object *report;

	(void)state;
	part_format(facts, 0, "int8", 8, "181");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_exact(report, "tpp"), "2896");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void the_narrowest_format_can_win(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(16, "165", "826");
	struct json_object *report;

	(void)state;
	part_format(facts, 0, "int8", 8, "330");
	part_format(facts, 0, "int4", 4, "661");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_exact(report, "tpp"), "2644");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void every_format_that_ties_is_marked(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(16, "312", "826");
	struct json_object *report, *formats;

	(void)state;
	part_format(facts, 0, "int8", 8, "624");
	part_format(facts, 0, "fp32", 32, "19.5");
	report = verdict(facts, RULE_2023, NULL);
	formats = verdict_at(verdict_level(report, "package"), "formats");
	assert_true(json_object_get_boolean(verdict_at(formats, "0.counts")));
	assert_true(json_object_get_boolean(verdict_at(formats, "1.counts")));
	assert_false(json_object_get_boolean(verdict_at(formats, "2.counts")));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void the_dense_rate_counts_whatever_the_sparse_rate_is(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "362", "608.5");
	struct json_object *report;

	(void)state;
	part_assert(facts, TSR_COMPLIANCE_SPARSE_RATE, 0, 0, "733", "TOPS");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_exact(report, "tpp"), "2896");
	assert_non_null(verdict_finding(report, "sparse-not-twice-dense"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void a_sparse_rate_alone_gives_no_tpp(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, NULL, "100");
	struct json_object *report;

	(void)state;
	part_assert(facts, TSR_COMPLIANCE_SPARSE_RATE, 0, 0, "2000", "TOPS");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(report, "result.entry"), "undetermined");
	assert_non_null(strstr(verdict_string(verdict_finding(report, "no-declared-rate"), "text"),
			       "only a sparse rate"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* 3200 / 5.92 = 540.54..., so that the line can be read as "a.2 if area <= 540.5". */
static void an_unknown_area_gives_break_even_areas(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(16, "200", NULL);
	struct json_object *report = verdict(facts, RULE_2023, NULL), *entry;

	(void)state;
	entry = verdict_entry(report, "3A090.a.2");
	assert_string_equal(verdict_string(entry, "outcome"), "undetermined");
	assert_string_equal(verdict_string(entry, "met_if.0.area_to.exact"), "20000/37");
	assert_string_equal(verdict_string(entry, "met_if.0.text"), "area <= ~540.5405 mm2");
	entry = verdict_entry(report, "3A090.b.1");
	assert_string_equal(verdict_string(entry, "met_if.0.area_above.exact"), "20000/37");
	assert_string_equal(verdict_string(entry, "met_if.0.area_to.exact"), "2000");
	assert_string_equal(verdict_string(report, "result.text"),
			    "3A090.a.2 if area <= ~540.5405 mm2; "
			    "3A090.b.1 if ~540.5405 < area <= 2000 mm2; none if area > 2000 mm2");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void an_unknown_area_does_not_matter_above_4800(void **state)
{
	(void)state;
	expect_simple(8, "600", NULL, "3A090.a.1");
	expect_simple(8, "199", NULL, "none");
}

/* 300 mm2 known, 20 mm2 more if the I/O die is FinFET: b.1 either way. */
static void an_unknown_process_does_not_matter_when_both_answers_agree(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(16, "150", "700");
	struct json_object *report;

	(void)state;
	part_die(facts, "io", TSR_COMPLIANCE_IO, 1, "20", "unknown");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(report, "result.text"), "3A090.b.1");
	assert_string_equal(verdict_exact(report, "pd"), "");
	assert_non_null(verdict_finding(report, "area-not-known"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* 2400 / 400 = 6 is a.2, 2400 / 420 = 5.71 is b.1. */
static void an_unknown_process_is_undetermined_when_it_decides(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(16, "150", "400");
	struct json_object *report;

	(void)state;
	part_die(facts, "io", TSR_COMPLIANCE_IO, 1, "20", "unknown");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(report, "result.entry"), "undetermined");
	assert_string_equal(verdict_string(report, "result.by_area.0.entry"), "3A090.a.2");
	assert_string_equal(verdict_string(report, "result.by_area.1.entry"), "3A090.b.1");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* NULL: the bound is not there. */
static void expect_area(struct tsr_compliance_facts *facts, const char *value, const char *least,
			const char *most)
{
	struct json_object *report = verdict(facts, RULE_2023, NULL), *area;
	const char *const names[] = { "value", "at_least", "at_most" };
	const char *const expected[] = { value, least, most };

	area = verdict_at(verdict_level(report, "package"), "applicable_die_area");
	for (int i = 0; i < 3; i++) {
		struct json_object *bound = verdict_at(area, names[i]);

		assert_int_equal(!bound, !expected[i]);
		if (bound)
			assert_string_equal(verdict_string(bound, "exact"), expected[i]);
	}
	assert_int_equal(!*verdict_string(area, "why"), !!value);
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static struct tsr_compliance_facts *two_dies(const char *area, const char *nonplanar)
{
	struct tsr_compliance_facts *facts = part_simple(16, "150", "700");

	part_die(facts, "io", TSR_COMPLIANCE_IO, 1, area, nonplanar);
	return facts;
}

static void the_area_is_shown_as_far_as_it_is_known(void **state)
{
	struct tsr_compliance_facts *facts;

	(void)state;
	expect_area(two_dies("20", "true"), "720", NULL, NULL);
	expect_area(two_dies("20", "false"), "700", NULL, NULL);
	expect_area(two_dies("20", "unknown"), NULL, "700", "720");
	expect_area(two_dies(NULL, "true"), NULL, "700", NULL);
	expect_area(two_dies(NULL, "unknown"), NULL, "700", NULL);
	expect_area(part_simple(16, "150", NULL), NULL, NULL, NULL);
	facts = part_new("one die");
	part_die(facts, "logic", TSR_COMPLIANCE_LOGIC, 3, "20", "unknown");
	part_format(facts, part_unit(facts, "array", NULL, NULL), "int8", 8, "1");
	expect_area(facts, NULL, NULL, "60");
	facts = part_new("planar");
	part_die(facts, "logic", TSR_COMPLIANCE_LOGIC, 1, "20", "false");
	part_format(facts, part_unit(facts, "array", NULL, NULL), "int8", 8, "1");
	expect_area(facts, NULL, NULL, NULL);
}

static void an_all_planar_part_has_no_density(void **state)
{
	struct tsr_compliance_facts *facts = part_new("planar");
	struct json_object *report, *level;

	(void)state;
	part_die(facts, "logic", TSR_COMPLIANCE_LOGIC, 1, "400", "false");
	part_format(facts, part_unit(facts, "array", NULL, "logic"), "int8", 8, "250");
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, "true", NULL);
	report = verdict(facts, RULE_2023, NULL);
	level = verdict_level(report, "package");
	assert_null(verdict_at(level, "quantities.pd.exact"));
	assert_non_null(strstr(verdict_string(level, "quantities.pd.why"), "not defined"));
	assert_string_equal(verdict_outcome(report, "3A090.a.2"), "undetermined");
	assert_string_equal(verdict_outcome(report, "3A090.b.2"), "undetermined");
	assert_string_equal(verdict_outcome(report, "3A090.a.1"), "does-not-meet");
	assert_non_null(verdict_finding(report, "density-not-defined"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void a_slow_planar_part_needs_no_density(void **state)
{
	struct tsr_compliance_facts *facts = part_new("planar");

	(void)state;
	part_die(facts, "logic", TSR_COMPLIANCE_LOGIC, 1, "4", "false");
	part_format(facts, part_unit(facts, "array", NULL, "logic"), "int8", 8, "0.5");
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, "false", NULL);
	expect_class(facts, RULE_CURRENT, NULL, "undetermined");
	part_assert(facts, TSR_COMPLIANCE_IO_RATE, 0, 0, "1", "GB/s");
	expect_class(facts, RULE_CURRENT, NULL, "none");
	tsr_compliance_facts_free(facts);
}

static void unknown_datacentre_use_counts_as_such_and_is_said(void **state)
{
	struct tsr_compliance_facts *facts = part_new("unmarketed");
	struct json_object *report, *flip;

	(void)state;
	part_die(facts, "logic", TSR_COMPLIANCE_LOGIC, 1, "400", "true");
	part_format(facts, part_unit(facts, "array", NULL, "logic"), "int8", 8, "350");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(report, "result.entry"), "3A090.a.2");
	assert_non_null(strstr(verdict_string(verdict_entry(report, "3A090 Note 2"), "reason"),
			       "not known, taken as data centre"));
	assert_non_null(verdict_finding(report, "datacentre-not-known"));
	flip = verdict_switch(report, "unknown-datacentre", "not-datacentre");
	assert_string_equal(verdict_string(flip, "class"), "none");
	assert_true(json_object_get_boolean(verdict_at(flip, "flips")));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void note_2_excludes_only_below_4800(void **state)
{
	struct tsr_compliance_facts *facts = part_new("desktop");
	struct json_object *report;

	(void)state;
	part_die(facts, "logic", TSR_COMPLIANCE_LOGIC, 1, "400", "true");
	part_format(facts, part_unit(facts, "array", NULL, "logic"), "int8", 8, "600");
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, "false", NULL);
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_outcome(report, "3A090 Note 2"), "does-not-meet");
	assert_string_equal(verdict_string(report, "result.entry"), "3A090.a.1");
	assert_string_equal(verdict_string(report, "result.also_met.0"), "3A090.a.2");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
	struct tsr_compliance_facts *first = part_simple(16, "200", NULL);
	struct tsr_compliance_facts *second = part_simple(16, "200", NULL);
	char *left = verdict_text(first, RULE_CURRENT, "tf32=19");
	char *right = verdict_text(second, RULE_CURRENT, "tf32=19");

	(void)state;
	assert_string_equal(left, right);
	free(left);
	free(right);
	tsr_compliance_facts_free(first);
	tsr_compliance_facts_free(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(density_is_not_rounded_up_to_a_line),
		cmocka_unit_test(a_density_just_below_a_line_is_shown_below_it),
		cmocka_unit_test(exactly_4800_is_inside),
		cmocka_unit_test(exactly_1600_is_inside),
		cmocka_unit_test(exact_densities_are_inside_from_below_and_outside_from_above),
		cmocka_unit_test(the_2022_lines_are_inside_and_both_are_needed),
		cmocka_unit_test(unknown_io_matters_in_2022_only_above_the_other_line),
		cmocka_unit_test(planar_dies_beside_finfet_dies_raise_the_density),
		cmocka_unit_test(a_nonplanar_io_die_counts),
		cmocka_unit_test(levels_differ_in_class),
		cmocka_unit_test(a_die_has_the_rates_of_its_own_units),
		cmocka_unit_test(a_board_of_several_packages_can_flip_the_class),
		cmocka_unit_test(equal_rates_take_the_wider_format),
		cmocka_unit_test(the_narrowest_format_can_win),
		cmocka_unit_test(every_format_that_ties_is_marked),
		cmocka_unit_test(the_dense_rate_counts_whatever_the_sparse_rate_is),
		cmocka_unit_test(a_sparse_rate_alone_gives_no_tpp),
		cmocka_unit_test(an_unknown_area_gives_break_even_areas),
		cmocka_unit_test(an_unknown_area_does_not_matter_above_4800),
		cmocka_unit_test(an_unknown_process_does_not_matter_when_both_answers_agree),
		cmocka_unit_test(an_unknown_process_is_undetermined_when_it_decides),
		cmocka_unit_test(the_area_is_shown_as_far_as_it_is_known),
		cmocka_unit_test(an_all_planar_part_has_no_density),
		cmocka_unit_test(a_slow_planar_part_needs_no_density),
		cmocka_unit_test(unknown_datacentre_use_counts_as_such_and_is_said),
		cmocka_unit_test(note_2_excludes_only_below_4800),
		cmocka_unit_test(the_same_input_gives_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
