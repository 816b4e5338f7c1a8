/* SPDX-License-Identifier: MIT */
/* SOFTMAX along some dimensions together. */
#include <math.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "axes.h"
#include "command.h"
#include "convert.h"
#include "execution.h"
#include "gather.h"
#include "number/extremum.h"
#include "number/rounded.h"
#include "parallel.h"
#include "scaled_tensor.h"
#include "staging.h"
#include "tile.h"
#include "view.h"
#include "work.h"

/* Elements between two reports of progress, and those a thread works on at a time. */
#define CHUNK	(1u << 22)
#define BLOCK	4096u

/* Vector passes over every element in the cycle model. */
#define PASSES	4

struct job {
	struct execution *execution;
	const struct command *command;
	struct view x;
	struct view d;
	uint64_t depth;		/* elements of one row */
	uint64_t first;		/* row the chunk starts with */
};

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_reduce *softmax = raw;
	struct tensor *x = &command->reduce.x;
	uint32_t types = TYPES_FP | TYPES_INT8;
	int error = scaled_tensor_decode(request, &softmax->x, types, 0, x);

	if (!error)
		error = scaled_tensor_decode(request, &softmax->d, types, TENSOR_WRITE,
					     &command->d);
	command->reduce.axes = softmax->axes;
	if (!error)
		error = axes_check(softmax->axes, x->rank);
	if (error)
		return error;
	if (softmax->function || !tensor_same_shape(x, &command->d))
		return TSR_HW_ERR_COMMAND;
	return axes_elements(x, softmax->axes) > TILE_MAX_OPERANDS / (2 * sizeof(float)) ?
	       TSR_HW_ERR_UNSUPPORTED : TSR_HW_ERR_NONE;
}

/* Rows of the output that threads may have at the same time. */
static uint64_t chunk_of(uint64_t depth)
{
	return depth && depth < CHUNK ? CHUNK / depth : 1;
}

static void measure(const struct command *command, struct work *work)
{
	uint64_t depth = axes_elements(&command->reduce.x, command->reduce.axes);

	work->unit = WORK_VECTOR;
	work->elements = tensor_elements(&command->d);
	work->factor = PASSES;
	work->bytes_read = tensor_bytes(&command->reduce.x);
	work->bytes_written = tensor_bytes(&command->d);
	work->staging = staging_size(chunk_of(depth) * depth * sizeof(float));
}

/* A row and what the steps over its blocks hand on. */
struct row {
	const struct job *job;
	uint64_t first;		/* number of its first element */
	float *values;
	float highest;
	float sum;
};

static int load_block(struct row *row, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = row->job;
	float *values = row->values + at;
	_Alignas(64) char raw[BLOCK * sizeof(float)];
	int error = gather(job->execution->memory, &job->x, row->first + at, n, raw, fault);

	if (error)
		return error;
	convert_load(&job->command->reduce.x, raw, values, n);
	for (uint64_t i = 0; i < n; i++)
		row->highest = maximum(row->highest, values[i]);
	return TSR_HW_ERR_NONE;
}

static int raise_block(struct row *row, uint64_t at, uint64_t n, uint64_t *fault)
{
	float *values = row->values + at;

	(void)fault;
	for (uint64_t i = 0; i < n; i++)
		values[i] -= row->highest;
	number_exp(values, n);
	for (uint64_t i = 0; i < n; i++)
		row->sum += values[i];
	return TSR_HW_ERR_NONE;
}

static int store_block(struct row *row, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = row->job;
	float *values = row->values + at;
	_Alignas(64) char raw[BLOCK * sizeof(float)];

	for (uint64_t i = 0; i < n; i++)
		values[i] /= row->sum;
	convert_store(&job->command->d, values, raw, n);
	return execution_store(job->execution, &job->d, 0, row->first + at, n, raw, fault);
}

static int for_blocks(struct row *row, uint64_t *fault,
		      int (*step)(struct row *row, uint64_t at, uint64_t n, uint64_t *fault))
{
	const struct tile_memory *memory = row->job->execution->memory;
	uint64_t depth = row->job->depth;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t at = 0; !error && at < depth; at += BLOCK) {
		if (at && memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		error = step(row, at, depth - at < BLOCK ? depth - at : BLOCK, fault);
	}
	return error;
}

static int run_row(const struct job *job, uint64_t number, float *values, uint64_t *fault)
{
	struct row row = {
		.job = job,
		.first = number * job->depth,
		.values = values,
		.highest = -INFINITY,
	};
	int error = for_blocks(&row, fault, load_block);

	if (!error)
		error = for_blocks(&row, fault, raise_block);
	return error ? error : for_blocks(&row, fault, store_block);
}

static int run_rows(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	float *values = staging_get(job->depth * sizeof(float));
	int error = values ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;

	for (uint64_t row = 0; !error && row < n; row++)
		error = run_row(job, job->first + at + row, values, fault);
	staging_put(values);
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	struct job job = {
		.execution = execution,
		.command = command,
		.depth = axes_elements(&command->reduce.x, command->reduce.axes),
	};
	uint64_t rows = tensor_elements(&command->d) / job.depth;
	uint64_t chunk = chunk_of(job.depth);
	uint64_t step = GATHER_BLOCK / job.depth ? GATHER_BLOCK / job.depth : 1;
	int error = TSR_HW_ERR_NONE;

	axes_view(&job.x, &command->reduce.x, command->reduce.axes);
	axes_view(&job.d, &command->d, command->reduce.axes);
	for (; !error && job.first < rows; job.first += chunk) {
		uint64_t n = rows - job.first < chunk ? rows - job.first : chunk;

		error = parallel_ranges(execution->memory, n, step, run_rows, &job,
					&execution->fault);
		if (!error)
			error = execution_progress(execution, job.first + n, rows);
	}
	return error;
}

const struct operation operation_softmax = {
	.opcode = TSR_HW_OP_SOFTMAX,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_reduce),
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
