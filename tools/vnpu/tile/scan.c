/* SPDX-License-Identifier: MIT */
/* SCAN: running sums, products and extremes along a dimension. */
#include <tsr_hw/error.h>

#include "block_run.h"
#include "command.h"
#include "execution.h"
#include "loading.h"
#include "parallel.h"
#include "reduction.h"
#include "running.h"
#include "smaller.h"
#include "step.h"
#include "tile.h"
#include "work.h"

/* Columns that are scanned together, at most. */
#define COLUMNS	512u

/* Elements between two reports of progress, and those of one range for a thread. */
#define CHUNK	(1u << 22)
#define RANGE	8192u

/*
 * Elements behind the dimension are its columns. A unit of work is a group of columns from one
 * end of the dimension to the other, so it has one order, whoever does it.
 */
struct job {
	struct execution *execution;
	const struct command *command;
	struct running running;
	struct block_run run;
	struct loading loading;
	uint64_t extent;	/* of the dimension */
	uint64_t columns;	/* behind each of its indices */
	uint64_t groups;	/* of columns */
	uint64_t units;
	uint64_t unit_elements;	/* at most */
	uint64_t first;		/* unit that the chunk starts with */
};

/* A unit: columns that begin at an element of the first row. */
struct unit {
	uint64_t first;
	uint64_t columns;
	_Alignas(64) char carry[COLUMNS * sizeof(int64_t)];
};

struct piece {
	_Alignas(64) char raw[REDUCTION_MOST * sizeof(int64_t)];
	_Alignas(64) char values[REDUCTION_MOST * sizeof(int64_t)];
};

static int check_fields(const struct tsr_hw_scan *raw, const struct command *command)
{
	const struct tensor *x = &command->scan.loaded.x;

	if (raw->mbz || raw->exclusive > 1 || raw->reverse > 1 || raw->axis >= x->rank)
		return TSR_HW_ERR_COMMAND;
	if (!tensor_same_shape(x, &command->d))
		return TSR_HW_ERR_COMMAND;
	if (step_check_halves(&raw->step, x) || step_check_halves(&raw->step, &command->d))
		return TSR_HW_ERR_COMMAND;
	return step_check(&raw->step, x);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_scan *scan = raw;
	struct vector_given given = { .has_value = true };
	int error = tensor_decode(request, &scan->x, TYPES_ANY, 0,
				  &command->scan.loaded.x);

	if (!error)
		error = tensor_decode(request, &scan->d, TYPES_ANY, TENSOR_WRITE, &command->d);
	if (!error)
		error = check_fields(scan, command);
	if (!error)
		error = loaded_decode(request, &scan->head, &command->scan.loaded);
	if (error)
		return error;
	if (!reduction_has(scan->function, command->scan.loaded.type))
		return TSR_HW_ERR_COMMAND;
	command->scan.axis = scan->axis;
	command->scan.function = scan->function;
	command->scan.exclusive = scan->exclusive;
	command->scan.reverse = scan->reverse;
	given.value = reduction_class(command->scan.loaded.type);
	given.rank = command->d.rank;
	return block_decode_optional(request, &scan->head, &command->d, &given,
				     &command->scan.post);
}

static void measure(const struct command *command, struct work *work)
{
	const struct block *post = &command->scan.post;

	work_pass(work, tensor_elements(&command->d), 1);
	work_pass(work, tensor_elements(&command->d), post->program.weight);
	work->bytes = block_bytes(post) + tensor_bytes(&command->d);
	work->staging = halves_output_staging(&command->d);
	loaded_measure(&command->scan.loaded, work);
}

/* Rows of a piece. What lies behind each other in the output's order is done at once. */
static uint64_t piece_rows(const struct job *job)
{
	return job->groups == 1 ? larger(REDUCTION_MOST / job->columns, 1) : 1;
}

static int run_piece(struct job *job, struct unit *unit, uint64_t row, uint64_t rows,
		     uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	uint64_t first = unit->first + row * job->columns;
	uint64_t n = rows * unit->columns;
	struct piece piece;
	int error;

	if (memory->aborted(memory->ctx))
		return EXECUTION_ABORTED;
	error = loading_elements(&job->loading, first, n, piece.raw, fault);
	if (error)
		return error;
	reduction_load(job->running.type, piece.raw, piece.values, n);
	running_rows(&job->running, piece.values, rows, unit->columns, unit->carry);
	return block_range(&job->run, first, n, piece.values, fault);
}

/*
 * Of a unit that alone fills chunks. It is no work for several threads, so this is the thread
 * that executes the stream.
 */
static int tell_progress(const struct job *job, uint64_t number, uint64_t row)
{
	if (job->unit_elements <= CHUNK)
		return TSR_HW_ERR_NONE;
	return execution_progress(job->execution, number * job->extent + row,
				  job->units * job->extent);
}

static int run_unit(struct job *job, uint64_t number, uint64_t *fault)
{
	uint64_t column = number % job->groups * COLUMNS;
	struct unit unit = {
		.first = number / job->groups * job->extent * job->columns + column,
		.columns = smaller(job->columns - column, COLUMNS),
	};
	uint64_t most = piece_rows(job);
	int error = TSR_HW_ERR_NONE;

	reduction_start(job->running.function, job->running.type, unit.carry, unit.columns);
	for (uint64_t done = 0; !error && done < job->extent; done += most) {
		uint64_t rows = smaller(job->extent - done, most);
		uint64_t row = job->running.reverse ? job->extent - done - rows : done;

		error = run_piece(job, &unit, row, rows, fault);
		if (!error)
			error = tell_progress(job, number, done + rows);
	}
	return error;
}

static int run_units(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	struct job *job = context;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t i = 0; !error && i < n; i++)
		error = run_unit(job, job->first + first + i, fault);
	return error;
}

static int run(struct job *job)
{
	uint64_t most = larger(CHUNK / job->unit_elements, 1);
	uint64_t range = quotient(RANGE, job->unit_elements);
	int error = TSR_HW_ERR_NONE;

	for (; !error && job->first < job->units; job->first += most) {
		uint64_t n = smaller(job->units - job->first, most);

		error = parallel_ranges(job->execution->memory, n, range, run_units, job,
					&job->execution->fault);
		if (!error)
			error = execution_progress(job->execution, job->first + n, job->units);
	}
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tensor *x = &command->scan.loaded.x;
	unsigned int axis = command->scan.axis;
	struct job job = {
		.execution = execution,
		.command = command,
		.running = { command->scan.function, command->scan.loaded.type,
			     command->scan.exclusive, command->scan.reverse },
		.extent = x->dim[axis],
		.columns = tensor_extents(x, axis + 1, x->rank),
	};
	int error;

	job.groups = (job.columns + COLUMNS - 1) / COLUMNS;
	job.units = tensor_extents(x, 0, axis) * job.groups;
	job.unit_elements = job.extent * smaller(job.columns, COLUMNS);
	loading_start(&job.loading, execution, &command->scan.loaded, 0);
	error = block_start(&job.run, execution, &command->scan.post, &command->d);
	if (!error)
		error = run(&job);
	error = block_end(&job.run, error);
	loading_end(&job.loading);
	return error;
}

const struct operation operation_scan = {
	.opcode = TSR_HW_OP_SCAN,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_scan),
	.has_program = true,
	.has_prologue = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
