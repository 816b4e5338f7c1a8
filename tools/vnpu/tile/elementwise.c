/* SPDX-License-Identifier: MIT */
/* ELEMENTWISE and CONVERT: block by block through fp32. */
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include <string.h>

#include "command.h"
#include "convert.h"
#include "execution.h"
#include "function.h"
#include "gather.h"
#include "parallel.h"
#include "scaled_tensor.h"
#include "tile.h"
#include "view.h"
#include "work.h"

/* Elements a thread works on at a time, and between two looks at abort. */
#define BLOCK	4096u
#define CHUNK	(1u << 22)

struct job {
	struct execution *execution;
	const struct command *command;
	struct view a;
	struct view b;
	struct view d;
	uint64_t first;
};

static int decode_operands(const struct tile_request *request,
			   const struct tsr_hw_elementwise *raw, struct command *command,
			   bool binary)
{
	struct tensor *a = &command->elementwise.a;
	struct tensor *b = &command->elementwise.b;
	int error = scaled_tensor_decode(request, &raw->a, TYPES_ALL, 0, a);

	if (!error && binary)
		error = scaled_tensor_decode(request, &raw->b, TYPES_ALL, 0, b);
	else if (!error)
		error = scaled_tensor_absent(&raw->b);
	if (!error)
		error = scaled_tensor_decode(request, &raw->d, TYPES_ALL, TENSOR_WRITE,
					     &command->d);
	if (error)
		return error;
	if (!tensor_same_shape(a, &command->d) || (binary && !tensor_same_shape(b, &command->d)))
		return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_elementwise *elementwise = raw;
	bool binary = function_is_binary(elementwise->function);
	struct activation *activation = &command->elementwise.activation;
	int error;

	command->elementwise.function = elementwise->function;
	if (binary)
		error = activation_decode(elementwise->activation, elementwise->alpha,
					  elementwise->beta, activation);
	else if (elementwise->activation)
		error = TSR_HW_ERR_COMMAND;
	else
		error = function_decode(elementwise->function, elementwise->alpha,
					elementwise->beta, activation);
	return error ? error : decode_operands(request, elementwise, command, binary);
}

static int decode_convert(const struct tile_request *request, const void *raw,
			  struct command *command)
{
	const struct tsr_hw_elementwise *convert = raw;

	if (convert->function || convert->activation || convert->alpha || convert->beta)
		return TSR_HW_ERR_COMMAND;
	return decode_operands(request, convert, command, false);
}

static void measure(const struct command *command, struct work *work)
{
	work->unit = WORK_VECTOR;
	work->elements = tensor_elements(&command->d);
	work->factor = function_passes(command->elementwise.function);
	work->bytes_read = tensor_bytes(&command->elementwise.a);
	if (tensor_present(&command->elementwise.b))
		work->bytes_read += tensor_bytes(&command->elementwise.b);
	work->bytes_written = tensor_bytes(&command->d);
}

static void measure_convert(const struct command *command, struct work *work)
{
	measure(command, work);
	work->factor = 1;
}

static int load(const struct job *job, const struct tensor *tensor, const struct view *view,
		uint64_t first, uint64_t n, float *to, uint64_t *fault)
{
	_Alignas(64) char raw[BLOCK * sizeof(float)];
	int error = gather(job->execution->memory, view, first, n, raw, fault);

	if (!error)
		convert_load(tensor, raw, to, n);
	return error;
}

static int compute(const struct job *job, uint64_t first, uint64_t n, float *values,
		   uint64_t *fault)
{
	const struct command *command = job->command;
	_Alignas(64) float other[BLOCK];
	int error = TSR_HW_ERR_NONE;

	if (command->operation->opcode == TSR_HW_OP_CONVERT)
		return TSR_HW_ERR_NONE;
	if (!tensor_present(&command->elementwise.b)) {
		function_unary(command->elementwise.function, &command->elementwise.activation,
			       values, n);
		return TSR_HW_ERR_NONE;
	}
	error = load(job, &command->elementwise.b, &job->b, first, n, other, fault);
	if (error)
		return error;
	function_binary(command->elementwise.function, values, other, n);
	activation_apply(&command->elementwise.activation, values, n);
	return TSR_HW_ERR_NONE;
}

static int run_block(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct command *command = job->command;
	uint64_t first = job->first + at;
	_Alignas(64) float values[BLOCK];
	_Alignas(64) char out[BLOCK * sizeof(float)];
	int error = load(job, &command->elementwise.a, &job->a, first, n, values, fault);

	if (!error)
		error = compute(job, first, n, values, fault);
	if (error)
		return error;
	convert_store(&command->d, values, out, n);
	return execution_store(job->execution, &job->d, 0, first, n, out, fault);
}

static int execute(struct execution *execution, const struct command *command)
{
	uint64_t total = tensor_elements(&command->d);
	struct job job = { .execution = execution, .command = command };
	int error = TSR_HW_ERR_NONE;

	view_tensor(&job.a, &command->elementwise.a);
	if (tensor_present(&command->elementwise.b))
		view_tensor(&job.b, &command->elementwise.b);
	view_tensor(&job.d, &command->d);
	for (; !error && job.first < total; job.first += CHUNK) {
		uint64_t n = total - job.first < CHUNK ? total - job.first : CHUNK;

		error = parallel_ranges(execution->memory, n, BLOCK, run_block, &job,
					&execution->fault);
		if (!error)
			error = execution_progress(execution, job.first + n, total);
	}
	return error;
}

const struct operation operation_elementwise = {
	.opcode = TSR_HW_OP_ELEMENTWISE,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_elementwise),
	.decode = decode,
	.measure = measure,
	.execute = execute,
};

const struct operation operation_convert = {
	.opcode = TSR_HW_OP_CONVERT,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_elementwise),
	.decode = decode_convert,
	.measure = measure_convert,
	.execute = execute,
};
