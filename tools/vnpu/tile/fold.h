/* SPDX-License-Identifier: MIT */
/* What a row of values is combined to, or which of them is the least or the greatest. */
#ifndef VNPU_TILE_FOLD_H
#define VNPU_TILE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include <number/types.h>

/**
 * struct fold - how rows are folded
 * @function: TSR_HW_REDUCTION_...
 * @type: of the stored elements
 * @last: of equal elements the last one is selected, else the first
 */
struct fold {
	unsigned int function;
	unsigned int type;
	bool last;
};

/**
 * struct fold_state - a row, as far as it was folded
 * @value: an element of reduction_class(), or for a selection the key of the one selected
 * @index: of the element selected
 * @count: elements so far
 */
struct fold_state {
	union {
		float f32;
		int64_t i64;
		uint8_t boolean;
	} value;
	int64_t index;
	int64_t count;
};

/** fold_has() - whether rows of @type can be folded by TSR_HW_REDUCTION_... @function */
bool fold_has(unsigned int function, unsigned int type);

/** fold_selects() - whether the result is the place of an element */
bool fold_selects(unsigned int function);

/** fold_class() - the register of the result */
enum number_class fold_class(unsigned int function, unsigned int type);

/** fold_start() - before the first element */
void fold_start(const struct fold *fold, struct fold_state *state);

/**
 * fold_values() - continue a row, one element after the other
 * @fold: how
 * @values: elements of reduction_class()
 * @n: elements, at most REDUCTION_MOST
 * @state: continued
 */
void fold_values(const struct fold *fold, const void *values, uint64_t n,
		 struct fold_state *state);

/** fold_end() - the result as element @i of @to, which has elements of fold_class() */
void fold_end(const struct fold *fold, const struct fold_state *state, void *to, uint64_t i);

#endif
