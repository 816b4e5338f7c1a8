/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "bits.h"
#include "clones.h"
#include "half.h"
#include "integer.h"
#include "narrow.h"

/* Elements of one turn, where a value takes two steps: what lies between stays in the cache. */
#define CHUNK	512

/* Mantissa bits that an fp64 has more than an fp32, and the difference of their biases. */
#define EXTRA_BITS	29
#define EXTRA_BIAS	(1023 - 127)

/*
 * An integer as an fp32 that is odd if it is not exact: rounding this to a type of at most
 * 22 bits of mantissa gives what rounding the integer once does. Of an int64 first an fp64
 * is made by the same rule.
 */
static inline float odd_of_double(double exact)
{
	uint64_t bits = fp64_bits(exact);
	uint64_t rest = bits & (UINT64_MAX >> 1);
	uint64_t inexact = (rest & ((1ull << EXTRA_BITS) - 1)) != 0;
	uint64_t odd = ((rest >> EXTRA_BITS) - ((uint64_t)EXTRA_BIAS << 23)) | inexact;

	odd = rest ? odd : 0;
	return fp32_of_bits((uint32_t)(bits >> 63 << 31 | odd));
}

static inline double odd_of_int64(int64_t value)
{
	uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	uint64_t low = magnitude & 0x7ff;
	double odd = (double)(magnitude >> 53 ? (magnitude - low) | (uint64_t)(low != 0) << 11 :
			      magnitude);

	return value < 0 ? -odd : odd;
}

TILE_CLONES static void odd_of_i32(const int32_t *from, float *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = odd_of_double((double)from[i]);
}

static void odd_of_i64(const int64_t *from, float *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = odd_of_double(odd_of_int64(from[i]));
}

#define DEFINE_FP32_OF(name, type)							\
TILE_CLONES static void fp32_of_##name(const type *from, float *to, size_t n)		\
{											\
	for (size_t i = 0; i < n; i++)							\
		to[i] = (float)from[i];							\
}

DEFINE_FP32_OF(i32, int32_t)
DEFINE_FP32_OF(i64, int64_t)

#define DEFINE_IS_NOT_ZERO(name, type)							\
TILE_CLONES static void is_not_zero_##name(const type *from, uint8_t *to, size_t n)	\
{											\
	for (size_t i = 0; i < n; i++)							\
		to[i] = from[i] != 0;							\
}

DEFINE_IS_NOT_ZERO(f32, float)
DEFINE_IS_NOT_ZERO(i32, int32_t)
DEFINE_IS_NOT_ZERO(i64, int64_t)

TILE_CLONES static void widen_bool(const uint8_t *from, int32_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[i];
}

static void store_floating(const float *from, unsigned int type, bool saturate, void *to, size_t n)
{
	switch (type) {
	case TSR_HW_TYPE_FP32:
		memcpy(to, from, n * sizeof(*from));
		break;
	case TSR_HW_TYPE_FP16:
		fp16_round(from, to, n);
		break;
	case TSR_HW_TYPE_BF16:
		bf16_round(from, to, n);
		break;
	case TSR_HW_TYPE_FP8_E4M3:
		e4m3_round(from, to, n, saturate);
		break;
	case TSR_HW_TYPE_FP8_E5M2:
		e5m2_round(from, to, n, saturate);
		break;
	case TSR_HW_TYPE_E8M0:
		e8m0_round(from, to, n, saturate);
		break;
	case TSR_HW_TYPE_FP4_E2M1:
		e2m1_round(from, to, n);
		break;
	}
}

static void store_f32(const float *from, unsigned int type, unsigned int flags, void *to, size_t n)
{
	if (type == TSR_HW_TYPE_BOOL)
		is_not_zero_f32(from, to, n);
	else if (number_is_integer(type))
		integer_of_f32(from, type, to, n);
	else
		store_floating(from, type, flags & NUMBER_SATURATE, to, n);
}

/* At most CHUNK elements. */
#define DEFINE_STORE_INTEGER(name, ctype)						\
static void store_##name(const ctype *from, unsigned int type, unsigned int flags,	\
			 void *to, size_t n)						\
{											\
	float odd[CHUNK];								\
											\
	if (type == TSR_HW_TYPE_BOOL) {							\
		is_not_zero_##name(from, to, n);					\
	} else if (number_is_integer(type)) {						\
		integer_of_##name(from, type, flags & NUMBER_WRAP, to, n);		\
	} else if (type == TSR_HW_TYPE_FP32) {						\
		fp32_of_##name(from, to, n);						\
	} else {									\
		odd_of_##name(from, odd, n);						\
		store_floating(odd, type, flags & NUMBER_SATURATE, to, n);		\
	}										\
}

DEFINE_STORE_INTEGER(i32, int32_t)
DEFINE_STORE_INTEGER(i64, int64_t)

/* At most CHUNK elements. */
static void store_bool(const uint8_t *from, unsigned int type, unsigned int flags, void *to,
		       size_t n)
{
	int32_t wide[CHUNK];

	widen_bool(from, wide, n);
	store_i32(wide, type, flags, to, n);
}

static void store_chunk(enum number_class from_class, const void *from, unsigned int type,
			unsigned int flags, void *to, size_t n)
{
	switch (from_class) {
	case NUMBER_F32:
		store_f32(from, type, flags, to, n);
		break;
	case NUMBER_I32:
		store_i32(from, type, flags, to, n);
		break;
	case NUMBER_I64:
		store_i64(from, type, flags, to, n);
		break;
	case NUMBER_BOOL:
		store_bool(from, type, flags, to, n);
		break;
	}
}

void number_store(enum number_class from_class, const void *from, unsigned int type,
		  unsigned int flags, void *to, size_t n)
{
	size_t from_size = number_class_size(from_class);
	size_t to_size = (number_bits(type) + 7) / 8;

	for (size_t i = 0; i < n; i += CHUNK)
		store_chunk(from_class, (const char *)from + i * from_size, type, flags,
			    (char *)to + i * to_size, n - i < CHUNK ? n - i : CHUNK);
}
