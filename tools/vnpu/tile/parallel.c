/* SPDX-License-Identifier: MIT */
#include "parallel.h"

#include <omp.h>
#include <pthread.h>
#include <stdatomic.h>

#include "execution.h"
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
	return most > engines ? most / engines : 1;
}

void parallel_use(unsigned int threads)
{
	omp_set_num_threads((int)threads);
}

int parallel_ranges(const struct tile_memory *memory, uint64_t count, uint64_t step,
		    int (*body)(void *context, uint64_t first, uint64_t n, uint64_t *fault),
		    void *context, uint64_t *fault)
{
	uint64_t ranges = count / step + (count % step != 0);
	struct outcome outcome = { .lowest = UINT64_MAX };

#pragma omp parallel for schedule(dynamic) if (ranges > 1)
	for (uint64_t range = 0; range < ranges; range++) {
		uint64_t first = range * step;
		uint64_t n = count - first < step ? count - first : step;
		uint64_t at = 0;
		int error;

		/* What lies above a failure does not matter any more. */
		if (range > atomic_load(&outcome.lowest))
			continue;
		error = memory->aborted(memory->ctx) ? EXECUTION_ABORTED :
						       body(context, first, n, &at);
		if (error)
			record(&outcome, range, error, at);
	}
	if (outcome.error)
		*fault = outcome.fault;
	return outcome.error;
}
