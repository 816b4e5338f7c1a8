/* SPDX-License-Identifier: MIT */
/* Not-a-number, infinities and signed zeros, as the manual's "Special values" has them. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gemms.h"
#include "stored.h"

/* Exact in every floating-point type. */
static const float specials[] = { NAN, -INFINITY, -2.0f, -0.0f, 0.0f, 0x1p-24f, 2.0f, INFINITY };

#define SPECIALS	(sizeof(specials) / sizeof(specials[0]))
#define PAIRS		(SPECIALS * SPECIALS)

static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16 };

#define TYPES		(sizeof(types) / sizeof(types[0]))

static void put(struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t index,
		float value)
{
	uint64_t va = bench_plain_address(bench, tensor, index);
	_Float16 half = (_Float16)value;
	uint16_t top = (uint16_t)(bench_bits(value) >> 16);

	if (tensor->type == TSR_HW_TYPE_FP16)
		fake_memory_poke(bench->memory, va, &half, sizeof(half));
	else if (tensor->type == TSR_HW_TYPE_BF16)
		fake_memory_poke(bench->memory, va, &top, sizeof(top));
	else
		fake_memory_poke(bench->memory, va, &value, sizeof(value));
}

static double get(const struct bench *bench, const struct tsr_hw_tensor *tensor,
		  uint64_t index)
{
	uint64_t bits = 0;

	fake_memory_peek(bench->memory, bench_plain_address(bench, tensor, index), &bits,
			 bench_size(tensor->type));
	return (double)stored_float(tensor->type, bits);
}

/* Equal, with the sign of a zero; one not-a-number is as good as another. */
static bool same(double got, double want)
{
	if (isnan(got) || isnan(want))
		return isnan(got) && isnan(want);
	return got == want && !signbit(got) == !signbit(want);
}

static void expect(const struct bench *bench, const struct tsr_hw_tensor *d, uint64_t index,
		   double want, const char *what)
{
	double got = get(bench, d, index);

	want = stored_round(d->type, want);
	if (!same(got, want))
		fail_msg("%s, type %u, element %llu: %g, expected %g", what, d->type,
			 (unsigned long long)index, got, want);
}

/* The rank of a value: -0 is one below +0. */
static double rank_of(float x)
{
	return x == 0 ? (signbit(x) ? -0x1p-100 : 0x1p-100) : (double)x;
}

static float greatest(float x, float y)
{
	if (isnan(x) || isnan(y))
		return NAN;
	return rank_of(x) > rank_of(y) ? x : y;
}

static float least(float x, float y)
{
	if (isnan(x) || isnan(y))
		return NAN;
	return rank_of(x) < rank_of(y) ? x : y;
}

static void run(struct bench *bench, const void *command)
{
	struct outcome outcome;

	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
}

static void tensor(struct bench *bench, struct tsr_hw_tensor *t, unsigned int type,
		   uint32_t rows, uint32_t columns, uint32_t flags)
{
	bench_plain(bench, t, type, 2, (const uint32_t[]){ rows, columns }, LAYOUT_DENSE, flags);
}

/* A command of two tensors, along the second of two dimensions. */
struct along {
	struct tsr_hw_tensor x;
	struct tsr_hw_tensor d;
	uint8_t function;
};

static void steps_of(struct tsr_hw_step *step)
{
	step->block[0] = 1;
	step->block[1] = 4096;
}

static void run_reduce(struct bench *bench, const struct along *along)
{
	struct tsr_hw_reduce reduce = {
		.head = { .op = TSR_HW_OP_REDUCE, .size = sizeof(reduce) },
		.axes = 2,
		.function = along->function,
	};

	reduce.x = along->x;
	reduce.d = along->d;
	steps_of(&reduce.step);
	run(bench, &reduce);
}

static void check_extremes(struct bench *bench, unsigned int type, bool max)
{
	struct along reduce = { .function = max ? TSR_HW_REDUCTION_MAX : TSR_HW_REDUCTION_MIN };

	bench_reset(bench);
	tensor(bench, &reduce.x, type, PAIRS, 2, TSR_HW_SLOT_READ);
	tensor(bench, &reduce.d, type, PAIRS, 1, TSR_HW_SLOT_WRITE);
	for (uint32_t i = 0; i < PAIRS; i++) {
		put(bench, &reduce.x, 2 * i, specials[i / SPECIALS]);
		put(bench, &reduce.x, 2 * i + 1, specials[i % SPECIALS]);
	}
	run_reduce(bench, &reduce);
	for (uint32_t i = 0; i < PAIRS; i++) {
		float x = specials[i / SPECIALS];
		float y = specials[i % SPECIALS];

		expect(bench, &reduce.d, i, (double)(max ? greatest(x, y) : least(x, y)),
		       max ? "reduced maximum" : "reduced minimum");
	}
}

static void reduced_extremes(void **state)
{
	for (size_t type = 0; type < TYPES; type++) {
		check_extremes(*state, types[type], true);
		check_extremes(*state, types[type], false);
	}
}

/* Longer than any block; one special value among many that are alike. */
#define LONG 9001u

static double reduce_long(struct bench *bench, struct along *reduce, uint8_t function, float value)
{
	uint32_t place = LONG * function / 4 + 3;

	for (uint32_t i = 0; i < LONG; i++)
		put(bench, &reduce->x, i, function == TSR_HW_REDUCTION_MAX ? -0.0f : 0.0f);
	put(bench, &reduce->x, place, value);
	reduce->function = function;
	run_reduce(bench, reduce);
	return get(bench, &reduce->d, 0);
}

static void long_reductions(void **state)
{
	struct bench *bench = *state;

	for (size_t type = 0; type < TYPES; type++) {
		struct along reduce = { .function = 0 };

		bench_reset(bench);
		tensor(bench, &reduce.x, types[type], 1, LONG, TSR_HW_SLOT_READ);
		tensor(bench, &reduce.d, types[type], 1, 1, TSR_HW_SLOT_WRITE);
		for (uint8_t function = 0; function <= TSR_HW_REDUCTION_MAX; function++)
			assert_true(isnan(reduce_long(bench, &reduce, function, NAN)));
		assert_true(same(reduce_long(bench, &reduce, TSR_HW_REDUCTION_SUM, INFINITY),
				 INFINITY));
		assert_true(isnan(reduce_long(bench, &reduce, TSR_HW_REDUCTION_PRODUCT, INFINITY)));
		assert_true(same(reduce_long(bench, &reduce, TSR_HW_REDUCTION_MAX, INFINITY),
				 INFINITY));
		assert_true(same(reduce_long(bench, &reduce, TSR_HW_REDUCTION_MIN, INFINITY), 0));
		assert_true(same(reduce_long(bench, &reduce, TSR_HW_REDUCTION_MAX, -INFINITY),
				 -0.0));
		assert_true(same(reduce_long(bench, &reduce, TSR_HW_REDUCTION_MAX, 0.0f), 0));
		assert_true(same(reduce_long(bench, &reduce, TSR_HW_REDUCTION_MIN, -0.0f), -0.0));
	}
}

static void sums_of_infinities(void **state)
{
	struct bench *bench = *state;

	for (size_t type = 0; type < TYPES; type++) {
		struct along reduce = { .function = TSR_HW_REDUCTION_SUM };

		bench_reset(bench);
		tensor(bench, &reduce.x, types[type], 3, 2, TSR_HW_SLOT_READ);
		tensor(bench, &reduce.d, types[type], 3, 1, TSR_HW_SLOT_WRITE);
		for (uint32_t i = 0; i < 6; i++)
			put(bench, &reduce.x, i, i == 1 || i == 4 ? INFINITY :
			    i == 5 ? -INFINITY : 1.0f);
		run_reduce(bench, &reduce);
		expect(bench, &reduce.d, 0, INFINITY, "sum with infinity");
		expect(bench, &reduce.d, 1, 2, "sum");
		expect(bench, &reduce.d, 2, NAN, "sum of opposite infinities");
	}
}

/* Windows of one row and @kernel columns, as far apart. */
static void start_pool(struct bench *bench, struct tsr_hw_pool *pool, unsigned int type,
		       uint32_t rows, uint32_t columns, uint8_t mode)
{
	static const struct tsr_hw_window one = { 1, 1, 1, 1, 0, 0 };
	const uint32_t dim[] = { 1, 1, rows, columns }, out[] = { 1, 1, rows, 1 };

	memset(pool, 0, sizeof(*pool));
	pool->head.op = TSR_HW_OP_POOL;
	pool->head.size = sizeof(*pool);
	pool->mode = mode;
	pool->dims = 2;
	pool->w[0] = pool->w[1] = one;
	pool->w[1].kernel = pool->w[1].stride = 2;
	pool->step = (struct tsr_hw_step){ .block = { 1, 1, 1, 1 } };
	bench_reset(bench);
	bench_plain(bench, &pool->x, type, 4, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &pool->d, type, 4, out, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	bench_absent(&pool->index);
}

static void check_pool(struct bench *bench, unsigned int type, uint8_t mode)
{
	struct tsr_hw_pool pool;

	start_pool(bench, &pool, type, PAIRS, 2, mode);
	for (uint32_t i = 0; i < PAIRS; i++) {
		put(bench, &pool.x, 2 * i, specials[i / SPECIALS]);
		put(bench, &pool.x, 2 * i + 1, specials[i % SPECIALS]);
	}
	run(bench, &pool);
	for (uint32_t i = 0; i < PAIRS; i++) {
		float x = specials[i / SPECIALS];
		float y = specials[i % SPECIALS];

		if (mode == TSR_HW_POOLING_MAX)
			expect(bench, &pool.d, i, (double)greatest(x, y), "pooled maximum");
		/* The sign of a zero sum is left open. */
		else if (x + y != 0)
			expect(bench, &pool.d, i, (double)(x + y), "pooled sum");
	}
}

static void pools(void **state)
{
	for (size_t type = 0; type < TYPES; type++)
		for (uint8_t mode = TSR_HW_POOLING_MAX; mode <= TSR_HW_POOLING_SUM; mode++)
			check_pool(*state, types[type], mode);
}

/* One column, two taps three columns apart around it. */
static void a_window_in_the_padding_has_the_lowest_value(void **state)
{
	struct bench *bench = *state;
	struct tsr_hw_pool pool;

	for (size_t type = 0; type < TYPES; type++)
		for (uint8_t mode = TSR_HW_POOLING_MAX; mode <= TSR_HW_POOLING_SUM; mode++) {
			start_pool(bench, &pool, types[type], 1, 1, mode);
			pool.w[1].dilation = 3;
			pool.w[1].before = 1;
			pool.w[1].after = 2;
			pool.w[1].stride = 1;
			put(bench, &pool.x, 0, 7);
			run(bench, &pool);
			expect(bench, &pool.d, 0, mode == TSR_HW_POOLING_MAX ? -INFINITY : 0,
			       "padding");
		}
}

/**
 * struct row - two elements and their softmax
 * @x: elements
 * @want: results
 */
struct row {
	float x[2];
	float want[2];
};

static const struct row rows[] = {
	{ { NAN, 1 }, { NAN, NAN } },
	{ { 1, NAN }, { NAN, NAN } },
	{ { NAN, -INFINITY }, { NAN, NAN } },
	{ { INFINITY, 1 }, { NAN, NAN } },
	{ { INFINITY, INFINITY }, { NAN, NAN } },
	{ { -INFINITY, -INFINITY }, { NAN, NAN } },
	{ { -INFINITY, 1 }, { 0, 1 } },
	{ { 2, -INFINITY }, { 1, 0 } },
	{ { -0.0f, 0 }, { 0.5f, 0.5f } },
	{ { 60000, -60000 }, { 1, 0 } },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void softmax_rows(void **state)
{
	struct bench *bench = *state;

	for (size_t type = 0; type < TYPES; type++) {
		struct tsr_hw_normalize softmax = {
			.head = { .op = TSR_HW_OP_NORMALIZE, .size = sizeof(softmax) },
			.axes = 2,
		};
		struct along along;

		bench_reset(bench);
		tensor(bench, &along.x, types[type], ROWS, 2, TSR_HW_SLOT_READ);
		tensor(bench, &along.d, types[type], ROWS, 2, TSR_HW_SLOT_WRITE);
		for (uint32_t i = 0; i < 2 * ROWS; i++)
			put(bench, &along.x, i, rows[i / 2].x[i % 2]);
		softmax.x = along.x;
		softmax.d = along.d;
		steps_of(&softmax.step);
		run(bench, &softmax);
		for (uint32_t i = 0; i < 2 * ROWS; i++)
			expect(bench, &along.d, i, (double)rows[i / 2].want[i % 2], "softmax");
	}
}

/* A row of zeros but for its first element, which is special, times ones. */
static void check_gemm(struct bench *bench, unsigned int type, uint32_t n)
{
	struct tsr_hw_gemm gemm;

	bench_reset(bench);
	gemm_plain(bench, &gemm, type, type, type, SPECIALS, n, n);
	for (uint32_t i = 0; i < SPECIALS * n; i++)
		put(bench, &gemm.a, i, i % n ? 0 : specials[i / n]);
	for (uint32_t i = 0; i < n * n; i++)
		put(bench, &gemm.b, i, 1);
	run(bench, &gemm);
	for (uint32_t i = 0; i < SPECIALS * n; i++)
		if (specials[i / n] != 0)
			expect(bench, &gemm.d, i, (double)specials[i / n], "product");
}

static void products(void **state)
{
	for (size_t type = 0; type < TYPES; type++) {
		check_gemm(*state, types[type], 1);
		check_gemm(*state, types[type], 48);
	}
}

/* Zero times infinity, and infinities of both signs in one sum. */
static void products_do_not_skip_zeros(void **state)
{
	struct bench *bench = *state;

	for (size_t type = 0; type < TYPES; type++) {
		struct tsr_hw_gemm gemm;

		bench_reset(bench);
		gemm_plain(bench, &gemm, types[type], types[type], types[type], 2, 1, 2);
		put(bench, &gemm.a, 0, 0);
		put(bench, &gemm.a, 1, 1);
		put(bench, &gemm.a, 2, 1);
		put(bench, &gemm.a, 3, -INFINITY);
		put(bench, &gemm.b, 0, INFINITY);
		put(bench, &gemm.b, 1, 1);
		run(bench, &gemm);
		expect(bench, &gemm.d, 0, NAN, "zero times infinity");
		expect(bench, &gemm.d, 1, NAN, "opposite infinities");
	}
}

static struct bench the_bench;

static int setup(void **state)
{
	bench_open(&the_bench, "edge", MEMORY_BYTES, 1);
	*state = &the_bench;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	bench_close(&the_bench);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reduced_extremes),
		cmocka_unit_test(long_reductions),
		cmocka_unit_test(sums_of_infinities),
		cmocka_unit_test(pools),
		cmocka_unit_test(a_window_in_the_padding_has_the_lowest_value),
		cmocka_unit_test(softmax_rows),
		cmocka_unit_test(products),
		cmocka_unit_test(products_do_not_skip_zeros),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
