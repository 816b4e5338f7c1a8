// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * The remainder of a word is the exclusive or of the remainders of its parts: 11, 11 and
 * 10 bits, one table for each. Checksums are most of what checking a program costs.
 */
#include "crc.h"

#define POLYNOMIAL 0xedb88320u

#define LOW_BITS 11u
#define MIDDLE_BITS 11u
#define HIGH_BITS 10u
#define PART_MASK 0x7ffu

/* Reads structures of any type. */
typedef uint32_t __attribute__((may_alias)) any_word;

static uint32_t low[1u << LOW_BITS];
static uint32_t middle[1u << MIDDLE_BITS];
static uint32_t high[1u << HIGH_BITS];

static uint32_t shift_out(uint32_t crc, uint32_t bits)
{
	for (uint32_t i = 0; i < bits; i++)
		crc = (crc >> 1) ^ ((crc & 1u) != 0u ? POLYNOMIAL : 0u);
	return crc;
}

/* The part's bits begin at bit @first of the word. */
static void fill(uint32_t *table, uint32_t first, uint32_t bits)
{
	table[0] = 0;
	for (uint32_t bit = 0; bit < bits; bit++) {
		uint32_t remainder = shift_out(1u << (first + bit), 32);

		for (uint32_t i = 0; i < (1u << bit); i++)
			table[(1u << bit) + i] = table[i] ^ remainder;
	}
}

void crc_prepare(void)
{
	fill(low, 0, LOW_BITS);
	fill(middle, LOW_BITS, MIDDLE_BITS);
	fill(high, LOW_BITS + MIDDLE_BITS, HIGH_BITS);
}

uint32_t crc_update(uint32_t crc, const void *data, uint32_t size)
{
	const any_word *word = data;
	const uint8_t *rest = (const uint8_t *)data + (size & ~3u);
	const any_word *end = word + size / 4u;

	for (; word != end; word++) {
		crc ^= *word;
		crc = low[crc & PART_MASK] ^ middle[(crc >> LOW_BITS) & PART_MASK] ^
		      high[crc >> (LOW_BITS + MIDDLE_BITS)];
	}
	for (uint32_t i = 0; i < (size & 3u); i++)
		crc = shift_out(crc ^ rest[i], 8);
	return crc;
}
