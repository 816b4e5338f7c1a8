/* SPDX-License-Identifier: MIT */
/* Random VECTOR programs behind commands, and what they make of the command's value. */
#ifndef TEST_RANDOM_EPILOGUES_H
#define TEST_RANDOM_EPILOGUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench.h"
#include "vector/tests/programs.h"
#include "vector_commands.h"

/* Room for the program of a command. */
#define RANDOM_EPILOGUE_BYTES	VECTOR_COMMAND_BYTES

/**
 * struct random_epilogue - the program of a command, if it has one
 * @random: the program, checked
 * @program: the same as a command has it, with the tensors of its inputs
 * @exists: there is one
 */
struct random_epilogue {
	struct random_program random;
	struct vector_command program;
	bool exists;
};

/**
 * random_epilogue_take() - make @epilogue->random the program of a command
 * @bench: holds the inputs, of any type and layout
 * @epilogue: whose @random has been drawn
 * @inputs: that are tensors; further ones come from the command
 * @dim: result: extents of the output, as many as the program was drawn for
 */
void random_epilogue_take(struct bench *bench, struct random_epilogue *epilogue,
			  unsigned int inputs, uint32_t *dim);

/**
 * random_epilogue_pack() - bytes of a command
 * @epilogue: its program, if it exists
 * @op: TSR_HW_OP_*
 * @body: the command, its header is not looked at
 * @size: bytes of it
 * @bytes: result, aligned for 8: @size and RANDOM_EPILOGUE_BYTES
 *
 * Return: how many there are.
 */
uint32_t random_epilogue_pack(const struct random_epilogue *epilogue, unsigned int op,
			      const void *body, size_t size, void *bytes);

/** random_epilogue_run() - pack a command of at most 4,096 bytes, and run it */
void random_epilogue_run(struct bench *bench, const struct random_epilogue *epilogue,
			 unsigned int op, const void *body, size_t size,
			 struct outcome *outcome);

/**
 * random_epilogue_stored() - what an element of the output is, loaded again
 * @bench: memory with the inputs
 * @epilogue: the program, if it exists
 * @d: output
 * @n: element of it, row-major
 * @from: class of the command's value
 * @value: it
 */
union value random_epilogue_stored(const struct bench *bench,
				   const struct random_epilogue *epilogue,
				   const struct tsr_hw_tensor *d, uint64_t n,
				   enum number_class from, union value value);

#endif
