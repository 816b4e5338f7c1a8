// SPDX-License-Identifier: MIT
#include "executor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "measure/measure.h"
#include "measure/tests/node.h"
#include "random.h"
#include "tile/sku.h"
#include "tile/tile.h"

/* Scratch memory starts each run as this: a read before any write does not see zeros. */
#define POISON	0xa5

/* Every slot is a region of its own, far from the others, and so is the program. */
#define REGION_SHIFT	40

struct area {
	uint8_t *data;
	size_t size;
	bool writable;
};

/* One repetition in progress. */
struct run {
	struct execution *e;
	const struct tsr_hw_program *header;
	const struct tsr_hw_node *nodes;
	const uint16_t *edges;
	struct area region[TSR_HW_MAX_SLOTS + 2];
	struct tsr_hw_slot slot[TSR_HW_MAX_SLOTS];
	uint32_t slots;
	uint32_t repetition;
	uint16_t waits[TSR_HW_MAX_NODES];	/* predecessors not yet done */
	uint16_t ready[TSR_HW_MAX_NODES];
	uint32_t ready_count;
};

static uint64_t region_address(uint32_t region)
{
	return (uint64_t)(region + 1) << REGION_SHIFT;
}

static uint8_t *find(struct run *run, uint64_t va, size_t n, bool write)
{
	uint64_t number = (va >> REGION_SHIFT) - 1, offset = va & ((1ull << REGION_SHIFT) - 1);
	const struct area *region;

	if (number > run->slots)
		return NULL;
	region = &run->region[number];
	if (offset > region->size || n > region->size - offset || (write && !region->writable))
		return NULL;
	return region->data + offset;
}

static int read_memory(void *ctx, uint64_t va, size_t n, void *dst, uint64_t *fault)
{
	const uint8_t *from = find(ctx, va, n, false);

	if (!from) {
		*fault = va;
		return TSR_HW_ERR_FAULT_READ;
	}
	memcpy(dst, from, n);
	return TSR_HW_ERR_NONE;
}

static int write_memory(void *ctx, uint64_t va, size_t n, const void *src, uint64_t *fault)
{
	uint8_t *to = find(ctx, va, n, true);

	if (!to) {
		*fault = va;
		return TSR_HW_ERR_FAULT_WRITE;
	}
	memcpy(to, src, n);
	return TSR_HW_ERR_NONE;
}

static int read_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst,
		     size_t dst_stride, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;
	size_t i;

	for (i = 0; i < rows && !error; i++)
		error = read_memory(ctx, va + i * stride, n, (char *)dst + i * dst_stride, fault);
	return error;
}

static int write_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
		      const void *src, size_t src_stride, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;
	size_t i;

	for (i = 0; i < rows && !error; i++)
		error = write_memory(ctx, va + i * stride, n, (const char *)src + i * src_stride,
				     fault);
	return error;
}

static void ignore_progress(void *ctx, uint64_t blocks)
{
	(void)ctx;
	(void)blocks;
}

static bool never_aborted(void *ctx)
{
	(void)ctx;
	return false;
}

static bool set_region(struct run *run, uint32_t number, const void *data, size_t size,
		       uint32_t flags)
{
	run->region[number] = (struct area){
		(uint8_t *)data, size, flags & TSR_HW_SLOT_WRITE,
	};
	if (number < run->slots)
		run->slot[number] = (struct tsr_hw_slot){
			.address = region_address(number), .size = size, .flags = flags,
		};
	return data;
}

static void set_regions(struct run *run, uint8_t *scratch)
{
	const struct execution *e = run->e;
	size_t inputs = tsr_program_inputs(e->program), outputs = tsr_program_outputs(e->program);
	uint32_t number = 0;
	size_t i, size;

	for (i = 0; i < inputs; i++) {
		size = tsr_program_input(e->program, i)->size;
		set_region(run, number++, (const char *)e->input[i] + run->repetition * size, size,
			   TSR_HW_SLOT_READ);
	}
	for (i = 0; i < outputs; i++) {
		size = tsr_program_output(e->program, i)->size;
		set_region(run, number++, (char *)e->output[i] + run->repetition * size, size,
			   TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	}
	size = tsr_program_scratch(e->program);
	if (size) {
		memset(scratch, POISON, size);
		set_region(run, number, scratch, size, TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	}
	set_region(run, run->slots, run->header, run->header->size, TSR_HW_SLOT_READ);
}

static bool fail(struct run *run, uint32_t node, const struct tile_result *result)
{
	const struct tsr_node_info *info = tsr_program_node(run->e->program, node);

	snprintf(run->e->error, sizeof(run->e->error),
		 "node %u %s (%s): device error %d at 0x%" PRIx64, node, info->name, info->op,
		 result->error, result->fault);
	return false;
}

/* As the profile record tells counts. */
static uint64_t round_down(uint64_t count)
{
	return count ? 1ull << (63 - __builtin_clzll(count)) : 0;
}

static void read_control(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst)
{
	uint64_t fault;

	read_rows(ctx, va, stride, rows, n, dst, n, &fault);
}

/* Return: whether the node's time is known. */
static bool note(struct run *run, uint32_t node, const struct tile_request *request,
		 const struct tile_result *result)
{
	struct execution *e = run->e;
	const struct measure_source source = {
		.fuses = sku_fuses(e->sku), .energy = sku_energy(e->sku), .request = request,
		.read = read_control, .ctx = run,
	};
	struct node_time time;

	if (node_time(&source, &time))
		return false;
	e->record[(size_t)run->repetition * run->header->node_count + node] =
		(struct tsr_node_profile){
			.node = node, .repetition = run->repetition,
			.start = e->cycles, .end = e->cycles + time.cycles,
			.macs = time.amounts.products,
			.bytes_read = time.amounts.memory + time.amounts.link -
				      time.amounts.written,
			.bytes_written = time.amounts.written, .energy_pj = time.energy,
			.infinite = round_down(result->infinite),
			.nan = round_down(result->nan),
		};
	e->cycles += time.cycles;
	return true;
}

static bool run_node(struct run *run, uint32_t number)
{
	const struct tile_memory memory = {
		.ctx = run, .read = read_memory, .write = write_memory, .read_rows = read_rows,
		.write_rows = write_rows, .progress = ignore_progress, .aborted = never_aborted,
	};
	const struct tsr_hw_node *node = &run->nodes[number];
	const struct tile_request request = {
		.kind = node->engine,
		.stream = (const char *)run->header + run->header->streams + node->stream,
		.stream_size = node->stream_size,
		.slots = run->slot,
		.slot_count = run->slots,
		.program = region_address(run->slots),
		.program_size = run->header->size,
	};
	struct tile_result result = { 0 };
	struct tile_size size;
	struct tile_job *job;

	if (tile_prepare(run->e->sku, &request, &job, &size, &result))
		return fail(run, number, &result);
	tile_execute(job, &memory, NULL, &result);
	tile_free(job);
	if (result.error || (run->e->record && !note(run, number, &request, &result)))
		return fail(run, number, &result);
	return true;
}

static void release_successors(struct run *run, const struct tsr_hw_node *node)
{
	uint32_t i;

	for (i = 0; i < node->succ_count; i++) {
		uint16_t next = run->edges[node->succ_first + i];

		if (!--run->waits[next])
			run->ready[run->ready_count++] = next;
	}
}

/* Take a ready node: any one, or with seed 0 the lowest. */
static uint16_t take_ready(struct run *run, uint64_t *random)
{
	uint32_t at = 0, i;
	uint16_t node;

	if (run->e->seed)
		at = (uint32_t)random_below(random, run->ready_count);
	else
		for (i = 1; i < run->ready_count; i++)
			if (run->ready[i] < run->ready[at])
				at = i;
	node = run->ready[at];
	run->ready[at] = run->ready[--run->ready_count];
	return node;
}

static bool run_nodes(struct run *run, uint64_t *random)
{
	uint32_t i, done = 0;

	run->ready_count = 0;
	for (i = 0; i < run->header->node_count; i++) {
		run->waits[i] = run->nodes[i].pred_count;
		if (!run->waits[i])
			run->ready[run->ready_count++] = (uint16_t)i;
	}
	for (; run->ready_count; done++) {
		uint16_t node = take_ready(run, random);

		if (!run_node(run, node))
			return false;
		release_successors(run, &run->nodes[node]);
	}
	if (done == run->header->node_count)
		return true;
	snprintf(run->e->error, sizeof(run->e->error), "%u of %u nodes never became ready",
		 run->header->node_count - done, run->header->node_count);
	return false;
}

bool execute(struct execution *execution)
{
	size_t size, scratch_size = tsr_program_scratch(execution->program);
	const struct tsr_hw_program *header = tsr_program_data(execution->program, &size);
	struct run *run = calloc(1, sizeof(*run));
	uint8_t *scratch = malloc(scratch_size + 1);
	uint64_t random = execution->seed;
	bool done = run && scratch;

	execution->cycles = 0;
	execution->error[0] = '\0';
	for (; done && run->repetition < execution->repeat; run->repetition++) {
		run->e = execution;
		run->header = header;
		run->nodes = (const void *)((const char *)header + header->nodes);
		run->edges = (const void *)((const char *)header + header->edges);
		run->slots = header->slot_count;
		set_regions(run, scratch);
		done = run_nodes(run, &random);
	}
	free(scratch);
	free(run);
	return done;
}
