/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_PACK_H
#define TSR_COMPLIANCE_PACK_H

struct cpl_assessment;
struct cpl_policy;
struct cpl_rule_version;
struct json_object;
struct tsr_compliance_facts;

/**
 * cpl_packs_report() - the figures that two forms ask for, with their sources
 * @headline: the assessment the report leads with
 *
 * "nac": notification under licence exception NAC (15 CFR 740.8): TPP, density, the evidence for
 * them, memory bandwidth, and the TPP of everything put together. "foundry": attestation to a
 * front-end fabricator (15 CFR part 774, supplement no. 1, note to 3A090.a): TPP, density,
 * approximate transistor count. A figure that is not known stays empty, with the reason.
 *
 * Return: JSON object with an array of {"field", "value" or "why", "sources"} for each form.
 */
struct json_object *cpl_packs_report(const struct tsr_compliance_facts *facts,
				     const struct cpl_rule_version *version,
				     const struct cpl_policy *policy,
				     const struct cpl_assessment *headline);

#endif
