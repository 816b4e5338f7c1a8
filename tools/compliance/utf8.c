// SPDX-License-Identifier: MIT
#include "utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"

#define ASCII_ROOM 16

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

/* Writes one or two UTF-16 units as \uXXXX, 12 bytes at most, within ASCII_ROOM bytes. */
static void escape(char *out, uint32_t code)
{
	if (code < 0x80)
		snprintf(out, ASCII_ROOM, "%c", (int)code);
	else if (code < 0x10000)
		snprintf(out, ASCII_ROOM, "\\u%04x", code);
	else
		snprintf(out, ASCII_ROOM, "\\u%04x\\u%04x", 0xd7c0 + (code >> 10),
			 0xdc00 + (code & 0x3ff));
}

char *cpl_utf8_to_ascii_json(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	/* A code point of n bytes becomes at most 3 x n bytes. */
	char *ascii = cpl_alloc(3 * strlen(text) + ASCII_ROOM, 1), *out = ascii;
	uint32_t code;

	while (*p && next_code(&p, &code)) {
		escape(out, code);
		out += strlen(out);
	}
	return ascii;
}
