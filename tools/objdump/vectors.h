/* SPDX-License-Identifier: MIT */
/* Golden vectors: contract/vectors/README.md has the form. */
#ifndef OBJDUMP_VECTORS_H
#define OBJDUMP_VECTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"
#include "text_error.h"

/**
 * struct vector - one case
 * @name: of the case
 * @fields: its other lines, as comments
 * @program, @stream, @slots: buffers, empty when the case has none
 * @has_program: the buffer program is there
 */
struct vector {
	char name[128];
	struct bytes fields;
	struct bytes program;
	struct bytes stream;
	struct bytes slots;
	bool has_program;
};

/** vectors_are() - does a file begin as golden vectors do? */
bool vectors_are(const struct bytes *file);

/**
 * vectors_each() - all cases of a file
 * @take: called for each
 * @error: set on failure
 */
bool vectors_each(const struct bytes *file, void (*take)(void *context, const struct vector *),
		  void *context, struct text_error *error);

#endif
