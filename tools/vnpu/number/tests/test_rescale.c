/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "number/rescale.h"
#include "values.h"

#define COUNT	1003u

/* In 128 bits, so that nothing wraps before the end. */
static int32_t exact(int32_t a, int32_t b, unsigned int shift)
{
	__int128 sum = (__int128)a * b;

	if (shift)
		sum += (__int128)1 << (shift - 1);
	return (int32_t)(uint32_t)(unsigned __int128)(sum >> shift);
}

static void it_is_the_product_over_a_power_of_two_rounded_half_up(void **state)
{
	int64_t wide[2 * COUNT];
	int32_t a[COUNT + 1], b[COUNT + 1], got[COUNT + 1];

	(void)state;
	for (unsigned int shift = 0; shift <= RESCALE_HIGHEST_SHIFT; shift++) {
		values_integers(shift, wide, 2 * COUNT);
		a[COUNT] = b[COUNT] = got[COUNT] = -77;
		for (size_t i = 0; i < COUNT; i++) {
			a[i] = i ? (int32_t)wide[i] : INT32_MIN;
			b[i] = i ? (int32_t)wide[COUNT + i] : INT32_MIN;
		}
		number_rescale(a, b, shift, got, COUNT);
		for (size_t i = 0; i < COUNT; i++)
			assert_int_equal(got[i], exact(a[i], b[i], shift));
		assert_int_equal(got[COUNT], -77);
	}
}

static void halves_go_up(void **state)
{
	const int32_t a[] = { 1, 3, -1, -3, 5, 7 };
	const int32_t b[] = { 1, 1, 1, 1, 1, -1 };
	const int32_t halved[] = { 1, 2, 0, -1, 3, -3 };
	int32_t got[6];

	(void)state;
	number_rescale(a, b, 1, got, 6);
	assert_memory_equal(got, halved, sizeof(halved));
	number_rescale(a, b, 0, got, 5);
	assert_memory_equal(got, a, 5 * sizeof(a[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_product_over_a_power_of_two_rounded_half_up),
		cmocka_unit_test(halves_go_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
