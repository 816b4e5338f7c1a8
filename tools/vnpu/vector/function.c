/* SPDX-License-Identifier: MIT */
/* Roots and transcendental functions: correctly rounded, most of them by tools/vnpu/number. */
#include <math.h>
#include <string.h>

#include <number/rounded.h>

#include "loops.h"

LOOP1(sqrt_f32, float, float, sqrtf(x))
OPERATION_F32(SQRT, sqrt)

LOOP1(reciprocal_f32, float, float, 1 / x)
OPERATION_F32(RECIPROCAL, reciprocal)

/* Those functions work in place. */
#define FUNCTION1(NAME, name)								\
static void name##_f32(const struct vector_work *work)					\
{											\
	memcpy(work->d, work->a, work->n * sizeof(float));				\
	number_##name(work->d, work->n);						\
}											\
OPERATION_F32(NAME, name)

#define FUNCTION2(NAME, name)								\
static void name##_f32(const struct vector_work *work)					\
{											\
	memcpy(work->d, work->a, work->n * sizeof(float));				\
	number_##name(work->d, work->b, work->n);					\
}											\
OPERATION_F32(NAME, name)

FUNCTION1(RSQRT, rsqrt)
FUNCTION1(EXP2, exp2)
FUNCTION1(LOG2, log2)
FUNCTION1(EXP, exp)
FUNCTION1(LOG, log)
FUNCTION1(EXPM1, expm1)
FUNCTION1(LOG1P, log1p)
FUNCTION1(ERF, erf)
FUNCTION1(TANH, tanh)
FUNCTION1(SIGMOID, sigmoid)
FUNCTION1(SIN, sin)
FUNCTION1(COS, cos)
FUNCTION1(ATAN, atan)
FUNCTION2(POW, pow)
FUNCTION2(ATAN2, atan2)
