/* SPDX-License-Identifier: MIT */
#include "block.h"

#include <string.h>

#include <number/types.h>
#include <tsr_hw/error.h>

#include "tile.h"

/* Where the parts of a program lie behind its start. */
struct parts {
	const struct tsr_hw_tensor *inputs;
	const uint64_t *constants;
	const struct tsr_hw_insn *code;
};

static void find_parts(const struct tsr_hw_vector *head, struct parts *parts)
{
	parts->inputs = (const struct tsr_hw_tensor *)(head + 1);
	parts->constants = (const uint64_t *)(parts->inputs + head->inputs);
	parts->code = (const struct tsr_hw_insn *)(parts->constants + head->consts);
}

static size_t bytes_of(const struct tsr_hw_vector *head)
{
	return sizeof(*head) + head->inputs * sizeof(struct tsr_hw_tensor) +
	       head->consts * sizeof(uint64_t) + head->insns * sizeof(struct tsr_hw_insn);
}

static int decode_inputs(const struct tile_request *request, const struct tsr_hw_tensor *raw,
			 uint32_t types, const struct tensor *d, struct vector_given *given,
			 struct block *block, unsigned int inputs)
{
	for (unsigned int i = 0; i < inputs; i++) {
		int error = tensor_decode(request, &raw[i], types, 0, &block->input[i]);

		if (error)
			return error;
		if (!tensor_same_shape(&block->input[i], d))
			return TSR_HW_ERR_COMMAND;
		given->input[i] = number_class_of(block->input[i].type);
	}
	return TSR_HW_ERR_NONE;
}

/* Where the program at @at ends: the prologue follows the epilogue, and ends the command. */
static uint32_t end_of(const struct tsr_hw_command *command, uint32_t at)
{
	return command->pre > at ? command->pre : command->size;
}

int block_decode_types(const struct tile_request *request, const struct tsr_hw_command *command,
		       uint32_t at, uint32_t types, const struct tensor *d,
		       struct vector_given *given, struct block *block)
{
	uint32_t room = end_of(command, at) - at;
	struct tsr_hw_vector head;
	struct parts parts;
	int error;

	if (room < sizeof(head))
		return TSR_HW_ERR_COMMAND;
	memcpy(&head, (const char *)command + at, sizeof(head));
	if (vector_check_head(&head) || bytes_of(&head) != room)
		return TSR_HW_ERR_COMMAND;
	/* Aligned, because commands and programs have a multiple of eight bytes. */
	find_parts((const struct tsr_hw_vector *)((const char *)command + at), &parts);
	error = decode_inputs(request, parts.inputs, types, d, given, block, head.inputs);
	if (error)
		return error;
	if (vector_check(&head, parts.constants, parts.code, given, &block->program))
		return TSR_HW_ERR_COMMAND;
	return block->program.parameters > request->parameter_count ? TSR_HW_ERR_PARAMETER :
								      TSR_HW_ERR_NONE;
}

int block_decode(const struct tile_request *request, const struct tsr_hw_command *command,
		 uint32_t at, const struct tensor *d, struct vector_given *given,
		 struct block *block)
{
	return block_decode_types(request, command, at, TYPES_BYTES, d, given, block);
}

static void make_value(const struct vector_given *given, struct block *block)
{
	block->program = (struct vector_program){
		.head = { .result = TSR_HW_VECTOR_VALUE },
		.value = given->value,
		.result = given->value,
		.rank = given->rank,
	};
}

int block_decode_optional(const struct tile_request *request, const struct tsr_hw_command *command,
			  const struct tensor *d, struct vector_given *given,
			  struct block *block)
{
	if (command->post)
		return block_decode(request, command, command->post, d, given, block);
	make_value(given, block);
	return TSR_HW_ERR_NONE;
}

uint64_t block_bytes(const struct block *block)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < block->program.head.inputs; i++)
		bytes += tensor_bytes(&block->input[i]);
	return bytes;
}
