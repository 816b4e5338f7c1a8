/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_IM2COL_H
#define VNPU_TILE_IM2COL_H

#include <stdint.h>

struct execution;
struct tensor;
struct window;

/**
 * struct im2col - windows of pictures as rows of a matrix
 * @window: the window
 * @pictures: dense [.., H, W, C]; NULL to read pixels of @x where they lie
 * @x: the pictures in the job's memory
 * @image: number of the first picture there
 * @in: H, W
 * @out: OH, OW
 * @channels: C
 * @first: first channel of the group
 * @group: channels of the group
 * @size: bytes of an element, 1 or 4
 * @padding: byte that fills the padding
 */
struct im2col {
	const struct window *window;
	const char *pictures;
	const struct tensor *x;
	uint64_t image;
	uint64_t in[2];
	uint64_t out[2];
	uint64_t channels;
	uint64_t first;
	uint64_t group;
	uint32_t size;
	uint8_t padding;
};

/**
 * im2col() - build rows of the matrix, by all threads
 * @execution: the running command
 * @im2col: pictures and windows
 * @first: first row; row (picture * OH + oh) * OW + ow is the window there
 * @rows: rows
 * @to: [rows, KH, KW, group]
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_* or EXECUTION_ABORTED.
 */
int im2col(struct execution *execution, const struct im2col *im2col, uint64_t first,
	   uint64_t rows, void *to);

#endif
