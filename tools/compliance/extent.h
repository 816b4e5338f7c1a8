/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_EXTENT_H
#define TSR_COMPLIANCE_EXTENT_H

#include <stdbool.h>

#include <gmp.h>

#include "tessera-compliance.h"
#include "policy.h"

/**
 * struct cpl_extent - what is taken as one integrated circuit
 * @level: die, package, board or node
 * @die: at die level the index of the die entry, otherwise -1
 * @copies: how many times the package (at die level: the die entry's share of it) is contained
 */
struct cpl_extent {
	enum cpl_level_value level;
	int die;
	mpq_t copies;
};

/** cpl_extent_clear() - release. */
void cpl_extent_clear(struct cpl_extent *extent);

/**
 * cpl_extent_make() - describe an extent
 * @extent: set; clear with cpl_extent_clear() if successful
 * @die: at die level, the die entry
 *
 * Return: false if the facts do not describe that level.
 */
bool cpl_extent_make(struct cpl_extent *extent, const struct tsr_compliance_facts *facts,
		     const struct cpl_policy *policy, enum cpl_level_value level, int die);

/** cpl_counting_dies() - number of logic and I/O dies in the package. */
unsigned int cpl_counting_dies(const struct tsr_compliance_facts *facts);

/** cpl_die_computes() - whether a die entry holds a processing unit, or may hold one. */
bool cpl_die_computes(const struct tsr_compliance_facts *facts, unsigned int die);

/** cpl_unit_inside() - whether a unit belongs to the extent; *@known false if no fact says. */
bool cpl_unit_inside(const struct tsr_compliance_facts *facts, const struct cpl_extent *extent,
		     unsigned int unit, bool *known);

#endif
