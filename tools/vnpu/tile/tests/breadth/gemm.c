/* SPDX-License-Identifier: MIT */
/*
 * GEMM: one sum after another. The kind is the pair of types. By default elements are such that
 * every order has the same sums; in strict mode floating-point elements are any.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "breadth.h"
#include "half_tensors.h"
#include "indices.h"
#include "products.h"
#include "reductions.h"
#include "stored.h"

struct multiplying {
	struct tsr_hw_gemm body;
	struct programs programs;
	struct products_pair pair;
};

static enum number_class class_of(const struct multiplying *multiplying)
{
	return number_class_of(products_accumulator(&multiplying->pair));
}

static void make_operands(struct bench *bench, const struct breadth_case *one,
			  struct multiplying *multiplying, uint32_t *d)
{
	struct tsr_hw_gemm *body = &multiplying->body;
	unsigned int rank = one->rank;
	uint32_t a[TSR_HW_MAX_RANK], b[TSR_HW_MAX_RANK];

	for (unsigned int i = 0; i + 2 < rank; i++) {
		d[i] = bench_extent(bench, rank < 5 ? 3 : 2);
		a[i] = bench_below(bench, 4) ? d[i] : 1;
		b[i] = bench_below(bench, 2) ? d[i] : 1;
	}
	d[rank - 2] = a[rank - 2] = bench_extent(bench, rank < 5 ? 12 : 5);
	d[rank - 1] = b[rank - 1] = bench_extent(bench, rank < 5 ? 20 : 6);
	a[rank - 1] = b[rank - 2] = bench_extent(bench, bench_below(bench, 32) ? 40 : 5000);
	breadth_operand(bench, one, &body->a, multiplying->pair.a, a);
	breadth_operand(bench, one, &body->b, multiplying->pair.b, b);
	products_quant(bench, &body->a, false, true, &body->qa);
	products_quant(bench, &body->b, multiplying->pair.scaled, false, &body->qb);
}

static void make_rows(struct bench *bench, struct tsr_hw_gemm *body)
{
	uint32_t most = body->d.dim[body->d.rank - 2];

	bench_absent(&body->rows);
	if (body->d.rank == 2 || bench_below(bench, 3))
		return;
	bench_plain(bench, &body->rows, TSR_HW_TYPE_INT32, 1, &body->d.dim[0], LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < body->d.dim[0]; i++)
		indices_put(bench, &body->rows, i, bench_below(bench, most + 1));
}

/* Elements in a byte are of one row or of one column, and all of them are there. */
static void make_output(struct bench *bench, const struct breadth_case *one,
			struct multiplying *multiplying, const uint32_t *d)
{
	unsigned int packed = one->rank - 1 - bench_below(bench, 2);
	struct tsr_hw_gemm *body = &multiplying->body;

	breadth_output_along(bench, &body->d, bench_below(bench, 2) ? breadth_any_output(bench) :
			     products_accumulator(&multiplying->pair), one->rank, d, one->layout,
			     packed);
	if (half_is(body->d.type))
		bench_absent(&body->rows);
	else
		make_rows(bench, body);
}

static void make_blocks(struct bench *bench, struct tsr_hw_gemm *body)
{
	uint32_t n = body->d.dim[body->d.rank - 1], k = body->a.dim[body->a.rank - 1];

	body->blocks = (struct tsr_hw_blocks){
		.bm = 2 + 2 * bench_below(bench, 10), .bn = n ? n : 1, .bk = k ? k : 1, .bg = 1,
		.order = (uint8_t)bench_below(bench, 4),
	};
}

static void make(struct bench *bench, const struct breadth_case *one,
		 struct multiplying *multiplying)
{
	struct tsr_hw_gemm *body = &multiplying->body;
	uint32_t d[TSR_HW_MAX_RANK];

	memset(multiplying, 0, sizeof(*multiplying));
	multiplying->pair = products_pair(one->kind);
	body->head.op = TSR_HW_OP_GEMM;
	make_operands(bench, one, multiplying, d);
	make_output(bench, one, multiplying, d);
	make_blocks(bench, body);
	if (class_of(multiplying) != NUMBER_I32 && bench_below(bench, 2))
		reductions_epilogue(bench, class_of(multiplying), &body->d, &multiplying->programs);
	programs_place(&multiplying->programs, &body->head, sizeof(*body));
}

/* Coordinates of an element of an operand: @row and @column in its matrix. */
static void place(const struct tsr_hw_tensor *tensor, const uint64_t *d, uint64_t row,
		  uint64_t column, uint64_t *at)
{
	for (unsigned int i = 0; i + 2u < tensor->rank; i++)
		at[i] = tensor->dim[i] == 1 ? 0 : d[i];
	at[tensor->rank - 2u] = row;
	at[tensor->rank - 1u] = column;
}

static union value sum(const struct bench *bench, const struct multiplying *multiplying,
		       const uint64_t *d)
{
	const struct tsr_hw_gemm *body = &multiplying->body;
	unsigned int rank = body->d.rank;
	uint64_t integer = 0;
	float real = 0;

	for (uint64_t k = 0; k < body->a.dim[rank - 1]; k++) {
		uint64_t at[TSR_HW_MAX_RANK];
		double a, b;

		place(&body->a, d, d[rank - 2], k, at);
		a = products_element(bench, &body->a, &body->qa, 0, true, at);
		place(&body->b, d, k, d[rank - 1], at);
		b = products_element(bench, &body->b, &body->qb, multiplying->pair.a, false, at);
		if (class_of(multiplying) == NUMBER_F32)
			real = fmaf((float)a, (float)b, real);
		else
			integer += (uint64_t)(int64_t)a * (uint64_t)(int64_t)b;
	}
	if (class_of(multiplying) == NUMBER_F32)
		return (union value){ .f32 = real };
	if (class_of(multiplying) == NUMBER_I32)
		return (union value){ .i32 = (int32_t)(uint32_t)integer };
	return (union value){ .i64 = (int64_t)integer };
}

static bool is_row(const struct bench *bench, const struct tsr_hw_gemm *body, const uint64_t *d)
{
	if (body->rows.slot == TSR_HW_SLOT_NONE)
		return true;
	return d[body->d.rank - 2u] < breadth_element(bench, &body->rows, d[0]);
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	struct multiplying multiplying;
	const struct tsr_hw_gemm *body = &multiplying.body;
	const struct tsr_hw_tensor *d = &body->d;
	uint64_t at[TSR_HW_MAX_RANK];
	uint64_t *before;
	uint64_t n;
	bool good;

	make(bench, one, &multiplying);
	n = bench_plain_elements(d);
	before = calloc(n + 1, sizeof(*before));
	for (uint64_t i = 0; i < n; i++)
		before[i] = breadth_element(bench, d, i);
	good = breadth_execute(bench, &multiplying);
	for (uint64_t i = 0; good && i < n; i++) {
		breadth_coordinates(d, i, at);
		if (is_row(bench, body, at))
			reductions_expect(bench, class_of(&multiplying), &multiplying.programs, d,
					  at, sum(bench, &multiplying, at));
		else
			good = breadth_element(bench, d, i) == before[i];
	}
	free(before);
	return good && breadth_padded(bench, d);
}

const struct breadth_command breadth_gemm = {
	"GEMM", PRODUCTS_PAIRS, 2, TSR_HW_MAX_RANK, run,
};
