/* SPDX-License-Identifier: MIT */
/*
 * Memory that ends where it should: what lies behind it cannot be touched. The tile reads
 * streams from it and, in tests that are linked for it, stages operands in it.
 */
#ifndef TEST_GUARDED_H
#define TEST_GUARDED_H

#include <stddef.h>

/** guarded_get() - @bytes without a zero, aligned to 64; without memory the process ends */
void *guarded_get(size_t bytes);

/**
 * guarded_put() - give it back, or NULL
 *
 * The process ends if bytes behind it, up to the alignment, are not as they were.
 */
void guarded_put(void *memory);

/**
 * guarded_refuse() - let one staging_get() have no memory, @after so many that have; below 0: none
 */
void guarded_refuse(int after);

/**
 * guarded_copy() - a copy of a stream in memory that ends with it
 *
 * Return: the copy, until the thread's next call; @from if it is longer than any stream, or empty.
 */
const void *guarded_copy(const void *from, size_t bytes);

#endif
