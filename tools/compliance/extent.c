// SPDX-License-Identifier: MIT
#include "extent.h"

#include "choose.h"
#include "facts.h"

void cpl_extent_clear(struct cpl_extent *extent)
{
	mpq_clear(extent->copies);
}

unsigned int cpl_counting_dies(const struct tsr_compliance_facts *facts)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < facts->die_count; i++)
		if (facts->dies[i]->kind != TSR_COMPLIANCE_MEMORY)
			count += facts->dies[i]->count;
	return count;
}

bool cpl_die_computes(const struct tsr_compliance_facts *facts, unsigned int die)
{
	for (unsigned int i = 0; i < facts->unit_count; i++)
		if (facts->units[i]->die == (int)die)
			return true;
	return facts->dies[die]->kind == TSR_COMPLIANCE_LOGIC && cpl_counting_dies(facts) == 1;
}

static bool multiply_by(mpq_ptr copies, const struct tsr_compliance_facts *facts,
			const struct cpl_policy *policy, enum tsr_compliance_quantity quantity)
{
	const struct cpl_figure *figure =
		cpl_choose(&facts->whole[quantity], policy, CPL_HIGHER, NULL);

	if (figure)
		mpq_mul(copies, copies, figure->value);
	return figure;
}

bool cpl_extent_make(struct cpl_extent *extent, const struct tsr_compliance_facts *facts,
		     const struct cpl_policy *policy, enum cpl_level_value level, int die)
{
	bool described = true;

	extent->level = level;
	extent->die = level == CPL_DIE_LEVEL ? die : -1;
	mpq_init(extent->copies);
	mpq_set_ui(extent->copies, 1, 1);
	if (level == CPL_DIE_LEVEL) {
		mpq_set_ui(extent->copies, 1, facts->dies[die]->count);
		described = cpl_die_computes(facts, (unsigned int)die);
	}
	if (level == CPL_BOARD || level == CPL_NODE)
		described = multiply_by(extent->copies, facts, policy,
					TSR_COMPLIANCE_BOARD_PACKAGES);
	if (described && level == CPL_NODE)
		described = multiply_by(extent->copies, facts, policy, TSR_COMPLIANCE_NODE_BOARDS);
	if (!described)
		cpl_extent_clear(extent);
	return described;
}

bool cpl_unit_inside(const struct tsr_compliance_facts *facts, const struct cpl_extent *extent,
		     unsigned int unit, bool *known)
{
	int die = facts->units[unit]->die;

	*known = true;
	if (extent->level != CPL_DIE_LEVEL)
		return true;
	if (die < 0 && cpl_counting_dies(facts) == 1)
		return true;
	*known = die >= 0;
	return die == extent->die;
}
