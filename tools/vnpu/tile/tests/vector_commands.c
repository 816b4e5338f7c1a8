/* SPDX-License-Identifier: MIT */
#include "vector_commands.h"

#include <string.h>

static char *append(char *at, const void *bytes, size_t size)
{
	memcpy(at, bytes, size);
	return at + size;
}

uint32_t vector_command_pack(const struct vector_command *command, void *bytes)
{
	const struct tsr_hw_vector *head = &command->head;
	struct tsr_hw_vector_command start = {
		.head = { .op = TSR_HW_OP_VECTOR, .post = sizeof(start) },
		.d = command->d,
	};
	char *at;

	for (unsigned int i = 0; i < command->d.rank; i++)
		start.step.block[i] = command->block[i] ? command->block[i] : 1;
	at = append(bytes, &start, sizeof(start));

	at = append(at, head, sizeof(*head));
	at = append(at, command->input, head->inputs * sizeof(command->input[0]));
	at = append(at, command->constant, head->consts * sizeof(command->constant[0]));
	at = append(at, command->code, head->insns * sizeof(command->code[0]));
	start.head.size = (uint16_t)(at - (char *)bytes);
	memcpy(bytes, &start, sizeof(start));
	return start.head.size;
}
