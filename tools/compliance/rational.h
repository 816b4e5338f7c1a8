/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_RATIONAL_H
#define TSR_COMPLIANCE_RATIONAL_H

#include <stdbool.h>

#include <gmp.h>

/**
 * cpl_rational_parse() - read an exact non-negative number
 * @out: initialized; set to the value
 * @text: decimal with optional fraction and exponent ("1.41e9"), or a fraction ("1/3")
 *
 * Return: 0, or -EINVAL; exponents beyond +-40 and texts beyond 64 characters are refused.
 */
int cpl_rational_parse(mpq_ptr out, const char *text);

/**
 * cpl_rational_exact() - show a number exactly
 * @value: number
 *
 * Return: the decimal where it terminates, otherwise "numerator/denominator"; free with free().
 */
char *cpl_rational_exact(mpq_srcptr value);

/**
 * cpl_rational_truncated() - show a number with limited places
 * @value: number
 * @places: most digits after the point
 * @exact: set to whether nothing was cut off; may be NULL
 *
 * Truncation toward zero keeps a shown value on the same side of every threshold that has at most
 * @places places, which rounding would not.
 *
 * Return: the text; free with free().
 */
char *cpl_rational_truncated(mpq_srcptr value, unsigned int places, bool *exact);

#endif
