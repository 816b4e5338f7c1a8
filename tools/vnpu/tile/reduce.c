/* SPDX-License-Identifier: MIT */
/* REDUCE: sums, products, extremes and their places over a set of dimensions. */
#include <tsr_hw/error.h>

#include "axes.h"
#include "block_run.h"
#include "command.h"
#include "execution.h"
#include "fold.h"
#include "loading.h"
#include "parallel.h"
#include "reduction.h"
#include "smaller.h"
#include "step.h"
#include "tile.h"
#include "work.h"

/* Elements between two reports of progress, and those of one range for a thread. */
#define CHUNK	(1u << 22)
#define RANGE	8192u

/* A result is folded by one thread, in one order. */
struct job {
	struct execution *execution;
	const struct command *command;
	struct fold fold;
	struct block_run run;
	struct loading loading;	/* reduced dimensions are innermost */
	uint64_t depth;		/* elements of one result */
	uint64_t outputs;
	uint64_t first;		/* output that the chunk starts with */
};

struct piece {
	_Alignas(64) char raw[REDUCTION_MOST * sizeof(int64_t)];
	_Alignas(64) char values[REDUCTION_MOST * sizeof(int64_t)];
	_Alignas(64) char results[REDUCTION_MOST * sizeof(int64_t)];
};

static int check_fields(const struct tsr_hw_reduce *raw, const struct command *command)
{
	const struct tensor *x = &command->reduce.loaded.x;
	const struct tensor *d = &command->d;
	bool selects = fold_selects(raw->function);

	if (raw->mbz[0] || raw->mbz[1] || raw->last > selects || d->rank != x->rank)
		return TSR_HW_ERR_COMMAND;
	if (axes_check(raw->axes, x->rank))
		return TSR_HW_ERR_COMMAND;
	for (unsigned int i = 0; i < x->rank; i++)
		if (d->dim[i] != (raw->axes & 1u << i ? 1 : x->dim[i]))
			return TSR_HW_ERR_COMMAND;
	if (selects && !axes_elements(x, raw->axes))
		return TSR_HW_ERR_COMMAND;
	if (step_check_halves(&raw->step, x) || step_check_halves(&raw->step, d))
		return TSR_HW_ERR_COMMAND;
	return step_check(&raw->step, x);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_reduce *reduce = raw;
	struct loaded *loaded = &command->reduce.loaded;
	struct vector_given given = { .has_value = true };
	int error = tensor_decode(request, &reduce->x, TYPES_ANY, 0, &loaded->x);

	if (!error)
		error = tensor_decode(request, &reduce->d, TYPES_ANY, TENSOR_WRITE, &command->d);
	if (!error)
		error = check_fields(reduce, command);
	if (!error)
		error = loaded_decode(request, &reduce->head, loaded);
	if (error)
		return error;
	if (!fold_has(reduce->function, loaded->type))
		return TSR_HW_ERR_COMMAND;
	command->reduce.axes = reduce->axes;
	command->reduce.function = reduce->function;
	command->reduce.last = reduce->last;
	given.value = fold_class(reduce->function, loaded->type);
	given.rank = command->d.rank;
	return block_decode_optional(request, &reduce->head, &command->d, &given,
				     &command->reduce.post);
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *x = &command->reduce.loaded.x;
	const struct block *post = &command->reduce.post;

	/* A result costs something even if no element goes into it. */
	work_pass(work, larger(tensor_elements(x), tensor_elements(&command->d)), 1);
	work_pass(work, tensor_elements(&command->d), post->program.weight);
	work->bytes = block_bytes(post) + tensor_bytes(&command->d);
	work->staging = halves_output_staging(&command->d);
	loaded_measure(&command->reduce.loaded, work);
}

/*
 * Of a result that alone fills chunks. It is no work for several threads, so this is the
 * thread that executes the stream.
 */
static int tell_progress(const struct job *job, uint64_t output, uint64_t done)
{
	if (job->depth <= CHUNK)
		return TSR_HW_ERR_NONE;
	return execution_progress(job->execution, output * job->depth + done,
				  job->outputs * job->depth);
}

/* Elements of the input as values of registers. */
static int load(struct job *job, uint64_t first, uint64_t n, struct piece *piece,
		uint64_t *fault)
{
	int error = loading_elements(&job->loading, first, n, piece->raw, fault);

	if (!error)
		reduction_load(job->fold.type, piece->raw, piece->values, n);
	return error;
}

/* One result whose elements fill more than a piece. */
static int fold_long(struct job *job, uint64_t output, struct piece *piece, uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	struct fold_state state;
	int error = TSR_HW_ERR_NONE;

	fold_start(&job->fold, &state);
	for (uint64_t at = 0; !error && at < job->depth; at += REDUCTION_MOST) {
		uint64_t n = smaller(job->depth - at, REDUCTION_MOST);

		if (memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		error = load(job, output * job->depth + at, n, piece, fault);
		if (error)
			return error;
		fold_values(&job->fold, piece->values, n, &state);
		error = tell_progress(job, output, at + n);
	}
	fold_end(&job->fold, &state, piece->results, 0);
	return error;
}

/* Several results whose elements fit a piece together. */
static int fold_short(struct job *job, uint64_t output, uint64_t n, struct piece *piece,
		      uint64_t *fault)
{
	size_t pitch = job->depth * number_class_size(reduction_class(job->fold.type));
	int error = TSR_HW_ERR_NONE;

	if (job->depth)
		error = load(job, output * job->depth, n * job->depth, piece, fault);
	for (uint64_t i = 0; !error && i < n; i++) {
		struct fold_state state;

		fold_start(&job->fold, &state);
		fold_values(&job->fold, piece->values + i * pitch, job->depth, &state);
		fold_end(&job->fold, &state, piece->results, i);
	}
	return error;
}

static int run_outputs(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	struct job *job = context;
	uint64_t most = larger(REDUCTION_MOST / larger(job->depth, 1), 1);
	int error = TSR_HW_ERR_NONE;
	struct piece piece;

	for (uint64_t at = 0; !error && at < n; at += most) {
		uint64_t output = job->first + first + at;
		uint64_t count = smaller(n - at, most);

		if (job->depth > REDUCTION_MOST)
			error = fold_long(job, output, &piece, fault);
		else
			error = fold_short(job, output, count, &piece, fault);
		if (!error)
			error = block_range(&job->run, output, count, piece.results, fault);
	}
	return error;
}

static int run(struct job *job)
{
	uint64_t depth = larger(job->depth, 1);
	uint64_t most = larger(CHUNK / depth, 1);
	uint64_t range = quotient(RANGE, depth);
	int error = TSR_HW_ERR_NONE;

	for (; !error && job->first < job->outputs; job->first += most) {
		uint64_t n = smaller(job->outputs - job->first, most);

		error = parallel_ranges(job->execution->memory, n, range, run_outputs, job,
					&job->execution->fault);
		if (!error)
			error = execution_progress(job->execution, job->first + n, job->outputs);
	}
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tensor *x = &command->reduce.loaded.x;
	uint32_t axes = command->reduce.axes;
	struct job job = {
		.execution = execution,
		.command = command,
		.fold = { command->reduce.function, command->reduce.loaded.type,
			  command->reduce.last },
		.depth = axes_elements(x, axes),
		.outputs = tensor_elements(&command->d),
	};
	int error;

	loading_start(&job.loading, execution, &command->reduce.loaded, axes);
	error = block_start(&job.run, execution, &command->reduce.post, &command->d);
	if (!error)
		error = run(&job);
	error = block_end(&job.run, error);
	loading_end(&job.loading);
	return error;
}

const struct operation operation_reduce = {
	.opcode = TSR_HW_OP_REDUCE,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_reduce),
	.has_program = true,
	.has_prologue = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
