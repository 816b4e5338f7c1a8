/* SPDX-License-Identifier: MIT */
#include "parallel.h"

#include <stdatomic.h>

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

int parallel_ranges(uint64_t count, uint64_t step,
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
		error = body(context, first, n, &at);
		if (error)
			record(&outcome, range, error, at);
	}
	if (outcome.error)
		*fault = outcome.fault;
	return outcome.error;
}
