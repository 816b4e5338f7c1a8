// SPDX-License-Identifier: MIT
#include "lines.h"

#include <stdlib.h>
#include <string.h>

static bool split(char *text, bool (*take)(void *context, char *line), void *context,
		  struct text_error *error)
{
	for (char *next; text; text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		error->line++;
		if (!take(context, text))
			return false;
	}
	return true;
}

bool lines_each(const void *text, size_t size, bool (*take)(void *context, char *line),
		void *context, struct text_error *error)
{
	char *copy = malloc(size + 1);
	bool done;

	*error = (struct text_error){ 0 };
	if (!copy)
		return text_fail(error, "no memory for the text");
	if (size)
		memcpy(copy, text, size);
	copy[size] = '\0';
	done = strlen(copy) == size || text_fail(error, "a text has no zero bytes");
	done = done && split(copy, take, context, error);
	free(copy);
	return done;
}
