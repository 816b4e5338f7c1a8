/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_ASSESS_H
#define TSR_COMPLIANCE_ASSESS_H

#include <stdbool.h>
#include <stddef.h>

#include "area.h"
#include "cells.h"
#include "extent.h"
#include "predicate.h"
#include "processing.h"

struct cpl_policy;
struct cpl_rule_version;

/* Result of classification where no single entry is it. */
#define CPL_CLASS_NONE (-1)
#define CPL_CLASS_UNDETERMINED (-2)

/**
 * struct cpl_entry_outcome - outcome of one entry
 * @outcome: over everything the facts leave possible
 * @reason: the values that decided it, in words
 * @range: areas for which the entry is met, when that depends on the area
 */
struct cpl_entry_outcome {
	enum cpl_outcome outcome;
	char *reason;
	struct cpl_interval *range;
	size_t range_count;
};

/** struct cpl_class_range - class within a range of areas */
struct cpl_class_range {
	struct cpl_interval interval;
	int class;
};

/**
 * struct cpl_assessment - one version of the rule applied to one extent
 * @scope: values of the measures
 * @entry: outcomes, one for each entry of the version
 * @class: index of the first class of the processor group that is met, or CPL_CLASS_*
 * @by_area: class by area, when the area is not known
 * @if_planar: class if no die is non-planar; only when @may_be_planar
 */
struct cpl_assessment {
	const struct cpl_rule_version *version;
	struct cpl_extent extent;
	struct cpl_processing processing;
	struct cpl_area area;
	struct cpl_scope scope;
	struct cpl_entry_outcome *entry;
	int class;
	struct cpl_class_range *by_area;
	size_t by_area_count;
	bool may_be_planar;
	int if_planar;
};

/**
 * cpl_assess() - apply a version of the rule to an extent
 * @extent: ownership passes to the assessment
 *
 * Return: the assessment; free with cpl_assessment_free().
 */
struct cpl_assessment *cpl_assess(const struct tsr_compliance_facts *facts,
				  const struct cpl_rule_version *version,
				  const struct cpl_policy *policy,
				  const struct cpl_extent *extent);

/** cpl_assessment_free() - free an assessment or NULL. */
void cpl_assessment_free(struct cpl_assessment *assessment);

/** cpl_class_name() - entry id, "none" or "undetermined". */
const char *cpl_class_name(const struct cpl_rule_version *version, int class);

/** cpl_class_text() - class in words, by area where it depends on that; free with free(). */
char *cpl_class_text(const struct cpl_assessment *assessment);

#endif
