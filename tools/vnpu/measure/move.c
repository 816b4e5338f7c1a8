// SPDX-License-Identifier: MIT
#include "descriptor.h"
#include "opcodes.h"

_Static_assert((int)OUTSIDE_CONSTANT == TSR_HW_PAD_CONSTANT, "constant");
_Static_assert((int)OUTSIDE_EDGE == TSR_HW_PAD_EDGE, "edge");
_Static_assert((int)OUTSIDE_REFLECT == TSR_HW_PAD_REFLECT, "reflect");
_Static_assert((int)OUTSIDE_WRAP == TSR_HW_PAD_WRAP, "wrap");

void move_take(const struct measure_source *source, const void *raw, struct move *move)
{
	const struct tsr_hw_move *bytes = raw;

	take_tensor(source, &bytes->x, &move->x);
	take_tensor(source, &bytes->d, &move->d);
	for (unsigned int i = 0; i < move->d.rank; i++) {
		move->before[i] = (int64_t)take_bytes(source->request, bytes->before[i]);
		move->outside[i] = (enum outside)bytes->mode[i];
	}
	take_step(&bytes->step, &move->d, move->block);
}

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	command->kind = KIND_MOVE;
	move_take(source, raw, &command->move);
	return 0;
}

const struct opcode opcode_move = { TSR_HW_OP_MOVE, take, NULL };
