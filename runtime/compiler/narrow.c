// SPDX-License-Identifier: MIT
#include "narrow.h"

#include <math.h>
#include <string.h>

#define SIGN	0x8000

static uint16_t to_fp16(float value)
{
	_Float16 half = (_Float16)value;
	uint16_t bits;

	memcpy(&bits, &half, sizeof(bits));
	return bits;
}

static uint16_t to_bf16(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	if (isnan(value))
		return (uint16_t)(bits >> 16 | 0x40);
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/* The codes beside infinity's and zero's are the largest and the smallest value. */
static uint16_t keep(uint16_t code, uint16_t infinity, float value, struct tsr_loss *loss)
{
	if ((code & ~SIGN) == infinity && isfinite(value)) {
		loss->overflows++;
		return code - 1;
	}
	if (!(code & ~SIGN) && value != 0) {
		loss->underflows++;
		return code + 1;
	}
	return code;
}

void tsr_narrow(enum tsr_type type, const float *from, uint16_t *to, size_t count,
		struct tsr_loss *loss)
{
	size_t i;

	for (i = 0; i < count; i++)
		to[i] = type == TSR_FP16 ? keep(to_fp16(from[i]), 0x7c00, from[i], loss) :
					   keep(to_bf16(from[i]), 0x7f80, from[i], loss);
}
