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

/* The engine of a stream by itself. */
#define CHECK_ANY_ENGINE	UINT8_MAX

/**
 * check_stream() - commands from @at to @end of a file
 * @engine: kind of engine that runs them, or CHECK_ANY_ENGINE
 * @where: the part, or ""
 */
void check_stream(const uint8_t *bytes, size_t at, size_t end, uint8_t engine, const char *where,
		  struct defects *defects);

#endif
