// SPDX-License-Identifier: MIT
#include "listing.h"

#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>

#include "slots.h"
#include "stream.h"
#include "value.h"

#define COLUMNS		100
#define PATH_SIZE	256
#define HEX_BYTES	32	/* in a line */
#define CONTINUED	2	/* columns more for a line that continues one */

bool listing_open(struct listing *listing, FILE *out, const void *bytes, size_t size)
{
	*listing = (struct listing){ .out = out, .bytes = bytes, .size = size };
	listing->shown = calloc(1, size ? size : 1);
	listing->word = open_memstream(&listing->word_text, &listing->word_size);
	if (listing->shown && listing->word)
		return true;
	listing_close(listing);
	return false;
}

void listing_close(struct listing *listing)
{
	if (listing->word)
		fclose(listing->word);
	free(listing->word_text);
	free(listing->shown);
}

void listing_show(struct listing *listing, size_t offset, size_t size)
{
	if (size)
		memcpy(listing->shown + offset, listing->bytes + offset, size);
}

/* Which zeros are said. */
enum zeros { ZEROS_NONE, ZEROS_NAMED, ZEROS_ALL };

static bool is_said(const struct tsr_hw_member *member, const uint8_t *bytes, enum zeros zeros)
{
	if (!value_is_zero(bytes, value_size(member)))
		return true;
	if (member->mbz)
		return false;
	return zeros == ZEROS_ALL || (zeros == ZEROS_NAMED && !member->count && member->meaning &&
				      member->meaning->kind == TSR_HW_VALUES);
}

/* NAME=VALUE, or NAME=VALUE,VALUE... without the zeros at the end of an array. */
static void make_word(struct listing *listing, const struct tsr_hw_member *member,
		      const uint8_t *bytes)
{
	size_t count = member->count ? member->count : 1;

	while (count > 1 && value_is_zero(bytes + (count - 1) * member->size, member->size))
		count--;
	rewind(listing->word);
	fprintf(listing->word, "%s=", member->name);
	for (size_t i = 0; i < count; i++) {
		if (i)
			fputc(',', listing->word);
		value_print_element(listing->word, member,
				    tsr_hw_load(bytes + i * member->size, member->size));
	}
	fflush(listing->word);
}

/* A line that grows by words; a new one begins where the next would not fit. */
struct line {
	const char *start;
	unsigned int indent;
	size_t column;	/* 0: nothing is printed yet */
	bool continued;
};

static void end_line(struct listing *listing, struct line *line)
{
	fputc('\n', listing->out);
	line->column = 0;
}

static void add_word(struct listing *listing, struct line *line)
{
	if (line->column && line->column + 1 + listing->word_size > COLUMNS) {
		end_line(listing, line);
		line->indent += line->continued ? 0 : CONTINUED;
		line->continued = true;
		line->start = line->start && line->start[0] == '#' ? "#" : NULL;
	}
	if (line->column)
		line->column += (size_t)fprintf(listing->out, " ");
	else
		line->column = (size_t)fprintf(listing->out, "%*s%s%s", (int)line->indent, "",
					       line->start ? line->start : "",
					       line->start ? " " : "");
	fwrite(listing->word_text, 1, listing->word_size, listing->out);
	line->column += listing->word_size;
}

void listing_fields(struct listing *listing, const struct tsr_hw_structure *structure,
		    size_t offset, const char *start, unsigned int indent, bool all)
{
	enum zeros zeros = all ? ZEROS_ALL :
			   slots_absent(structure, listing->bytes + offset) ? ZEROS_NONE :
			   ZEROS_NAMED;
	struct line line = { start, indent, 0, false };

	for (size_t i = 0; i < structure->member_count; i++) {
		const struct tsr_hw_member *member = &structure->members[i];
		const uint8_t *bytes = listing->bytes + offset + member->offset;

		if (member->structure || !tsr_hw_is_there(member, listing->bytes + offset))
			continue;
		listing_show(listing, offset + member->offset, value_size(member));
		if (stream_implied(structure, member) || !is_said(member, bytes, zeros))
			continue;
		make_word(listing, member, bytes);
		add_word(listing, &line);
	}
	if (line.column)
		end_line(listing, &line);
}

static void show_element(struct listing *listing, const struct tsr_hw_member *member, size_t offset,
			 const char *path, unsigned int indent)
{
	char prefix[PATH_SIZE + 1];

	if (value_is_zero(listing->bytes + offset, member->size)) {
		listing_show(listing, offset, member->size);
		return;
	}
	listing_fields(listing, member->structure, offset, path, indent, false);
	snprintf(prefix, sizeof(prefix), "%s.", path);
	listing_inner(listing, member->structure, offset, prefix, indent);
}

void listing_inner(struct listing *listing, const struct tsr_hw_structure *structure,
		   size_t offset, const char *prefix, unsigned int indent)
{
	char path[PATH_SIZE];

	for (size_t i = 0; i < structure->member_count; i++) {
		const struct tsr_hw_member *member = &structure->members[i];
		size_t at = offset + member->offset;

		if (!member->structure || !tsr_hw_is_there(member, listing->bytes + offset))
			continue;
		if (!member->count) {
			snprintf(path, sizeof(path), "%s%s", prefix, member->name);
			show_element(listing, member, at, path, indent);
			continue;
		}
		for (size_t k = 0; k < member->count; k++, at += member->size) {
			snprintf(path, sizeof(path), "%s%s[%zu]", prefix, member->name, k);
			show_element(listing, member, at, path, indent);
		}
	}
}

static void hex_line(struct listing *listing, size_t offset, size_t size, unsigned int indent)
{
	fprintf(listing->out, "%*sbytes 0x%zx ", (int)indent, "", offset);
	for (size_t i = 0; i < size; i++)
		fprintf(listing->out, "%02x", listing->bytes[offset + i]);
	fputc('\n', listing->out);
	listing_show(listing, offset, size);
}

void listing_hex(struct listing *listing, size_t from, size_t to, unsigned int indent)
{
	size_t size;

	for (size_t at = from; at < to; at += size) {
		size = to - at < HEX_BYTES ? to - at : HEX_BYTES;
		if (memcmp(listing->bytes + at, listing->shown + at, size))
			hex_line(listing, at, size, indent);
	}
}
