// SPDX-License-Identifier: MIT
#include "descriptor.h"
#include "opcodes.h"

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_suppress *bytes = raw;
	struct suppress *suppress = &command->suppress;

	command->kind = KIND_SUPPRESS;
	take_tensor(source, &bytes->boxes, &suppress->boxes);
	take_tensor(source, &bytes->scores, &suppress->scores);
	take_tensor(source, &bytes->indices, &suppress->indices);
	take_tensor(source, &bytes->count, &suppress->count);
	return 0;
}

const struct opcode opcode_suppress = { TSR_HW_OP_SUPPRESS, take, NULL };
