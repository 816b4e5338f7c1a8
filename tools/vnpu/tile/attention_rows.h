/* SPDX-License-Identifier: MIT */
/*
 * Rows of ATTENTION: the softmax of their scores over blocks of keys, and the sum of values that it
 * weights. In default mode one pass over the keys: what was summed is scaled down whenever a block
 * has a larger score. Strict mode divides before it rounds, so it needs the greatest score and the
 * sum first.
 */
#ifndef VNPU_TILE_ATTENTION_ROWS_H
#define VNPU_TILE_ATTENTION_ROWS_H

#include <stdbool.h>
#include <stdint.h>

struct tile_memory;

/* Rows that are computed together, and keys of a block; both less where elements are many. */
#define ATTENTION_ROWS	128u
#define ATTENTION_KEYS	256u

/* Passes of strict mode over the keys; default mode has the last one only. */
enum attention_pass { ATTENTION_MAX, ATTENTION_SUM, ATTENTION_VALUES };

/**
 * struct attention_rows - some rows
 * @type: of q: weights are rounded to it
 * @strict: strict mode
 * @scale: of scores
 * @count: rows
 * @width: elements of a value
 * @limit: keys that each row may see at most
 * @scores: [count, ATTENTION_KEYS]: products of a block, made weights
 * @allowed: [count, ATTENTION_KEYS], 0: not allowed; or NULL
 * @sums: [count, @width]
 * @part: room for as many
 * @max: the greatest score so far
 * @sum: of weights so far
 * @seen: there was a key that is allowed
 */
struct attention_rows {
	unsigned int type;
	bool strict;
	float scale;
	uint64_t count;
	uint64_t width;
	int64_t limit[ATTENTION_ROWS];
	float *scores;
	const uint8_t *allowed;
	float *sums;
	float *part;
	float max[ATTENTION_ROWS];
	float sum[ATTENTION_ROWS];
	bool seen[ATTENTION_ROWS];
};

/** attention_rows_start() - before the first block */
void attention_rows_start(struct attention_rows *rows);

/**
 * attention_rows_add() - a block of keys
 * @rows: @scores and @allowed are those of the block
 * @pass: which pass this is
 * @first: number of its first key
 * @n: keys, at most ATTENTION_KEYS
 * @values: [@n, width], of the last pass
 * @memory: who is asked whether to give up
 *
 * Return: TSR_HW_ERR_NONE or EXECUTION_ABORTED.
 */
int attention_rows_add(struct attention_rows *rows, enum attention_pass pass, uint64_t first,
		       uint64_t n, const float *values, const struct tile_memory *memory);

/** attention_rows_end() - after the last block: @sums are the results */
void attention_rows_end(struct attention_rows *rows);

#endif
