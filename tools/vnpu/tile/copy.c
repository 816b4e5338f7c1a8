/* SPDX-License-Identifier: MIT */
/* COPY: bytes from place to place, and their CRC-32. */
#include <stdatomic.h>
#include <string.h>
#include <zlib.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "command.h"
#include "execution.h"
#include "gather.h"
#include "parameter.h"
#include "place.h"
#include "tile.h"
#include "view.h"
#include "work.h"

struct job {
	const struct execution *execution;
	uint64_t from;
	struct view to;
	bool checks;
	uint64_t size;
	_Atomic uint32_t crc;	/* sum of what the blocks add to it */
};

static bool overlap(const struct tensor *a, const struct tensor *b)
{
	uint64_t distance = a->va < b->va ? b->va - a->va : a->va - b->va;

	return distance < tensor_bytes(a->va < b->va ? a : b);
}

static int decode_crc(const struct tile_request *request, const struct tsr_hw_place *raw,
		      struct command *command)
{
	struct tensor *crc = &command->copy.crc;
	int error;

	*crc = (struct tensor){ 0 };
	if (place_is_absent(raw))
		return TSR_HW_ERR_NONE;
	error = place_decode(request, raw, sizeof(uint32_t), sizeof(uint32_t), true, crc);
	command->also_stores = !error;
	return error;
}

static bool disjoint(const struct command *command)
{
	const struct tensor *src = &command->copy.src;
	const struct tensor *crc = &command->copy.crc;

	if (!tensor_elements(src))
		return true;
	if (tensor_present(crc) && (overlap(crc, src) || overlap(crc, &command->d)))
		return false;
	return !overlap(src, &command->d);
}

static int decode(const struct tile_request *request, const void *raw, struct command *command)
{
	const struct tsr_hw_copy *copy = raw;
	__le64 size = copy->size;
	int error = parameter_take64(request, &size);

	if (!error)
		error = place_decode(request, &copy->src, size, 1, false, &command->copy.src);
	if (!error)
		error = place_decode(request, &copy->dst, size, 1, true, &command->d);
	if (!error)
		error = decode_crc(request, &copy->crc, command);
	if (error)
		return error;
	return disjoint(command) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static void measure(const struct command *command, struct work *work)
{
	uint64_t size = tensor_elements(&command->d);

	work_pass(work, size, 1);
	work->bytes = 2 * size + tensor_bytes(&command->copy.crc);
}

/*
 * With crc(A) that of A, the CRC-32 of A followed by n bytes B is crc32_combine(crc(A), 0, n) ^
 * crc(B): so blocks can be summed up in any order.
 */
static uint32_t block_crc(const char *block, uint64_t n, uint64_t behind)
{
	uLong crc = crc32(0, (const Bytef *)block, (uInt)n);

	return (uint32_t)crc32_combine(crc, 0, (z_off_t)behind);
}

/* The CRC-32 is that of what was read, whatever then happens on the way to memory. */
static int run_block(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	struct job *job = context;
	const struct tile_memory *memory = job->execution->memory;
	_Alignas(64) char block[GATHER_BLOCK];
	int error = memory->read(memory->ctx, job->from + first, n, block, fault);

	if (error)
		return error;
	if (job->checks)
		atomic_fetch_xor(&job->crc, block_crc(block, n, job->size - first - n));
	return execution_store(job->execution, &job->to, 0, first, n, block, fault);
}

static int execute(struct execution *execution, const struct command *command)
{
	const struct tile_memory *memory = execution->memory;
	const struct tensor *crc = &command->copy.crc;
	struct job job = {
		.execution = execution,
		.from = command->copy.src.va,
		.checks = tensor_present(crc),
		.size = tensor_elements(&command->d),
	};
	uint32_t sum;
	int error;

	view_tensor(&job.to, &command->d);
	error = execution_ranges(execution, job.size, GATHER_BLOCK, run_block, &job);
	if (error || !job.checks)
		return error;
	sum = atomic_load(&job.crc);
	return memory->write(memory->ctx, crc->va, sizeof(sum), &sum, &execution->fault);
}

const struct operation operation_copy = {
	.opcode = TSR_HW_OP_COPY,
	.engine = TSR_HW_ENGINE_DMA,
	.size = sizeof(struct tsr_hw_copy),
	.moves = true,
	.decode = decode,
	.measure = measure,
	.execute = execute,
};
