// SPDX-License-Identifier: MIT
#include "message.h"

#include <stdarg.h>
#include <stdio.h>

enum exit_code complain(enum exit_code code, const char *format, ...)
{
	va_list arguments;

	fputs("tessera-run: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return code;
}

void warn(const char *format, ...)
{
	va_list arguments;

	fputs("tessera-run: warning: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}
