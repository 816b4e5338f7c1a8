/* SPDX-License-Identifier: MIT */
#include "int8_pairs.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <number/clones.h>

#include "dots.h"
#include "pairs.h"
#include "smaller.h"
#include "staging.h"

/* Rows that share the second operand while it is in a cache. */
#define BLOCK_ROWS	(9 * DOTS_ROWS)

struct product {
	struct dots dots;
	uint64_t rows;
	uint64_t pitch;		/* elements from row to row of @wide: even */
	const uint8_t *a;
	const int8_t *b;
	int16_t *wide;
	int8_t *packed;
	const int32_t *start;
	int32_t *c;
};

TILE_CLONES static void widen(const uint8_t *from, int16_t *to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = from[i];
}

static void multiply_rows(const struct product *product, uint64_t first)
{
	uint64_t k = product->dots.length, rows = smaller(BLOCK_ROWS, product->rows - first);
	const char *row[BLOCK_ROWS];

	for (uint64_t i = 0; i < rows; i++) {
		int16_t *wide = product->wide + (first + i) * product->pitch;

		widen(product->a + (first + i) * k, wide, k);
		if (k % 2)
			wide[k] = 0;
		row[i] = (const char *)wide;
	}
	dots_multiply(&product->dots, row, rows, product->packed, product->dots.columns,
		      product->start, product->c + first * product->dots.columns);
}

static void multiply(const struct product *product)
{
	uint64_t panels = dots_panels(&product->dots);
	uint64_t blocks = quotient(product->rows, BLOCK_ROWS);

#pragma omp parallel if (blocks > 1)
	{
#pragma omp for schedule(dynamic)
		for (uint64_t i = 0; i < panels; i++)
			dots_pack(&product->dots, product->b, i, 1, product->packed);
#pragma omp for schedule(dynamic)
		for (uint64_t i = 0; i < blocks; i++)
			multiply_rows(product, i * BLOCK_ROWS);
	}
}

int int8_by_pairs(int64_t m, int64_t n, int64_t k, const uint8_t *a, const int8_t *b, int32_t *c)
{
	static const uint64_t begin;
	struct product product = {
		.dots = { .way = pairs_way(), .runs = 1, .length = (uint64_t)k, .at = &begin,
			  .columns = (uint64_t)n },
		.rows = (uint64_t)m, .pitch = ((uint64_t)k + 1) / 2 * 2, .a = a, .b = b, .c = c,
	};
	int ret = -ENOMEM;
	int32_t *start;

	if (!product.dots.way || n < PAIRS_LEAST_COLUMNS)
		return -ENOTSUP;
	product.wide = staging_get(product.rows * product.pitch * sizeof(*product.wide));
	product.packed = staging_get(dots_packed(&product.dots));
	start = staging_get((uint64_t)n * sizeof(*start));
	if (product.wide && product.packed && start) {
		memset(start, 0, (uint64_t)n * sizeof(*start));
		product.start = start;
		multiply(&product);
		ret = 0;
	}
	staging_put(start);
	staging_put(product.wide);
	staging_put(product.packed);
	return ret;
}
