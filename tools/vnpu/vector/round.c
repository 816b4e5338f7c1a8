/* SPDX-License-Identifier: MIT */
/* To integers that stay f32. The rounding mode is to nearest, ties to even. */
#include <math.h>

#include "loops.h"

LOOP1(floor_f32, float, float, floorf(x))
OPERATION_F32(FLOOR, floor)

LOOP1(ceil_f32, float, float, ceilf(x))
OPERATION_F32(CEIL, ceil)

LOOP1(trunc_f32, float, float, truncf(x))
OPERATION_F32(TRUNC, trunc)

LOOP1(round_f32, float, float, rintf(x))
OPERATION_F32(ROUND, round)
