/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_HEADLINE_H
#define TSR_COMPLIANCE_HEADLINE_H

struct cpl_assessment;
struct cpl_policy;
struct cpl_rule_version;
struct json_object;
struct tsr_compliance_facts;

/**
 * cpl_headline() - the assessment at the level the policy names
 *
 * At die level the die with the strictest class; an undetermined one goes before all.
 *
 * Return: assessment, or NULL if the facts do not describe that level.
 */
struct cpl_assessment *cpl_headline(const struct tsr_compliance_facts *facts,
				    const struct cpl_rule_version *version,
				    const struct cpl_policy *policy);

/** cpl_levels_report() - assessments of every level the facts describe, smallest first. */
struct json_object *cpl_levels_report(const struct tsr_compliance_facts *facts,
				      const struct cpl_rule_version *version,
				      const struct cpl_policy *policy);

/**
 * cpl_switches_report() - every other value of every switch the text leaves open, with its class
 * @headline: the class to compare with
 */
struct json_object *cpl_switches_report(const struct tsr_compliance_facts *facts,
					const struct cpl_rule_version *version,
					const struct cpl_policy *policy,
					const struct cpl_assessment *headline);

#endif
