/* SPDX-License-Identifier: MIT */
#include "convert.h"

#include <math.h>
#include <string.h>

#include "number/clones.h"
#include "number/half.h"
#include "tensor.h"

/*
 * Adding and subtracting 1.5 * 2^23 rounds a small value to the nearest even
 * integer. Beyond +-1024 any 8-bit output has saturated, whatever its zero point.
 */
#define ROUND_MAGIC	12582912.0f
#define SATURATED	1024.0f

/* As far outside int32 as a zero point can pull back. */
#define SATURATED_WIDE	8589934592.0f

#define DEFINE_DEQUANTIZE(name, type)							\
TILE_CLONES static void dequantize_##name(const type *from, float *to, size_t n,	\
					  int32_t zero, float scale)			\
{											\
	for (size_t i = 0; i < n; i++)							\
		to[i] = (float)(from[i] - zero) * scale;				\
}

DEFINE_DEQUANTIZE(int8, int8_t)
DEFINE_DEQUANTIZE(uint8, uint8_t)

/* The difference of two int32 needs 33 bits before it is rounded. */
static void dequantize_int32(const int32_t *from, float *to, size_t n, int32_t zero,
			     float scale)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (float)((int64_t)from[i] - zero) * scale;
}

void convert_load(const struct tensor *tensor, const void *from, float *to, size_t n)
{
	switch (tensor->type) {
	case TSR_HW_TYPE_FP16:
		fp16_expand(from, to, n);
		break;
	case TSR_HW_TYPE_BF16:
		bf16_expand(from, to, n);
		break;
	case TSR_HW_TYPE_INT8:
		dequantize_int8(from, to, n, tensor->zero, tensor->scale);
		break;
	case TSR_HW_TYPE_UINT8:
		dequantize_uint8(from, to, n, tensor->zero, tensor->scale);
		break;
	case TSR_HW_TYPE_INT32:
		dequantize_int32(from, to, n, tensor->zero, tensor->scale);
		break;
	default:
		memcpy(to, from, n * sizeof(*to));
		break;
	}
}

#define DEFINE_QUANTIZE(name, type, low, high)						\
TILE_CLONES static void quantize_##name(const float *from, type *to, size_t n,		\
					int32_t zero)					\
{											\
	for (size_t i = 0; i < n; i++) {						\
		float t = from[i] != from[i] ? 0.0f : from[i];				\
		int32_t q;								\
											\
		t = t < -SATURATED ? -SATURATED : t;					\
		t = t > SATURATED ? SATURATED : t;					\
		q = (int32_t)((t + ROUND_MAGIC) - ROUND_MAGIC) + zero;			\
		q = q < (low) ? (low) : q;						\
		to[i] = (type)(q > (high) ? (high) : q);				\
	}										\
}

DEFINE_QUANTIZE(int8, int8_t, INT8_MIN, INT8_MAX)
DEFINE_QUANTIZE(uint8, uint8_t, 0, UINT8_MAX)

static void quantize_int32(const float *from, int32_t *to, size_t n, int32_t zero)
{
	for (size_t i = 0; i < n; i++) {
		float t = isnan(from[i]) ? 0.0f : from[i];
		int64_t q;

		t = fmaxf(fminf(t, SATURATED_WIDE), -SATURATED_WIDE);
		q = llrintf(t) + zero;
		q = q < INT32_MIN ? INT32_MIN : q;
		to[i] = (int32_t)(q > INT32_MAX ? INT32_MAX : q);
	}
}

void convert_quantize(const struct tensor *tensor, const float *from, void *to, size_t n)
{
	switch (tensor->type) {
	case TSR_HW_TYPE_FP16:
		fp16_round(from, to, n);
		break;
	case TSR_HW_TYPE_BF16:
		bf16_round(from, to, n);
		break;
	case TSR_HW_TYPE_INT8:
		quantize_int8(from, to, n, tensor->zero);
		break;
	case TSR_HW_TYPE_UINT8:
		quantize_uint8(from, to, n, tensor->zero);
		break;
	case TSR_HW_TYPE_INT32:
		quantize_int32(from, to, n, tensor->zero);
		break;
	default:
		memcpy(to, from, n * sizeof(*from));
		break;
	}
}

TILE_CLONES static void divide(float *values, size_t n, float by)
{
	for (size_t i = 0; i < n; i++)
		values[i] /= by;
}

void convert_store(const struct tensor *tensor, float *from, void *to, size_t n)
{
	if (!type_is_fp(tensor->type))
		divide(from, n, tensor->scale);
	convert_quantize(tensor, from, to, n);
}

void convert_codes(unsigned int type, const void *from, int32_t *to, size_t n)
{
	const uint8_t *codes = from;

	if (type == TSR_HW_TYPE_INT8)
		for (size_t i = 0; i < n; i++)
			to[i] = (int8_t)codes[i];
	else
		for (size_t i = 0; i < n; i++)
			to[i] = codes[i];
}

TILE_CLONES void convert_flip_sign(uint8_t *codes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		codes[i] ^= 0x80;
}
