/* SPDX-License-Identifier: MIT */
#include "parallel.h"

#include <omp.h>
#include <pthread.h>
#include <stdatomic.h>

#include "execution.h"
#include "smaller.h"
#include "spread.h"
#include "tile.h"

struct outcome {
	_Atomic uint64_t lowest;	/* range that failed, UINT64_MAX for none */
	int error;			/* these two inside the critical section */
	uint64_t fault;
};

static void record(struct outcome *outcome, uint64_t range, int error, uint64_t fault)
{
#pragma omp critical(tile_parallel)
	if (range < atomic_load(&outcome->lowest)) {
		outcome->error = error;
		outcome->fault = fault;
		atomic_store(&outcome->lowest, range);
	}
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned int most;	/* threads, by the environment and the host */

/* Asked before any thread has been given its share. */
static void count_threads(void)
{
	most = (unsigned int)omp_get_max_threads();
}

unsigned int parallel_threads(unsigned int engines)
{
	pthread_once(&once, count_threads);
	return (unsigned int)larger(most / engines, 1);
}

void parallel_use(unsigned int threads)
{
	omp_set_num_threads((int)threads);
}

/* What the threads have in common. */
struct ranges {
	const struct tile_memory *memory;
	uint64_t count;
	uint64_t step;
	int (*body)(void *context, uint64_t first, uint64_t n, uint64_t *fault);
	void *context;
	struct outcome outcome;
};

static void run_range(struct ranges *ranges, uint64_t range)
{
	const struct tile_memory *memory = ranges->memory;
	uint64_t first = range * ranges->step, left = ranges->count - first;
	uint64_t at = 0;
	int error;

	/* What lies above a failure does not matter any more. */
	if (range > atomic_load(&ranges->outcome.lowest))
		return;
	error = memory->aborted(memory->ctx) ? EXECUTION_ABORTED :
		ranges->body(ranges->context, first, smaller(left, ranges->step), &at);
	if (error)
		record(&ranges->outcome, range, error, at);
}

static void run_team(struct ranges *ranges, uint64_t count)
{
	struct spread spread = { 0 };

#pragma omp parallel
	{
		spread_thread(&spread);
#pragma omp for schedule(dynamic) nowait
		for (uint64_t range = 0; range < count; range++)
			run_range(ranges, range);
	}
}

/* A single range is run as it is: the parts of a small command are many, and a team costs more. */
static void run_all(struct ranges *ranges, uint64_t count)
{
	if (count > 1)
		run_team(ranges, count);
	else if (count)
		run_range(ranges, 0);
}

int parallel_ranges(const struct tile_memory *memory, uint64_t count, uint64_t step,
		    int (*body)(void *context, uint64_t first, uint64_t n, uint64_t *fault),
		    void *context, uint64_t *fault)
{
	struct ranges ranges = { memory, count, step, body, context, { .lowest = UINT64_MAX } };

	run_all(&ranges, count / step + (count % step != 0));
	if (ranges.outcome.error)
		*fault = ranges.outcome.fault;
	return ranges.outcome.error;
}
