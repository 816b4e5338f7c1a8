/* SPDX-License-Identifier: MIT */
/* Seeded random numbers: the same in every run. */
#ifndef TSR_TESTS_RANDOM_H
#define TSR_TESTS_RANDOM_H

#include <stdint.h>

/* SplitMix64 */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* From 0 to @bound - 1. */
static inline uint64_t random_below(uint64_t *state, uint64_t bound)
{
	return random_next(state) % bound;
}

/* From -1 to 1. */
static inline float random_real(uint64_t *state)
{
	return (float)(random_next(state) >> 40) * 0x1p-23f - 1;
}

#endif
