/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_REPEAT_H
#define VNPU_TILE_REPEAT_H

#include <stdint.h>
#include <string.h>

/**
 * repeat() - repeat the start of a buffer until it is full
 * @to: buffer, its first @period bytes set
 * @period: bytes to repeat, at least 1
 * @bytes: size of the buffer, at least @period
 */
static inline void repeat(char *to, uint64_t period, uint64_t bytes)
{
	for (uint64_t done = period; done < bytes; done *= 2)
		memcpy(to + done, to, done < bytes - done ? done : bytes - done);
}

#endif
