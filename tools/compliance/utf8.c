// SPDX-License-Identifier: MIT
#include "utf8.h"

#include <stdint.h>

/* Number of continuation bytes after @lead, or -1; the payload of @lead goes to *@code. */
static int continuation_count(unsigned char lead, uint32_t *code)
{
	if (lead < 0x80) {
		*code = lead;
		return 0;
	}
	if (lead >= 0xc2 && lead <= 0xdf) {
		*code = lead & 0x1f;
		return 1;
	}
	if (lead >= 0xe0 && lead <= 0xef) {
		*code = lead & 0x0f;
		return 2;
	}
	*code = lead & 0x07;
	return lead >= 0xf0 && lead <= 0xf4 ? 3 : -1;
}

/* Reads one well-formed code point and moves *@text past it. */
static bool next_code(const unsigned char **text, uint32_t *code)
{
	static const uint32_t smallest[] = { 0, 0x80, 0x800, 0x10000 };
	int count = continuation_count(*(*text)++, code);

	if (count < 0)
		return false;
	for (int i = 0; i < count; i++) {
		if ((**text & 0xc0) != 0x80)
			return false;
		*code = *code << 6 | (*(*text)++ & 0x3f);
	}
	return *code >= smallest[count] && *code <= 0x10ffff &&
	       (*code < 0xd800 || *code > 0xdfff);
}

bool cpl_utf8_valid(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t code;

	while (*p)
		if (!next_code(&p, &code))
			return false;
	return true;
}
