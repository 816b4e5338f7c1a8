/* SPDX-License-Identifier: MIT */
/* Exact comparison of a number in a report with one computed by hand. */
#ifndef REGISTERS_FRACTION_H
#define REGISTERS_FRACTION_H

#include <stdbool.h>

/** struct fraction - numerator / denominator, denominator above 0 */
struct fraction {
	__int128 top;
	__int128 bottom;
};

/** fraction_parse() - "12", "1.2933" or "4231804/500625". Return: false when it is neither. */
bool fraction_parse(const char *text, struct fraction *fraction);

/** fraction_equal() - the same number, exactly. */
bool fraction_equal(struct fraction a, struct fraction b);

#endif
