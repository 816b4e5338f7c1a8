/* SPDX-License-Identifier: MIT */
#include "im2col.h"

#include <stdbool.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "command.h"
#include "convert.h"
#include "execution.h"
#include "gather.h"
#include "parallel.h"
#include "window.h"

/* Elements a thread builds at a time, at most, unless a pixel has more. */
#define STEP 65536u

struct job {
	const struct execution *execution;
	const struct im2col *im2col;
	uint64_t first;
	char *to;
};

/* Taps of one line of a window: @columns from @tap on, for the window at @column. */
struct taps {
	uint64_t image;
	uint64_t row;	/* of the picture */
	bool inside;	/* @row is one */
	uint64_t column;
	uint64_t tap;
	uint64_t columns;
};

/* A pixel's channels of the group, as they are staged. */
static int read_pixel(const struct job *job, uint64_t image, uint64_t row, uint64_t column,
		      char *to, uint64_t *fault)
{
	const struct im2col *im2col = job->im2col;
	const struct tensor *x = im2col->x;
	_Alignas(64) char raw[GATHER_BLOCK];
	uint64_t most = GATHER_BLOCK / x->size;
	struct view view;
	int error = TSR_HW_ERR_NONE;

	view_start(&view, x->va + (im2col->image + image) * x->stride[0] + row * x->stride[2] +
		   column * x->stride[3] + im2col->first * x->stride[1], x->size);
	view_add(&view, im2col->group, x->stride[1]);
	for (uint64_t at = 0; !error && at < im2col->group; at += most) {
		uint64_t n = im2col->group - at < most ? im2col->group - at : most;

		error = gather(job->execution->memory, &view, at, n, raw, fault);
		if (error)
			break;
		if (im2col->size == sizeof(float)) {
			convert_load(x, raw, (float *)to + at, n);
			continue;
		}
		memcpy(to + at, raw, n);
		if (x->type == TSR_HW_TYPE_INT8)
			convert_flip_sign((uint8_t *)to + at, n);
	}
	return error;
}

/* Tap by tap: pixels lie side by side only when nothing is dilated, grouped or padded. */
static int copy_taps(const struct job *job, const struct taps *taps, const char *line, char *to,
		     uint64_t *fault)
{
	const struct im2col *im2col = job->im2col;
	uint64_t bytes = im2col->group * im2col->size;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t i = 0; !error && i < taps->columns; i++, to += bytes) {
		uint64_t at;

		if (!taps->inside || !window_element(im2col->window, 1, taps->column,
						     taps->tap + i, im2col->in[1], &at))
			memset(to, im2col->padding, bytes);
		else if (line)
			memcpy(to, line + (at * im2col->channels + im2col->first) * im2col->size,
			       bytes);
		else
			error = read_pixel(job, taps->image, taps->row, at, to, fault);
	}
	return error;
}

static bool is_contiguous(const struct im2col *im2col, uint64_t column)
{
	const struct window *window = im2col->window;
	uint64_t start = column * window->stride[1];

	return im2col->group == im2col->channels && window->dilation[1] == 1 &&
	       start >= window->pad_before[1] &&
	       start - window->pad_before[1] + window->kernel[1] <= im2col->in[1];
}

static int copy_line(const struct job *job, const struct taps *taps, char *to, uint64_t *fault)
{
	const struct im2col *im2col = job->im2col;
	const struct window *window = im2col->window;
	uint64_t pixel = im2col->channels * im2col->size;
	const char *line = im2col->pictures;

	if (line)
		line += (taps->image * im2col->in[0] + taps->row) * im2col->in[1] * pixel;
	if (!line || !taps->inside || !is_contiguous(im2col, taps->column))
		return copy_taps(job, taps, line, to, fault);
	line += (taps->column * window->stride[1] - window->pad_before[1] + taps->tap) * pixel;
	memcpy(to, line, taps->columns * pixel);
	return TSR_HW_ERR_NONE;
}

/* Taps @first to @first + @count - 1 of the matrix, a line of a window at a time. */
static int copy_range(void *context, uint64_t first, uint64_t count, uint64_t *fault)
{
	const struct job *job = context;
	const struct im2col *im2col = job->im2col;
	uint64_t width = im2col->window->kernel[1];
	uint64_t height = im2col->window->kernel[0];
	uint64_t bytes = im2col->group * im2col->size;
	int error = TSR_HW_ERR_NONE;

	while (!error && count) {
		uint64_t line = first / width;
		uint64_t row = job->first + line / height;
		struct taps taps = {
			.image = row / im2col->out[1] / im2col->out[0],
			.column = row % im2col->out[1],
			.tap = first % width,
		};

		taps.columns = width - taps.tap < count ? width - taps.tap : count;
		taps.inside = window_element(im2col->window, 0,
					     row / im2col->out[1] % im2col->out[0],
					     line % height, im2col->in[0], &taps.row);
		error = copy_line(job, &taps, job->to + first * bytes, fault);
		first += taps.columns;
		count -= taps.columns;
	}
	return error;
}

int im2col(struct execution *execution, const struct im2col *im2col, uint64_t first,
	   uint64_t rows, void *to)
{
	struct job job = { execution, im2col, first, to };
	uint64_t taps = (uint64_t)im2col->window->kernel[0] * im2col->window->kernel[1];
	uint64_t step = STEP / im2col->group;

	return parallel_ranges(execution->memory, rows * taps, step ? step : 1, copy_range, &job,
			       &execution->fault);
}
