// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "descriptor.h"
#include "opcodes.h"
#include "program.h"
#include "tile/coordinate.h"

static float value_at(const struct sample *sample, const uint64_t *position, unsigned int dim)
{
	unsigned int last = sample->dims + 1u;
	uint64_t number = dim * sample->value_stride[last];

	for (unsigned int i = 0; i < last; i++)
		number += position[i] * sample->value_stride[i];
	return sample->values[number];
}

/* The product of what each dimension has, the last one fastest. */
static unsigned int find(const struct sample *sample, const uint64_t *position,
			 uint32_t (*corner)[SPATIAL_MAX])
{
	struct coordinate along[SPATIAL_MAX];
	unsigned int count = 1;

	for (unsigned int i = 0; i < sample->dims; i++) {
		coordinate_elements(&along[i], sample->mode, sample->outside,
				    value_at(sample, position, i),
				    (uint32_t)sample->x.extent[2 + i]);
		count *= along[i].count;
	}
	for (unsigned int n = 0; n < count; n++)
		for (unsigned int i = sample->dims, rest = n; i-- > 0; rest /= along[i].count)
			corner[n][i] = along[i].index[rest % along[i].count];
	return count;
}

static int take_coords(const struct measure_source *source, struct sample *sample, void **control)
{
	struct control bits;
	float *values;
	int error = control_read(source, &sample->coords, &sample->d, &bits);

	if (error)
		return error;
	values = calloc(bits.count + 1, sizeof(*values));
	for (uint64_t i = 0; values && i < bits.count; i++)
		memcpy(&values[i], &bits.value[i], sizeof(*values));
	free(bits.value);
	sample->values = values;
	memcpy(sample->value_stride, bits.stride, sizeof(sample->value_stride));
	*control = values;
	return values ? 0 : -ENOMEM;
}

static int take_batch(const struct measure_source *source, struct sample *sample, void **control)
{
	struct control batch;
	int32_t *images;
	int error = control_read_narrow(source, &sample->batch, &sample->d,
				      (int64_t)sample->x.extent[0] - 1, &batch, &images);

	sample->images = images;
	sample->image_stride = batch.stride[0];
	*control = images;
	return error;
}

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_sample *bytes = raw;
	struct sample *sample = &command->sample;

	command->kind = KIND_SAMPLE;
	take_tensor(source, &bytes->x, &sample->x);
	take_tensor(source, &bytes->coords, &sample->coords);
	take_tensor(source, &bytes->batch, &sample->batch);
	take_tensor(source, &bytes->d, &sample->d);
	sample->dims = bytes->dims;
	sample->mode = bytes->mode;
	sample->outside = bytes->outside;
	sample->corners = (uint8_t)(bytes->mode == TSR_HW_SAMPLE_NEAREST ? 1 : 1 << bytes->dims);
	sample->find = find;
	take_program(source, &bytes->head, bytes->head.post, &sample->post);
	take_step(&bytes->step, &sample->d, sample->block);
	return 0;
}

static int read_control(const struct measure_source *source, struct command *command,
			void **control)
{
	int error = take_coords(source, &command->sample, &control[0]);

	return error ? error : take_batch(source, &command->sample, &control[1]);
}

const struct opcode opcode_sample = { TSR_HW_OP_SAMPLE, take, read_control };
