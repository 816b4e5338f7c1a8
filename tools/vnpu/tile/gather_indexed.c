/* SPDX-License-Identifier: MIT */
/* GATHER: slices or elements of a tensor that indices from memory select, bits unchanged. */
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "gather.h"
#include "halves_output.h"
#include "selection.h"
#include "smaller.h"
#include "staging.h"
#include "step.h"
#include "tile.h"
#include "work.h"

struct job {
	struct execution *execution;
	struct selection selection;
	struct view d;
	struct halves_output halves;	/* in place of d */
};

static int decode_fields(const struct tsr_hw_gather *raw, struct command *command)
{
	int error = selection_check(raw, &command->gather.x, &command->gather.index, &command->d);

	command->gather.kind = raw->kind;
	command->gather.axis = raw->axis;
	command->gather.batch_dims = raw->batch_dims;
	if (error || raw->reduction || raw->mbz)
		return TSR_HW_ERR_COMMAND;
	error = step_check(&raw->step, &command->d);
	return error ? error :
		       selection_check_halves(raw, &command->gather.x, &command->gather.index,
					      &command->d);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_gather *gather = raw;
	struct tensor *x = &command->gather.x;
	int error = tensor_decode(request, &gather->x, TYPES_ANY, 0, x);

	if (!error)
		error = tensor_decode(request, &gather->index, TYPES_INDEX, 0,
				      &command->gather.index);
	if (!error)
		error = tensor_decode(request, &gather->d, TYPE_BIT(x->type), TENSOR_WRITE,
				      &command->d);
	return error ? error : decode_fields(gather, command);
}

static void select_parts(const struct command *command, struct selection *selection)
{
	selection_make(selection, command->gather.kind, command->gather.axis,
		       command->gather.batch_dims, &command->gather.x, &command->gather.index,
		       &command->d);
}

static void measure(const struct command *command, struct work *work)
{
	struct selection selection;

	select_parts(command, &selection);
	work_pass(work, tensor_elements(&command->d), 1);
	work->bytes = tensor_bytes(&command->gather.index) + 2 * tensor_bytes(&command->d);
	if (tensor_elements(&command->d))
		work->staging = index_staging(&selection.layout) +
				halves_output_staging(&command->d);
}

/* Elements @first to @first + @n - 1 of the slice at @va. */
static int read_slice(const struct job *job, uint64_t va, uint64_t first, uint64_t n, void *to,
		      uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	struct view slice;

	if (job->selection.slice == 1 && !job->d.halves)
		return memory->read(memory->ctx, va, job->d.size, to, fault);
	slice = job->selection.shape;
	slice.va = va;
	return gather(memory, &slice, first, n, to, fault);
}

static int read_parts(const struct job *job, uint64_t first, uint64_t n, char *to,
		      uint64_t *fault)
{
	const struct selection *selection = &job->selection;
	uint64_t from = first % selection->slice;
	int error = TSR_HW_ERR_NONE;
	struct cursor cursor;

	selection_seek(selection, first / selection->slice, &cursor);
	while (!error && n) {
		uint64_t count = smaller(n, selection->slice - from);

		error = read_slice(job, selection_address(selection, &cursor), from, count, to,
				   fault);
		selection_next(selection, &cursor);
		to += count * job->d.size;
		n -= count;
		from = 0;
	}
	return error;
}

static int run_range(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	_Alignas(64) char block[GATHER_BLOCK];
	int error = read_parts(job, first, n, block, fault);

	if (error)
		return error;
	if (!job->halves.codes)
		return execution_store(job->execution, &job->d, 0, first, n, block, fault);
	halves_output_put(&job->halves, first, n, (const uint8_t *)block);
	return TSR_HW_ERR_NONE;
}

static int run(struct job *job, const struct command *command)
{
	struct execution *execution = job->execution;
	int error = halves_output_start(&job->halves, &command->d, 0);

	if (!error)
		error = execution_ranges(execution, tensor_elements(&command->d),
					 GATHER_BLOCK / job->d.size, run_range, job);
	if (!error)
		error = halves_output_store(&job->halves, execution);
	halves_output_end(&job->halves);
	return error;
}

static int execute(struct execution *execution, const struct command *command)
{
	struct job job = { .execution = execution };
	int64_t *index;
	int error;

	select_parts(command, &job.selection);
	error = index_load(execution, &job.selection.layout, &index);
	if (error)
		return error;
	job.selection.index = index;
	view_tensor(&job.d, &command->d);
	error = run(&job, command);
	staging_put(index);
	return error;
}

const struct operation operation_gather = {
	.opcode = TSR_HW_OP_GATHER,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_gather),
	.moves = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
