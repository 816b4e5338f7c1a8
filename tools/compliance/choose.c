// SPDX-License-Identifier: MIT
#include "choose.h"

#include "facts.h"
#include "policy.h"

bool cpl_origin_counts(const struct cpl_policy *policy, const bool given[TSR_COMPLIANCE_ORIGINS],
		       enum tsr_compliance_origin origin)
{
	if (!given[origin])
		return false;
	switch (policy->value[CPL_DECLARED]) {
	case CPL_DECLARED_REPORTED:
		return origin == TSR_COMPLIANCE_REPORTED ||
		       (origin == TSR_COMPLIANCE_ASSERTED && !given[TSR_COMPLIANCE_REPORTED]);
	case CPL_DECLARED_ASSERTED:
		return origin == TSR_COMPLIANCE_ASSERTED ||
		       (origin == TSR_COMPLIANCE_REPORTED && !given[TSR_COMPLIANCE_ASSERTED]);
	case CPL_DECLARED_WITH_MEASURED:
		return true;
	default:
		return origin != TSR_COMPLIANCE_MEASURED;
	}
}

/* Which origins have a known figure; a measurement that stands alone is made to count. */
static void counted_origins(const struct cpl_quantity *figures, const struct cpl_policy *policy,
			    bool counts[TSR_COMPLIANCE_ORIGINS])
{
	bool given[TSR_COMPLIANCE_ORIGINS], any = false;

	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++)
		given[i] = figures->figure[i].given && figures->figure[i].known;
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
		counts[i] = cpl_origin_counts(policy, given, (enum tsr_compliance_origin)i);
		any |= counts[i];
	}
	if (!any)
		counts[TSR_COMPLIANCE_MEASURED] = given[TSR_COMPLIANCE_MEASURED];
}

const struct cpl_figure *cpl_choose(const struct cpl_quantity *figures,
				    const struct cpl_policy *policy, enum cpl_preference preference,
				    enum tsr_compliance_origin *origin)
{
	const struct cpl_figure *chosen = NULL;
	bool counts[TSR_COMPLIANCE_ORIGINS];

	counted_origins(figures, policy, counts);
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
		const struct cpl_figure *figure = &figures->figure[i];
		int order;

		if (!counts[i])
			continue;
		order = chosen ? mpq_cmp(figure->value, chosen->value) : 0;
		if (chosen && (preference == CPL_HIGHER ? order <= 0 : order >= 0))
			continue;
		chosen = figure;
		if (origin)
			*origin = (enum tsr_compliance_origin)i;
	}
	return chosen;
}

enum cpl_answer cpl_choose_truth(const struct cpl_quantity *figures,
				 const struct cpl_policy *policy)
{
	bool counts[TSR_COMPLIANCE_ORIGINS], yes = false, no = false;

	counted_origins(figures, policy, counts);
	for (int i = 0; i < TSR_COMPLIANCE_ORIGINS; i++) {
		if (!counts[i])
			continue;
		if (mpq_sgn(figures->figure[i].value))
			yes = true;
		else
			no = true;
	}
	if (yes == no)
		return CPL_NOT_KNOWN;
	return yes ? CPL_YES : CPL_NO;
}
