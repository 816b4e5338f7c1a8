/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_UTF8_H
#define TSR_COMPLIANCE_UTF8_H

#include <stdbool.h>

/** cpl_utf8_valid() - whether @text is well-formed UTF-8 (RFC 3629). */
bool cpl_utf8_valid(const char *text);

#endif
