/* SPDX-License-Identifier: MIT */
#ifndef VNPU_NUMBER_EACH_H
#define VNPU_NUMBER_EACH_H

#include "clones.h"

/* The function of one value, NAME_one(), as that of many. */
#define DEFINE_EACH(name)								\
TILE_CLONES void number_##name(float *values, size_t n)					\
{											\
	for (size_t i = 0; i < n; i++)							\
		values[i] = name##_one(values[i]);					\
}

#endif
