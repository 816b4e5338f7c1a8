/* SPDX-License-Identifier: MIT */
/* A trial notices whatever a library touches outside of the memory that it was lent. */
#include "suite.h"

#include <errno.h>
#include <string.h>

#include "tile/lent.h"
#include "tile/staging.h"

#define BYTES	10001u
#define OPERAND	(64u << 20)

static void use_of_all_of_it_is_fine(void **state)
{
	static const size_t sizes[] = { 1, 4095, 4096, BYTES, 5u << 20 };
	struct lent lent;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(lent_get(&lent, sizes[i], OPERAND), 0);
		assert_int_equal((uintptr_t)lent.at % 64, 0);
		memset(lent.at, 0, sizes[i]);
		assert_int_equal(lent_put(&lent), 0);
	}
}

static const ptrdiff_t outside[] = {
	-1, -4096, -(ptrdiff_t)OPERAND,
	BYTES, 3 * 4096 - 1, 3 * 4096, 5 << 20, 3 * 4096 + OPERAND - 1,
};

static void a_write_outside_is_noticed(void **state)
{
	struct lent lent;

	(void)state;
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		assert_int_equal(lent_get(&lent, BYTES, OPERAND), 0);
		memset(lent.at, 1, BYTES);
		lent.at[outside[i]] = 0;
		assert_int_equal(lent_put(&lent), -EFAULT);
	}
}

static void a_read_of_another_page_is_noticed(void **state)
{
	struct lent lent;

	(void)state;
	assert_int_equal(lent_get(&lent, BYTES, OPERAND), 0);
	assert_int_equal(*(volatile unsigned char *)(lent.at + (1 << 20)), 0);
	assert_int_equal(lent_put(&lent), -EFAULT);
}

static void memory_of_a_trial_is_counted_without_its_margins(void **state)
{
	struct lent lent;

	(void)state;
	staging_reset_peak();
	assert_int_equal(lent_get(&lent, 1u << 20, OPERAND), 0);
	assert_int_equal(staging_usage().used, 1u << 20);
	assert_true(staging_usage().used <= staging_size(1u << 20));
	assert_int_equal(lent_put(&lent), 0);
	assert_int_equal(staging_usage().used, 0);
	assert_int_equal(staging_usage().peak, 1u << 20);
}

static void without_address_space_there_is_no_trial(void **state)
{
	struct lent lent;

	(void)state;
	assert_int_equal(lent_get(&lent, (size_t)1 << 47, OPERAND), -ENOTSUP);
	assert_int_equal(lent_put(&lent), 0);
	assert_int_equal(staging_usage().used, 0);
}

static void what_was_not_lent_can_be_put_back(void **state)
{
	struct lent lent = { 0 };

	(void)state;
	assert_int_equal(lent_put(&lent), 0);
}

static void outside_of_a_trial_memory_is_of_the_pool(void **state)
{
	struct lent lent;

	(void)state;
	staging_reset_peak();
	assert_int_equal(lent_get(&lent, BYTES, 0), 0);
	assert_int_equal(staging_usage().used, staging_size(BYTES));
	memset(lent.at, 0, BYTES);
	assert_int_equal(lent_put(&lent), 0);
	assert_int_equal(staging_usage().kept, staging_size(BYTES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(use_of_all_of_it_is_fine),
		cmocka_unit_test(a_write_outside_is_noticed),
		cmocka_unit_test(a_read_of_another_page_is_noticed),
		cmocka_unit_test(memory_of_a_trial_is_counted_without_its_margins),
		cmocka_unit_test(without_address_space_there_is_no_trial),
		cmocka_unit_test(what_was_not_lent_can_be_put_back),
		cmocka_unit_test(outside_of_a_trial_memory_is_of_the_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
