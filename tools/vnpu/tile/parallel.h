/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_PARALLEL_H
#define VNPU_TILE_PARALLEL_H

#include <stdint.h>

/**
 * parallel_ranges() - split a range over threads
 * @count: work is 0 to @count - 1
 * @step: work of one call
 * @body: does @n from @first; returns 0, or an error with *@fault
 * @context: handed to @body
 * @fault: of the error returned
 *
 * Of several errors the one of the lowest range is returned, so that the result does
 * not depend on the number of threads.
 *
 * Return: 0 or the error of @body.
 */
int parallel_ranges(uint64_t count, uint64_t step,
		    int (*body)(void *context, uint64_t first, uint64_t n, uint64_t *fault),
		    void *context, uint64_t *fault);

#endif
