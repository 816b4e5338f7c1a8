// SPDX-License-Identifier: MIT
#include "descriptor.h"
#include "opcodes.h"
#include "program.h"

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_vector_command *vector = raw;
	struct elementwise *elementwise = &command->elementwise;

	command->kind = KIND_VECTOR;
	take_tensor(source, &vector->d, &elementwise->d);
	take_program(source, &vector->head, vector->head.post, &elementwise->post);
	take_step(&vector->step, &elementwise->d, elementwise->block);
	return 0;
}

const struct opcode opcode_vector = { TSR_HW_OP_VECTOR, take, NULL };
