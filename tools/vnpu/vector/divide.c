/* SPDX-License-Identifier: MIT */
/*
 * Quotients and remainders. An integer divided by 0 gives 0 and is counted; the least
 * integer by -1 would overflow, so a divisor of -1 never divides.
 */
#include <math.h>

#include "loops.h"

LOOP2(div_f32, float, float, x / y)
LOOP2(rem_f32, float, float, fmodf(x, y))

static inline int64_t quotient(int64_t x, int64_t y)
{
	return y == -1 ? (int64_t)(0 - (uint64_t)x) : x / y;
}

static inline int64_t remainder_like_x(int64_t x, int64_t y)
{
	return y == -1 ? 0 : x % y;
}

static inline int64_t remainder_like_y(int64_t x, int64_t y)
{
	int64_t rest = remainder_like_x(x, y);

	return rest && (rest < 0) != (y < 0) ? rest + y : rest;
}

/* @expression of x and y, y is not 0. */
#define DIVISION(name, type, wide, expression)						\
static void name(const struct vector_work *work)					\
{											\
	type *d = work->d;								\
	const type *a = work->a;							\
	const type *b = work->b;							\
											\
	for (size_t i = 0; i < work->n; i++) {						\
		wide x = (wide)a[i];							\
		wide y = (wide)b[i];							\
											\
		d[i] = y ? (type)(expression) : 0;					\
		*work->divisions_by_zero += !y;						\
	}										\
}

DIVISION(div_i32, int32_t, int64_t, quotient(x, y))
DIVISION(div_i64, int64_t, int64_t, quotient(x, y))
OPERATION_NUMBER(DIV, div)

DIVISION(rem_i32, int32_t, int64_t, remainder_like_x(x, y))
DIVISION(rem_i64, int64_t, int64_t, remainder_like_x(x, y))
OPERATION_NUMBER(REM, rem)

DIVISION(mod_i32, int32_t, int64_t, remainder_like_y(x, y))
DIVISION(mod_i64, int64_t, int64_t, remainder_like_y(x, y))
OPERATION_INTEGER(MOD, mod)

DIVISION(divu_i32, uint32_t, uint32_t, x / y)
DIVISION(divu_i64, uint64_t, uint64_t, x / y)
OPERATION_INTEGER(DIVU, divu)

DIVISION(remu_i32, uint32_t, uint32_t, x % y)
DIVISION(remu_i64, uint64_t, uint64_t, x % y)
OPERATION_INTEGER(REMU, remu)
