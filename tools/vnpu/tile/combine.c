/* SPDX-License-Identifier: MIT */
#include "combine.h"

#include <tsr_hw/command.h>

#include "number/extremum.h"
#include "number/load.h"
#include "number/store.h"
#include "number/types.h"

/* Elements of a register of any class. */
union values {
	float f32[COMBINE_MOST];
	int32_t i32[COMBINE_MOST];
	int64_t i64[COMBINE_MOST];
	uint8_t boolean[COMBINE_MOST];
};

bool combine_has(unsigned int how, unsigned int type)
{
	switch (how) {
	case TSR_HW_SCATTER_ADD:
	case TSR_HW_SCATTER_MUL:
		return number_class_of(type) != NUMBER_BOOL;
	case TSR_HW_SCATTER_NONE:
	case TSR_HW_SCATTER_MIN:
	case TSR_HW_SCATTER_MAX:
		return true;
	default:
		return false;
	}
}

static float combine_float(unsigned int how, float a, float b)
{
	switch (how) {
	case TSR_HW_SCATTER_ADD:
		return a + b;
	case TSR_HW_SCATTER_MUL:
		return a * b;
	case TSR_HW_SCATTER_MIN:
		return minimum(a, b);
	default:
		return maximum(a, b);
	}
}

/* Sums and products modulo 2^64: the low bits are those of any narrower type. */
static int64_t combine_integer(unsigned int how, int64_t a, int64_t b)
{
	switch (how) {
	case TSR_HW_SCATTER_ADD:
		return (int64_t)((uint64_t)a + (uint64_t)b);
	case TSR_HW_SCATTER_MUL:
		return (int64_t)((uint64_t)a * (uint64_t)b);
	case TSR_HW_SCATTER_MIN:
		return a < b ? a : b;
	default:
		return a > b ? a : b;
	}
}

/* Extremes of uint64, whose registers have the bits only. */
static int64_t combine_unsigned(unsigned int how, int64_t a, int64_t b)
{
	bool less = (uint64_t)a < (uint64_t)b;

	if (how == TSR_HW_SCATTER_ADD || how == TSR_HW_SCATTER_MUL)
		return combine_integer(how, a, b);
	return less == (how == TSR_HW_SCATTER_MIN) ? a : b;
}

static void combine_values(unsigned int how, unsigned int type, union values *d,
			   const union values *x, uint64_t n)
{
	bool wide = type == TSR_HW_TYPE_UINT64;

	switch (number_class_of(type)) {
	case NUMBER_F32:
		for (uint64_t i = 0; i < n; i++)
			d->f32[i] = combine_float(how, d->f32[i], x->f32[i]);
		break;
	case NUMBER_I32:
		for (uint64_t i = 0; i < n; i++)
			d->i32[i] = (int32_t)combine_integer(how, d->i32[i], x->i32[i]);
		break;
	case NUMBER_I64:
		for (uint64_t i = 0; i < n; i++)
			d->i64[i] = wide ? combine_unsigned(how, d->i64[i], x->i64[i]) :
					   combine_integer(how, d->i64[i], x->i64[i]);
		break;
	case NUMBER_BOOL:
		for (uint64_t i = 0; i < n; i++)
			d->boolean[i] = (uint8_t)combine_integer(how, d->boolean[i],
								 x->boolean[i]);
		break;
	}
}

void combine(unsigned int how, unsigned int type, void *d, const void *x, uint64_t n)
{
	union values stored;
	union values updates;

	number_load(type, d, &stored, n);
	number_load(type, x, &updates, n);
	combine_values(how, type, &stored, &updates, n);
	number_store(number_class_of(type), &stored, type, NUMBER_WRAP, d, n);
}
