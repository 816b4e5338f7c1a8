/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_FINDINGS_H
#define TSR_COMPLIANCE_FINDINGS_H

struct cpl_assessment;
struct cpl_policy;
struct cpl_rule_version;
struct json_object;
struct tsr_compliance_facts;
struct tsr_compliance_rules;

/**
 * struct cpl_question - what a report answers
 * @date: date asked, NULL if only a version was named
 */
struct cpl_question {
	const struct tsr_compliance_facts *facts;
	const struct tsr_compliance_rules *rules;
	const struct cpl_rule_version *version;
	const struct cpl_policy *policy;
	const char *date;
};

/**
 * cpl_findings_report() - what a reader must know before using the values
 * @question: what was asked
 * @headline: the assessment the report leads with
 *
 * Return: JSON array of {"severity": "error"|"warning"|"note", "code", "fact", "text"}.
 */
struct json_object *cpl_findings_report(const struct cpl_question *question,
					const struct cpl_assessment *headline);

#endif
