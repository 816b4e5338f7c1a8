/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_CELLS_H
#define TSR_COMPLIANCE_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include <gmp.h>

struct cpl_area;
struct cpl_processing;
struct cpl_rule_version;

/**
 * struct cpl_interval - a range of applicable die area in mm2
 * @low_closed: @low belongs to it
 * @high_closed: @high belongs to it, unless @unbounded
 */
struct cpl_interval {
	mpq_t low, high;
	bool low_closed, high_closed, unbounded;
};

/**
 * struct cpl_cells - the possible areas, cut where a density threshold lies
 * @interval: ascending, without gaps; between two cuts no density predicate changes
 * @sample: one area inside each interval
 *
 * An unknown area makes the density unknown, but every predicate is constant within a cell, so that
 * evaluating one sample per cell gives the exact answer for all areas.
 */
struct cpl_cells {
	struct cpl_interval *interval;
	mpq_t *sample;
	size_t count;
};

/** cpl_cells_make() - cut @area at the density thresholds of @version. */
void cpl_cells_make(struct cpl_cells *cells, const struct cpl_area *area, mpq_srcptr tpp,
		    const struct cpl_rule_version *version);

/** cpl_cells_clear() - release. */
void cpl_cells_clear(struct cpl_cells *cells);

/** cpl_interval_text() - "area <= 540.5 mm2", "270.2 < area <= 500 mm2"; free with free(). */
char *cpl_interval_text(const struct cpl_interval *interval);

/** cpl_interval_join() - @first becomes the union with the interval that follows it. */
void cpl_interval_join(struct cpl_interval *first, const struct cpl_interval *next);

/** cpl_interval_copy() - initialize @to as a copy. */
void cpl_interval_copy(struct cpl_interval *to, const struct cpl_interval *from);

/** cpl_interval_clear() - release. */
void cpl_interval_clear(struct cpl_interval *interval);

#endif
