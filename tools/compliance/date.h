/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_DATE_H
#define TSR_COMPLIANCE_DATE_H

#include <stdbool.h>

/** cpl_date_valid() - whether @text is "YYYY-MM-DD" and the Gregorian calendar has that day. */
bool cpl_date_valid(const char *text);

/**
 * cpl_time_valid() - whether @text is a moment of ISO 8601
 *
 * A date, or a date and time of day "YYYY-MM-DDThh:mm:ss" followed by "Z" or an offset "+hh:mm".
 */
bool cpl_time_valid(const char *text);

#endif
