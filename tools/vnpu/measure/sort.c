// SPDX-License-Identifier: MIT
#include "descriptor.h"
#include "opcodes.h"

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_sort *bytes = raw;
	struct sort *sort = &command->sort;

	command->kind = KIND_SORT;
	take_tensor(source, &bytes->x, &sort->x);
	take_tensor(source, &bytes->values, &sort->values);
	take_tensor(source, &bytes->indices, &sort->indices);
	take_step(&bytes->step, &sort->x, sort->block);
	return 0;
}

const struct opcode opcode_sort = { TSR_HW_OP_SORT, take, NULL };
