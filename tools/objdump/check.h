/* SPDX-License-Identifier: MIT */
/* The rules of the hardware manual that a program or a stream violates by itself. */
#ifndef OBJDUMP_CHECK_H
#define OBJDUMP_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "defects.h"

/**
 * check_program() - header, nodes, successors, streams
 *
 * What a slot table or a device decides is not looked at.
 */
void check_program(const void *bytes, size_t size, struct defects *defects);

/** check_stream() - commands from @at to @end of a file; @where is the part, or "" */
void check_stream(const uint8_t *bytes, size_t at, size_t end, const char *where,
		  struct defects *defects);

#endif
