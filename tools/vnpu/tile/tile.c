/* SPDX-License-Identifier: MIT */
/* Command streams: from bytes to checked commands, their size, their execution. */
#include "tile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>

#include "command.h"
#include "execution.h"
#include "int8.h"
#include "nonfinite.h"
#include "onednn_engine.h"
#include "parallel.h"
#include "saturating.h"
#include "sku.h"
#include "work.h"

/* Operations for which a command reports a step, as long as its steps are not known. */
#define STEP_OPERATIONS	4096

/* Commands are no shorter than the shortest operation. */
#define MAX_COMMANDS	(TSR_HW_MAX_STREAM / sizeof(struct tsr_hw_fill))

struct tile_job {
	uint64_t steps[MAX_COMMANDS];	/* progress that each reports */
	size_t count;
	unsigned int threads;	/* that compute it */
	bool strict;
	uint64_t parameters[TSR_HW_MAX_PARAMETERS];
	struct command command[];
};

/* What tile_prepare() keeps while it walks the stream. */
struct walk {
	const struct sku *sku;
	const struct tile_request *request;
	struct tile_job *job;
	struct tile_size *size;
	uint32_t offset;
};

static const struct operation *const operations[] = {
#define OPERATION(name) &operation_##name,
#include "tile/operations.h"
	&operation_move_dma,
};

/* Opcodes that have a meaning this version does not give them yet. */
static int is_reserved(unsigned int opcode)
{
	return opcode >= 0xc0 && opcode <= 0xdf;
}

static const struct operation *find(unsigned int opcode, unsigned int engine)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (operations[i]->opcode == opcode && operations[i]->engine == engine)
			return operations[i];
	return NULL;
}

/*
 * Programs lie behind the body, and the epilogue first; that there are no gaps is seen when they
 * are read. Commands stay aligned: every size is a multiple of eight.
 */
static int check_programs(const struct tsr_hw_command *head, const struct operation *operation)
{
	uint16_t first = head->post ? head->post : head->pre;
	uint16_t last = head->pre ? head->pre : head->post;

	if ((head->post && !operation->has_program) || (head->pre && !operation->has_prologue))
		return TSR_HW_ERR_COMMAND;
	if (first != operation->size || (last == first && head->post && head->pre))
		return TSR_HW_ERR_COMMAND;
	return last >= first && head->size > last && head->size % 8 == 0 ? TSR_HW_ERR_NONE :
									  TSR_HW_ERR_COMMAND;
}

static int check_size(const struct tsr_hw_command *head, const struct operation *operation)
{
	if (head->post || head->pre)
		return check_programs(head, operation);
	return head->size == operation->size ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

/* The header at @offset; fills the operation. */
static int check_header(const struct tile_request *request, uint32_t offset,
			const struct operation **operation)
{
	const char *at = (const char *)request->stream + offset;
	uint32_t left = request->stream_size - offset;
	struct tsr_hw_command head;

	if (left < sizeof(head))
		return TSR_HW_ERR_COMMAND;
	memcpy(&head, at, sizeof(head));
	if (head.mbz0 || head.mbz1 || head.mbz2 || head.mbz3)
		return TSR_HW_ERR_COMMAND;
	if (is_reserved(head.op))
		return TSR_HW_ERR_UNSUPPORTED;
	*operation = find(head.op, request->kind);
	if (!*operation)
		return TSR_HW_ERR_COMMAND;
	return head.size > left ? TSR_HW_ERR_COMMAND : check_size(&head, *operation);
}

static void add_command(struct walk *walk, const struct work *work)
{
	uint64_t steps = work->operations / STEP_OPERATIONS + 1;
	struct tile_size *sum = walk->size;

	sum->macs = saturating_add(sum->macs, work->macs);
	sum->operations = saturating_add(sum->operations, work->operations);
	sum->bytes = saturating_add(sum->bytes, work->bytes);
	sum->steps = saturating_add(sum->steps, steps);
	walk->job->steps[walk->job->count++] = steps;
}

/* A product of types that are in the fuses; all else needs none of them. */
static bool is_promised(const struct tsr_hw_fuses *fuses, const struct work *work)
{
	return !work->multiplies ||
	       (fuses->macs[work->type] && !(work->block_types & ~fuses->block_types));
}

/* What is no reserve of REALTIME work, unless the node has less. */
static uint64_t ring_of(const struct walk *walk)
{
	return walk->request->ring ? walk->request->ring :
				     sku_ring(sku_fuses(walk->sku));
}

static int take_command(struct walk *walk)
{
	struct command *command = &walk->job->command[walk->job->count];
	const char *raw = (const char *)walk->request->stream + walk->offset;
	struct tsr_hw_command head;
	struct work work = { 0 };
	int error = check_header(walk->request, walk->offset, &command->operation);

	if (error)
		return error;
	command->offset = walk->offset;
	error = command->operation->decode(walk->request, raw, command);
	if (error)
		return error;
	memcpy(&head, raw, sizeof(head));
	command->operation->measure(command, &work);
	if (!is_promised(sku_fuses(walk->sku), &work))
		return TSR_HW_ERR_UNSUPPORTED;
	if (command->operation->check)
		error = command->operation->check(sku_fuses(walk->sku), ring_of(walk), command);
	if (error)
		return error;
	if (work.held > sku_fuses(walk->sku)->scratchpad_kib * 1024ull / 2)
		return TSR_HW_ERR_UNSUPPORTED;
	if (work.staging > TILE_MAX_STAGING)
		return TSR_HW_ERR_UNSUPPORTED;
	if (command_is_empty(command))
		work = (struct work){ 0 };
	add_command(walk, &work);
	walk->offset += head.size;
	return TSR_HW_ERR_NONE;
}

static int take_stream(struct walk *walk)
{
	int error = TSR_HW_ERR_NONE;

	while (!error && walk->offset < walk->request->stream_size)
		error = take_command(walk);
	return error;
}

static int refuse(struct tile_size *size, struct tile_result *result, int error, uint64_t fault)
{
	*size = (struct tile_size){ 0 };
	*result = (struct tile_result){ .error = error, .fault = fault };
	return error;
}

int tile_prepare(const struct sku *sku, const struct tile_request *request,
		 struct tile_job **job, struct tile_size *size, struct tile_result *result)
{
	size_t most = request->stream_size / sizeof(struct tsr_hw_fill) + 1;
	struct walk walk = { .sku = sku, .request = request, .size = size };
	int error;

	*job = NULL;
	*size = (struct tile_size){ 0 };
	*result = (struct tile_result){ 0 };
	if (request->stream_size > TSR_HW_MAX_STREAM)
		return refuse(size, result, TSR_HW_ERR_COMMAND, 0);
	walk.job = calloc(1, sizeof(*walk.job) + most * sizeof(struct command));
	if (!walk.job)
		return refuse(size, result, TSR_HW_ERR_ENGINE, 0);
	walk.job->threads = parallel_threads(sku_fuses(sku)->tensor_tiles);
	walk.job->strict = request->strict;
	for (uint32_t i = 0; i < request->parameter_count; i++)
		walk.job->parameters[i] = request->parameters[i];
	error = take_stream(&walk);
	if (error) {
		free(walk.job);
		return refuse(size, result, error, walk.offset);
	}
	*job = walk.job;
	return TSR_HW_ERR_NONE;
}

void tile_report(struct tile_job *job, const uint64_t *steps)
{
	memcpy(job->steps, steps, job->count * sizeof(*steps));
}

/* Faults tell their address, what else goes wrong the command it happened in. */
static void report(const struct execution *execution, const struct command *command, int error,
		   struct tile_result *result)
{
	bool has_address = error >= TSR_HW_ERR_FAULT_READ && error <= TSR_HW_ERR_FAULT_BUS;

	result->error = error;
	result->fault = has_address ? execution->fault : command->offset;
}

void tile_execute(struct tile_job *job, const struct tile_memory *memory,
		  struct tile_flip *flip, struct tile_result *result)
{
	struct nonfinite nonfinite = { 0 };
	struct execution execution = {
		.memory = memory,
		.flip = flip,
		.nonfinite = &nonfinite,
		.strict = job->strict,
		.parameters = job->parameters,
	};

	*result = (struct tile_result){ 0 };
	parallel_use(job->threads);
	if (!job->count)
		memory->progress(memory->ctx, 1);
	for (size_t i = 0; i < job->count && !result->error; i++) {
		const struct command *command = &job->command[i];
		int error;

		if (command_is_empty(command)) {
			memory->progress(memory->ctx, job->steps[i]);
			continue;
		}
		execution_start(&execution, job->steps[i], &command->d,
				!command->operation->moves);
		error = command->operation->execute(&execution, command);
		if (error)
			report(&execution, command, error, result);
		else
			execution_finish(&execution);
	}
	if (!result->error) {
		result->infinite = nonfinite.infinite;
		result->nan = nonfinite.nan;
		result->divisions = execution.divisions;
	}
}

const char *tile_implementation(void)
{
	static char line[160];

	snprintf(line, sizeof(line), "%s, int8 %s", onednn_name(),
		 int8_way());
	return line;
}

void tile_free(struct tile_job *job)
{
	free(job);
}
