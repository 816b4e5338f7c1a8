/* SPDX-License-Identifier: MIT */
#include "load.h"

#include <stdint.h>
#include <string.h>

#include <tsr_hw/types.h>

#include "clones.h"
#include "half.h"
#include "narrow.h"

#define DEFINE_WIDEN(from_type, to_type, value)						\
TILE_CLONES static void widen_##from_type(const void *stored, void *loaded, size_t n)	\
{											\
	const from_type##_t *from = stored;						\
	to_type##_t *to = loaded;							\
											\
	for (size_t i = 0; i < n; i++)							\
		to[i] = value;								\
}

DEFINE_WIDEN(int8, int32, from[i])
DEFINE_WIDEN(uint8, int32, from[i])
DEFINE_WIDEN(int16, int32, from[i])
DEFINE_WIDEN(uint16, int32, from[i])
DEFINE_WIDEN(uint32, int64, from[i])

TILE_CLONES static void widen_int4(const uint8_t *from, int32_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = ((from[i] & 0xf) ^ 8) - 8;
}

TILE_CLONES static void widen_uint4(const uint8_t *from, int32_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[i] & 0xf;
}

TILE_CLONES static void load_bool(const uint8_t *from, uint8_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[i] != 0;
}

static void load_floating(unsigned int type, const void *from, float *to, size_t n)
{
	switch (type) {
	case TSR_HW_TYPE_FP16:
		fp16_expand(from, to, n);
		break;
	case TSR_HW_TYPE_BF16:
		bf16_expand(from, to, n);
		break;
	case TSR_HW_TYPE_FP8_E4M3:
		e4m3_expand(from, to, n);
		break;
	case TSR_HW_TYPE_FP8_E5M2:
		e5m2_expand(from, to, n);
		break;
	case TSR_HW_TYPE_E8M0:
		e8m0_expand(from, to, n);
		break;
	case TSR_HW_TYPE_FP4_E2M1:
		e2m1_expand(from, to, n);
		break;
	}
}

void number_load(unsigned int type, const void *from, void *to, size_t n)
{
	switch (type) {
	case TSR_HW_TYPE_FP32:
	case TSR_HW_TYPE_INT32:
		memcpy(to, from, n * sizeof(int32_t));
		break;
	case TSR_HW_TYPE_INT64:
	case TSR_HW_TYPE_UINT64:
		memcpy(to, from, n * sizeof(int64_t));
		break;
	case TSR_HW_TYPE_INT8:
		widen_int8(from, to, n);
		break;
	case TSR_HW_TYPE_UINT8:
		widen_uint8(from, to, n);
		break;
	case TSR_HW_TYPE_INT4:
		widen_int4(from, to, n);
		break;
	case TSR_HW_TYPE_UINT4:
		widen_uint4(from, to, n);
		break;
	case TSR_HW_TYPE_INT16:
		widen_int16(from, to, n);
		break;
	case TSR_HW_TYPE_UINT16:
		widen_uint16(from, to, n);
		break;
	case TSR_HW_TYPE_UINT32:
		widen_uint32(from, to, n);
		break;
	case TSR_HW_TYPE_BOOL:
		load_bool(from, to, n);
		break;
	default:	/* the other floating types */
		load_floating(type, from, to, n);
		break;
	}
}
