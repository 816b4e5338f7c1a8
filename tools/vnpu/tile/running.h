/* SPDX-License-Identifier: MIT */
/* Running sums, products and extremes of columns of values. */
#ifndef VNPU_TILE_RUNNING_H
#define VNPU_TILE_RUNNING_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct running - how columns are combined
 * @function: TSR_HW_REDUCTION_... that reduction_has()
 * @type: of the stored elements
 * @exclusive: a result does not have its own element in it
 * @reverse: from the last row on
 */
struct running {
	unsigned int function;
	unsigned int type;
	bool exclusive;
	bool reverse;
};

/**
 * running_rows() - replace elements by what those before them in their column are combined to
 * @running: how
 * @values: @rows rows of @columns elements of reduction_class()
 * @rows: rows
 * @columns: columns
 * @carry: @columns elements: what is combined so far; continued
 *
 * One combination after the other in the order of the rows.
 */
void running_rows(const struct running *running, void *values, uint64_t rows, uint64_t columns,
		  void *carry);

#endif
