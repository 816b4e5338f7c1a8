/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "time/energy.h"

static const struct energy_constants constants = { 3, 7, 40, 60, 900 };

static void every_amount_has_its_constant(void **state)
{
	const struct amounts amounts[] = {
		{ .vector = 1000 }, { .scratchpad = 1000 },
		{ .memory = 1000 }, { .link = 1000 }, { .steps = 1000 },
		{ .product_energy = 5000 },
	};
	const uint64_t wanted[] = { 3, 7, 40, 60, 0, 5 };

	(void)state;
	for (int i = 0; i < 6; i++)
		assert_int_equal(energy_of_node(&amounts[i], 0, &constants, 800, 800), wanted[i]);
	assert_int_equal(energy_of_node(&amounts[4], 1000, &constants, 800, 800), 900);
}

static void the_sum_is_rounded_up_once(void **state)
{
	const struct amounts amounts = { .product_energy = 5, .vector = 1, .memory = 1 };

	/* 5 + 3 + 40 + 900 femtojoules. */
	(void)state;
	assert_int_equal(energy_of_node(&amounts, 1, &constants, 800, 800), 1);
	assert_int_equal(energy_of_node(&amounts, 2, &constants, 800, 800), 2);
}

static void work_goes_with_the_square_of_the_voltage_and_idling_with_it(void **state)
{
	const struct amounts amounts = { .product_energy = 40000 };

	/* 40 at half the voltage: 10. 900 in a thousand cycles: 450. */
	(void)state;
	assert_int_equal(energy_of_node(&amounts, 0, &constants, 400, 800), 10);
	assert_int_equal(energy_of_node(&amounts, 1000, &constants, 400, 800), 460);
}

static void the_largest_node_does_not_wrap(void **state)
{
	const unsigned __int128 products = (unsigned __int128)UINT32_MAX << 52;
	const struct amounts amounts = { .product_energy = products };

	/*
	 * 2^84 femtojoules are more than 2^64 picojoules; at a thousandth of the voltage they fit.
	 */
	(void)state;
	assert_true(energy_of_node(&amounts, 0, &constants, 50000, 50000) == UINT64_MAX);
	assert_int_equal(energy_of_node(&amounts, 0, &constants, 50, 50000),
			 (uint64_t)((products + 999999999) / 1000000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_amount_has_its_constant),
		cmocka_unit_test(the_sum_is_rounded_up_once),
		cmocka_unit_test(work_goes_with_the_square_of_the_voltage_and_idling_with_it),
		cmocka_unit_test(the_largest_node_does_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
