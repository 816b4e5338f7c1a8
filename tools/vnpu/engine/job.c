// SPDX-License-Identifier: MIT
#include "job.h"

#include <stdlib.h>

#include <tsr_hw/error.h>

#include "inject.h"

struct job *job_create(struct port *port, struct inject *inject)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	atomic_init(&job->refs, 1);
	job->port = port;
	job->inject = inject;
	job->flip = (struct tile_flip){ TILE_FLIP_NONE, TILE_FLIP_NONE };
	return job;
}

struct job *job_get(struct job *job)
{
	atomic_fetch_add(&job->refs, 1);
	return job;
}

void job_put(struct job *job)
{
	if (!job || atomic_fetch_sub(&job->refs, 1) != 1)
		return;
	tile_free(job->tile);
	free(job->stream);
	free(job->slots);
	free(job->parameters);
	free(job);
}

/* What an aborted node gets is of no interest: its engine has dropped it. */
static int copy(struct job *job, enum mmu_access access, const struct port_rows *rows,
		uint64_t *fault)
{
	int error = port_copy(job->port, &job->agent, access, rows, fault);

	return error == PORT_CLOSED ? TSR_HW_ERR_KILLED : error;
}

static int tile_read(void *ctx, uint64_t va, size_t n, void *dst, uint64_t *fault)
{
	struct port_rows rows = { .va = va, .rows = 1, .n = n, .buf = dst };

	return copy(ctx, MMU_READ, &rows, fault);
}

static int tile_write(void *ctx, uint64_t va, size_t n, const void *src, uint64_t *fault)
{
	struct port_rows rows = { .va = va, .rows = 1, .n = n, .buf = (void *)src };

	return copy(ctx, MMU_WRITE, &rows, fault);
}

static int tile_read_rows(void *ctx, uint64_t va, uint64_t stride, size_t count, size_t n,
			  void *dst, size_t dst_stride, uint64_t *fault)
{
	struct port_rows rows = { va, stride, count, n, dst, dst_stride };

	return copy(ctx, MMU_READ, &rows, fault);
}

static int tile_write_rows(void *ctx, uint64_t va, uint64_t stride, size_t count, size_t n,
			   const void *src, size_t src_stride, uint64_t *fault)
{
	struct port_rows rows = { va, stride, count, n, (void *)src, src_stride };

	return copy(ctx, MMU_WRITE, &rows, fault);
}

static void tile_progress(void *ctx, uint64_t blocks)
{
	struct job *job = ctx;

	port_progress(job->port, &job->agent, job->progress, blocks);
}

static bool tile_aborted(void *ctx)
{
	struct job *job = ctx;

	return atomic_load_explicit(&job->agent.closed, memory_order_relaxed) ||
	       job->agent.epoch != port_epoch(job->port);
}

void job_run(struct job *job)
{
	const struct tile_memory memory = {
		.ctx = job,
		.read = tile_read,
		.write = tile_write,
		.read_rows = tile_read_rows,
		.write_rows = tile_write_rows,
		.progress = tile_progress,
		.aborted = tile_aborted,
	};

	if (!tile_aborted(job))
		tile_execute(job->tile, &memory, &job->flip, &job->result);
	inject_return_flip(job->inject, &job->flip);
	atomic_store(&job->ready, true);
}
