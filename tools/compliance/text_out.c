// SPDX-License-Identifier: MIT
#include "text_out.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of UTF-8 sequences beyond the first take no column. */
static bool takes_column(unsigned char byte)
{
	return (byte & 0xc0) != 0x80;
}

static unsigned int width_of(const char *text, size_t length)
{
	unsigned int width = 0;

	for (size_t i = 0; i < length; i++)
		width += takes_column((unsigned char)text[i]);
	return width;
}

/* U+0080 to U+009F, the second set of control characters, are 0xc2 and one byte. */
static bool second_set(const char *text)
{
	return (unsigned char)text[0] == 0xc2 && (unsigned char)text[1] < 0xa0;
}

static void put_text(FILE *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool control = second_set(text + i);

		fputc(control || iscntrl((unsigned char)text[i]) ? '?' : text[i], out);
		i += control;
	}
}

/* Bytes of @text that fill at most @columns columns. */
static size_t bytes_in(const char *text, unsigned int columns)
{
	size_t length = 0;

	for (unsigned int used = 0; text[length]; length++) {
		used += takes_column((unsigned char)text[length]);
		if (used > columns)
			break;
	}
	return length;
}

void cpl_page_cell(const struct cpl_page *page, int width, const char *text)
{
	unsigned int columns = (unsigned int)abs(width);
	size_t length = bytes_in(text, columns);
	int padding = (int)(columns - width_of(text, length));

	if (width > 0)
		fprintf(page->out, "%*s", padding, "");
	put_text(page->out, text, length);
	if (width < 0)
		fprintf(page->out, "%*s", padding, "");
}

void cpl_page_heading(const struct cpl_page *page, const char *heading)
{
	fprintf(page->out, "\n%s\n", heading);
}

static void next_line(const struct cpl_page *page, unsigned int indent)
{
	fprintf(page->out, "\n%*s", (int)indent, "");
}

void cpl_page_item(const struct cpl_page *page, unsigned int width, const char *label,
		   const char *text)
{
	unsigned int used = width_of(label, strlen(label)), column = width;
	bool first = true;

	put_text(page->out, label, strlen(label));
	if (used + 1 > width)
		next_line(page, width);
	else
		fprintf(page->out, "%*s", (int)(width - used), "");
	while (*text) {
		size_t length = strcspn(text, " ");
		unsigned int word = width_of(text, length);

		if (!first && column + 1 + word > page->columns) {
			next_line(page, width);
			column = width;
			first = true;
		}
		if (!first) {
			fputc(' ', page->out);
			column++;
		}
		put_text(page->out, text, length);
		column += word;
		first = false;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', page->out);
}
