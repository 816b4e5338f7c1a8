/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_QUANTITY_TABLE_H
#define TSR_COMPLIANCE_QUANTITY_TABLE_H

#include <gmp.h>

#include "tessera-compliance.h"

/** enum cpl_place - which element of the facts a quantity belongs to */
enum cpl_place {
	CPL_WHOLE,
	CPL_UNIT,
	CPL_FORMAT,
	CPL_DIE,
};

/** enum cpl_value_kind - what a value looks like; COUNT is a positive integer */
enum cpl_value_kind {
	CPL_NON_NEGATIVE,
	CPL_POSITIVE,
	CPL_COUNT,
	CPL_TRUTH,
	CPL_TEXT,
};

/** struct cpl_unit_scale - an accepted unit; in the first one: value x numerator / denominator */
struct cpl_unit_scale {
	const char *name;
	unsigned long numerator, denominator;
};

#define CPL_MOST_SCALES 4

/**
 * struct cpl_quantity_info - how a quantity is written
 * @object: JSON object that holds it at top level, or NULL
 * @member: JSON member name
 * @scales: accepted units, ends at the first NULL name
 */
struct cpl_quantity_info {
	enum cpl_place place;
	enum cpl_value_kind kind;
	const char *object;
	const char *member;
	struct cpl_unit_scale scales[CPL_MOST_SCALES];
};

extern const struct cpl_quantity_info cpl_quantity_table[TSR_COMPLIANCE_QUANTITIES];

#endif
