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

/** reference_round() - a value rounded to a floating-point type */
double reference_round(unsigned int type, double value);

/** reference_quantize() - clamp(rne(t) + zero point), NaN the zero point */
int32_t reference_quantize(const struct tsr_hw_scaled_tensor *d, float t);

/** reference_load() - an element as fp32 */
float reference_load(const struct bench *bench, const struct tsr_hw_scaled_tensor *tensor,
		     uint64_t va);

/** reference_gemm() - check the output of an executed GEMM; true when right */
bool reference_gemm(const struct bench *bench, const struct tsr_hw_gemm *gemm);

/** reference_conv() - the same for CONV */
bool reference_conv(const struct bench *bench, const struct tsr_hw_conv *conv);

/** reference_pool() - the same for POOL */
bool reference_pool(const struct bench *bench, const struct tsr_hw_pool *pool);

#endif
