/* SPDX-License-Identifier: MIT */
/* SOFTMAX along some dimensions together. */
#include <math.h>

#include <abi/error.h>
#include <abi/program.h>

#include "axes.h"
#include "command.h"
#include "convert.h"
#include "execution.h"
#include "gather.h"
#include "parallel.h"
#include "staging.h"
#include "tile.h"
#include "view.h"
#include "work.h"

/* Elements between two reports of progress. */
#define CHUNK	(1u << 22)

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
	const struct tsr_abi_reduce *softmax = raw;
	struct tensor *x = &command->reduce.x;
	uint32_t types = TYPES_FP | TYPES_INT8;
	int error = tensor_decode(request, &softmax->x, types, 0, x);

	if (!error)
		error = tensor_decode(request, &softmax->d, types, TENSOR_WRITE, &command->d);
	command->reduce.axes = softmax->axes;
	if (!error)
		error = axes_check(softmax->axes, x->rank);
	if (error)
		return error;
	if (softmax->function || !tensor_same_shape(x, &command->d))
		return TSR_ERR_COMMAND;
	return axes_elements(x, softmax->axes) > TILE_MAX_STAGING / (2 * sizeof(float)) ?
	       TSR_ERR_UNSUPPORTED : TSR_ERR_NONE;
}

static void measure(const struct command *command, struct work *work)
{
	work->unit = WORK_VECTOR;
	work->elements = tensor_elements(&command->d);
	work->factor = PASSES;
	work->bytes_read = tensor_bytes(&command->reduce.x);
	work->bytes_written = tensor_bytes(&command->d);
}

static void softmax(float *values, uint64_t n)
{
	float highest = -INFINITY;
	float sum = 0;

	for (uint64_t i = 0; i < n; i++)
		highest = values[i] > highest ? values[i] : highest;
	for (uint64_t i = 0; i < n; i++) {
		values[i] = expf(values[i] - highest);
		sum += values[i];
	}
	for (uint64_t i = 0; i < n; i++)
		values[i] /= sum;
}

static int run_row(const struct job *job, uint64_t row, float *values, void *raw,
		   uint64_t *fault)
{
	uint64_t first = row * job->depth;
	int error = gather(job->execution->memory, &job->x, first, job->depth, raw, fault);

	if (error)
		return error;
	convert_load(&job->command->reduce.x, raw, values, job->depth);
	softmax(values, job->depth);
	convert_store(&job->command->d, values, raw, job->depth);
	return execution_store(job->execution, &job->d, 0, first, job->depth, raw, fault);
}

static int run_rows(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	float *values = staging_get(job->depth * sizeof(float));
	void *raw = staging_get(job->depth * sizeof(float));
	int error = values && raw ? TSR_ERR_NONE : TSR_ERR_ENGINE;

	for (uint64_t row = 0; !error && row < n; row++)
		error = run_row(job, job->first + at + row, values, raw, fault);
	staging_put(values);
	staging_put(raw);
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
	uint64_t chunk = CHUNK / job.depth ? CHUNK / job.depth : 1;
	uint64_t step = GATHER_BLOCK / job.depth ? GATHER_BLOCK / job.depth : 1;
	int error = TSR_ERR_NONE;

	axes_view(&job.x, &command->reduce.x, command->reduce.axes);
	axes_view(&job.d, &command->d, command->reduce.axes);
	for (; !error && job.first < rows; job.first += chunk) {
		uint64_t n = rows - job.first < chunk ? rows - job.first : chunk;

		error = parallel_ranges(n, step, run_rows, &job, &execution->fault);
		if (!error)
			error = execution_progress(execution, job.first + n, rows);
	}
	return error;
}

const struct operation operation_softmax = {
	.opcode = TSR_OP_SOFTMAX,
	.engine = TSR_ENGINE_TENSOR,
	.size = sizeof(struct tsr_abi_reduce),
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
