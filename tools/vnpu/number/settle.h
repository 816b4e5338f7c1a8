/* SPDX-License-Identifier: MIT */
#ifndef VNPU_NUMBER_SETTLE_H
#define VNPU_NUMBER_SETTLE_H

#include "bits.h"

/*
 * An argument whose result comes closer to the point halfway between two fp32 than fp64
 * tells is settled by itself. All there are were found by trying all arguments
 * (tests/test_rounded.c). One call each, and no choice but by a mask: a table would be a loop
 * in a loop, and of a chain of choices the compiler makes branches; neither is vector code.
 */
static inline float settled(float x, float y, float argument, float result)
{
	uint32_t mask = 0 - (uint32_t)(fp32_bits(x) == fp32_bits(argument));

	return fp32_of_bits((fp32_bits(y) & ~mask) | (fp32_bits(result) & mask));
}

#endif
