/* SPDX-License-Identifier: MIT */
/* VECTOR: a program for each element of the output. */
#include <tsr_hw/error.h>

#include "block_run.h"
#include "command.h"
#include "execution.h"
#include "step.h"
#include "tile.h"
#include "work.h"

/* Elements of a range: a thread looks for an abort before each. */
#define RANGE	32768u

static int check_halves(const struct tsr_hw_step *step, const struct command *command)
{
	int error = step_check_halves(step, &command->d);

	for (unsigned int i = 0; !error && i < command->block.program.head.inputs; i++)
		error = step_check_halves(step, &command->block.input[i]);
	return error;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_vector_command *vector = raw;
	struct vector_given given = { .has_value = false };
	int error = tensor_decode(request, &vector->d, TYPES_ANY, TENSOR_WRITE, &command->d);

	if (error)
		return error;
	error = step_check(&vector->step, &command->d);
	if (error)
		return error;
	if (vector->head.post != sizeof(*vector))
		return TSR_HW_ERR_COMMAND;
	given.rank = command->d.rank;
	error = block_decode_types(request, &vector->head, sizeof(*vector), TYPES_ANY, &command->d,
				   &given, &command->block);
	return error ? error : check_halves(&vector->step, command);
}

static void measure(const struct command *command, struct work *work)
{
	work_pass(work, tensor_elements(&command->d), command->block.program.weight);
	work->bytes = block_bytes(&command->block) + tensor_bytes(&command->d);
}

static int run_range(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	return block_run_places(context, first, n, fault);
}

static int execute(struct execution *execution, const struct command *command)
{
	struct block_run run;
	int error;

	block_start_places(&run, execution, &command->block, &command->d);
	error = execution_ranges(execution, block_places(&run), RANGE, run_range, &run);
	return block_end(&run, error);
}

const struct operation operation_vector = {
	.opcode = TSR_HW_OP_VECTOR,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_vector_command),
	.has_program = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
