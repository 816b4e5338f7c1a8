/* SPDX-License-Identifier: MIT */
#include "integer.h"

#include <math.h>

#include <tsr_hw/types.h>

#include "clones.h"
#include "types.h"

/* Adding and subtracting it rounds values of less than half its size to integers. */
#define ROUNDER		0x1.8p23f

/* From here on every fp32 is an integer. */
#define ALL_INTEGERS	0x1p23f

struct limits {
	int64_t low;
	int64_t high;
};

/* What the values of a type lie between, as far as int64 has them. */
static struct limits limits_of(unsigned int type)
{
	unsigned int bits = number_bits(type);
	int64_t half = INT64_MAX >> (64 - bits);

	if (number_is_signed(type))
		return (struct limits){ -half - 1, half };
	return (struct limits){ 0, bits == 64 ? INT64_MAX : 2 * half + 1 };
}

TILE_CLONES static void clear_upper_halves(uint8_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] &= 0xf;
}

/* Limits of up to 16 bits are exact in fp32, and small enough for ROUNDER. */
#define DEFINE_NEAREST(bits)								\
TILE_CLONES static void nearest_##bits(const float *from, uint##bits##_t *to, size_t n,	\
				       float low, float high)				\
{											\
	for (size_t i = 0; i < n; i++) {						\
		float t = from[i] != from[i] ? 0.0f : from[i];				\
											\
		t = t < low ? low : t;							\
		t = t > high ? high : t;						\
		to[i] = (uint##bits##_t)(int32_t)((t + ROUNDER) - ROUNDER);		\
	}										\
}

DEFINE_NEAREST(8)
DEFINE_NEAREST(16)

/* Not-a-number gives 0. */
static inline float nearest_integer(float x)
{
	float rounder = copysignf(ALL_INTEGERS, x);
	float rounded = fabsf(x) < ALL_INTEGERS ? (x + rounder) - rounder : x;

	return x != x ? 0.0f : rounded;
}

/* @below is the fp32 before the first that is too large. */
#define DEFINE_NEAREST_WIDE(type, low, below, highest)					\
TILE_CLONES static void nearest_##type(const float *from, type##_t *to, size_t n)	\
{											\
	for (size_t i = 0; i < n; i++) {						\
		float t = nearest_integer(from[i]);					\
		float limited = t < (low) ? (low) : t > (below) ? (below) : t;		\
											\
		to[i] = t > (below) ? (highest) : (type##_t)limited;			\
	}										\
}

DEFINE_NEAREST_WIDE(int32, -0x1p31f, 0x1.fffffep30f, INT32_MAX)
DEFINE_NEAREST_WIDE(uint32, 0.0f, 0x1.fffffep31f, UINT32_MAX)
DEFINE_NEAREST_WIDE(int64, -0x1p63f, 0x1.fffffep62f, INT64_MAX)
DEFINE_NEAREST_WIDE(uint64, 0.0f, 0x1.fffffep63f, UINT64_MAX)

void integer_of_f32(const float *from, unsigned int type, void *to, size_t n)
{
	struct limits limits = limits_of(type);

	switch (type) {
	case TSR_HW_TYPE_INT32:
		nearest_int32(from, to, n);
		break;
	case TSR_HW_TYPE_UINT32:
		nearest_uint32(from, to, n);
		break;
	case TSR_HW_TYPE_INT64:
		nearest_int64(from, to, n);
		break;
	case TSR_HW_TYPE_UINT64:
		nearest_uint64(from, to, n);
		break;
	case TSR_HW_TYPE_INT16:
	case TSR_HW_TYPE_UINT16:
		nearest_16(from, to, n, (float)limits.low, (float)limits.high);
		break;
	default:	/* 4 and 8 bits */
		nearest_8(from, to, n, (float)limits.low, (float)limits.high);
		break;
	}
	if (number_bits(type) == 4)
		clear_upper_halves(to, n);
}

/* The low bits of the nearest value within limits; with the limits of @from_bits, the low bits. */
#define DEFINE_NARROW(from_bits, bits)							\
TILE_CLONES static void narrow_##from_bits##_##bits(const int##from_bits##_t *from,	\
		uint##bits##_t *to, size_t n, int##from_bits##_t low,			\
		int##from_bits##_t high)						\
{											\
	for (size_t i = 0; i < n; i++) {						\
		int##from_bits##_t t = from[i];						\
											\
		t = t < low ? low : t;							\
		t = t > high ? high : t;						\
		to[i] = (uint##bits##_t)t;						\
	}										\
}

#define DEFINE_INTEGER_OF(from_bits)							\
DEFINE_NARROW(from_bits, 8)								\
DEFINE_NARROW(from_bits, 16)								\
DEFINE_NARROW(from_bits, 32)								\
DEFINE_NARROW(from_bits, 64)								\
											\
void integer_of_i##from_bits(const int##from_bits##_t *from, unsigned int type,		\
			     bool wrap, void *to, size_t n)				\
{											\
	struct limits limits = limits_of(type);						\
	int##from_bits##_t low = INT##from_bits##_MIN;					\
	int##from_bits##_t high = INT##from_bits##_MAX;					\
	bool all = wrap || (from_bits == 64 && number_bits(type) == 64);		\
											\
	if (!all && limits.low > low)							\
		low = (int##from_bits##_t)limits.low;					\
	if (!all && limits.high < high)							\
		high = (int##from_bits##_t)limits.high;					\
	switch (number_bits(type)) {							\
	case 64:									\
		narrow_##from_bits##_64(from, to, n, low, high);			\
		break;									\
	case 32:									\
		narrow_##from_bits##_32(from, to, n, low, high);			\
		break;									\
	case 16:									\
		narrow_##from_bits##_16(from, to, n, low, high);			\
		break;									\
	default:									\
		narrow_##from_bits##_8(from, to, n, low, high);				\
		break;									\
	}										\
	if (number_bits(type) == 4)							\
		clear_upper_halves(to, n);						\
}

DEFINE_INTEGER_OF(32)
DEFINE_INTEGER_OF(64)
