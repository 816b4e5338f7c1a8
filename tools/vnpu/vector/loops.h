/* SPDX-License-Identifier: MIT */
/*
 * Loops over the elements of a strip. The result is never on an operand (plan.c), so no
 * turn of a loop depends on another, and they become vector code without a test for it.
 */
#ifndef VNPU_VECTOR_LOOPS_H
#define VNPU_VECTOR_LOOPS_H

#include <number/clones.h>

#include "operation.h"

#define F32	TSR_HW_VECTOR_TYPE_F32
#define I32	TSR_HW_VECTOR_TYPE_I32
#define I64	TSR_HW_VECTOR_TYPE_I64
#define BOOL	TSR_HW_VECTOR_TYPE_BOOL

/* @expression of x. */
#define LOOP1(name, to, from, expression)						\
TILE_CLONES static void name(const struct vector_work *work)				\
{											\
	to *d = work->d;								\
	const from *restrict a = work->a;						\
	size_t n = work->n;								\
											\
	_Pragma("GCC ivdep")								\
	for (size_t i = 0; i < n; i++) {						\
		from x = a[i];								\
											\
		d[i] = (to)(expression);						\
	}										\
}

/* @expression of x and y. */
#define LOOP2(name, to, from, expression)						\
TILE_CLONES static void name(const struct vector_work *work)				\
{											\
	to *d = work->d;								\
	const from *a = work->a;							\
	const from *b = work->b;							\
	size_t n = work->n;								\
											\
	_Pragma("GCC ivdep")								\
	for (size_t i = 0; i < n; i++) {						\
		from x = a[i];								\
		from y = b[i];								\
											\
		d[i] = (to)(expression);						\
	}										\
}

/* @expression of x, y and z; x can be of another type. */
#define LOOP3(name, type, from, expression)						\
TILE_CLONES static void name(const struct vector_work *work)				\
{											\
	type *d = work->d;								\
	const from *a = work->a;							\
	const type *b = work->b;							\
	const type *c = work->c;							\
	size_t n = work->n;								\
											\
	_Pragma("GCC ivdep")								\
	for (size_t i = 0; i < n; i++) {						\
		from x = a[i];								\
		type y = b[i];								\
		type z = c[i];								\
											\
		d[i] = (expression);							\
	}										\
}

/* An operation whose loops NAME_f32 and so on exist for these types. */
#define OPERATION_F32(NAME, name)							\
const struct vector_operation vector_operation_##NAME = {				\
	.loop = { [F32] = name##_f32 },							\
};
#define OPERATION_INTEGER(NAME, name)							\
const struct vector_operation vector_operation_##NAME = {				\
	.loop = { [I32] = name##_i32, [I64] = name##_i64 },				\
};
#define OPERATION_BITS(NAME, name)							\
const struct vector_operation vector_operation_##NAME = {				\
	.loop = { [I32] = name##_i32, [I64] = name##_i64, [BOOL] = name##_bool },	\
};
#define OPERATION_NUMBER(NAME, name)							\
const struct vector_operation vector_operation_##NAME = {				\
	.loop = { [F32] = name##_f32, [I32] = name##_i32, [I64] = name##_i64 },		\
};
#define OPERATION_ALL(NAME, name)							\
const struct vector_operation vector_operation_##NAME = {				\
	.loop = { [F32] = name##_f32, [I32] = name##_i32, [I64] = name##_i64,		\
		  [BOOL] = name##_bool },						\
};

#endif
