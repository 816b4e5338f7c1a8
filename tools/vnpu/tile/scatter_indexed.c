/* SPDX-License-Identifier: MIT */
/* SCATTER: slices or elements go where indices from memory say, alone or combined. */
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "canonical.h"
#include "combine.h"
#include "command.h"
#include "execution.h"
#include "gather.h"
#include "halves.h"
#include "parallel.h"
#include "selection.h"
#include "smaller.h"
#include "staging.h"
#include "step.h"
#include "tile.h"
#include "work.h"

/* Groups between two reports of progress: so many, or those of so many elements. */
#define FEW_GROUPS	64u
#define CHUNK		(1u << 22)

/*
 * Updates that meet at an element take effect in the order of their indices, so one thread
 * does the places of a group one after another. Threads share groups, and the columns of
 * slices: these are different elements wherever the slices lie.
 */
struct job {
	struct execution *execution;
	struct selection selection;
	struct view x;
	unsigned int how;
	unsigned int type;
	uint64_t odd_row;	/* of d, as in halves_places() */
	uint64_t group;		/* places of one */
	uint64_t first;		/* place that is being done, of a group or of all */
	uint64_t places;	/* of each group that are done at a time */
	uint64_t base;		/* group that the chunk starts with */
};

/* Slices are stored by rows of whole bytes, which are not read before. */
static int check_halves(const struct tsr_hw_gather *raw, const struct command *command)
{
	const struct tensor *d = &command->d;
	uint32_t packed = tensor_elements(d) ? tensor_packed(d) : 0;

	if (d->halves && (raw->reduction || packed & ~(1u << (d->rank - 1))))
		return TSR_HW_ERR_UNSUPPORTED;
	return selection_check_halves(raw, d, &command->gather.index, &command->gather.x);
}

static int decode_fields(const struct tsr_hw_gather *raw, struct command *command)
{
	int error = selection_check(raw, &command->d, &command->gather.index, &command->gather.x);

	command->gather.kind = raw->kind;
	command->gather.axis = raw->axis;
	command->gather.batch_dims = raw->batch_dims;
	command->gather.reduction = raw->reduction;
	if (error || raw->mbz || !combine_has(raw->reduction, command->d.type))
		return TSR_HW_ERR_COMMAND;
	error = step_check(&raw->step, &command->gather.x);
	return error ? error : check_halves(raw, command);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_gather *scatter = raw;
	unsigned int use = scatter->reduction ? TENSOR_WRITE | TENSOR_UPDATE : TENSOR_WRITE;
	struct tensor *x = &command->gather.x;
	int error = tensor_decode(request, &scatter->x, TYPES_ANY, 0, x);

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
	uint64_t written;

	if (!tensor_elements(x) || !tensor_elements(&command->d))
		return;
	work_pass(work, tensor_elements(x), 1);
	select_places(command, &selection);
	written = x->halves ? tensor_bytes(x) : tensor_elements(x) * x->size;
	work->bytes = tensor_bytes(x) + tensor_bytes(&command->gather.index) +
		      (command->gather.reduction ? 2 : 1) * written;
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
		uint64_t count = smaller(n - at, COMBINE_MOST);

		combine(job->how, job->type, stored + at * slice->size, from + at * slice->size,
			count);
	}
	if (job->execution->strict)
		canonical_nan(job->type, stored, n);
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
	if (job->selection.slice == 1 && !slice.halves)
		return memory->write(memory->ctx, va, slice.size, from, fault);
	return scatter(memory, &slice, column, n, from, fault);
}

/* @n elements from @column on of the slices at @places places: consecutive updates. */
static int run_piece(const struct job *job, uint64_t place, uint64_t places, uint64_t column,
		     uint64_t n, uint64_t *fault)
{
	const struct selection *selection = &job->selection;
	uint64_t first = place * selection->slice + column;
	uint64_t pitch = n * job->x.size;
	_Alignas(64) char block[GATHER_BLOCK];
	struct cursor cursor;
	int error = gather(job->execution->memory, &job->x, first, places * n, block, fault);

	if (error)
		return error;
	execution_flip(job->execution, first * job->x.size, places * pitch, block);
	selection_seek(selection, place, &cursor);
	for (uint64_t i = 0; !error && i < places; i++) {
		error = write_slice(job, selection_address(selection, &cursor), column, n,
				    block + i * pitch, fault);
		selection_next(selection, &cursor);
	}
	return error;
}

/* Columns are places of halves_places(), so that no byte has two threads. */
static int run_columns(void *context, uint64_t place, uint64_t places, uint64_t *fault)
{
	const struct job *job = context;
	uint64_t first = halves_element(place, job->odd_row);
	uint64_t end = halves_element(place + places, job->odd_row);

	return run_piece(job, job->first, 1, first, end - first, fault);
}

/* One group, or several whole ones. */
static int run_groups(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	uint64_t place = (job->base + first) * job->group + job->first;

	return run_piece(job, place, n * job->places, 0, job->selection.slice, fault);
}

/* Slices that are larger than a block, one after another. */
static int run_large(struct job *job, uint64_t most)
{
	struct execution *execution = job->execution;
	const struct selection *selection = &job->selection;
	int error = TSR_HW_ERR_NONE;

	for (; !error && job->first < selection->places; job->first++) {
		error = parallel_ranges(execution->memory,
					halves_places(selection->slice, job->odd_row), most,
					run_columns, job, &execution->fault);
		if (!error)
			error = execution_progress(execution, job->first + 1, selection->places);
	}
	return error;
}

/* All places of @groups groups, of which a block has @most. */
static int run_chunk(struct job *job, uint64_t groups, uint64_t most)
{
	struct execution *execution = job->execution;
	uint64_t each = smaller(most, job->group);
	int error = TSR_HW_ERR_NONE;

	for (job->first = 0; !error && job->first < job->group; job->first += each) {
		job->places = smaller(each, job->group - job->first);
		error = parallel_ranges(execution->memory, groups, most / each, run_groups, job,
					&execution->fault);
		if (!error)
			error = execution_progress(execution, job->base * job->group +
						   groups * (job->first + job->places),
						   job->selection.places);
	}
	return error;
}

static int run_small(struct job *job, uint64_t most)
{
	const struct selection *selection = &job->selection;
	uint64_t chunk = larger(CHUNK / (job->group * selection->slice), FEW_GROUPS);
	int error = TSR_HW_ERR_NONE;

	for (; !error && job->base < selection->groups; job->base += chunk)
		error = run_chunk(job, smaller(chunk, selection->groups - job->base), most);
	return error;
}

static int run(struct job *job)
{
	uint64_t most = GATHER_BLOCK / job->x.size;

	job->group = job->selection.places / job->selection.groups;
	if (job->selection.slice > most)
		return run_large(job, most);
	return run_small(job, most / job->selection.slice);
}

static int execute(struct execution *execution, const struct command *command)
{
	struct job job = {
		.execution = execution,
		.how = command->gather.reduction,
		.type = command->d.type,
		.odd_row = tensor_odd_row(&command->d),
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
