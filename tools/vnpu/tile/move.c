/* SPDX-License-Identifier: MIT */
/* MOVE: elements from place to place, bits unchanged, with more of them around or less. */
#include <number/types.h>
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "axes.h"
#include "command.h"
#include "execution.h"
#include "gather.h"
#include "halves.h"
#include "pad.h"
#include "parameter.h"
#include "step.h"
#include "tile.h"
#include "view.h"
#include "work.h"

struct job {
	const struct execution *execution;
	bool pads;
	struct view x;		/* if nothing of the result lies outside */
	struct padded padded;	/* else */
	struct view d;
	uint64_t odd_row;	/* of the result, as in halves_places() */
};

static int take_parameters(const struct tile_request *request, struct tsr_hw_move *move)
{
	int error = TSR_HW_ERR_NONE;

	for (unsigned int i = 0; !error && i < move->d.rank; i++) {
		error = parameter_take_pad(request, &move->before[i]);
		if (!error)
			error = parameter_take_pad(request, &move->after[i]);
	}
	return error;
}

/* Dimension @i of the result is @before, that of x, and @after. */
static int check_pads(const struct command *command, const struct tsr_hw_move *move,
		      unsigned int i)
{
	int64_t before = (int64_t)move->before[i];
	int64_t after = (int64_t)move->after[i];
	int64_t from = (int64_t)command->move.x.dim[i];
	int64_t to = (int64_t)command->d.dim[i];

	if (i >= command->d.rank)
		return before || after || move->mode[i] ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
	if (move->mode[i] >= TSR_HW_PAD_COUNT)
		return TSR_HW_ERR_COMMAND;
	if (from + before + after != to)
		return TSR_HW_ERR_COMMAND;
	/* Nothing has no edge, and does not repeat. */
	return to && !from && move->mode[i] != TSR_HW_PAD_CONSTANT ? TSR_HW_ERR_COMMAND :
								     TSR_HW_ERR_NONE;
}

static int take_pads(const struct tsr_hw_move *move, struct command *command)
{
	unsigned int bits = number_bits(command->d.type);
	int error = TSR_HW_ERR_NONE;

	if (command->move.x.rank != command->d.rank)
		return TSR_HW_ERR_COMMAND;
	if (bits < 64 && move->value >> bits)
		return TSR_HW_ERR_COMMAND;
	command->move.value = move->value;
	for (unsigned int i = 0; !error && i < TSR_HW_MAX_RANK; i++) {
		error = check_pads(command, move, i);
		command->move.before[i] = (int64_t)move->before[i];
		command->move.mode[i] = move->mode[i];
	}
	return error;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	struct tsr_hw_move move = *(const struct tsr_hw_move *)raw;
	struct tensor *x = &command->move.x;
	int error = tensor_decode(request, &move.x, TYPES_ANY, 0, x);

	if (!error && move.d.type != move.x.type)
		error = TSR_HW_ERR_COMMAND;
	if (!error)
		error = tensor_decode(request, &move.d, TYPES_ANY, TENSOR_WRITE, &command->d);
	if (!error)
		error = take_parameters(request, &move);
	if (!error)
		error = take_pads(&move, command);
	if (!error)
		error = step_check(&move.step, &command->d);
	if (!error)
		error = step_check_halves(&move.step, &command->d);
	return error ? error : step_check_halves(&move.step, x);
}

/* Bytes of the source: of each dimension no more than the result has. */
static uint64_t bytes_read(const struct command *command)
{
	struct tensor x = command->move.x;

	for (unsigned int i = 0; i < x.rank; i++)
		if (command->d.dim[i] < x.dim[i])
			x.dim[i] = command->d.dim[i];
	return tensor_bytes(&x);
}

static void measure(const struct command *command, struct work *work)
{
	work_pass(work, tensor_elements(&command->d), 1);
	work->bytes = bytes_read(command) + tensor_bytes(&command->d);
}

static struct border border_of(const struct command *command, unsigned int i)
{
	return (struct border){
		.extent = command->d.dim[i],
		.inside = command->move.x.dim[i],
		.before = command->move.before[i],
		.stride = command->move.x.stride[i],
		.mode = command->move.mode[i],
	};
}

/* Whether a part of the result lies outside of the source. */
static bool pads(const struct command *command)
{
	for (unsigned int i = 0; i < command->d.rank; i++) {
		struct border border = border_of(command, i);

		if (border.before > 0 ||
		    border.extent - (uint64_t)border.before > border.inside)
			return true;
	}
	return false;
}

/* What is not cut, as a view; dimensions of the mask @axes are innermost. */
static void view_inside(const struct command *command, uint32_t axes, struct view *view)
{
	struct tensor part = command->move.x;
	uint64_t begin = 0;

	for (unsigned int i = 0; i < part.rank; i++) {
		begin -= (uint64_t)command->move.before[i] * part.stride[i];
		part.dim[i] = command->d.dim[i];
	}
	axes_view(view, &part, axes);
	view->va += begin;
}

static void pad(const struct command *command, uint32_t axes, struct padded *padded)
{
	unsigned int rank = command->d.rank;

	padded_start(padded, &command->move.x, command->move.value);
	for (unsigned int n = 0; n < 2 * rank; n++) {
		unsigned int i = n % rank;
		struct border border = border_of(command, i);

		if ((n >= rank) == (axes >> i & 1))
			padded_add(padded, &border);
	}
}

static int run_block(void *context, uint64_t place, uint64_t places, uint64_t *fault)
{
	const struct job *job = context;
	const struct tile_memory *memory = job->execution->memory;
	uint64_t first = halves_element(place, job->odd_row);
	uint64_t n = halves_element(place + places, job->odd_row) - first;
	_Alignas(64) char block[GATHER_BLOCK];
	int error = job->pads ? padded_gather(memory, &job->padded, first, n, block, fault) :
				gather(memory, &job->x, first, n, block, fault);

	if (error)
		return error;
	return execution_store(job->execution, &job->d, 0, first, n, block, fault);
}

static int execute(struct execution *execution, const struct command *command)
{
	uint32_t packed = tensor_packed(&command->d);
	struct job job = {
		.execution = execution,
		.pads = pads(command),
		.odd_row = tensor_odd_row(&command->d),
	};

	if (job.pads)
		pad(command, packed, &job.padded);
	else
		view_inside(command, packed, &job.x);
	axes_view(&job.d, &command->d, packed);
	return execution_ranges(execution,
				halves_places(tensor_elements(&command->d), job.odd_row),
				GATHER_BLOCK / command->d.size, run_block, &job);
}

const struct operation operation_move = {
	.opcode = TSR_HW_OP_MOVE,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_move),
	.moves = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};

const struct operation operation_move_dma = {
	.opcode = TSR_HW_OP_MOVE,
	.engine = TSR_HW_ENGINE_DMA,
	.size = sizeof(struct tsr_hw_move),
	.moves = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
