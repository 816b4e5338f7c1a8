// SPDX-License-Identifier: MIT
#include "cells.h"

#include <stdlib.h>

#include "alloc.h"
#include "area.h"
#include "predicate.h"
#include "rational.h"
#include "rules.h"

#define SHOWN_PLACES 4

void cpl_interval_copy(struct cpl_interval *to, const struct cpl_interval *from)
{
	*to = *from;
	mpq_init(to->low);
	mpq_init(to->high);
	mpq_set(to->low, from->low);
	mpq_set(to->high, from->high);
}

void cpl_interval_clear(struct cpl_interval *interval)
{
	mpq_clear(interval->low);
	mpq_clear(interval->high);
}

void cpl_interval_join(struct cpl_interval *first, const struct cpl_interval *next)
{
	mpq_set(first->high, next->high);
	first->high_closed = next->high_closed;
	first->unbounded = next->unbounded;
}

static char *shown(mpq_srcptr value)
{
	bool exact;
	char *digits = cpl_rational_truncated(value, SHOWN_PLACES, &exact);
	char *text = cpl_format("%s%s", exact ? "" : "~", digits);

	free(digits);
	return text;
}

char *cpl_interval_text(const struct cpl_interval *interval)
{
	char *low = shown(interval->low), *high = shown(interval->high), *text;
	const char *under = interval->high_closed ? "<=" : "<";

	if (!interval->unbounded && mpq_equal(interval->low, interval->high))
		text = cpl_format("area = %s mm2", low);
	else if (interval->unbounded && !mpq_sgn(interval->low))
		text = cpl_strdup("any area");
	else if (interval->unbounded)
		text = cpl_format("area %s %s mm2", interval->low_closed ? ">=" : ">", low);
	else if (!mpq_sgn(interval->low))
		text = cpl_format("area %s %s mm2", under, high);
	else
		text = cpl_format("%s %s area %s %s mm2", low,
				  interval->low_closed ? "<=" : "<", under, high);
	free(low);
	free(high);
	return text;
}

/* Sorted list of cut points strictly inside the area. */
struct cuts {
	const struct cpl_area *area;
	mpq_srcptr tpp;
	mpq_t *point;
	size_t count;
};

static bool inside(const struct cuts *cuts, mpq_srcptr point)
{
	return mpq_cmp(point, cuts->area->low) > 0 &&
	       (cuts->area->unbounded || mpq_cmp(point, cuts->area->high) < 0);
}

static void insert(struct cuts *cuts, mpq_srcptr point)
{
	size_t at = 0;

	while (at < cuts->count && mpq_cmp(cuts->point[at], point) < 0)
		at++;
	if (at < cuts->count && mpq_equal(cuts->point[at], point))
		return;
	cuts->point = cpl_grow(cuts->point, cuts->count + 1, sizeof(*cuts->point));
	mpq_init(cuts->point[cuts->count]);
	for (size_t i = cuts->count++; i > at; i--)
		mpq_swap(cuts->point[i], cuts->point[i - 1]);
	mpq_set(cuts->point[at], point);
}

static void cut_at_line(void *context, const struct cpl_line *line)
{
	struct cuts *cuts = context;
	mpq_t point;

	if (line->measure != CPL_PD)
		return;
	mpq_init(point);
	mpq_div(point, cuts->tpp, line->threshold);
	if (inside(cuts, point))
		insert(cuts, point);
	mpq_clear(point);
}

static void set_sample(mpq_ptr sample, const struct cpl_interval *interval)
{
	mpq_t half;

	mpq_init(half);
	mpq_set_ui(half, 1, 2);
	if (interval->unbounded) {
		mpq_set_ui(sample, 1, 1);
		mpq_add(sample, sample, interval->low);
	} else {
		mpq_add(sample, interval->low, interval->high);
		mpq_mul(sample, sample, half);
	}
	mpq_clear(half);
}

/* @high NULL: unbounded. */
static void append(struct cpl_cells *cells, mpq_srcptr low, mpq_srcptr high, bool closed)
{
	struct cpl_interval *interval;

	cells->interval = cpl_grow(cells->interval, cells->count + 1, sizeof(*cells->interval));
	cells->sample = cpl_grow(cells->sample, cells->count + 1, sizeof(*cells->sample));
	interval = &cells->interval[cells->count];
	mpq_init(interval->low);
	mpq_init(interval->high);
	mpq_set(interval->low, low);
	interval->unbounded = !high;
	if (high)
		mpq_set(interval->high, high);
	interval->low_closed = closed;
	interval->high_closed = closed;
	mpq_init(cells->sample[cells->count]);
	set_sample(cells->sample[cells->count], interval);
	cells->count++;
}

/* Points and the open intervals between them, alternating. */
static void fill(struct cpl_cells *cells, const struct cpl_area *area, const struct cuts *cuts)
{
	mpq_srcptr low = area->low;

	if (!area->low_open)
		append(cells, low, low, true);
	for (size_t i = 0; i < cuts->count; i++) {
		append(cells, low, cuts->point[i], false);
		append(cells, cuts->point[i], cuts->point[i], true);
		low = cuts->point[i];
	}
	if (area->unbounded) {
		append(cells, low, NULL, false);
	} else if (mpq_cmp(low, area->high) < 0) {
		append(cells, low, area->high, false);
		append(cells, area->high, area->high, true);
	}
}

void cpl_cells_make(struct cpl_cells *cells, const struct cpl_area *area, mpq_srcptr tpp,
		    const struct cpl_rule_version *version)
{
	struct cuts cuts = { area, tpp, NULL, 0 };

	*cells = (struct cpl_cells){ .count = 0 };
	for (size_t i = 0; i < version->entry_count; i++)
		cpl_predicate_lines(version->entries[i].when, cut_at_line, &cuts);
	fill(cells, area, &cuts);
	for (size_t i = 0; i < cuts.count; i++)
		mpq_clear(cuts.point[i]);
	free(cuts.point);
}

void cpl_cells_clear(struct cpl_cells *cells)
{
	for (size_t i = 0; i < cells->count; i++) {
		cpl_interval_clear(&cells->interval[i]);
		mpq_clear(cells->sample[i]);
	}
	free(cells->interval);
	free(cells->sample);
}
