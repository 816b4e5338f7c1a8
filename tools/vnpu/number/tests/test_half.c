/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <math.h>

#include "reference.h"
#include "tile/half.h"

#define COUNT 65536u

static float wide[COUNT];
static uint16_t narrow[COUNT];

/* Every fp16 number, by the bulk and by the single conversion. */
static void every_fp16_survives_the_way_through_fp32(void **state)
{
	static uint16_t all[COUNT];

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++)
		all[i] = (uint16_t)i;
	fp16_expand(all, wide, COUNT);
	fp16_round(wide, narrow, COUNT);
	for (uint32_t i = 0; i < COUNT; i++) {
		bool nan = (i & 0x7fff) > 0x7c00;

		/* A signalling NaN becomes quiet, all else comes back. */
		assert_int_equal(narrow[i], nan ? i | 0x200 : i);
		assert_int_equal(fp16_from_fp32(wide[i]), narrow[i]);
		assert_int_equal(bench_bits(fp16_to_fp32((uint16_t)i)), bench_bits(wide[i]));
	}
}

/* Numbers around every rounding boundary: halves of a step and their neighbours. */
static void make_boundaries(int step_bits)
{
	struct bench bench = { .random = 7 };

	for (uint32_t i = 0; i < COUNT; i++) {
		uint32_t bits = bench_random(&bench) & ~((1u << step_bits) - 1);
		uint32_t half = 1u << (step_bits - 1);

		wide[i] = bench_float(bits + (uint32_t[]){ 0, half - 1, half, half + 1 }[i & 3]);
		if (isnan(wide[i]))
			wide[i] = 0;
	}
}

static void fp16_is_rounded_to_nearest_even(void **state)
{
	(void)state;
	make_boundaries(13);
	/* Exponents fp16 has, and some to either side. */
	for (uint32_t i = 0; i < COUNT; i++) {
		uint32_t bits = bench_bits(wide[i]);

		wide[i] = bench_float((bits & 0x807fffff) | (100 + (bits >> 23 & 0x3f)) << 23);
	}
	fp16_round(wide, narrow, COUNT);
	for (uint32_t i = 0; i < COUNT; i++) {
		double want = reference_round(TSR_HW_TYPE_FP16, (double)wide[i]);

		assert_true((double)fp16_to_fp32(narrow[i]) == want);
		assert_int_equal(fp16_from_fp32(wide[i]), narrow[i]);
	}
}

static void bf16_is_rounded_to_nearest_even(void **state)
{
	(void)state;
	make_boundaries(16);
	bf16_round(wide, narrow, COUNT);
	for (uint32_t i = 0; i < COUNT; i++) {
		double want = reference_round(TSR_HW_TYPE_BF16, (double)wide[i]);

		assert_true((double)bench_float((uint32_t)narrow[i] << 16) == want);
	}
}

static void a_bf16_nan_stays_one(void **state)
{
	const float nans[] = { bench_float(0x7f800001), bench_float(0xff80ffff),
			       bench_float(0x7fffffff), NAN };

	(void)state;
	bf16_round(nans, narrow, 4);
	for (int i = 0; i < 4; i++)
		assert_true(isnan(bench_float((uint32_t)narrow[i] << 16)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fp16_survives_the_way_through_fp32),
		cmocka_unit_test(fp16_is_rounded_to_nearest_even),
		cmocka_unit_test(bf16_is_rounded_to_nearest_even),
		cmocka_unit_test(a_bf16_nan_stays_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
