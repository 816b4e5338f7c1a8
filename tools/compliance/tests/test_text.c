// SPDX-License-Identifier: MIT
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

static char *render(const struct tsr_compliance_facts *facts, const char *rule,
		    unsigned int columns)
{
	char *json = verdict_text(facts, rule, NULL), *text;

	assert_int_equal(tsr_compliance_render_text(json, columns, &text, NULL), 0);
	free(json);
	return text;
}

/* A part with something to say in every section. */
static struct tsr_compliance_facts *talkative(void)
{
	struct tsr_compliance_facts *facts = part_simple(16, "200", NULL);

	part_die(facts, "io", TSR_COMPLIANCE_IO, 1, "100", "unknown");
	part_set(facts, TSR_COMPLIANCE_DENSE_RATE, 0, 0, TSR_COMPLIANCE_MEASURED, "201", "TOPS");
	part_assert(facts, TSR_COMPLIANCE_BOARD_PACKAGES, 0, 0, "8", "1");
	return facts;
}

static void lines_fit_the_page(void **state)
{
	static const unsigned int columns[] = { 80, 100 };
	struct tsr_compliance_facts *facts = talkative();

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = render(facts, RULE_CURRENT, columns[i]), *rest = text, *line;

		while ((line = strsep(&rest, "\n")))
			if (strlen(line) > columns[i])
				fail_msg("%zu columns: %s", strlen(line), line);
		free(text);
	}
	tsr_compliance_facts_free(facts);
}

/* The page from its result to its evidence; what is above names the data file of the day. */
static char *body(const struct tsr_compliance_facts *facts)
{
	char *text = render(facts, RULE_2023, 100), *start = strstr(text, "\nResult"), *end, *copy;

	assert_non_null(start);
	end = strstr(start, "\nEvidence");
	assert_non_null(end);
	copy = strndup(start, (size_t)(end - start));
	free(text);
	return copy;
}

/*
 * The first line of the file is its licence. Renewed by hand: what the failing
 * test prints is read first.
 */
static void the_page_is_the_one_that_was_reviewed(void **state)
{
	struct tsr_compliance_facts *facts = talkative();
	FILE *file = fopen(PAGE_FILE, "r");
	char reviewed[16384] = "", *text = body(facts), *page;

	(void)state;
	assert_non_null(file);
	reviewed[fread(reviewed, 1, sizeof(reviewed) - 1, file)] = '\0';
	fclose(file);
	page = strchr(reviewed, '\n');
	assert_non_null(page);
	if (strcmp(text, page + 1)) {
		fputs(text, stderr);
		fail_msg("this is not the page of %s", PAGE_FILE);
	}
	free(text);
	tsr_compliance_facts_free(facts);
}

static void the_page_says_what_the_report_says(void **state)
{
	static const char *const expected[] = {
		"Classification is the exporter's act.", "us-ecfr-2026-09-01",
		"3A090.a.2 if area <= ~540.5405 mm2", "the area of die logic is not known",
		"measured 100.5 TMAC/s is above the declared peak 100 TMAC/s:",
		"level=board", "declared=with-measured", "200 TOPS, asserted: test",
	};
	struct tsr_compliance_facts *facts = talkative();
	char *text = render(facts, RULE_CURRENT, 200);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		if (!strstr(text, expected[i]))
			fail_msg("'%s' is not in\n%s", expected[i], text);
	free(text);
	tsr_compliance_facts_free(facts);
}

/* No report pronounces a verdict, whatever the facts and the version. */
static void the_word_compliant_is_never_printed(void **state)
{
	static const char *const tops[] = { "1", "200", "900" };
	static const char *const areas[] = { NULL, "100", "3000" };
	const char *rule;

	(void)state;
	for (size_t v = 0; (rule = tsr_compliance_rules_id(verdict_rules(), v)); v++) {
		for (size_t i = 0; i < 9; i++) {
			struct tsr_compliance_facts *facts =
				part_simple(8, tops[i / 3], areas[i % 3]);
			char *json = verdict_text(facts, rule, NULL);
			char *text = render(facts, rule, 80);

			assert_null(strcasestr(json, "compliant"));
			assert_null(strcasestr(text, "compliant"));
			free(json);
			free(text);
			tsr_compliance_facts_free(facts);
		}
	}
}

/* Whoever reads only the first line knows that it is no silicon. */
static void the_first_line_tells_a_virtual_device(void **state)
{
	static const char *const values[] = { "true", "false" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct tsr_compliance_facts *facts = part_simple(8, "1", "100");
		char *text;

		part_set(facts, TSR_COMPLIANCE_VIRTUAL, 0, 0, TSR_COMPLIANCE_REPORTED, values[i],
			 NULL);
		text = render(facts, RULE_CURRENT, 80);
		assert_int_equal(!strncmp(text, "VIRTUAL", 7), !i);
		free(text);
		tsr_compliance_facts_free(facts);
	}
}

/* A reader who stops at the result must not be surprised by what follows. */
static void the_result_tells_that_other_readings_differ(void **state)
{
	struct tsr_compliance_facts *facts = talkative(), *plain = part_simple(8, "1", "100");
	char *text = render(facts, RULE_CURRENT, 80);

	(void)state;
	assert_non_null(strstr(text, "undetermined because of error findings"));
	assert_non_null(strstr(text, "readings of the text give another class"));
	free(text);
	text = render(plain, RULE_CURRENT, 80);
	assert_null(strstr(text, "another class"));
	free(text);
	tsr_compliance_facts_free(facts);
	tsr_compliance_facts_free(plain);
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
	struct tsr_compliance_facts *facts = part_new("evil\033[2Jname\nnext");
	char *text;

	(void)state;
	part_format(facts, part_unit(facts, "u\033[1m\xc2\x9b", NULL, NULL), "f\t\033", 8, "1");
	text = render(facts, RULE_CURRENT, 80);
	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, '\t'));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_non_null(strstr(text, "evil?[2Jname?next"));
	free(text);
	tsr_compliance_facts_free(facts);
}

static void only_reports_are_rendered(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(tsr_compliance_render_text("{}", 80, &text, NULL), -EINVAL);
	assert_int_equal(tsr_compliance_render_text("nonsense", 80, &text, NULL), -EINVAL);
	assert_int_equal(tsr_compliance_render_text("{\"report\":\"tessera-compliance\","
						    "\"schema\":2}", 80, &text, NULL), -EINVAL);
	assert_null(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_fit_the_page),
		cmocka_unit_test(the_page_is_the_one_that_was_reviewed),
		cmocka_unit_test(the_page_says_what_the_report_says),
		cmocka_unit_test(the_word_compliant_is_never_printed),
		cmocka_unit_test(the_first_line_tells_a_virtual_device),
		cmocka_unit_test(the_result_tells_that_other_readings_differ),
		cmocka_unit_test(control_characters_do_not_reach_the_terminal),
		cmocka_unit_test(only_reports_are_rendered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
