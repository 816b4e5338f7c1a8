/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_LINES_H
#define TSR_COMPLIANCE_LINES_H

struct cpl_assessment;
struct json_object;

/**
 * cpl_lines_report() - every threshold of the version with the margin to it and its flip point
 * @assessment: assessment
 *
 * "at least 5.92" and "below 5.92" are the same line, reached or not.
 *
 * margin = (value - threshold) / threshold, in percent. The flip point is the change that would put
 * the value exactly on the threshold: a factor on all rates, and for the density an area.
 *
 * Return: JSON array owned by the caller.
 */
struct json_object *cpl_lines_report(const struct cpl_assessment *assessment);

#endif
