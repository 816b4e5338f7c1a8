// SPDX-License-Identifier: MIT
#include "alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory)
{
	if (memory)
		return memory;
	fputs("tessera-compliance: out of memory\n", stderr);
	abort();
}

void *cpl_alloc(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size));
}

void *cpl_grow(void *memory, size_t count, size_t size)
{
	return checked(reallocarray(memory, count ? count : 1, size));
}

char *cpl_strdup(const char *text)
{
	return text ? checked(strdup(text)) : NULL;
}

static char *format_list(const char *format, va_list list)
{
	char *text;

	if (vasprintf(&text, format, list) < 0)
		text = NULL;
	return checked(text);
}

char *cpl_format(const char *format, ...)
{
	va_list list;
	char *text;

	va_start(list, format);
	text = format_list(format, list);
	va_end(list);
	return text;
}

void cpl_append(char **text, const char *format, ...)
{
	va_list list;
	char *tail, *whole;

	va_start(list, format);
	tail = format_list(format, list);
	va_end(list);
	whole = cpl_format("%s%s", *text ? *text : "", tail);
	free(tail);
	free(*text);
	*text = whole;
}
