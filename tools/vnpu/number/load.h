/* SPDX-License-Identifier: MIT */
/* From elements as memory holds them to elements of registers: without loss. */
#ifndef VNPU_NUMBER_LOAD_H
#define VNPU_NUMBER_LOAD_H

#include <stddef.h>

/**
 * number_load() - stored elements as elements of a register
 * @type: of the stored elements
 * @from: elements one behind the other, aligned for @type; those of 4 bits are one a byte,
 *	in its low half (number_unpack4())
 * @to: elements of number_class_of() @type
 * @n: elements
 */
void number_load(unsigned int type, const void *from, void *to, size_t n);

#endif
