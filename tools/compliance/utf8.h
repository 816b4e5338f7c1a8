/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_UTF8_H
#define TSR_COMPLIANCE_UTF8_H

#include <stdbool.h>

/** cpl_utf8_valid() - whether @text is well-formed UTF-8 (RFC 3629). */
bool cpl_utf8_valid(const char *text);

/** cpl_utf8_to_ascii_json() - valid JSON text with all but ASCII escaped; free with free(). */
char *cpl_utf8_to_ascii_json(const char *text);

#endif
