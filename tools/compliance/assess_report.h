/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_ASSESS_REPORT_H
#define TSR_COMPLIANCE_ASSESS_REPORT_H

struct cpl_assessment;
struct json_object;
struct tsr_compliance_facts;

/** cpl_assess_report() - an assessment as JSON: formats, quantities, entries, lines, class. */
struct json_object *cpl_assess_report(const struct tsr_compliance_facts *facts,
				      const struct cpl_assessment *assessment);

/** cpl_class_report() - the class of an assessment as JSON. */
struct json_object *cpl_class_report(const struct cpl_assessment *assessment);

#endif
