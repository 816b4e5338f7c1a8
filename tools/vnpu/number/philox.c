/* SPDX-License-Identifier: MIT */
#include "philox.h"

#include "clones.h"

TILE_CLONES void number_philox(const int64_t *counter, const int64_t *key, unsigned int word,
			       int64_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t low = (uint64_t)counter[i];
		uint64_t k = (uint64_t)key[i];
		struct philox start = { { (uint32_t)low, (uint32_t)(low >> 32) } };
		struct philox x = philox_of(start, (uint32_t)k, (uint32_t)(k >> 32));

		to[i] = word == 0 ? x.word[0] : word == 1 ? x.word[1] :
			word == 2 ? x.word[2] : x.word[3];
	}
}
