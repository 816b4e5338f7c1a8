/* SPDX-License-Identifier: MIT */
#include "im2col.h"

#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "parallel.h"
#include "window.h"

/* Rows a thread builds at a time. */
#define STEP 64

struct job {
	const struct im2col *im2col;
	uint64_t first;
	char *to;
};

/* One row of the window: its columns lie side by side unless dilated or grouped. */
static char *copy_taps(const struct im2col *im2col, const char *line, uint64_t column, char *to)
{
	const struct window *window = im2col->window;
	uint64_t bytes = im2col->group * im2col->size;

	for (uint64_t tap = 0; tap < window->kernel[1]; tap++, to += bytes) {
		uint64_t at;

		if (line && window_element(window, 1, column, tap, im2col->in[1], &at))
			memcpy(to, line + (at * im2col->channels + im2col->first) * im2col->size,
			       bytes);
		else
			memset(to, im2col->padding, bytes);
	}
	return to;
}

static bool is_contiguous(const struct im2col *im2col, uint64_t column)
{
	const struct window *window = im2col->window;
	uint64_t start = column * window->stride[1];

	return im2col->group == im2col->channels && window->dilation[1] == 1 &&
	       start >= window->pad_before[1] &&
	       start - window->pad_before[1] + window->kernel[1] <= im2col->in[1];
}

static char *copy_line(const struct im2col *im2col, const char *line, uint64_t column, char *to)
{
	const struct window *window = im2col->window;
	uint64_t pixel = im2col->channels * im2col->size;
	uint64_t bytes = window->kernel[1] * pixel;

	if (!line || !is_contiguous(im2col, column))
		return copy_taps(im2col, line, column, to);
	memcpy(to, line + (column * window->stride[1] - window->pad_before[1]) * pixel, bytes);
	return to + bytes;
}

static char *copy_window(const struct im2col *im2col, uint64_t row, char *to)
{
	uint64_t pitch = im2col->in[1] * im2col->channels * im2col->size;
	uint64_t column = row % im2col->out[1];
	uint64_t line = row / im2col->out[1] % im2col->out[0];
	const char *picture = im2col->pictures +
			      row / im2col->out[1] / im2col->out[0] * im2col->in[0] * pitch;

	for (uint64_t tap = 0; tap < im2col->window->kernel[0]; tap++) {
		uint64_t at;
		bool inside = window_element(im2col->window, 0, line, tap, im2col->in[0], &at);

		to = copy_line(im2col, inside ? picture + at * pitch : NULL, column, to);
	}
	return to;
}

static int copy_rows(void *context, uint64_t first, uint64_t rows, uint64_t *fault)
{
	const struct job *job = context;
	const struct window *window = job->im2col->window;
	uint64_t bytes = (uint64_t)window->kernel[0] * window->kernel[1] * job->im2col->group *
			 job->im2col->size;
	char *to = job->to + first * bytes;

	(void)fault;
	for (uint64_t row = 0; row < rows; row++)
		to = copy_window(job->im2col, job->first + first + row, to);
	return 0;
}

void im2col(const struct im2col *im2col, uint64_t first, uint64_t rows, void *to)
{
	struct job job = { im2col, first, to };
	uint64_t fault;

	parallel_ranges(rows, STEP, copy_rows, &job, &fault);
}
