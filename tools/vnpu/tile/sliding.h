/* SPDX-License-Identifier: MIT */
/* Windows that slide over one dimension: POOL. */
#ifndef VNPU_TILE_SLIDING_H
#define VNPU_TILE_SLIDING_H

#include <stdint.h>

#include <tsr_hw/command.h>

struct tile_request;

/**
 * struct sliding - a checked window
 * @kernel: taps
 * @stride: from a window to the next
 * @dilation: from a tap to the next
 * @input_dilation: from an element to the next
 * @before: padding in front of the elements, negative where they are cut
 * @in: elements
 * @out: windows
 * @common: greatest common divisor of both dilations
 * @cycle: taps from one that meets an element to the next one
 * @advance: elements that these two are apart
 * @inverse: of @dilation / @common modulo @cycle
 */
struct sliding {
	uint32_t kernel;
	uint32_t stride;
	uint32_t dilation;
	uint32_t input_dilation;
	int64_t before;
	uint64_t in;
	uint64_t out;
	uint32_t common;
	uint32_t cycle;
	uint32_t advance;
	uint32_t inverse;
};

/**
 * struct hits - what a window meets: each @cycle-th tap, each @advance-th element
 * @tap: the first tap that meets an element
 * @at: the element
 * @count: taps that do
 */
struct hits {
	uint64_t tap;
	uint64_t at;
	uint64_t count;
};

/**
 * sliding_decode() - check a window
 * @request: parameters
 * @raw: as the command has it; pads may name parameters
 * @in: elements
 * @out: windows that the command says there are
 * @sliding: result
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_COMMAND or TSR_HW_ERR_PARAMETER.
 */
int sliding_decode(const struct tile_request *request, const struct tsr_hw_window *raw,
		   uint64_t in, uint64_t out, struct sliding *sliding);

/** sliding_none() - the window of a dimension that is not there: one element, one window */
void sliding_none(struct sliding *sliding);

/** sliding_is_absent() - whether all members are zero */
int sliding_is_absent(const struct tsr_hw_window *raw);

/** sliding_hits() - what window @out meets; however large it is, at most @in elements */
struct hits sliding_hits(const struct sliding *sliding, uint64_t out);

#endif
