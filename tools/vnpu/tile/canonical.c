/* SPDX-License-Identifier: MIT */
#include "canonical.h"

#include <stdint.h>

#include <tsr_hw/command.h>

#include "number/clones.h"

/* Above infinity's code, or the largest finite one's, without the sign there are only NaNs. */
#define DEFINE_CANONICAL(name, type, sign, most, nan)				\
TILE_CLONES static void name(type *elements, size_t n)				\
{										\
	for (size_t i = 0; i < n; i++)						\
		elements[i] = (elements[i] & (type)~(sign)) > (most) ?		\
			      (type)(nan) : elements[i];			\
}

DEFINE_CANONICAL(fp32, uint32_t, 0x80000000u, 0x7f800000u, 0x7fc00000u)
DEFINE_CANONICAL(fp16, uint16_t, 0x8000u, 0x7c00u, 0x7e00u)
DEFINE_CANONICAL(bf16, uint16_t, 0x8000u, 0x7f80u, 0x7fc0u)
DEFINE_CANONICAL(e4m3, uint8_t, 0x80u, 0x7eu, 0x7fu)
DEFINE_CANONICAL(e5m2, uint8_t, 0x80u, 0x7cu, 0x7eu)

void canonical_nan(unsigned int type, void *elements, size_t n)
{
	switch (type) {
	case TSR_HW_TYPE_FP32:
		fp32(elements, n);
		break;
	case TSR_HW_TYPE_FP16:
		fp16(elements, n);
		break;
	case TSR_HW_TYPE_BF16:
		bf16(elements, n);
		break;
	case TSR_HW_TYPE_FP8_E4M3:
		e4m3(elements, n);
		break;
	case TSR_HW_TYPE_FP8_E5M2:
		e5m2(elements, n);
		break;
	default:
		break;
	}
}
