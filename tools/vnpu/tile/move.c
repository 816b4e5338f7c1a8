/* SPDX-License-Identifier: MIT */
/* MOVE, COPY and FILL: elements from place to place, bits unchanged. */
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "gather.h"
#include "parallel.h"
#include "scaled_tensor.h"
#include "tile.h"
#include "view.h"
#include "work.h"

/* Elements between two reports of progress. */
#define CHUNK	(1u << 23)

struct job {
	struct execution *execution;
	const struct command *command;
	struct view x;
	struct view d;
	uint64_t first;
};

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_copy *copy = raw;
	struct tensor *x = &command->copy.x;
	int error = scaled_tensor_decode(request, &copy->x, TYPES_ALL, TENSOR_RAW, x);

	if (!error)
		error = scaled_tensor_decode(request, &copy->d, TYPE_BIT(x->type),
				      TENSOR_RAW | TENSOR_WRITE, &command->d);
	if (error)
		return error;
	return copy->value || !tensor_same_shape(x, &command->d) ? TSR_HW_ERR_COMMAND :
								   TSR_HW_ERR_NONE;
}

static int decode_fill(const struct tile_request *request, const void *raw,
		       struct command *command)
{
	const struct tsr_hw_copy *fill = raw;
	int error = scaled_tensor_absent(&fill->x);

	if (!error)
		error = scaled_tensor_decode(request, &fill->d, TYPES_ALL,
					     TENSOR_RAW | TENSOR_WRITE, &command->d);
	command->copy.value = fill->value;
	if (error)
		return error;
	return fill->value >> (8 * command->d.size) ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
}

static void measure_dma(const struct command *command, struct work *work)
{
	work->unit = WORK_DMA;
	work->elements = tensor_elements(&command->d);
	if (tensor_present(&command->copy.x))
		work->bytes_read = tensor_bytes(&command->copy.x);
	work->bytes_written = tensor_bytes(&command->d);
}

static void measure_move(const struct command *command, struct work *work)
{
	measure_dma(command, work);
	work->unit = WORK_MOVE;
}

static void fill(char *block, const struct command *command, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		memcpy(block + i * command->d.size, &command->copy.value, command->d.size);
}

static int run_block(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	uint64_t first = job->first + at;
	_Alignas(64) char block[GATHER_BLOCK];
	int error = TSR_HW_ERR_NONE;

	if (tensor_present(&job->command->copy.x))
		error = gather(job->execution->memory, &job->x, first, n, block, fault);
	else
		fill(block, job->command, n);
	if (error)
		return error;
	return execution_store(job->execution, &job->d, 0, first, n, block, fault);
}

static int execute(struct execution *execution, const struct command *command)
{
	uint64_t total = tensor_elements(&command->d);
	struct job job = { .execution = execution, .command = command };
	int error = TSR_HW_ERR_NONE;

	if (tensor_present(&command->copy.x))
		view_tensor(&job.x, &command->copy.x);
	view_tensor(&job.d, &command->d);
	for (; !error && job.first < total; job.first += CHUNK) {
		uint64_t n = total - job.first < CHUNK ? total - job.first : CHUNK;

		error = parallel_ranges(execution->memory, n, GATHER_BLOCK / command->d.size,
					run_block, &job, &execution->fault);
		if (!error)
			error = execution_progress(execution, job.first + n, total);
	}
	return error;
}

const struct operation operation_move = {
	.opcode = TSR_HW_OP_MOVE,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_copy),
	.moves = true,
	.decode = decode,
	.measure = measure_move,
	.execute = execute,
};

const struct operation operation_copy = {
	.opcode = TSR_HW_OP_COPY,
	.engine = TSR_HW_ENGINE_DMA,
	.size = sizeof(struct tsr_hw_copy),
	.moves = true,
	.decode = decode,
	.measure = measure_dma,
	.execute = execute,
};

const struct operation operation_fill = {
	.opcode = TSR_HW_OP_FILL,
	.engine = TSR_HW_ENGINE_DMA,
	.size = sizeof(struct tsr_hw_copy),
	.moves = true,
	.decode = decode_fill,
	.measure = measure_dma,
	.execute = execute,
};
