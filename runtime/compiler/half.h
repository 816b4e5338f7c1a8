/* SPDX-License-Identifier: MIT */
/* fp32 to 16-bit formats, rounded to nearest, ties to even. */
#ifndef TSR_HALF_H
#define TSR_HALF_H

#include <stdint.h>
#include <string.h>

static inline uint16_t tsr_to_fp16(float value)
{
	_Float16 half = (_Float16)value;
	uint16_t bits;

	memcpy(&bits, &half, sizeof(bits));
	return bits;
}

static inline uint16_t tsr_to_bf16(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	if ((bits & 0x7fffffff) > 0x7f800000)
		return (uint16_t)(bits >> 16 | 0x40);
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

#endif
