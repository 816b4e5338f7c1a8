/* SPDX-License-Identifier: MIT */
#include "nibble.h"

#include "clones.h"

TILE_CLONES static void unpack_pairs(const uint8_t *from, uint8_t *to, size_t pairs)
{
	for (size_t i = 0; i < pairs; i++) {
		to[2 * i] = from[i] & 0xf;
		to[2 * i + 1] = from[i] >> 4;
	}
}

TILE_CLONES static void pack_pairs(const uint8_t *from, uint8_t *to, size_t pairs)
{
	for (size_t i = 0; i < pairs; i++)
		to[i] = (uint8_t)((from[2 * i] & 0xf) | from[2 * i + 1] << 4);
}

void number_unpack4(const uint8_t *from, uint8_t *to, size_t n)
{
	unpack_pairs(from, to, n / 2);
	if (n % 2)
		to[n - 1] = from[n / 2] & 0xf;
}

void number_pack4(const uint8_t *from, uint8_t *to, size_t n)
{
	pack_pairs(from, to, n / 2);
	if (n % 2)
		to[n / 2] = from[n - 1] & 0xf;
}
