// SPDX-License-Identifier: MIT
#include "image.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>

#include "value.h"

bool image_reach(struct image *image, uint64_t end)
{
	if (end <= BYTES_MAX && bytes_reach(image->bytes, end))
		return true;
	return text_fail(image->error,
			 "the file would have 0x%" PRIx64 " bytes, at most 0x%zx can be made", end,
			 BYTES_MAX);
}

bool image_begin(struct image *image, const struct tsr_hw_structure *structure, uint64_t offset)
{
	if (!image_reach(image, offset + structure->size))
		return false;
	image->outer = image->inner = structure;
	image->outer_at = image->inner_at = offset;
	return true;
}

const struct tsr_hw_member *image_member(const struct tsr_hw_structure *structure,
					 const char *name, size_t length)
{
	for (size_t i = 0; i < structure->member_count; i++) {
		if (strlen(structure->members[i].name) == length &&
		    !strncmp(structure->members[i].name, name, length))
			return &structure->members[i];
	}
	return NULL;
}

/* "[3]" at @path, for an array; sets @path behind it. */
static bool read_index(const char **path, size_t count, size_t *index)
{
	char *end;

	*index = 0;
	if (!count)
		return true;
	if (**path != '[')
		return false;
	*index = strtoul(*path + 1, &end, 10);
	if (end == *path + 1 || *end != ']' || *index >= count)
		return false;
	*path = end + 1;
	return true;
}

bool image_enter(struct image *image, const char *path)
{
	const struct tsr_hw_structure *structure = image->outer;
	size_t at = image->outer_at, index;
	const char *rest = path;

	for (;; rest++) {
		size_t length = strcspn(rest, ".[");
		const struct tsr_hw_member *member = image_member(structure, rest, length);

		rest += length;
		if (!member || !member->structure || !read_index(&rest, member->count, &index))
			return text_fail(image->error, "%s: %s has no such structure", path,
					 image->outer->name);
		at += member->offset + index * member->size;
		structure = member->structure;
		if (*rest != '.')
			break;
	}
	if (*rest)
		return text_fail(image->error, "%s: %s has no such structure", path,
				 image->outer->name);
	image->inner = structure;
	image->inner_at = at;
	return true;
}

static bool store_value(struct image *image, const struct tsr_hw_member *member, size_t index,
			const char *text)
{
	size_t at = image->inner_at + member->offset + index * member->size;
	uint64_t value;

	if (!value_parse_element(text, member, &value))
		return text_fail(image->error, "%s=%s: that is no number%s%s", member->name, text,
				 member->meaning ? ", and no name of " : "",
				 member->meaning ? member->meaning->name : "");
	if (member->size < sizeof(value) && value >> (8 * member->size))
		return text_fail(image->error, "%s=%s: the field has %zu bits", member->name, text,
				 8 * member->size);
	tsr_hw_store(image->bytes->data + at, member->size, value);
	return true;
}

bool image_field(struct image *image, char *word)
{
	char *value = strchr(word, '='), *next;
	const struct tsr_hw_member *member =
		image_member(image->inner, word, (size_t)(value - word));
	size_t count, index;

	if (!member || member->structure)
		return text_fail(image->error, "%.*s: %s has no such field", (int)(value - word),
				 word, image->inner->name);
	count = member->count ? member->count : 1;
	memset(image->bytes->data + image->inner_at + member->offset, 0, count * member->size);
	for (index = 0, value++; value; value = next, index++) {
		next = strchr(value, ',');
		if (next)
			*next++ = '\0';
		if (index == count)
			return text_fail(image->error, "%s: it has %zu elements", member->name,
					 count);
		if (!store_value(image, member, index, value))
			return false;
	}
	return true;
}
