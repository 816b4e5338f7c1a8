// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>

#include "control.h"
#include "descriptor.h"
#include "opcodes.h"
#include "program.h"

static int read_first(const struct measure_source *source, struct command *command,
		      void **control)
{
	struct resample *resample = &command->resample;
	struct control places;
	int32_t *first;
	int error = control_read(source, &resample->first, &resample->d, &places);

	if (error)
		return error;
	first = calloc(places.count + 1, sizeof(*first));
	for (uint64_t i = 0; first && i < places.count; i++)
		first[i] = (int32_t)places.value[i];
	free(places.value);
	resample->values = first;
	resample->value_stride = places.stride[0];
	*control = first;
	return first ? 0 : -ENOMEM;
}

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_resample *bytes = raw;
	struct resample *resample = &command->resample;

	command->kind = KIND_RESAMPLE;
	take_tensor(source, &bytes->x, &resample->x);
	take_tensor(source, &bytes->first, &resample->first);
	take_tensor(source, &bytes->weight, &resample->weight);
	take_tensor(source, &bytes->d, &resample->d);
	resample->axis = bytes->axis;
	resample->taps = bytes->taps;
	take_program(source, &bytes->head, bytes->head.post, &resample->post);
	take_step(&bytes->step, &resample->d, resample->block);
	return 0;
}

const struct opcode opcode_resample = { TSR_HW_OP_RESAMPLE, take, read_first };
