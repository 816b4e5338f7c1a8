/* SPDX-License-Identifier: MIT */
/* Rows of a first operand times staged weights, and accumulators on their way to the output. */
#ifndef VNPU_TILE_ACCUMULATE_H
#define VNPU_TILE_ACCUMULATE_H

#include <stdint.h>

#include "codes.h"
#include "pairing.h"

struct block_run;
struct execution;
struct view;
struct weights;

/**
 * struct rows - dense rows of a first operand as they are multiplied
 * @plane: [rows, k]: float in the first one, or uint8_t codes
 * @count: rows
 * @zero: integers: zero point of all rows, if there are no @zeros
 * @zeros: integers: zero point of each row, or NULL
 */
struct rows {
	void *plane[CODES_PLANES];
	uint64_t count;
	int64_t zero;
	const int64_t *zeros;
};

/** rows_shifted() - whether zero points in codes are not 0: what struct weights wants to know */
bool rows_shifted(const struct pairing *pairing, int64_t zero, bool has_zeros);

/**
 * rows_load() - stage rows
 * @execution: the running command
 * @pairing: types
 * @view: elements of the first operand
 * @first: number of the first element
 * @n: elements
 * @rows: its planes have room for @n elements
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_* or EXECUTION_ABORTED.
 */
int rows_load(struct execution *execution, const struct pairing *pairing, const struct view *view,
	      uint64_t first, uint64_t n, struct rows *rows);

/** rows_get() - allocate planes for @n elements; TSR_HW_ERR_NONE or TSR_HW_ERR_ENGINE */
int rows_get(const struct pairing *pairing, uint64_t n, struct rows *rows);

/** rows_put() - free planes, if there are any */
void rows_put(struct rows *rows);

/**
 * accumulate_rows() - rows to work on at a time, 1 to @rows: progress shows, buffers are bounded
 */
uint64_t accumulate_rows(const struct pairing *pairing, uint64_t k, uint64_t n, uint64_t rows);

/**
 * accumulate_staging() - bytes of host memory that chunks of rows take, rows and weights included
 * @pairing: types
 * @k: depth
 * @n: columns of weights that are staged at a time
 * @rows: rows there are
 */
uint64_t accumulate_staging(const struct pairing *pairing, uint64_t k, uint64_t n, uint64_t rows);

/**
 * accumulate() - multiply, and store what the epilogue makes of the sums
 * @execution: the running command
 * @weights: staged
 * @rows: staged, at most accumulate_rows() of them
 * @run: epilogue and output
 * @first: number of the first row's first element in the output's row-major order
 * @pitch: elements from row to row there
 *
 * Return: TSR_HW_ERR_*, or EXECUTION_ABORTED.
 */
int accumulate(struct execution *execution, const struct weights *weights, const struct rows *rows,
	       struct block_run *run, uint64_t first, uint64_t pitch);

/**
 * accumulate_store() - the second half of accumulate()
 * @execution: the running command
 * @weights: staged; of their elements nothing is read
 * @rows: @count and zero points; elements only if weights have zero points, too
 * @acc: sums of products of codes or of numbers, [@rows->count, @weights->n]; overwritten
 * @run: epilogue and output
 * @first: number of the first row's first element in the output's row-major order
 * @pitch: elements from row to row there
 *
 * Return: as accumulate().
 */
int accumulate_store(struct execution *execution, const struct weights *weights,
		     const struct rows *rows, void *acc, struct block_run *run, uint64_t first,
		     uint64_t pitch);

#endif
