/* SPDX-License-Identifier: MIT */
/* GEMM of every pair of types against the plain rule, with and without a VECTOR program. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "indices.h"
#include "products.h"
#include "random.h"
#include "random_epilogues.h"
#include "tile/staging.h"

#define COMMAND_BYTES	(sizeof(struct tsr_hw_gemm) + RANDOM_EPILOGUE_BYTES)

/* A command in the making: body, and parts of a program if there is one. */
struct posted {
	struct products_pair pair;
	struct tsr_hw_gemm body;
	struct random_epilogue post;
};

static uint32_t pack(const struct posted *posted, char *bytes)
{
	return random_epilogue_pack(&posted->post, TSR_HW_OP_GEMM, &posted->body,
				    sizeof(posted->body), bytes);
}

static void run(struct bench *bench, const struct posted *posted, struct outcome *outcome)
{
	random_epilogue_run(bench, &posted->post, TSR_HW_OP_GEMM, &posted->body,
			    sizeof(posted->body), outcome);
}

/* ---- random commands -------------------------------------------------------------- */

static enum number_class value_class(const struct posted *posted)
{
	return number_class_of(products_accumulator(&posted->pair));
}

/* A program whose command has the value that sums are, and its extents. */
static void make_program(struct bench *bench, uint64_t *seed, struct posted *posted, uint32_t *dim)
{
	struct random_program *random = &posted->post.random;

	do
		random_program(seed, 1 + bench_below(bench, 6), RANDOM_VALUE, random);
	while (!random->given.has_value || random->given.value != value_class(posted) ||
	       random->given.rank < 2);
	random_epilogue_take(bench, &posted->post, random->program.head.inputs, dim);
}

static void make_operands(struct bench *bench, struct posted *posted, unsigned int rank,
			  const uint32_t *dim)
{
	struct tsr_hw_gemm *body = &posted->body;
	uint32_t a[TSR_HW_MAX_RANK], b[TSR_HW_MAX_RANK], depth = bench_extent(bench, 70);

	for (unsigned int i = 0; i + 2 < rank; i++) {
		a[i] = bench_below(bench, 4) ? dim[i] : 1;
		b[i] = bench_below(bench, 2) ? dim[i] : 1;
	}
	a[rank - 2] = dim[rank - 2];
	b[rank - 1] = dim[rank - 1];
	a[rank - 1] = b[rank - 2] = depth;
	products_tensor(bench, &body->a, posted->pair.a, rank, a,
			bench_any_layout(bench) | (bench_below(bench, 3) ? 0 : LAYOUT_REPEAT));
	products_tensor(bench, &body->b, posted->pair.b, rank, b,
			bench_any_layout(bench) | (bench_below(bench, 3) ? 0 : LAYOUT_REPEAT));
	products_quant(bench, &body->a, false, true, &body->qa);
	products_quant(bench, &body->b, posted->pair.scaled, false, &body->qb);
}

static void make_rows(struct bench *bench, struct tsr_hw_gemm *body)
{
	uint32_t most = body->d.dim[body->d.rank - 2];

	bench_absent(&body->rows);
	if (body->d.rank == 2 || bench_below(bench, 3))
		return;
	bench_plain(bench, &body->rows, TSR_HW_TYPE_INT32, 1, &body->d.dim[0],
		    bench_any_layout(bench), TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < body->d.dim[0]; i++)
		indices_put(bench, &body->rows, i, bench_below(bench, most + 1));
}

/* Columns of the class are 32, rows of any type a divisor of 128. */
static void make_blocks(struct bench *bench, struct tsr_hw_gemm *body)
{
	uint32_t n = body->d.dim[body->d.rank - 1], k = body->a.dim[body->a.rank - 1];

	body->blocks = (struct tsr_hw_blocks){
		.bm = 1 + bench_below(bench, 20),
		.bn = bench_below(bench, 2) ? 32 * (1 + bench_below(bench, 3)) : n ? n : 1,
		.bk = bench_below(bench, 2) ? 128 : k ? k : 1,
		.bg = 1,
		.order = (uint8_t)bench_below(bench, 4),
	};
}

static void make_random(struct bench *bench, uint64_t *seed, struct posted *posted)
{
	unsigned int rank = 2 + bench_below(bench, 4);
	uint32_t dim[TSR_HW_MAX_RANK];

	memset(posted, 0, sizeof(*posted));
	posted->pair = products_any_pair(bench);
	for (unsigned int i = 0; i < rank; i++)
		dim[i] = bench_extent(bench, i + 2 < rank ? 3 : 20);
	if (bench_below(bench, 2)) {
		make_program(bench, seed, posted, dim);
		rank = posted->post.random.given.rank;
	}
	make_operands(bench, posted, rank, dim);
	bench_plain(bench, &posted->body.d,
		    bench_below(bench, 2) ? indices_any_type(bench) :
					    products_accumulator(&posted->pair),
		    rank, dim, bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	posted->post.program.d = posted->body.d;
	make_rows(bench, &posted->body);
	make_blocks(bench, &posted->body);
}

/* ---- the plain rule --------------------------------------------------------------- */

/* Coordinates of an element of an operand: @row and @column in its matrix. */
static void operand_at(const struct tsr_hw_tensor *operand, const uint64_t *at, uint64_t row,
		       uint64_t column, uint64_t *to)
{
	for (unsigned int i = 0; i + 2u < operand->rank; i++)
		to[i] = operand->dim[i] == 1 ? 0 : at[i];
	to[operand->rank - 2u] = row;
	to[operand->rank - 1u] = column;
}

static union value sum_of(const struct bench *bench, const struct posted *posted,
			  const uint64_t *at)
{
	const struct tsr_hw_gemm *body = &posted->body;
	unsigned int rank = body->d.rank;
	union value value = { .i64 = 0 };
	uint64_t integer = 0;
	double real = 0;

	for (uint64_t k = 0; k < body->a.dim[rank - 1]; k++) {
		uint64_t place[TSR_HW_MAX_RANK];
		double a, b;

		operand_at(&body->a, at, at[rank - 2], k, place);
		a = products_element(bench, &body->a, &body->qa, 0, true, place);
		operand_at(&body->b, at, k, at[rank - 1], place);
		b = products_element(bench, &body->b, &body->qb, posted->pair.a, false, place);
		real += a * b;
		if (value_class(posted) != NUMBER_F32)
			integer += (uint64_t)(int64_t)a * (uint64_t)(int64_t)b;
	}
	switch (value_class(posted)) {
	case NUMBER_F32:
		value.f32 = (float)real;
		break;
	case NUMBER_I32:
		value.i32 = (int32_t)(uint32_t)integer;
		break;
	default:
		value.i64 = (int64_t)integer;
		break;
	}
	return value;
}

static bool is_row(const struct bench *bench, const struct tsr_hw_gemm *body, const uint64_t *at)
{
	if (body->rows.slot == TSR_HW_SLOT_NONE)
		return true;
	return (int64_t)at[body->d.rank - 2u] <
	       indices_value(bench, TSR_HW_TYPE_INT32,
			     bench_plain_address(bench, &body->rows, at[0])).i32;
}

/* @before: the output's element before the command was executed */
static void expect_element(const struct bench *bench, const struct posted *posted, uint64_t element,
			   union value before)
{
	const struct tsr_hw_tensor *d = &posted->body.d;
	uint64_t at[TSR_HW_MAX_RANK] = { 0 };
	union value got = indices_value(bench, d->type, bench_plain_address(bench, d, element));
	union value want = before;

	indices_coordinates(d, element, at);
	if (is_row(bench, &posted->body, at))
		want = random_epilogue_stored(bench, &posted->post, d, element,
					      value_class(posted), sum_of(bench, posted, at));
	if (!reference_equal(number_class_of(d->type), got, want))
		fail_msg("%u x %u, element %llu: got 0x%llx, expected 0x%llx", posted->pair.a,
			 posted->pair.b, (unsigned long long)element, (unsigned long long)got.i64,
			 (unsigned long long)want.i64);
}

#define MOST_ELEMENTS	40000u

static void expect(struct bench *bench, const struct posted *posted, unsigned int step)
{
	static union value before[MOST_ELEMENTS];
	uint64_t elements = bench_plain_elements(&posted->body.d);
	struct outcome outcome;

	assert_true(elements <= MOST_ELEMENTS);
	for (uint64_t e = 0; e < elements; e++)
		before[e] = indices_value(bench, posted->body.d.type,
				   bench_plain_address(bench, &posted->body.d, e));
	run(bench, posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	for (uint64_t e = 0; e < elements; e += step)
		expect_element(bench, posted, e, before[e]);
}

static void random_commands_follow_the_rule(void **state)
{
	unsigned int programs = 0;
	uint64_t seed = 700;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 700);
	for (int i = 0; i < 6 * CASES; i++) {
		struct posted posted;

		bench_reset(&bench);
		make_random(&bench, &seed, &posted);
		expect(&bench, &posted, 1);
		programs += posted.post.exists && bench_plain_elements(&posted.body.d);
	}
	assert_true(programs > CASES);
	bench_close(&bench);
}

/* ---- chosen commands -------------------------------------------------------------- */

static void make_dense(struct bench *bench, struct posted *posted, unsigned int a, unsigned int b,
		       uint32_t m, uint32_t n, uint32_t k)
{
	struct tsr_hw_gemm *body = &posted->body;

	memset(posted, 0, sizeof(*posted));
	bench_reset(bench);
	posted->pair = (struct products_pair){ (uint8_t)a, (uint8_t)b, false };
	products_tensor(bench, &body->a, a, 2, (const uint32_t[]){ m, k }, LAYOUT_DENSE);
	products_tensor(bench, &body->b, b, 2, (const uint32_t[]){ k, n }, LAYOUT_DENSE);
	bench_plain(bench, &body->d, products_accumulator(&posted->pair), 2,
		    (const uint32_t[]){ m, n }, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	bench_absent(&body->rows);
	products_no_quant(&body->qa);
	products_no_quant(&body->qb);
	body->blocks = (struct tsr_hw_blocks){ .bm = 1, .bn = n <= 32 ? n : 32, .bk = 128,
					       .bg = 1 };
}

/* Longer than 2^16 terms of the largest codes: parts of wide sums are exact. */
static void long_sums_of_int16_are_exact(void **state)
{
	static const uint8_t seconds[] = { TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8 };
	const uint16_t lowest = 0x8000;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 701);
	for (unsigned int i = 0; i < 3; i++) {
		make_dense(&bench, &posted, TSR_HW_TYPE_INT16, seconds[i], 2, 2, 140000);
		for (uint64_t e = 0; e < 2 * 140000; e++)
			fake_memory_poke(bench.memory,
					 bench_plain_address(&bench, &posted.body.a, e), &lowest,
					 sizeof(lowest));
		if (i == 0)
			for (uint64_t e = 0; e < 2 * 140000; e++)
				fake_memory_poke(bench.memory,
						 bench_plain_address(&bench, &posted.body.b, e),
						 &lowest, sizeof(lowest));
		expect(&bench, &posted, 1);
	}
	bench_close(&bench);
}

/* Several panels of columns and chunks of rows. */
static void large_products_are_whole(void **state)
{
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, 8 * MEMORY_BYTES, 702);
	make_dense(&bench, &posted, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT8, 3, 70, 300000);
	posted.body.qa.kind = TSR_HW_QUANT_ZERO;
	posted.body.qa.zero = 7;
	posted.body.qb.kind = TSR_HW_QUANT_ZERO;
	posted.body.qb.zero = -(uint64_t)9;
	expect(&bench, &posted, 7);
	make_dense(&bench, &posted, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 700, 50, 300);
	expect(&bench, &posted, 61);
	bench_close(&bench);
}

static float result_of(const struct bench *bench, const struct posted *posted, uint64_t element)
{
	return indices_value(bench, TSR_HW_TYPE_FP32,
			     bench_plain_address(bench, &posted->body.d, element)).f32;
}

/* What is stated of floating sums: n 2^-24 times the sum of the magnitudes. */
static void floating_sums_keep_to_their_bound(void **state)
{
	static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16 };
	enum { M = 17, N = 23, K = 513 };
	struct outcome outcome;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 703);
	for (unsigned int i = 0; i < 3; i++) {
		make_dense(&bench, &posted, types[i], types[i], M, N, K);
		bench_plain(&bench, &posted.body.a, types[i], 2, (const uint32_t[]){ M, K },
			    LAYOUT_DENSE, TSR_HW_SLOT_READ);
		bench_plain(&bench, &posted.body.b, types[i], 2, (const uint32_t[]){ K, N },
			    LAYOUT_DENSE, TSR_HW_SLOT_READ);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t e = 0; e < M * N; e++) {
			double sum = 0, magnitude = 0;

			for (uint64_t k = 0; k < K; k++) {
				const uint64_t a[] = { e / N, k }, b[] = { k, e % N };
				double product = products_value(&bench, &posted.body.a, a) *
						 products_value(&bench, &posted.body.b, b);

				sum += product;
				magnitude += fabs(product);
			}
			assert_true(fabs((double)result_of(&bench, &posted, e) - sum) <=
				    K * 0x1p-24 * magnitude);
		}
	}
	bench_close(&bench);
}

/* Nothing is taken as 0 that is not: operands, products and sums below the normal numbers. */
static void bf16_below_the_normal_numbers_counts(void **state)
{
	/* 2^-133 x 2^100, and 2^-70 x 2^-60. */
	static const struct { uint16_t a, b; float sum; } cases[] = {
		{ 0x0001, 0x7180, 16 * 0x1p-33f }, { 0x1c80, 0x2180, 16 * 0x1p-130f },
	};
	enum { N = 16 };
	struct outcome outcome;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 709);
	make_dense(&bench, &posted, TSR_HW_TYPE_BF16, TSR_HW_TYPE_BF16, N, N, N);
	for (unsigned int i = 0; i < 2; i++) {
		for (uint64_t e = 0; e < N * N; e++) {
			fake_memory_poke(bench.memory,
					 bench_plain_address(&bench, &posted.body.a, e),
					 &cases[i].a, sizeof(cases[i].a));
			fake_memory_poke(bench.memory,
					 bench_plain_address(&bench, &posted.body.b, e),
					 &cases[i].b, sizeof(cases[i].b));
		}
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t e = 0; e < N * N; e++)
			assert_true(result_of(&bench, &posted, e) == cases[i].sum);
	}
	bench_close(&bench);
}

/* In strict mode each sum is one chain of fused multiply-adds, k ascending, from +0. */
static void strict_sums_are_chains(void **state)
{
	enum { M = 5, N = 33, K = 3000 };
	struct outcome outcome;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 708);
	bench.strict = true;
	make_dense(&bench, &posted, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, M, N, K);
	bench_plain(&bench, &posted.body.a, TSR_HW_TYPE_FP32, 2, (const uint32_t[]){ M, K },
		    LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(&bench, &posted.body.b, TSR_HW_TYPE_FP32, 2, (const uint32_t[]){ K, N },
		    LAYOUT_DENSE, TSR_HW_SLOT_READ);
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint64_t e = 0; e < M * N; e++) {
		float sum = 0;

		for (uint64_t k = 0; k < K; k++) {
			const uint64_t a[] = { e / N, k }, b[] = { k, e % N };

			sum = fmaf((float)products_value(&bench, &posted.body.a, a),
				   (float)products_value(&bench, &posted.body.b, b), sum);
		}
		assert_true(indices_value(&bench, TSR_HW_TYPE_FP32,
				   bench_plain_address(&bench, &posted.body.d, e)).f32 == sum);
	}
	bench_close(&bench);
}

static void row_counts_outside_are_refused_and_nothing_is_stored(void **state)
{
	static const int32_t wrong[] = { -1, 6, INT32_MAX, INT32_MIN };
	struct outcome outcome;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 704);
	for (unsigned int i = 0; i < 4; i++) {
		struct tsr_hw_gemm *body = &posted.body;

		make_dense(&bench, &posted, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, 5, 4, 3);
		products_tensor(&bench, &body->a, TSR_HW_TYPE_INT8, 3,
				(const uint32_t[]){ 2, 5, 3 }, LAYOUT_DENSE);
		products_tensor(&bench, &body->b, TSR_HW_TYPE_INT8, 3,
				(const uint32_t[]){ 1, 3, 4 }, LAYOUT_DENSE);
		bench_plain(&bench, &body->d, TSR_HW_TYPE_INT32, 3, (const uint32_t[]){ 2, 5, 4 },
			    LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
		bench_plain(&bench, &body->rows, TSR_HW_TYPE_INT32, 1, (const uint32_t[]){ 2 },
			    LAYOUT_DENSE, TSR_HW_SLOT_READ);
		indices_put(&bench, &body->rows, 0, 5);
		indices_put(&bench, &body->rows, 1, wrong[i]);
		fake_memory_written(bench.memory);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_INDEX);
		assert_int_equal(fake_memory_written(bench.memory), 0);
		indices_put(&bench, &body->rows, 1, 0);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(fake_memory_written(bench.memory), 5 * 4 * 4);
	}
	bench_close(&bench);
}

/* 2^39 of them: more than any host looks at one by one. */
static void products_without_rows_are_left_out(void **state)
{
	struct outcome outcome;
	struct posted posted;
	struct bench bench;
	struct tsr_hw_gemm *body = &posted.body;
	struct tsr_hw_tensor *const tensors[] = { &body->a, &body->b, &body->d };

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 710);
	make_dense(&bench, &posted, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, 1, 1, 1);
	for (unsigned int i = 0; i < 3; i++) {
		tensors[i]->rank = 4;
		memcpy(tensors[i]->dim, (__le32[]){ 512, 1u << 30, 1, 1 }, 4 * sizeof(__le32));
		memset(tensors[i]->stride, 0, sizeof(tensors[i]->stride));
	}
	body->d.stride[0] = 1ull << 30;
	body->d.stride[1] = 1;
	bench.slot[body->d.slot].size = 1ull << 42;
	bench_plain(&bench, &body->rows, TSR_HW_TYPE_INT32, 1, (const uint32_t[]){ 512 },
		    LAYOUT_DENSE, TSR_HW_SLOT_READ);
	for (unsigned int i = 0; i < 512; i++)
		indices_put(&bench, &body->rows, i, 0);
	fake_memory_written(bench.memory);
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(fake_memory_written(bench.memory), 0);
	bench_close(&bench);
}

/* A residual that the output replaces: read before it is written. */
static void an_input_may_be_the_output(void **state)
{
	const struct tsr_hw_insn insn = { .op = TSR_HW_VECTOR_ADD, .type = TSR_HW_VECTOR_TYPE_I32,
					  .dst = 5, .a = 4, .b = 0 };
	struct outcome outcome;
	struct posted posted;
	struct bench bench;
	int32_t before[12];

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 705);
	make_dense(&bench, &posted, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, 3, 4, 5);
	bench.slot[posted.body.d.slot].flags |= TSR_HW_SLOT_READ;
	posted.post.exists = true;
	posted.post.program.head = (struct tsr_hw_vector){ .insns = 1, .inputs = 1, .result = 5 };
	posted.post.program.input[0] = posted.body.d;
	posted.post.program.code[0] = insn;
	for (uint64_t e = 0; e < 12; e++)
		before[e] = indices_value(&bench, TSR_HW_TYPE_INT32,
				   bench_plain_address(&bench, &posted.body.d, e)).i32;
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint64_t e = 0; e < 12; e++) {
		const uint64_t at[] = { e / 4, e % 4 };
		int32_t sum = sum_of(&bench, &posted, at).i32;

		assert_int_equal(indices_value(&bench, TSR_HW_TYPE_INT32,
					bench_plain_address(&bench, &posted.body.d, e)).i32,
				 (int32_t)((uint32_t)before[e] + (uint32_t)sum));
	}
	bench_close(&bench);
}

/* Also between the matrices of a batch, where what the one before had is given back. */
static void giving_up_anywhere_loses_no_memory(void **state)
{
	struct outcome outcome;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 710);
	for (unsigned int polls = 1; polls < 60; polls++) {
		struct tsr_hw_gemm *body = &posted.body;

		make_dense(&bench, &posted, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, 5, 4, 3);
		products_tensor(&bench, &body->a, TSR_HW_TYPE_INT8, 3,
				(const uint32_t[]){ 3, 5, 3 }, LAYOUT_DENSE);
		products_tensor(&bench, &body->b, TSR_HW_TYPE_INT8, 3,
				(const uint32_t[]){ 3, 3, 4 }, LAYOUT_DENSE);
		bench_plain(&bench, &body->d, TSR_HW_TYPE_INT32, 3, (const uint32_t[]){ 3, 5, 4 },
			    LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
		fake_memory_abort_after(bench.memory, polls);
		run(&bench, &posted, &outcome);
		assert_int_equal(staging_usage().used, 0);
	}
	bench_close(&bench);
}

/* What is staged goes by what is computed at a time, not by the rows of the whole. */
static void as_many_rows_as_tensors_have_are_taken(void **state)
{
	_Alignas(8) char bytes[COMMAND_BYTES];
	struct outcome outcome;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 709);
	make_dense(&bench, &posted, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, 1, 1, 1);
	posted.body.a.dim[0] = posted.body.d.dim[0] = INT32_MAX;
	posted.body.a.stride[0] = 0;
	posted.body.d.type = TSR_HW_TYPE_INT8;
	posted.body.d.stride[0] = 1;
	bench.slot[posted.body.d.slot].size = 1ull << 32;
	pack(&posted, bytes);
	tile_free(bench_prepare(&bench, TSR_HW_ENGINE_TENSOR, bytes, sizeof(posted.body),
				&outcome));
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	bench_close(&bench);
}

static void a_flipped_bit_of_weights_changes_its_column(void **state)
{
	static const uint8_t types[][2] = {
		{ TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8 }, { TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT4 },
		{ TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT16 }, { TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16 },
	};
	_Alignas(8) char bytes[COMMAND_BYTES];
	struct outcome outcome;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 707);
	for (unsigned int i = 0; i < 4; i++) {
		unsigned int bits = types[i][1] == TSR_HW_TYPE_INT4 ? 4 : types[i][1] ==
				    TSR_HW_TYPE_UINT8 ? 8 : 16;
		struct tile_flip flip = { (3 * 7 + 2) * bits + bits - 1, TILE_FLIP_NONE };
		unsigned int changed = 0;

		make_dense(&bench, &posted, types[i][0], types[i][1], 4, 7, 9);
		pack(&posted, bytes);
		bench_run_flipped(&bench, bytes, &flip, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t e = 0; e < 28; e++) {
			const uint64_t at[] = { e / 7, e % 7 };
			union value want = random_epilogue_stored(&bench, &posted.post,
								  &posted.body.d, e,
								  value_class(&posted),
								  sum_of(&bench, &posted, at));
			union value got = indices_value(&bench, posted.body.d.type,
						 bench_plain_address(&bench, &posted.body.d, e));

			if (e % 7 != 2)
				assert_int_equal(got.i64, want.i64);
			else
				changed += got.i64 != want.i64;
		}
		assert_true(changed);
		assert_true(flip.weight_bit == TILE_FLIP_NONE);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_follow_the_rule),
		cmocka_unit_test(long_sums_of_int16_are_exact),
		cmocka_unit_test(large_products_are_whole),
		cmocka_unit_test(floating_sums_keep_to_their_bound),
		cmocka_unit_test(bf16_below_the_normal_numbers_counts),
		cmocka_unit_test(strict_sums_are_chains),
		cmocka_unit_test(row_counts_outside_are_refused_and_nothing_is_stored),
		cmocka_unit_test(an_input_may_be_the_output),
		cmocka_unit_test(giving_up_anywhere_loses_no_memory),
		cmocka_unit_test(as_many_rows_as_tensors_have_are_taken),
		cmocka_unit_test(products_without_rows_are_left_out),
		cmocka_unit_test(a_flipped_bit_of_weights_changes_its_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
