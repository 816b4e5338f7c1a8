/* SPDX-License-Identifier: MIT */
#include "list.h"

#include <number/load.h>
#include <tsr_hw/error.h>

#include "execution.h"
#include "gather.h"
#include "smaller.h"
#include "tile.h"

/* Elements at a time. */
#define PIECE	4096u

static int take(struct execution *execution, const struct view *view, uint64_t first, uint64_t n,
		void *raw)
{
	const struct tile_memory *memory = execution->memory;

	if (memory->aborted(memory->ctx))
		return EXECUTION_ABORTED;
	return gather(memory, view, first, n, raw, &execution->fault);
}

int list_real(struct execution *execution, const struct view *view, unsigned int type,
	      uint64_t first, uint64_t n, float *to)
{
	_Alignas(64) float raw[PIECE];

	for (uint64_t some, at = 0; at < n; at += some) {
		int error;

		some = smaller(n - at, PIECE);
		error = take(execution, view, first + at, some, raw);
		if (error)
			return error;
		number_load(type, raw, to + at, some);
	}
	return TSR_HW_ERR_NONE;
}

int list_integers(struct execution *execution, const struct view *view, unsigned int type,
		  uint64_t first, uint64_t n, int64_t *to)
{
	_Alignas(64) int32_t raw[PIECE];
	int32_t values[PIECE];

	for (uint64_t some, at = 0; at < n; at += some) {
		int error;

		some = smaller(n - at, PIECE);
		error = take(execution, view, first + at, some, raw);
		if (error)
			return error;
		number_load(type, raw, values, some);
		for (uint64_t i = 0; i < some; i++)
			to[at + i] = values[i];
	}
	return TSR_HW_ERR_NONE;
}
