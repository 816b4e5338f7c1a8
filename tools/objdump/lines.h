/* SPDX-License-Identifier: MIT */
#ifndef OBJDUMP_LINES_H
#define OBJDUMP_LINES_H

#include <stddef.h>

#include "text_error.h"

/**
 * lines_each() - all lines of a text
 * @text: has no zero bytes, or is refused
 * @take: may change its line; false ends with failure, with its message in @error
 * @error: begun here; counts the lines, and is that of a failure
 */
bool lines_each(const void *text, size_t size, bool (*take)(void *context, char *line),
		void *context, struct text_error *error);

#endif
