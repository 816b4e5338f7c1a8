/* SPDX-License-Identifier: MIT */
/* What windows of a convolution or pool touch. */
#ifndef VNPU_TIME_WINDOW_H
#define VNPU_TIME_WINDOW_H

#include <stdint.h>

#include "command.h"

/**
 * struct range - consecutive indices
 * @start: the first one
 * @size: how many
 */
struct range {
	uint64_t start;
	uint64_t size;
};

/**
 * window_hit() - inputs from the first tap of the first of some outputs to the last tap of the last
 * @window: of this dimension
 * @outputs: the outputs
 * @inputs: extent of the input
 *
 * Taps between may leave some of them out. Both ends lie within the input.
 *
 * Return: a size of 0 if all from tap to tap is padding or zeros of the input's dilation.
 */
struct range window_hit(const struct window *window, struct range outputs, uint64_t inputs);

/**
 * window_span() - as many inputs as the windows of some outputs can hit
 * @window: of this dimension
 * @outputs: how many, at least one
 * @inputs: extent of the input
 */
uint64_t window_span(const struct window *window, uint64_t outputs, uint64_t inputs);

#endif
