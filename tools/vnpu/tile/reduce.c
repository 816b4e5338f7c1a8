/* SPDX-License-Identifier: MIT */
/* REDUCE: sum, mean, maximum, minimum along some dimensions. */
#include <math.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "axes.h"
#include "command.h"
#include "convert.h"
#include "execution.h"
#include "gather.h"
#include "number/extremum.h"
#include "parallel.h"
#include "scaled_tensor.h"
#include "tile.h"
#include "view.h"
#include "work.h"

/* Input elements at a time, and between two reports of progress. */
#define BLOCK	4096u
#define CHUNK	(1u << 22)

/* Independent partial sums, so that the compiler can use vectors. */
#define LANES	16u

struct job {
	struct execution *execution;
	const struct command *command;
	struct view x;
	struct view d;
	bool integer;
	uint64_t depth;		/* inputs of one output */
	uint64_t outputs;
	uint64_t first;		/* output the chunk starts with */
};

/* Result so far; integers are reduced as codes, exactly. */
struct partial {
	float fp;
	int32_t code;
};

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static bool keeps_codes(uint32_t function)
{
	return function == TSR_HW_REDUCE_MAX || function == TSR_HW_REDUCE_MIN;
}

static int check_shape(const struct command *command)
{
	const struct tensor *x = &command->reduce.x;
	const struct tensor *d = &command->d;
	int error = axes_check(command->reduce.axes, x->rank);

	if (error || d->rank != x->rank || command->reduce.function > TSR_HW_REDUCE_MIN)
		return TSR_HW_ERR_COMMAND;
	for (unsigned int i = 0; i < x->rank; i++)
		if (d->dim[i] != (command->reduce.axes & 1u << i ? 1 : x->dim[i]))
			return TSR_HW_ERR_COMMAND;
	if (keeps_codes(command->reduce.function) &&
	    (x->scale != d->scale || x->zero != d->zero))
		return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_reduce *reduce = raw;
	struct tensor *x = &command->reduce.x;
	int error = scaled_tensor_decode(request, &reduce->x, TYPES_FP | TYPES_INT8, 0, x);

	if (!error)
		error = scaled_tensor_decode(request, &reduce->d, TYPE_BIT(x->type), TENSOR_WRITE,
				      &command->d);
	command->reduce.axes = reduce->axes;
	command->reduce.function = reduce->function;
	return error ? error : check_shape(command);
}

static void measure(const struct command *command, struct work *work)
{
	work->unit = WORK_VECTOR;
	/* An output costs something even if no input goes into it. */
	work->elements = max(tensor_elements(&command->reduce.x), tensor_elements(&command->d));
	work->factor = 1;
	work->bytes_read = tensor_bytes(&command->reduce.x);
	work->bytes_written = tensor_bytes(&command->d);
}

static void start(const struct job *job, struct partial *partial)
{
	switch (job->command->reduce.function) {
	case TSR_HW_REDUCE_MAX:
		*partial = (struct partial){ -INFINITY, INT32_MIN };
		break;
	case TSR_HW_REDUCE_MIN:
		*partial = (struct partial){ INFINITY, INT32_MAX };
		break;
	default:
		*partial = (struct partial){ 0, 0 };
		break;
	}
}

static float sum_fp32(const float *values, uint64_t n)
{
	float lanes[LANES] = { 0 };
	float sum = 0;
	uint64_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (unsigned int lane = 0; lane < LANES; lane++)
			lanes[lane] += values[i + lane];
	for (; i < n; i++)
		sum += values[i];
	for (unsigned int lane = 0; lane < LANES; lane++)
		sum += lanes[lane];
	return sum;
}

/* In the one order of strict mode. */
static float add_fp32(const float *values, uint64_t n, float sum)
{
	for (uint64_t i = 0; i < n; i++)
		sum += values[i];
	return sum;
}

static float max_fp32(const float *values, uint64_t n, float best)
{
	for (uint64_t i = 0; i < n; i++)
		best = maximum(best, values[i]);
	return best;
}

static float min_fp32(const float *values, uint64_t n, float best)
{
	for (uint64_t i = 0; i < n; i++)
		best = minimum(best, values[i]);
	return best;
}

static void reduce_fp32(const struct job *job, const float *values, uint64_t n,
			struct partial *partial)
{
	uint32_t function = job->command->reduce.function;

	if (function == TSR_HW_REDUCE_MAX)
		partial->fp = max_fp32(values, n, partial->fp);
	else if (function == TSR_HW_REDUCE_MIN)
		partial->fp = min_fp32(values, n, partial->fp);
	else if (job->execution->strict)
		partial->fp = add_fp32(values, n, partial->fp);
	else
		partial->fp += sum_fp32(values, n);
}

static void reduce_codes(uint32_t function, const int32_t *codes, uint64_t n, int32_t zero,
			 struct partial *partial)
{
	uint32_t sum = (uint32_t)partial->code;

	if (!keeps_codes(function)) {
		for (uint64_t i = 0; i < n; i++)
			sum += (uint32_t)(codes[i] - zero);
		partial->code = (int32_t)sum;
		return;
	}
	for (uint64_t i = 0; i < n; i++)
		if (function == TSR_HW_REDUCE_MAX ? codes[i] > partial->code :
						 codes[i] < partial->code)
			partial->code = codes[i];
}

static void reduce_raw(const struct job *job, const void *raw, uint64_t n,
		       struct partial *partial)
{
	const struct tensor *x = &job->command->reduce.x;
	uint32_t function = job->command->reduce.function;
	_Alignas(64) float values[BLOCK];
	_Alignas(64) int32_t codes[BLOCK];

	if (job->integer) {
		convert_codes(x->type, raw, codes, n);
		reduce_codes(function, codes, n, x->zero, partial);
	} else {
		convert_load(x, raw, values, n);
		reduce_fp32(job, values, n, partial);
	}
}

/* In units of the output; the rounding order is the manual's. */
static float finish(const struct job *job, const struct partial *partial)
{
	const struct command *command = job->command;
	float value = partial->fp;

	if (job->integer && keeps_codes(command->reduce.function))
		return (float)partial->code;
	if (job->integer)
		value = (float)partial->code * (command->reduce.x.scale / command->d.scale);
	return command->reduce.function == TSR_HW_REDUCE_MEAN ? value / (float)job->depth : value;
}

/*
 * A chunk of an output that alone fills chunks has been taken in. Such an output is no work
 * for several threads, so this is the thread that executes the stream.
 */
static int tell_progress(const struct job *job, uint64_t output, uint64_t at)
{
	if (job->depth <= CHUNK)
		return TSR_HW_ERR_NONE;
	return execution_progress(job->execution, output * job->depth + at,
				  job->outputs * job->depth);
}

/* One output whose inputs fill more than a block. */
static int reduce_long(const struct job *job, uint64_t output, float *to, uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	_Alignas(64) char raw[BLOCK * sizeof(float)];
	struct partial partial;
	int error = TSR_HW_ERR_NONE;

	start(job, &partial);
	for (uint64_t at = 0; !error && at < job->depth; at += BLOCK) {
		uint64_t n = job->depth - at < BLOCK ? job->depth - at : BLOCK;

		if (memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		if (at % CHUNK == 0 && tell_progress(job, output, at))
			return EXECUTION_ABORTED;
		error = gather(memory, &job->x, output * job->depth + at, n, raw, fault);
		if (!error)
			reduce_raw(job, raw, n, &partial);
	}
	*to = finish(job, &partial);
	return error;
}

/* Several outputs whose inputs fit a block together. */
static int reduce_short(const struct job *job, uint64_t output, uint64_t n, float *to,
			uint64_t *fault)
{
	_Alignas(64) char raw[BLOCK * sizeof(float)];
	uint64_t pitch = job->depth * job->x.size;
	int error = gather(job->execution->memory, &job->x, output * job->depth, n * job->depth,
			   raw, fault);

	for (uint64_t i = 0; !error && i < n; i++) {
		struct partial partial;

		start(job, &partial);
		reduce_raw(job, raw + i * pitch, job->depth, &partial);
		to[i] = finish(job, &partial);
	}
	return error;
}

static int run_outputs(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	struct tensor codes = job->command->d;
	_Alignas(64) float values[BLOCK];
	_Alignas(64) char out[BLOCK * sizeof(float)];
	int error;

	if (job->depth > BLOCK)
		error = reduce_long(job, job->first + at, values, fault);
	else
		error = reduce_short(job, job->first + at, n, values, fault);
	if (error)
		return error;
	if (keeps_codes(job->command->reduce.function))
		codes.zero = 0;
	convert_quantize(&codes, values, out, n);
	return execution_store(job->execution, &job->d, 0, job->first + at, n, out, fault);
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tensor *x = &command->reduce.x;
	uint64_t total = tensor_elements(&command->d);
	struct job job = {
		.execution = execution,
		.command = command,
		.integer = type_is_int8(x->type),
		.depth = axes_elements(x, command->reduce.axes),
		.outputs = total,
	};
	uint64_t inputs = max(job.depth, 1);
	uint64_t step = max(BLOCK / inputs, 1);
	uint64_t chunk = max(CHUNK / inputs, 1);
	int error = TSR_HW_ERR_NONE;

	axes_view(&job.x, x, command->reduce.axes);
	axes_view(&job.d, &command->d, command->reduce.axes);
	for (; !error && job.first < total; job.first += chunk) {
		uint64_t n = total - job.first < chunk ? total - job.first : chunk;

		error = parallel_ranges(execution->memory, n, step, run_outputs, &job,
					&execution->fault);
		if (!error)
			error = execution_progress(execution, job.first + n, total);
	}
	return error;
}

const struct operation operation_reduce = {
	.opcode = TSR_HW_OP_REDUCE,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_reduce),
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
