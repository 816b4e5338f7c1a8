/* SPDX-License-Identifier: MIT */
/* Option structs of callers that were built with another version of the header. */
#ifndef TSR_OPTIONS_H
#define TSR_OPTIONS_H

#include <stddef.h>

/**
 * tsr_options_read() - take over a caller's option struct
 * @to: struct as this library knows it; what the caller's lacks becomes 0
 * @known: its size
 * @from: the caller's, which begins with its size; NULL for all 0
 * @name: of the struct, for messages
 *
 * Return: 0, -EINVAL for a size that cannot be one, -E2BIG when a byte that this library
 * does not know is not 0.
 */
int tsr_options_read(void *to, size_t known, const void *from, const char *name);

/** TSR_OPTIONS_READ() - fill @to, a struct @name, from the caller's @from */
#define TSR_OPTIONS_READ(name, to, from) \
	tsr_options_read(to, sizeof(struct name), 1 ? (from) : (const struct name *)NULL, #name)

#endif
