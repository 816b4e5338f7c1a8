/* SPDX-License-Identifier: MIT */
#include "loading.h"

#include <number/load.h>
#include <tsr_hw/error.h>

#include "axes.h"
#include "execution.h"
#include "gather.h"
#include "loaded.h"

void loading_start(struct loading *loading, struct execution *execution,
		   const struct loaded *loaded, uint32_t axes)
{
	loading->execution = execution;
	loading->loaded = loaded;
	axes_view(&loading->x, &loaded->x, axes);
	if (loaded->has_pre)
		block_start_loading(&loading->pre, execution, &loaded->pre, &loaded->x, axes);
}

/* Registers of the prologue's value, then its results. */
static int through_prologue(struct loading *loading, uint64_t first, uint64_t n, const void *raw,
			    void *to, uint64_t *fault)
{
	_Alignas(64) int64_t values[LOADING_MOST];

	number_load(loading->loaded->x.type, raw, values, n);
	return block_values(&loading->pre, first, n, values, to, fault);
}

int loading_elements(struct loading *loading, uint64_t first, uint64_t n, void *to,
		     uint64_t *fault)
{
	const struct tile_memory *memory = loading->execution->memory;
	_Alignas(64) int64_t raw[LOADING_MOST];
	int error;

	if (!loading->loaded->has_pre)
		return gather(memory, &loading->x, first, n, to, fault);
	error = gather(memory, &loading->x, first, n, raw, fault);
	return error ? error : through_prologue(loading, first, n, raw, to, fault);
}

void loading_end(struct loading *loading)
{
	if (loading->loaded->has_pre)
		block_end_loading(&loading->pre);
}
