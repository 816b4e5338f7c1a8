// SPDX-License-Identifier: MIT
/* Bells from the host's write to the firmware's read. */
#include <string.h>

#include "cmocka_prelude.h"
#include "register/doorbell.h"

#define STRIDE (1ull << DOORBELL_STRIDE_LOG2)
#define LAST (DOORBELL_PAGES - 1)

static struct doorbells bells;

static int setup(void **state)
{
	(void)state;
	memset(&bells, 0, sizeof(bells));
	return 0;
}

static void expect_taken(unsigned int page, uint32_t rung)
{
	unsigned int taken = UINT32_MAX;
	uint32_t which = 0;

	assert_true(doorbells_take(&bells, &taken, &which));
	assert_int_equal(taken, page);
	assert_int_equal(which, rung);
}

static void expect_none(void)
{
	unsigned int page;
	uint32_t rung;

	assert_false(doorbells_take(&bells, &page, &rung));
}

static void bells_are_taken_page_by_page(void **state)
{
	(void)state;
	expect_none();
	assert_true(doorbells_write(&bells, LAST * STRIDE, 4, 31));
	assert_true(doorbells_write(&bells, 0, 4, 0));
	assert_true(doorbells_write(&bells, 5 * STRIDE, 4, 3));
	assert_true(doorbells_write(&bells, 5 * STRIDE, 4, 7));
	assert_true(doorbells_write(&bells, 5 * STRIDE, 4, 3));
	expect_taken(0, 1);
	expect_taken(5, 1u << 3 | 1u << 7);
	assert_true(doorbells_write(&bells, 5 * STRIDE, 4, 9));
	expect_taken(5, 1u << 9);
	expect_taken(LAST, 1u << 31);
	expect_none();
}

static void what_is_no_bell_rings_none(void **state)
{
	static const struct {
		uint64_t offset;
		unsigned int size;
		uint64_t val;
	} bad[] = {
		{ DOORBELL_PAGES * STRIDE, 4, 1 }, { 4, 4, 1 }, { STRIDE - 4, 4, 1 }, { 0, 2, 1 },
		{ 0, 8, 1 }, { 0, 4, 32 }, { 0, 4, UINT64_MAX }, { 1, 4, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(doorbells_write(&bells, bad[i].offset, bad[i].size, bad[i].val));
	expect_none();
}

static void pending_ones_are_claimed_page_by_page(void **state)
{
	(void)state;
	doorbells_pend(&bells, 3, 5);
	doorbells_pend(&bells, 3, 8);
	doorbells_pend(&bells, LAST, 1u << 31);
	assert_int_equal(bells.pending_pages, 1ull << LAST | 1ull << 3);
	assert_int_equal(doorbells_claim(&bells, 4), 0);
	assert_int_equal(doorbells_claim(&bells, 3), 13);
	assert_int_equal(bells.pending_pages, 1ull << LAST);
	assert_int_equal(doorbells_claim(&bells, 3), 0);
	assert_int_equal(doorbells_claim(&bells, LAST), 1u << 31);
	assert_int_equal(bells.pending_pages, 0);
}

/* As a record that was changed may ask for. */
static void none_and_pages_that_are_not_there_do_not_pend(void **state)
{
	(void)state;
	doorbells_pend(&bells, 3, 0);
	doorbells_pend(&bells, DOORBELL_PAGES, 1);
	doorbells_pend(&bells, UINT32_MAX, 1);
	assert_int_equal(bells.pending_pages, 0);
}

static void a_reset_drops_them_on_both_sides(void **state)
{
	(void)state;
	for (unsigned int page = 0; page < DOORBELL_PAGES; page++) {
		assert_true(doorbells_write(&bells, page * STRIDE, 4, page % 32));
		doorbells_pend(&bells, page, 1);
	}
	doorbells_forget_incoming(&bells);
	expect_none();
	assert_int_equal(bells.pending_pages, UINT64_MAX);
	doorbells_forget_pending(&bells);
	assert_int_equal(bells.pending_pages, 0);
	for (unsigned int page = 0; page < DOORBELL_PAGES; page++) {
		assert_int_equal(doorbells_claim(&bells, page), 0);
		assert_true(doorbells_write(&bells, page * STRIDE, 4, 2));
		expect_taken(page, 4);
	}
}

#define BELL_TEST(function) cmocka_unit_test_setup(function, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BELL_TEST(bells_are_taken_page_by_page),
		BELL_TEST(what_is_no_bell_rings_none),
		BELL_TEST(pending_ones_are_claimed_page_by_page),
		BELL_TEST(none_and_pages_that_are_not_there_do_not_pend),
		BELL_TEST(a_reset_drops_them_on_both_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
