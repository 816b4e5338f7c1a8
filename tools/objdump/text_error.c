// SPDX-License-Identifier: MIT
#include "text_error.h"

#include <stdarg.h>
#include <stdio.h>

bool text_fail(struct text_error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return false;
}
