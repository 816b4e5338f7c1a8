/* SPDX-License-Identifier: MIT */
/* A VECTOR program inside of a command: from its bytes to checked facts. */
#ifndef VNPU_TILE_BLOCK_H
#define VNPU_TILE_BLOCK_H

#include <stdint.h>

#include <vector/check.h>

#include "tensor.h"

struct tile_request;

/**
 * struct block - a checked program and its inputs
 * @program: checked
 * @input: as many as its head says
 */
struct block {
	struct vector_program program;
	struct tensor input[TSR_HW_VECTOR_MAX_INPUTS];
};

/**
 * block_decode() - check a program of a command
 * @request: slot table and parameters
 * @command: the whole command, as many bytes as its header says
 * @at: where the program begins, post or pre of the header: below its size, pre above post
 * @d: what it is executed for: the output, or what is loaded; inputs have its extents
 * @given: what the command gives the program but the inputs, which are filled in
 * @block: result
 *
 * Return: TSR_HW_ERR_NONE, or _COMMAND, _PARAMETER, _SLOT or _UNSUPPORTED.
 */
int block_decode(const struct tile_request *request, const struct tsr_hw_command *command,
		 uint32_t at, const struct tensor *d, struct vector_given *given,
		 struct block *block);

/**
 * block_decode_types() - block_decode() with inputs of other types than those of whole bytes
 * @request: as there
 * @command: as there
 * @at: as there
 * @types: bit mask of the types of inputs
 * @d: as there
 * @given: as there
 * @block: as there
 *
 * The command must be one whose steps do not cut a byte (step_check_halves()).
 *
 * Return: as block_decode().
 */
int block_decode_types(const struct tile_request *request, const struct tsr_hw_command *command,
		       uint32_t at, uint32_t types, const struct tensor *d,
		       struct vector_given *given, struct block *block);

/**
 * block_decode_optional() - block_decode() of an epilogue, which a command need not have
 * @request: slot table and parameters
 * @command: the whole command, its program where its header says
 * @d: the output; inputs have its extents
 * @given: what the command gives the program, a value of its own at least; inputs are filled in
 * @block: result; without a program one of weight 0 whose result is the command's value
 *
 * Return: as block_decode().
 */
int block_decode_optional(const struct tile_request *request, const struct tsr_hw_command *command,
			  const struct tensor *d, struct vector_given *given,
			  struct block *block);

/** block_bytes() - distinct bytes of the inputs */
uint64_t block_bytes(const struct block *block);

#endif
