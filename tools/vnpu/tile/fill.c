/* SPDX-License-Identifier: MIT */
/* FILL: bytes that repeat a value. */
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "gather.h"
#include "parameter.h"
#include "place.h"
#include "repeat.h"
#include "tile.h"
#include "view.h"
#include "work.h"

struct job {
	const struct execution *execution;
	const struct command *command;
	struct view d;
};

static bool is_width(unsigned int width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

static bool has_unused(const struct tsr_hw_fill *fill)
{
	static const uint8_t zero[sizeof(fill->mbz)];

	return memcmp(fill->mbz, zero, sizeof(zero));
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_fill *fill = raw;
	__le64 size = fill->size;
	int error;

	if (!is_width(fill->width) || has_unused(fill))
		return TSR_HW_ERR_COMMAND;
	if (fill->width < 8 && fill->value >> (8 * fill->width))
		return TSR_HW_ERR_COMMAND;
	error = parameter_take_bytes(request, &size, fill->width);
	if (error)
		return error;
	command->fill.value = fill->value;
	return place_decode(request, &fill->dst, size, fill->width, true, &command->d);
}

static void measure(const struct command *command, struct work *work)
{
	work_pass(work, tensor_elements(&command->d), 1);
	work->bytes = tensor_bytes(&command->d);
}

static int run_block(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	uint32_t size = job->command->d.size;
	_Alignas(64) char block[GATHER_BLOCK];

	memcpy(block, &job->command->fill.value, size);
	repeat(block, size, n * size);
	return execution_store(job->execution, &job->d, 0, first, n, block, fault);
}

static int execute(struct execution *execution, const struct command *command)
{
	struct job job = { .execution = execution, .command = command };

	view_tensor(&job.d, &command->d);
	return execution_ranges(execution, tensor_elements(&command->d),
				GATHER_BLOCK / command->d.size, run_block, &job);
}

const struct operation operation_fill = {
	.opcode = TSR_HW_OP_FILL,
	.engine = TSR_HW_ENGINE_DMA,
	.size = sizeof(struct tsr_hw_fill),
	.moves = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
