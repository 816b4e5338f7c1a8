/* SPDX-License-Identifier: MIT */
/* Windows that slide over the rows and columns of pictures: CONV and POOL. */
#ifndef VNPU_TILE_WINDOW_H
#define VNPU_TILE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "view.h"

/**
 * window_check() - check a window against input and output extents
 * @window: the window
 * @in: input rows, columns
 * @out: output rows, columns
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int window_check(const struct window *window, const uint64_t in[2], const uint64_t out[2]);

/**
 * window_reach() - rows or columns from a window's first to its last element
 * @window: the window
 * @axis: 0 for rows, 1 for columns
 *
 * Return: dilation * (kernel - 1) + 1.
 */
uint64_t window_reach(const struct window *window, int axis);

/**
 * window_element() - where one window element lies
 * @window: the window
 * @axis: 0 for rows, 1 for columns
 * @out: output row or column
 * @tap: row or column in the window
 * @in: input extent
 * @at: result, input row or column
 *
 * Return: false when it lies in the padding.
 */
static inline bool window_element(const struct window *window, int axis, uint64_t out,
				  uint64_t tap, uint64_t in, uint64_t *at)
{
	*at = out * window->stride[axis] + tap * window->dilation[axis] -
	      window->pad_before[axis];
	/* In front of the picture the subtraction wrapped. */
	return *at < in;
}

/**
 * window_taps() - the part of a window that lies inside the picture
 * @window: the window
 * @axis: 0 for rows, 1 for columns
 * @out: output row or column
 * @in: input extent
 * @first: result, first row or column of the window inside
 *
 * However large the window, at most @in of its rows or columns are inside.
 *
 * Return: their number.
 */
uint64_t window_taps(const struct window *window, int axis, uint64_t out, uint64_t in,
		     uint64_t *first);

/**
 * window_is_sparse() - whether windows meet few of the pixels
 * @window: the window
 * @in: rows and columns of a picture
 * @pixels: windows over a picture
 *
 * Then whole pictures would be staged for little work, which is all that the cycle model
 * counts. Where it is a matter of less than a factor of eight, staging is faster.
 */
bool window_is_sparse(const struct window *window, const uint64_t in[2], uint64_t pixels);

/**
 * view_channels_last() - pictures [N, C, H, W] read as [N, H, W, C]
 * @view: result
 * @pictures: tensor of rank 4
 * @first: first channel
 * @channels: channels
 */
void view_channels_last(struct view *view, const struct tensor *pictures, uint64_t first,
			uint64_t channels);

#endif
