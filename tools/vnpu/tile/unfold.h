/* SPDX-License-Identifier: MIT */
/* Windows of a convolution as rows of a matrix: what its taps meet, and padding. */
#ifndef VNPU_TILE_UNFOLD_H
#define VNPU_TILE_UNFOLD_H

#include <stdint.h>

#include "accumulate.h"
#include "sliding.h"

struct execution;
struct tensor;

/**
 * struct unfold - which windows, and where what they meet lies
 * @pairing: types
 * @x: [N, C, in..]
 * @window: of each dimension, missing ones first
 * @stride: of @x in these dimensions
 * @pictures: staged ones, [images, in.., C], or NULL: they are read where they lie
 * @image: the first staged picture
 * @first: first channel
 * @channels: channels that a window has
 * @by_channel: a row is [channels, taps], else [taps, channels]
 * @padding: codes of an element that is the zero point; floating-point padding is 0
 */
struct unfold {
	const struct pairing *pairing;
	const struct tensor *x;
	const struct sliding *window;
	uint64_t stride[TSR_HW_MAX_SPATIAL];
	const struct rows *pictures;
	uint64_t image;
	uint64_t first;
	uint64_t channels;
	bool by_channel;
	uint8_t padding[CODES_PLANES];
};

/**
 * unfold() - make rows, by all threads
 * @execution: the running command
 * @unfold: how
 * @first: number of the first window, over all pictures
 * @rows: has room for @rows->count rows
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_* or EXECUTION_ABORTED.
 */
int unfold(struct execution *execution, const struct unfold *unfold, uint64_t first,
	   const struct rows *rows);

#endif
