// SPDX-License-Identifier: MIT
/* Virtual addresses of a context. */
#include "cmocka_prelude.h"

#include <stdbool.h>

#include "../device/va.h"
#include "random.h"

#define START	0x10000u
#define END	0x50000u
#define PAGE	0x1000u

static void the_lowest_range_that_fits_is_taken(void **state)
{
	struct tsr_va *va = tsr_va_create(START, END);

	(void)state;
	assert_int_equal(tsr_va_take(va, PAGE, PAGE), START);
	assert_int_equal(tsr_va_take(va, 2 * PAGE, PAGE), START + PAGE);
	tsr_va_give(va, START, PAGE);
	assert_int_equal(tsr_va_take(va, 2 * PAGE, PAGE), START + 3 * PAGE);
	assert_int_equal(tsr_va_take(va, PAGE, PAGE), START);
	tsr_va_destroy(va);
}

static void ranges_are_aligned(void **state)
{
	struct tsr_va *va = tsr_va_create(START, END);

	(void)state;
	assert_int_equal(tsr_va_take(va, PAGE, PAGE), START);
	assert_int_equal(tsr_va_take(va, PAGE, 0x20000), 0x20000);
	assert_int_equal(tsr_va_take(va, PAGE, PAGE), START + PAGE);
	tsr_va_destroy(va);
}

static void a_full_space_gives_nothing(void **state)
{
	struct tsr_va *va = tsr_va_create(START, END);

	(void)state;
	assert_int_equal(tsr_va_take(va, END - START + PAGE, PAGE), 0);
	assert_int_equal(tsr_va_take(va, END - START, PAGE), START);
	assert_int_equal(tsr_va_take(va, PAGE, PAGE), 0);
	assert_int_equal(tsr_va_take(va, UINT64_MAX, PAGE), 0);
	tsr_va_destroy(va);
}

/* A range that is given back is the next one taken, wherever it lies among thousands. */
static void a_gap_among_thousands_is_found(void **state)
{
	enum { RANGES = 5000 };
	struct tsr_va *va = tsr_va_create(START, START + (uint64_t)RANGES * PAGE);
	uint64_t random = 7, i, at;

	(void)state;
	for (i = 0; i < RANGES; i++)
		assert_int_equal(tsr_va_take(va, PAGE, PAGE), START + i * PAGE);
	assert_int_equal(tsr_va_take(va, PAGE, PAGE), 0);
	for (i = 0; i < RANGES; i++) {
		at = START + random_below(&random, RANGES) * PAGE;
		tsr_va_give(va, at, PAGE);
		assert_int_equal(tsr_va_take(va, PAGE, PAGE), at);
	}
	tsr_va_give(va, START, 2 * PAGE);
	tsr_va_give(va, START + 1, PAGE);
	assert_int_equal(tsr_va_take(va, PAGE, PAGE), 0);
	tsr_va_destroy(va);
}

/* Against a map of pages. */
static void random_ranges_never_overlap(void **state)
{
	struct { uint64_t start; uint64_t pages; } held[64] = { 0 };
	bool used[(END - START) / PAGE] = { 0 };
	struct tsr_va *va = tsr_va_create(START, END);
	uint64_t random = 1, i, page;

	(void)state;
	for (i = 0; i < 20000; i++) {
		uint64_t at = random_below(&random, 64);

		if (held[at].pages) {
			page = (held[at].start - START) / PAGE;
			tsr_va_give(va, held[at].start, held[at].pages * PAGE);
			for (; held[at].pages; held[at].pages--)
				used[page++] = false;
			continue;
		}
		held[at].pages = 1 + random_below(&random, 5);
		held[at].start = tsr_va_take(va, held[at].pages * PAGE,
					     (uint64_t)PAGE << random_below(&random, 3));
		if (!held[at].start) {
			held[at].pages = 0;
			continue;
		}
		assert_in_range(held[at].start, START, END - held[at].pages * PAGE);
		for (page = 0; page < held[at].pages; page++) {
			assert_false(used[(held[at].start - START) / PAGE + page]);
			used[(held[at].start - START) / PAGE + page] = true;
		}
	}
	tsr_va_destroy(va);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lowest_range_that_fits_is_taken),
		cmocka_unit_test(ranges_are_aligned),
		cmocka_unit_test(a_full_space_gives_nothing),
		cmocka_unit_test(a_gap_among_thousands_is_found),
		cmocka_unit_test(random_ranges_never_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
