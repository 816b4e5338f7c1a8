/* SPDX-License-Identifier: MIT */
#include "halves_output.h"

#include <string.h>

#include <tsr_hw/error.h>

#include "axes.h"
#include "execution.h"
#include "gather.h"
#include "halves.h"
#include "parallel.h"
#include "staging.h"

struct storing {
	struct halves_output *output;
	struct execution *execution;
};

uint64_t halves_output_staging(const struct tensor *d)
{
	return d->halves ? staging_size(tensor_elements(d)) : 0;
}

/* Codes by their numbers, which count dimensions of @axes innermost. */
static void view_codes(struct view *view, const struct tensor *d, uint32_t axes)
{
	struct tensor codes = *d;
	uint64_t stride[TSR_HW_MAX_RANK];
	uint64_t inner = 1;

	codes.va = 0;
	codes.halves = false;
	codes.size = 1;
	for (unsigned int i = 0; i < d->rank; i++)
		stride[axes_position(d->rank, axes, i)] = d->dim[i];
	for (unsigned int i = d->rank; i-- > 0;) {
		uint64_t extent = stride[i];

		stride[i] = inner;
		inner *= extent;
	}
	for (unsigned int i = 0; i < d->rank; i++)
		codes.stride[i] = stride[axes_position(d->rank, axes, i)];
	axes_view(view, &codes, tensor_packed(d));
}

int halves_output_start(struct halves_output *output, const struct tensor *d, uint32_t axes)
{
	*output = (struct halves_output){ .count = tensor_elements(d) };
	if (!d->halves || !output->count)
		return TSR_HW_ERR_NONE;
	output->codes = staging_get(output->count);
	if (!output->codes)
		return TSR_HW_ERR_ENGINE;
	output->odd_row = tensor_odd_row(d);
	view_codes(&output->from, d, axes);
	axes_view(&output->d, d, tensor_packed(d));
	return TSR_HW_ERR_NONE;
}

void halves_output_put(const struct halves_output *output, uint64_t first, uint64_t n,
		       const uint8_t *codes)
{
	memcpy(output->codes + first, codes, n);
}

static void collect(const struct halves_output *output, uint64_t first, uint64_t n, uint8_t *to)
{
	struct span span;

	for (; n; first += span.rows * span.columns, n -= span.rows * span.columns) {
		view_span(&output->from, first, n, &span);
		for (uint64_t row = 0; row < span.rows; row++) {
			const uint8_t *from = output->codes + span.va + row * span.row_stride;

			for (uint64_t i = 0; i < span.columns; i++)
				*to++ = from[i * span.column_stride];
		}
	}
}

static int store_range(void *context, uint64_t place, uint64_t places, uint64_t *fault)
{
	const struct storing *storing = context;
	const struct halves_output *output = storing->output;
	uint64_t first = halves_element(place, output->odd_row);
	uint64_t n = halves_element(place + places, output->odd_row) - first;
	uint8_t codes[GATHER_BLOCK];

	collect(output, first, n, codes);
	return execution_store(storing->execution, &output->d, 0, first, n, codes, fault);
}

int halves_output_store(struct halves_output *output, struct execution *execution)
{
	struct storing storing = { output, execution };

	if (!output->codes)
		return TSR_HW_ERR_NONE;
	return parallel_ranges(execution->memory, halves_places(output->count, output->odd_row),
			       GATHER_BLOCK, store_range, &storing, &execution->fault);
}

void halves_output_end(struct halves_output *output)
{
	staging_put(output->codes);
	output->codes = NULL;
}
