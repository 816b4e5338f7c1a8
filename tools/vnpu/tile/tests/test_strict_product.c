/* SPDX-License-Identifier: MIT */
/* Products of strict mode against one sum after another. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "tile/execution.h"
#include "tile/strict_product.h"

/* Beside each matrix, which no product may touch. */
#define CANARY	12345.0f

struct matrices {
	struct strict_product product;
	float *a;
	float *b;
	float *c;
	uint32_t *order;
};

/* Magnitudes so far apart that another order has another sum; now and then none that is finite. */
static float any_value(struct bench *bench)
{
	static const float special[] = { INFINITY, -INFINITY, NAN, 0.0f, -0.0f, 0x1p-140f };

	if (!bench_below(bench, 2000))
		return special[bench_below(bench, sizeof(special) / sizeof(special[0]))];
	return ldexpf(bench_uniform(bench, -2, 2), (int)bench_below(bench, 24) - 12);
}

static float *any_matrix(struct bench *bench, uint64_t rows, uint64_t pitch)
{
	float *values = malloc((rows * pitch + 1) * sizeof(*values));

	assert_non_null(values);
	for (uint64_t i = 0; i < rows * pitch; i++)
		values[i] = any_value(bench);
	return values;
}

static uint32_t *any_order(struct bench *bench, uint64_t k)
{
	uint32_t *order = malloc((k + 1) * sizeof(*order));

	assert_non_null(order);
	for (uint32_t i = 0; i < k; i++)
		order[i] = i;
	for (uint32_t i = (uint32_t)k; i > 1; i--) {
		uint32_t other = bench_below(bench, i);
		uint32_t swap = order[i - 1];

		order[i - 1] = order[other];
		order[other] = swap;
	}
	return order;
}

static void make(struct bench *bench, struct matrices *matrices, uint64_t m, uint64_t n, uint64_t k)
{
	struct strict_product *product = &matrices->product;

	*product = (struct strict_product){
		.m = m, .n = n, .k = k,
		.lda = k + bench_below(bench, 3),
		.ldb = n + bench_below(bench, 3),
		.ldc = n + bench_below(bench, 3),
	};
	matrices->a = any_matrix(bench, m, product->lda);
	matrices->b = any_matrix(bench, k, product->ldb);
	matrices->c = malloc((m * product->ldc + 1) * sizeof(float));
	matrices->order = bench_below(bench, 2) ? any_order(bench, k) : NULL;
	assert_non_null(matrices->c);
	for (uint64_t i = 0; i < m * product->ldc; i++)
		matrices->c[i] = CANARY;
	product->a = matrices->a;
	product->b = matrices->b;
	product->c = matrices->c;
	product->order = matrices->order;
}

static void release(struct matrices *matrices)
{
	free(matrices->a);
	free(matrices->b);
	free(matrices->c);
	free(matrices->order);
}

static float plain_sum(const struct strict_product *product, uint64_t row, uint64_t column)
{
	float sum = 0;

	for (uint64_t i = 0; i < product->k; i++) {
		uint64_t k = product->order ? product->order[i] : i;

		sum = fmaf(product->a[row * product->lda + k],
			   product->b[k * product->ldb + column], sum);
	}
	return sum;
}

static void expect(const struct strict_product *product)
{
	for (uint64_t row = 0; row < product->m; row++) {
		for (uint64_t column = 0; column < product->ldc; column++) {
			float got = product->c[row * product->ldc + column];
			float want = column < product->n ? plain_sum(product, row, column) : CANARY;

			if (isnan(want))
				assert_true(isnan(got));
			else
				assert_int_equal(bench_bits(got), bench_bits(want));
		}
	}
}

static void run(struct bench *bench, uint64_t m, uint64_t n, uint64_t k)
{
	struct tile_memory memory = fake_memory_accessors(bench->memory);
	struct matrices matrices;

	make(bench, &matrices, m, n, k);
	assert_int_equal(strict_product(&memory, &matrices.product), TSR_HW_ERR_NONE);
	expect(&matrices.product);
	release(&matrices);
}

static void every_sum_has_one_order(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", FAKE_PAGE, 500);
	for (unsigned int i = 0; i < 2 * CASES; i++)
		run(&bench, bench_extent(&bench, 20), bench_extent(&bench, 40),
		    bench_extent(&bench, 60));
	bench_close(&bench);
}

/* Around the blocks of registers, the parts of threads and the terms of one go. */
static void blocks_make_no_difference(void **state)
{
	static const uint32_t rows[] = { 1, 7, 8, 9, 127, 128, 129, 260 };
	static const uint32_t columns[] = { 1, 15, 16, 17, 63, 64, 65, 130 };
	static const uint32_t depths[] = { 1, 127, 128, 129, 600 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", FAKE_PAGE, 501);
	for (unsigned int i = 0; i < 40; i++)
		run(&bench, rows[bench_below(&bench, 8)], columns[bench_below(&bench, 8)],
		    depths[i % 5]);
	bench_close(&bench);
}

static void an_abort_ends_it(void **state)
{
	struct tile_memory memory;
	struct matrices matrices;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", FAKE_PAGE, 502);
	memory = fake_memory_accessors(bench.memory);
	make(&bench, &matrices, 3, 3, 4 * 512);
	fake_memory_abort_after(bench.memory, 3);
	assert_int_equal(strict_product(&memory, &matrices.product), EXECUTION_ABORTED);
	release(&matrices);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sum_has_one_order),
		cmocka_unit_test(blocks_make_no_difference),
		cmocka_unit_test(an_abort_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
