/* SPDX-License-Identifier: MIT */
#include "real.h"

#include <stdint.h>

#include <number/load.h>
#include <number/types.h>

#include "smaller.h"

/* Elements that are converted at a time. */
#define PIECE	256u

static void from_registers(enum number_class class, const void *from, float *to, size_t n)
{
	switch (class) {
	case NUMBER_F32:
		for (size_t i = 0; i < n; i++)
			to[i] = ((const float *)from)[i];
		break;
	case NUMBER_I32:
		for (size_t i = 0; i < n; i++)
			to[i] = (float)((const int32_t *)from)[i];
		break;
	case NUMBER_I64:
		for (size_t i = 0; i < n; i++)
			to[i] = (float)((const int64_t *)from)[i];
		break;
	case NUMBER_BOOL:
		for (size_t i = 0; i < n; i++)
			to[i] = ((const uint8_t *)from)[i];
		break;
	}
}

void real_load(unsigned int type, const void *from, float *to, size_t n)
{
	enum number_class class = number_class_of(type);
	/* Of half a byte they have one each. */
	size_t size = (number_bits(type) + 7) / 8;
	_Alignas(64) uint64_t registers[PIECE];

	if (class == NUMBER_F32) {
		number_load(type, from, to, n);
		return;
	}
	for (size_t at = 0; at < n; at += PIECE) {
		size_t count = smaller(n - at, PIECE);

		number_load(type, (const char *)from + at * size, registers, count);
		from_registers(class, registers, to + at, count);
	}
}
