// SPDX-License-Identifier: MIT
/* Versions of ranges: the same until an invalidation meets the range, and never given twice. */
#include "cmocka_prelude.h"
#include "memory/invalidation.h"
#include "memory/versions.h"

/* More than are known at a time. */
#define MANY 1500u

static int setup(void **state)
{
	*state = versions_create();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	versions_destroy(*state);
	return 0;
}

static void a_range_keeps_its_version(void **state)
{
	uint64_t version = versions_add(*state, 1, 0x1000, 0x2000);

	assert_int_not_equal(version, 0);
	assert_int_equal(versions_find(*state, 1, 0x1000, 0x2000), version);
	assert_int_equal(versions_add(*state, 1, 0x1000, 0x2000), version);
}

static void other_ranges_have_others(void **state)
{
	uint64_t version = versions_add(*state, 1, 0x1000, 0x2000);

	assert_int_equal(versions_find(*state, 2, 0x1000, 0x2000), 0);
	assert_int_equal(versions_find(*state, 1, 0x1001, 0x2000), 0);
	assert_int_equal(versions_find(*state, 1, 0x1000, 0x1fff), 0);
	assert_int_not_equal(versions_add(*state, 2, 0x1000, 0x2000), version);
	assert_int_equal(versions_find(*state, 1, 0x1000, 0x2000), version);
}

static void an_invalidation_ends_those_that_it_meets(void **state)
{
	uint64_t before = versions_add(*state, 1, 0x1000, 0x1000);
	uint64_t met = versions_add(*state, 1, 0x1800, 0x1000);
	uint64_t behind = versions_add(*state, 1, 0x3000, 0x1000);
	uint64_t other = versions_add(*state, 2, 0x1800, 0x1000);

	versions_invalidated(*state, &(struct invalidation){ 1, 0x2000, 0x1000 });
	assert_int_equal(versions_find(*state, 1, 0x1000, 0x1000), before);
	assert_int_equal(versions_find(*state, 1, 0x1800, 0x1000), 0);
	assert_int_equal(versions_find(*state, 1, 0x3000, 0x1000), behind);
	assert_int_equal(versions_find(*state, 2, 0x1800, 0x1000), other);
	assert_true(versions_add(*state, 1, 0x1800, 0x1000) > met);
}

static void an_invalidation_of_everything_leaves_none(void **state)
{
	versions_add(*state, 1, 0x1000, 1);
	versions_add(*state, 65535, (1ull << 48) - 1, 1);
	versions_invalidated(*state,
			     &(struct invalidation){ INVALIDATION_ALL_ASIDS, 0, UINT64_MAX });
	assert_int_equal(versions_find(*state, 1, 0x1000, 1), 0);
	assert_int_equal(versions_find(*state, 65535, (1ull << 48) - 1, 1), 0);
}

static void changes_are_counted(void **state)
{
	uint64_t changes = versions_changes(*state);

	versions_add(*state, 1, 0x1000, 1);
	assert_int_equal(versions_changes(*state), changes);
	versions_invalidated(*state, &(struct invalidation){ 2, 0x1000, 0x1000 });
	assert_int_equal(versions_changes(*state), changes + 1);
}

static void free_places_are_taken_first(void **state)
{
	uint64_t version = versions_add(*state, 1, 0, 0x1000);

	for (uint64_t i = 0; i < MANY; i++) {
		versions_add(*state, 2, 0x1000, 0x1000);
		versions_invalidated(*state, &(struct invalidation){ 2, 0, UINT64_MAX });
	}
	assert_int_equal(versions_find(*state, 1, 0, 0x1000), version);
}

static void the_oldest_make_room(void **state)
{
	uint64_t last = 0;

	for (uint64_t i = 0; i < MANY; i++) {
		uint64_t version = versions_add(*state, 1, i * 0x1000, 0x1000);

		assert_true(version > last);
		last = version;
	}
	assert_int_equal(versions_find(*state, 1, 0, 0x1000), 0);
	assert_int_equal(versions_find(*state, 1, (MANY - 1) * 0x1000ull, 0x1000), last);
}

static void devices_of_one_process_share_none(void **state)
{
	struct versions *other = versions_create();

	assert_non_null(other);
	assert_int_not_equal(versions_add(*state, 1, 0x1000, 0x1000),
			     versions_add(other, 1, 0x1000, 0x1000));
	versions_destroy(other);
}

#define VERSIONS_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		VERSIONS_TEST(a_range_keeps_its_version),
		VERSIONS_TEST(other_ranges_have_others),
		VERSIONS_TEST(an_invalidation_ends_those_that_it_meets),
		VERSIONS_TEST(an_invalidation_of_everything_leaves_none),
		VERSIONS_TEST(changes_are_counted),
		VERSIONS_TEST(free_places_are_taken_first),
		VERSIONS_TEST(the_oldest_make_room),
		VERSIONS_TEST(devices_of_one_process_share_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
