/* SPDX-License-Identifier: MIT */
/*
 * Reductions of SCAN: how elements are combined, in registers. Integers of any type are i64
 * there; of uint64 they have the bits, so extremes must know the type.
 */
#ifndef VNPU_TILE_REDUCTION_H
#define VNPU_TILE_REDUCTION_H

#include <stdbool.h>
#include <stdint.h>

#include <number/extremum.h>
#include <number/types.h>
#include <tsr_hw/command.h>

/** reduction_class() - the register that elements of @type are combined in */
enum number_class reduction_class(unsigned int type);

/** reduction_has() - whether elements of @type can be combined by TSR_HW_REDUCTION_... @function */
bool reduction_has(unsigned int function, unsigned int type);

/**
 * reduction_load() - stored elements as elements of their register
 * @type: of the stored elements
 * @raw: they, aligned
 * @values: as many of reduction_class()
 * @n: elements, at most REDUCTION_MOST
 */
void reduction_load(unsigned int type, const void *raw, void *values, uint64_t n);

/* Elements of one call of reduction_load(). */
#define REDUCTION_MOST	2048u

/**
 * reduction_start() - what no elements are combined to
 * @function: TSR_HW_REDUCTION_... that reduction_has()
 * @type: of the elements
 * @values: set, elements of reduction_class()
 * @n: elements
 */
void reduction_start(unsigned int function, unsigned int type, void *values, uint64_t n);

static inline float reduction_float(unsigned int function, float a, float b)
{
	switch (function) {
	case TSR_HW_REDUCTION_SUM:
		return a + b;
	case TSR_HW_REDUCTION_PRODUCT:
		return a * b;
	case TSR_HW_REDUCTION_MIN:
		return minimum(a, b);
	default:
		return maximum(a, b);
	}
}

/* @turn: 1 << 63 for uint64, else 0: with that bit turned, signed order is the order of both. */
static inline int64_t reduction_integer(unsigned int function, uint64_t turn, int64_t a, int64_t b)
{
	bool less = (int64_t)((uint64_t)a ^ turn) < (int64_t)((uint64_t)b ^ turn);

	switch (function) {
	case TSR_HW_REDUCTION_SUM:
		return (int64_t)((uint64_t)a + (uint64_t)b);
	case TSR_HW_REDUCTION_PRODUCT:
		return (int64_t)((uint64_t)a * (uint64_t)b);
	case TSR_HW_REDUCTION_MIN:
		return less ? a : b;
	default:
		return less ? b : a;
	}
}

static inline uint8_t reduction_bool(unsigned int function, uint8_t a, uint8_t b)
{
	return function == TSR_HW_REDUCTION_MIN ? a & b : a | b;
}

#endif
