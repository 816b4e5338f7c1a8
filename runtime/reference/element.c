// SPDX-License-Identifier: MIT
#include "element.h"

#include <math.h>
#include <string.h>

static float from_bf16(uint16_t half)
{
	uint32_t bits = (uint32_t)half << 16;
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Nearest, ties to even; a quiet bit keeps not-a-number one. */
static uint16_t to_bf16(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	if (isnan(value))
		return (uint16_t)(bits >> 16 | 0x40);
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

int32_t array_code(const struct array *array, size_t i)
{
	switch (array->info->type) {
	case TSR_INT8:
		return ((int8_t *)array->data)[i] - array->info->zero_point;
	case TSR_UINT8:
		return ((uint8_t *)array->data)[i] - array->info->zero_point;
	default:
		return ((int32_t *)array->data)[i];
	}
}

float array_real(const struct array *array, size_t i)
{
	switch (array->info->type) {
	case TSR_FP32:
		return ((float *)array->data)[i];
	case TSR_FP16:
		return (float)((_Float16 *)array->data)[i];
	case TSR_BF16:
		return from_bf16(((uint16_t *)array->data)[i]);
	default:
		return (float)array_code(array, i) * array->info->scale;
	}
}

void array_store_units(struct array *array, size_t i, float units)
{
	int32_t low = array->info->type == TSR_INT8 ? INT8_MIN : 0;
	int32_t high = array->info->type == TSR_INT8 ? INT8_MAX : UINT8_MAX;
	double code = nearbyint((double)units) + array->info->zero_point;

	if (isnan(units))
		code = array->info->zero_point;
	code = code < low ? low : code > high ? high : code;
	((uint8_t *)array->data)[i] = (uint8_t)(int32_t)code;
}

void array_store(struct array *array, size_t i, float value)
{
	switch (array->info->type) {
	case TSR_FP32:
		((float *)array->data)[i] = value;
		break;
	case TSR_FP16:
		((_Float16 *)array->data)[i] = (_Float16)value;
		break;
	case TSR_BF16:
		((uint16_t *)array->data)[i] = to_bf16(value);
		break;
	default:
		array_store_units(array, i, value / array->info->scale);
	}
}

void array_locate(const struct array *array, size_t i, int64_t at[TSR_RANK_MAX])
{
	unsigned int d;

	for (d = array->info->rank; d-- > 0;) {
		at[d] = (int64_t)(i % (size_t)array->info->dim[d]);
		i /= (size_t)array->info->dim[d];
	}
}

size_t array_index(const struct array *array, const int64_t at[TSR_RANK_MAX])
{
	size_t i = 0;
	unsigned int d;

	for (d = 0; d < array->info->rank; d++)
		i = i * (size_t)array->info->dim[d] + (size_t)at[d];
	return i;
}
