/* SPDX-License-Identifier: MIT */
/*
 * What the manual says a command may have at most is taken, and one more is not: elements,
 * products, taps, operands of the host. Operands are a few bytes that are repeated.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "products.h"

#define FP32	TSR_HW_TYPE_FP32
#define D(...)	((const uint32_t[]){ __VA_ARGS__ })
#define HEAD(body, name) { .op = TSR_HW_OP_##name, .size = sizeof(body) }

/* A slot for all operands, and one for outputs, which repeat nothing. */
#define SLOT_BYTES	(1ull << 45)

enum { FROM, TO, SLOTS };

static struct bench bench;

static int open_bench(void **state)
{
	(void)state;
	bench_open(&bench, PRODUCTS_SKU, 1 << 16, 1);
	bench.slots = SLOTS;
	for (unsigned int i = 0; i < SLOTS; i++)
		bench.slot[i] = (struct tsr_hw_slot){
			.address = SLOT_BYTES * (i + 1), .size = SLOT_BYTES,
			.flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
		};
	return 0;
}

static int close_bench(void **state)
{
	(void)state;
	bench_close(&bench);
	return 0;
}

static void in(struct tsr_hw_tensor *tensor, unsigned int type, unsigned int rank,
	       const uint32_t *dim)
{
	*tensor = (struct tsr_hw_tensor){ .slot = FROM, .type = (uint8_t)type,
					  .rank = (uint8_t)rank };
	for (unsigned int i = 0; i < rank; i++)
		tensor->dim[i] = dim[i];
}

static void out(struct tsr_hw_tensor *tensor, unsigned int type, unsigned int rank,
		const uint32_t *dim)
{
	uint64_t step = 1;

	in(tensor, type, rank, dim);
	tensor->slot = TO;
	for (unsigned int i = rank; i-- > 0; step *= dim[i])
		tensor->stride[i] = step;
}

static int taken(const void *command)
{
	const struct tsr_hw_command *head = command;
	unsigned int kind = head->op < TSR_HW_OP_COPY ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA;
	struct outcome outcome;

	tile_free(bench_prepare(&bench, kind, command, head->size, &outcome));
	return outcome.result.error;
}

static void expect(const void *command, bool is_taken)
{
	assert_int_equal(taken(command), is_taken ? TSR_HW_ERR_NONE : TSR_HW_ERR_UNSUPPORTED);
}

static void tensors_have_up_to_a_tebi_of_elements(void **state)
{
	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		const uint32_t dim[] = { 1u << 20, (1u << 20) + more };
		struct tsr_hw_move move = { .head = HEAD(move, MOVE), .step = { { 1, 64 } } };

		in(&move.x, TSR_HW_TYPE_INT8, 2, dim);
		out(&move.d, TSR_HW_TYPE_INT8, 2, dim);
		expect(&move, !more);
	}
}

static void copies_and_fills_have_as_many(void **state)
{
	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		struct tsr_hw_copy copy = {
			.head = HEAD(copy, COPY), .src.slot = FROM, .dst.slot = TO,
			.crc.slot = TSR_HW_SLOT_NONE, .size = (1ull << 40) + more,
		};
		struct tsr_hw_fill fill = {
			.head = HEAD(fill, FILL), .dst.slot = TO, .width = 8,
			.size = 8 * ((1ull << 40) + more),
		};

		expect(&copy, !more);
		expect(&fill, !more);
	}
}

static void products_have_up_to_two_to_the_52nd(void **state)
{
	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		const uint32_t k = (1u << 12) + more, n = 1u << 13, m = 1u << 27;
		struct tsr_hw_gemm gemm = {
			.head = HEAD(gemm, GEMM),
			.blocks = { .bm = 1, .bn = 128, .bk = 128, .bg = 1 },
		};

		in(&gemm.a, FP32, 2, D(m, k));
		in(&gemm.b, FP32, 2, D(k, n));
		out(&gemm.d, FP32, 2, D(m, n));
		bench_absent(&gemm.rows);
		products_no_quant(&gemm.qa);
		products_no_quant(&gemm.qb);
		expect(&gemm, !more);
	}
}

/* Columns, depth and their product: 17 x 15790321 is one more than a gibibyte of floats. */
static void operands_of_a_product_are_bounded(void **state)
{
	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		const uint32_t k = 16, n = 15790320 + more;
		struct tsr_hw_gemm gemm = {
			.head = HEAD(gemm, GEMM),
			.blocks = { .bm = 1, .bn = 128, .bk = 16, .bg = 1 },
		};

		in(&gemm.a, FP32, 2, D(1, k));
		in(&gemm.b, FP32, 2, D(k, n));
		out(&gemm.d, FP32, 2, D(1, n));
		bench_absent(&gemm.rows);
		products_no_quant(&gemm.qa);
		products_no_quant(&gemm.qb);
		expect(&gemm, !more);
	}
}

static void attention_has_as_many(void **state)
{
	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		const uint32_t rows = 1u << 24, keys = (1u << 26) + more;
		struct tsr_hw_attention attention = {
			.head = HEAD(attention, ATTENTION), .scale = bench_bits(1),
			.blocks = { .bm = 1, .bn = 128, .bk = 1, .bg = 1 },
		};

		in(&attention.q, FP32, 4, D(1, 1, rows, 3));
		in(&attention.k, FP32, 4, D(1, 1, keys, 3));
		in(&attention.v, FP32, 4, D(1, 1, keys, 1));
		out(&attention.d, FP32, 4, D(1, 1, rows, 1));
		bench_absent(&attention.mask);
		bench_absent(&attention.lengths);
		bench_absent(&attention.pages);
		products_no_quant(&attention.qk);
		products_no_quant(&attention.qv);
		expect(&attention, !more);
	}
}

/* Of one-element windows over @pictures of @width. */
static struct tsr_hw_conv conv_of(unsigned int type, uint32_t pictures, uint32_t width,
				  uint32_t channels, uint32_t outputs)
{
	struct tsr_hw_conv conv = {
		.head = HEAD(conv, CONV), .groups = 1, .dims = 1,
		.blocks = { .bm = 1, .bn = 32, .bk = 32, .bg = 1 },
		.window = { { 1, 1, 1, 1, 0, 0 } },
	};

	in(&conv.x, type, 3, D(pictures, channels, width));
	in(&conv.w, type, 3, D(outputs, channels, 1));
	out(&conv.d, TSR_HW_TYPE_INT8, 3, D(pictures, outputs, width));
	products_no_quant(&conv.qx);
	products_no_quant(&conv.qw);
	return conv;
}

static void so_has_a_convolution(void **state)
{
	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		const struct tsr_hw_conv conv = conv_of(FP32, 1u << 27, 1, (1u << 12) + more,
							1u << 13);

		expect(&conv, !more);
	}
}

static void its_weights_are_bounded(void **state)
{
	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		const struct tsr_hw_conv weights = conv_of(TSR_HW_TYPE_INT8, 1, 1, 1u << 14,
							   (1u << 14) + more);

		expect(&weights, !more);
	}
}

/*
 * A gibibyte, of two pictures that are staged one by one: copies for the library and for its trial,
 * or for windows of what it does not have.
 */
static void what_a_convolution_stages_is_bounded(void **state)
{
	static const struct { unsigned int type; uint32_t channels; } most[] = {
		{ FP32, 39283200 }, { TSR_HW_TYPE_INT8, 55538320 }, { TSR_HW_TYPE_INT16, 48802432 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
		for (uint32_t more = 0; more < 2; more++) {
			const struct tsr_hw_conv conv = conv_of(most[i].type, 2, 1,
								most[i].channels + more, 1);

			expect(&conv, !more);
		}
	}
}

/* As many taps of pads as of elements. */
static void pooling_has_up_to_two_to_the_52nd_taps(void **state)
{
	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		const uint32_t taps = (1u << 12) + more;
		struct tsr_hw_pool pool = {
			.head = HEAD(pool, POOL), .mode = TSR_HW_POOLING_MAX, .dims = 1,
			.w = { { taps, 1, 1, 1, taps - 1, 0 } }, .step = { { 1, 1, 1 } },
		};

		in(&pool.x, TSR_HW_TYPE_INT8, 3, D(1u << 20, 1u << 20, 1));
		out(&pool.d, TSR_HW_TYPE_INT8, 3, D(1u << 20, 1u << 20, 1));
		bench_absent(&pool.index);
		expect(&pool, !more);
	}
}

/* Those that are repeated count once. */
static void there_are_up_to_four_mebi_of_indices(void **state)
{
	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		const uint32_t indices = (1u << 22) + more;
		struct tsr_hw_gather gather = { .head = HEAD(gather, GATHER),
						.step = { { 1, 1 } } };

		in(&gather.x, FP32, 2, D(4, 2));
		out(&gather.index, TSR_HW_TYPE_INT32, 1, &indices);
		out(&gather.d, FP32, 2, D(indices, 2));
		expect(&gather, !more);
		in(&gather.index, TSR_HW_TYPE_INT32, 1, &indices);
		expect(&gather, true);
	}
}

/* An extent of 0 counts as 1. */
static void a_tensor_of_nothing_has_bounds_too(void **state)
{
	struct tsr_hw_move move = { .head = HEAD(move, MOVE), .step = { { 1, 1, 1 } } };

	(void)state;
	for (uint32_t more = 0; more < 2; more++) {
		const uint32_t dim[] = { 1u << 20, 0, (1u << 20) + more };

		in(&move.x, TSR_HW_TYPE_INT8, 3, dim);
		out(&move.d, TSR_HW_TYPE_INT8, 3, dim);
		expect(&move, !more);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tensors_have_up_to_a_tebi_of_elements),
		cmocka_unit_test(copies_and_fills_have_as_many),
		cmocka_unit_test(products_have_up_to_two_to_the_52nd),
		cmocka_unit_test(operands_of_a_product_are_bounded),
		cmocka_unit_test(attention_has_as_many),
		cmocka_unit_test(so_has_a_convolution),
		cmocka_unit_test(its_weights_are_bounded),
		cmocka_unit_test(what_a_convolution_stages_is_bounded),
		cmocka_unit_test(pooling_has_up_to_two_to_the_52nd_taps),
		cmocka_unit_test(there_are_up_to_four_mebi_of_indices),
		cmocka_unit_test(a_tensor_of_nothing_has_bounds_too),
	};

	return cmocka_run_group_tests(tests, open_bench, close_bench);
}
