/* SPDX-License-Identifier: MIT */
/*
 * Staging memory: private buffers that operands are copied to. They are kept
 * for reuse up to a bound, because touching fresh pages costs more than a small
 * layer. Any thread.
 */
#ifndef VNPU_TILE_STAGING_H
#define VNPU_TILE_STAGING_H

#include <stddef.h>

/**
 * staging_get() - a buffer
 * @bytes: at least these
 *
 * Return: the buffer, aligned for any vector, contents undefined; NULL without memory.
 */
void *staging_get(size_t bytes);

/**
 * staging_put() - give a buffer back
 * @buffer: from staging_get(), or NULL
 */
void staging_put(void *buffer);

#endif
