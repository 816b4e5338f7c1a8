/* SPDX-License-Identifier: MIT */
/* Counts that stay at their most: an absurd command is larger than any limit. */
#ifndef VNPU_TILE_SATURATING_H
#define VNPU_TILE_SATURATING_H

#include <stdint.h>

/** saturating_add() - a + b, at most UINT64_MAX */
static inline uint64_t saturating_add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/** saturating_mul() - a * b, at most UINT64_MAX */
static inline uint64_t saturating_mul(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

#endif
