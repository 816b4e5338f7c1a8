// SPDX-License-Identifier: MIT
#include "descriptor.h"
#include "opcodes.h"

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_compact *bytes = raw;
	struct compact *compact = &command->compact;

	command->kind = KIND_COMPACT;
	take_tensor(source, &bytes->x, &compact->x);
	take_tensor(source, &bytes->coords, &compact->coords);
	take_tensor(source, &bytes->count, &compact->count);
	take_step(&bytes->step, &compact->x, compact->block);
	return 0;
}

const struct opcode opcode_compact = { TSR_HW_OP_COMPACT, take, NULL };
