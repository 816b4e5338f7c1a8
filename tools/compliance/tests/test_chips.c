// SPDX-License-Identifier: MIT
/*
 * Chips on the market: figures from chips.csv, results computed from the text by hand. In chips.csv
 * TPP is rounded to a whole number and the density to two places; a class that depends on the area
 * is written "class<=area|class<=area|class".
 */
#include <math.h>
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

enum column {
	VENDOR, NAME, AREA, DATACENTRE, IO, DRAM, INT4, FP8, INT8, FP16, TF32, FP32, TPP, PD,
	CLASS_2022, CLASS_2023, CLASS_CURRENT, ALSO_P2, COLUMNS
};

#define CHIPS 21
#define LONGEST_LINE 512

struct chip {
	char line[LONGEST_LINE];
	char *field[COLUMNS];
};

static struct chip chips[CHIPS];

static void split(struct chip *chip)
{
	char *rest = chip->line;

	chip->line[strcspn(chip->line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS; i++) {
		chip->field[i] = strsep(&rest, ",");
		assert_non_null(chip->field[i]);
	}
	assert_null(rest);
}

static int read_chips(void **state)
{
	FILE *file = fopen(CHIPS_FILE, "r");
	struct chip head;

	(void)state;
	assert_non_null(file);
	assert_non_null(fgets(head.line, LONGEST_LINE, file));
	for (int i = 0; i < CHIPS; i++) {
		assert_non_null(fgets(chips[i].line, LONGEST_LINE, file));
		split(&chips[i]);
	}
	assert_null(fgets(head.line, LONGEST_LINE, file));
	fclose(file);
	return 0;
}

static void add_formats(struct tsr_compliance_facts *facts, const struct chip *chip)
{
	static const struct {
		enum column column;
		struct tsr_compliance_format format;
	} formats[] = {
		{ INT4, { .name = "int4", .bits = 4 } }, { FP8, { .name = "fp8", .bits = 8 } },
		{ INT8, { .name = "int8", .bits = 8 } }, { FP16, { .name = "fp16", .bits = 16 } },
		{ TF32, { .name = "tf32", .bits = 32, .encoding = TSR_COMPLIANCE_TF32 } },
		{ FP32, { .name = "fp32", .bits = 32 } },
	};
	unsigned int unit = part_unit(facts, "matrix", NULL, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		const char *tops = chip->field[formats[i].column];

		if (*tops)
			part_describe_format(facts, unit, &formats[i].format, tops);
	}
}

static struct tsr_compliance_facts *facts_of(const struct chip *chip)
{
	struct tsr_compliance_facts *facts = part_new(chip->field[NAME]);
	const char *area = chip->field[AREA];
	const char *datacentre = strcmp(chip->field[DATACENTRE], "yes") ? "false" : "true";

	part_die(facts, "logic", TSR_COMPLIANCE_LOGIC, 1, *area ? area : NULL, "true");
	add_formats(facts, chip);
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, datacentre, NULL);
	part_assert(facts, TSR_COMPLIANCE_IO_RATE, 0, 0, chip->field[IO], "GB/s");
	part_assert(facts, TSR_COMPLIANCE_DRAM_BANDWIDTH, 0, 0, chip->field[DRAM], "GB/s");
	return facts;
}

/* "class<=area|...|class" of a range list as the report has it. */
static void expect_by_area(struct json_object *report, const char *expected)
{
	struct json_object *ranges = verdict_at(report, "result.by_area");
	char text[LONGEST_LINE] = "";

	assert_string_equal(verdict_string(report, "result.entry"), "undetermined");
	for (size_t i = 0; i < json_object_array_length(ranges); i++) {
		struct json_object *range = json_object_array_get_idx(ranges, i);
		const char *to = verdict_string(range, "area_to.shown");

		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s%s%s",
			 i ? "|" : "", verdict_string(range, "entry"), *to ? "<=" : "", to);
	}
	assert_string_equal(text, expected);
}

static void expect_class(const struct chip *chip, const char *rule, enum column column)
{
	struct tsr_compliance_facts *facts = facts_of(chip);
	struct json_object *report = verdict(facts, rule, NULL);

	if (strchr(chip->field[column], '|'))
		expect_by_area(report, chip->field[column]);
	else
		assert_string_equal(verdict_string(report, "result.text"), chip->field[column]);
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void classes_of_2022(void **state)
{
	(void)state;
	for (int i = 0; i < CHIPS; i++)
		expect_class(&chips[i], RULE_2022, CLASS_2022);
}

static void classes_of_2023(void **state)
{
	(void)state;
	for (int i = 0; i < CHIPS; i++)
		expect_class(&chips[i], RULE_2023, CLASS_2023);
}

static void classes_of_today(void **state)
{
	(void)state;
	for (int i = 0; i < CHIPS; i++)
		expect_class(&chips[i], RULE_CURRENT, CLASS_CURRENT);
}

static void expect_rounded(const char *exact, const char *rounded, double step)
{
	const char *slash = strchr(exact, '/');
	double value = strtod(exact, NULL);

	if (slash)
		value /= strtod(slash + 1, NULL);
	assert_true(fabs(value - strtod(rounded, NULL)) <= step / 2 + 1e-9);
}

static void quantities(void **state)
{
	(void)state;
	for (int i = 0; i < CHIPS; i++) {
		struct tsr_compliance_facts *facts = facts_of(&chips[i]);
		struct json_object *report = verdict(facts, RULE_CURRENT, NULL);

		expect_rounded(verdict_exact(report, "tpp"), chips[i].field[TPP], 1);
		if (*chips[i].field[PD])
			expect_rounded(verdict_exact(report, "pd"), chips[i].field[PD], 0.01);
		else
			assert_string_equal(verdict_exact(report, "pd"), "");
		json_object_put(report);
		tsr_compliance_facts_free(facts);
	}
}

static void second_line_below_3a090(void **state)
{
	(void)state;
	for (int i = 0; i < CHIPS; i++) {
		struct tsr_compliance_facts *facts = facts_of(&chips[i]);
		struct json_object *report = verdict(facts, RULE_CURRENT, NULL);
		const char *outcome = verdict_outcome(report, "3A991.p.2");

		assert_int_equal(!strcmp(outcome, "meets"),
				 !strcmp(chips[i].field[ALSO_P2], "yes"));
		json_object_put(report);
		tsr_compliance_facts_free(facts);
	}
}

static const struct chip *find(const char *name)
{
	for (int i = 0; i < CHIPS; i++)
		if (!strcmp(chips[i].field[NAME], name))
			return &chips[i];
	fail_msg("no chip %s", name);
	return NULL;
}

static void expect_tpp(const char *name, const char *policy, const char *tpp)
{
	struct tsr_compliance_facts *facts = facts_of(find(name));
	struct json_object *report = verdict(facts, RULE_CURRENT, policy);

	assert_string_equal(verdict_exact(report, "tpp"), tpp);
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

static void tf32_by_container_or_by_significant_bits(void **state)
{
	(void)state;
	expect_tpp("Trainium2", NULL, "21344");
	expect_tpp("Trainium2", "tf32=19", "12673");
}

static void exception_for_parts_not_for_data_centres(void **state)
{
	struct tsr_compliance_facts *facts = facts_of(find("GeForce RTX 4090"));
	struct json_object *report = verdict(facts, RULE_CURRENT, NULL);

	(void)state;
	assert_string_equal(verdict_outcome(report, "NAC/ACA"), "meets");
	json_object_put(report);
	tsr_compliance_facts_free(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_of_2022),
		cmocka_unit_test(classes_of_2023),
		cmocka_unit_test(classes_of_today),
		cmocka_unit_test(quantities),
		cmocka_unit_test(second_line_below_3a090),
		cmocka_unit_test(tf32_by_container_or_by_significant_bits),
		cmocka_unit_test(exception_for_parts_not_for_data_centres),
	};

	return cmocka_run_group_tests(tests, read_chips, NULL);
}
