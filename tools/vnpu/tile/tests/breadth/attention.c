/* SPDX-License-Identifier: MIT */
/*
 * ATTENTION, query by query. In strict mode to the bit; by default against the exact value and
 * the bound that the manual states. The kind is the pair of the types of q and k.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <number/load.h>
#include <number/store.h>

#include "breadth.h"
#include "half_tensors.h"
#include "indices.h"
#include "products.h"
#include "reductions.h"
#include "stored.h"

#define MOST_KEYS	64u

struct attending {
	struct tsr_hw_attention body;
	struct programs programs;
	unsigned int pages;	/* of a batch index, 0 without pages */
};

/* Pairs whose sums are floating-point numbers. */
static unsigned int float_pairs(struct products_pair *pairs)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < PRODUCTS_PAIRS; i++) {
		const struct products_pair pair = products_pair(i);

		if (products_accumulator(&pair) == TSR_HW_TYPE_FP32)
			pairs[n++] = pair;
	}
	return n;
}

/* How many those are. */
#define KINDS	28u

/* ---- commands -------------------------------------------------------------------- */

static struct products_pair any_with(struct bench *bench, unsigned int q)
{
	struct products_pair pairs[PRODUCTS_PAIRS];
	unsigned int n = float_pairs(pairs), i;

	do
		i = bench_below(bench, n);
	while (pairs[i].a != q);
	return pairs[i];
}

static void make_masks(struct bench *bench, const struct breadth_case *one,
		       struct tsr_hw_attention *body, const uint32_t *scores)
{
	body->mask_kind = (uint8_t)bench_below(bench, 3);
	bench_absent(&body->mask);
	bench_absent(&body->lengths);
	if (body->mask_kind == TSR_HW_MASK_BITS) {
		bench_plain(bench, &body->mask, TSR_HW_TYPE_BOOL, 4, scores, one->layout,
			    TSR_HW_SLOT_READ);
		for (uint64_t i = 0; i < bench_plain_elements(&body->mask); i++) {
			uint8_t bit = bench_below(bench, 4) != 0;

			fake_memory_poke(bench->memory, bench_plain_address(bench, &body->mask, i),
					 &bit, 1);
		}
	}
	if (bench_below(bench, 2))
		return;
	bench_plain(bench, &body->lengths, TSR_HW_TYPE_INT32, 1, scores, one->layout,
		    TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < scores[0]; i++)
		indices_put(bench, &body->lengths, i, bench_below(bench, scores[3] + 1));
}

/* Pages of a batch index anywhere in the pools. */
static void make_pages(struct bench *bench, struct attending *attending, uint32_t batches,
		       uint32_t pool)
{
	struct tsr_hw_attention *body = &attending->body;
	const uint32_t dim[] = { batches, attending->pages };

	bench_absent(&body->pages);
	if (!attending->pages)
		return;
	body->page_log2 = 4;
	bench_plain(bench, &body->pages, TSR_HW_TYPE_INT32, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < batches * attending->pages; i++)
		indices_put(bench, &body->pages, i, bench_below(bench, pool));
}

static unsigned int any_output(struct bench *bench)
{
	static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_INT8,
					 TSR_HW_TYPE_INT4, TSR_HW_TYPE_UINT4,
					 TSR_HW_TYPE_FP4_E2M1 };

	return bench_below(bench, 2) ? types[bench_below(bench, 6)] : TSR_HW_TYPE_FP32;
}

static void make(struct bench *bench, const struct breadth_case *one, struct attending *attending)
{
	struct tsr_hw_attention *body = &attending->body;
	struct products_pair pairs[PRODUCTS_PAIRS], values;
	uint32_t batches = 1 + bench_below(bench, 2), groups = 1 + bench_below(bench, 2);
	uint32_t heads = groups * (1 + bench_below(bench, 2));
	uint32_t keys = 1 + bench_below(bench, 24);
	uint32_t depth = 1 + bench_below(bench, bench_below(bench, 16) ? 10 : 70);
	uint32_t width = 1 + bench_below(bench, bench_below(bench, 16) ? 4 : 40);
	uint32_t queries = 1 + bench_below(bench, 4);
	uint32_t pool = 3;

	memset(attending, 0, sizeof(*attending));
	float_pairs(pairs);
	values = any_with(bench, pairs[one->kind].a);
	attending->pages = bench_below(bench, 2) ? 0 : 1 + bench_below(bench, 2);
	if (attending->pages)
		keys = 16 * attending->pages;
	body->head.op = TSR_HW_OP_ATTENTION;
	body->scale = bench_bits(bench_uniform(bench, 0.05f, 0.5f));
	products_tensor(bench, &body->q, pairs[one->kind].a, 4,
			(const uint32_t[]){ batches, heads, queries, depth }, one->layout);
	products_tensor(bench, &body->k, pairs[one->kind].b, 4,
			(const uint32_t[]){ attending->pages ? pool : batches, groups,
					    attending->pages ? 16 : keys, depth }, one->layout);
	products_tensor(bench, &body->v, values.b, 4,
			(const uint32_t[]){ attending->pages ? pool : batches, groups,
					    attending->pages ? 16 : keys, width }, one->layout);
	products_quant(bench, &body->k, pairs[one->kind].scaled, true, &body->qk);
	products_quant(bench, &body->v, values.scaled, true, &body->qv);
	breadth_output_along(bench, &body->d, any_output(bench), 4,
			     (const uint32_t[]){ batches, heads, queries, width }, one->layout, 3);
	make_masks(bench, one, body, (const uint32_t[]){ batches, heads, queries, keys });
	make_pages(bench, attending, batches, pool);
	body->blocks = (struct tsr_hw_blocks){ .bm = 1 + bench_below(bench, 9),
					       .bn = attending->pages ? 256 : keys,
					       .bk = 1, .bg = 1 };
	if (bench->strict && bench_below(bench, 2))
		reductions_epilogue(bench, NUMBER_F32, &body->d, &attending->programs);
	programs_place(&attending->programs, &body->head, sizeof(*body));
}

/* ---- the plain rule -------------------------------------------------------------- */

/* What a query sees: scores, and where the keys lie. */
struct view {
	unsigned int n;
	double score[MOST_KEYS];	/* exact by default */
	uint64_t at[MOST_KEYS][2];	/* batch index or page, row */
	double magnitude;		/* the greatest sum of |q k| */
};

static uint64_t keys_of(const struct attending *attending)
{
	return attending->pages ? 16ull * attending->pages : attending->body.k.dim[2];
}

static bool is_seen(const struct bench *bench, const struct attending *attending,
		    const uint64_t *d, uint64_t j)
{
	const struct tsr_hw_attention *body = &attending->body;
	const uint64_t at[] = { d[0], d[1], d[2], j };
	uint64_t n = keys_of(attending);

	if (body->lengths.slot != TSR_HW_SLOT_NONE)
		n = breadth_element(bench, &body->lengths, d[0]);
	if (j >= n)
		return false;
	if (body->mask_kind == TSR_HW_MASK_CAUSAL)
		return (int64_t)j <= (int64_t)(d[2] + n) - (int64_t)body->q.dim[2];
	return body->mask_kind != TSR_HW_MASK_BITS || breadth_at(bench, &body->mask, at);
}

static void locate(const struct bench *bench, const struct attending *attending, uint64_t batch,
		   uint64_t j, uint64_t *at)
{
	at[0] = batch;
	at[1] = j;
	if (!attending->pages)
		return;
	at[0] = breadth_element(bench, &attending->body.pages, batch * attending->pages + j / 16);
	at[1] = j % 16;
}

static uint64_t head_of(const struct tsr_hw_attention *body, const uint64_t *d)
{
	return d[1] / (body->q.dim[1] / body->k.dim[1]);
}

static void score(const struct bench *bench, const struct attending *attending, const uint64_t *d,
		  uint64_t j, struct view *view)
{
	const struct tsr_hw_attention *body = &attending->body;
	uint64_t *at = view->at[view->n];
	double exact = 0, magnitude = 0;
	float sum = 0;

	locate(bench, attending, d[0], j, at);
	for (uint64_t c = 0; c < body->q.dim[3]; c++) {
		double q = products_value(bench, &body->q,
					  (const uint64_t[]){ d[0], d[1], d[2], c });
		double k = products_element(bench, &body->k, &body->qk, body->q.type, true,
					    (const uint64_t[8]){ at[0], head_of(body, d), at[1],
								 c });

		sum = fmaf((float)q, (float)k, sum);
		exact += q * k;
		magnitude += fabs(q * k);
	}
	view->score[view->n] = bench->strict ? bench_float(body->scale) * sum :
					       (double)bench_float(body->scale) * exact;
	view->magnitude = fmax(view->magnitude, magnitude);
	view->n++;
}

static double value(const struct bench *bench, const struct attending *attending,
		    const struct view *view, const uint64_t *d, unsigned int n)
{
	const struct tsr_hw_attention *body = &attending->body;
	const uint64_t at[8] = { view->at[n][0], head_of(body, d), view->at[n][1], d[3] };

	return products_element(bench, &body->v, &body->qv, body->q.type, true, at);
}

static float rounded(unsigned int type, float real)
{
	uint64_t stored = 0;

	number_store(NUMBER_F32, &real, type, 0, &stored, 1);
	number_load(type, &stored, &real, 1);
	return real;
}

/* What an element of an output is worth. */
static double worth(unsigned int type, uint64_t bits)
{
	union value value = { .i64 = 0 };

	number_load(type, &bits, &value, 1);
	return number_class_of(type) == NUMBER_F32 ? (double)value.f32 : (double)value.i32;
}

static double stored_worth(unsigned int type, double real)
{
	float value = (float)real;
	uint64_t stored = 0;

	number_store(NUMBER_F32, &value, type, 0, &stored, 1);
	return worth(type, stored);
}

static double most_of(const struct view *view)
{
	double most = -INFINITY;

	for (unsigned int i = 0; i < view->n; i++)
		most = fmax(most, view->score[i]);
	return most;
}

static float strict_value(const struct bench *bench, const struct attending *attending,
			  const struct view *view, const uint64_t *d)
{
	float most = (float)most_of(view);
	float power[MOST_KEYS];
	float result = 0;
	float sum = 0;

	for (unsigned int i = 0; i < view->n; i++) {
		float t = (float)view->score[i] - most;

		power[i] = (float)expl((long double)t);
		sum += power[i];
	}
	for (unsigned int i = 0; i < view->n; i++)
		result = fmaf(rounded(attending->body.q.type, power[i] / sum),
			      (float)value(bench, attending, view, d, i), result);
	return result;
}

/* Of a type: half of what lies between 1 and the next number, and half of the least one. */
static void type_errors(unsigned int type, double *u, double *t)
{
	switch (type) {
	case TSR_HW_TYPE_FP16:
		*u = 0x1p-11;
		*t = 0x1p-25;
		break;
	case TSR_HW_TYPE_BF16:
		*u = 0x1p-8;
		*t = 0x1p-134;
		break;
	case TSR_HW_TYPE_FP8_E4M3:
		*u = 0x1p-4;
		*t = 0x1p-10;
		break;
	case TSR_HW_TYPE_FP8_E5M2:
		*u = 0x1p-3;
		*t = 0x1p-17;
		break;
	default:
		*u = 0;
		*t = 0x1p-150;
	}
}

static bool is_near(const struct bench *bench, const struct attending *attending,
		    const struct view *view, const uint64_t *d)
{
	const struct tsr_hw_attention *body = &attending->body;
	double most = most_of(view), sum = 0, exact = 0, all = 0, greatest = 0, u, t, f, bound;
	unsigned int type = body->d.type;
	double got = worth(type, half_is(type) ? half_at(bench, &body->d, d) :
						 breadth_at(bench, &body->d, d));

	for (unsigned int i = 0; i < view->n; i++) {
		double p = exp(view->score[i] - most), v = value(bench, attending, view, d, i);

		sum += p;
		exact += p * v;
		all += fabs(p * v);
		greatest = fmax(greatest, fabs(v));
	}
	type_errors(body->q.type, &u, &t);
	f = (body->q.dim[3] + 3) * 0x1p-24 * fabs((double)bench_float(body->scale)) *
	    view->magnitude;
	bound = (exp(2 * f) - 1 + u + (2 * view->n + 512) * 0x1p-24) * all / sum +
		t * view->n * greatest;
	if (got >= stored_worth(type, exact / sum - bound) &&
	    got <= stored_worth(type, exact / sum + bound))
		return true;
	fprintf(stderr, "got %g, expected %g within %g\n", got, exact / sum, bound);
	return false;
}

static bool expect(const struct bench *bench, const struct attending *attending, const uint64_t *d)
{
	struct view view = { .n = 0 };
	union value result = { .f32 = 0 };

	for (uint64_t j = 0; j < keys_of(attending); j++)
		if (is_seen(bench, attending, d, j))
			score(bench, attending, d, j, &view);
	if (!bench->strict && view.n)
		return is_near(bench, attending, &view, d);
	if (view.n)
		result.f32 = strict_value(bench, attending, &view, d);
	reductions_expect(bench, NUMBER_F32, &attending->programs, &attending->body.d, d, result);
	return true;
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	uint64_t at[TSR_HW_MAX_RANK];
	struct attending attending;
	const struct tsr_hw_tensor *d = &attending.body.d;
	bool good;

	make(bench, one, &attending);
	good = breadth_execute(bench, &attending);
	for (uint64_t i = 0; good && i < bench_plain_elements(d); i++) {
		breadth_coordinates(d, i, at);
		good = expect(bench, &attending, at);
	}
	return good && breadth_padded(bench, d);
}

const struct breadth_command breadth_attention = { "ATTENTION", KINDS, 4, 4, run };
