// SPDX-License-Identifier: MIT
/* Facts that cannot be used are refused with the name of the field. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "array.h"
#include "part.h"
#include "verdict.h"

#define HEAD "{\"schema\":\"tessera-compliance-facts/1\",\"name\":\"x\""
#define FIGURE(value, unit) \
	"{\"value\":" value ",\"unit\":\"" unit "\",\"origin\":\"asserted\",\"source\":\"s\"}"
#define UNIT(members) HEAD ",\"units\":[{\"name\":\"u\"" members "}]}"
#define FORMAT(members) UNIT(",\"formats\":[{\"name\":\"f\"" members "}]")

static void expect_refused(const char *json, const char *field)
{
	struct tsr_compliance_error error = { "" };
	struct tsr_compliance_facts *facts;

	assert_int_equal(tsr_compliance_facts_from_json(json, strlen(json), &facts, &error),
			 -EINVAL);
	assert_null(facts);
	if (!strstr(error.text, field))
		fail_msg("'%s' does not name '%s'", error.text, field);
}

static struct tsr_compliance_facts *accepted(const char *json)
{
	struct tsr_compliance_error error = { "" };
	struct tsr_compliance_facts *facts;

	if (tsr_compliance_facts_from_json(json, strlen(json), &facts, &error))
		fail_msg("%s", error.text);
	return facts;
}

/* The repaired twin of a refused text: the same without its one defect. */
static void expect_accepted(const char *json)
{
	tsr_compliance_facts_free(accepted(json));
}

static void text_that_is_not_json_is_refused(void **state)
{
	(void)state;
	expect_refused("", "facts");
	expect_refused("[]", "facts");
	expect_refused("{", "byte");
	expect_refused(HEAD "} trailing", "byte");
	expect_refused("{\"schema\":\"x\",\"name\":\"\xff\"}", "UTF-8");
}

static void names_may_have_any_letters(void **state)
{
	struct tsr_compliance_facts *facts;
	struct json_object *report;

	(void)state;
	facts = accepted("{\"schema\":\"tessera-compliance-facts/1\","
			 "\"name\":\"\xc3\xa4\xf0\x9f\x98\x80\"}");
	part_format(facts, part_unit(facts, "u", NULL, NULL), "int8", 8, "1");
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_string_equal(verdict_string(report, "subject.name"), "\xc3\xa4\xf0\x9f\x98\x80");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void the_head_is_checked(void **state)
{
	(void)state;
	expect_refused("{}", "schema");
	expect_refused("{\"schema\":\"other/1\",\"name\":\"x\"}", "schema");
	expect_refused("{\"schema\":\"tessera-compliance-facts/1\"}", "name");
	expect_refused("{\"schema\":\"tessera-compliance-facts/1\",\"name\":\"\"}", "name");
	expect_refused(HEAD ",\"vendor\":3}", "vendor");
}

static void misspelt_members_are_refused(void **state)
{
	(void)state;
	expect_refused(HEAD ",\"datacenter\":{}}", "datacenter");
	expect_refused(UNIT(",\"clocks\":1"), "units[0].clocks");
	expect_refused(FORMAT(",\"bits\":8,\"rate\":1"), "units[0].formats[0].rate");
	expect_refused(HEAD ",\"hbm\":{\"area\":1}}", "hbm.area");
	expect_refused(HEAD ",\"io_rate\":{\"valeu\":1}}", "io_rate.valeu");
}

static void figures_need_value_unit_origin_and_source(void **state)
{
	(void)state;
	expect_refused(HEAD ",\"io_rate\":3}", "io_rate");
	expect_refused(HEAD ",\"io_rate\":{\"unit\":\"GB/s\",\"origin\":\"asserted\","
		       "\"source\":\"s\"}}", "io_rate.value");
	expect_refused(HEAD ",\"io_rate\":{\"value\":1,\"origin\":\"asserted\","
		       "\"source\":\"s\"}}", "io_rate.unit");
	expect_refused(HEAD ",\"io_rate\":{\"value\":1,\"unit\":\"GB/s\",\"source\":\"s\"}}",
		       "io_rate.origin");
	expect_refused(HEAD ",\"io_rate\":{\"value\":1,\"unit\":\"GB/s\",\"source\":\"s\","
		       "\"origin\":\"guessed\"}}", "io_rate.origin");
	expect_refused(HEAD ",\"io_rate\":{\"value\":1,\"unit\":\"GB/s\","
		       "\"origin\":\"asserted\"}}", "io_rate.source");
}

static void values_are_checked(void **state)
{
	(void)state;
	expect_refused(HEAD ",\"io_rate\":" FIGURE("\"fast\"", "GB/s") "}", "io_rate.value");
	expect_refused(HEAD ",\"io_rate\":" FIGURE("-1", "GB/s") "}", "io_rate.value");
	expect_refused(HEAD ",\"io_rate\":" FIGURE("true", "GB/s") "}", "io_rate.value");
	expect_refused(HEAD ",\"io_rate\":" FIGURE("1", "Gbit/s") "}", "io_rate.unit");
	expect_accepted(HEAD ",\"transistors\":" FIGURE("99999999999999999999999", "1") "}");
	expect_refused(HEAD ",\"transistors\":" FIGURE("\"1.5\"", "1") "}", "transistors.value");
	expect_refused(HEAD ",\"datacentre\":{\"value\":\"maybe\",\"origin\":\"asserted\","
		       "\"source\":\"s\"}}", "datacentre.value");
	expect_refused(HEAD ",\"dies\":[{\"name\":\"d\",\"area\":" FIGURE("0", "mm2") "}]}",
		       "dies[0].area.value");
}

/* 3.183 has no exact binary form. */
static void numbers_without_quotes_are_exact_too(void **state)
{
	struct tsr_compliance_facts *facts;
	struct json_object *report;

	(void)state;
	facts = accepted(HEAD ",\"io_rate\":" FIGURE("3.183", "GB/s") ",\"dram_bandwidth\":"
			 FIGURE("1e3", "MB/s") "}");
	part_format(facts, part_unit(facts, "u", NULL, NULL), "int8", 8, "1");
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_string_equal(verdict_exact(report, "io"), "3.183");
	assert_string_equal(verdict_exact(report, "dram"), "1");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

/* Which of two members counts differs between parsers. */
static void members_given_twice_are_refused(void **state)
{
	(void)state;
	expect_refused(HEAD ",\"name\":\"y\"}", "name: given twice");
	expect_refused(HEAD ",\"io_rate\":{\"value\":1,\"value\":2,\"unit\":\"GB/s\","
		       "\"origin\":\"asserted\",\"source\":\"s\"}}", "io_rate.value: given twice");
	expect_refused(HEAD ",\"n\\u0061me\":\"y\"}", "name: given twice");
	expect_accepted(HEAD "}");
}

static void text_with_a_nul_is_refused(void **state)
{
	static const char bytes[] = HEAD "}\0{}";
	struct tsr_compliance_facts *facts;

	(void)state;
	expect_refused(HEAD ",\"vendor\":\"a\\u0000b\"}", "NUL");
	expect_refused(HEAD ",\"vendor\\u0000\":\"a\"}", "NUL");
	assert_int_equal(tsr_compliance_facts_from_json(bytes, sizeof(bytes) - 1, &facts, NULL),
			 -EINVAL);
	expect_accepted(HEAD ",\"vendor\":\"ab\"}");
}

#define TIMED(time) HEAD ",\"io_rate\":{\"value\":1,\"unit\":\"GB/s\",\"origin\":\"asserted\"," \
	"\"source\":\"s\",\"time\":\"" time "\"}}"

static void moments_that_do_not_exist_are_refused(void **state)
{
	static const char *const refused[] = {
		TIMED("2026-02-29"), TIMED("2100-02-29"), TIMED("2026-04-31"), TIMED("2026-13-01"),
		TIMED("2026-00-10"), TIMED("2026-01-00"), TIMED("0000-01-01"), TIMED("2026-1-01"),
		TIMED("yesterday"), TIMED("2026-01-01T24:00:00Z"), TIMED("2026-01-01T10:60:00Z"),
		TIMED("2026-01-01T10:00:61Z"), TIMED("2026-01-01T10:00:00"),
		TIMED("2026-01-01 10:00:00Z"), TIMED("2026-01-01T10:00:00+24:00"),
		TIMED("2026-01-01T10:00:00+01:00x"), TIMED("2026-01-01x"),
	};
	static const char *const good[] = {
		TIMED("2024-02-29"), TIMED("2000-02-29"), TIMED("2026-04-30"), TIMED("2026-12-31"),
		TIMED("2026-01-01T23:59:60Z"), TIMED("2026-01-01T10:00:00-01:30"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		expect_refused(refused[i], "io_rate.time");
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		expect_accepted(good[i]);
}

static void two_figures_of_one_origin_are_refused(void **state)
{
	(void)state;
	expect_refused(HEAD ",\"io_rate\":[" FIGURE("1", "GB/s") "," FIGURE("2", "GB/s") "]}",
		       "io_rate");
}

static void structure_is_checked(void **state)
{
	(void)state;
	expect_refused(HEAD ",\"units\":{}}", "units");
	expect_refused(UNIT(",\"die\":\"nowhere\""), "units[0].die");
	expect_refused(UNIT(",\"kind\":\"quantum\""), "units[0].kind");
	expect_refused(FORMAT(""), "units[0].formats[0]");
	expect_refused(FORMAT(",\"bits\":0"), "bits");
	expect_refused(FORMAT(",\"bits\":\"8\""), "units[0].formats[0].bits");
	expect_refused(FORMAT(",\"bits\":19,\"encoding\":\"tf32\""), "bits");
	expect_refused(FORMAT(",\"bits\":4,\"encoding\":\"block\""), "scale_bits");
	expect_refused(FORMAT(",\"bits\":8,\"dac_bits\":4"), "dac_bits");
	expect_refused(HEAD ",\"dies\":[{\"name\":\"d\"},{\"name\":\"d\"}]}", "dies[1].name");
	expect_refused(HEAD ",\"dies\":[{\"name\":\"d\",\"count\":0}]}", "dies[0].count");
	expect_refused(HEAD ",\"caps\":[{\"name\":\"c\",\"unit\":\"u\"}]}", "caps[0]");
}

#define ANALOG(members) UNIT(",\"kind\":\"analog\",\"formats\":[{\"name\":\"f\"" members "}]")

/* Each refusal has its twins: the same at the limit, or without its one defect. */
static void a_digital_format_has_bits_up_to_128_and_what_its_encoding_needs(void **state)
{
	(void)state;
	expect_accepted(FORMAT(",\"bits\":1"));
	expect_accepted(FORMAT(",\"bits\":128,\"output_bits\":128"));
	expect_refused(FORMAT(",\"bits\":129"), "bits: 1 to 128");
	expect_refused(FORMAT(",\"bits\":8,\"output_bits\":129"), "output_bits");
	expect_refused(FORMAT(",\"bits\":8,\"weight_bits\":4"), "weight_bits");
	expect_accepted(FORMAT(",\"bits\":32,\"encoding\":\"tf32\""));
	expect_accepted(FORMAT(",\"bits\":4,\"encoding\":\"block\",\"scale_bits\":128,"
			       "\"block_elements\":32"));
	expect_refused(FORMAT(",\"bits\":4,\"encoding\":\"block\",\"scale_bits\":129,"
			      "\"block_elements\":32"), "scale_bits");
	expect_refused(FORMAT(",\"bits\":4,\"encoding\":\"block\",\"scale_bits\":8"),
		       "block_elements");
	expect_refused(FORMAT(",\"bits\":4,\"encoding\":\"block\",\"block_elements\":32"),
		       "block_elements");
	expect_refused(FORMAT(",\"bits\":4,\"scale_bits\":8,\"block_elements\":32"),
		       "block_elements");
}

static void an_analog_format_has_converter_and_weight_bits_up_to_128(void **state)
{
	(void)state;
	expect_accepted(ANALOG(",\"dac_bits\":1,\"weight_bits\":128"));
	expect_accepted(ANALOG(",\"dac_bits\":128,\"weight_bits\":1"));
	expect_refused(ANALOG(",\"dac_bits\":6"), "weight_bits");
	expect_refused(ANALOG(",\"weight_bits\":4"), "dac_bits");
	expect_refused(ANALOG(",\"dac_bits\":129,\"weight_bits\":4"), "at most 128");
	expect_refused(ANALOG(",\"dac_bits\":6,\"weight_bits\":129"), "at most 128");
	expect_refused(ANALOG(",\"dac_bits\":6,\"weight_bits\":4,\"bits\":8"), "digital");
	expect_refused(ANALOG(",\"dac_bits\":6,\"weight_bits\":4,\"encoding\":\"tf32\""),
		       "digital");
}

static void caps_name_what_exists(void **state)
{
	(void)state;
	expect_refused(HEAD ",\"caps\":[{\"name\":\"c\",\"unit\":\"u\",\"kind\":\"irreversible\","
		       "\"target\":\"clock\",\"limit\":" FIGURE("1", "GHz") "}]}", "caps[0].unit");
	expect_refused(HEAD ",\"units\":[{\"name\":\"u\"}],\"caps\":[{\"name\":\"c\","
		       "\"unit\":\"u\",\"kind\":\"irreversible\",\"target\":\"rate\","
		       "\"format\":\"f\",\"limit\":" FIGURE("1", "TOPS") "}]}", "caps[0].format");
	expect_refused(HEAD ",\"units\":[{\"name\":\"u\"}],\"caps\":[{\"name\":\"c\","
		       "\"unit\":\"u\",\"kind\":\"irreversible\",\"target\":\"clock\","
		       "\"limit\":" FIGURE("1", "TOPS") "}]}", "caps[0].limit.unit");
}

static void expect_unusable(struct tsr_compliance_facts *facts, const char *policy_value,
			    const char *rule, const char *date, int code, const char *field)
{
	const struct tsr_compliance_setting setting = { "level", policy_value };
	const struct tsr_compliance_options options = {
		.size = sizeof(options), .rule = rule, .date = date, .policy = &setting,
		.policy_count = policy_value ? 1 : 0,
	};
	struct tsr_compliance_error error = { "" };
	char *json;

	assert_int_equal(tsr_compliance_evaluate(facts, verdict_rules(), &options, &json, &error),
			 code);
	assert_null(json);
	if (!strstr(error.text, field))
		fail_msg("'%s' does not name '%s'", error.text, field);
}

static void unusable_requests_are_refused(void **state)
{
	struct tsr_compliance_facts *facts = part_new("empty");

	(void)state;
	expect_unusable(facts, NULL, RULE_2022, NULL, -EINVAL, "units");
	part_unit(facts, "u", NULL, NULL);
	expect_unusable(facts, NULL, RULE_2022, NULL, -EINVAL, "units[0].formats");
	part_format(facts, 0, "int8", 8, "1");
	expect_unusable(facts, NULL, NULL, NULL, -EINVAL, "date");
	expect_unusable(facts, NULL, NULL, "2026-13-01", -EINVAL, "date");
	expect_unusable(facts, NULL, NULL, "2020-01-01", -ENOENT, "2020-01-01");
	expect_unusable(facts, NULL, "moon-2030", NULL, -ENOENT, "moon-2030");
	expect_unusable(facts, "board", RULE_2022, NULL, -EINVAL, "board");
	expect_unusable(facts, "galaxy", RULE_2022, NULL, -EINVAL, "galaxy");
	tsr_compliance_facts_free(facts);
}

static void setting_what_does_not_exist_is_refused(void **state)
{
	const struct tsr_compliance_figure figure = {
		.value = "1", .unit = "mm2", .origin = TSR_COMPLIANCE_ASSERTED, .source = "s",
	};
	struct tsr_compliance_facts *facts = part_simple(8, "1", "1");

	(void)state;
	assert_int_equal(tsr_compliance_facts_set(facts, TSR_COMPLIANCE_DIE_AREA, 1, 0, &figure,
						  NULL), -EINVAL);
	assert_int_equal(tsr_compliance_facts_set(facts, TSR_COMPLIANCE_DIE_AREA, 0, 1, &figure,
						  NULL), -EINVAL);
	assert_int_equal(tsr_compliance_facts_set(facts, TSR_COMPLIANCE_DIE_AREA, 0, 0, &figure,
						  NULL), -EEXIST);
	assert_int_equal(tsr_compliance_facts_set(facts, TSR_COMPLIANCE_QUANTITIES, 0, 0, &figure,
						  NULL), -EINVAL);
	tsr_compliance_facts_free(facts);
}

/* A device's name comes from its fuses and may hold anything. */
static void text_that_is_not_utf8_is_refused(void **state)
{
	static const char *const bad[] = { "\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80",
					   "\xf4\x90\x80\x80", "\x80" };
	struct tsr_compliance_facts *facts;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(tsr_compliance_facts_create(NULL, bad[i], &facts), -EINVAL);
	assert_int_equal(tsr_compliance_facts_create("\xc3\x84", "\xe2\x82\xac", &facts), 0);
	tsr_compliance_facts_free(facts);
}

static char *read_example(void)
{
	FILE *file = fopen(EXAMPLE_FILE, "r");
	char *text = calloc(1, 65536);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, 65535, file) > 0);
	fclose(file);
	return text;
}

/* The documented example uses every member of the facts. */
static void the_example_is_read_whole(void **state)
{
	struct tsr_compliance_error error = { "" };
	struct tsr_compliance_facts *facts;
	struct json_object *report;
	char *text = read_example();

	(void)state;
	if (tsr_compliance_facts_from_json(text, strlen(text), &facts, &error))
		fail_msg("%s", error.text);
	report = verdict(facts, RULE_CURRENT, NULL);
	assert_string_equal(verdict_string(report, "result.text"), "3A090.a.1");
	assert_non_null(verdict_level(report, "die"));
	assert_non_null(verdict_level(report, "node"));
	assert_string_equal(verdict_string(report, "subject.serial"), "TSR-0001");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
	free(text);
}

/* Every prefix and every deletion of one byte is either read or refused, never worse. */
static void damaged_facts_do_no_harm(void **state)
{
	struct tsr_compliance_facts *facts;
	char *text = read_example();
	size_t length = strlen(text);
	char *damaged = malloc(length + 1);

	(void)state;
	assert_non_null(damaged);
	for (size_t cut = 0; cut + 1 < length; cut += 3) {
		memcpy(damaged, text, cut);
		damaged[cut] = '\0';
		assert_int_equal(tsr_compliance_facts_from_json(damaged, cut, &facts, NULL),
				 -EINVAL);
		memcpy(damaged + cut, text + cut + 1, length - cut);
		if (!tsr_compliance_facts_from_json(damaged, length - 1, &facts, NULL))
			tsr_compliance_facts_free(facts);
	}
	free(damaged);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_that_is_not_json_is_refused),
		cmocka_unit_test(names_may_have_any_letters),
		cmocka_unit_test(the_head_is_checked),
		cmocka_unit_test(misspelt_members_are_refused),
		cmocka_unit_test(figures_need_value_unit_origin_and_source),
		cmocka_unit_test(values_are_checked),
		cmocka_unit_test(numbers_without_quotes_are_exact_too),
		cmocka_unit_test(members_given_twice_are_refused),
		cmocka_unit_test(text_with_a_nul_is_refused),
		cmocka_unit_test(moments_that_do_not_exist_are_refused),
		cmocka_unit_test(two_figures_of_one_origin_are_refused),
		cmocka_unit_test(structure_is_checked),
		cmocka_unit_test(
			a_digital_format_has_bits_up_to_128_and_what_its_encoding_needs),
		cmocka_unit_test(an_analog_format_has_converter_and_weight_bits_up_to_128),
		cmocka_unit_test(caps_name_what_exists),
		cmocka_unit_test(unusable_requests_are_refused),
		cmocka_unit_test(setting_what_does_not_exist_is_refused),
		cmocka_unit_test(text_that_is_not_utf8_is_refused),
		cmocka_unit_test(the_example_is_read_whole),
		cmocka_unit_test(damaged_facts_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
