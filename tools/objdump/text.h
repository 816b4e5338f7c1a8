/* SPDX-License-Identifier: MIT */
/*
 * Programs and streams as text, which assemble.c reads: docs/man/tessera-objdump.1 has the
 * form. With constants in hexadecimal the text determines every byte of the file, whatever
 * the file is: bytes that belong to no part stand at the end as they are.
 */
#ifndef OBJDUMP_TEXT_H
#define OBJDUMP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_ALL_NODES	UINT32_MAX

/**
 * struct text_options - what to show
 * @hex: constants as bytes, not as a summary
 * @node: only this one, or TEXT_ALL_NODES
 */
struct text_options {
	bool hex;
	uint32_t node;
};

/** text_program() - a program; false: no memory */
bool text_program(FILE *out, const void *bytes, size_t size, const struct text_options *options);

/** text_stream() - a stream by itself; false: no memory */
bool text_stream(FILE *out, const void *bytes, size_t size);

/** text_slots() - a slot table, as comments */
bool text_slots(FILE *out, const void *bytes, size_t size);

#endif
