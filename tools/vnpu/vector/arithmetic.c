/* SPDX-License-Identifier: MIT */
/* Sums, products, signs, extrema. Integers wrap, so they are computed without a sign. */
#include <math.h>

#include <number/extremum.h>

#include "loops.h"

#define INTEGER1(name, expression)							\
LOOP1(name##_i32, int32_t, uint32_t, expression)					\
LOOP1(name##_i64, int64_t, uint64_t, expression)

#define INTEGER2(name, expression)							\
LOOP2(name##_i32, int32_t, uint32_t, expression)					\
LOOP2(name##_i64, int64_t, uint64_t, expression)

#define SIGNED1(name, expression)							\
LOOP1(name##_i32, int32_t, int32_t, expression)						\
LOOP1(name##_i64, int64_t, int64_t, expression)

#define SIGNED2(name, expression)							\
LOOP2(name##_i32, int32_t, int32_t, expression)						\
LOOP2(name##_i64, int64_t, int64_t, expression)

LOOP2(add_f32, float, float, x + y)
INTEGER2(add, x + y)
OPERATION_NUMBER(ADD, add)

LOOP2(sub_f32, float, float, x - y)
INTEGER2(sub, x - y)
OPERATION_NUMBER(SUB, sub)

LOOP2(mul_f32, float, float, x * y)
INTEGER2(mul, x * y)
OPERATION_NUMBER(MUL, mul)

LOOP3(fma_f32, float, float, fmaf(x, y, z))
OPERATION_F32(FMA, fma)

LOOP1(neg_f32, float, float, -x)
INTEGER1(neg, 0 - x)
OPERATION_NUMBER(NEG, neg)

LOOP1(abs_f32, float, float, fabsf(x))
LOOP1(abs_i32, int32_t, uint32_t, x >> 31 ? 0 - x : x)
LOOP1(abs_i64, int64_t, uint64_t, x >> 63 ? 0 - x : x)
OPERATION_NUMBER(ABS, abs)

/* Neither comparison holds for a zero and for not-a-number: they are kept. */
LOOP1(sign_f32, float, float, x > 0 ? 1 : x < 0 ? -1 : x)
SIGNED1(sign, (x > 0) - (x < 0))
OPERATION_NUMBER(SIGN, sign)

LOOP2(min_f32, float, float, minimum(x, y))
SIGNED2(min, x < y ? x : y)
OPERATION_NUMBER(MIN, min)

LOOP2(max_f32, float, float, maximum(x, y))
SIGNED2(max, x > y ? x : y)
OPERATION_NUMBER(MAX, max)
