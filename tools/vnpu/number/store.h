/* SPDX-License-Identifier: MIT */
/* From elements of registers to elements as memory holds them: each rounded once. */
#ifndef VNPU_NUMBER_STORE_H
#define VNPU_NUMBER_STORE_H

#include <stddef.h>

#include "types.h"

/**
 * enum number_flag - how values are stored that a type has no room for
 * @NUMBER_SATURATE: of fp8 and e8m0: as the largest finite value of that sign
 * @NUMBER_WRAP: of integers from integers: as their low bits
 */
enum number_flag { NUMBER_SATURATE = 1 << 0, NUMBER_WRAP = 1 << 1 };

/**
 * number_store() - elements of a register as stored elements
 * @from_class: of the elements
 * @from: elements of that class
 * @type: to store as
 * @flags: of enum number_flag
 * @to: elements one behind the other, aligned for @type; those of 4 bits are one a byte, in
 *	its low half, the upper half 0 (number_pack4())
 * @n: elements
 */
void number_store(enum number_class from_class, const void *from, unsigned int type,
		  unsigned int flags, void *to, size_t n);

#endif
