/* SPDX-License-Identifier: MIT */
/* MOVE: elements from place to place, bits unchanged. */
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "gather.h"
#include "scaled_tensor.h"
#include "tile.h"
#include "view.h"
#include "work.h"

struct job {
	const struct execution *execution;
	struct view x;
	struct view d;
};

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_move *move = raw;
	struct tensor *x = &command->move.x;
	int error = scaled_tensor_decode(request, &move->x, TYPES_ALL, TENSOR_RAW, x);

	if (!error)
		error = scaled_tensor_decode(request, &move->d, TYPE_BIT(x->type),
				      TENSOR_RAW | TENSOR_WRITE, &command->d);
	if (error)
		return error;
	return move->mbz || !tensor_same_shape(x, &command->d) ? TSR_HW_ERR_COMMAND :
								   TSR_HW_ERR_NONE;
}

static void measure(const struct command *command, struct work *work)
{
	work->unit = WORK_MOVE;
	work->elements = tensor_elements(&command->d);
	work->bytes_read = tensor_bytes(&command->move.x);
	work->bytes_written = tensor_bytes(&command->d);
}

static int run_block(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	_Alignas(64) char block[GATHER_BLOCK];
	int error = gather(job->execution->memory, &job->x, first, n, block, fault);

	if (error)
		return error;
	return execution_store(job->execution, &job->d, 0, first, n, block, fault);
}

static int execute(struct execution *execution, const struct command *command)
{
	struct job job = { .execution = execution };

	view_tensor(&job.x, &command->move.x);
	view_tensor(&job.d, &command->d);
	return execution_ranges(execution, tensor_elements(&command->d),
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
