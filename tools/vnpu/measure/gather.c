// SPDX-License-Identifier: MIT
/* GATHER and SCATTER. */
#include "control.h"
#include "descriptor.h"
#include "opcodes.h"

_Static_assert((int)SELECT_AXIS == TSR_HW_GATHER_AXIS, "axis");
_Static_assert((int)SELECT_ELEMENT == TSR_HW_GATHER_ELEMENT, "element");
_Static_assert((int)SELECT_ND == TSR_HW_GATHER_ND, "coordinates");

/* A negative index counts from the end; one outside ends the node, wherever it would lead. */
static int64_t inside(int64_t index, uint64_t extent)
{
	if (index < 0)
		index += (int64_t)extent;
	return index < 0 || (uint64_t)index >= extent ? 0 : index;
}

static void limit(const struct gather *gather, int64_t *values, uint64_t count)
{
	const struct operand *index = &gather->index;
	bool nd = gather->selection == SELECT_ND;
	uint64_t coordinates = nd ? index->extent[index->rank - 1] : 1;
	unsigned int first = nd ? gather->batch_dims : gather->axis;

	for (uint64_t i = 0; i < count; i++)
		values[i] = inside(values[i], gather->indexed.extent[first + i % coordinates]);
}

static int read_indices(const struct measure_source *source, struct gather *gather,
			void **control)
{
	int64_t *values;
	uint64_t count;
	int error = control_read(source, &gather->index, &values, &count);

	if (error)
		return error;
	limit(gather, values, count);
	gather->values = values;
	*control = values;
	return 0;
}

static int take(const struct measure_source *source, const struct tsr_hw_gather *bytes,
		bool scatters, struct command *command, void **control)
{
	struct gather *gather = &command->gather;

	command->kind = KIND_GATHER;
	take_tensor(source->request, scatters ? &bytes->x : &bytes->d, &gather->dense);
	take_tensor(source->request, scatters ? &bytes->d : &bytes->x, &gather->indexed);
	take_tensor(source->request, &bytes->index, &gather->index);
	gather->scatters = scatters;
	gather->combines = bytes->reduction != TSR_HW_SCATTER_NONE;
	gather->selection = (enum selection)bytes->kind;
	gather->axis = bytes->axis;
	gather->batch_dims = bytes->batch_dims;
	take_step(&bytes->step, &gather->dense, gather->block);
	return read_indices(source, gather, control);
}

static int take_gather(const struct measure_source *source, const void *raw,
		       struct command *command, void **control)
{
	return take(source, raw, false, command, control);
}

static int take_scatter(const struct measure_source *source, const void *raw,
			struct command *command, void **control)
{
	return take(source, raw, true, command, control);
}

const struct opcode opcode_gather = { TSR_HW_OP_GATHER, take_gather };
const struct opcode opcode_scatter = { TSR_HW_OP_SCATTER, take_scatter };
