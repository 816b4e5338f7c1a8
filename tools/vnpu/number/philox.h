/* SPDX-License-Identifier: MIT */
/* Random numbers by counter: Philox 4x32-10 of Salmon, Moraes, Dror and Shaw (SC 2011). */
#ifndef VNPU_NUMBER_PHILOX_H
#define VNPU_NUMBER_PHILOX_H

#include <stddef.h>
#include <stdint.h>

#define PHILOX_ROUNDS	10

/**
 * struct philox - 128 bits, the low word first: a counter, and what becomes of it
 */
struct philox {
	uint32_t word[4];
};

/** philox_of() - the random words of a counter and a key of two words */
static inline struct philox philox_of(struct philox x, uint32_t key0, uint32_t key1)
{
#pragma GCC unroll 10
	for (int round = 0; round < PHILOX_ROUNDS; round++) {
		uint64_t first = 0xd2511f53ull * x.word[0];
		uint64_t second = 0xcd9e8d57ull * x.word[2];

		x = (struct philox){ {
			(uint32_t)(second >> 32) ^ x.word[1] ^ key0, (uint32_t)second,
			(uint32_t)(first >> 32) ^ x.word[3] ^ key1, (uint32_t)first
		} };
		key0 += 0x9e3779b9;
		key1 += 0xbb67ae85;
	}
	return x;
}

/**
 * number_philox() - one random word each
 * @counter: the lower half of the counter; the upper one is 0
 * @key: 64 bits
 * @word: which word of the result, 0 to 3
 * @to: below 2^32; may be @counter or @key
 * @n: elements
 */
void number_philox(const int64_t *counter, const int64_t *key, unsigned int word, int64_t *to,
		   size_t n);

#endif
