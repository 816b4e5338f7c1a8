/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: prepare a hostile node and, when it is taken and cheap, execute it.
 * Every access is held against the slot table: whatever the descriptors say, an
 * engine stays inside the slots the node has, and in their direction. And what it costs
 * is held against the cycle model: elements moved, memory.
 */
#include "fuzz_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>

#include "bench.h"
#include "classes.h"
#include "fake_memory.h"
#include "tile/sku.h"
#include "tile/staging.h"
#include "tile/tile.h"

#define MEMORY_BYTES	(1u << 20)

/* Operations of the cycle model up to which a node is executed. */
#define MAX_OPERATIONS	(1u << 20)

/* Rows moved for each of them, and for none. */
#define RATIO		24u
#define FREE		(1u << 17)

struct fuzz_counts fuzz_counts;

/* The node's memory, watched. */
static struct {
	struct sku *sku[CLASSES];
	struct fake_memory *memory;
	uint64_t moved;
	struct tile_memory plain;
	struct fuzz_input input;
} target;

static void fail(const char *what, uint64_t a, uint64_t b)
{
	fprintf(stderr, "%s: %#llx, %#llx\n", what, (unsigned long long)a, (unsigned long long)b);
	abort();
}

/* Whether @n bytes at @va lie in one slot with the right @flag. */
static void check_access(uint64_t va, uint64_t n, uint32_t flag)
{
	for (int i = 0; i < FUZZ_SLOTS; i++) {
		const struct tsr_hw_slot *slot = &target.input.slot[i];

		if (slot->flags & flag && va >= slot->address &&
		    va - slot->address <= slot->size && n <= slot->size - (va - slot->address))
			return;
	}
	fail("access outside the slots", va, n);
}

static int watched_read_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			     void *dst, size_t dst_stride, uint64_t *fault)
{
	target.moved += rows;
	for (size_t i = 0; i < rows; i++)
		check_access(va + i * stride, n, TSR_HW_SLOT_READ);
	return target.plain.read_rows(ctx, va, stride, rows, n, dst, dst_stride, fault);
}

static int watched_write_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			      const void *src, size_t src_stride, uint64_t *fault)
{
	target.moved += rows;
	for (size_t i = 0; i < rows; i++)
		check_access(va + i * stride, n, TSR_HW_SLOT_WRITE);
	return target.plain.write_rows(ctx, va, stride, rows, n, src, src_stride, fault);
}

static int watched_read(void *ctx, uint64_t va, size_t n, void *dst, uint64_t *fault)
{
	return watched_read_rows(ctx, va, 0, 1, n, dst, n, fault);
}

static int watched_write(void *ctx, uint64_t va, size_t n, const void *src, uint64_t *fault)
{
	return watched_write_rows(ctx, va, 0, 1, n, src, n, fault);
}

static void start(void)
{
	char error[256];
	char path[512];

	for (size_t i = 0; i < CLASSES; i++) {
		snprintf(path, sizeof(path), "%s/%s.json", SKU_DIR, classes[i]);
		if (sku_load(path, &target.sku[i], error, sizeof(error))) {
			fprintf(stderr, "%s\n", error);
			exit(1);
		}
	}
	target.memory = fake_memory_create(MEMORY_BYTES, 1);
	target.plain = fake_memory_accessors(target.memory);
}

static void execute(struct tile_job *job, const struct tile_size *node, uint64_t steps)
{
	struct tile_memory memory = target.plain;
	struct tile_result result;
	uint64_t progress;

	memory.read = watched_read;
	memory.write = watched_write;
	memory.read_rows = watched_read_rows;
	memory.write_rows = watched_write_rows;
	fake_memory_progress(target.memory);
	target.moved = 0;
	staging_reset_peak();
	tile_execute(job, &memory, NULL, &result);
	if (target.moved / RATIO > node->operations + FREE)
		fail("too many rows for its operations", target.moved, node->operations);
	if (staging_usage().peak > TILE_MAX_STAGING || staging_usage().used)
		fail("memory", staging_usage().peak, staging_usage().used);
	progress = fake_memory_progress(target.memory);
	fuzz_counts.executed++;
	if (result.error)
		fuzz_counts.faulted++;
	else if (progress != steps)
		fail("progress does not add up", progress, steps);
	if (progress > steps)
		fail("too much progress", progress, steps);
	if (result.error > TSR_HW_ERR_FAULT_WRITE && result.error != TSR_HW_ERR_INDEX)
		fail("unexpected error", (uint64_t)result.error, result.fault);
}

static void judge(struct tile_job *job, const struct tile_request *request,
		  const struct tile_size *node, const struct tile_result *result)
{
	if (!job) {
		if (result->error != TSR_HW_ERR_COMMAND && result->error != TSR_HW_ERR_SLOT &&
		    result->error != TSR_HW_ERR_UNSUPPORTED &&
		    result->error != TSR_HW_ERR_PARAMETER)
			fail("unexpected refusal", (uint64_t)result->error, result->fault);
		if (node->macs || node->operations || node->bytes)
			fail("a refused node has a size", node->operations, node->bytes);
		fuzz_counts.refused[result->error]++;
		return;
	}
	fuzz_counts.taken++;
	if (node->operations <= MAX_OPERATIONS)
		execute(job, node, bench_report(job, request->stream, request->stream_size));
}

/* What fields may name: small values, aligned ones, and such that few or no fields can have. */
static const uint64_t parameters[] = { 4, 0, 1, 64, 1ull << 31, UINT64_MAX, TSR_HW_PARAMETER_64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t head = offsetof(struct fuzz_input, stream);
	struct tile_request request = {
		.slots = target.input.slot, .slot_count = FUZZ_SLOTS,
		.parameters = parameters,
		.parameter_count = sizeof(parameters) / sizeof(parameters[0]),
	};
	struct tile_result result;
	struct tile_size node;
	struct tile_job *job;
	uint8_t *stream;

	if (size < head || size > sizeof(target.input))
		return 0;
	if (!target.memory)
		start();
	memcpy(&target.input, data, size);
	request.kind = target.input.kind;
	request.stream_size = (uint32_t)(size - head) / 8 * 8;
	/* A copy of its own size, so that the sanitizer sees every step outside. */
	stream = malloc(request.stream_size + 1);
	memcpy(stream, target.input.stream, request.stream_size);
	request.stream = stream;
	tile_prepare(target.sku[target.input.product % CLASSES], &request, &job, &node, &result);
	judge(job, &request, &node, &result);
	tile_free(job);
	free(stream);
	return 0;
}
