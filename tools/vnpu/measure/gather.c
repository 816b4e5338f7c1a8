// SPDX-License-Identifier: MIT
/* GATHER and SCATTER. */
#include <string.h>

#include "control.h"
#include "descriptor.h"
#include "opcodes.h"

_Static_assert((int)SELECT_AXIS == TSR_HW_GATHER_AXIS, "axis");
_Static_assert((int)SELECT_ELEMENT == TSR_HW_GATHER_ELEMENT, "element");
_Static_assert((int)SELECT_ND == TSR_HW_GATHER_ND, "coordinates");

static int read_indices(const struct measure_source *source, struct command *command,
			void **control)
{
	struct gather *gather = &command->gather;
	struct control indices;
	int error = control_read(source, &gather->index, &gather->dense, &indices);

	if (error)
		return error;
	gather->values = indices.value;
	memcpy(gather->value_stride, indices.stride, sizeof(gather->value_stride));
	*control = indices.value;
	return 0;
}

static int take(const struct measure_source *source, const struct tsr_hw_gather *bytes,
		bool scatters, struct command *command)
{
	struct gather *gather = &command->gather;

	command->kind = KIND_GATHER;
	take_tensor(source, scatters ? &bytes->x : &bytes->d, &gather->dense);
	take_tensor(source, scatters ? &bytes->d : &bytes->x, &gather->indexed);
	take_tensor(source, &bytes->index, &gather->index);
	gather->scatters = scatters;
	gather->combines = bytes->reduction != TSR_HW_SCATTER_NONE;
	gather->selection = (enum selection)bytes->kind;
	gather->axis = bytes->axis;
	gather->batch_dims = bytes->batch_dims;
	take_step(&bytes->step, &gather->dense, gather->block);
	return 0;
}

static int take_gather(const struct measure_source *source, const void *raw,
		       struct command *command)
{
	return take(source, raw, false, command);
}

static int take_scatter(const struct measure_source *source, const void *raw,
			struct command *command)
{
	return take(source, raw, true, command);
}

const struct opcode opcode_gather = { TSR_HW_OP_GATHER, take_gather, read_indices };
const struct opcode opcode_scatter = { TSR_HW_OP_SCATTER, take_scatter, read_indices };
