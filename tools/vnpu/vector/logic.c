/* SPDX-License-Identifier: MIT */
/* Bits of integers, and bool, which is 0 or 1. */
#include "loops.h"

#define LOGIC2(name, expression)							\
LOOP2(name##_i32, uint32_t, uint32_t, expression)					\
LOOP2(name##_i64, uint64_t, uint64_t, expression)					\
LOOP2(name##_bool, uint8_t, uint8_t, expression)

LOGIC2(and, x & y)
OPERATION_BITS(AND, and)

LOGIC2(or, x | y)
OPERATION_BITS(OR, or)

LOGIC2(xor, x ^ y)
OPERATION_BITS(XOR, xor)

LOOP1(not_i32, uint32_t, uint32_t, ~x)
LOOP1(not_i64, uint64_t, uint64_t, ~x)
LOOP1(not_bool, uint8_t, uint8_t, !x)
OPERATION_BITS(NOT, not)

/* Counts are modulo the width. */
LOOP2(shl_i32, uint32_t, uint32_t, x << (y & 31))
LOOP2(shl_i64, uint64_t, uint64_t, x << (y & 63))
OPERATION_INTEGER(SHL, shl)

LOOP2(shr_i32, uint32_t, uint32_t, x >> (y & 31))
LOOP2(shr_i64, uint64_t, uint64_t, x >> (y & 63))
OPERATION_INTEGER(SHR, shr)

LOOP2(sar_i32, int32_t, int32_t, x >> (y & 31))
LOOP2(sar_i64, int64_t, int64_t, x >> (y & 63))
OPERATION_INTEGER(SAR, sar)
