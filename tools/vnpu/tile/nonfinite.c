/* SPDX-License-Identifier: MIT */
#include "nonfinite.h"

#include <stdint.h>

#include "number/clones.h"
#include "tensor.h"

/*
 * Above infinity's code without its sign there are only NaNs. Most elements are finite, and to
 * know that all are is less work.
 */
#define DEFINE_COUNT(name, type, sign, infinity)					\
TILE_CLONES static void count_##name(const type *from, size_t n, uint64_t *infinite,	\
				     uint64_t *nan)					\
{											\
	uint64_t infinities = 0, nans = 0;						\
	type most = 0;									\
											\
	for (size_t i = 0; i < n; i++) {						\
		type size = from[i] & (type)~(sign);					\
											\
		most = size > most ? size : most;					\
	}										\
	for (size_t i = 0; most >= (infinity) && i < n; i++) {				\
		infinities += (from[i] & ~(sign)) == (infinity);			\
		nans += (from[i] & ~(sign)) > (infinity);				\
	}										\
	*infinite = infinities;								\
	*nan = nans;									\
}

DEFINE_COUNT(fp32, uint32_t, 0x80000000u, 0x7f800000u)
DEFINE_COUNT(fp16, uint16_t, 0x8000u, 0x7c00u)
DEFINE_COUNT(bf16, uint16_t, 0x8000u, 0x7f80u)
DEFINE_COUNT(e5m2, uint8_t, 0x80u, 0x7cu)

/* These have no infinities, and one NaN: e4m3 of each sign, e8m0 without. */
#define DEFINE_COUNT_NAN(name, sign, code)						\
TILE_CLONES static void count_##name(const uint8_t *from, size_t n, uint64_t *infinite,	\
				     uint64_t *nan)					\
{											\
	uint64_t nans = 0;								\
											\
	for (size_t i = 0; i < n; i++)							\
		nans += (from[i] & ~(sign)) == (code);					\
	*infinite = 0;									\
	*nan = nans;									\
}

DEFINE_COUNT_NAN(e4m3, 0x80u, 0x7fu)
DEFINE_COUNT_NAN(e8m0, 0, 0xffu)

void nonfinite_add(struct nonfinite *counts, unsigned int type, const void *from, size_t n)
{
	uint64_t infinite, nan;

	switch (type) {
	case TSR_HW_TYPE_FP32:
		count_fp32(from, n, &infinite, &nan);
		break;
	case TSR_HW_TYPE_FP16:
		count_fp16(from, n, &infinite, &nan);
		break;
	case TSR_HW_TYPE_BF16:
		count_bf16(from, n, &infinite, &nan);
		break;
	case TSR_HW_TYPE_FP8_E4M3:
		count_e4m3(from, n, &infinite, &nan);
		break;
	case TSR_HW_TYPE_FP8_E5M2:
		count_e5m2(from, n, &infinite, &nan);
		break;
	case TSR_HW_TYPE_E8M0:
		count_e8m0(from, n, &infinite, &nan);
		break;
	default:
		return;
	}
	if (infinite)
		atomic_fetch_add_explicit(&counts->infinite, infinite, memory_order_relaxed);
	if (nan)
		atomic_fetch_add_explicit(&counts->nan, nan, memory_order_relaxed);
}
