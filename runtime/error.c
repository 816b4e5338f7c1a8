// SPDX-License-Identifier: MIT
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

#include "include/tessera.h"

static _Thread_local char sentence[512] = "no error";

int tsr_fail(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	return error;
}

const char *tsr_error(void)
{
	return sentence;
}
