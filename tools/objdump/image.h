/* SPDX-License-Identifier: MIT */
/* A file in the making: structures, and the fields that lines of text give them. */
#ifndef OBJDUMP_IMAGE_H
#define OBJDUMP_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "text_error.h"

struct tsr_hw_structure;
struct tsr_hw_member;

/**
 * struct image - the file, and what a line of text refers to
 * @bytes: of the file, zero where nothing has been written
 * @outer: structure that paths begin at, or NULL
 * @outer_at: its offset
 * @inner: structure that fields belong to, or NULL
 * @inner_at: its offset
 * @error: of the line
 */
struct image {
	struct bytes *bytes;
	const struct tsr_hw_structure *outer;
	size_t outer_at;
	const struct tsr_hw_structure *inner;
	size_t inner_at;
	struct text_error *error;
};

/** image_reach() - the file is at least this long; false after a message */
bool image_reach(struct image *image, uint64_t end);

/** image_begin() - a structure at @offset; paths and fields refer to it */
bool image_begin(struct image *image, const struct tsr_hw_structure *structure, uint64_t offset);

/** image_enter() - fields refer to the structure at this path, such as "epilogue.bias" */
bool image_enter(struct image *image, const char *path);

/** image_field() - "NAME=VALUE" or "NAME=VALUE,VALUE"; elements that are not given are zero */
bool image_field(struct image *image, char *word);

/** image_member() - the member of a structure of that name, or NULL */
const struct tsr_hw_member *image_member(const struct tsr_hw_structure *structure,
					 const char *name, size_t length);

#endif
