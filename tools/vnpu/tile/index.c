/* SPDX-License-Identifier: MIT */
#include "index.h"

#include <stddef.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "execution.h"
#include "gather.h"
#include "parallel.h"
#include "staging.h"
#include "tile.h"
#include "view.h"

struct load {
	struct execution *execution;
	const struct index_layout *layout;
	struct view view;
	int64_t *to;
};

/* Coordinates of one place are never shared: each has an extent of its own. */
static bool is_repeated(const struct index_layout *layout, unsigned int dimension)
{
	const struct tensor *tensor = layout->tensor;

	if (layout->coordinates > 1 && dimension == tensor->rank - 1u)
		return false;
	return tensor->dim[dimension] && !tensor->stride[dimension];
}

void index_place(struct index_layout *layout)
{
	layout->count = 1;
	for (unsigned int i = layout->tensor->rank; i-- > 0;) {
		bool repeated = is_repeated(layout, i);

		layout->step[i] = repeated ? 0 : layout->count;
		layout->count *= repeated ? 1 : layout->tensor->dim[i];
	}
}

uint64_t index_staging(const struct index_layout *layout)
{
	return layout->count > INDEX_MOST ? STAGING_ABSURD :
					    staging_size(layout->count * sizeof(int64_t));
}

/* Return: whether @index is, or was made, one of 0 to @extent - 1. */
static bool take(int64_t *index, uint64_t extent)
{
	if (*index < 0)
		*index += (int64_t)extent;
	return *index >= 0 && (uint64_t)*index < extent;
}

static void widen(const void *raw, int64_t *to, uint64_t n)
{
	const int32_t *from = raw;

	for (uint64_t i = 0; i < n; i++)
		to[i] = from[i];
}

static int load_block(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct load *load = context;
	const struct index_layout *layout = load->layout;
	_Alignas(64) char raw[GATHER_BLOCK];
	int64_t *to = load->to + first;
	int error = gather(load->execution->memory, &load->view, first, n, raw, fault);

	if (error)
		return error;
	if (layout->tensor->type == TSR_HW_TYPE_INT32)
		widen(raw, to, n);
	else
		memcpy(to, raw, n * sizeof(*to));
	for (uint64_t i = 0; i < n; i++)
		if (!take(&to[i], layout->extent[(first + i) % layout->coordinates]))
			return TSR_HW_ERR_INDEX;
	return TSR_HW_ERR_NONE;
}

static void make_view(const struct index_layout *layout, struct view *view)
{
	const struct tensor *tensor = layout->tensor;

	view_start(view, tensor->va, tensor->size);
	for (unsigned int i = 0; i < tensor->rank; i++)
		if (!is_repeated(layout, i))
			view_add(view, tensor->dim[i], tensor->stride[i]);
}

int index_load(struct execution *execution, const struct index_layout *layout, int64_t **index)
{
	struct load load = { .execution = execution, .layout = layout };
	int error;

	*index = NULL;
	load.to = staging_get(layout->count * sizeof(*load.to));
	if (!load.to)
		return TSR_HW_ERR_ENGINE;
	make_view(layout, &load.view);
	error = parallel_ranges(execution->memory, layout->count, GATHER_BLOCK / load.view.size,
				load_block, &load, &execution->fault);
	if (error)
		staging_put(load.to);
	else
		*index = load.to;
	return error;
}
