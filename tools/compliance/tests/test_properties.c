// SPDX-License-Identifier: MIT
/*
 * Laws that hold for all facts, checked on seeded random ones. The generator is our own so that a
 * seed means the same facts everywhere.
 */
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

/* How many; the build decides, because each costs ten times as much under a sanitizer. */
#define CASES RANDOM_CASES

static uint64_t seed;

/* xorshift64*, below @limit. */
static unsigned int draw(unsigned int limit)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (unsigned int)((seed * 2685821657736338717ull) >> 33) % limit;
}

struct sample {
	unsigned int tops;       /* of an 8-bit format */
	unsigned int area;       /* mm2, 0 for unknown */
	unsigned int other_area; /* of a second die */
	unsigned int io;
	const char *other_process;
	const char *datacentre;
};

static struct sample draw_sample(void)
{
	static const char *const truths[] = { "true", "false", "unknown" };
	struct sample sample = {
		.tops = draw(900), .area = draw(4) ? 50 + draw(1200) : 0,
		.other_area = 1 + draw(400), .io = draw(900),
		.other_process = truths[draw(3)], .datacentre = truths[draw(3)],
	};

	return sample;
}

static struct tsr_compliance_facts *facts_of(const struct sample *sample)
{
	struct tsr_compliance_facts *facts = part_new("random");
	char tops[16], area[16], other[16], io[16];

	snprintf(tops, sizeof(tops), "%u", sample->tops);
	snprintf(area, sizeof(area), "%u", sample->area);
	snprintf(other, sizeof(other), "%u", sample->other_area);
	snprintf(io, sizeof(io), "%u", sample->io);
	part_die(facts, "compute", TSR_COMPLIANCE_LOGIC, 1, sample->area ? area : NULL, "true");
	part_die(facts, "io", TSR_COMPLIANCE_IO, 1, other, sample->other_process);
	part_format(facts, part_unit(facts, "array", NULL, "compute"), "int8", 8, tops);
	part_assert(facts, TSR_COMPLIANCE_IO_RATE, 0, 0, io, "GB/s");
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, sample->datacentre, NULL);
	return facts;
}

static struct json_object *evaluate(const struct sample *sample, const char *rule)
{
	struct tsr_compliance_facts *facts = facts_of(sample);
	struct json_object *report = verdict(facts, rule, NULL);

	tsr_compliance_facts_free(facts);
	return report;
}

/* Higher is stricter; a result that is not determined has no place. */
static int strictness(struct json_object *report)
{
	static const char *const classes[] = {
		"none", "3A991.p.2", "3A991.p.1", "3A090.b.2", "3A090.b.1", "3A090.a.2",
		"3A090.a.1", "3A090.a",
	};
	const char *entry = verdict_string(report, "result.entry");

	for (int i = 0; i < (int)ARRAY_SIZE(classes); i++)
		if (!strcmp(classes[i], entry))
			return i;
	assert_string_equal(entry, "undetermined");
	return -1;
}

/* b.1 and b.2 differ by more than strictness, so that the two count as one step here. */
static int step(struct json_object *report)
{
	int place = strictness(report);

	return place == 4 ? 3 : place;
}

static void expect_no_lower(const struct sample *less, const struct sample *more, const char *rule)
{
	struct json_object *before = evaluate(less, rule), *after = evaluate(more, rule);

	if (step(before) >= 0 && step(after) >= 0 && step(after) < step(before))
		fail_msg("%s: tops %u -> %u, area %u -> %u lowers the class from %s to %s", rule,
			 less->tops, more->tops, less->area, more->area,
			 verdict_string(before, "result.text"),
			 verdict_string(after, "result.text"));
	json_object_put(before);
	json_object_put(after);
}

static void raising_the_rate_never_lowers_the_class(void **state)
{
	(void)state;
	seed = 1;
	for (int i = 0; i < CASES; i++) {
		struct sample less = draw_sample(), more = less;

		more.tops += 1 + draw(300);
		expect_no_lower(&less, &more, RULE_2022);
		expect_no_lower(&less, &more, RULE_CURRENT);
	}
}

static void shrinking_the_area_never_lowers_the_class(void **state)
{
	(void)state;
	seed = 2;
	for (int i = 0; i < CASES; i++) {
		struct sample less = draw_sample(), more;

		if (!less.area)
			less.area = 700;
		more = less;
		more.area -= draw(more.area - 1);
		expect_no_lower(&less, &more, RULE_CURRENT);
	}
}

/* Learning a fact never contradicts what was determined without it. */
static void expect_refines(const struct sample *vague, const struct sample *sharp)
{
	struct json_object *before = evaluate(vague, RULE_CURRENT);
	struct json_object *after = evaluate(sharp, RULE_CURRENT);

	if (strictness(before) >= 0)
		assert_int_equal(strictness(before), strictness(after));
	json_object_put(before);
	json_object_put(after);
}

static void learning_the_area_refines_the_result(void **state)
{
	(void)state;
	seed = 3;
	for (int i = 0; i < CASES; i++) {
		struct sample vague = draw_sample(), sharp = vague;

		vague.area = 0;
		if (!sharp.area)
			sharp.area = 1 + draw(2000);
		expect_refines(&vague, &sharp);
	}
}

static void learning_the_process_refines_the_result(void **state)
{
	(void)state;
	seed = 4;
	for (int i = 0; i < CASES; i++) {
		struct sample vague = draw_sample(), sharp = vague;

		vague.other_process = "unknown";
		sharp.other_process = draw(2) ? "true" : "false";
		expect_refines(&vague, &sharp);
	}
}

/* The range that holds the area, of a list that has no gaps. */
static const char *class_by_area(struct json_object *report, double area)
{
	struct json_object *ranges = verdict_at(report, "result.by_area");

	for (size_t i = 0; i < json_object_array_length(ranges); i++) {
		struct json_object *range = json_object_array_get_idx(ranges, i);
		const char *to = verdict_string(range, "area_to.shown");
		const char *below = verdict_string(range, "area_below.shown");

		if (*to ? area <= strtod(to, NULL) : *below ? area < strtod(below, NULL) : 1)
			return verdict_string(range, "entry");
	}
	return "";
}

/* What is foretold for an unknown area comes true once the area is known. */
static void break_even_areas_hold(void **state)
{
	(void)state;
	seed = 5;
	for (int i = 0; i < CASES; i++) {
		struct sample sharp = draw_sample(), vague;
		struct json_object *before, *after;
		double area;

		sharp.other_process = "false";
		sharp.area = 1 + draw(2500);
		vague = sharp;
		vague.area = 0;
		before = evaluate(&vague, RULE_CURRENT);
		after = evaluate(&sharp, RULE_CURRENT);
		area = sharp.area;
		if (strictness(before) < 0)
			assert_string_equal(class_by_area(before, area),
					    verdict_string(after, "result.entry"));
		json_object_put(before);
		json_object_put(after);
	}
}

static void the_same_facts_give_the_same_bytes(void **state)
{
	(void)state;
	seed = 6;
	for (int i = 0; i < CASES / 10; i++) {
		struct sample sample = draw_sample();
		struct tsr_compliance_facts *first = facts_of(&sample), *second = facts_of(&sample);
		char *left = verdict_text(first, RULE_CURRENT, NULL);
		char *right = verdict_text(second, RULE_CURRENT, NULL);

		assert_string_equal(left, right);
		free(left);
		free(right);
		tsr_compliance_facts_free(first);
		tsr_compliance_facts_free(second);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raising_the_rate_never_lowers_the_class),
		cmocka_unit_test(shrinking_the_area_never_lowers_the_class),
		cmocka_unit_test(learning_the_area_refines_the_result),
		cmocka_unit_test(learning_the_process_refines_the_result),
		cmocka_unit_test(break_even_areas_hold),
		cmocka_unit_test(the_same_facts_give_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
