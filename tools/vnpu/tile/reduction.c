/* SPDX-License-Identifier: MIT */
#include "reduction.h"

#include <math.h>

#include <number/load.h>

enum number_class reduction_class(unsigned int type)
{
	enum number_class class = number_class_of(type);

	return class == NUMBER_I32 ? NUMBER_I64 : class;
}

bool reduction_has(unsigned int function, unsigned int type)
{
	switch (function) {
	case TSR_HW_REDUCTION_SUM:
	case TSR_HW_REDUCTION_PRODUCT:
		return type != TSR_HW_TYPE_BOOL;
	case TSR_HW_REDUCTION_MIN:
	case TSR_HW_REDUCTION_MAX:
		return true;
	default:
		return false;
	}
}

void reduction_load(unsigned int type, const void *raw, void *values, uint64_t n)
{
	int32_t narrow[REDUCTION_MOST];
	int64_t *wide = values;

	if (number_class_of(type) != NUMBER_I32) {
		number_load(type, raw, values, n);
		return;
	}
	number_load(type, raw, narrow, n);
	for (uint64_t i = 0; i < n; i++)
		wide[i] = narrow[i];
}

static float start_float(unsigned int function)
{
	switch (function) {
	case TSR_HW_REDUCTION_SUM:
		return 0;
	case TSR_HW_REDUCTION_PRODUCT:
		return 1;
	case TSR_HW_REDUCTION_MIN:
		return INFINITY;
	default:
		return -INFINITY;
	}
}

static int64_t start_integer(unsigned int function, bool is_unsigned)
{
	switch (function) {
	case TSR_HW_REDUCTION_SUM:
		return 0;
	case TSR_HW_REDUCTION_PRODUCT:
		return 1;
	case TSR_HW_REDUCTION_MIN:
		return is_unsigned ? -1 : INT64_MAX;
	default:
		return is_unsigned ? 0 : INT64_MIN;
	}
}

void reduction_start(unsigned int function, unsigned int type, void *values, uint64_t n)
{
	int64_t integer = start_integer(function, type == TSR_HW_TYPE_UINT64);
	float real = start_float(function);

	for (uint64_t i = 0; i < n; i++) {
		switch (reduction_class(type)) {
		case NUMBER_F32:
			((float *)values)[i] = real;
			break;
		case NUMBER_I32:
		case NUMBER_I64:
			((int64_t *)values)[i] = integer;
			break;
		case NUMBER_BOOL:
			((uint8_t *)values)[i] = function == TSR_HW_REDUCTION_MIN;
			break;
		}
	}
}
