/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_CHOOSE_H
#define TSR_COMPLIANCE_CHOOSE_H

#include <stdbool.h>

#include "tessera-compliance.h"

struct cpl_figure;
struct cpl_policy;
struct cpl_quantity;

/** enum cpl_preference - which value is the stricter one */
enum cpl_preference {
	CPL_HIGHER,
	CPL_LOWER,
};

/**
 * cpl_origin_counts() - whether figures of an origin count as declared
 * @policy: its switch "declared" decides
 * @given: which origins have a figure
 * @origin: the origin asked about
 *
 * A measurement is a declaration only under "with-measured".
 */
bool cpl_origin_counts(const struct cpl_policy *policy, const bool given[TSR_COMPLIANCE_ORIGINS],
		       enum tsr_compliance_origin origin);

/**
 * cpl_choose() - the one figure of a quantity that is used
 * @figures: figures by origin
 * @policy: switch "declared"
 * @preference: decides between origins that both count
 * @origin: set to the origin of the result; may be NULL
 *
 * One figure is picked whole. A quantity that was only measured is used as measured: this function
 * is not for rates, whose peak a measurement cannot show.
 *
 * Return: the figure, or NULL if there is none whose value is known.
 */
const struct cpl_figure *cpl_choose(const struct cpl_quantity *figures,
				    const struct cpl_policy *policy, enum cpl_preference preference,
				    enum tsr_compliance_origin *origin);

/** enum cpl_answer - chosen truth value */
enum cpl_answer {
	CPL_NO,
	CPL_NOT_KNOWN,
	CPL_YES,
};

/** cpl_choose_truth() - as cpl_choose(); origins that contradict each other make it not known. */
enum cpl_answer cpl_choose_truth(const struct cpl_quantity *figures,
				 const struct cpl_policy *policy);

#endif
