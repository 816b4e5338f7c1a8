/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_EVIDENCE_H
#define TSR_COMPLIANCE_EVIDENCE_H

struct json_object;
struct tsr_compliance_facts;

/** cpl_evidence_report() - every figure as given, with origin, source and time. */
struct json_object *cpl_evidence_report(const struct tsr_compliance_facts *facts);

/** cpl_caps_report() - every cap, and whether its kind can lower TPP. */
struct json_object *cpl_caps_report(const struct tsr_compliance_facts *facts);

#endif
