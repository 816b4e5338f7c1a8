/* SPDX-License-Identifier: MIT */
#include "matmul.h"

#include <string.h>

#include <tsr_hw/error.h>

#include "execution.h"
#include "onednn.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"

/* Of a block that may be slow. */
#define SLOW_WEIGHTS	(1u << 16)
#define SLOW_DEPTH	512u

/* A product and buffers for one block of it. */
struct blocks {
	const struct matmul *kind;
	bool slow;	/* it may meet subnormal numbers */
	uint64_t m;
	uint64_t n;
	uint64_t k;
	const char *a;
	const char *b;
	char *c;
	char *block_a;
	char *block_b;
	char *block_c;
};

struct matmul_block matmul_block(uint64_t m, uint64_t n, uint64_t k)
{
	uint64_t weights = smaller(MATMUL_BLOCK_WEIGHTS, m ? MATMUL_BLOCK_MACS / m : UINT64_MAX);
	uint64_t depth = k ? smaller(k, weights) : 1;

	return (struct matmul_block){ .columns = smaller(n, weights / depth), .depth = depth };
}

/* Near cubes, so that copying the operands of each is little beside multiplying them. */
static struct matmul_block slow_block(uint64_t n, uint64_t k)
{
	uint64_t depth = smaller(k, SLOW_DEPTH);

	return (struct matmul_block){ .columns = smaller(n, SLOW_WEIGHTS / depth), .depth = depth };
}

/* Whether a kind that can multiply some columns where they lie does. */
static bool cuts_columns(const struct matmul_block *most, uint64_t n, uint64_t k)
{
	return most->columns < n && most->depth == k && n * k <= MATMUL_COLUMNS_WEIGHTS;
}

/* For each matrix of a block: a copy, and one for the trial of what computes it. */
#define COPIES	2

static uint64_t of_block(uint64_t m, uint64_t n, uint64_t k)
{
	return staging_size(m * k * sizeof(float)) + staging_size(k * n * sizeof(float)) +
	       staging_size(m * n * sizeof(float));
}

uint64_t matmul_staging(uint64_t m, uint64_t n, uint64_t k)
{
	struct matmul_block most = matmul_block(m, n, k);
	uint64_t copies = COPIES * of_block(m, most.columns, most.depth);
	uint64_t trial = cuts_columns(&most, n, k) ? of_block(m, n, k) : 0;

	return larger(copies, trial) + staging_size(ONEDNN_MOST_SCRATCH);
}

/* @rows rows of @n bytes each, @pitch bytes apart, to dense ones. */
static void copy_rows(char *to, const char *from, uint64_t rows, uint64_t n, uint64_t pitch)
{
	for (uint64_t row = 0; row < rows; row++)
		memcpy(to + row * n, from + row * pitch, n);
}

static void put_block(const struct blocks *blocks, uint64_t column, uint64_t columns, bool first)
{
	for (uint64_t row = 0; row < blocks->m; row++) {
		char *to = blocks->c + (row * blocks->n + column) * sizeof(float);
		const char *from = blocks->block_c + row * columns * sizeof(float);

		if (first)
			memcpy(to, from, columns * sizeof(float));
		else
			blocks->kind->add(to, from, columns);
	}
}

static int multiply(const struct blocks *blocks, uint64_t columns, uint64_t depth, const void *a,
		    const void *b, void *c)
{
	const struct matmul *kind = blocks->kind;
	int ret = (blocks->slow ? kind->multiply_subnormals : kind->multiply)(
		(int64_t)blocks->m, (int64_t)columns, (int64_t)depth, a, b, c);

	return ret ? TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;
}

static int run_block(const struct blocks *blocks, uint64_t column, uint64_t columns,
		     uint64_t at, uint64_t depth)
{
	uint64_t a_size = blocks->kind->a_size;
	uint64_t b_size = blocks->kind->b_size;
	int error;

	copy_rows(blocks->block_a, blocks->a + at * a_size, blocks->m, depth * a_size,
		  blocks->k * a_size);
	copy_rows(blocks->block_b, blocks->b + (at * blocks->n + column) * b_size, depth,
		  columns * b_size, blocks->n * b_size);
	error = multiply(blocks, columns, depth, blocks->block_a, blocks->block_b, blocks->block_c);
	if (!error)
		put_block(blocks, column, columns, at == 0);
	return error;
}

static int run_blocks(const struct blocks *blocks, const struct tile_memory *memory,
		      const struct matmul_block *most)
{
	int error = TSR_HW_ERR_NONE;

	for (uint64_t column = 0; column < blocks->n; column += most->columns) {
		uint64_t columns = smaller(most->columns, blocks->n - column);

		for (uint64_t at = 0; at < blocks->k; at += most->depth) {
			if (memory->aborted(memory->ctx))
				return EXECUTION_ABORTED;
			error = run_block(blocks, column, columns, at,
					  smaller(most->depth, blocks->k - at));
			if (error)
				return error;
		}
	}
	return error;
}

/* Some columns after the other, of all depth, where they lie. */
static int run_columns(const struct blocks *blocks, const struct tile_memory *memory,
		       uint64_t most)
{
	const struct matmul *kind = blocks->kind;
	int ret = 0;

	for (uint64_t column = 0; !ret && column < blocks->n; column += most) {
		uint64_t columns = smaller(most, blocks->n - column);

		if (memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		ret = kind->multiply_columns((int64_t)blocks->m, (int64_t)columns,
					     (int64_t)blocks->k, (int64_t)blocks->n, blocks->a,
					     blocks->b + column * kind->b_size,
					     blocks->c + column * sizeof(float));
	}
	return ret ? TSR_HW_ERR_ENGINE : TSR_HW_ERR_NONE;
}

/* All at once if it is one block, else in blocks, which are copied where they have to be. */
static int run(struct blocks *blocks, const struct tile_memory *memory,
	       const struct matmul_block *most)
{
	int error = TSR_HW_ERR_ENGINE;

	if (most->columns == blocks->n && most->depth == blocks->k)
		return multiply(blocks, blocks->n, blocks->k, blocks->a, blocks->b, blocks->c);
	if (cuts_columns(most, blocks->n, blocks->k) && blocks->kind->multiply_columns &&
	    !blocks->slow)
		return run_columns(blocks, memory, most->columns);
	blocks->block_a = staging_get(blocks->m * most->depth * blocks->kind->a_size);
	blocks->block_b = staging_get(most->depth * most->columns * blocks->kind->b_size);
	blocks->block_c = staging_get(blocks->m * most->columns * sizeof(float));
	if (blocks->block_a && blocks->block_b && blocks->block_c)
		error = run_blocks(blocks, memory, most);
	staging_put(blocks->block_a);
	staging_put(blocks->block_b);
	staging_put(blocks->block_c);
	return error;
}

/* In parts of some rows, of which a block is MATMUL_SLOW_MACS at most. */
static int run_slow(const struct blocks *blocks, const struct tile_memory *memory)
{
	const struct matmul_block most = slow_block(blocks->n, blocks->k);
	uint64_t rows = MATMUL_SLOW_MACS / (most.columns * most.depth);
	int error = TSR_HW_ERR_NONE;

	for (uint64_t row = 0; !error && row < blocks->m; row += rows) {
		struct blocks part = *blocks;

		part.m = smaller(rows, blocks->m - row);
		part.a += row * blocks->k * blocks->kind->a_size;
		part.c += row * blocks->n * sizeof(float);
		error = memory->aborted(memory->ctx) ? EXECUTION_ABORTED :
						       run(&part, memory, &most);
	}
	return error;
}

/*
 * Of few multiply-accumulates it matters only to a kind that computes them in another way. The
 * operands decide, so the same product is always cut the same way.
 */
static bool is_slow(const struct matmul *kind, uint64_t m, uint64_t n, uint64_t k, const void *a,
		    const void *b)
{
	if (!kind->subnormals)
		return false;
	if (kind->multiply == kind->multiply_subnormals && m * n * k <= MATMUL_SLOW_MACS)
		return false;
	return kind->subnormals(a, m * k, b, k * n);
}

int matmul(const struct matmul *kind, const struct tile_memory *memory, uint64_t m, uint64_t n,
	   uint64_t k, const void *a, const void *b, void *c)
{
	struct blocks blocks = { .kind = kind, .m = m, .n = n, .k = k, .a = a, .b = b, .c = c };
	struct matmul_block most = matmul_block(m, n, k);

	blocks.slow = is_slow(kind, m, n, k, a, b);
	if (blocks.slow && m * n * k > MATMUL_SLOW_MACS)
		return run_slow(&blocks, memory);
	return run(&blocks, memory, &most);
}
