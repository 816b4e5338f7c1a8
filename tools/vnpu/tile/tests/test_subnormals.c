/* SPDX-License-Identifier: MIT */
/* Which matrices may lead to subnormal numbers, by their least elements. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tile/subnormals.h"

/* More than one part of either matrix. */
#define COUNT	150000u

struct matrices {
	float a[COUNT];
	float b[COUNT];
	uint16_t narrow_a[COUNT];
	uint16_t narrow_b[COUNT];
};

static int setup(void **state)
{
	struct matrices *m = malloc(sizeof(*m));

	*state = m;
	for (unsigned int i = 0; m && i < COUNT; i++) {
		m->a[i] = i % 2 ? -1.5f : 0;
		m->b[i] = i % 3 ? 0 : 1;
	}
	return m ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static bool met_by_fp32(const struct matrices *m)
{
	return subnormals_fp32(m->a, COUNT, m->b, COUNT);
}

static void narrow(const float *from, uint16_t *to)
{
	for (unsigned int i = 0; i < COUNT; i++) {
		uint32_t code;

		memcpy(&code, &from[i], sizeof(code));
		to[i] = (uint16_t)(code >> 16);
	}
}

static bool met_by_bf16(struct matrices *m)
{
	narrow(m->a, m->narrow_a);
	narrow(m->b, m->narrow_b);
	return subnormals_bf16(m->narrow_a, COUNT, m->narrow_b, COUNT);
}

/* The last bits of products of 24 bits each are 46 places below their first ones. */
static void the_least_bit_of_the_least_product_decides(void **state)
{
	static const unsigned int places[] = { 0, 70000, COUNT - 1 };
	struct matrices *m = *state;

	assert_false(met_by_fp32(m));
	assert_false(met_by_bf16(m));
	for (unsigned int i = 0; i < 3; i++) {
		const float a = m->a[places[i]], b = m->b[places[i]];

		m->a[places[i]] = -ldexpf(1, -40);
		m->b[places[i]] = ldexpf(1, -40);
		assert_false(met_by_fp32(m));
		m->b[places[i]] = ldexpf(1.99f, -41);
		assert_true(met_by_fp32(m));
		m->a[places[i]] = ldexpf(1, -12);
		m->b[places[i]] = -ldexpf(1, -100);
		assert_false(met_by_bf16(m));
		m->a[places[i]] = ldexpf(1.5f, -13);
		assert_true(met_by_bf16(m));
		m->a[places[i]] = a;
		m->b[places[i]] = b;
	}
}

static void a_subnormal_operand_is_met_whatever_the_other_one_is(void **state)
{
	struct matrices *m = *state;

	for (unsigned int i = 0; i < COUNT; i++)
		m->b[i] = 0x1p120f;
	m->a[COUNT - 1] = 0x1p-126f;
	assert_false(met_by_fp32(m));
	assert_false(met_by_bf16(m));
	m->a[COUNT - 1] = -0x1p-127f;
	assert_true(met_by_fp32(m));
	assert_true(met_by_bf16(m));
}

static void zeros_and_what_is_not_finite_meet_none(void **state)
{
	struct matrices *m = *state;

	for (unsigned int i = 0; i < COUNT; i++) {
		m->a[i] = i % 2 ? -0.0f : INFINITY;
		m->b[i] = i % 2 ? 0 : NAN;
	}
	assert_false(met_by_fp32(m));
	assert_false(met_by_bf16(m));
	assert_false(subnormals_fp32(m->a, 0, m->b, 0));
}

#define SUBNORMALS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUBNORMALS_TEST(the_least_bit_of_the_least_product_decides),
		SUBNORMALS_TEST(a_subnormal_operand_is_met_whatever_the_other_one_is),
		SUBNORMALS_TEST(zeros_and_what_is_not_finite_meet_none),
	};

	return cmocka_run_group_tests_name("tile: subnormal numbers", tests, NULL, NULL);
}
