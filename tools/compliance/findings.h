/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_FINDINGS_H
#define TSR_COMPLIANCE_FINDINGS_H

struct cpl_assessment;
struct cpl_policy;
struct json_object;
struct tsr_compliance_facts;

/**
 * cpl_findings_report() - what a reader must know before using the values
 * @headline: the assessment the report leads with
 *
 * Return: JSON array of {"severity": "error"|"warning"|"note", "code", "fact", "text"}.
 */
struct json_object *cpl_findings_report(const struct tsr_compliance_facts *facts,
					const struct cpl_policy *policy,
					const struct cpl_assessment *headline);

#endif
