/* SPDX-License-Identifier: MIT */
/*
 * Products of dense matrices of any size, in blocks: bounded work between two questions
 * whether to give up, and bounded memory for what computes a block.
 */
#ifndef VNPU_TILE_MATMUL_H
#define VNPU_TILE_MATMUL_H

#include <stdbool.h>
#include <stdint.h>

struct tile_memory;

/* Multiply-accumulates of a block, and weights of one. */
#define MATMUL_BLOCK_MACS	(1ull << 30)
#define MATMUL_BLOCK_WEIGHTS	(1ull << 23)

/* Weights of a product whose columns are cut where they lie: the trial of one has as many. */
#define MATMUL_COLUMNS_WEIGHTS	(1ull << 22)

/* Multiply-accumulates of a block whose sums may be subnormal: these may take 150 cycles a lane. */
#define MATMUL_SLOW_MACS	(1ull << 22)

/**
 * struct matmul - a kind of product; every result has 4 bytes
 * @a_size: bytes of an element of A
 * @b_size: bytes of an element of B
 * @multiply: C [m, n] = A [m, k] * B [k, n]; 0 or a negative errno
 * @subnormals: NULL, or whether matrices of so many elements may lead to subnormal numbers
 * @multiply_subnormals: as @multiply, where they may
 * @multiply_columns: NULL, or as @multiply for some of the columns: a row of B or C begins @pitch
 *	elements behind the one before
 * @add: @to += @from
 */
struct matmul {
	uint32_t a_size;
	uint32_t b_size;
	int (*multiply)(int64_t m, int64_t n, int64_t k, const void *a, const void *b, void *c);
	bool (*subnormals)(const void *a, uint64_t a_count, const void *b, uint64_t b_count);
	int (*multiply_subnormals)(int64_t m, int64_t n, int64_t k, const void *a, const void *b,
				   void *c);
	int (*multiply_columns)(int64_t m, int64_t n, int64_t k, int64_t pitch, const void *a,
				const void *b, void *c);
	void (*add)(void *to, const void *from, uint64_t count);
};

/**
 * struct matmul_block - the largest block of a product
 * @columns: of B
 * @depth: rows of B
 */
struct matmul_block {
	uint64_t columns;
	uint64_t depth;
};

/** matmul_block() - blocks that a product with @m rows, @n columns and depth @k is cut into */
struct matmul_block matmul_block(uint64_t m, uint64_t n, uint64_t k);

/** matmul_staging() - bytes of host memory that a product takes beside its operands */
uint64_t matmul_staging(uint64_t m, uint64_t n, uint64_t k);

/**
 * matmul() - multiply
 * @kind: of product
 * @memory: who is asked whether to give up
 * @m: rows of @a and @c, at most MATMUL_BLOCK_MACS
 * @n: columns of @b and @c
 * @k: columns of @a, rows of @b
 * @a: dense
 * @b: dense
 * @c: result, dense
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_ENGINE or EXECUTION_ABORTED.
 */
int matmul(const struct matmul *kind, const struct tile_memory *memory, uint64_t m, uint64_t n,
	   uint64_t k, const void *a, const void *b, void *c);

#endif
