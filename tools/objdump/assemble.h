/* SPDX-License-Identifier: MIT */
/* Text to bytes: the way back from text.c. What the bytes mean is not judged here. */
#ifndef OBJDUMP_ASSEMBLE_H
#define OBJDUMP_ASSEMBLE_H

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"
#include "text_error.h"

/**
 * assemble() - make a program or a stream of a text
 * @text: need not end with a zero
 * @out: empty; owned by the caller in any case
 * @error: set on failure
 */
bool assemble(const char *text, size_t size, struct bytes *out, struct text_error *error);

#endif
