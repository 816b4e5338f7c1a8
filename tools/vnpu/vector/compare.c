/* SPDX-License-Identifier: MIT */
/* Comparisons, whose results are bool, and the choice by one. */
#include <math.h>

#include "loops.h"

#define COMPARE(name, expression)							\
LOOP2(name##_f32, uint8_t, float, expression)						\
LOOP2(name##_i32, uint8_t, int32_t, expression)						\
LOOP2(name##_i64, uint8_t, int64_t, expression)

#define COMPARE_UNSIGNED(name, expression)						\
LOOP2(name##_i32, uint8_t, uint32_t, expression)					\
LOOP2(name##_i64, uint8_t, uint64_t, expression)

COMPARE(eq, x == y)
LOOP2(eq_bool, uint8_t, uint8_t, x == y)
OPERATION_ALL(EQ, eq)

COMPARE(ne, x != y)
LOOP2(ne_bool, uint8_t, uint8_t, x != y)
OPERATION_ALL(NE, ne)

COMPARE(lt, x < y)
OPERATION_NUMBER(LT, lt)

COMPARE(le, x <= y)
OPERATION_NUMBER(LE, le)

COMPARE(gt, x > y)
OPERATION_NUMBER(GT, gt)

COMPARE(ge, x >= y)
OPERATION_NUMBER(GE, ge)

COMPARE_UNSIGNED(ltu, x < y)
OPERATION_INTEGER(LTU, ltu)

COMPARE_UNSIGNED(leu, x <= y)
OPERATION_INTEGER(LEU, leu)

LOOP1(is_nan_f32, uint8_t, float, x != x)
OPERATION_F32(IS_NAN, is_nan)

LOOP1(is_inf_f32, uint8_t, float, fabsf(x) == HUGE_VALF)
OPERATION_F32(IS_INF, is_inf)

/* Of floating-point values the bits are chosen: a not-a-number is kept as it is. */
LOOP3(select_f32, uint32_t, uint8_t, x ? y : z)
LOOP3(select_i64, uint64_t, uint8_t, x ? y : z)
LOOP3(select_bool, uint8_t, uint8_t, x ? y : z)
#define select_i32 select_f32
OPERATION_ALL(SELECT, select)
