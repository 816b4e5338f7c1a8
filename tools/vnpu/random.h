/* SPDX-License-Identifier: MIT */
#ifndef VNPU_RANDOM_H
#define VNPU_RANDOM_H

#include <stdint.h>

/**
 * random_next() - next number of a seeded sequence (splitmix64)
 * @state: the seed, then the state
 *
 * The same on every host: what is chosen by it can be reproduced from the seed.
 */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

#endif
