/* SPDX-License-Identifier: MIT */
/*
 * Exact products of integers on processors without instructions for sums of four products of
 * bytes: operands are widened to 16 bits, of which AVX2 adds pairs of products in 32 bits.
 */
#ifndef VNPU_TILE_PAIRS_H
#define VNPU_TILE_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

/* What is computed at a time: some rows of a panel of columns. */
#define PAIRS_ROWS	6u
#define PAIRS_COLUMNS	16u

/* Fewer columns leave most of a panel empty, which must not take more memory than other ways. */
#define PAIRS_LEAST_COLUMNS	4u

/**
 * struct pairs - a product, C[row][column] = sum of A[row][k] * B[k][column]
 * @runs: parts of k: a row of A has the elements of each next to each other
 * @length: elements of a run, at least 1
 * @at: where each run begins behind the start of a row, in elements
 * @columns: of B
 */
struct pairs {
	uint64_t runs;
	uint64_t length;
	const uint64_t *at;
	uint64_t columns;
};

/** pairs_exist() - whether this processor has the instructions, and the environment allows them */
bool pairs_exist(void);

/** pairs_panels() - how many panels the columns have */
uint64_t pairs_panels(const struct pairs *pairs);

/** pairs_packed() - bytes of @pairs' packed second operand */
uint64_t pairs_packed(const struct pairs *pairs);

/**
 * pairs_pack() - some panels of a second operand
 * @pairs: the product
 * @b: B, dense
 * @first: first panel
 * @panels: how many
 * @packed: all of the packed operand, pairs_packed() bytes, aligned to 16
 */
void pairs_pack(const struct pairs *pairs, const int8_t *b, uint64_t first, uint64_t panels,
		int8_t *packed);

/**
 * pairs_multiply() - some rows times some columns
 * @pairs: the product; elements of A lie between -255 and 255
 * @row: where each row begins; behind a run of odd length one more element is read, which counts
 *	for nothing
 * @rows: how many
 * @packed: second operand, beginning with the panel of the first of these columns
 * @columns: how many
 * @c: result
 * @pitch: elements from row to row there
 *
 * Sums wrap.
 */
void pairs_multiply(const struct pairs *pairs, const int16_t *const *row, uint64_t rows,
		    const int8_t *packed, uint64_t columns, int32_t *c, uint64_t pitch);

/** pairs_panel() - bytes of the packed operand for PAIRS_COLUMNS columns */
uint64_t pairs_panel(const struct pairs *pairs);

#endif
