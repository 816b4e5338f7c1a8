/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_SCOPE_H
#define TSR_COMPLIANCE_SCOPE_H

struct cpl_extent;
struct cpl_measured;
struct cpl_policy;
struct cpl_processing;
struct cpl_scope;
struct tsr_compliance_facts;

/** cpl_measured_unknown() - the measure has no value because of @why (copied). */
void cpl_measured_unknown(struct cpl_measured *measured, const char *why);

/**
 * cpl_scope_fill() - set every measure but the density, and the conditions, from the facts
 * @scope: initialized
 *
 * Unknown data-centre use counts as the switch "unknown-datacentre" says, and @scope says so.
 */
void cpl_scope_fill(struct cpl_scope *scope, const struct tsr_compliance_facts *facts,
		    const struct cpl_policy *policy, const struct cpl_extent *extent,
		    const struct cpl_processing *processing);

#endif
