// SPDX-License-Identifier: MIT
#include "descriptor.h"
#include "opcodes.h"
#include "program.h"
#include "tile/tile.h"

_Static_assert((int)SOFTMAX == TSR_HW_NORMALIZE_SOFTMAX, "softmax");
_Static_assert((int)LOG_SOFTMAX == TSR_HW_NORMALIZE_LOG_SOFTMAX, "log-softmax");
_Static_assert((int)STANDARD == TSR_HW_NORMALIZE_STANDARD, "standard");
_Static_assert((int)RMS == TSR_HW_NORMALIZE_RMS, "rms");

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_normalize *bytes = raw;
	struct normalize *normalize = &command->normalize;

	command->kind = KIND_NORMALIZE;
	take_tensor(source, &bytes->x, &normalize->x);
	take_tensor(source, &bytes->d, &normalize->d);
	take_program(source, &bytes->head, bytes->head.post, &normalize->post);
	take_program(source, &bytes->head, bytes->head.pre, &normalize->pre);
	normalize->axes = (uint8_t)bytes->axes;
	normalize->mode = (enum normalization)bytes->mode;
	normalize->strict = source->request->strict;
	take_step(&bytes->step, &normalize->x, normalize->block);
	return 0;
}

const struct opcode opcode_normalize = { TSR_HW_OP_NORMALIZE, take, NULL };
