/* SPDX-License-Identifier: MIT */
/*
 * Exact products of integers by instructions that add products of neighbours in 32 bits: of two
 * numbers of 16 bits (pairs.h), or of four bytes (quads.h). Neighbours are a group; in a row of the
 * first operand it has 4 bytes.
 */
#ifndef VNPU_TILE_DOTS_H
#define VNPU_TILE_DOTS_H

#include <stdbool.h>
#include <stdint.h>

/* Rows that are computed at a time, with the columns of a panel. */
#define DOTS_ROWS		6u

#define DOTS_GROUP_BYTES	4u
#define DOTS_MOST_GROUP		4u
#define DOTS_MOST_COLUMNS	64u
#define DOTS_MOST_SUMS		65536u
#define DOTS_LINE_BYTES		64u

/**
 * struct dots_depth - a part of k
 * @at: of its runs
 * @runs: how many
 * @first: bytes of each run that come before it
 * @groups: of each run
 * @next: bytes of a second operand that are used soon, DOTS_LINE_BYTES for each group here: they
 *	may be brought near meanwhile
 */
struct dots_depth {
	const uint64_t *at;
	uint64_t runs;
	uint64_t first;
	uint64_t groups;
	const int8_t *next;
};

/**
 * struct dots_sums - sums of some rows and the columns of a panel
 * @rows: how many
 * @columns: how many
 * @from: what products are added to
 * @from_pitch: elements from row to row there, 0 if all rows have the same
 * @to: the sums
 * @pitch: elements from row to row
 */
struct dots_sums {
	uint64_t rows;
	uint64_t columns;
	const int32_t *from;
	uint64_t from_pitch;
	int32_t *to;
	uint64_t pitch;
};

/**
 * struct dots_way - instructions
 * @group: elements of a group
 * @columns: of a panel
 * @depth: groups of a panel that stay in a near cache
 * @sums: that do until they are used, at most DOTS_MOST_SUMS
 * @any_rows: whether @multiply takes fewer rows than DOTS_ROWS
 * @multiply: rows times all columns of a panel
 */
struct dots_way {
	unsigned int group;
	unsigned int columns;
	unsigned int depth;
	unsigned int sums;
	bool any_rows;
	void (*multiply)(const struct dots_depth *depth, const char *const *row, const int8_t *b,
			 const struct dots_sums *sums);
};

/**
 * struct dots - a product, C[row][column] = start[column] + sum of A[row][k] * B[k][column]
 * @way: how
 * @runs: parts of k: a row of A has the elements of each next to each other
 * @length: elements of a run, at least 1
 * @at: where each run begins behind the start of a row, in bytes
 * @columns: of B
 */
struct dots {
	const struct dots_way *way;
	uint64_t runs;
	uint64_t length;
	const uint64_t *at;
	uint64_t columns;
};

/** dots_panels() - how many panels the columns have */
uint64_t dots_panels(const struct dots *dots);

/** dots_panel() - bytes of a packed panel */
uint64_t dots_panel(const struct dots *dots);

/** dots_packed() - bytes of the packed second operand */
uint64_t dots_packed(const struct dots *dots);

/**
 * dots_pack() - some panels of a second operand
 * @dots: the product
 * @b: B, dense
 * @first: first panel
 * @panels: how many
 * @packed: all of the packed operand, dots_packed() bytes, aligned to 64
 */
void dots_pack(const struct dots *dots, const int8_t *b, uint64_t first, uint64_t panels,
	       int8_t *packed);

/**
 * dots_multiply() - some rows times some columns
 * @dots: the product
 * @row: where each row begins; behind a run that is no whole number of groups the rest of one is
 *	read, which counts for nothing
 * @rows: how many
 * @packed: second operand, beginning with the panel of the first of these columns
 * @columns: how many
 * @start: of these columns
 * @c: result, dense
 *
 * Sums wrap.
 */
void dots_multiply(const struct dots *dots, const char *const *row, uint64_t rows,
		   const int8_t *packed, uint64_t columns, const int32_t *start, int32_t *c);

#endif
