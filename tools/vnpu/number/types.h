/* SPDX-License-Identifier: MIT */
/* Facts of element types (TSR_HW_TYPE_...), and what a register holds of each. */
#ifndef VNPU_NUMBER_TYPES_H
#define VNPU_NUMBER_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include <tsr_hw/types.h>

/**
 * enum number_class - types of registers
 * @NUMBER_F32: float
 * @NUMBER_I32: int32_t
 * @NUMBER_I64: int64_t; of uint64 elements it holds the bits
 * @NUMBER_BOOL: uint8_t, 0 or 1
 */
enum number_class { NUMBER_F32, NUMBER_I32, NUMBER_I64, NUMBER_BOOL };

/** number_is_type() - @type is the code of a type of elements */
bool number_is_type(unsigned int type);

/** number_bits() - bits of an element in memory: 4 to 64 */
unsigned int number_bits(unsigned int type);

/** number_bytes() - bytes of an element by itself: one for half a byte, too */
unsigned int number_bytes(unsigned int type);

/** number_is_floating() - fp32 to fp4, and e8m0 */
bool number_is_floating(unsigned int type);

/** number_is_integer() - int4 to uint64; bool is neither integer nor floating */
bool number_is_integer(unsigned int type);

/** number_is_signed() - it has negative values */
bool number_is_signed(unsigned int type);

/** number_class_of() - what loading an element gives */
enum number_class number_class_of(unsigned int type);

/** number_class_size() - bytes of an element of a register */
size_t number_class_size(enum number_class of);

#endif
