// SPDX-License-Identifier: MIT
#include "fraction.h"

#include <ctype.h>
#include <stddef.h>

static const char *parse_digits(const char *text, __int128 *value, __int128 *scale)
{
	while (isdigit((unsigned char)*text)) {
		*value = *value * 10 + (*text++ - '0');
		*scale *= 10;
	}
	return text;
}

static const char *parse_decimal(const char *text, struct fraction *fraction)
{
	__int128 ignored = 1;

	*fraction = (struct fraction){ 0, 1 };
	if (!isdigit((unsigned char)*text))
		return NULL;
	text = parse_digits(text, &fraction->top, &ignored);
	return *text == '.' ? parse_digits(text + 1, &fraction->top, &fraction->bottom) : text;
}

bool fraction_parse(const char *text, struct fraction *fraction)
{
	struct fraction below;

	text = parse_decimal(text, fraction);
	if (!text || (*text && *text != '/'))
		return false;
	if (!*text)
		return true;
	text = parse_decimal(text + 1, &below);
	if (!text || *text || !below.top)
		return false;
	fraction->top *= below.bottom;
	fraction->bottom *= below.top;
	return true;
}

bool fraction_equal(struct fraction a, struct fraction b)
{
	return a.top * b.bottom == b.top * a.bottom;
}
