/* SPDX-License-Identifier: MIT */
/* Staging memory: what a buffer takes, which are kept, and what is counted. */
#include "suite.h"

#include <string.h>

#include "tile/staging.h"

#define KIB	(1ull << 10)
#define MIB	(1ull << 20)

/* In front of each buffer, and kept at most in all. */
#define HEADER	4096u
#define KEPT	(128 * MIB)

static int setup(void **state)
{
	(void)state;
	staging_reset_peak();
	return staging_usage().used ? -1 : 0;
}

static void expect_usage(uint64_t used, uint64_t kept, uint64_t peak)
{
	struct staging_usage usage = staging_usage();

	assert_int_equal(usage.used, used);
	assert_int_equal(usage.kept, kept);
	assert_int_equal(usage.peak, peak);
}

/* Eight sizes to every power of two, from 64 KiB on. */
static void a_buffer_takes_an_eighth_more_at_most(void **state)
{
	uint64_t step = 8 * KIB, size = 64 * KIB, smaller = 0;

	(void)state;
	assert_int_equal(staging_size(0), 64 * KIB + HEADER);
	for (unsigned int power = 0; power < 24; power++, step *= 2) {
		for (unsigned int i = 0; i < 8; i++, smaller = size, size += step) {
			assert_int_equal(staging_size(smaller + 1), size + HEADER);
			assert_int_equal(staging_size(size), size + HEADER);
		}
	}
	/* That was the largest one. */
	assert_int_equal(staging_size(smaller + 1), STAGING_ABSURD);
	assert_int_equal(staging_size(UINT64_MAX), STAGING_ABSURD);
}

static void what_is_given_back_is_kept_for_its_size(void **state)
{
	char *first = staging_get(100 * KIB), *second;
	const uint64_t taken = staging_size(100 * KIB);

	(void)state;
	assert_non_null(first);
	assert_int_equal((uintptr_t)first % HEADER, 0);
	memset(first, 1, 100 * KIB);
	expect_usage(taken, 0, taken);
	staging_put(first);
	expect_usage(0, taken, taken);
	/* Another size has a buffer of its own. */
	second = staging_get(64 * KIB);
	assert_ptr_not_equal(second, first);
	expect_usage(64 * KIB + HEADER, taken, taken + 64 * KIB + HEADER);
	/* As large as the other one is in truth. */
	assert_ptr_equal(staging_get(taken - HEADER), first);
	expect_usage(taken + 64 * KIB + HEADER, 0, taken + 64 * KIB + HEADER);
	staging_put(second);
	staging_put(first);
	staging_put(NULL);
	expect_usage(0, taken + 64 * KIB + HEADER, taken + 64 * KIB + HEADER);
	staging_reset_peak();
	expect_usage(0, 0, 0);
}

static void buffers_of_one_size_wait_together(void **state)
{
	void *buffer[5];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 5; i++) {
			buffer[i] = staging_get(MIB);
			assert_non_null(buffer[i]);
			for (int k = 0; k < i; k++)
				assert_ptr_not_equal(buffer[k], buffer[i]);
		}
		expect_usage(5 * staging_size(MIB), 0, 5 * staging_size(MIB));
		for (int i = 0; i < 5; i++)
			staging_put(buffer[i]);
		expect_usage(0, 5 * staging_size(MIB), 5 * staging_size(MIB));
	}
}

/* What is kept and what is in use are no more together, unless what is in use is more by itself. */
static void no_more_is_kept_than_128_mib(void **state)
{
	const uint64_t forty = staging_size(40 * MIB), small = staging_size(64 * KIB);
	void *buffer[4], *little = staging_get(64 * KIB);

	(void)state;
	for (int i = 0; i < 4; i++)
		buffer[i] = staging_get(40 * MIB);
	expect_usage(4 * forty + small, 0, 4 * forty + small);
	/* Three others are in use, 120 MiB and their headers: this one would be too much. */
	staging_put(buffer[0]);
	expect_usage(3 * forty + small, 0, 4 * forty + small);
	staging_put(buffer[1]);
	expect_usage(2 * forty + small, forty, 4 * forty + small);
	staging_put(little);
	staging_put(buffer[2]);
	staging_put(buffer[3]);
	expect_usage(0, 3 * forty + small, 4 * forty + small);
	/* For others the largest go first. */
	staging_count(KEPT - 2 * forty);
	expect_usage(KEPT - 2 * forty, forty + small, 4 * forty + small);
	staging_uncount(KEPT - 2 * forty);
	staging_count(KEPT - small);
	expect_usage(KEPT - small, small, 4 * forty + small);
	staging_count(1);
	expect_usage(KEPT - small + 1, 0, 4 * forty + small);
	staging_uncount(KEPT - small + 1);
	staging_reset_peak();
}

static void what_is_counted_is_in_the_peak(void **state)
{
	(void)state;
	staging_count(5 * MIB);
	staging_uncount(5 * MIB);
	staging_count(3 * MIB);
	expect_usage(3 * MIB, 0, 5 * MIB);
	staging_reset_peak();
	expect_usage(3 * MIB, 0, 3 * MIB);
	staging_uncount(3 * MIB);
	staging_reset_peak();
	expect_usage(0, 0, 0);
}

static void what_is_too_large_for_any_host_is_not_counted(void **state)
{
	(void)state;
	assert_null(staging_get((size_t)1 << 60));
	expect_usage(0, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_buffer_takes_an_eighth_more_at_most, setup),
		cmocka_unit_test_setup(what_is_given_back_is_kept_for_its_size, setup),
		cmocka_unit_test_setup(buffers_of_one_size_wait_together, setup),
		cmocka_unit_test_setup(no_more_is_kept_than_128_mib, setup),
		cmocka_unit_test_setup(what_is_counted_is_in_the_peak, setup),
		cmocka_unit_test_setup(what_is_too_large_for_any_host_is_not_counted, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
