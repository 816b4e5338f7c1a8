/* SPDX-License-Identifier: MIT */
/*
 * Integer operands as the bytes that products are computed of: unsigned ones of the first
 * operand, signed ones of the second. int16 has two of them, low and high.
 *
 * first = low + 256 high - offset, second = low + 256 high + offset
 */
#ifndef VNPU_TILE_CODES_H
#define VNPU_TILE_CODES_H

#include <stdint.h>

#include <tsr_hw/types.h>

/* Bytes of an operand, each in an array of its own. */
#define CODES_PLANES	2u

/** codes_planes() - how many bytes an element of @type has: 1 or 2 */
static inline unsigned int codes_planes(unsigned int type)
{
	return type == TSR_HW_TYPE_INT16 ? 2 : 1;
}

/** codes_first_offset() - what is subtracted from a first operand's codes */
int32_t codes_first_offset(unsigned int type);

/** codes_second_offset() - what is added to a second operand's codes */
int32_t codes_second_offset(unsigned int type);

/**
 * codes_first() - elements of a first operand
 * @type: int4 to int16
 * @from: elements as stored; those of half a byte one a byte, upper halves 0
 * @low: their low bytes; may be @from
 * @high: their high bytes, of int16 only
 * @n: elements
 */
void codes_first(unsigned int type, const void *from, uint8_t *low, uint8_t *high, uint64_t n);

/** codes_second() - the same for a second operand */
void codes_second(unsigned int type, const void *from, int8_t *low, int8_t *high, uint64_t n);

#endif
