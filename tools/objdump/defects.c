// SPDX-License-Identifier: MIT
#include "defects.h"

#include <stdarg.h>
#include <stdio.h>

#include "message.h"

void defects_add(struct defects *defects, size_t offset, const char *where, const char *path,
		 const char *rule, ...)
{
	struct defect *defect = &defects->kept[defects->count];
	va_list arguments;

	if (defects->count++ >= DEFECTS_KEPT)
		return;
	defect->offset = offset;
	snprintf(defect->path, sizeof(defect->path), "%s%s%s", where, where[0] ? ": " : "", path);
	va_start(arguments, rule);
	vsnprintf(defect->rule, sizeof(defect->rule), rule, arguments);
	va_end(arguments);
}

void defects_print(const struct defects *defects, const char *file)
{
	size_t kept = defects->count < DEFECTS_KEPT ? defects->count : DEFECTS_KEPT;

	for (size_t i = 0; i < kept; i++)
		complain("%s: offset 0x%zx: %s %s", file, defects->kept[i].offset,
			 defects->kept[i].path, defects->kept[i].rule);
	if (defects->count > kept)
		complain("%s: and %zu more", file, defects->count - kept);
}
