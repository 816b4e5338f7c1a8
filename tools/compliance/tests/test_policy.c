// SPDX-License-Identifier: MIT
/* Readings of the text, and figures of different origin. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "part.h"
#include "verdict.h"

static void expect_tpp(const struct tsr_compliance_facts *facts, const char *policy,
		       const char *tpp)
{
	struct json_object *report = verdict(facts, RULE_CURRENT, policy);

	assert_string_equal(verdict_exact(report, "tpp"), tpp);
	json_object_put(report);
}

/* int8: gpu 1000, dla 500, cpu 100; the gpu and the dla cannot run at once. */
static struct tsr_compliance_facts *soc(void)
{
	struct tsr_compliance_facts *facts = part_new("soc");

	part_die(facts, "soc", TSR_COMPLIANCE_LOGIC, 1, "400", "true");
	part_format(facts, part_unit(facts, "gpu", "a", "soc"), "int8", 8, "125");
	part_format(facts, part_unit(facts, "dla", "b", "soc"), "int8", 8, "62.5");
	part_format(facts, part_unit(facts, "cpu", NULL, "soc"), "int8", 8, "12.5");
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, "true", NULL);
	return facts;
}

static void units_are_added_by_the_switch_sum(void **state)
{
	struct tsr_compliance_facts *facts = soc();

	(void)state;
	expect_tpp(facts, NULL, "1600");
	expect_tpp(facts, "sum=concurrent", "1100");
	expect_tpp(facts, "sum=largest", "1000");
	tsr_compliance_facts_free(facts);
}

static void a_switch_that_flips_the_class_is_listed(void **state)
{
	struct tsr_compliance_facts *facts = soc();
	struct json_object *report = verdict(facts, RULE_2023, NULL), *largest;

	(void)state;
	assert_string_equal(verdict_string(report, "result.entry"), "3A090.b.2");
	largest = verdict_switch(report, "sum", "largest");
	assert_true(json_object_get_boolean(verdict_at(largest, "flips")));
	assert_string_equal(verdict_string(largest, "class"), "none");
	assert_false(json_object_get_boolean(verdict_at(verdict_switch(report, "tf32", "19"),
							"flips")));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* gpu: fp16 1600, int8 800; dla: int8 400. Together at one bit length: 1600 (16) or 1200 (8). */
static void formats_of_each_unit_or_one_for_all(void **state)
{
	struct tsr_compliance_facts *facts = part_new("mixed");
	unsigned int gpu = part_unit(facts, "gpu", NULL, NULL);

	(void)state;
	part_format(facts, gpu, "fp16", 16, "100");
	part_format(facts, gpu, "int8", 8, "100");
	part_format(facts, part_unit(facts, "dla", NULL, NULL), "int8", 8, "50");
	expect_tpp(facts, NULL, "2000");
	expect_tpp(facts, "formats=common", "1600");
	tsr_compliance_facts_free(facts);
}

/* MX: 4-bit elements, 8-bit scale for 32 of them: 4.25 bits with the share of the scale. */
static void block_formats_with_or_without_their_scale(void **state)
{
	const struct tsr_compliance_format format = {
		.name = "mxfp4", .bits = 4, .encoding = TSR_COMPLIANCE_BLOCK, .scale_bits = 8,
		.block_elements = 32,
	};
	struct tsr_compliance_facts *facts = part_new("blocks");

	(void)state;
	part_describe_format(facts, part_unit(facts, "array", NULL, NULL), &format, "1000");
	expect_tpp(facts, NULL, "4000");
	expect_tpp(facts, "block-scale=with-scale", "4250");
	tsr_compliance_facts_free(facts);
}

static void the_output_counts_only_when_asked(void **state)
{
	const struct tsr_compliance_format format = {
		.name = "int8", .bits = 8, .output_bits = 32,
	};
	struct tsr_compliance_facts *facts = part_new("accumulating");
	struct json_object *report, *other;

	(void)state;
	part_describe_format(facts, part_unit(facts, "array", NULL, NULL), &format, "100");
	report = verdict(facts, RULE_2022, NULL);
	assert_string_equal(verdict_exact(report, "tpp"), "800");
	other = verdict_switch(report, "bit-length", "inputs-and-output");
	assert_string_equal(verdict_string(other, "tpp.exact"), "3200");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void a_switch_that_the_text_settles_is_no_choice(void **state)
{
	const struct tsr_compliance_setting setting = { "bit-length", "inputs-and-output" };
	const struct tsr_compliance_options options = {
		.size = sizeof(options), .rule = RULE_CURRENT, .policy = &setting,
		.policy_count = 1,
	};
	struct tsr_compliance_facts *facts = part_simple(8, "100", "100");
	struct json_object *report = verdict(facts, RULE_CURRENT, NULL);
	struct tsr_compliance_error error = { "" };
	char *json;

	(void)state;
	assert_null(verdict_switch(report, "bit-length", "inputs-and-output"));
	assert_int_equal(tsr_compliance_evaluate(facts, verdict_rules(), &options, &json, &error),
			 -EINVAL);
	assert_non_null(strstr(error.text, "bit-length"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static struct tsr_compliance_facts *analog_part(void)
{
	const struct tsr_compliance_unit unit = { .name = "cim", .kind = TSR_COMPLIANCE_ANALOG };
	const struct tsr_compliance_format format = {
		.name = "mvm", .dac_bits = 6, .weight_bits = 4,
	};
	struct tsr_compliance_facts *facts = part_new("memristors");

	assert_int_equal(tsr_compliance_facts_add_unit(facts, &unit, NULL), 0);
	part_describe_format(facts, 0, &format, "100");
	return facts;
}

static void analog_units_count_by_their_wider_side(void **state)
{
	struct tsr_compliance_facts *facts = analog_part();

	(void)state;
	expect_tpp(facts, NULL, "600");
	expect_tpp(facts, "analog=excluded", "0");
	expect_tpp(facts, "analog=times-8", "800");
	tsr_compliance_facts_free(facts);
}

static void analog_units_are_marked_and_all_their_values_shown(void **state)
{
	struct tsr_compliance_facts *facts = analog_part();
	struct json_object *report = verdict(facts, RULE_CURRENT, NULL);

	(void)state;
	assert_non_null(verdict_finding(report, "analog-ambiguous"));
	assert_string_equal(verdict_string(verdict_switch(report, "analog", "times-8"),
					   "tpp.exact"), "800");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void the_2022_rule_itself_counts_analog_times_8(void **state)
{
	struct tsr_compliance_facts *facts = analog_part();
	struct json_object *report = verdict(facts, RULE_2022, NULL);

	(void)state;
	assert_string_equal(verdict_exact(report, "tpp"), "800");
	assert_null(verdict_finding(report, "analog-ambiguous"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* 16 tiles x 1000 MAC/cycle x 1 GHz = 32 TOPS, TPP 256 at 8 bits. */
static struct tsr_compliance_facts *tiles(void)
{
	struct tsr_compliance_facts *facts = part_simple(8, NULL, "100");

	part_set(facts, TSR_COMPLIANCE_UNIT_CLOCK, 0, 0, TSR_COMPLIANCE_REPORTED, "1000000", "kHz");
	part_set(facts, TSR_COMPLIANCE_UNIT_COUNT, 0, 0, TSR_COMPLIANCE_REPORTED, "16", "1");
	part_set(facts, TSR_COMPLIANCE_MACS_PER_CYCLE, 0, 0, TSR_COMPLIANCE_REPORTED, "1000",
		 "MAC/cycle");
	return facts;
}

static void add_cap(struct tsr_compliance_facts *facts, int irreversible,
		    enum tsr_compliance_cap_target target, const char *value, const char *unit)
{
	const struct tsr_compliance_cap cap = {
		.name = "cap", .irreversible = irreversible, .unit = "array", .target = target,
		.limit = { value, unit, TSR_COMPLIANCE_REPORTED, "test", NULL },
	};

	assert_int_equal(tsr_compliance_facts_add_cap(facts, &cap, NULL), 0);
}

static void the_rate_is_the_product_of_its_factors(void **state)
{
	struct tsr_compliance_facts *facts = tiles();

	(void)state;
	expect_tpp(facts, NULL, "256");
	tsr_compliance_facts_free(facts);
}

static void fuses_lower_the_peak(void **state)
{
	struct tsr_compliance_facts *facts = tiles();

	(void)state;
	add_cap(facts, 1, TSR_COMPLIANCE_CAP_COUNT, "12", "1");
	expect_tpp(facts, NULL, "192");
	expect_tpp(facts, "caps=none", "256");
	tsr_compliance_facts_free(facts);
}

static void a_firmware_or_driver_cap_is_information_only(void **state)
{
	struct tsr_compliance_facts *facts = tiles();
	struct json_object *report;

	(void)state;
	add_cap(facts, 0, TSR_COMPLIANCE_CAP_CLOCK, "500", "MHz");
	expect_tpp(facts, NULL, "256");
	expect_tpp(facts, "caps=all", "128");
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_non_null(verdict_finding(report, "cap-is-information"));
	assert_string_equal(verdict_string(report, "caps.0.kind"), "reversible");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* 12 of 16 tiles give 24 TOPS; what was measured is not lowered by the cap it contradicts. */
static void a_measurement_above_a_cap_is_seen(void **state)
{
	struct tsr_compliance_facts *facts = tiles();
	struct json_object *report;

	(void)state;
	add_cap(facts, 1, TSR_COMPLIANCE_CAP_RATE, "24", "TOPS");
	part_set(facts, TSR_COMPLIANCE_DENSE_RATE, 0, 0, TSR_COMPLIANCE_MEASURED, "30", "TOPS");
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_string_equal(verdict_exact(report, "tpp"), "192");
	assert_non_null(verdict_finding(report, "measured-above-declared"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void factors_of_different_origin_are_not_multiplied(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, NULL, "100");
	struct json_object *report;

	(void)state;
	part_set(facts, TSR_COMPLIANCE_UNIT_CLOCK, 0, 0, TSR_COMPLIANCE_ASSERTED, "1", "GHz");
	part_set(facts, TSR_COMPLIANCE_MACS_PER_CYCLE, 0, 0, TSR_COMPLIANCE_REPORTED, "1000",
		 "MAC/cycle");
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_string_equal(verdict_exact(report, "tpp"), "");
	assert_non_null(verdict_finding(report, "no-declared-rate"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void asserted_and_reported_rates_stay_apart(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "200", "100");

	(void)state;
	part_set(facts, TSR_COMPLIANCE_DENSE_RATE, 0, 0, TSR_COMPLIANCE_REPORTED, "50", "TMAC/s");
	expect_tpp(facts, NULL, "1600");
	expect_tpp(facts, "declared=reported", "800");
	expect_tpp(facts, "declared=asserted", "1600");
	tsr_compliance_facts_free(facts);
}

static void figures_that_disagree_are_a_finding(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "200", "100");
	struct json_object *report;

	(void)state;
	part_set(facts, TSR_COMPLIANCE_DIE_AREA, 0, 0, TSR_COMPLIANCE_MEASURED, "104", "mm2");
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_string_equal(verdict_string(verdict_finding(report, "origins-differ"), "text"),
			    "asserted 100 mm2, measured 104 mm2");
	assert_string_equal(verdict_exact(report, "pd"), "16");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void equal_figures_in_other_units_are_no_finding(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "200", "100");
	struct json_object *report;

	(void)state;
	part_assert(facts, TSR_COMPLIANCE_IO_RATE, 0, 0, "8", "GB/s");
	part_set(facts, TSR_COMPLIANCE_IO_RATE, 0, 0, TSR_COMPLIANCE_REPORTED, "8000", "MB/s");
	part_set(facts, TSR_COMPLIANCE_DENSE_RATE, 0, 0, TSR_COMPLIANCE_REPORTED, "1e14", "MAC/s");
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_null(verdict_finding(report, "origins-differ"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void measured_above_the_declared_peak_is_an_error(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "199", "100");
	struct json_object *report, *finding;

	(void)state;
	part_set(facts, TSR_COMPLIANCE_DENSE_RATE, 0, 0, TSR_COMPLIANCE_MEASURED, "200", "TOPS");
	report = verdict(facts, RULE_2023, NULL);
	finding = verdict_finding(report, "measured-above-declared");
	assert_string_equal(verdict_string(finding, "severity"), "error");
	assert_string_equal(verdict_exact(report, "tpp"), "1592");
	assert_string_equal(verdict_string(report, "result.entry"), "undetermined");
	assert_non_null(strstr(verdict_string(report, "result.text"), "measured-above-declared"));
	assert_string_equal(verdict_string(verdict_switch(report, "declared", "with-measured"),
					   "class"), "3A090.a.2");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void measured_below_the_declared_peak_lowers_nothing(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "200", "100");
	struct json_object *report;

	(void)state;
	part_set(facts, TSR_COMPLIANCE_DENSE_RATE, 0, 0, TSR_COMPLIANCE_MEASURED, "120", "TOPS");
	expect_tpp(facts, NULL, "1600");
	expect_tpp(facts, "declared=with-measured", "1600");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(verdict_finding(report, "measured-below-declared"),
					   "severity"), "note");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void a_measurement_alone_is_no_peak(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, NULL, "100");
	struct json_object *report;

	(void)state;
	part_set(facts, TSR_COMPLIANCE_DENSE_RATE, 0, 0, TSR_COMPLIANCE_MEASURED, "120", "TOPS");
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(report, "result.entry"), "undetermined");
	assert_non_null(strstr(verdict_string(verdict_finding(report, "no-declared-rate"), "text"),
			       "only a measurement"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void origins_that_contradict_each_other_leave_the_process_open(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "250", "300");
	struct json_object *report;

	(void)state;
	part_set(facts, TSR_COMPLIANCE_DIE_NONPLANAR, 0, 0, TSR_COMPLIANCE_REPORTED, "false", NULL);
	report = verdict(facts, RULE_2023, NULL);
	assert_string_equal(verdict_string(report, "result.entry"), "undetermined");
	assert_string_equal(verdict_string(report, "result.if_planar"), "undetermined");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void forms_list_their_figures_with_sources(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "600", "500");
	struct json_object *report;

	(void)state;
	part_assert(facts, TSR_COMPLIANCE_DRAM_BANDWIDTH, 0, 0, "3200", "GB/s");
	part_assert(facts, TSR_COMPLIANCE_BOARD_PACKAGES, 0, 0, "4", "1");
	part_assert(facts, TSR_COMPLIANCE_TRANSISTORS, 0, 0, "28e9", "1");
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_string_equal(verdict_string(report, "packs.nac.0.value.exact"), "4800");
	assert_string_equal(verdict_string(report, "packs.nac.0.sources.0"), "asserted: test");
	assert_string_equal(verdict_string(report, "packs.nac.1.value.exact"), "9.6");
	assert_string_equal(verdict_string(report, "packs.nac.2.value.exact"), "3200");
	assert_string_equal(verdict_string(report, "packs.nac.3.value.exact"), "19200");
	assert_string_equal(verdict_string(report, "packs.foundry.2.value.exact"), "28000000000");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void a_form_says_why_a_figure_is_missing(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "600", NULL);
	struct json_object *report = verdict(facts, RULE_CURRENT, NULL);

	(void)state;
	assert_null(verdict_at(report, "packs.foundry.1.value"));
	assert_non_null(strstr(verdict_string(report, "packs.foundry.1.why"), "area of die logic"));
	assert_non_null(strstr(verdict_string(report, "packs.foundry.2.why"), "not known"));
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void memory_is_classified_apart_from_the_processor(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "1", "100");
	struct json_object *report;

	(void)state;
	part_assert(facts, TSR_COMPLIANCE_HBM_BANDWIDTH, 0, 0, "242", "GB/s");
	part_assert(facts, TSR_COMPLIANCE_HBM_AREA, 0, 0, "121", "mm2");
	part_assert(facts, TSR_COMPLIANCE_HBM_COPACKAGED, 0, 0, "false", NULL);
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_string_equal(verdict_exact(report, "hbm_density"), "2");
	assert_string_equal(verdict_outcome(report, "3A090.c"), "does-not-meet");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void memory_beside_dominant_logic_is_not_classified(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "1", "100");
	struct json_object *report;

	(void)state;
	part_assert(facts, TSR_COMPLIANCE_HBM_BANDWIDTH, 0, 0, "819", "GB/s");
	part_assert(facts, TSR_COMPLIANCE_HBM_AREA, 0, 0, "121", "mm2");
	part_assert(facts, TSR_COMPLIANCE_HBM_COPACKAGED, 0, 0, "true", NULL);
	report = verdict(facts, RULE_2024, NULL);
	assert_string_equal(verdict_outcome(report, "3A090.c"), "does-not-meet");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_are_added_by_the_switch_sum),
		cmocka_unit_test(a_switch_that_flips_the_class_is_listed),
		cmocka_unit_test(formats_of_each_unit_or_one_for_all),
		cmocka_unit_test(block_formats_with_or_without_their_scale),
		cmocka_unit_test(the_output_counts_only_when_asked),
		cmocka_unit_test(a_switch_that_the_text_settles_is_no_choice),
		cmocka_unit_test(analog_units_count_by_their_wider_side),
		cmocka_unit_test(analog_units_are_marked_and_all_their_values_shown),
		cmocka_unit_test(the_2022_rule_itself_counts_analog_times_8),
		cmocka_unit_test(the_rate_is_the_product_of_its_factors),
		cmocka_unit_test(fuses_lower_the_peak),
		cmocka_unit_test(a_firmware_or_driver_cap_is_information_only),
		cmocka_unit_test(a_measurement_above_a_cap_is_seen),
		cmocka_unit_test(factors_of_different_origin_are_not_multiplied),
		cmocka_unit_test(asserted_and_reported_rates_stay_apart),
		cmocka_unit_test(figures_that_disagree_are_a_finding),
		cmocka_unit_test(equal_figures_in_other_units_are_no_finding),
		cmocka_unit_test(measured_above_the_declared_peak_is_an_error),
		cmocka_unit_test(measured_below_the_declared_peak_lowers_nothing),
		cmocka_unit_test(a_measurement_alone_is_no_peak),
		cmocka_unit_test(origins_that_contradict_each_other_leave_the_process_open),
		cmocka_unit_test(forms_list_their_figures_with_sources),
		cmocka_unit_test(a_form_says_why_a_figure_is_missing),
		cmocka_unit_test(memory_is_classified_apart_from_the_processor),
		cmocka_unit_test(memory_beside_dominant_logic_is_not_classified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
