/* SPDX-License-Identifier: MIT */
/* ATTENTION against the plain rule in more precision, and to the bit in strict mode. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <number/load.h>
#include <number/rounded.h>
#include <number/store.h>

#include "bench.h"
#include "indices.h"
#include "products.h"
#include "random.h"
#include "random_epilogues.h"

#define MOST_KEYS	1024u

/* A command in the making: body, and parts of a program if there is one. */
struct posted {
	struct tsr_hw_attention body;
	struct random_program random;
	struct random_epilogue post;
	uint32_t keys;	/* at most */
	uint32_t share;	/* heads of q for one of k */
};

static void run(struct bench *bench, const struct posted *posted, struct outcome *outcome)
{
	random_epilogue_run(bench, &posted->post, TSR_HW_OP_ATTENTION, &posted->body,
			    sizeof(posted->body), outcome);
}

/* ---- random commands -------------------------------------------------------------- */

/* What a random command may have; extents of 0: any. */
struct shape {
	uint32_t batch, heads, share, queries, keys, depth, width, page;
	uint8_t mask;
};

static struct products_pair any_pair(struct bench *bench)
{
	struct products_pair pair;

	do
		pair = products_any_pair(bench);
	while (products_accumulator(&pair) != TSR_HW_TYPE_FP32);
	return pair;
}

/* Of the same first type. */
static struct products_pair other_pair(struct bench *bench, unsigned int first)
{
	struct products_pair pair;

	do
		pair = any_pair(bench);
	while (pair.a != first);
	return pair;
}

static uint32_t some(struct bench *bench, uint32_t given, uint32_t most)
{
	return given ? given : 1 + bench_below(bench, most);
}

static void make_keys(struct bench *bench, struct tsr_hw_tensor *tensor, struct tsr_hw_quant *quant,
		      const struct products_pair *pair, const uint32_t *dim)
{
	products_tensor(bench, tensor, pair->b, 4, dim,
			bench_any_layout(bench) | (bench_below(bench, 4) ? 0 : LAYOUT_REPEAT));
	products_quant(bench, tensor, pair->scaled, true, quant);
}

static void put(struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t at, int32_t value)
{
	indices_put(bench, tensor, at, value);
}

/* Pages without keys lead nowhere. */
static void make_pages(struct bench *bench, struct posted *posted, uint32_t page, uint32_t pool)
{
	struct tsr_hw_attention *body = &posted->body;
	const uint32_t dim[] = { body->q.dim[0], posted->keys / page };

	while (1u << body->page_log2 < page)
		body->page_log2++;
	bench_plain(bench, &body->pages, TSR_HW_TYPE_INT32, 2, dim, bench_any_layout(bench),
		    TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < dim[0]; i++) {
		uint32_t used = dim[1];

		if (body->lengths.slot != TSR_HW_SLOT_NONE)
			used = (uint32_t)(indices_bits(bench, &body->lengths,
					  bench_plain_address(bench, &body->lengths, i)) +
					  page - 1) / page;
		for (uint32_t j = 0; j < dim[1]; j++)
			put(bench, &body->pages, i * dim[1] + j,
			    j < used ? (int32_t)bench_below(bench, pool) : -5);
	}
}

static void make_lengths(struct bench *bench, struct posted *posted)
{
	struct tsr_hw_tensor *lengths = &posted->body.lengths;

	bench_plain(bench, lengths, TSR_HW_TYPE_INT32, 1, posted->body.q.dim,
		    bench_any_layout(bench), TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < posted->body.q.dim[0]; i++)
		put(bench, lengths, i, (int32_t)bench_below(bench, posted->keys + 1));
}

static void make_blocks(struct bench *bench, struct posted *posted, uint32_t page)
{
	struct tsr_hw_blocks *blocks = &posted->body.blocks;

	blocks->bm = 1 + bench_below(bench, 40);
	blocks->bn = page && bench_below(bench, 2) ? 256 : 512;
	if (!page && bench_below(bench, 2))
		blocks->bn = posted->keys ? posted->keys : 1;
	blocks->bk = blocks->bg = 1;
}

static void make(struct bench *bench, const struct shape *shape, struct posted *posted)
{
	static const uint32_t pages[] = { 16, 32, 64, 128, 256 };
	struct tsr_hw_attention *body = &posted->body;
	struct products_pair k = any_pair(bench), v = other_pair(bench, k.a);
	uint32_t batch = some(bench, shape->batch, 3), heads = some(bench, shape->heads, 3);
	uint32_t queries = some(bench, shape->queries, 12), depth = some(bench, shape->depth, 70);
	uint32_t width = some(bench, shape->width, 70), page = shape->page, pool;
	const float scale = bench_uniform(bench, -0.4f, 0.4f);

	memset(posted, 0, sizeof(*posted));
	posted->share = some(bench, shape->share, 3);
	posted->keys = some(bench, shape->keys, bench_below(bench, 4) ? 40 : 700);
	if (page == 1)
		page = pages[bench_below(bench, 5)];
	if (page)
		posted->keys = (posted->keys + page - 1) / page * page;
	pool = page ? 1 + bench_below(bench, 6) : batch;
	products_tensor(bench, &body->q, k.a, 4,
			(const uint32_t[]){ batch, heads * posted->share, queries, depth },
			bench_any_layout(bench));
	make_keys(bench, &body->k, &body->qk, &k,
		  (const uint32_t[]){ pool, heads, page ? page : posted->keys, depth });
	make_keys(bench, &body->v, &body->qv, &v,
		  (const uint32_t[]){ pool, heads, page ? page : posted->keys, width });
	bench_plain(bench, &body->d, TSR_HW_TYPE_FP32, 4,
		    (const uint32_t[]){ batch, heads * posted->share, queries, width },
		    bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	bench_absent(&body->mask);
	bench_absent(&body->lengths);
	bench_absent(&body->pages);
	if (bench_below(bench, 2))
		make_lengths(bench, posted);
	if (page)
		make_pages(bench, posted, page, pool);
	body->mask_kind = shape->mask;
	if (shape->mask == TSR_HW_MASK_BITS)
		bench_plain(bench, &body->mask, TSR_HW_TYPE_BOOL, 4,
			    (const uint32_t[]){ batch, heads * posted->share, queries,
						posted->keys },
			    bench_any_layout(bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
	memcpy(&body->scale, &scale, sizeof(scale));
	make_blocks(bench, posted, page);
}

/* ---- the plain rule --------------------------------------------------------------- */

/* A row of d, of one query, and the keys that it sees. */
struct query {
	uint64_t at[4];
	uint32_t count;
	uint32_t key[MOST_KEYS];
};

static int32_t integer(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t i)
{
	return (int32_t)indices_bits(bench, tensor, bench_plain_address(bench, tensor, i));
}

static void find_keys(const struct bench *bench, const struct posted *posted, struct query *query)
{
	const struct tsr_hw_attention *body = &posted->body;
	int64_t length = posted->keys;

	if (body->lengths.slot != TSR_HW_SLOT_NONE)
		length = integer(bench, &body->lengths, query->at[0]);
	query->count = 0;
	for (int64_t key = 0; key < length; key++) {
		uint64_t at[] = { query->at[0], query->at[1], query->at[2], (uint64_t)key };

		if (body->mask_kind == TSR_HW_MASK_CAUSAL &&
		    key > (int64_t)query->at[2] + length - (int64_t)body->q.dim[2])
			continue;
		if (body->mask_kind == TSR_HW_MASK_BITS &&
		    !indices_bits(bench, &body->mask, bench_plain_at(bench, &body->mask, at)))
			continue;
		query->key[query->count++] = (uint32_t)key;
	}
}

static double of_key(const struct bench *bench, const struct posted *posted,
		     const struct query *query, const struct tsr_hw_tensor *tensor,
		     const struct tsr_hw_quant *quant, uint32_t key, uint64_t column)
{
	const struct tsr_hw_attention *body = &posted->body;
	uint64_t at[TSR_HW_MAX_RANK] = { query->at[0], query->at[1] / posted->share, key, column };
	uint32_t page = body->k.dim[2];

	if (body->pages.slot != TSR_HW_SLOT_NONE) {
		at[0] = (uint64_t)integer(bench, &body->pages,
					  query->at[0] * body->pages.dim[1] + key / page);
		at[2] = key % page;
	}
	return products_element(bench, tensor, quant, body->q.type, true, at);
}

static double of_query(const struct bench *bench, const struct posted *posted,
		       const struct query *query, uint64_t column)
{
	const uint64_t at[] = { query->at[0], query->at[1], query->at[2], column };

	return products_value(bench, &posted->body.q, at);
}

static float scale_of(const struct posted *posted)
{
	float scale;

	memcpy(&scale, &posted->body.scale, sizeof(scale));
	return scale;
}

/* Half the distance from 1 to the next number, and half of the least positive one. */
static void precision(unsigned int type, long double *unit, long double *least)
{
	switch (type) {
	case TSR_HW_TYPE_FP16:
		*unit = 0x1p-11L;
		*least = 0x1p-25L;
		break;
	case TSR_HW_TYPE_BF16:
		*unit = 0x1p-8L;
		*least = 0x1p-134L;
		break;
	case TSR_HW_TYPE_FP8_E4M3:
		*unit = 0x1p-4L;
		*least = 0x1p-10L;
		break;
	case TSR_HW_TYPE_FP8_E5M2:
		*unit = 0x1p-3L;
		*least = 0x1p-17L;
		break;
	default:
		*unit = 0;
		*least = 0x1p-150L;
		break;
	}
}

/* Weights of the keys that a query sees, and how exact its scores are. */
static long double weigh(const struct bench *bench, const struct posted *posted,
			 const struct query *query, long double *weight)
{
	long double scale = scale_of(posted), max = -INFINITY, most = 0, sum = 0;
	uint32_t depth = posted->body.q.dim[3];

	for (uint32_t j = 0; j < query->count; j++) {
		long double score = 0, magnitude = 0;

		for (uint32_t c = 0; c < depth; c++) {
			long double product = (long double)of_query(bench, posted, query, c) *
					      of_key(bench, posted, query, &posted->body.k,
						     &posted->body.qk, query->key[j], c);

			score += product;
			magnitude += fabsl(product);
		}
		weight[j] = score * scale;
		max = fmaxl(max, weight[j]);
		most = fmaxl(most, magnitude);
	}
	for (uint32_t j = 0; j < query->count; j++)
		sum += weight[j] = expl(weight[j] - max);
	for (uint32_t j = 0; j < query->count; j++)
		weight[j] /= sum;
	return (depth + 3) * 0x1p-24L * fabsl(scale) * most;
}

static void expect_row(const struct bench *bench, const struct posted *posted,
		       const struct query *query, long double *worst)
{
	const struct tsr_hw_tensor *d = &posted->body.d;
	static long double weight[MOST_KEYS];
	long double error = weigh(bench, posted, query, weight), unit, least;

	precision(posted->body.q.type, &unit, &least);
	for (uint32_t e = 0; e < d->dim[3]; e++) {
		const uint64_t at[] = { query->at[0], query->at[1], query->at[2], e };
		uint32_t bits = (uint32_t)indices_bits(bench, d, bench_plain_at(bench, d, at));
		long double got = bench_float(bits), want = 0, magnitude = 0, most = 0, bound;

		for (uint32_t j = 0; j < query->count; j++) {
			long double value = of_key(bench, posted, query, &posted->body.v,
						   &posted->body.qv, query->key[j], e);

			want += weight[j] * value;
			magnitude += weight[j] * fabsl(value);
			most = fmaxl(most, fabsl(value));
		}
		bound = (expm1l(2 * error) + unit +
			 (2 * query->count + 512) * 0x1p-24L) * magnitude +
			least * query->count * most;
		if (bound > 0 && fabsl(got - want) / bound > *worst)
			*worst = fabsl(got - want) / bound;
		if (isnan(want) ? !isnan(got) : !(fabsl(got - want) <= bound))
			fail_msg("type %u, mask %u, query %u %u %u of %u keys, element %u: "
				 "got %Lg, expected %Lg, within %Lg", posted->body.q.type,
				 posted->body.mask_kind, (unsigned int)query->at[0],
				 (unsigned int)query->at[1], (unsigned int)query->at[2],
				 query->count, e, got, want, bound);
	}
}

static void expect_all(const struct bench *bench, const struct posted *posted,
		       void (*expect)(const struct bench *bench, const struct posted *posted,
				      const struct query *query, long double *worst),
		       long double *worst)
{
	const struct tsr_hw_tensor *d = &posted->body.d;
	uint64_t rows = (uint64_t)d->dim[0] * d->dim[1] * d->dim[2];

	for (uint64_t row = 0; row < rows; row += 1 + rows / 8) {
		struct query query = { .at = { row / d->dim[2] / d->dim[1],
					       row / d->dim[2] % d->dim[1], row % d->dim[2] } };

		find_keys(bench, posted, &query);
		expect(bench, posted, &query, worst);
	}
}

static void random_commands_are_right_within_the_bound(void **state)
{
	long double worst = 0;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 800);
	bench.strict = false;
	for (unsigned int i = 0; i < CASES; i++) {
		struct shape shape = { .mask = i % 3, .page = i / 3 % 2 };
		struct posted posted;
		struct outcome outcome;

		bench_reset(&bench);
		make(&bench, &shape, &posted);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		expect_all(&bench, &posted, expect_row, &worst);
	}
	print_message("worst error: %Lg of the bound\n", worst);
	bench_close(&bench);
}

/* ---- strict mode ------------------------------------------------------------------ */

static float rounded(unsigned int type, float value)
{
	uint64_t stored = 0;

	number_store(NUMBER_F32, &value, type, 0, &stored, 1);
	number_load(type, &stored, &value, 1);
	return value;
}

static void expect_strict(const struct bench *bench, const struct posted *posted,
			  const struct query *query, long double *worst)
{
	const struct tsr_hw_tensor *d = &posted->body.d;
	static float weight[MOST_KEYS];
	float max = -INFINITY, sum = 0;

	(void)worst;
	for (uint32_t j = 0; j < query->count; j++) {
		float score = 0;

		for (uint32_t c = 0; c < posted->body.q.dim[3]; c++)
			score = fmaf((float)of_query(bench, posted, query, c),
				     (float)of_key(bench, posted, query, &posted->body.k,
						   &posted->body.qk, query->key[j], c), score);
		weight[j] = scale_of(posted) * score;
		max = weight[j] > max ? weight[j] : max;
	}
	for (uint32_t j = 0; j < query->count; j++) {
		weight[j] -= max;
		number_exp(&weight[j], 1);
		sum += weight[j];
	}
	for (uint32_t e = 0; e < d->dim[3]; e++) {
		const uint64_t at[] = { query->at[0], query->at[1], query->at[2], e };
		uint32_t bits = (uint32_t)indices_bits(bench, d, bench_plain_at(bench, d, at));
		float want = 0;

		for (uint32_t j = 0; j < query->count; j++)
			want = fmaf(rounded(posted->body.q.type, weight[j] / sum),
				    (float)of_key(bench, posted, query, &posted->body.v,
						  &posted->body.qv, query->key[j], e), want);
		if (bits != bench_bits(want))
			fail_msg("type %u, element %u: got %g, expected %g", posted->body.q.type, e,
				 (double)bench_float(bits), (double)want);
	}
}

static void strict_mode_gives_the_same_bytes_everywhere(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 801);
	bench.strict = true;
	for (unsigned int i = 0; i < CASES / 3; i++) {
		struct shape shape = { .mask = i % 3, .page = i / 3 % 2 };
		struct posted posted;
		struct outcome outcome;

		bench_reset(&bench);
		make(&bench, &shape, &posted);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		expect_all(&bench, &posted, expect_strict, NULL);
	}
	bench_close(&bench);
}

/* ---- chosen commands -------------------------------------------------------------- */

/* Dense fp32 or fp16, as many keys as blocks of the host need to be several. */
static void make_large(struct bench *bench, struct posted *posted, uint8_t mask)
{
	const struct shape shape = { 1, 1, 3, 150, 600, 24, 20, 0, mask };

	do {
		bench_reset(bench);
		make(bench, &shape, posted);
	} while (posted->body.qk.kind || posted->body.qv.kind ||
		 bench_size(posted->body.q.type) < 2);
	bench_absent(&posted->body.lengths);
}

static void put_value(struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t key,
		      float value)
{
	for (uint64_t c = 0; c < tensor->dim[3]; c++) {
		const uint64_t at[] = { 0, 0, key, c };
		uint64_t stored = 0;

		number_store(NUMBER_F32, &value, tensor->type, 0, &stored, 1);
		fake_memory_poke(bench->memory, bench_plain_at(bench, tensor, at), &stored,
				 bench_size(tensor->type));
	}
}

static void keys_that_are_not_seen_contribute_nothing(void **state)
{
	long double worst = 0;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, 4 * MEMORY_BYTES, 802);
	for (unsigned int i = 0; i < 12; i++) {
		struct posted posted;
		struct outcome outcome;

		make_large(&bench, &posted, 1 + i % 2);
		for (unsigned int j = 0; j < 1 + i % 3; j++) {
			uint64_t key = 450 + bench_below(&bench, 150);

			put_value(&bench, i % 4 < 2 ? &posted.body.k : &posted.body.v, key, NAN);
		}
		bench.strict = i >= 6;
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		expect_all(&bench, &posted, expect_row, &worst);
	}
	bench_close(&bench);
}

static float value_of(const struct bench *bench, const struct posted *posted, uint64_t element)
{
	const struct tsr_hw_tensor *d = &posted->body.d;

	return bench_float((uint32_t)indices_bits(bench, d,
						  bench_plain_address(bench, d, element)));
}

static void infinite_scores_make_rows_no_numbers(void **state)
{
	const struct shape shape = { 1, 1, 1, 2, 3, 1, 2, 0, 0 };
	static const struct {
		float key[3];
		bool number;
	} cases[] = {
		{ { 1, -INFINITY, 2 }, true },
		{ { -INFINITY, -INFINITY, 2 }, true },
		{ { -INFINITY, -INFINITY, -INFINITY }, false },
		{ { 1, INFINITY, 2 }, false },
		{ { 1, NAN, 2 }, false },
		{ { -INFINITY, NAN, -INFINITY }, false },
	};
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 803);
	for (unsigned int i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct posted posted;
		struct outcome outcome;

		do {
			bench_reset(&bench);
			make(&bench, &shape, &posted);
		} while (posted.body.q.type != TSR_HW_TYPE_FP16 || posted.body.qk.kind ||
			 posted.body.qv.kind || !posted.body.k.stride[2]);
		bench_absent(&posted.body.lengths);
		posted.body.scale = 0x3f800000;
		put_value(&bench, &(struct tsr_hw_tensor){ .slot = posted.body.q.slot,
			  .offset = posted.body.q.offset, .type = TSR_HW_TYPE_FP16, .rank = 4,
			  .dim = { 1, 1, 2, 1 } }, 0, 1);
		for (unsigned int j = 0; j < 3; j++)
			put_value(&bench, &posted.body.k, j, cases[i / 2].key[j]);
		bench.strict = i % 2;
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (unsigned int e = 0; e < 2; e++)
			assert_int_equal(!isnan(value_of(&bench, &posted, e)), cases[i / 2].number);
	}
	bench_close(&bench);
}

static void lengths_and_pages_outside_end_with_index(void **state)
{
	const struct shape shape = { 2, 1, 2, 3, 64, 8, 8, 16, 0 };
	struct posted posted;
	struct outcome outcome;
	struct bench bench;
	uint32_t mark;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 804);
	do {
		bench_reset(&bench);
		make(&bench, &shape, &posted);
	} while (posted.body.lengths.slot == TSR_HW_SLOT_NONE);
	for (int i = 0; i < 7; i++) {
		static const int32_t lengths[] = { 20, 20, 20, -1, 65, 64, 20 };
		static const int32_t pages[] = { 0, -1, 1 << 30, 0, 0, -1, 0 };
		static const int errors[] = { TSR_HW_ERR_NONE, TSR_HW_ERR_INDEX, TSR_HW_ERR_INDEX,
					      TSR_HW_ERR_INDEX, TSR_HW_ERR_INDEX,
					      TSR_HW_ERR_INDEX, TSR_HW_ERR_NONE };

		mark = 0x7f123456;
		fake_memory_poke(bench.memory, bench_plain_address(&bench, &posted.body.d, 0),
				 &mark, sizeof(mark));
		put(&bench, &posted.body.lengths, 0, 16);
		put(&bench, &posted.body.lengths, 1, lengths[i]);
		put(&bench, &posted.body.pages, 0, 0);
		put(&bench, &posted.body.pages, 4, 0);
		put(&bench, &posted.body.pages, 5, pages[i]);
		put(&bench, &posted.body.pages, 6, i == 5 ? 0 : -7);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, errors[i]);
		if (errors[i])
			assert_int_equal(bench_bits(value_of(&bench, &posted, 0)), mark);
	}
	bench_close(&bench);
}

static void pages_have_16_to_256_keys(void **state)
{
	static const struct { uint32_t page; int error; } cases[] = {
		{ 8, TSR_HW_ERR_COMMAND }, { 16, TSR_HW_ERR_NONE },
		{ 256, TSR_HW_ERR_NONE }, { 512, TSR_HW_ERR_COMMAND },
	};
	struct outcome outcome;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 807);
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct shape shape = { 2, 1, 2, 3, 512, 8, 8, cases[i].page, 0 };

		bench_reset(&bench);
		make(&bench, &shape, &posted);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, cases[i].error);
	}
	bench_close(&bench);
}

/* No memory is behind the queries' slot: only a row that sees a key meets that. */
static void rows_without_keys_load_no_queries(void **state)
{
	const struct shape shape = { 2, 1, 2, 3, 64, 8, 8, 16, 0 };
	struct posted posted;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 806);
	do {
		bench_reset(&bench);
		make(&bench, &shape, &posted);
	} while (posted.body.lengths.slot == TSR_HW_SLOT_NONE);
	put(&bench, &posted.body.pages, 0, 0);
	bench.slot[posted.body.q.slot].address = bench.end;
	for (int32_t length = 0; length < 2; length++) {
		put(&bench, &posted.body.lengths, 0, length);
		put(&bench, &posted.body.lengths, 1, 0);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error,
				 length ? TSR_HW_ERR_FAULT_READ : TSR_HW_ERR_NONE);
	}
	bench_close(&bench);
}

/* A program gets the value that the command alone stores. */
static void programs_follow(void **state)
{
	uint64_t seed = 805;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 805);
	for (unsigned int i = 0; i < 30; i++) {
		struct shape shape = { .depth = 9 };
		struct vector_command *program;
		struct outcome outcome;
		struct posted posted;
		static float plain[4096];
		uint64_t divisions = 0, n;
		struct random_program random;

		bench_reset(&bench);
		do
			random_program(&seed, 1 + bench_below(&bench, 6), RANDOM_VALUE, &random);
		while (!random.given.has_value || random.given.value != NUMBER_F32 ||
		       random.given.rank != 4 || random.program.head.inputs ||
		       random.program.result != NUMBER_F32 || !random.setting.dims[1]);
		shape.batch = (uint32_t)random.setting.dims[0];
		shape.heads = (uint32_t)random.setting.dims[1];
		shape.share = 1;
		shape.queries = (uint32_t)random.setting.dims[2];
		shape.width = (uint32_t)random.setting.dims[3];
		n = random.setting.dims[0] * random.setting.dims[1] * random.setting.dims[2] *
		    random.setting.dims[3];
		if (!n || n > 4096)
			continue;
		make(&bench, &shape, &posted);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t e = 0; e < n; e++)
			plain[e] = value_of(&bench, &posted, e);
		random.setting.tile = 0;
		posted.post.exists = true;
		program = &posted.post.program;
		program->head = random.program.head;
		memcpy(program->constant, random.program.constants, sizeof(program->constant));
		memcpy(program->code, random.program.code, sizeof(program->code));
		program->d = posted.body.d;
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t e = 0; e < n; e++) {
			union value given[5] = { [TSR_HW_VECTOR_VALUE] = { .f32 = plain[e] } };
			union value got = { .f32 = value_of(&bench, &posted, e) };
			union value want = reference_run(&random.program, &random.setting, given, e,
							 &divisions);

			assert_true(reference_equal(NUMBER_F32, got, want));
		}
	}
	bench_close(&bench);
}

static void many_blocks_of_rows_and_keys(void **state)
{
	long double worst = 0;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, 4 * MEMORY_BYTES, 806);
	for (unsigned int i = 0; i < 3; i++) {
		struct posted posted;
		struct outcome outcome;

		make_large(&bench, &posted, i % 3);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		expect_all(&bench, &posted, expect_row, &worst);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_are_right_within_the_bound),
		cmocka_unit_test(strict_mode_gives_the_same_bytes_everywhere),
		cmocka_unit_test(keys_that_are_not_seen_contribute_nothing),
		cmocka_unit_test(infinite_scores_make_rows_no_numbers),
		cmocka_unit_test(lengths_and_pages_outside_end_with_index),
		cmocka_unit_test(pages_have_16_to_256_keys),
		cmocka_unit_test(rows_without_keys_load_no_queries),
		cmocka_unit_test(programs_follow),
		cmocka_unit_test(many_blocks_of_rows_and_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
