/* SPDX-License-Identifier: MIT */
/* Elements of 4 bits: two in a byte of memory, the lower index in the low half. */
#ifndef VNPU_NUMBER_NIBBLE_H
#define VNPU_NUMBER_NIBBLE_H

#include <stddef.h>
#include <stdint.h>

/**
 * number_unpack4() - one element a byte of what memory holds
 * @from: (@n + 1) / 2 bytes
 * @to: @n bytes, upper halves 0
 * @n: elements
 */
void number_unpack4(const uint8_t *from, uint8_t *to, size_t n);

/**
 * number_pack4() - the reverse
 * @from: @n bytes; upper halves are not used
 * @to: (@n + 1) / 2 bytes; if @n is odd the last upper half is 0
 * @n: elements
 */
void number_pack4(const uint8_t *from, uint8_t *to, size_t n);

#endif
