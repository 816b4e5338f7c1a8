/* SPDX-License-Identifier: MIT */
/*
 * What the manual ("Arithmetic") says a command computes, in naive loops: one
 * element at a time, straight from the descriptors. Shares no code with the tile.
 */
#ifndef TEST_REFERENCE_H
#define TEST_REFERENCE_H

#include <stdbool.h>

#include "bench.h"

/** reference_is_integer() - int8 or uint8 */
bool reference_is_integer(unsigned int type);

/** reference_quantize() - clamp(rne(t) + zero point), NaN the zero point */
int32_t reference_quantize(const struct tsr_hw_scaled_tensor *d, float t);

/** reference_load() - an element as fp32 */
float reference_load(const struct bench *bench, const struct tsr_hw_scaled_tensor *tensor,
		     uint64_t va);

/** reference_conv() - check the output of an executed CONV; true when right */
bool reference_conv(const struct bench *bench, const struct tsr_hw_conv *conv);

#endif
