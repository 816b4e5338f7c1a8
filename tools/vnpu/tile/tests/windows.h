/* SPDX-License-Identifier: MIT */
/* Windows that slide over 1 to 3 dimensions: POOL and CONV. */
#ifndef TEST_WINDOWS_H
#define TEST_WINDOWS_H

#include "bench.h"

/** windows_random() - windows, and extents @in and @out that fit them; @out is at least 1 */
void windows_random(struct bench *bench, struct tsr_hw_window *windows, unsigned int dims,
		    uint32_t *in, uint32_t *out);

/** windows_taps() - taps of a window */
uint64_t windows_taps(const struct tsr_hw_window *windows, unsigned int dims);

/** windows_tap() - coordinates @at of tap @tap, a number in row-major order, in a window */
void windows_tap(const struct tsr_hw_window *windows, unsigned int dims, uint64_t tap,
		 uint64_t *at);

/**
 * windows_source() - where a tap meets the input
 * @windows: of each dimension
 * @dims: dimensions
 * @in: extents of the input
 * @tap: number of the tap in row-major order
 * @out: coordinates of the output
 * @at: result
 *
 * Return: whether it meets an element.
 */
bool windows_source(const struct tsr_hw_window *windows, unsigned int dims, const uint32_t *in,
		    uint64_t tap, const uint64_t *out, uint64_t *at);

#endif
