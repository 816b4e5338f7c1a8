/* SPDX-License-Identifier: MIT */
/* Strict mode: sums in the manual's order, to the bit, and one code for what is not a number. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "bench.h"
#include "convs.h"
#include "gemms.h"
#include "products.h"

static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16 };

static void open_strict(struct bench *bench, uint64_t seed)
{
	/* One tile: the threads there are work for it. */
	bench_open(bench, "edge", MEMORY_BYTES, seed);
	bench->strict = true;
}

static float element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
		     const uint64_t *at)
{
	return (float)products_value(bench, tensor, at);
}

static void run(struct bench *bench, const void *command)
{
	struct outcome outcome;

	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
}

static void expect_gemm(const struct bench *bench, const struct tsr_hw_gemm *gemm)
{
	for (uint64_t m = 0; m < gemm->d.dim[0]; m++) {
		for (uint64_t n = 0; n < gemm->d.dim[1]; n++) {
			float sum = 0;

			for (uint64_t k = 0; k < gemm->a.dim[1]; k++)
				sum = fmaf(element(bench, &gemm->a, (uint64_t[]){ m, k }),
					   element(bench, &gemm->b, (uint64_t[]){ k, n }), sum);
			assert_int_equal(bench_bits(element(bench, &gemm->d, (uint64_t[]){ m, n })),
					 bench_bits(sum));
		}
	}
}

static void gemm_adds_its_products_one_by_one(void **state)
{
	struct tsr_hw_gemm gemm;
	struct bench bench;

	(void)state;
	open_strict(&bench, 510);
	for (unsigned int i = 0; i < 60; i++) {
		bench_reset(&bench);
		gemm_plain(&bench, &gemm, types[i % 3], types[i % 3], TSR_HW_TYPE_FP32,
			   1 + bench_below(&bench, 40), 1 + bench_below(&bench, 80),
			   1 + bench_below(&bench, 700));
		run(&bench, &gemm);
		expect_gemm(&bench, &gemm);
	}
	bench_close(&bench);
}

/* Padding has the value 0, and its products are added like others. */
static float padded(const struct bench *bench, const struct tsr_hw_conv *conv, uint64_t n,
		    uint64_t c, int64_t h, int64_t w)
{
	if (h < 0 || w < 0 || h >= conv->x.dim[2] || w >= conv->x.dim[3])
		return 0;
	return element(bench, &conv->x, (uint64_t[]){ n, c, (uint64_t)h, (uint64_t)w });
}

static float conv_sum(const struct bench *bench, const struct tsr_hw_conv *conv, const uint64_t *at)
{
	uint64_t group = at[1] / (conv->w.dim[0] / conv->groups);
	float sum = 0;

	for (uint64_t c = 0; c < conv->w.dim[1]; c++) {
		for (uint64_t kh = 0; kh < conv->w.dim[2]; kh++) {
			int64_t h = (int64_t)(at[2] * conv->window[0].stride +
					      kh * conv->window[0].dilation) -
				    (int64_t)conv->window[0].before;

			for (uint64_t kw = 0; kw < conv->w.dim[3]; kw++) {
				int64_t w = (int64_t)(at[3] * conv->window[1].stride +
						      kw * conv->window[1].dilation) -
					    (int64_t)conv->window[1].before;

				sum = fmaf(padded(bench, conv, at[0], group * conv->w.dim[1] + c, h,
						  w),
					   element(bench, &conv->w,
						   (uint64_t[]){ at[1], c, kh, kw }),
					   sum);
			}
		}
	}
	return sum;
}

static void conv_adds_its_products_in_the_order_of_the_weights(void **state)
{
	struct tsr_hw_conv conv;
	struct bench bench;
	uint64_t at[4];
	uint32_t dim[4];

	(void)state;
	open_strict(&bench, 511);
	for (unsigned int i = 0; i < CASES; i++) {
		bench_reset(&bench);
		conv_random(&bench, &conv, false);
		memcpy(dim, conv.d.dim, sizeof(dim));
		bench_plain(&bench, &conv.d, TSR_HW_TYPE_FP32, 4, dim, LAYOUT_DENSE,
			     TSR_HW_SLOT_WRITE);
		run(&bench, &conv);
		for (uint64_t k = 0; k < bench_plain_elements(&conv.d); k++) {
			uint64_t rest = k;

			for (unsigned int j = 4; j-- > 0; rest /= conv.d.dim[j])
				at[j] = rest % conv.d.dim[j];
			assert_int_equal(bench_bits(element(&bench, &conv.d, at)),
					 bench_bits(conv_sum(&bench, &conv, at)));
		}
	}
	bench_close(&bench);
}

static void reduce_adds_its_elements_one_by_one(void **state)
{
	const uint32_t dim[] = { 5000 };
	struct tsr_hw_reduce reduce = {
		.head = { .op = TSR_HW_OP_REDUCE, .size = sizeof(reduce) },
		.axes = 1, .function = TSR_HW_REDUCTION_SUM, .step = { .block = { 4096 } },
	};
	const uint64_t first[] = { 0 };
	struct bench bench;
	float sum = 0;

	(void)state;
	open_strict(&bench, 512);
	bench_plain(&bench, &reduce.x, TSR_HW_TYPE_FP32, 1, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(&bench, &reduce.d, TSR_HW_TYPE_FP32, 1, (uint32_t[]){ 1 }, LAYOUT_DENSE,
		     TSR_HW_SLOT_WRITE);
	run(&bench, &reduce);
	for (uint64_t i = 0; i < dim[0]; i++)
		sum += element(&bench, &reduce.x, &i);
	assert_int_equal(bench_bits(element(&bench, &reduce.d, first)), bench_bits(sum));
	bench_close(&bench);
}

/* Of each type: its NaN, and one that is negative and has all bits of a payload. */
static void what_is_not_a_number_gets_one_code(void **state)
{
	static const struct {
		uint8_t type;
		uint32_t any;
		uint32_t one;
	} codes[] = {
		{ TSR_HW_TYPE_FP32, 0xffffffff, 0x7fc00000 },
		{ TSR_HW_TYPE_FP16, 0xffff, 0x7e00 },
		{ TSR_HW_TYPE_BF16, 0xffff, 0x7fc0 },
		{ TSR_HW_TYPE_FP8_E4M3, 0xff, 0x7f },
		{ TSR_HW_TYPE_FP8_E5M2, 0xff, 0x7e },
	};
	const uint32_t dim[] = { 1000 };
	struct bench bench;

	(void)state;
	open_strict(&bench, 513);
	for (unsigned int i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct tsr_hw_reduce reduce = {
			.head = { .op = TSR_HW_OP_REDUCE, .size = sizeof(reduce) },
			.axes = 1, .function = TSR_HW_REDUCTION_SUM, .step = { .block = { 1000 } },
		};
		uint32_t got = 0;

		bench_reset(&bench);
		bench_plain(&bench, &reduce.x, codes[i].type, 1, dim, LAYOUT_DENSE,
			    TSR_HW_SLOT_READ);
		bench_plain(&bench, &reduce.d, codes[i].type, 1, (uint32_t[]){ 1 }, LAYOUT_DENSE,
			    TSR_HW_SLOT_WRITE);
		fake_memory_poke(bench.memory, bench_plain_address(&bench, &reduce.x, 77),
				 &codes[i].any, bench_size(codes[i].type));
		run(&bench, &reduce);
		fake_memory_peek(bench.memory, bench_plain_address(&bench, &reduce.d, 0), &got,
				 bench_size(codes[i].type));
		assert_int_equal(got, codes[i].one);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gemm_adds_its_products_one_by_one),
		cmocka_unit_test(conv_adds_its_products_in_the_order_of_the_weights),
		cmocka_unit_test(reduce_adds_its_elements_one_by_one),
		cmocka_unit_test(what_is_not_a_number_gets_one_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
