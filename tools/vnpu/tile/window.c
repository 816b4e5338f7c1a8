/* SPDX-License-Identifier: MIT */
#include "window.h"

#include <tsr_hw/error.h>

/* Pixels for each that a window meets, from which on they are not staged. */
#define SPARSE	8u

uint64_t window_reach(const struct window *window, int axis)
{
	return (uint64_t)window->dilation[axis] * (window->kernel[axis] - 1) + 1;
}

static uint64_t divide_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

uint64_t window_taps(const struct window *window, int axis, uint64_t out, uint64_t in,
		     uint64_t *first)
{
	uint64_t start = out * window->stride[axis];	/* in the padded picture */
	uint64_t pad = window->pad_before[axis];
	uint64_t dilation = window->dilation[axis];
	uint64_t end = start < pad + in ? divide_up(pad + in - start, dilation) : 0;

	*first = start < pad ? divide_up(pad - start, dilation) : 0;
	if (end > window->kernel[axis])
		end = window->kernel[axis];
	return end > *first ? end - *first : 0;
}

bool window_is_sparse(const struct window *window, const uint64_t in[2], uint64_t pixels)
{
	uint64_t taps = (uint64_t)window->kernel[0] * window->kernel[1];

	/* Less than 2^52 by the limit on work. */
	return in[0] * in[1] / SPARSE > pixels * taps;
}

static int check_axis(const struct window *window, int axis, uint64_t in, uint64_t out)
{
	uint64_t padded = in + window->pad_before[axis] + window->pad_after[axis];
	uint64_t reach;

	if (!window->kernel[axis] || !window->stride[axis] || !window->dilation[axis])
		return TSR_HW_ERR_COMMAND;
	reach = window_reach(window, axis);
	if (reach > padded || out != (padded - reach) / window->stride[axis] + 1)
		return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

int window_check(const struct window *window, const uint64_t in[2], const uint64_t out[2])
{
	int error = check_axis(window, 0, in[0], out[0]);

	return error ? error : check_axis(window, 1, in[1], out[1]);
}

void view_channels_last(struct view *view, const struct tensor *pictures, uint64_t first,
			uint64_t channels)
{
	view_start(view, pictures->va + first * pictures->stride[1], pictures->size);
	view_add(view, pictures->dim[0], pictures->stride[0]);
	view_add(view, pictures->dim[2], pictures->stride[2]);
	view_add(view, pictures->dim[3], pictures->stride[3]);
	view_add(view, channels, pictures->stride[1]);
}
