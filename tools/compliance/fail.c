// SPDX-License-Identifier: MIT
#include "fail.h"

#include <stdarg.h>
#include <stdio.h>

#include "tessera-compliance.h"

int cpl_fail(struct tsr_compliance_error *error, int code, const char *format, ...)
{
	va_list list;

	if (!error)
		return code;
	va_start(list, format);
	vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	return code;
}
