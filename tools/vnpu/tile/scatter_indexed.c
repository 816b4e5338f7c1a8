/* SPDX-License-Identifier: MIT */
/* SCATTER: slices or elements go where indices from memory say, alone or combined. */
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "combine.h"
#include "command.h"
#include "execution.h"
#include "gather.h"
#include "parallel.h"
#include "selection.h"
#include "staging.h"
#include "step.h"
#include "tile.h"
#include "work.h"

/*
 * Updates that meet at an element take effect in the order of their indices. So one thread
 * does all places of a chunk one after another; threads share the columns of slices, which
 * are different elements wherever the slices lie.
 */
struct job {
	struct execution *execution;
	struct selection selection;
	struct view x;
	unsigned int how;
	unsigned int type;
	uint64_t first;		/* place that the chunk starts with */
	uint64_t places;	/* of the chunk */
};

static int decode_fields(const struct tsr_hw_gather *raw, struct command *command)
{
	int error = selection_check(raw, &command->d, &command->gather.index, &command->gather.x);

	command->gather.kind = raw->kind;
	command->gather.axis = raw->axis;
	command->gather.batch_dims = raw->batch_dims;
	command->gather.reduction = raw->reduction;
	if (error || raw->mbz || !combine_has(raw->reduction, command->d.type))
		return TSR_HW_ERR_COMMAND;
	return step_check(&raw->step, &command->gather.x);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_gather *scatter = raw;
	unsigned int use = scatter->reduction ? TENSOR_WRITE | TENSOR_UPDATE : TENSOR_WRITE;
	struct tensor *x = &command->gather.x;
	int error = tensor_decode(request, &scatter->x, TYPES_BYTES, 0, x);

	if (!error)
		error = tensor_decode(request, &scatter->index, TYPES_INDEX, 0,
				      &command->gather.index);
	if (!error)
		error = tensor_decode(request, &scatter->d, TYPE_BIT(x->type), use, &command->d);
	return error ? error : decode_fields(scatter, command);
}

static void select_places(const struct command *command, struct selection *selection)
{
	selection_make(selection, command->gather.kind, command->gather.axis,
		       command->gather.batch_dims, &command->d, &command->gather.index,
		       &command->gather.x);
}

static void measure(const struct command *command, struct work *work)
{
	const struct tensor *x = &command->gather.x;
	struct selection selection;

	work->unit = command->gather.reduction ? WORK_SERIAL : WORK_MOVE;
	if (!tensor_elements(x) || !tensor_elements(&command->d))
		return;
	work->elements = tensor_elements(x);
	select_places(command, &selection);
	work->bytes_written = work->elements * x->size;
	work->bytes_read = tensor_bytes(x) + tensor_bytes(&command->gather.index);
	if (command->gather.reduction)
		work->bytes_read += work->bytes_written;
	work->places = selection.places;
	work->staging = index_staging(&selection.layout);
}

/* The stored elements at @n elements of @slice from @column on become combined ones. */
static int combine_slice(const struct job *job, const struct view *slice, uint64_t column,
			 uint64_t n, const char *from, uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	_Alignas(64) char stored[GATHER_BLOCK];
	int error = gather(memory, slice, column, n, stored, fault);

	if (error)
		return error;
	for (uint64_t at = 0; at < n; at += COMBINE_MOST) {
		uint64_t count = n - at < COMBINE_MOST ? n - at : COMBINE_MOST;

		combine(job->how, job->type, stored + at * slice->size, from + at * slice->size,
			count);
	}
	return scatter(memory, slice, column, n, stored, fault);
}

static int write_slice(const struct job *job, uint64_t va, uint64_t column, uint64_t n,
		       const char *from, uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	struct view slice = job->selection.shape;

	slice.va = va;
	if (job->how != TSR_HW_SCATTER_NONE)
		return combine_slice(job, &slice, column, n, from, fault);
	if (job->selection.slice == 1)
		return memory->write(memory->ctx, va, slice.size, from, fault);
	return scatter(memory, &slice, column, n, from, fault);
}

/* Columns @column to @column + @n - 1 of all slices of the chunk: consecutive updates. */
static int run_columns(void *context, uint64_t column, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct selection *selection = &job->selection;
	uint64_t first = job->first * selection->slice + column;
	uint64_t pitch = n * job->x.size;
	_Alignas(64) char block[GATHER_BLOCK];
	struct cursor cursor;
	int error = gather(job->execution->memory, &job->x, first, job->places * n, block, fault);

	if (error)
		return error;
	execution_flip(job->execution, first * job->x.size, job->places * pitch, block);
	selection_seek(selection, job->first, &cursor);
	for (uint64_t i = 0; !error && i < job->places; i++) {
		error = write_slice(job, selection_address(selection, &cursor), column, n,
				    block + i * pitch, fault);
		selection_next(selection, &cursor);
	}
	return error;
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* A chunk has many places, or one of which threads take columns. */
static int run(struct job *job)
{
	struct execution *execution = job->execution;
	const struct selection *selection = &job->selection;
	uint64_t columns = min(selection->slice, GATHER_BLOCK / job->x.size);
	uint64_t most = GATHER_BLOCK / job->x.size / columns;
	int error = TSR_HW_ERR_NONE;

	for (; !error && job->first < selection->places; job->first += job->places) {
		job->places = columns < selection->slice ?
			      1 : min(most, selection->places - job->first);
		error = parallel_ranges(execution->memory, selection->slice, columns, run_columns,
					job, &execution->fault);
		if (!error)
			error = execution_progress(execution, job->first + job->places,
						   selection->places);
	}
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	struct job job = {
		.execution = execution,
		.how = command->gather.reduction,
		.type = command->d.type,
	};
	uint64_t updates = tensor_elements(&command->gather.x);
	int64_t *index;
	int error;

	if (!updates)
		return TSR_HW_ERR_NONE;
	select_places(command, &job.selection);
	error = index_load(execution, &job.selection.layout, &index);
	if (error)
		return error;
	execution_flip_within(execution, updates * command->d.size);
	job.selection.index = index;
	view_tensor(&job.x, &command->gather.x);
	error = run(&job);
	staging_put(index);
	return error;
}

const struct operation operation_scatter = {
	.opcode = TSR_HW_OP_SCATTER,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_gather),
	.moves = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
