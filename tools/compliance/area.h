/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_AREA_H
#define TSR_COMPLIANCE_AREA_H

#include <stdbool.h>

#include <gmp.h>

#include "tessera-compliance.h"

struct cpl_extent;
struct cpl_policy;

/**
 * struct cpl_area - applicable die area of an extent, in mm2, as far as it is known
 * @low: smallest possible area
 * @low_open: the area is larger than @low, not equal
 * @high: largest possible area, unless @unbounded
 * @unbounded: nothing limits the area from above
 * @certain: at least one die is certainly non-planar, so that the area is not zero
 * @why: what is not known, or NULL
 */
struct cpl_area {
	mpq_t low, high;
	bool low_open, unbounded, certain;
	char *why;
};

/**
 * cpl_area_compute() - add the area of the non-planar logic and I/O dies of an extent
 * @area: set; clear with cpl_area_clear()
 *
 * Memory stacks and planar dies do not count (15 CFR part 774, supplement no. 1, technical notes to
 * 3A090).
 */
void cpl_area_compute(struct cpl_area *area, const struct tsr_compliance_facts *facts,
		      const struct cpl_policy *policy, const struct cpl_extent *extent);

/** cpl_area_clear() - release. */
void cpl_area_clear(struct cpl_area *area);

/** cpl_area_none() - no die is non-planar: there is no density. */
bool cpl_area_none(const struct cpl_area *area);

/** cpl_area_exact() - the area is one number. */
bool cpl_area_exact(const struct cpl_area *area);

#endif
