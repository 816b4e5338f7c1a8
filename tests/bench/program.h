/* SPDX-License-Identifier: MIT */
/* Programs for measurements: no-op nodes, and commands. */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

#include <stdint.h>

#include "npu.h"

/**
 * struct program - a program in a buffer, its slot table behind it
 * @buffer: memory, mapped for reading and fetch
 * @size: bytes of the program
 * @slots: offset of the slot table in @buffer
 * @slot_count: slots
 */
struct program {
	struct npu_buffer buffer;
	uint32_t size;
	uint32_t slots;
	uint32_t slot_count;
};

/** program_nop() - @nodes no-op nodes, each after the one before */
void program_nop(struct npu *npu, struct program *program, uint32_t nodes);

/**
 * struct command_buffer - a slot
 * @buffer: what it names
 * @flags: what commands may do there (TSR_HW_SLOT_*)
 */
struct command_buffer {
	const struct npu_buffer *buffer;
	uint32_t flags;
};

/**
 * struct commands - independent commands, one node each
 * @bytes: one after the other
 * @size: bytes of each
 * @count: how many
 * @ops: operations of each
 * @buffer: slots, from number 0 on
 * @buffer_count: how many
 */
struct commands {
	const void *bytes;
	uint32_t size;
	uint32_t count;
	uint64_t ops;
	const struct command_buffer *buffer;
	uint32_t buffer_count;
};

/** program_commands() - @commands as tensor nodes without edges */
void program_commands(struct npu *npu, struct program *program, const struct commands *commands);

#endif
