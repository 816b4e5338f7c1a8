/* SPDX-License-Identifier: MIT */
#include "pictures.h"

#include <string.h>

#include <number/clones.h>
#include <number/load.h>
#include <tsr_hw/error.h>

#include "axes.h"
#include "codes.h"
#include "execution.h"
#include "gather.h"
#include "in_place.h"
#include "pairing.h"
#include "parallel.h"
#include "smaller.h"
#include "subnormals.h"
#include "tensor.h"
#include "tile.h"
#include "view.h"

/* Elements that are converted at a time. */
#define PIECE		(GATHER_BLOCK / sizeof(float))

/* The dimension that is innermost. */
#define CHANNELS	(1u << 1)

struct job {
	const struct execution *execution;
	const struct pictures *pictures;
	struct view view;	/* [N, rows, columns, C] */
	uint64_t first;
	char *to;
	size_t size;		/* of a staged element */
	bool as_stored;
};

uint64_t pictures_extent(const struct pictures *pictures, unsigned int axis)
{
	return pictures->before[axis] + pictures->size[axis] + pictures->after[axis];
}

uint64_t pictures_elements(const struct pictures *pictures)
{
	return pictures_extent(pictures, 0) * pictures_extent(pictures, 1) * pictures->x->dim[1];
}

static size_t size_of(const struct pictures *pictures)
{
	if (!pairing_is_exact(pictures->pairing))
		return sizeof(float);
	return pictures->wide ? sizeof(int16_t) : sizeof(uint8_t);
}

TILE_CLONES static void widen(const uint8_t *codes, int16_t zero, int16_t *to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = (int16_t)(codes[i] - zero);
}

/* A piece at most. */
static void convert(const struct job *job, const void *raw, void *to, uint64_t n)
{
	const struct pairing *pairing = job->pictures->pairing;
	uint8_t codes[PIECE];

	if (job->pictures->wide) {
		codes_first(pairing->first, raw, codes, NULL, n);
		widen(codes, (int16_t)job->pictures->zero, to, n);
	} else if (pairing_is_exact(pairing))
		codes_first(pairing->first, raw, to, NULL, n);
	else
		number_load(pairing->first, raw, to, n);
}

/*
 * Elements are converted where they are. Return: false if they cannot be had
 * so, and nothing was done.
 */
static bool take_in_place(const struct job *job, uint64_t from, uint64_t n, char *to)
{
	const struct tile_memory *memory = job->execution->memory;
	struct tile_window window;

	window.ranges = 0;
	if (!memory->open || !in_place_add(&window, &job->view, from, n, false) ||
	    !memory->open(memory->ctx, &window))
		return false;
	for (uint64_t some, at = 0; at < n; at += some) {
		const void *raw;

		some = n - at;
		raw = in_place_part(&window.range[0], job->view.size, at, &some);
		convert(job, raw, to + at * job->size, some);
	}
	memory->close(memory->ctx, &window);
	return true;
}

/* At most a piece. */
static int take_piece(const struct job *job, uint64_t from, uint64_t n, char *to, uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	_Alignas(64) float raw[PIECE];
	int error;

	if (job->as_stored)
		return gather(memory, &job->view, from, n, to, fault);
	if (take_in_place(job, from, n, to))
		return TSR_HW_ERR_NONE;
	error = gather(memory, &job->view, from, n, raw, fault);
	if (!error)
		convert(job, raw, to, n);
	return error;
}

/* Elements that are in a near cache yet. */
static void note_least(const struct job *job, const char *elements, uint64_t n)
{
	unsigned int least = subnormals_exponent((const float *)elements, n);
	unsigned int known = atomic_load_explicit(job->pictures->least, memory_order_relaxed);

	while (least < known &&
	       !atomic_compare_exchange_weak(job->pictures->least, &known, least))
		;
}

/* @n elements from number @from on, of which a line may have any number. */
static int take(const struct job *job, uint64_t from, uint64_t n, char *to, uint64_t *fault)
{
	const struct tile_memory *memory = job->execution->memory;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t some, at = 0; !error && at < n; at += some) {
		if (at && memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		some = smaller(PIECE, n - at);
		error = take_piece(job, from + at, some, to + at * job->size, fault);
		if (!error && job->pictures->least)
			note_least(job, to + at * job->size, some);
	}
	return error;
}

/* One row of a staged picture. */
static int make_row(const struct job *job, uint64_t number, uint64_t *fault)
{
	const struct pictures *pictures = job->pictures;
	uint64_t rows = pictures_extent(pictures, 0), channels = pictures->x->dim[1];
	uint64_t row = number % rows, image = job->first + number / rows;
	uint64_t bytes = pictures_extent(pictures, 1) * channels * job->size;
	uint64_t before = pictures->before[1] * channels * job->size;
	uint64_t inside = pictures->size[1] * channels;
	char *to = job->to + number * bytes;

	if (row < pictures->before[0] || row - pictures->before[0] >= pictures->size[0]) {
		memset(to, pictures->padding, bytes);
		return TSR_HW_ERR_NONE;
	}
	row += image * pictures->size[0] - pictures->before[0];
	memset(to, pictures->padding, before);
	memset(to + before + inside * job->size, pictures->padding,
	       pictures->after[1] * channels * job->size);
	return take(job, row * inside, inside, to + before, fault);
}

/* Rows of pictures without padding follow each other. */
static bool has_padding(const struct pictures *pictures)
{
	return pictures->before[0] || pictures->before[1] || pictures->after[0] ||
	       pictures->after[1];
}

static int make_rows(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct pictures *pictures = job->pictures;
	uint64_t row = pictures->size[1] * pictures->x->dim[1];
	int error = TSR_HW_ERR_NONE;

	if (!has_padding(pictures))
		return take(job, (job->first * pictures->size[0] + first) * row, n * row,
			    job->to + first * row * job->size, fault);
	for (uint64_t i = 0; !error && i < n; i++)
		error = make_row(job, first + i, fault);
	return error;
}

int pictures_load(struct execution *execution, const struct pictures *pictures, uint64_t first,
		  uint64_t count, void *to)
{
	const struct pairing *pairing = pictures->pairing;
	struct job job = {
		.execution = execution,
		.pictures = pictures,
		.first = first,
		.to = to,
		.size = size_of(pictures),
		.as_stored = pairing->first == TSR_HW_TYPE_FP32 ||
			     (pairing->first == TSR_HW_TYPE_UINT8 && !pictures->wide),
	};
	uint64_t row = pictures_extent(pictures, 1) * pictures->x->dim[1] * job.size;

	axes_view(&job.view, pictures->x, CHANNELS);
	return parallel_ranges(execution->memory, count * pictures_extent(pictures, 0),
			       quotient(GATHER_BLOCK, row), make_rows, &job, &execution->fault);
}
