/* SPDX-License-Identifier: MIT */
/* SAMPLE: each output is a weighted sum of the elements around a coordinate from memory. */
#include <tsr_hw/error.h>

#include "block_run.h"
#include "command.h"
#include "coordinate.h"
#include "execution.h"
#include "gather.h"
#include "parallel.h"
#include "real.h"
#include "smaller.h"
#include "staging.h"
#include "step.h"
#include "tile.h"
#include "work.h"

/* Spatial dimensions, at most, and the corners of as many. */
#define DIMS	3u
#define CORNERS	8u

/* Outputs of a part, and channels of them: a thread looks for an abort before each. */
#define PART		4096u
#define CHANNELS	64u

/* Images that are checked between two questions whether to give up. */
#define LOOKS		(1u << 16)

/* Outputs between two reports of progress. */
#define CHUNK	(1u << 22)

/*
 * A part is some positions of one batch index and some channels of them: an element's channels
 * are loaded at once. Coordinates and batch are read once into private memory.
 */
struct job {
	struct execution *execution;
	struct block_run run;
	const struct tensor *x;
	unsigned int mode;
	unsigned int outside;
	unsigned int dims;
	const float *coords;
	const int32_t *batch;		/* or NULL */
	uint64_t channels;
	uint64_t positions;		/* of a batch index */
	uint64_t part_channels;		/* of a part, but perhaps of the last one */
	uint64_t part_positions;
	uint64_t groups;		/* parts beside each other in channels */
	uint64_t ranges;		/* and in positions */
	uint64_t first;			/* part that the chunk starts with */
};

struct part {
	uint64_t batch;
	uint64_t channel;
	uint64_t channels;
	uint64_t position;
	uint64_t positions;
};

/* A corner of a position: bytes from the image's first element, or halves of bytes. */
struct corner {
	uint64_t offset;
	float weight;
};

static int check_shapes(const struct command *command)
{
	const struct tensor *x = &command->sample.x;
	const struct tensor *coords = &command->sample.coords;
	const struct tensor *d = &command->d;
	unsigned int dims = command->sample.dims;

	if (x->rank != dims + 2 || d->rank != dims + 2 || coords->rank != dims + 2)
		return TSR_HW_ERR_COMMAND;
	if (x->dim[1] != d->dim[1] || coords->dim[0] != d->dim[0] || coords->dim[dims + 1] != dims)
		return TSR_HW_ERR_COMMAND;
	for (unsigned int i = 0; i < dims; i++) {
		if (coords->dim[1 + i] != d->dim[2 + i])
			return TSR_HW_ERR_COMMAND;
		if (!x->dim[2 + i] && tensor_elements(d))
			return TSR_HW_ERR_COMMAND;
	}
	for (unsigned int i = 0; i < dims; i++)
		if (x->dim[2 + i] > COORDINATE_MOST)
			return TSR_HW_ERR_UNSUPPORTED;
	return TSR_HW_ERR_NONE;
}

static int check_batch(const struct command *command)
{
	const struct tensor *batch = &command->sample.batch;
	uint64_t count = tensor_present(batch) ? batch->dim[0] : command->sample.x.dim[0];

	if (tensor_present(batch) && batch->rank != 1)
		return TSR_HW_ERR_COMMAND;
	return count == command->d.dim[0] ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static int decode_fields(const struct tsr_hw_sample *raw, struct command *command)
{
	int error;

	command->sample.mode = raw->mode;
	command->sample.outside = raw->outside;
	command->sample.dims = raw->dims;
	for (size_t i = 0; i < sizeof(raw->mbz); i++)
		if (raw->mbz[i])
			return TSR_HW_ERR_COMMAND;
	if (raw->mode >= TSR_HW_SAMPLE_COUNT || raw->outside >= TSR_HW_OUTSIDE_COUNT)
		return TSR_HW_ERR_COMMAND;
	if (raw->dims < 2 || raw->dims > DIMS)
		return TSR_HW_ERR_COMMAND;
	error = check_batch(command);
	if (!error)
		error = check_shapes(command);
	if (!error)
		error = step_check_halves(&raw->step, &command->d);
	return error ? error : step_check(&raw->step, &command->d);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_sample *sample = raw;
	struct vector_given given = { .has_value = true, .value = NUMBER_F32 };
	int error = tensor_decode(request, &sample->x, TYPES_ANY, 0, &command->sample.x);

	if (!error)
		error = tensor_decode(request, &sample->coords, TYPE_BIT(TSR_HW_TYPE_FP32), 0,
				      &command->sample.coords);
	if (!error)
		error = tensor_decode_optional(request, &sample->batch, TYPES_INT32, 0,
					       &command->sample.batch);
	if (!error)
		error = tensor_decode(request, &sample->d, TYPES_ANY, TENSOR_WRITE, &command->d);
	if (!error)
		error = decode_fields(sample, command);
	if (error)
		return error;
	given.rank = command->d.rank;
	return block_decode_optional(request, &sample->head, &command->d, &given,
				     &command->sample.post);
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *x = &command->sample.x;
	const struct tensor *coords = &command->sample.coords;
	uint64_t outputs = tensor_elements(&command->d);
	uint32_t corners = 1u << command->sample.dims;

	work_pass(work, outputs, corners);
	work_pass(work, outputs, command->sample.post.program.weight);
	work->bytes = tensor_touched(x, outputs * corners) + tensor_bytes(coords) +
		      tensor_bytes(&command->sample.batch) + block_bytes(&command->sample.post) +
		      tensor_bytes(&command->d);
	if (outputs)
		work->staging = staging_size(tensor_elements(coords) * sizeof(float)) +
				staging_size(command->d.dim[0] * sizeof(int32_t)) +
				halves_output_staging(&command->d);
}

/* The corners of a position, in row-major order; returns how many there are. */
static unsigned int find_corners(const struct job *job, const float *at, struct corner *corner)
{
	unsigned int count = 1;

	corner[0] = (struct corner){ .weight = 1 };
	for (unsigned int i = 0; i < job->dims; i++) {
		uint64_t stride = job->x->stride[2 + i];
		struct coordinate coordinate;

		coordinate_elements(&coordinate, job->mode, job->outside, at[i],
				    (uint32_t)job->x->dim[2 + i]);
		for (unsigned int j = count * coordinate.count; j-- > 0;) {
			const struct corner *outer = &corner[j / coordinate.count];
			unsigned int inner = j % coordinate.count;

			corner[j] = (struct corner){
				outer->offset + coordinate.index[inner] * stride,
				outer->weight * coordinate.weight[inner],
			};
		}
		count *= coordinate.count;
	}
	return count;
}

/* All channels of one corner. */
static int load_corner(const struct job *job, uint64_t va, uint64_t channels, float *to,
		       uint64_t *fault)
{
	struct span span = {
		.va = va,
		.column_stride = job->x->stride[1],
		.rows = 1,
		.columns = channels,
	};
	_Alignas(64) uint64_t raw[CHANNELS];
	uint64_t pitch = channels * job->x->size;
	const struct tile_memory *memory = job->execution->memory;
	int error = job->x->halves ?
		    gather_span_halves(memory, &span, (uint8_t *)raw, pitch, fault) :
		    gather_span(memory, &span, job->x->size, raw, pitch, fault);

	if (!error)
		real_load(job->x->type, raw, to, channels);
	return error;
}

/* All channels of a position; each product and each sum is rounded. @pitch: between channels. */
static int sum_position(const struct job *job, const struct part *part, uint64_t position,
			float *to, uint64_t pitch, uint64_t *fault)
{
	uint64_t number = part->batch * job->positions + position;
	uint64_t image = job->batch ? (uint64_t)job->batch[part->batch] : part->batch;
	uint64_t va = (job->x->halves ? 2 * job->x->va : job->x->va) +
		      image * job->x->stride[0] + part->channel * job->x->stride[1];
	struct corner corner[CORNERS];
	unsigned int corners = find_corners(job, job->coords + number * job->dims, corner);
	float x[CHANNELS];

	if (!corners)
		for (uint64_t c = 0; c < part->channels; c++)
			to[c * pitch] = 0;
	for (unsigned int i = 0; i < corners; i++) {
		int error = load_corner(job, va + corner[i].offset, part->channels, x, fault);

		if (error)
			return error;
		for (uint64_t c = 0; c < part->channels; c++) {
			float product = corner[i].weight * x[c];

			to[c * pitch] = i ? to[c * pitch] + product : product;
		}
	}
	return TSR_HW_ERR_NONE;
}

static void find_part(const struct job *job, uint64_t number, struct part *part)
{
	uint64_t group = number / job->ranges % job->groups;

	part->batch = number / job->ranges / job->groups;
	part->channel = group * job->part_channels;
	part->channels = smaller(job->channels - part->channel, job->part_channels);
	part->position = number % job->ranges * job->part_positions;
	part->positions = smaller(job->positions - part->position, job->part_positions);
}

static int run_part(struct job *job, const struct part *part, uint64_t *fault)
{
	_Alignas(64) float value[PART];
	uint64_t pitch = part->positions;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t i = 0; !error && i < part->positions; i++)
		error = sum_position(job, part, part->position + i, value + i, pitch, fault);
	for (uint64_t c = 0; !error && c < part->channels; c++) {
		uint64_t row = part->batch * job->channels + part->channel + c;

		error = block_range(&job->run, row * job->positions + part->position, pitch,
				    value + c * pitch, fault);
	}
	return error;
}

static int run_parts(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	struct job *job = context;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t i = 0; !error && i < n; i++) {
		struct part part;

		find_part(job, job->first + first + i, &part);
		error = run_part(job, &part, fault);
	}
	return error;
}

static int start(struct job *job, struct execution *execution, const struct command *command)
{
	const struct tensor *d = &command->d;

	job->execution = execution;
	job->x = &command->sample.x;
	job->mode = command->sample.mode;
	job->outside = command->sample.outside;
	job->dims = command->sample.dims;
	job->channels = d->dim[1];
	job->positions = tensor_extents(d, 2, d->rank);
	job->part_channels = smaller(job->channels, CHANNELS);
	job->part_positions = PART / job->part_channels;
	job->groups = (job->channels + job->part_channels - 1) / job->part_channels;
	job->ranges = (job->positions + job->part_positions - 1) / job->part_positions;
	return block_start(&job->run, execution, &command->sample.post, d);
}

static int run(struct job *job, uint64_t batches)
{
	uint64_t parts = batches * job->groups * job->ranges;
	uint64_t outputs = job->part_channels * smaller(job->part_positions, job->positions);
	uint64_t most = CHUNK / outputs;
	int error = TSR_HW_ERR_NONE;

	for (; !error && job->first < parts; job->first += most) {
		uint64_t n = smaller(parts - job->first, most);

		error = parallel_ranges(job->execution->memory, n, PART / outputs, run_parts,
					job, &job->execution->fault);
		if (!error)
			error = execution_progress(job->execution, job->first + n, parts);
	}
	return error;
}

static int load_batch(struct execution *execution, const struct command *command, int32_t *to)
{
	const struct tensor *batch = &command->sample.batch;
	const struct tile_memory *memory = execution->memory;
	struct view view;
	int error;

	view_tensor(&view, batch);
	error = execution_load(execution, &view, 0, batch->dim[0], to);
	for (uint64_t i = 0; !error && i < batch->dim[0]; i++)
		if (to[i] < 0 || (uint64_t)to[i] >= command->sample.x.dim[0])
			error = TSR_HW_ERR_INDEX;
		else if (i % LOOKS == 0 && memory->aborted(memory->ctx))
			error = EXECUTION_ABORTED;
	return error;
}

static int load_control(struct execution *execution, const struct command *command, float *coords,
			int32_t *batch)
{
	struct view view;
	int error = tensor_present(&command->sample.batch) ?
			    load_batch(execution, command, batch) : TSR_HW_ERR_NONE;

	if (error)
		return error;
	view_tensor(&view, &command->sample.coords);
	return execution_load(execution, &view, 0, tensor_elements(&command->sample.coords),
			      coords);
}

static int execute(struct execution *execution, const struct command *command)
{
	uint64_t batches = command->d.dim[0];
	float *coords = staging_get(tensor_elements(&command->sample.coords) * sizeof(*coords));
	int32_t *batch = staging_get(batches * sizeof(*batch));
	struct job job = {
		.coords = coords,
		.batch = tensor_present(&command->sample.batch) ? batch : NULL,
	};
	int error = coords && batch ? load_control(execution, command, coords, batch) :
				      TSR_HW_ERR_ENGINE;

	if (!error) {
		error = start(&job, execution, command);
		if (!error)
			error = run(&job, batches);
		error = block_end(&job.run, error);
	}
	staging_put(coords);
	staging_put(batch);
	return error;
}

const struct operation operation_sample = {
	.opcode = TSR_HW_OP_SAMPLE,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_sample),
	.has_program = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
