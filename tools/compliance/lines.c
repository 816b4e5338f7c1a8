// SPDX-License-Identifier: MIT
#include "lines.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "assess.h"
#include "json_out.h"
#include "rules.h"

/* A threshold that several entries share is reported once. */
struct line {
	struct cpl_line line;
	struct json_object *entries;
};

struct collector {
	struct line *lines;
	size_t count;
	const char *entry;
};

/* The line as its upper side sees it. */
static struct cpl_line upper_side(const struct cpl_line *line)
{
	struct cpl_line upper = *line;

	if (line->relation == CPL_BELOW)
		upper.relation = CPL_AT_LEAST;
	else if (line->relation == CPL_AT_MOST)
		upper.relation = CPL_ABOVE;
	return upper;
}

/* By quantity, then threshold; at one threshold "at least" goes before "above". */
static int order(const struct cpl_line *left, const struct cpl_line *right)
{
	int by_threshold;

	if (left->measure != right->measure)
		return left->measure < right->measure ? -1 : 1;
	by_threshold = mpq_cmp(left->threshold, right->threshold);
	return by_threshold ? by_threshold : (int)left->relation - (int)right->relation;
}

static struct line *insert(struct collector *collector, size_t at, const struct cpl_line *line)
{
	collector->lines = cpl_grow(collector->lines, collector->count + 1,
				    sizeof(*collector->lines));
	memmove(&collector->lines[at + 1], &collector->lines[at],
		(collector->count - at) * sizeof(*collector->lines));
	collector->count++;
	collector->lines[at] = (struct line){ *line, cpl_array() };
	return &collector->lines[at];
}

static void collect(void *context, const struct cpl_line *written)
{
	const struct cpl_line line = upper_side(written);
	struct collector *collector = context;
	struct line *have;
	size_t at = 0;

	while (at < collector->count && order(&collector->lines[at].line, &line) < 0)
		at++;
	if (at == collector->count || order(&collector->lines[at].line, &line))
		have = insert(collector, at, &line);
	else
		have = &collector->lines[at];
	cpl_push_text(have->entries, collector->entry);
}

static void add_margin(struct json_object *object, const struct cpl_line *line, mpq_srcptr value)
{
	mpq_t margin, hundred;

	mpq_init(margin);
	mpq_init(hundred);
	mpq_set_ui(hundred, 100, 1);
	mpq_sub(margin, value, line->threshold);
	mpq_div(margin, margin, line->threshold);
	mpq_mul(margin, margin, hundred);
	cpl_add(object, "margin", cpl_number(margin, "%"));
	cpl_add_truth(object, "reached", cpl_line_holds(line, value));
	mpq_clear(hundred);
	mpq_clear(margin);
}

static void add_rate_factor(struct json_object *flip, const struct cpl_line *line,
			    mpq_srcptr value)
{
	mpq_t factor;

	if (!mpq_sgn(value))
		return;
	mpq_init(factor);
	mpq_div(factor, line->threshold, value);
	cpl_add(flip, "value_factor", cpl_number(factor, "1"));
	mpq_clear(factor);
}

/* For the density the area that puts it on the threshold is known even if the area is not. */
static void add_area(struct json_object *flip, const struct cpl_line *line,
		     const struct cpl_assessment *assessment)
{
	mpq_t area;

	if (line->measure != CPL_PD || !assessment->processing.known)
		return;
	mpq_init(area);
	mpq_div(area, assessment->processing.tpp, line->threshold);
	cpl_add(flip, "area", cpl_number(area, "mm2"));
	mpq_clear(area);
}

static struct json_object *report_line(const struct line *line,
				       const struct cpl_assessment *assessment)
{
	const struct cpl_measured *measured = &assessment->scope.measure[line->line.measure];
	struct json_object *object = cpl_object(), *flip = cpl_object();

	cpl_add_text(object, "quantity", cpl_measure_name(line->line.measure));
	cpl_add_text(object, "relation", cpl_relation_sign(line->line.relation));
	cpl_add(object, "threshold",
		cpl_number(line->line.threshold, cpl_measure_unit(line->line.measure)));
	cpl_add(object, "entries", line->entries);
	if (measured->known) {
		add_margin(object, &line->line, measured->value);
		add_rate_factor(flip, &line->line, measured->value);
	}
	add_area(flip, &line->line, assessment);
	cpl_add(object, "flip", flip);
	return object;
}

struct json_object *cpl_lines_report(const struct cpl_assessment *assessment)
{
	struct json_object *array = cpl_array();
	struct collector collector = { .count = 0 };

	for (size_t i = 0; i < assessment->version->entry_count; i++) {
		collector.entry = assessment->version->entries[i].id;
		cpl_predicate_lines(assessment->version->entries[i].when, collect, &collector);
	}
	for (size_t i = 0; i < collector.count; i++)
		cpl_push(array, report_line(&collector.lines[i], assessment));
	free(collector.lines);
	return array;
}
