// SPDX-License-Identifier: MIT
/* HASH: rows, each combined to one element, as REDUCE walks them. */
#include "descriptor.h"
#include "opcodes.h"

/* Elements of a step. */
#define STEP	4096u

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_hash *bytes = raw;
	struct reduce *reduce = &command->reduce;
	unsigned int last;

	command->kind = KIND_REDUCE;
	take_tensor(source, &bytes->x, &reduce->x);
	take_tensor(source, &bytes->d, &reduce->d);
	/* The result has the last dimension, with one element. */
	last = reduce->d.rank++;
	reduce->d.extent[last] = 1;
	reduce->axes = (uint8_t)(1u << last);
	for (unsigned int i = 0; i < last; i++)
		reduce->block[i] = 1;
	reduce->block[last] = reduce->x.extent[last] < STEP ? reduce->x.extent[last] : STEP;
	return 0;
}

const struct opcode opcode_hash = { TSR_HW_OP_HASH, take, NULL };
