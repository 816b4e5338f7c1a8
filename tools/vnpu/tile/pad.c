/* SPDX-License-Identifier: MIT */
#include "pad.h"

#include <string.h>

#include <tsr_hw/error.h>

#include "gather.h"
#include "repeat.h"
#include "smaller.h"
#include "tile.h"
#include "view.h"

/* Neighbours of one dimension that lie at even distances in the tensor, or all outside. */
struct run {
	uint64_t length;
	uint64_t index;		/* of the first in the tensor */
	uint64_t stride;	/* bytes to the next */
	bool outside;
};

/* What padded_gather() has in hand: rows of the two innermost dimensions. */
struct band {
	const struct tile_memory *memory;
	const struct padded *padded;
	uint64_t va;		/* of element 0 of the first row */
	uint64_t row_stride;
	uint64_t rows;
	uint64_t at;		/* first column */
	uint64_t columns;	/* all of them if there are several rows */
};

/* @at modulo @period, not below 0. */
static uint64_t wrap(int64_t at, uint64_t period)
{
	int64_t rest = at % (int64_t)period;

	return (uint64_t)(rest < 0 ? rest + (int64_t)period : rest);
}

/* Elements after which a dimension repeats, 0 if it does not. */
static uint64_t period_of(const struct border *border)
{
	if (border->mode == TSR_HW_PAD_WRAP)
		return border->inside;
	if (border->mode == TSR_HW_PAD_REFLECT)
		return border->inside > 1 ? 2 * (border->inside - 1) : 1;
	return 0;
}

/* There and back; the first and the last element once in each period. */
static struct run reflect(const struct border *border, int64_t at)
{
	uint64_t period = period_of(border);
	uint64_t phase = wrap(at, period);

	if (period == 1)
		return (struct run){ .length = UINT64_MAX };
	if (phase < border->inside - 1)
		return (struct run){ .length = border->inside - 1 - phase, .index = phase,
				     .stride = border->stride };
	return (struct run){ .length = period - phase, .index = period - phase,
			     .stride = -border->stride };
}

static struct run run_outside(const struct border *border, int64_t at)
{
	uint64_t length = at < 0 ? (uint64_t)-at : UINT64_MAX;
	uint64_t phase;

	switch (border->mode) {
	case TSR_HW_PAD_EDGE:
		return (struct run){ .length = length,
				     .index = at < 0 ? 0 : border->inside - 1 };
	case TSR_HW_PAD_REFLECT:
		return reflect(border, at);
	case TSR_HW_PAD_WRAP:
		phase = wrap(at, border->inside);
		return (struct run){ .length = border->inside - phase, .index = phase,
				     .stride = border->stride };
	}
	return (struct run){ .length = length, .outside = true };
}

/* At most @most elements from @at on. */
static struct run run_at(const struct border *border, uint64_t at, uint64_t most)
{
	int64_t index = (int64_t)at - border->before;
	struct run run = { .length = border->inside - (uint64_t)index, .index = (uint64_t)index,
			   .stride = border->stride };

	if (index < 0 || (uint64_t)index >= border->inside)
		run = run_outside(border, index);
	run.length = smaller(run.length, most);
	return run;
}

void padded_start(struct padded *padded, const struct tensor *tensor, uint64_t value)
{
	static const struct border one = { .extent = 1, .inside = 1 };

	*padded = (struct padded){
		.va = tensor->halves ? 2 * tensor->va : tensor->va,
		.size = tensor->size,
		.halves = tensor->halves,
		.value = value,
	};
	padded->rank = 2;
	padded->dim[0] = one;
	padded->dim[1] = one;
}

static bool is_plain(const struct border *border)
{
	return !border->before && border->extent == border->inside;
}

/* Whether @inner lies in @outer without a seam, in the tensor and around it. */
static bool is_one(const struct border *outer, const struct border *inner)
{
	bool whole = outer->mode == TSR_HW_PAD_CONSTANT || outer->mode == TSR_HW_PAD_WRAP;

	return outer->extent > 1 && is_plain(inner) && (whole || is_plain(outer)) &&
	       outer->stride == inner->inside * inner->stride;
}

void padded_add(struct padded *padded, const struct border *border)
{
	struct border *last = &padded->dim[padded->rank - 1];
	struct run first = run_at(border, 0, border->extent);

	padded->outside |= border->mode == TSR_HW_PAD_CONSTANT &&
			   (border->before >= (int64_t)border->extent ||
			    border->before + (int64_t)border->inside <= 0);
	if (border->extent == 1) {
		padded->va += first.index * border->stride;
	} else if (is_one(last, border)) {
		last->extent *= border->extent;
		last->inside *= border->inside;
		last->before *= (int64_t)border->inside;
		last->stride = border->stride;
	} else {
		padded->dim[padded->rank++] = *border;
	}
}

static void fill(const struct padded *padded, uint64_t n, char *to)
{
	memcpy(to, &padded->value, padded->size);
	repeat(to, padded->size, n * padded->size);
}

/* One run in every row of a band. */
static int gather_run(const struct band *band, const struct run *run, char *to, uint64_t *fault)
{
	const struct padded *padded = band->padded;
	uint64_t pitch = band->columns * padded->size;
	const struct span span = {
		.va = band->va + run->index * padded->dim[padded->rank - 1].stride,
		.row_stride = band->row_stride,
		.column_stride = run->stride,
		.rows = band->rows,
		.columns = run->length,
	};

	if (!run->outside && padded->halves)
		return gather_span_halves(band->memory, &span, (uint8_t *)to, pitch, fault);
	if (!run->outside)
		return gather_span(band->memory, &span, padded->size, to, pitch, fault);
	for (uint64_t row = 0; row < band->rows; row++)
		fill(padded, run->length, to + row * pitch);
	return TSR_HW_ERR_NONE;
}

/* A dimension that repeats is read once, then copied. */
static int gather_band(const struct band *band, char *to, uint64_t *fault)
{
	uint32_t size = band->padded->size;
	const struct border *border = &band->padded->dim[band->padded->rank - 1];
	uint64_t period = period_of(border);
	uint64_t end = period ? smaller(period, band->columns) : band->columns;
	int error = TSR_HW_ERR_NONE;
	struct run run;

	for (uint64_t done = 0; !error && done < end; done += run.length) {
		run = run_at(border, band->at + done, end - done);
		error = gather_run(band, &run, to + done * size, fault);
	}
	for (uint64_t row = 0; !error && row < band->rows; row++)
		repeat(to + row * band->columns * size, end * size, band->columns * size);
	return error;
}

/* Where row number @row lies; false if outside. The innermost dimension is not one of it. */
static bool find_row(const struct padded *padded, uint64_t row, uint64_t most, struct band *band)
{
	band->va = padded->va;
	band->row_stride = 0;
	band->rows = most;
	for (unsigned int i = padded->rank - 1; i-- > 0;) {
		const struct border *border = &padded->dim[i];
		bool innermost = i == padded->rank - 2;
		uint64_t left = border->extent - row % border->extent;
		struct run run = run_at(border, row % border->extent,
					innermost ? smaller(most, left) : 1);

		if (innermost) {
			band->rows = run.length;
			band->row_stride = run.stride;
		}
		if (run.outside)
			return false;
		band->va += run.index * border->stride;
		row /= border->extent;
	}
	return true;
}

int padded_gather(const struct tile_memory *memory, const struct padded *padded, uint64_t first,
		  uint64_t count, void *to, uint64_t *fault)
{
	uint64_t extent = padded->dim[padded->rank - 1].extent;
	struct band band = { .memory = memory, .padded = padded };
	int error = TSR_HW_ERR_NONE;
	char *at = to;

	if (padded->outside) {
		fill(padded, count, to);
		return TSR_HW_ERR_NONE;
	}
	while (!error && count) {
		bool whole = first % extent == 0 && count >= extent;
		uint64_t done;
		bool inside = find_row(padded, first / extent, whole ? count / extent : 1, &band);

		band.at = first % extent;
		band.columns = whole ? extent : smaller(count, extent - band.at);
		done = band.rows * band.columns;
		if (inside)
			error = gather_band(&band, at, fault);
		else
			fill(padded, done, at);
		at += done * padded->size;
		first += done;
		count -= done;
	}
	return error;
}
