/* SPDX-License-Identifier: MIT */
#include "halves.h"

#include "smaller.h"

#include <number/clones.h>
#include <number/nibble.h>

void halves_unpack(const uint8_t *from, unsigned int first, uint8_t *to, uint64_t n)
{
	if (first && n) {
		*to++ = *from++ >> 4;
		n--;
	}
	number_unpack4(from, to, n);
}

TILE_CLONES static void take_low(const uint8_t *from, uint8_t *to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = from[i] & 0xf;
}

TILE_CLONES static void take_high(const uint8_t *from, uint8_t *to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = from[i] >> 4;
}

void halves_rows(const uint8_t *from, unsigned int first, int packed, uint64_t rows,
		 uint64_t columns, uint8_t *to)
{
	for (uint64_t row = 0; row < rows; row++, to += columns) {
		uint64_t half = packed ? first + row : first;
		const uint8_t *bytes = from + (packed ? half / 2 : row) * columns;

		if (half % 2)
			take_high(bytes, to, columns);
		else
			take_low(bytes, to, columns);
	}
}

uint64_t halves_places(uint64_t elements, uint64_t odd_row)
{
	return odd_row ? elements / odd_row * (odd_row + 1) : elements;
}

uint64_t halves_element(uint64_t place, uint64_t odd_row)
{
	if (!odd_row)
		return place;
	return place / (odd_row + 1) * odd_row + smaller(place % (odd_row + 1), odd_row);
}
