/* SPDX-License-Identifier: MIT */
#include "pooling.h"

#include <string.h>

#include <number/clones.h>
#include <number/load.h>
#include <tsr_hw/command.h>

#include "reduction.h"

/* So many elements of 16 bits have a sum of 32. */
#define NARROW_TAPS	(1u << 15)

static unsigned int function_of(unsigned int mode)
{
	return mode == TSR_HW_POOLING_MAX ? TSR_HW_REDUCTION_MAX : TSR_HW_REDUCTION_SUM;
}

bool pooling_has(unsigned int mode, unsigned int type)
{
	return mode <= TSR_HW_POOLING_SUM && reduction_has(function_of(mode), type);
}

enum number_class pooling_value(unsigned int type)
{
	return reduction_class(type);
}

void pooling_make(unsigned int mode, unsigned int type, uint64_t taps, struct pooling *pooling)
{
	bool fits = number_class_of(type) == NUMBER_I32 &&
		    (mode == TSR_HW_POOLING_MAX ||
		     (number_bits(type) <= 16 && taps <= NARROW_TAPS));

	*pooling = (struct pooling){
		.type = type,
		.mode = mode,
		.lane = fits ? NUMBER_I32 : reduction_class(type),
		.value = reduction_class(type),
	};
}

void pooling_load(const struct pooling *pooling, const void *raw, void *to, uint64_t n)
{
	if (pooling->lane == NUMBER_I32)
		number_load(pooling->type, raw, to, n);
	else
		reduction_load(pooling->type, raw, to, n);
}

void pooling_start(const struct pooling *pooling, void *lanes, uint64_t n)
{
	int32_t *narrow = lanes;

	if (pooling->lane != NUMBER_I32) {
		reduction_start(function_of(pooling->mode), pooling->type, lanes, n);
		return;
	}
	for (uint64_t i = 0; i < n; i++)
		narrow[i] = pooling->mode == TSR_HW_POOLING_MAX ? INT32_MIN : 0;
}

TILE_CLONES static void max_floats(float *best, const float *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		best[i] = maximum(best[i], from[i]);
}

TILE_CLONES static void add_floats(float *sum, const float *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		sum[i] += from[i];
}

TILE_CLONES static void max_narrow(int32_t *best, const int32_t *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		best[i] = from[i] > best[i] ? from[i] : best[i];
}

TILE_CLONES static void add_narrow(int32_t *sum, const int32_t *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		sum[i] += from[i];
}

/* With the top bit turned, the order of uint64 is that of signed numbers. */
static uint64_t turn_of(const struct pooling *pooling)
{
	return pooling->type == TSR_HW_TYPE_UINT64 ? 1ull << 63 : 0;
}

static void take_wide(const struct pooling *pooling, int64_t *lanes, const int64_t *from,
		      uint64_t n)
{
	unsigned int function = function_of(pooling->mode);
	uint64_t turn = turn_of(pooling);

	for (uint64_t i = 0; i < n; i++)
		lanes[i] = reduction_integer(function, turn, lanes[i], from[i]);
}

static void take_bools(uint8_t *lanes, const uint8_t *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		lanes[i] |= from[i];
}

void pooling_take(const struct pooling *pooling, void *lanes, uint64_t first, const void *from,
		  uint64_t n)
{
	bool max = pooling->mode == TSR_HW_POOLING_MAX;

	switch (pooling->lane) {
	case NUMBER_F32:
		(max ? max_floats : add_floats)((float *)lanes + first, from, n);
		break;
	case NUMBER_I32:
		(max ? max_narrow : add_narrow)((int32_t *)lanes + first, from, n);
		break;
	case NUMBER_I64:
		take_wide(pooling, (int64_t *)lanes + first, from, n);
		break;
	case NUMBER_BOOL:
		take_bools((uint8_t *)lanes + first, from, n);
		break;
	}
}

static bool is_float_beyond(float value, float best)
{
	return value > best || (value != value && best == best);
}

/* Whether element @i of @from is greater than lane @lane. */
static bool is_beyond(const struct pooling *pooling, const void *lanes, uint64_t lane,
		      const void *from, uint64_t i)
{
	uint64_t turn = turn_of(pooling);

	switch (pooling->lane) {
	case NUMBER_F32:
		return is_float_beyond(((const float *)from)[i], ((const float *)lanes)[lane]);
	case NUMBER_I32:
		return ((const int32_t *)from)[i] > ((const int32_t *)lanes)[lane];
	case NUMBER_I64:
		return (int64_t)(((const uint64_t *)from)[i] ^ turn) >
		       (int64_t)(((const uint64_t *)lanes)[lane] ^ turn);
	default:	/* NUMBER_BOOL */
		return ((const uint8_t *)from)[i] > ((const uint8_t *)lanes)[lane];
	}
}

void pooling_select(const struct pooling *pooling, const void *lanes, int64_t *index,
		    uint64_t first, const void *from, uint64_t n, int64_t at)
{
	for (uint64_t i = 0; i < n; i++)
		if (index[first + i] < 0 || is_beyond(pooling, lanes, first + i, from, i))
			index[first + i] = at;
}

/* From the last one on, since values may lie where lanes did. */
static void widen(const int32_t *lanes, int64_t *values, uint64_t n)
{
	for (uint64_t i = n; i-- > 0;)
		values[i] = lanes[i];
}

void pooling_end(const struct pooling *pooling, const void *lanes, const int64_t *count,
		 void *values, uint64_t n)
{
	unsigned int function = function_of(pooling->mode);

	if (pooling->lane == pooling->value) {
		if (values != lanes)
			memcpy(values, lanes, n * number_class_size(pooling->value));
		return;
	}
	widen(lanes, values, n);
	/* The least value of a narrow lane is greater than that of the register. */
	for (uint64_t i = 0; i < n; i++)
		if (!count[i])
			reduction_start(function, pooling->type, (int64_t *)values + i, 1);
}
