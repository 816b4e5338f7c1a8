/* SPDX-License-Identifier: MIT */
#include "types.h"

#include <stdint.h>

enum kind { FLOATING, INTEGER, BOOLEAN };

struct facts {
	unsigned char bits;
	unsigned char kind;
	unsigned char is_signed;
	unsigned char class;
};

static const struct facts types[TSR_HW_TYPE_COUNT] = {
	[TSR_HW_TYPE_FP32] = { 32, FLOATING, true, NUMBER_F32 },
	[TSR_HW_TYPE_FP16] = { 16, FLOATING, true, NUMBER_F32 },
	[TSR_HW_TYPE_BF16] = { 16, FLOATING, true, NUMBER_F32 },
	[TSR_HW_TYPE_FP8_E4M3] = { 8, FLOATING, true, NUMBER_F32 },
	[TSR_HW_TYPE_FP8_E5M2] = { 8, FLOATING, true, NUMBER_F32 },
	[TSR_HW_TYPE_INT8] = { 8, INTEGER, true, NUMBER_I32 },
	[TSR_HW_TYPE_UINT8] = { 8, INTEGER, false, NUMBER_I32 },
	[TSR_HW_TYPE_INT4] = { 4, INTEGER, true, NUMBER_I32 },
	[TSR_HW_TYPE_UINT4] = { 4, INTEGER, false, NUMBER_I32 },
	[TSR_HW_TYPE_INT16] = { 16, INTEGER, true, NUMBER_I32 },
	[TSR_HW_TYPE_UINT16] = { 16, INTEGER, false, NUMBER_I32 },
	[TSR_HW_TYPE_INT32] = { 32, INTEGER, true, NUMBER_I32 },
	[TSR_HW_TYPE_UINT32] = { 32, INTEGER, false, NUMBER_I64 },
	[TSR_HW_TYPE_INT64] = { 64, INTEGER, true, NUMBER_I64 },
	[TSR_HW_TYPE_UINT64] = { 64, INTEGER, false, NUMBER_I64 },
	[TSR_HW_TYPE_BOOL] = { 8, BOOLEAN, false, NUMBER_BOOL },
	[TSR_HW_TYPE_E8M0] = { 8, FLOATING, false, NUMBER_F32 },
	[TSR_HW_TYPE_FP4_E2M1] = { 4, FLOATING, true, NUMBER_F32 },
};

bool number_is_type(unsigned int type)
{
	return type < TSR_HW_TYPE_COUNT && types[type].bits;
}

unsigned int number_bits(unsigned int type)
{
	return types[type].bits;
}

unsigned int number_bytes(unsigned int type)
{
	return (types[type].bits + 7u) / 8;
}

bool number_is_floating(unsigned int type)
{
	return types[type].kind == FLOATING;
}

bool number_is_integer(unsigned int type)
{
	return types[type].kind == INTEGER;
}

bool number_is_signed(unsigned int type)
{
	return types[type].is_signed;
}

enum number_class number_class_of(unsigned int type)
{
	return (enum number_class)types[type].class;
}

size_t number_class_size(enum number_class of)
{
	static const size_t sizes[] = {
		[NUMBER_F32] = sizeof(float),
		[NUMBER_I32] = sizeof(int32_t),
		[NUMBER_I64] = sizeof(int64_t),
		[NUMBER_BOOL] = sizeof(uint8_t),
	};

	return sizes[of];
}
