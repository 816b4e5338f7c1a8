/* SPDX-License-Identifier: MIT */
/*
 * Products that are cut into blocks are those of the whole; the blocks' kind is the
 * test's own, of plain loops.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "guarded.h"
#include "tile/execution.h"
#include "tile/matmul.h"
#include "tile/matmul_kinds.h"
#include "tile/onednn.h"
#include "tile/staging.h"
#include "tile/tile.h"

/* What the blocks were asked to compute. */
static struct {
	int64_t calls;
	int64_t most_macs;
	int64_t most_weights;
	uint64_t elements;	/* that were looked at for subnormal numbers */
	int fails;	/* in this call, counted from 1 */
} met;

static int multiply(int64_t m, int64_t n, int64_t k, const void *a, const void *b, void *c)
{
	const int8_t *left = a, *right = b;
	int32_t *sums = c;

	met.calls++;
	met.most_macs = m * n * k > met.most_macs ? m * n * k : met.most_macs;
	met.most_weights = n * k > met.most_weights ? n * k : met.most_weights;
	memset(sums, 0, (size_t)(m * n) * sizeof(*sums));
	for (int64_t i = 0; i < m; i++)
		for (int64_t j = 0; j < k; j++)
			for (int64_t l = 0; l < n; l++)
				sums[i * n + l] += left[i * k + j] * right[j * n + l];
	return met.calls == met.fails ? -1 : 0;
}

static void add(void *to, const void *from, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		((int32_t *)to)[i] += ((const int32_t *)from)[i];
}

static const struct matmul kind = {
	.a_size = 1,
	.b_size = 1,
	.multiply = multiply,
	.add = add,
};

static int multiply_slowly(int64_t m, int64_t n, int64_t k, const void *a, const void *b, void *c)
{
	assert_true((uint64_t)(m * n * k) <= MATMUL_SLOW_MACS);
	return multiply(m, n, k, a, b, c);
}

static bool always(const void *a, uint64_t a_count, const void *b, uint64_t b_count)
{
	met.elements = a_count + b_count;
	return a && b;
}

static const struct matmul slow_kind = {
	.a_size = 1,
	.b_size = 1,
	.multiply = multiply,
	.subnormals = always,
	.multiply_subnormals = multiply_slowly,
	.add = add,
};

/* So many columns have so many calls; of a sum only the first term. */
static int multiply_columns(int64_t m, int64_t n, int64_t k, int64_t pitch, const void *a,
			    const void *b, void *c)
{
	const int8_t *left = a, *right = b;
	int32_t *sums = c;

	met.calls++;
	met.most_macs = m * n * k > met.most_macs ? m * n * k : met.most_macs;
	for (int64_t i = 0; i < m; i++)
		for (int64_t j = 0; j < n; j++)
			sums[i * pitch + j] = left[i * k] * right[j];
	return met.calls == met.fails ? -1 : 0;
}

static const struct matmul column_kind = {
	.a_size = 1,
	.b_size = 1,
	.multiply = multiply,
	.multiply_columns = multiply_columns,
	.add = add,
};

/* Questions until the product is given up; 0: never. */
static unsigned int questions;

static bool aborted(void *ctx)
{
	unsigned int *left = ctx;

	return *left && !--*left;
}

static const struct tile_memory memory = { .ctx = &questions, .aborted = aborted };

struct product {
	uint64_t m;
	uint64_t n;
	uint64_t k;
	int8_t *a;
	int8_t *b;
	int32_t *c;
	int32_t *wanted;
};

static void fill(int8_t *values, uint64_t n, uint32_t seed)
{
	for (uint64_t i = 0; i < n; i++) {
		seed = seed * 1664525u + 1013904223u;
		values[i] = (int8_t)(seed >> 24);
	}
}

static void make(struct product *p)
{
	p->a = malloc(p->m * p->k);
	p->b = malloc(p->k * p->n);
	p->c = malloc(p->m * p->n * sizeof(*p->c));
	p->wanted = malloc(p->m * p->n * sizeof(*p->c));
	assert_true(p->a && p->b && p->c && p->wanted);
	fill(p->a, p->m * p->k, 1);
	fill(p->b, p->k * p->n, 2);
	multiply((int64_t)p->m, (int64_t)p->n, (int64_t)p->k, p->a, p->b, p->wanted);
	memset(&met, 0, sizeof(met));
	questions = 0;
}

static void end(struct product *p)
{
	free(p->a);
	free(p->b);
	free(p->c);
	free(p->wanted);
}

static int run(struct product *p)
{
	return matmul(&kind, &memory, p->m, p->n, p->k, p->a, p->b, p->c);
}

/* Whole; more weights than a block has, in columns, and in columns and rows. */
static const struct product products[] = {
	{ .m = 3, .n = 5, .k = 7 },
	{ .m = 3, .n = 2051, .k = 4101 },
	{ .m = 2, .n = 3, .k = MATMUL_BLOCK_WEIGHTS + 11 },
};

/* Calls of each: columns are cut first, then rows, so that sums of a part wait for the next. */
static const int64_t calls[] = { 1, 2, 6 };

static void parts_make_the_whole(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		struct product p = products[i];
		uint64_t staging = matmul_staging(p.m, p.n, p.k);

		make(&p);
		staging_reset_peak();
		assert_int_equal(run(&p), TSR_HW_ERR_NONE);
		assert_memory_equal(p.c, p.wanted, p.m * p.n * sizeof(*p.c));
		assert_int_equal(met.calls, calls[i]);
		assert_true((uint64_t)met.most_weights <= MATMUL_BLOCK_WEIGHTS);
		assert_true((uint64_t)met.most_macs <= MATMUL_BLOCK_MACS);
		assert_true(staging_usage().peak <= staging);
		assert_int_equal(staging_usage().used, 0);
		end(&p);
	}
}

static void product_is_given_up_between_parts(void **state)
{
	struct product p = { .m = 3, .n = 2051, .k = 4101 };

	(void)state;
	make(&p);
	questions = 2;
	assert_int_equal(run(&p), EXECUTION_ABORTED);
	assert_int_equal(met.calls, 1);
	assert_int_equal(staging_usage().used, 0);
	end(&p);
}

static void part_that_fails_ends_the_product(void **state)
{
	struct product p = { .m = 3, .n = 2051, .k = 4101 }, whole = { .m = 2, .n = 2, .k = 2 };

	(void)state;
	make(&p);
	met.fails = 1;
	assert_int_equal(run(&p), TSR_HW_ERR_ENGINE);
	assert_int_equal(met.calls, 1);
	assert_int_equal(staging_usage().used, 0);
	end(&p);
	make(&whole);
	met.fails = 1;
	assert_int_equal(run(&whole), TSR_HW_ERR_ENGINE);
	end(&whole);
}

/* A block is as large as it may be: one more column or row would be too much. */
static void blocks_are_as_large_as_they_may_be(void **state)
{
	static const uint64_t shapes[][3] = {
		{ 1, 1 << 12, 1 << 12 }, { 1 << 20, 1 << 12, 1 << 5 }, { 1 << 20, 1 << 5, 1 << 12 },
		{ MATMUL_BLOCK_MACS, 1 << 5, 1 << 5 }, { 1, 1, MATMUL_BLOCK_WEIGHTS + 1 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const uint64_t *shape = shapes[i];
		struct matmul_block block = matmul_block(shape[0], shape[1], shape[2]);
		uint64_t weights = block.columns * block.depth;

		assert_true(weights && weights <= MATMUL_BLOCK_WEIGHTS);
		assert_true(weights * shape[0] <= MATMUL_BLOCK_MACS);
		if (block.depth == shape[2])
			weights += block.depth;
		else
			weights += block.columns;
		assert_true(weights > MATMUL_BLOCK_WEIGHTS ||
			    weights * shape[0] > MATMUL_BLOCK_MACS);
	}
}

/* Parts of rows; of few rows, of columns and depth; no more than there must be; one part. */
static void slow_products_are_small_ones(void **state)
{
	static const struct product shapes[] = {
		{ .m = 300, .n = 200, .k = 200 },
		{ .m = 3, .n = 2051, .k = 4101 },
		{ .m = 128, .n = 512, .k = 1024 },
		{ .m = 64, .n = 256, .k = 256 },
	};
	static const int64_t parts[] = { 3, 17 * 9, 16, 1 };

	(void)state;
	for (unsigned int i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct product p = shapes[i];
		uint64_t staging = matmul_staging(p.m, p.n, p.k);

		make(&p);
		staging_reset_peak();
		assert_int_equal(matmul(&slow_kind, &memory, p.m, p.n, p.k, p.a, p.b, p.c),
				 TSR_HW_ERR_NONE);
		assert_memory_equal(p.c, p.wanted, p.m * p.n * sizeof(*p.c));
		assert_int_equal(met.calls, parts[i]);
		assert_int_equal(met.elements, p.m * p.k + p.k * p.n);
		assert_true(staging_usage().peak <= staging);
		end(&p);
	}
}

static void a_slow_product_is_given_up_between_parts(void **state)
{
	struct product p = { .m = 300, .n = 200, .k = 200 };

	(void)state;
	make(&p);
	questions = 3;
	assert_int_equal(matmul(&slow_kind, &memory, p.m, p.n, p.k, p.a, p.b, p.c),
			 EXECUTION_ABORTED);
	assert_int_equal(met.calls, 2);
	end(&p);
}

/* More than a block, of few enough weights. */
static const struct product wide = { .m = 1025, .n = 64, .k = 1 << 14 };

static int run_columns(struct product *p)
{
	memset(&met, 0, sizeof(met));
	return matmul(&column_kind, &memory, p->m, p->n, p->k, p->a, p->b, p->c);
}

static void make_wide(struct product *p)
{
	*p = wide;
	p->a = malloc(p->m * p->k);
	p->b = malloc(p->k * p->n);
	p->c = malloc(p->m * p->n * sizeof(*p->c));
	assert_true(p->a && p->b && p->c);
	fill(p->a, p->m * p->k, 1);
	fill(p->b, p->k * p->n, 2);
	questions = 0;
}

static void columns_are_multiplied_where_they_lie(void **state)
{
	struct product p;

	(void)state;
	make_wide(&p);
	staging_reset_peak();
	assert_int_equal(run_columns(&p), TSR_HW_ERR_NONE);
	assert_int_equal(met.calls, 2);
	assert_true((uint64_t)met.most_macs <= MATMUL_BLOCK_MACS);
	for (uint64_t i = 0; i < p.m; i++)
		for (uint64_t j = 0; j < p.n; j++)
			assert_int_equal(p.c[i * p.n + j], p.a[i * p.k] * p.b[j]);
	assert_int_equal(staging_usage().peak, 0);
	end(&p);
}

static void columns_are_given_up_and_fail_as_blocks_do(void **state)
{
	struct product p;

	(void)state;
	make_wide(&p);
	questions = 2;
	assert_int_equal(run_columns(&p), EXECUTION_ABORTED);
	assert_int_equal(met.calls, 1);
	questions = 0;
	memset(&met, 0, sizeof(met));
	met.fails = 1;
	assert_int_equal(matmul(&column_kind, &memory, p.m, p.n, p.k, p.a, p.b, p.c),
			 TSR_HW_ERR_ENGINE);
	assert_int_equal(met.calls, 1);
	end(&p);
}

/* Where the rest of the rows of B and C is more than copies of a block would be. */
static void staging_counts_the_trial_of_columns(void **state)
{
	uint64_t m = 1024, n = 4096, k = 1024, columns = matmul_block(m, n, k).columns;
	uint64_t trial = (m * k + k * n + m * n) * sizeof(float);
	uint64_t copies = 2 * (m * k + k * columns + m * columns) * sizeof(float);

	(void)state;
	assert_true(trial > copies);
	assert_true(matmul_staging(m, n, k) >= trial + ONEDNN_MOST_SCRATCH);
	/* With more weights there is none. */
	assert_true(matmul_staging(m, 2 * n, k) < trial + ONEDNN_MOST_SCRATCH);
}

static void product_of_nothing_has_blocks(void **state)
{
	struct matmul_block none = matmul_block(0, 9, 0);

	(void)state;
	assert_int_equal(none.depth, 1);
	assert_int_equal(none.columns, 9);
}

static void as_many_sums_are_added_as_there_are(void **state)
{
	static const struct matmul *const kinds[] = { &matmul_fp32, &matmul_bf16, &matmul_int8 };

	(void)state;
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (uint64_t n = 1; n <= 64; n++) {
			void *to = guarded_get(n * sizeof(float));
			void *from = guarded_get(n * sizeof(float));

			kinds[i]->add(to, from, n);
			guarded_put(from);
			guarded_put(to);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_sums_are_added_as_there_are),
		cmocka_unit_test(blocks_are_as_large_as_they_may_be),
		cmocka_unit_test(columns_are_multiplied_where_they_lie),
		cmocka_unit_test(columns_are_given_up_and_fail_as_blocks_do),
		cmocka_unit_test(staging_counts_the_trial_of_columns),
		cmocka_unit_test(product_of_nothing_has_blocks),
		cmocka_unit_test(parts_make_the_whole),
		cmocka_unit_test(product_is_given_up_between_parts),
		cmocka_unit_test(slow_products_are_small_ones),
		cmocka_unit_test(a_slow_product_is_given_up_between_parts),
		cmocka_unit_test(part_that_fails_ends_the_product),
	};

	return cmocka_run_group_tests_name("tile: products in parts", tests, NULL, NULL);
}
