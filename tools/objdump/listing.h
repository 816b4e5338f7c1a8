/* SPDX-License-Identifier: MIT */
/* Lines of text for structures, and which bytes of the file they have shown. */
#ifndef OBJDUMP_LISTING_H
#define OBJDUMP_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct tsr_hw_structure;

/**
 * struct listing - a text in the making
 * @out: where it goes
 * @bytes: the file
 * @shown: what the text says of it; zero where it says nothing
 * @size: of both
 * @word: one field at a time, so that lines are not too long
 */
struct listing {
	FILE *out;
	const uint8_t *bytes;
	uint8_t *shown;
	size_t size;
	FILE *word;
	char *word_text;
	size_t word_size;
};

/** listing_open() - false: no memory */
bool listing_open(struct listing *listing, FILE *out, const void *bytes, size_t size);

/** listing_show() - these bytes are in the text */
void listing_show(struct listing *listing, size_t offset, size_t size);

/**
 * listing_fields() - the members of a structure that are numbers, in lines
 * @offset: of the structure
 * @start: what begins the first line, such as "a" or "# slot 3:"; NULL continues one
 * @indent: columns before each line
 * @all: say zeros too, but those of bytes that must be zero; else those that have a name
 *
 * Without a field there is no line.
 */
void listing_fields(struct listing *listing, const struct tsr_hw_structure *structure,
		    size_t offset, const char *start, unsigned int indent, bool all);

/** listing_inner() - the structures inside of a structure, a line or more each, with their path */
void listing_inner(struct listing *listing, const struct tsr_hw_structure *structure,
		   size_t offset, const char *prefix, unsigned int indent);

/** listing_hex() - "bytes OFFSET HEX" for those not shown yet and not zero, @from to @to */
void listing_hex(struct listing *listing, size_t from, size_t to, unsigned int indent);

void listing_close(struct listing *listing);

#endif
