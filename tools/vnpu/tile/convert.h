/* SPDX-License-Identifier: MIT */
/* Between stored elements and the fp32 the tile computes in. */
#ifndef VNPU_TILE_CONVERT_H
#define VNPU_TILE_CONVERT_H

#include <stddef.h>
#include <stdint.h>

struct tensor;

/**
 * convert_load() - stored elements as fp32
 * @tensor: type, and for integers scale and zero point
 * @from: elements as stored
 * @to: result
 * @n: elements
 *
 * fp16, bf16 and fp32 are exact; integers become fl(fl(q - zero) * scale).
 */
void convert_load(const struct tensor *tensor, const void *from, float *to, size_t n);

/**
 * convert_store() - fp32 as stored elements
 * @tensor: type, and for integers scale and zero point
 * @from: values; overwritten
 * @to: result
 * @n: elements
 *
 * Floating point is rounded once; integers become clamp(rne(fl(y / scale)) + zero).
 */
void convert_store(const struct tensor *tensor, float *from, void *to, size_t n);

/**
 * convert_quantize() - values in units of the output as stored elements
 * @tensor: type and zero point; the scale is not used
 * @from: values
 * @to: result
 * @n: elements
 *
 * Integers become clamp(rne(t) + zero), NaN the zero point; floating point is rounded.
 */
void convert_quantize(const struct tensor *tensor, const float *from, void *to, size_t n);

/**
 * convert_codes() - codes of an int8 or uint8 tensor as int32
 * @type: TSR_HW_TYPE_INT8 or TSR_HW_TYPE_UINT8
 * @from: elements as stored
 * @to: result
 * @n: elements
 */
void convert_codes(unsigned int type, const void *from, int32_t *to, size_t n);

/**
 * convert_flip_sign() - int8 codes q as uint8 codes q + 128, and the reverse
 * @codes: changed in place
 * @n: elements
 */
void convert_flip_sign(uint8_t *codes, size_t n);

#endif
