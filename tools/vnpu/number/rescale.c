/* SPDX-License-Identifier: MIT */
#include "rescale.h"

#include "clones.h"

TILE_CLONES void number_rescale(const int32_t *a, const int32_t *b, unsigned int shift,
				int32_t *to, size_t n)
{
	int64_t half = shift ? 1ll << (shift - 1) : 0;

	for (size_t i = 0; i < n; i++)
		to[i] = (int32_t)(((int64_t)a[i] * b[i] + half) >> shift);
}
