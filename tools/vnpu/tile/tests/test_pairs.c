/* SPDX-License-Identifier: MIT */
/* Products by pairs of 16 bits are those of plain loops. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tile/int8_pairs.h"
#include "tile/pairs.h"

#define MOST_RUNS	4u
#define MOST_LENGTH	40u
#define MOST_COLUMNS	70u
#define MOST_ROWS	20u
#define STEP		64u	/* elements from row to row */
#define ROUNDS		300

/* Where runs begin: they lie in any order, and overlap. */
static const uint64_t starts[MOST_RUNS] = { 7, 0, 20, 11 };

struct product {
	struct pairs pairs;
	uint64_t rows;
	int16_t a[(MOST_ROWS + 1) * STEP];
	int8_t b[MOST_RUNS * MOST_LENGTH * MOST_COLUMNS];
	_Alignas(64) int8_t packed[(MOST_COLUMNS + PAIRS_COLUMNS) * MOST_RUNS * (MOST_LENGTH + 1)];
	int32_t c[MOST_ROWS * STEP * 2];
};

/* Other processors have other ways, which the tests of GEMM compare. */
static void needs_instructions(void)
{
	if (!pairs_exist())
		skip();
}

static void fill(struct product *product, uint64_t *state)
{
	*product = (struct product){
		.pairs = {
			.runs = 1 + random_next(state) % MOST_RUNS, .length = 1 + random_next(state) % MOST_LENGTH,
			.at = starts, .columns = 1 + random_next(state) % MOST_COLUMNS,
		},
		.rows = 1 + random_next(state) % MOST_ROWS,
	};
	for (size_t i = 0; i < sizeof(product->a) / sizeof(product->a[0]); i++)
		product->a[i] = (int16_t)((int32_t)(random_next(state) % 511) - 255);
	for (size_t i = 0; i < sizeof(product->b); i++)
		product->b[i] = (int8_t)random_next(state);
}

static int32_t wanted(const struct product *product, uint64_t row, uint64_t column)
{
	const struct pairs *pairs = &product->pairs;
	int32_t sum = 0;

	for (uint64_t i = 0; i < pairs->runs; i++)
		for (uint64_t k = 0; k < pairs->length; k++)
			sum += product->a[row * STEP + pairs->at[i] + k] *
			       product->b[(i * pairs->length + k) * pairs->columns + column];
	return sum;
}

static void multiply(struct product *product, uint64_t pitch)
{
	uint64_t panels = (product->pairs.columns + PAIRS_COLUMNS - 1) / PAIRS_COLUMNS;
	const int16_t *row[MOST_ROWS];

	for (uint64_t i = 0; i < product->rows; i++)
		row[i] = product->a + i * STEP;
	for (uint64_t i = 0; i < panels; i++)
		pairs_pack(&product->pairs, product->b, panels - 1 - i, 1, product->packed);
	pairs_multiply(&product->pairs, row, product->rows, product->packed, product->pairs.columns,
		       product->c, pitch);
}

/* Rows of results are followed by what stays as it was. */
static void products_are_those_of_plain_loops(void **state)
{
	static struct product product;
	uint64_t random = 1;

	(void)state;
	needs_instructions();
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t pitch;

		fill(&product, &random);
		pitch = product.pairs.columns + random_next(&random) % 3;
		multiply(&product, pitch);
		for (uint64_t i = 0; i < product.rows * pitch; i++) {
			bool inside = i % pitch < product.pairs.columns;

			assert_int_equal(product.c[i], inside ? wanted(&product, i / pitch, i % pitch) : 0);
		}
		for (uint64_t i = product.rows * pitch; i < MOST_ROWS * STEP * 2; i++)
			assert_int_equal(product.c[i], 0);
	}
}

static void a_part_of_the_columns_is_computed_alone(void **state)
{
	static struct product product;
	const int16_t *row[1];
	uint64_t random = 2;

	(void)state;
	needs_instructions();
	fill(&product, &random);
	product.pairs.columns = 3 * PAIRS_COLUMNS;
	multiply(&product, product.pairs.columns);
	memset(product.c, 0, sizeof(product.c));
	row[0] = product.a;
	pairs_multiply(&product.pairs, row, 1, product.packed + pairs_panel(&product.pairs),
		       PAIRS_COLUMNS, product.c, PAIRS_COLUMNS);
	for (uint64_t i = 0; i < PAIRS_COLUMNS; i++)
		assert_int_equal(product.c[i], wanted(&product, 0, PAIRS_COLUMNS + i));
	assert_int_equal(product.c[PAIRS_COLUMNS], 0);
}

/* 255 * 127 four thousand times is beyond 16 bits and below 32; the least is -255 * 128. */
/* Deeper than what is worked on together, in one run and in many. */
static void deep_products_are_those_of_plain_loops(void **state)
{
	enum { RUNS = 3, LENGTH = 1001, ROWS = 7, COLUMNS = 20 };
	static const uint64_t at[] = { 0, 900, 2000 };
	static int16_t a[ROWS * (2000 + LENGTH + 1)];
	static int8_t b[RUNS * LENGTH * COLUMNS];
	static _Alignas(64) int8_t packed[RUNS * (LENGTH + 1) * 2 * PAIRS_COLUMNS];
	const struct pairs pairs = { .runs = RUNS, .length = LENGTH, .at = at, .columns = COLUMNS };
	const int16_t *row[ROWS];
	int32_t c[ROWS * COLUMNS];
	uint64_t random = 4;

	(void)state;
	needs_instructions();
	for (size_t i = 0; i < sizeof(a) / sizeof(a[0]); i++)
		a[i] = (int16_t)((int32_t)(random_next(&random) % 511) - 255);
	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = (int8_t)random_next(&random);
	for (unsigned int i = 0; i < ROWS; i++)
		row[i] = a + i * (2000 + LENGTH + 1);
	pairs_pack(&pairs, b, 0, 2, packed);
	pairs_multiply(&pairs, row, ROWS, packed, COLUMNS, c, COLUMNS);
	for (unsigned int i = 0; i < ROWS * COLUMNS; i++) {
		int32_t sum = 0;

		for (unsigned int k = 0; k < RUNS * LENGTH; k++)
			sum += row[i / COLUMNS][at[k / LENGTH] + k % LENGTH] * b[k * COLUMNS + i % COLUMNS];
		assert_int_equal(c[i], sum);
	}
}

static void the_largest_sums_are_exact(void **state)
{
	static const int8_t ends[] = { 127, -128 };
	enum { DEPTH = 4096, COLUMNS = PAIRS_COLUMNS };
	uint8_t *a = malloc(DEPTH);
	int8_t *b = malloc((size_t)DEPTH * COLUMNS);
	int32_t c[COLUMNS];

	(void)state;
	needs_instructions();
	memset(a, 255, DEPTH);
	for (unsigned int end = 0; end < 2; end++) {
		memset(b, ends[end], (size_t)DEPTH * COLUMNS);
		assert_int_equal(int8_by_pairs(1, COLUMNS, DEPTH, a, b, c), 0);
		for (unsigned int i = 0; i < COLUMNS; i++)
			assert_int_equal(c[i], 255 * ends[end] * DEPTH);
	}
	free(a);
	free(b);
}

static void matrices_of_any_size_are_multiplied(void **state)
{
	static const int64_t sizes[][3] = {
		{ 1, 4, 1 }, { 7, 5, 3 }, { 48, 16, 16 }, { 49, 17, 33 }, { 100, 64, 31 }, { 6, 200, 64 },
	};
	static uint8_t a[100 * 64];
	static int8_t b[64 * 200];
	static int32_t c[100 * 200];
	uint64_t random = 3;

	(void)state;
	needs_instructions();
	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = (uint8_t)random_next(&random);
	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = (int8_t)random_next(&random);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int64_t m = sizes[i][0], n = sizes[i][1], k = sizes[i][2];

		assert_int_equal(int8_by_pairs(m, n, k, a, b, c), 0);
		for (int64_t at = 0; at < m * n; at++) {
			int32_t sum = 0;

			for (int64_t j = 0; j < k; j++)
				sum += a[at / n * k + j] * b[j * n + at % n];
			assert_int_equal(c[at], sum);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(products_are_those_of_plain_loops),
		cmocka_unit_test(a_part_of_the_columns_is_computed_alone),
		cmocka_unit_test(deep_products_are_those_of_plain_loops),
		cmocka_unit_test(the_largest_sums_are_exact),
		cmocka_unit_test(matrices_of_any_size_are_multiplied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
