// SPDX-License-Identifier: MIT
#include "area.h"

#include <stdlib.h>

#include "alloc.h"
#include "choose.h"
#include "extent.h"
#include "facts.h"

void cpl_area_clear(struct cpl_area *area)
{
	mpq_clear(area->low);
	mpq_clear(area->high);
	free(area->why);
}

bool cpl_area_none(const struct cpl_area *area)
{
	return !area->certain && !area->unbounded && !mpq_sgn(area->high);
}

bool cpl_area_exact(const struct cpl_area *area)
{
	return area->certain && !area->unbounded && !area->low_open &&
	       mpq_equal(area->low, area->high);
}

static void say_unknown(struct cpl_area *area, const struct cpl_die_facts *die, const char *what)
{
	cpl_append(&area->why, "%s%s of die %s is not known", area->why ? ", " : "", what,
		   die->name);
}

static void add_die(struct cpl_area *area, const struct cpl_die_facts *die,
		    const struct cpl_policy *policy)
{
	const struct cpl_figure *figure = cpl_choose(&die->area, policy, CPL_LOWER, NULL);
	enum cpl_answer nonplanar = cpl_choose_truth(&die->nonplanar, policy);
	mpq_t size;

	if (nonplanar == CPL_NO)
		return;
	if (nonplanar == CPL_NOT_KNOWN)
		say_unknown(area, die, "the process");
	area->certain |= nonplanar == CPL_YES;
	if (!figure) {
		say_unknown(area, die, "the area");
		area->unbounded = true;
		area->low_open |= nonplanar == CPL_YES;
		return;
	}
	mpq_init(size);
	mpq_set_ui(size, die->count, 1);
	mpq_mul(size, size, figure->value);
	mpq_add(area->high, area->high, size);
	if (nonplanar == CPL_YES)
		mpq_add(area->low, area->low, size);
	mpq_clear(size);
}

static void scale(struct cpl_area *area, mpq_srcptr copies)
{
	mpq_mul(area->low, area->low, copies);
	mpq_mul(area->high, area->high, copies);
}

void cpl_area_compute(struct cpl_area *area, const struct tsr_compliance_facts *facts,
		      const struct cpl_policy *policy, const struct cpl_extent *extent)
{
	*area = (struct cpl_area){ .certain = false };
	mpq_init(area->low);
	mpq_init(area->high);
	for (unsigned int i = 0; i < facts->die_count; i++)
		if (facts->dies[i]->kind != TSR_COMPLIANCE_MEMORY &&
		    (extent->die < 0 || extent->die == (int)i))
			add_die(area, facts->dies[i], policy);
	if (!facts->die_count) {
		area->unbounded = true;
		area->why = cpl_strdup("no die is described");
	}
	if (!mpq_sgn(area->low))
		area->low_open = true;
	scale(area, extent->copies);
}
