/* SPDX-License-Identifier: MIT */
/* VECTOR commands: the bytes of one, from its parts. */
#ifndef TEST_VECTOR_COMMANDS_H
#define TEST_VECTOR_COMMANDS_H

#include <stdint.h>

#include <tsr_hw/command.h>
#include <tsr_hw/vector.h>

/* The largest VECTOR command. */
#define VECTOR_COMMAND_BYTES								\
	(sizeof(struct tsr_hw_vector_command) + sizeof(struct tsr_hw_vector) +		\
	 TSR_HW_VECTOR_MAX_INPUTS * sizeof(struct tsr_hw_tensor) +			\
	 TSR_HW_VECTOR_MAX_CONSTS * sizeof(uint64_t) +					\
	 TSR_HW_VECTOR_MAX_INSNS * sizeof(struct tsr_hw_insn))

/**
 * struct vector_command - one in the making
 * @d: output
 * @block: extents of a step; all 0: one element
 * @head: of the program; says how many there are of what follows
 */
struct vector_command {
	struct tsr_hw_tensor d;
	uint32_t block[TSR_HW_MAX_RANK];
	struct tsr_hw_vector head;
	struct tsr_hw_tensor input[TSR_HW_VECTOR_MAX_INPUTS];
	uint64_t constant[TSR_HW_VECTOR_MAX_CONSTS];
	struct tsr_hw_insn code[TSR_HW_VECTOR_MAX_INSNS];
};

/**
 * vector_command_pack() - its bytes
 * @command: the parts
 * @bytes: VECTOR_COMMAND_BYTES, aligned for 8
 *
 * Return: how many there are.
 */
uint32_t vector_command_pack(const struct vector_command *command, void *bytes);

#endif
