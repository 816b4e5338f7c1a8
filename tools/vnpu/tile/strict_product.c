/* SPDX-License-Identifier: MIT */
#include "strict_product.h"

#include <math.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "execution.h"
#include "number/clones.h"
#include "parallel.h"
#include "smaller.h"
#include "tile.h"

/* Accumulators that stay in registers, and terms that they take in one go. */
#define ROWS	8u
#define COLUMNS	16u
#define DEPTH	128u

/* A part of C that a thread takes: its terms of one go stay in the cache. */
#define PART_ROWS	(16 * ROWS)
#define PART_COLUMNS	(4 * COLUMNS)

/* Some terms of some results. */
struct piece {
	uint64_t row;
	uint64_t rows;
	uint64_t column;
	uint64_t columns;
	uint64_t first;		/* term */
	uint64_t terms;
};

struct job {
	const struct tile_memory *memory;
	const struct strict_product *product;
	uint64_t across;	/* parts beside each other */
};

static inline uint64_t term(const struct strict_product *product, uint64_t i)
{
	return product->order ? product->order[i] : i;
}

/* The whole block in registers: its extents are constants. */
TILE_CLONES static void add_block(const struct strict_product *product, const struct piece *piece)
{
	float *c = product->c + piece->row * product->ldc + piece->column;
	const float *a = product->a + piece->row * product->lda;
	const float *b = product->b + piece->column;
	float sum[ROWS][COLUMNS];

	for (unsigned int i = 0; i < ROWS; i++)
		for (unsigned int j = 0; j < COLUMNS; j++)
			sum[i][j] = c[i * product->ldc + j];
	for (uint64_t at = piece->first; at < piece->first + piece->terms; at++) {
		uint64_t k = term(product, at);

		for (unsigned int i = 0; i < ROWS; i++)
			for (unsigned int j = 0; j < COLUMNS; j++)
				sum[i][j] = fmaf(a[i * product->lda + k], b[k * product->ldb + j],
						 sum[i][j]);
	}
	for (unsigned int i = 0; i < ROWS; i++)
		for (unsigned int j = 0; j < COLUMNS; j++)
			c[i * product->ldc + j] = sum[i][j];
}

/* What no whole block fits: a block of copies, with zeros beside them. */
static void add_edge(const struct strict_product *product, const struct piece *piece)
{
	float a[ROWS * DEPTH] = { 0 }, b[DEPTH * COLUMNS] = { 0 }, c[ROWS * COLUMNS] = { 0 };
	const struct strict_product copy = { .a = a, .lda = DEPTH, .b = b, .ldb = COLUMNS,
					     .c = c, .ldc = COLUMNS };
	const struct piece whole = { .terms = piece->terms };
	float *to = product->c + piece->row * product->ldc + piece->column;
	size_t bytes = piece->columns * sizeof(float);

	for (uint64_t at = 0; at < piece->terms; at++) {
		uint64_t k = term(product, piece->first + at);

		memcpy(b + at * COLUMNS, product->b + k * product->ldb + piece->column, bytes);
		for (uint64_t i = 0; i < piece->rows; i++)
			a[i * DEPTH + at] = product->a[(piece->row + i) * product->lda + k];
	}
	for (uint64_t i = 0; i < piece->rows; i++)
		memcpy(c + i * COLUMNS, to + i * product->ldc, bytes);
	add_block(&copy, &whole);
	for (uint64_t i = 0; i < piece->rows; i++)
		memcpy(to + i * product->ldc, c + i * COLUMNS, bytes);
}

static void add_piece(const struct strict_product *product, const struct piece *whole)
{
	struct piece piece = *whole;

	for (uint64_t row = 0; row < whole->rows; row += ROWS) {
		piece.row = whole->row + row;
		piece.rows = smaller(ROWS, whole->rows - row);
		for (uint64_t column = 0; column < whole->columns; column += COLUMNS) {
			piece.column = whole->column + column;
			piece.columns = smaller(COLUMNS, whole->columns - column);
			if (piece.rows == ROWS && piece.columns == COLUMNS)
				add_block(product, &piece);
			else
				add_edge(product, &piece);
		}
	}
}

static void clear(const struct strict_product *product, const struct piece *piece)
{
	for (uint64_t i = 0; i < piece->rows; i++)
		memset(product->c + (piece->row + i) * product->ldc + piece->column, 0,
		       piece->columns * sizeof(float));
}

static int run_part(const struct job *job, uint64_t number)
{
	const struct strict_product *product = job->product;
	const struct tile_memory *memory = job->memory;
	struct piece piece = {
		.row = number / job->across * PART_ROWS,
		.column = number % job->across * PART_COLUMNS,
	};

	piece.rows = smaller(PART_ROWS, product->m - piece.row);
	piece.columns = smaller(PART_COLUMNS, product->n - piece.column);
	clear(product, &piece);
	for (; piece.first < product->k; piece.first += DEPTH) {
		if (memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		piece.terms = smaller(DEPTH, product->k - piece.first);
		add_piece(product, &piece);
	}
	return TSR_HW_ERR_NONE;
}

static int run_parts(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;

	(void)fault;
	for (uint64_t i = 0; !error && i < n; i++)
		error = run_part(context, first + i);
	return error;
}

static uint64_t divide_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

int strict_product(const struct tile_memory *memory, const struct strict_product *product)
{
	struct job job = { memory, product, divide_up(product->n, PART_COLUMNS) };
	uint64_t fault;

	return parallel_ranges(memory, divide_up(product->m, PART_ROWS) * job.across, 1, run_parts,
			       &job, &fault);
}
