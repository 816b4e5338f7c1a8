// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Four bytes a step: one table lookup each, combined by exclusive or. */
#include "crc.h"

#define POLYNOMIAL 0xedb88320u

/* Reads structures of any type. */
typedef uint32_t __attribute__((may_alias)) any_word;

static uint32_t table[4][256];

static uint32_t byte_remainder(uint32_t byte)
{
	uint32_t crc = byte;

	for (uint32_t bit = 0; bit < 8u; bit++)
		crc = (crc >> 1) ^ ((crc & 1u) != 0u ? POLYNOMIAL : 0u);
	return crc;
}

void crc_prepare(void)
{
	for (uint32_t i = 0; i < 256u; i++)
		table[0][i] = byte_remainder(i);
	for (uint32_t i = 0; i < 256u; i++) {
		for (uint32_t t = 1; t < 4u; t++) {
			uint32_t before = table[t - 1u][i];

			table[t][i] = (before >> 8) ^ table[0][before & 0xffu];
		}
	}
}

uint32_t crc_update(uint32_t crc, const void *data, uint32_t size)
{
	const any_word *word = data;
	const uint8_t *rest = (const uint8_t *)data + (size & ~3u);
	const any_word *end = word + size / 4u;

	for (; word != end; word++) {
		crc ^= *word;
		crc = table[3][crc & 0xffu] ^ table[2][(crc >> 8) & 0xffu] ^
		      table[1][(crc >> 16) & 0xffu] ^ table[0][crc >> 24];
	}
	for (uint32_t i = 0; i < (size & 3u); i++)
		crc = (crc >> 8) ^ table[0][(crc ^ rest[i]) & 0xffu];
	return crc;
}
