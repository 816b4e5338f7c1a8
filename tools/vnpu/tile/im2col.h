/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_IM2COL_H
#define VNPU_TILE_IM2COL_H

#include <stdint.h>

struct window;

/**
 * struct im2col - windows of pictures as rows of a matrix
 * @window: the window
 * @pictures: dense [.., H, W, C]
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
 * @im2col: pictures and windows
 * @first: first row; row (picture * OH + oh) * OW + ow is the window there
 * @rows: rows
 * @to: [rows, KH, KW, group]
 */
void im2col(const struct im2col *im2col, uint64_t first, uint64_t rows, void *to);

#endif
