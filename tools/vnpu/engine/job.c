// SPDX-License-Identifier: MIT
#include "job.h"

#include <stdlib.h>

#include <tsr_hw/error.h>

#include "account.h"
#include "inject.h"
#include "resident.h"

/*
 * Steps that are counted before a node is computed; of what has more the budget is looked at while
 * it is. And those that are counted before a thread asks again whether the node was aborted.
 */
#define STEPS_BEFORE	(1u << 14)
#define STEPS_AT_ONCE	16u

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
	account_destroy(job->account);
	measure_free(&job->measured);
	tile_free(job->tile);
	free(job->stream);
	free(job->slots);
	free(job->parameters);
	resident_put(job->resident);
	free(job);
}

/* What an aborted node gets is of no interest: its engine has dropped it. */
static int copy(struct job *job, enum mmu_access access, const struct port_rows *rows,
		uint64_t *fault)
{
	int error;

	if (rows->va >= TILE_RESIDENT)
		return resident_copy(job->resident, access == MMU_WRITE, rows, fault);
	error = port_copy(job->port, &job->agent, access, rows, fault);
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

/* Parts that follow each other on the host are one. */
static void add_part(struct tile_range *range, char *at, size_t n)
{
	struct tile_part *last = range->parts ? &range->part[range->parts - 1] : NULL;

	if (last && last->at + last->n == at)
		last->n += n;
	else
		range->part[range->parts++] = (struct tile_part){ at, n };
}

static enum mmu_access access_of(const struct tile_range *range)
{
	return range->write ? MMU_WRITE : MMU_READ;
}

/* What is resident has no pages: the accessors copy it. */
static bool find(struct job *job, struct tile_range *range)
{
	struct mmu_cursor cursor = port_window_cursor(job->port, &job->agent, access_of(range));

	range->parts = 0;
	if (range->va >= TILE_RESIDENT)
		return false;
	for (size_t n, done = 0; done < range->n; done += n) {
		char *at;

		n = range->n - done;
		at = port_window_find(job->port, &cursor, range->va + done, &n);
		if (!at)
			return false;
		add_part(range, at, n);
	}
	return true;
}

static bool tile_open(void *ctx, struct tile_window *window)
{
	struct job *job = ctx;

	if (!port_window_open(job->port, &job->agent, &window->token))
		return false;
	for (unsigned int i = 0; i < window->ranges; i++) {
		if (find(job, &window->range[i]))
			continue;
		port_window_close(job->port);
		return false;
	}
	return true;
}

static void tile_close(void *ctx, const struct tile_window *window)
{
	struct job *job = ctx;

	for (unsigned int i = 0; i < window->ranges; i++) {
		const struct tile_range *range = &window->range[i];

		port_window_used(job->port, &job->agent, access_of(range), window->token,
				 range->va, range->n);
	}
	port_window_close(job->port);
}

static uint64_t tile_version(void *ctx, uint64_t va, uint64_t n)
{
	struct job *job = ctx;

	return va < TILE_RESIDENT ? port_version(job->port, &job->agent, va, n) : 0;
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

void job_read(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst)
{
	struct job *job = ctx;
	const struct port_rows all = { va, stride, rows, n, dst, n };
	uint64_t fault;

	copy(job, MMU_READ, &all, &fault);
}

enum memory job_memory(void *ctx, uint64_t va)
{
	struct job *job = ctx;

	return port_is_local(job->port, &job->agent, va) ? MEMORY_LOCAL : MEMORY_SYSTEM;
}

/* Return: whether all steps are counted. */
static bool count_steps(struct job *job)
{
	bool all = false;

	for (uint64_t steps = 0; !all && steps < STEPS_BEFORE && !tile_aborted(job);)
		all = account_reach(job->account, steps += STEPS_AT_ONCE);
	return all;
}

/* Return: whether the node may be computed, as far as is known. */
static bool charge(struct job *job)
{
	if (!count_steps(job)) {
		atomic_store(&job->endless, true);
		job->wake(job->ctx);
		return true;
	}
	if (account_exceeded(job->account, UINT64_MAX)) {
		job->result.error = TSR_HW_ERR_BUDGET;
		return false;
	}
	tile_report(job->tile, account_steps(job->account));
	return true;
}

static void compute(struct job *job)
{
	const struct tile_memory memory = {
		.ctx = job,
		.read = tile_read,
		.write = tile_write,
		.read_rows = tile_read_rows,
		.write_rows = tile_write_rows,
		.open = tile_open,
		.close = tile_close,
		.version = tile_version,
		.progress = tile_progress,
		.aborted = tile_aborted,
	};

	if (!job->account || charge(job))
		tile_execute(job->tile, &memory, &job->flip, &job->result);
}

void job_run(struct job *job)
{
	if (!tile_aborted(job))
		compute(job);
	inject_return_flip(job->inject, &job->flip);
}

void job_finish(struct job *job)
{
	atomic_store(&job->ready, true);
}
