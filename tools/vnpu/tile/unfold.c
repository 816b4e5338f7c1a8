/* SPDX-License-Identifier: MIT */
#include "unfold.h"

#include <string.h>

#include <number/load.h>
#include <tsr_hw/error.h>

#include "execution.h"
#include "gather.h"
#include "parallel.h"
#include "smaller.h"
#include "tile.h"
#include "view.h"

/*
 * Elements of rows that one call makes, rounded up to whole rows, and those that are read
 * at a time where they lie.
 */
#define STEP	32768u
#define ROOM	2048u

/* Bytes between two questions whether to give up. */
#define SLICE	(1u << 22)

#define SPATIAL	TSR_HW_MAX_SPATIAL
#define INNER	(SPATIAL - 1)

struct job {
	const struct execution *execution;
	const struct unfold *unfold;
	const struct rows *rows;
	uint64_t first;
	uint64_t taps;
	unsigned int planes;
	size_t size;		/* of an element of a plane */
};

/* What one window meets. */
struct met {
	uint64_t row;		/* of the result */
	uint64_t image;
	struct hits hits[SPATIAL];
	uint64_t at[SPATIAL];	/* of a run: the place of its first element */
	uint64_t tap;		/* its first tap */
};

static char *element(const struct job *job, const struct rows *rows, unsigned int plane,
		     uint64_t number)
{
	return (char *)rows->plane[plane] + number * job->size;
}

static bool aborted(const struct job *job)
{
	const struct tile_memory *memory = job->execution->memory;

	return memory->aborted(memory->ctx);
}

static int fill(const struct job *job, uint64_t row)
{
	uint64_t k = job->taps * job->unfold->channels, bytes = k * job->size;

	for (unsigned int i = 0; i < job->planes; i++) {
		char *to = element(job, job->rows, i, row * k);

		for (uint64_t at = 0; at < bytes; at += SLICE) {
			if (at && aborted(job))
				return EXECUTION_ABORTED;
			memset(to + at, job->unfold->padding[i], smaller(SLICE, bytes - at));
		}
	}
	return TSR_HW_ERR_NONE;
}

/* Channels from @channel on of what a tap meets, into the row. */
static void put(const struct job *job, const struct met *met, uint64_t tap, uint64_t channel,
		uint64_t channels, const void *from, unsigned int plane)
{
	const struct unfold *unfold = job->unfold;
	uint64_t row = met->row * job->taps * unfold->channels;
	char *to;

	if (!unfold->by_channel) {
		to = element(job, job->rows, plane, row + tap * unfold->channels + channel);
		memcpy(to, from, channels * job->size);
		return;
	}
	for (uint64_t i = 0; i < channels; i++) {
		to = element(job, job->rows, plane, row + (channel + i) * job->taps + tap);
		memcpy(to, (const char *)from + i * job->size, job->size);
	}
}

/* Number of the first channel at the place of a run among staged elements. */
static uint64_t staged(const struct job *job, const struct met *met)
{
	const struct unfold *unfold = job->unfold;
	uint64_t number = met->image - unfold->image;

	for (unsigned int i = 0; i < SPATIAL; i++)
		number = number * unfold->window[i].in + met->at[i];
	return number * unfold->x->dim[1] + unfold->first;
}

/* @n elements from number @from of those staged on: the channels of a tap, or of several. */
static int copy_elements(const struct job *job, const struct met *met, uint64_t tap, uint64_t from,
			 uint64_t n)
{
	for (uint64_t some, at = 0; at < n; at += some) {
		some = smaller(SLICE, n - at);
		if (at && aborted(job))
			return EXECUTION_ABORTED;
		for (unsigned int i = 0; i < job->planes; i++)
			put(job, met, tap, at, some,
			    element(job, job->unfold->pictures, i, from + at), i);
	}
	return TSR_HW_ERR_NONE;
}

static int copy_staged(const struct job *job, const struct met *met)
{
	const struct unfold *unfold = job->unfold;
	const struct sliding *window = &unfold->window[INNER];
	uint64_t from = staged(job, met), n = met->hits[INNER].count;
	uint64_t pitch = window->advance * unfold->x->dim[1], moved = 0;
	int error = TSR_HW_ERR_NONE;

	/* Neighbours that stay neighbours are one. */
	if (window->cycle == 1 && pitch == unfold->channels && !unfold->by_channel)
		return copy_elements(job, met, met->tap, from, n * pitch);
	for (uint64_t k = 0; !error && k < n; k++, from += pitch) {
		error = copy_elements(job, met, met->tap + k * window->cycle, from,
				      unfold->channels);
		moved += unfold->channels;
		if (moved < SLICE / ROOM)
			continue;
		moved = 0;
		if (aborted(job))
			error = EXECUTION_ABORTED;
	}
	return error;
}

/* Channels of one element, where they lie. */
static int copy_element(const struct job *job, const struct met *met, uint64_t tap,
			uint64_t offset, uint64_t *fault)
{
	const struct unfold *unfold = job->unfold;
	const struct tensor *x = unfold->x;
	_Alignas(64) uint32_t raw[ROOM];
	_Alignas(64) float low[ROOM];
	_Alignas(64) uint8_t high[ROOM];
	int error = TSR_HW_ERR_NONE;

	for (uint64_t n, channel = 0; !error && channel < unfold->channels; channel += n) {
		struct view view;

		n = smaller(unfold->channels - channel, ROOM);
		view_start_tensor(&view, x);
		view.va += offset + (unfold->first + channel) * x->stride[1];
		view_add(&view, n, x->stride[1]);
		error = gather(job->execution->memory, &view, 0, n, raw, fault);
		if (error)
			break;
		if (pairing_is_exact(unfold->pairing))
			codes_first(x->type, raw, (uint8_t *)low, high, n);
		else
			number_load(x->type, raw, low, n);
		put(job, met, tap, channel, n, low, 0);
		if (job->planes > 1)
			put(job, met, tap, channel, n, high, 1);
	}
	return error;
}

static int copy_lying(const struct job *job, const struct met *met, uint64_t *fault)
{
	const struct unfold *unfold = job->unfold;
	const struct sliding *window = &unfold->window[INNER];
	uint64_t offset = met->image * unfold->x->stride[0];
	int error = TSR_HW_ERR_NONE;

	for (unsigned int i = 0; i < SPATIAL; i++)
		offset += met->at[i] * unfold->stride[i];
	for (uint64_t k = 0; !error && k < met->hits[INNER].count; k++) {
		error = copy_element(job, met, met->tap + k * window->cycle, offset, fault);
		offset += window->advance * unfold->stride[INNER];
	}
	return error;
}

static int copy_run(const struct job *job, const struct met *met, uint64_t *fault)
{
	if (!job->unfold->pictures)
		return copy_lying(job, met, fault);
	return copy_staged(job, met);
}

static int make_row(const struct job *job, struct met *met, uint64_t *fault)
{
	const struct sliding *window = job->unfold->window;
	const struct hits *hits = met->hits;
	int error = TSR_HW_ERR_NONE;

	if (hits[0].count * hits[1].count * hits[INNER].count < job->taps)
		error = fill(job, met->row);
	if (error || !hits[INNER].count)
		return error;
	met->at[INNER] = hits[INNER].at;
	for (uint64_t i = 0; i < hits[0].count; i++) {
		met->at[0] = hits[0].at + i * window[0].advance;
		for (uint64_t k = 0; k < hits[1].count; k++) {
			uint64_t tap = hits[0].tap + i * window[0].cycle;

			met->at[1] = hits[1].at + k * window[1].advance;
			tap = tap * window[1].kernel + hits[1].tap + k * window[1].cycle;
			met->tap = tap * window[INNER].kernel + hits[INNER].tap;
			error = copy_run(job, met, fault);
			if (error)
				return error;
			if (aborted(job))
				return EXECUTION_ABORTED;
		}
	}
	return TSR_HW_ERR_NONE;
}

static int make_rows(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct sliding *window = job->unfold->window;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t row = first; !error && row < first + n; row++) {
		uint64_t number = job->first + row;
		struct met met = { .row = row };

		for (unsigned int i = SPATIAL; i-- > 0; number /= window[i].out)
			met.hits[i] = sliding_hits(&window[i], number % window[i].out);
		met.image = number;
		error = make_row(job, &met, fault);
	}
	return error;
}

int unfold(struct execution *execution, const struct unfold *unfold, uint64_t first,
	   const struct rows *rows)
{
	bool exact = pairing_is_exact(unfold->pairing);
	struct job job = {
		.execution = execution,
		.unfold = unfold,
		.rows = rows,
		.first = first,
		.taps = 1,
		.planes = exact ? codes_planes(unfold->pairing->first) : 1,
		.size = exact ? sizeof(uint8_t) : sizeof(float),
	};

	for (unsigned int i = 0; i < SPATIAL; i++)
		job.taps *= unfold->window[i].kernel;
	if (!unfold->channels)
		return TSR_HW_ERR_NONE;
	return parallel_ranges(execution->memory, rows->count,
			       quotient(STEP, job.taps * unfold->channels), make_rows, &job,
			       &execution->fault);
}
