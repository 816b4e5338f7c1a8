/* SPDX-License-Identifier: MIT */
#include "codes.h"

#include <string.h>

#include <number/clones.h>

/* The sign of an element of half a byte, of a byte, and of two bytes. */
#define SIGN4	0x8
#define SIGN8	0x80
#define SIGN16	0x8000

int32_t codes_first_offset(unsigned int type)
{
	switch (type) {
	case TSR_HW_TYPE_INT4:
	case TSR_HW_TYPE_INT8:
		return SIGN8;
	case TSR_HW_TYPE_INT16:
		return SIGN16;
	default:
		return 0;
	}
}

int32_t codes_second_offset(unsigned int type)
{
	return type == TSR_HW_TYPE_UINT8 || type == TSR_HW_TYPE_INT16 ? SIGN8 : 0;
}

TILE_CLONES static void flip(const uint8_t *from, uint8_t *to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = from[i] ^ SIGN8;
}

/* Of two's complement in half a byte, plus @offset. */
TILE_CLONES static void extend(const uint8_t *from, uint8_t *to, uint64_t n, uint8_t offset)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = (uint8_t)((from[i] ^ SIGN4) - SIGN4 + offset);
}

/* Each byte exclusive-or'ed with its part of @with. */
TILE_CLONES static void part(const uint16_t *from, uint8_t *low, uint8_t *high, uint64_t n,
			     uint16_t with)
{
	for (uint64_t i = 0; i < n; i++) {
		uint16_t code = from[i] ^ with;

		low[i] = (uint8_t)code;
		high[i] = (uint8_t)(code >> 8);
	}
}

static void copy(const void *from, void *to, uint64_t n)
{
	if (n && from != to)
		memcpy(to, from, n);
}

void codes_first(unsigned int type, const void *from, uint8_t *low, uint8_t *high, uint64_t n)
{
	switch (type) {
	case TSR_HW_TYPE_INT16:
		part(from, low, high, n, SIGN16);
		break;
	case TSR_HW_TYPE_INT8:
		flip(from, low, n);
		break;
	case TSR_HW_TYPE_INT4:
		extend(from, low, n, SIGN8);
		break;
	default:
		copy(from, low, n);
		break;
	}
}

void codes_second(unsigned int type, const void *from, int8_t *low, int8_t *high, uint64_t n)
{
	switch (type) {
	case TSR_HW_TYPE_INT16:
		part(from, (uint8_t *)low, (uint8_t *)high, n, SIGN8);
		break;
	case TSR_HW_TYPE_UINT8:
		flip(from, (uint8_t *)low, n);
		break;
	case TSR_HW_TYPE_INT4:
		extend(from, (uint8_t *)low, n, 0);
		break;
	default:
		copy(from, low, n);
		break;
	}
}
