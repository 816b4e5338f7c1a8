/* SPDX-License-Identifier: MIT */
/*
 * Staging memory: private buffers that operands are copied to. They are kept
 * for reuse up to a bound, because touching fresh pages costs more than a small
 * layer. Any thread.
 */
#ifndef VNPU_TILE_STAGING_H
#define VNPU_TILE_STAGING_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct staging_usage - what the process has
 * @used: bytes handed out
 * @kept: bytes kept for reuse
 * @peak: most of both together since staging_reset_peak()
 */
struct staging_usage {
	uint64_t used;
	uint64_t kept;
	uint64_t peak;
};

/* What staging_size() says of a size that staging_get() never has; sums of some still fit. */
#define STAGING_ABSURD	(1ull << 56)

/** staging_size() - bytes that a buffer of @bytes takes */
uint64_t staging_size(uint64_t bytes);

/**
 * staging_count() - count memory of this purpose that comes from elsewhere
 * @bytes: to be given to staging_uncount() once it is free
 *
 * Kept buffers make room for it.
 */
void staging_count(uint64_t bytes);

/** staging_uncount() - @bytes of staging_count() are free again */
void staging_uncount(uint64_t bytes);

/** staging_usage() - what is in use now */
struct staging_usage staging_usage(void);

/** staging_reset_peak() - free what is kept and measure the peak from here on */
void staging_reset_peak(void);

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
