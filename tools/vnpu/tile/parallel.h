/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_PARALLEL_H
#define VNPU_TILE_PARALLEL_H

#include <stdint.h>

struct tile_memory;

/**
 * parallel_threads() - a share of the host's processors
 * @engines: engines that compute at the same time
 *
 * The same in every call of a process, because results may depend on it.
 *
 * Return: threads for each of them, at least 1.
 */
unsigned int parallel_threads(unsigned int engines);

/** parallel_use() - the calling thread divides its work among @threads, itself included */
void parallel_use(unsigned int threads);

/**
 * parallel_ranges() - split a range over threads
 * @memory: who is asked before each call of @body whether to give up
 * @count: work is 0 to @count - 1
 * @step: work of one call; bounded, for nothing else stops a call
 * @body: does @n from @first; returns 0, or an error with *@fault
 * @context: handed to @body
 * @fault: of the error returned
 *
 * Of several errors the one of the lowest range is returned, so that the result does
 * not depend on the number of threads.
 *
 * Return: 0, the error of @body, or EXECUTION_ABORTED.
 */
int parallel_ranges(const struct tile_memory *memory, uint64_t count, uint64_t step,
		    int (*body)(void *context, uint64_t first, uint64_t n, uint64_t *fault),
		    void *context, uint64_t *fault);

#endif
