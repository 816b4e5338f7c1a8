/* SPDX-License-Identifier: MIT */
/* A seeded generator, the same on every host (xorshift64*). */
#ifndef RV32_TESTS_RANDOM_H
#define RV32_TESTS_RANDOM_H

#include <stdint.h>

/** random_seed() - start a sequence; @seed is not zero */
static inline void random_seed(uint64_t *state, uint64_t seed)
{
	*state = seed;
}

/** random_u32() - the next 32 bits */
static inline uint32_t random_u32(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * 0x2545f4914f6cdd1dull) >> 32);
}

/** random_below() - a number below @limit */
static inline uint32_t random_below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)((uint64_t)random_u32(state) * limit >> 32);
}

#endif
