/* SPDX-License-Identifier: MIT */
/*
 * Products of neighbours, by each of the instructions that this processor has,
 * are those of plain loops.
 */
#include "suite.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "random.h"
#include "tile/dots.h"
#include "tile/int8_pairs.h"
#include "tile/pairs.h"
#include "tile/quads.h"

#define MOST_ISA	"ONEDNN_MAX_CPU_ISA"

#define MOST_RUNS	4u
#define MOST_LENGTH	40u
#define MOST_COLUMNS	150u
#define MOST_ROWS	20u
#define STEP		64u	/* elements from row to row */
#define ROUNDS		300

/* Where runs begin: they lie in any order, and overlap. */
static const uint64_t starts[MOST_RUNS] = { 7, 0, 20, 11 };

/* @a: in elements of @size bytes, which a group has 4 of in all */
struct product {
	struct dots dots;
	uint64_t size;
	uint64_t rows;
	uint64_t at[MOST_RUNS];
	_Alignas(64) char a[(MOST_ROWS + 1) * STEP * sizeof(int16_t)];
	int8_t b[MOST_RUNS * MOST_LENGTH * MOST_COLUMNS];
	_Alignas(64) int8_t packed[(MOST_COLUMNS + DOTS_MOST_COLUMNS) * MOST_RUNS *
				   (MOST_LENGTH + DOTS_MOST_GROUP)];
	int32_t start[MOST_COLUMNS];
	int32_t c[MOST_ROWS * MOST_COLUMNS * 2];
};

/* Other processors have other ways, which the tests of GEMM and CONV compare. */
static const struct dots_way *needs(const struct dots_way *way)
{
	if (!way)
		skip();
	return way;
}

static int32_t element(const char *a, uint64_t size, uint64_t number)
{
	int16_t wide;

	if (size == 1)
		return (uint8_t)a[number];
	memcpy(&wide, a + number * size, sizeof(wide));
	return wide;
}

static void fill_elements(char *a, uint64_t size, uint64_t count, uint64_t *state)
{
	for (uint64_t i = 0; i < count; i++) {
		int16_t wide = (int16_t)((int32_t)(random_next(state) % 511) - 255);

		memcpy(a + i * size, &wide, size);
	}
}

static void fill(struct product *product, const struct dots_way *way, uint64_t *state)
{
	*product = (struct product){
		.dots = {
			.way = way, .runs = 1 + random_next(state) % MOST_RUNS,
			.length = 1 + random_next(state) % MOST_LENGTH,
			.columns = 1 + random_next(state) % MOST_COLUMNS,
		},
		.size = DOTS_GROUP_BYTES / way->group,
		.rows = 1 + random_next(state) % MOST_ROWS,
	};
	product->dots.at = product->at;
	for (unsigned int i = 0; i < MOST_RUNS; i++)
		product->at[i] = starts[i] * product->size;
	fill_elements(product->a, product->size, (MOST_ROWS + 1) * STEP, state);
	for (size_t i = 0; i < sizeof(product->b); i++)
		product->b[i] = (int8_t)random_next(state);
	for (unsigned int i = 0; i < MOST_COLUMNS; i++)
		product->start[i] = (int32_t)random_next(state) % 1000;
}

static int32_t wanted(const struct product *product, uint64_t row, uint64_t column)
{
	const struct dots *dots = &product->dots;
	int32_t sum = product->start[column];

	for (uint64_t i = 0; i < dots->runs; i++)
		for (uint64_t k = 0; k < dots->length; k++)
			sum += element(product->a, product->size, row * STEP + starts[i] + k) *
			       product->b[(i * dots->length + k) * dots->columns + column];
	return sum;
}

static void place_rows(const struct product *product, const char *row[MOST_ROWS])
{
	for (uint64_t i = 0; i < product->rows; i++)
		row[i] = product->a + i * STEP * product->size;
}

static void multiply(struct product *product)
{
	uint64_t panels = dots_panels(&product->dots);
	const char *row[MOST_ROWS];

	place_rows(product, row);
	for (uint64_t i = 0; i < panels; i++)
		dots_pack(&product->dots, product->b, panels - 1 - i, 1, product->packed);
	dots_multiply(&product->dots, row, product->rows, product->packed, product->dots.columns,
		      product->start, product->c);
}

/* Results are followed by what stays as it was. */
static void check_products(const struct dots_way *way)
{
	static struct product product;
	uint64_t random = 1;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t count;

		fill(&product, way, &random);
		multiply(&product);
		count = product.rows * product.dots.columns;
		for (uint64_t i = 0; i < count; i++)
			assert_int_equal(product.c[i], wanted(&product, i / product.dots.columns,
							      i % product.dots.columns));
		for (uint64_t i = count; i < sizeof(product.c) / sizeof(product.c[0]); i++)
			assert_int_equal(product.c[i], 0);
	}
}

static void pairs_are_multiplied(void **state)
{
	(void)state;
	check_products(needs(pairs_way()));
}

static void quads_are_multiplied(void **state)
{
	(void)state;
	check_products(needs(quads_way()));
}

static void check_part(const struct dots_way *way)
{
	static struct product product;
	const char *row[MOST_ROWS];
	uint64_t random = 2;

	fill(&product, way, &random);
	product.dots.columns = 2 * way->columns + 3;
	product.rows = 1;
	multiply(&product);
	memset(product.c, 0, sizeof(product.c));
	place_rows(&product, row);
	dots_multiply(&product.dots, row, 1, product.packed + dots_panel(&product.dots),
		      way->columns, product.start + way->columns, product.c);
	for (uint64_t i = 0; i < way->columns; i++)
		assert_int_equal(product.c[i], wanted(&product, 0, way->columns + i));
	assert_int_equal(product.c[way->columns], 0);
}

static void a_part_of_the_columns_is_computed_alone(void **state)
{
	(void)state;
	check_part(needs(pairs_way()));
	if (quads_way())
		check_part(quads_way());
}

/* Deeper than what is worked on together, in one run and in many. */
static void check_deep(const struct dots_way *way)
{
	enum { RUNS = 3, LENGTH = 1501, ROWS = 7, COLUMNS = 70, REST = 4 };
	enum { ROW = 2000 + LENGTH + REST };
	static const uint64_t first[] = { 0, 900, 2000 };
	static _Alignas(64) char a[ROWS * ROW * sizeof(int16_t)];
	static int8_t b[RUNS * LENGTH * COLUMNS];
	static _Alignas(64) int8_t packed[RUNS * (LENGTH + REST) * 2 * DOTS_MOST_COLUMNS];
	static const int32_t start[COLUMNS];
	const uint64_t size = DOTS_GROUP_BYTES / way->group;
	const uint64_t at[] = { 0, first[1] * size, first[2] * size };
	const struct dots dots = { .way = way, .runs = RUNS, .length = LENGTH, .at = at,
				   .columns = COLUMNS };
	const char *row[ROWS];
	int32_t c[ROWS * COLUMNS];
	uint64_t random = 4;

	assert_true(LENGTH > way->group * way->depth);
	fill_elements(a, size, ROWS * ROW, &random);
	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = (int8_t)random_next(&random);
	for (unsigned int i = 0; i < ROWS; i++)
		row[i] = a + i * ROW * size;
	dots_pack(&dots, b, 0, dots_panels(&dots), packed);
	dots_multiply(&dots, row, ROWS, packed, COLUMNS, start, c);
	for (unsigned int i = 0; i < ROWS * COLUMNS; i++) {
		int32_t sum = 0;

		for (unsigned int k = 0; k < RUNS * LENGTH; k++)
			sum += element(a, size,
				       i / COLUMNS * ROW + first[k / LENGTH] + k % LENGTH) *
			       b[k * COLUMNS + i % COLUMNS];
		assert_int_equal(c[i], sum);
	}
}

static void deep_products_are_those_of_plain_loops(void **state)
{
	(void)state;
	check_deep(needs(pairs_way()));
	if (quads_way())
		check_deep(quads_way());
}

/* 255 * 127 four thousand times is beyond 16 bits and below 32; the least is -255 * 128. */
static void the_largest_sums_of_quads_are_exact(void **state)
{
	static const int8_t ends[] = { 127, -128 };
	enum { DEPTH = 4096, COLUMNS = 64 };
	static const uint64_t at;
	static const int32_t start[COLUMNS];
	static char a[DEPTH];
	static int8_t b[DEPTH * COLUMNS];
	static _Alignas(64) int8_t packed[DEPTH * COLUMNS];
	const struct dots dots = {
		.way = needs(quads_way()), .runs = 1, .length = DEPTH, .at = &at,
		.columns = COLUMNS,
	};
	const char *row[] = { a };
	int32_t c[COLUMNS];

	(void)state;
	memset(a, 255, DEPTH);
	for (unsigned int end = 0; end < 2; end++) {
		memset(b, ends[end], sizeof(b));
		dots_pack(&dots, b, 0, 1, packed);
		dots_multiply(&dots, row, 1, packed, COLUMNS, start, c);
		for (unsigned int i = 0; i < COLUMNS; i++)
			assert_int_equal(c[i], 255 * ends[end] * DEPTH);
	}
}

static void the_largest_sums_of_pairs_are_exact(void **state)
{
	static const int8_t ends[] = { 127, -128 };
	enum { DEPTH = 4096, COLUMNS = 16 };
	uint8_t *a = malloc(DEPTH);
	int8_t *b = malloc((size_t)DEPTH * COLUMNS);
	int32_t c[COLUMNS];

	(void)state;
	needs(pairs_way());
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

static void matrices_of_any_size_are_multiplied_by_pairs(void **state)
{
	static const int64_t sizes[][3] = {
		{ 1, 4, 1 }, { 7, 5, 3 }, { 48, 16, 16 }, { 49, 17, 33 }, { 100, 64, 31 },
		{ 6, 200, 64 },
	};
	static uint8_t a[100 * 64];
	static int8_t b[64 * 200];
	static int32_t c[100 * 200];
	uint64_t random = 3;

	(void)state;
	needs(pairs_way());
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

#ifdef __x86_64__

static void each_way_is_there_where_the_processor_has_it(void **state)
{
	(void)state;
	if (getenv(MOST_ISA))
		skip();
	assert_int_equal(quads_way() != NULL, __builtin_cpu_supports("avx512vnni") != 0);
	assert_int_equal(pairs_way() != NULL, __builtin_cpu_supports("avx2") != 0);
}

/* The library looks at the environment once, so that another process has to. */
static int status_with(const char *isa, bool (*is_right)(void))
{
	pid_t child = fork();
	int status;

	if (!child) {
		setenv(MOST_ISA, isa, 1);
		_exit(is_right() ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static bool has_no_quads(void)
{
	return !quads_way();
}

static bool has_no_pairs(void)
{
	return !pairs_way() && has_no_quads();
}

/* The first test, before the library has looked. */
static void no_way_is_above_what_the_environment_allows(void **state)
{
	(void)state;
	assert_int_equal(status_with("AVX2", has_no_quads), EXIT_SUCCESS);
	assert_int_equal(status_with("AVX512_CORE", has_no_quads), EXIT_SUCCESS);
	assert_int_equal(status_with("SSE41", has_no_pairs), EXIT_SUCCESS);
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef __x86_64__
		cmocka_unit_test(no_way_is_above_what_the_environment_allows),
		cmocka_unit_test(each_way_is_there_where_the_processor_has_it),
#endif
		cmocka_unit_test(pairs_are_multiplied),
		cmocka_unit_test(quads_are_multiplied),
		cmocka_unit_test(a_part_of_the_columns_is_computed_alone),
		cmocka_unit_test(deep_products_are_those_of_plain_loops),
		cmocka_unit_test(the_largest_sums_of_pairs_are_exact),
		cmocka_unit_test(the_largest_sums_of_quads_are_exact),
		cmocka_unit_test(matrices_of_any_size_are_multiplied_by_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
