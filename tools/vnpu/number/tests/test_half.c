/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <math.h>
#include <stdbool.h>

#include "number/bits.h"
#include "number/half.h"
#include "random.h"

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
		assert_int_equal(fp32_bits(fp16_to_fp32((uint16_t)i)), fp32_bits(wide[i]));
	}
}

/* Whether the host has instructions for it or not: any fp32, and some near a boundary. */
static void single_and_bulk_conversions_agree(void **state)
{
	uint64_t random = 7;

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++) {
		uint32_t bits = (uint32_t)random_next(&random);
		uint32_t exponent = 112 + (bits >> 23) % 32;
		uint32_t halfway = (bits & 0x807fe000) | exponent << 23 | 0x1000;

		wide[i] = fp32_of_bits(i % 2 ? bits : halfway - 1 + i / 2 % 3);
	}
	fp16_round(wide, narrow, COUNT);
	for (uint32_t i = 0; i < COUNT; i++)
		assert_int_equal(fp16_from_fp32(wide[i]), narrow[i]);
}

static void a_bf16_nan_stays_one(void **state)
{
	const float nans[] = { fp32_of_bits(0x7f800001), fp32_of_bits(0xff80ffff),
			       fp32_of_bits(0x7fffffff), NAN };

	(void)state;
	bf16_round(nans, narrow, 4);
	for (int i = 0; i < 4; i++)
		assert_true(isnan(fp32_of_bits((uint32_t)narrow[i] << 16)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fp16_survives_the_way_through_fp32),
		cmocka_unit_test(single_and_bulk_conversions_agree),
		cmocka_unit_test(a_bf16_nan_stays_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
