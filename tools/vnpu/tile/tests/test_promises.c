/* SPDX-License-Identifier: MIT */
/* Every class runs products of the types in its fuses, and refuses all others as UNSUPPORTED. */
#include "suite.h"

#include <string.h>

#include "bench.h"
#include "classes.h"
#include "products.h"
#include "random_epilogues.h"
#include "tile/sku.h"


/* Rows and columns; K of a product, channels of a convolution. */
#define SIDE	2
#define DEPTH	4

/* The type whose rate a product has, as the manual's table of types says. */
static unsigned int runs_at(const struct products_pair *pair)
{
	switch (pair->a) {
	case TSR_HW_TYPE_FP8_E5M2:
		return TSR_HW_TYPE_FP8_E4M3;
	case TSR_HW_TYPE_UINT8:
		return TSR_HW_TYPE_INT8;
	case TSR_HW_TYPE_UINT4:
		return TSR_HW_TYPE_INT4;
	default:
		return pair->a;
	}
}

/* What the fuses say of a product whose second operand has @quant. */
static int promised(const struct bench *bench, const struct products_pair *pair,
		    const struct tsr_hw_quant *quant)
{
	const struct tsr_hw_fuses *fuses = sku_fuses(bench->sku);
	const uint32_t rare = 1u << TSR_HW_TYPE_FP4_E2M1 | 1u << TSR_HW_TYPE_E8M0;
	uint32_t types = 1u << pair->b;

	if (pair->scaled)
		types |= 1u << quant->scale.type;
	if (!fuses->macs[runs_at(pair)] || types & rare & ~fuses->block_types)
		return TSR_HW_ERR_UNSUPPORTED;
	return TSR_HW_ERR_NONE;
}

static void expect(struct bench *bench, unsigned int op, const void *body, size_t size, int error)
{
	const struct random_epilogue none = { 0 };
	struct outcome outcome;

	random_epilogue_run(bench, &none, op, body, size, &outcome);
	assert_int_equal(outcome.result.error, error);
}

static int gemm(struct bench *bench, const struct products_pair *pair)
{
	static const uint32_t a[] = { SIDE, DEPTH }, b[] = { DEPTH, SIDE }, d[] = { SIDE, SIDE };
	struct tsr_hw_gemm body = { .blocks = { .bm = SIDE, .bn = SIDE, .bk = DEPTH, .bg = 1 } };
	int error;

	bench_reset(bench);
	products_tensor(bench, &body.a, pair->a, 2, a, LAYOUT_DENSE);
	products_tensor(bench, &body.b, pair->b, 2, b, LAYOUT_DENSE);
	bench_plain(bench, &body.d, products_accumulator(pair), 2, d, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
	bench_absent(&body.rows);
	products_no_quant(&body.qa);
	products_quant(bench, &body.b, pair->scaled, false, &body.qb);
	error = promised(bench, pair, &body.qb);
	expect(bench, TSR_HW_OP_GEMM, &body, sizeof(body), error);
	return error;
}

/* Windows of one element. */
static int conv(struct bench *bench, const struct products_pair *pair)
{
	static const uint32_t x[] = { 1, DEPTH, SIDE }, w[] = { SIDE, DEPTH, 1 };
	static const uint32_t d[] = { 1, SIDE, SIDE }, flat[] = { SIDE, DEPTH };
	struct tsr_hw_conv body = {
		.dims = 1, .groups = 1, .window[0] = { 1, 1, 1, 1, 0, 0 },
		.blocks = { .bm = SIDE, .bn = SIDE, .bk = DEPTH, .bg = 1 },
	};
	struct tsr_hw_tensor weights;
	int error;

	bench_reset(bench);
	products_tensor(bench, &body.x, pair->a, 3, x, LAYOUT_DENSE);
	products_tensor(bench, &body.w, pair->b, 3, w, LAYOUT_DENSE);
	bench_plain(bench, &body.d, products_accumulator(pair), 3, d, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
	products_no_quant(&body.qx);
	products_tensor(bench, &weights, pair->b, 2, flat, LAYOUT_DENSE);
	products_quant(bench, &weights, pair->scaled, true, &body.qw);
	error = promised(bench, pair, &body.qw);
	expect(bench, TSR_HW_OP_CONV, &body, sizeof(body), error);
	return error;
}

/* Of one row and four keys. */
static int attend(struct bench *bench, unsigned int type)
{
	static const uint32_t q[] = { 1, 1, 1, DEPTH }, k[] = { 1, 1, DEPTH, DEPTH };
	struct tsr_hw_attention body = { .blocks = { .bm = 1, .bn = DEPTH, .bk = 1, .bg = 1 } };
	int error = sku_fuses(bench->sku)->macs[type] ? TSR_HW_ERR_NONE : TSR_HW_ERR_UNSUPPORTED;

	bench_reset(bench);
	products_tensor(bench, &body.q, type, 4, q, LAYOUT_DENSE);
	products_tensor(bench, &body.k, type, 4, k, LAYOUT_DENSE);
	products_tensor(bench, &body.v, type, 4, k, LAYOUT_DENSE);
	bench_plain(bench, &body.d, type, 4, q, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	bench_absent(&body.mask);
	bench_absent(&body.lengths);
	bench_absent(&body.pages);
	products_no_quant(&body.qk);
	products_no_quant(&body.qv);
	body.scale = bench_bits(1);
	expect(bench, TSR_HW_OP_ATTENTION, &body, sizeof(body), error);
	return error;
}

/* Scales of each type come by chance, a few times each. */
static void a_class_runs_the_types_in_its_fuses_and_no_other(void **state)
{
	unsigned int refused = 0, run = 0;

	(void)state;
	for (size_t i = 0; i < CLASSES; i++) {
		struct bench bench;

		bench_open(&bench, classes[i], 1 << 20, 900);
		for (unsigned int p = 0; p < 4 * PRODUCTS_PAIRS; p++) {
			const struct products_pair pair = products_pair(p % PRODUCTS_PAIRS);

			refused += gemm(&bench, &pair) != TSR_HW_ERR_NONE;
			run += conv(&bench, &pair) == TSR_HW_ERR_NONE;
		}
		run += attend(&bench, TSR_HW_TYPE_FP16) == TSR_HW_ERR_NONE;
		refused += attend(&bench, TSR_HW_TYPE_BF16) != TSR_HW_ERR_NONE;
		bench_close(&bench);
	}
	assert_true(refused && run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_class_runs_the_types_in_its_fuses_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
