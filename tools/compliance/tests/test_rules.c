// SPDX-License-Identifier: MIT
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "array.h"
#include "part.h"
#include "verdict.h"

static void the_newest_version_not_after_the_date_is_in_force(void **state)
{
	const struct tsr_compliance_rules *rules = verdict_rules();

	(void)state;
	assert_null(tsr_compliance_rules_in_force(rules, "2022-10-20"));
	assert_string_equal(tsr_compliance_rules_in_force(rules, "2022-10-21"), RULE_2022);
	assert_string_equal(tsr_compliance_rules_in_force(rules, "2023-11-16"), RULE_2022);
	assert_string_equal(tsr_compliance_rules_in_force(rules, "2023-11-17"), RULE_2023);
	assert_string_equal(tsr_compliance_rules_in_force(rules, "2024-12-02"), RULE_2024);
	assert_string_equal(tsr_compliance_rules_in_force(rules, "2026-09-01"), RULE_CURRENT);
	assert_string_equal(tsr_compliance_rules_in_force(rules, "2030-01-01"), RULE_CURRENT);
}

static void malformed_dates_have_no_version(void **state)
{
	static const char *const bad[] = { "", "2024", "2024-1-01", "2024-13-01", "2024-01-32",
					   "2024-01-01x", "yyyy-mm-dd" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_null(tsr_compliance_rules_in_force(verdict_rules(), bad[i]));
}

static void every_version_can_be_evaluated(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "600", "826");
	const char *id;
	size_t count;

	(void)state;
	for (count = 0; (id = tsr_compliance_rules_id(verdict_rules(), count)); count++) {
		struct json_object *report = verdict(facts, id, NULL);

		assert_string_equal(verdict_string(report, "rule.id"), id);
		json_object_put(report);
	}
	assert_int_equal(count, 4);
	tsr_compliance_facts_free(facts);
}

static void every_entry_has_a_citation(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "600", "826");
	struct json_object *report, *entries;
	const char *id;

	(void)state;
	for (size_t v = 0; (id = tsr_compliance_rules_id(verdict_rules(), v)); v++) {
		report = verdict(facts, id, NULL);
		entries = verdict_at(verdict_level(report, "package"), "entries");
		for (size_t i = 0; i < json_object_array_length(entries); i++) {
			struct json_object *entry = json_object_array_get_idx(entries, i);

			assert_true(*verdict_string(entry, "cite.instrument"));
			assert_true(*verdict_string(entry, "cite.paragraph"));
			assert_true(*verdict_string(entry, "cite.date"));
			assert_true(*verdict_string(entry, "cite.source"));
		}
		json_object_put(report);
	}
	tsr_compliance_facts_free(facts);
}

/* An inherited entry keeps the citation of the version it comes from. */
static void inherited_entries_keep_their_citation(void **state)
{
	struct tsr_compliance_facts *facts = part_simple(8, "600", "826");
	struct json_object *report = verdict(facts, RULE_2024, NULL);

	(void)state;
	assert_string_equal(verdict_string(verdict_entry(report, "3A090.a.1"), "cite.date"),
			    "2023-11-17");
	assert_string_equal(verdict_string(verdict_entry(report, "3A090.c"), "cite.date"),
			    "2024-12-02");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void a_missing_file_is_reported_by_name(void **state)
{
	struct tsr_compliance_error error = { "" };
	struct tsr_compliance_rules *rules;

	(void)state;
	assert_int_equal(tsr_compliance_rules_load("/nonexistent/rules.json", &rules, &error),
			 -ENOENT);
	assert_null(rules);
	assert_non_null(strstr(error.text, "/nonexistent/rules.json"));
}

static void expect_refused(const char *text, const char *field)
{
	char path[] = "/tmp/tsr-compliance-rules-XXXXXX";
	struct tsr_compliance_error error = { "" };
	struct tsr_compliance_rules *rules;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	assert_int_equal(tsr_compliance_rules_load(path, &rules, &error), -EINVAL);
	unlink(path);
	assert_null(rules);
	if (!strstr(error.text, field))
		fail_msg("'%s' does not name '%s'", error.text, field);
}

#define RULES(versions) \
	"{\"schema\":\"tessera-compliance-rules/1\",\"revised\":\"2026-01-01\"," \
	"\"verified_through\":\"2026-01-01\"," \
	"\"versions\":[" versions "]}"
#define VERSION(more) \
	"{\"id\":\"v\",\"title\":\"t\",\"kind\":\"amendment\",\"effective\":\"2026-01-01\"," \
	"\"cite\":\"c\",\"status\":\"s\"" more "}"
#define ENTRY(more) \
	VERSION(",\"entries\":[{\"id\":\"e\",\"group\":\"processor\",\"kind\":\"class\"," \
		"\"title\":\"t\",\"paragraph\":\"p\",\"source\":\"primary\"" more "}]")

static void damaged_rule_data_is_refused_by_field(void **state)
{
	(void)state;
	expect_refused("{}", "schema");
	expect_refused("{\"schema\":\"tessera-compliance-rules/1\"}", "revised");
	expect_refused("{\"schema\":\"tessera-compliance-rules/1\",\"revised\":\"2026-01-01\"}",
		       "verified_through");
	expect_refused("{\"schema\":\"tessera-compliance-rules/1\",\"revised\":\"2026-02-30\","
		       "\"verified_through\":\"2026-01-01\"}", "revised");
	expect_refused("{\"schema\":\"tessera-compliance-rules/1\",\"revised\":\"2026-01-01\","
		       "\"verified_through\":\"2026-02-30\"}", "verified_through");
	expect_refused(RULES(VERSION(",\"published\":\"2026-06-31\"")), "versions[0].published");
	expect_refused(RULES(ENTRY(",\"date\":\"2026-06-31\",\"when\":{\"fact\":\"datacentre\","
				   "\"is\":true}")), "versions[0].entries[0].date");
	expect_refused(RULES(""), "versions");
	expect_refused(RULES("{}"), "versions[0].id");
	expect_refused(RULES(VERSION(",\"effect\":1")), "versions[0].effect");
	expect_refused(RULES(VERSION(",\"inherits\":\"w\"")), "versions[0].inherits");
	expect_refused(RULES(VERSION(",\"policy\":{\"tf32\":\"20\"}")), "tf32");
	expect_refused(RULES(VERSION(",\"settled\":[\"tf33\"]")), "versions[0].settled[0]");
	expect_refused(RULES(ENTRY("")), "versions[0].entries[0].when");
	expect_refused(RULES(ENTRY(",\"when\":{\"entry\":\"e\"}")),
		       "versions[0].entries[0].when.entry");
	expect_refused(RULES(ENTRY(",\"when\":{\"fact\":\"datacentre\",\"is\":true},"
				   "\"unless\":[\"x\"]")), "versions[0].entries[0].unless[0]");
}

static struct json_object *evaluated(const char *date)
{
	struct tsr_compliance_facts *facts = part_simple(8, "1", "100");
	struct tsr_compliance_options options = { .size = sizeof(options), .date = date };
	struct json_object *report;
	char *json;

	assert_int_equal(tsr_compliance_evaluate(facts, verdict_rules(), &options, &json, NULL), 0);
	report = json_tokener_parse(json);
	free(json);
	tsr_compliance_facts_free(facts);
	return report;
}

/* What was published later may have changed any line, so nothing is determined. */
static void a_date_after_the_verified_one_is_an_error_finding(void **state)
{
	struct json_object *on = evaluated("2026-09-20"), *after = evaluated("2026-09-21");

	(void)state;
	assert_null(verdict_finding(on, "date-not-verified"));
	assert_string_equal(verdict_string(on, "result.text"),
			    verdict_string(on, "result.computed"));
	assert_string_equal(verdict_string(verdict_finding(after, "date-not-verified"),
					   "severity"), "error");
	assert_string_equal(verdict_string(after, "result.entry"), "undetermined");
	assert_non_null(strstr(verdict_string(after, "result.text"), "date-not-verified"));
	assert_string_equal(verdict_string(after, "result.computed"),
			    verdict_string(on, "result.computed"));
	json_object_put(on);
	json_object_put(after);
}

/* sha256sum of a file says whether it is the one a report rests on. */
static void the_report_names_its_rule_data(void **state)
{
	struct json_object *report = evaluated("2026-09-20");
	char command[PATH_MAX + 16], sum[65] = "";
	FILE *pipe;

	(void)state;
	snprintf(command, sizeof(command), "sha256sum '%s'", RULES_FILE);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%64s", sum), 1);
	pclose(pipe);
	assert_string_equal(verdict_string(report, "rule.data_sha256"), sum);
	assert_string_equal(verdict_string(report, "rule.data_file"), "rules.json");
	json_object_put(report);
}

static void the_environment_names_another_file(void **state)
{
	(void)state;
	setenv("TESSERA_COMPLIANCE_RULES", "/elsewhere/rules.json", 1);
	assert_string_equal(tsr_compliance_rules_path(), "/elsewhere/rules.json");
	unsetenv("TESSERA_COMPLIANCE_RULES");
	assert_string_not_equal(tsr_compliance_rules_path(), "/elsewhere/rules.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_version_not_after_the_date_is_in_force),
		cmocka_unit_test(malformed_dates_have_no_version),
		cmocka_unit_test(every_version_can_be_evaluated),
		cmocka_unit_test(every_entry_has_a_citation),
		cmocka_unit_test(inherited_entries_keep_their_citation),
		cmocka_unit_test(a_missing_file_is_reported_by_name),
		cmocka_unit_test(damaged_rule_data_is_refused_by_field),
		cmocka_unit_test(a_date_after_the_verified_one_is_an_error_finding),
		cmocka_unit_test(the_report_names_its_rule_data),
		cmocka_unit_test(the_environment_names_another_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
