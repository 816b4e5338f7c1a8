/* SPDX-License-Identifier: MIT */
/*
 * A row of values on its way to its normal form, piece by piece: once over all values for the
 * centre, once more for the divisor, once more to divide. Sums are of fp32 values in the order
 * of the row, one rounded addition each, so every device that does the same has the same bits.
 */
#ifndef VNPU_TILE_NORMALIZATION_H
#define VNPU_TILE_NORMALIZATION_H

#include <stdbool.h>
#include <stdint.h>

/* Values of one call, at most. */
#define NORMALIZATION_MOST	2048u

/**
 * struct normalization - how rows are normalized
 * @mode: TSR_HW_NORMALIZE_...
 * @epsilon: added to what the root is taken of
 * @depth: values of a row, at least 1
 */
struct normalization {
	unsigned int mode;
	float epsilon;
	uint64_t depth;
};

/**
 * struct normalization_row - a row, as far as it was seen
 * @total: sum or maximum of the current pass
 * @centre: what is subtracted from each value
 * @divisor: what remains is divided by; of LOG_SOFTMAX subtracted, too
 */
struct normalization_row {
	float total;
	float centre;
	float divisor;
};

/** normalization_has_centre() - whether the first pass is needed */
bool normalization_has_centre(const struct normalization *how);

/** normalization_start() - before the first pass */
void normalization_start(const struct normalization *how, struct normalization_row *row);

/** normalization_centre() - the first pass: @n values more */
void normalization_centre(const struct normalization *how, struct normalization_row *row,
			  const float *values, uint64_t n);

/** normalization_turn() - between the passes */
void normalization_turn(const struct normalization *how, struct normalization_row *row);

/**
 * normalization_shift() - what values become once the centre is known
 * @how: the mode
 * @row: after normalization_turn()
 * @values: replaced, each by itself
 * @n: values, at most NORMALIZATION_MOST
 */
void normalization_shift(const struct normalization *how, const struct normalization_row *row,
			 float *values, uint64_t n);

/** normalization_measure() - the second pass: @n values of normalization_shift() more */
void normalization_measure(const struct normalization *how, struct normalization_row *row,
			   const float *values, uint64_t n);

/** normalization_end() - after the second pass */
void normalization_end(const struct normalization *how, struct normalization_row *row);

/**
 * normalization_finish() - results
 * @how: the mode
 * @row: after normalization_end()
 * @values: of normalization_shift(); replaced, each by itself
 * @n: values
 */
void normalization_finish(const struct normalization *how, const struct normalization_row *row,
			  float *values, uint64_t n);

#endif
