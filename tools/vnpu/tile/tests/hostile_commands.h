/* SPDX-License-Identifier: MIT */
/* Commands that ask for as much as they can, from operands of any size. */
#ifndef TEST_HOSTILE_COMMANDS_H
#define TEST_HOSTILE_COMMANDS_H

#include <stdint.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>

#include "vector_commands.h"

#define HOSTILE_SLOTS	4

/**
 * struct hostile - one command
 * @kind: TSR_HW_ENGINE_*
 * @size: bytes of it
 * @slot: endless slots, the last for outputs
 * @command: as the stream has it
 */
struct hostile {
	unsigned int kind;
	uint32_t size;
	struct tsr_hw_slot slot[HOSTILE_SLOTS];
	union {
		struct tsr_hw_command head;
		struct tsr_hw_pool pool;
		struct tsr_hw_conv conv;
		char vector[VECTOR_COMMAND_BYTES];
		struct tsr_hw_move move;
		struct tsr_hw_copy copy;
		struct tsr_hw_fill fill;
		struct tsr_hw_gather gather;
		struct tsr_hw_sort sort;
		struct tsr_hw_compact compact;
		struct tsr_hw_suppress suppress;
		struct tsr_hw_scan scan;
		struct tsr_hw_reduce reduce;
		struct tsr_hw_normalize normalize;
		struct tsr_hw_resample resample;
		struct tsr_hw_sample sample;
		struct tsr_hw_attention attention;
		struct tsr_hw_gemm gemm;
		unsigned char longest[2048];
	} command;
};

/**
 * hostile_make() - a command whose shape fits together
 * @hostile: result; it may still be refused because it asks for too much
 * @random: state of the generator
 * @bits: extents have up to so many bits together, roughly
 */
void hostile_make(struct hostile *hostile, uint64_t *random, unsigned int bits);

#endif
