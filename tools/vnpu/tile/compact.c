/* SPDX-License-Identifier: MIT */
/* COMPACT: where the elements lie that are not zero, and how many there are. */
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "gather.h"
#include "nonzero.h"
#include "parallel.h"
#include "smaller.h"
#include "staging.h"
#include "step.h"
#include "tile.h"
#include "view.h"
#include "work.h"

/* Elements of one block, and those whose places are stored together. */
#define BLOCK	4096u
#define CHUNK	(256u * BLOCK)

/* Indices that a thread stores at a time. */
#define STORED	(GATHER_BLOCK / sizeof(int64_t))

/* Private memory of a chunk: the places of each block, counted from its first element. */
struct places {
	uint16_t place[CHUNK];
	uint32_t count[CHUNK / BLOCK];
	uint64_t before[CHUNK / BLOCK];	/* found in front of the block, in the whole tensor */
};

struct job {
	struct execution *execution;
	const struct tensor *tensor;
	struct view x;
	struct view coords;
	struct places *places;
	uint64_t first;		/* element that the chunk starts with */
	uint64_t found;		/* so far */
};

static int decode_fields(const struct tsr_hw_compact *raw, struct command *command)
{
	const struct tensor *x = &command->compact.x;
	const struct tensor *coords = &command->compact.coords;

	if (coords->rank != 2 || coords->dim[1] != x->rank || tensor_elements(&command->d) != 1)
		return TSR_HW_ERR_COMMAND;
	if (step_check_halves(&raw->step, x))
		return TSR_HW_ERR_COMMAND;
	return step_check_run(&raw->step, x);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_compact *compact = raw;
	const uint32_t index = TYPE_BIT(TSR_HW_TYPE_INT64);
	int error = tensor_decode(request, &compact->x, TYPES_ANY, 0, &command->compact.x);

	if (!error)
		error = tensor_decode(request, &compact->coords, index, TENSOR_WRITE,
				      &command->compact.coords);
	if (!error)
		error = tensor_decode(request, &compact->count, index, TENSOR_WRITE, &command->d);
	return error ? error : decode_fields(compact, command);
}

/* The store counts every element for which there is room. */
static void measure(const struct command *command, struct work *work)
{
	const struct tensor *coords = &command->compact.coords;
	uint64_t elements = tensor_elements(&command->compact.x);

	work_pass(work, elements, 1);
	work->bytes = tensor_bytes(&command->compact.x) + command->d.size +
		      smaller(elements, coords->dim[0]) * coords->dim[1] * coords->size;
	work->staging = staging_size(sizeof(struct places));
}

/* Flags that are looked at together: mostly there is none. */
#define FLAGS	sizeof(uint64_t)

/* Return: how many of @n flags are set; where they are goes to @place. Flags behind are 0. */
static uint32_t take_places(const uint8_t *flag, uint64_t n, uint16_t *place)
{
	uint32_t count = 0;

	for (uint64_t at = 0; at < n; at += FLAGS) {
		uint64_t flags;

		memcpy(&flags, flag + at, sizeof(flags));
		if (!flags)
			continue;
		for (uint64_t i = at; i < at + FLAGS; i++) {
			place[count] = (uint16_t)i;
			count += flag[i];
		}
	}
	return count;
}

static int find_block(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	struct places *places = job->places;
	_Alignas(64) uint64_t block[BLOCK];
	uint8_t found[BLOCK + FLAGS];
	int error = gather(job->execution->memory, &job->x, job->first + at, n, block, fault);

	if (error)
		return error;
	nonzero(job->tensor->type, block, found, n);
	memset(found + n, 0, FLAGS);
	places->count[at / BLOCK] = take_places(found, n, places->place + at);
	return TSR_HW_ERR_NONE;
}

/* Move on by @step elements; the digits of a number whose places are the extents. */
static void advance(const struct tensor *tensor, uint64_t *at, uint64_t step)
{
	unsigned int i = tensor->rank - 1u;

	for (at[i] += step; i && at[i] >= tensor->dim[i]; i--) {
		at[i - 1] += at[i] / tensor->dim[i];
		at[i] %= tensor->dim[i];
	}
}

static int store_rows(const struct job *job, uint64_t first, uint64_t rows, const int64_t *from,
		      uint64_t *fault)
{
	unsigned int rank = job->tensor->rank;

	return scatter(job->execution->memory, &job->coords, first * rank, rows * rank, from,
		       fault);
}

/* The coordinates of what was found in one block. */
static int store_block(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct places *places = job->places;
	const uint16_t *place = places->place + at;
	uint32_t count = places->count[at / BLOCK];
	unsigned int rank = job->tensor->rank;
	uint64_t before = places->before[at / BLOCK];
	uint64_t digits[TSR_HW_MAX_RANK] = { 0 };
	_Alignas(64) int64_t block[STORED];
	uint64_t rows = 0;
	int error = TSR_HW_ERR_NONE;

	(void)n;
	advance(job->tensor, digits, job->first + at);
	for (uint32_t i = 0; !error && i < count; i++) {
		advance(job->tensor, digits, i ? place[i] - place[i - 1] : place[i]);
		for (unsigned int k = 0; k < rank; k++)
			block[rows * rank + k] = (int64_t)digits[k];
		if (++rows < STORED / rank && i + 1 < count)
			continue;
		error = store_rows(job, before, rows, block, fault);
		before += rows;
		rows = 0;
	}
	return error;
}

/* Return: whether there is room for what the blocks of a chunk have. */
static bool add_up(struct job *job, uint64_t n, uint64_t room)
{
	for (uint64_t i = 0; i < (n + BLOCK - 1) / BLOCK; i++) {
		job->places->before[i] = job->found;
		job->found += job->places->count[i];
	}
	return job->found <= room;
}

static int run_chunk(struct job *job, uint64_t n, uint64_t room)
{
	struct execution *execution = job->execution;
	int error = parallel_ranges(execution->memory, n, BLOCK, find_block, job,
				    &execution->fault);

	if (error)
		return error;
	if (!add_up(job, n, room))
		return TSR_HW_ERR_INDEX;
	/* A scalar has no coordinates. */
	if (!job->tensor->rank)
		return TSR_HW_ERR_NONE;
	return parallel_ranges(execution->memory, n, BLOCK, store_block, job, &execution->fault);
}

static int run(struct job *job, uint64_t total, uint64_t room)
{
	int error = TSR_HW_ERR_NONE;

	for (; !error && job->first < total; job->first += CHUNK) {
		uint64_t n = smaller(total - job->first, CHUNK);

		error = run_chunk(job, n, room);
		if (!error)
			error = execution_progress(job->execution, job->first + n, total);
	}
	return error;
}

static int store_count(const struct job *job, const struct tensor *d)
{
	struct execution *execution = job->execution;
	int64_t count = (int64_t)job->found;
	struct view view;

	view_tensor(&view, d);
	return execution_store(execution, &view, 0, 0, 1, &count, &execution->fault);
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tensor *x = &command->compact.x;
	struct job job = { .execution = execution, .tensor = x };
	int error;

	job.places = staging_get(sizeof(*job.places));
	if (!job.places)
		return TSR_HW_ERR_ENGINE;
	view_tensor(&job.x, x);
	view_tensor(&job.coords, &command->compact.coords);
	error = run(&job, tensor_elements(x), command->compact.coords.dim[0]);
	if (!error)
		error = store_count(&job, &command->d);
	staging_put(job.places);
	return error;
}

const struct operation operation_compact = {
	.opcode = TSR_HW_OP_COMPACT,
	.engine = TSR_HW_ENGINE_TENSOR,
	.size = sizeof(struct tsr_hw_compact),
	.moves = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
