/* SPDX-License-Identifier: MIT */
/* The commands of a stream, one by one. */
#ifndef OBJDUMP_STREAM_H
#define OBJDUMP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tsr_hw_structure;
struct tsr_hw_member;
struct tsr_hw_meaning;

/**
 * struct command - one
 * @offset: in the file
 * @size: bytes of all its parts
 * @name: of its opcode
 * @body: its structure, header included
 */
struct command {
	size_t offset;
	size_t size;
	const char *name;
	const struct tsr_hw_structure *body;
};

/** stream_opcodes() - the enumeration of the opcodes */
const struct tsr_hw_meaning *stream_opcodes(void);

/** stream_implied() - does a member of the command header follow from the opcode's name? */
bool stream_implied(const struct tsr_hw_structure *structure, const struct tsr_hw_member *member);

/**
 * stream_head() - opcode, size, and places of the VECTOR programs into a command header at @bytes
 */
void stream_head(void *bytes, uint64_t op, size_t size, size_t post, size_t pre);

/**
 * stream_next() - the next command, if it is whole
 * @bytes: the file
 * @at: where it begins; set to where it ends
 * @end: of the stream
 *
 * Return: false at the end, or at a command that is none: then @at is not @end.
 */
bool stream_next(const uint8_t *bytes, size_t *at, size_t end, struct command *command);

/**
 * stream_defect() - why the command at @at is none
 * @path: set to the member that decided it
 * @rule: set to a sentence
 */
void stream_defect(const uint8_t *bytes, size_t at, size_t end, const char **path, char *rule,
		   size_t rule_size);

#endif
