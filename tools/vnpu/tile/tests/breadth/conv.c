/* SPDX-License-Identifier: MIT */
/*
 * CONV: one sum after another, of 1 to 3 dimensions, in groups. The kind is the pair of types. By
 * default elements are such that every order has the same sums; in strict mode floating-point
 * elements are any.
 */
#include <math.h>
#include <string.h>

#include "breadth.h"
#include "products.h"
#include "reductions.h"
#include "stored.h"
#include "windows.h"

struct convolving {
	struct tsr_hw_conv body;
	struct programs programs;
	struct products_pair pair;
};

static enum number_class class_of(const struct convolving *convolving)
{
	return number_class_of(products_accumulator(&convolving->pair));
}

/* As a matrix [O, k] whose rows are the weights of an output channel. */
static void make_quants(struct bench *bench, struct convolving *convolving)
{
	struct tsr_hw_conv *body = &convolving->body;
	struct tsr_hw_tensor matrix = { .type = body->w.type, .rank = 2,
					.dim = { body->w.dim[0], 1 } };

	for (unsigned int i = 1; i < body->w.rank; i++)
		matrix.dim[1] *= body->w.dim[i];
	products_no_quant(&body->qx);
	products_quant(bench, &matrix, convolving->pair.scaled, true, &body->qw);
	if (stored_is_float(body->x.type) || bench_below(bench, 2))
		return;
	/* Inside of every integer type. */
	body->qx.kind = TSR_HW_QUANT_ZERO;
	body->qx.zero = bench_below(bench, 8);
}

/* Elements in a byte are of one line, or channels of blocks that hold whole bytes. */
static void make_output(struct bench *bench, const struct breadth_case *one,
			struct convolving *convolving, const uint32_t *d)
{
	struct tsr_hw_conv *body = &convolving->body;
	uint32_t outputs = d[1] / body->groups;
	bool channels = bench_below(bench, 2) && (body->groups == 1 || outputs % 2 == 0);

	breadth_output_along(bench, &body->d, bench_below(bench, 2) ? breadth_any_output(bench) :
			     products_accumulator(&convolving->pair), one->rank, d, one->layout,
			     channels ? 1 : one->rank - 1);
	body->blocks = (struct tsr_hw_blocks){ .bm = 1 + bench_below(bench, 20), .bn = outputs,
					       .bk = 1024, .bg = 1,
					       .order = (uint8_t)bench_below(bench, 4) };
}

static void make(struct bench *bench, const struct breadth_case *one,
		 struct convolving *convolving)
{
	struct tsr_hw_conv *body = &convolving->body;
	unsigned int dims = one->rank - 2;
	uint32_t x[TSR_HW_MAX_RANK], w[TSR_HW_MAX_RANK], d[TSR_HW_MAX_RANK];
	uint32_t taps;

	memset(convolving, 0, sizeof(*convolving));
	convolving->pair = products_pair(one->kind);
	body->head.op = TSR_HW_OP_CONV;
	body->dims = (uint8_t)dims;
	body->groups = bench_below(bench, 2) ? 1 : 1 + bench_below(bench, 4);
	windows_random(bench, body->window, dims, x + 2, d + 2);
	for (unsigned int i = 0; i < dims; i++)
		w[2 + i] = body->window[i].kernel;
	x[0] = d[0] = 1 + bench_below(bench, 3);
	/* Sums of up to a thousand products: their blocks fit the scratchpad. */
	taps = (uint32_t)windows_taps(body->window, dims);
	w[1] = 1 + bench_below(bench, bench_below(bench, 64) ? 5 : 900 / taps + 1);
	x[1] = body->groups * w[1];
	w[0] = d[1] = body->groups * (1 + bench_below(bench, bench_below(bench, 32) ? 5 : 80));
	breadth_operand(bench, one, &body->x, convolving->pair.a, x);
	breadth_operand(bench, one, &body->w, convolving->pair.b, w);
	make_quants(bench, convolving);
	make_output(bench, one, convolving, d);
	if (class_of(convolving) != NUMBER_I32 && bench_below(bench, 2))
		reductions_epilogue(bench, class_of(convolving), &body->d, &convolving->programs);
	programs_place(&convolving->programs, &body->head, sizeof(*body));
}

/* What lies beside the input is 0, or its zero point: either way there is a term of 0. */
static union value sum(const struct bench *bench, const struct convolving *convolving,
		       const uint64_t *d)
{
	const struct tsr_hw_conv *body = &convolving->body;
	uint64_t taps = windows_taps(body->window, body->dims), channels = body->w.dim[1];
	uint64_t group = d[1] / (body->d.dim[1] / body->groups);
	uint64_t integer = 0;
	float real = 0;

	for (uint64_t k = 0; k < channels * taps; k++) {
		uint64_t x[TSR_HW_MAX_RANK] = { d[0], group * channels + k / taps };
		uint64_t w[TSR_HW_MAX_RANK] = { d[1], k / taps };
		double a = 0, b;

		windows_tap(body->window, body->dims, k % taps, w + 2);
		if (windows_source(body->window, body->dims, body->x.dim + 2, k % taps, d + 2,
				   x + 2))
			a = products_value(bench, &body->x, x) - (double)(int64_t)body->qx.zero;
		b = products_weight(bench, &body->w, &body->qw, convolving->pair.a, w, k);
		if (class_of(convolving) == NUMBER_F32)
			real = fmaf((float)a, (float)b, real);
		else
			integer += (uint64_t)(int64_t)a * (uint64_t)(int64_t)b;
	}
	if (class_of(convolving) == NUMBER_F32)
		return (union value){ .f32 = real };
	if (class_of(convolving) == NUMBER_I32)
		return (union value){ .i32 = (int32_t)(uint32_t)integer };
	return (union value){ .i64 = (int64_t)integer };
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	uint64_t at[TSR_HW_MAX_RANK];
	struct convolving convolving;
	const struct tsr_hw_tensor *d = &convolving.body.d;
	bool good;

	make(bench, one, &convolving);
	good = breadth_execute(bench, &convolving);
	for (uint64_t i = 0; good && i < bench_plain_elements(d); i++) {
		breadth_coordinates(d, i, at);
		reductions_expect(bench, class_of(&convolving), &convolving.programs, d, at,
				  sum(bench, &convolving, at));
	}
	return good && breadth_padded(bench, d);
}

const struct breadth_command breadth_conv = { "CONV", PRODUCTS_PAIRS, 3, 5, run };
