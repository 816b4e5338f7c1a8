/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_ALLOC_H
#define TSR_COMPLIANCE_ALLOC_H

#include <stddef.h>

/*
 * Allocation that never fails: like GMP, the engine ends the process when memory runs out, so that
 * no report can silently lack a part.
 */

/** cpl_alloc() - zeroed memory for @count elements of @size bytes; free with free(). */
void *cpl_alloc(size_t count, size_t size);

/** cpl_grow() - resize @memory to @count elements of @size bytes; new bytes are not set. */
void *cpl_grow(void *memory, size_t count, size_t size);

/** cpl_strdup() - copy of @text, or NULL for NULL; free with free(). */
char *cpl_strdup(const char *text);

/** cpl_format() - formatted string; free with free(). */
char *cpl_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** cpl_append() - append formatted text to *@text, which is NULL or allocated. */
void cpl_append(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
