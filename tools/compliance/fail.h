/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_FAIL_H
#define TSR_COMPLIANCE_FAIL_H

struct tsr_compliance_error;

/**
 * cpl_fail() - record what went wrong
 * @error: filled if not NULL
 * @code: negative errno to return
 *
 * Return: @code.
 */
int cpl_fail(struct tsr_compliance_error *error, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
