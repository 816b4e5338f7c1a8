// SPDX-License-Identifier: MIT
/* The sanitizer alone: which accesses were made through a translation that is none any more. */
#include "cmocka_prelude.h"
#include "counters.h"
#include "log.h"
#include "memory/invalidation.h"
#include "memory/sanitize.h"

/* Invalidations that it remembers. */
#define HISTORY 256

static struct counters counters;

static int setup(void **state)
{
	atomic_store(&counters.value[COUNTER_SANITIZER_VIOLATIONS], 0);
	*state = sanitizer_create(&counters);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	sanitizer_destroy(*state);
	return 0;
}

/* One invalidation, and an access that began before it. */
static const struct {
	struct invalidation inv;
	uint64_t va;
	uint64_t size;
	bool stale;
} rows[] = {
	{ { 1, 0x1000, 0x1000 }, 0x1000, 0x1000, true },
	{ { 1, 0x1000, 0x1000 }, 0x0, 0x1000, false },
	{ { 1, 0x1000, 0x1000 }, 0x0, 0x1001, true },
	{ { 1, 0x1000, 0x1000 }, 0x2000, 0x1000, false },
	{ { 1, 0x1000, 0x1000 }, 0x1fff, 1, true },
	{ { 1, 0x1000, 0x1000 }, 0x0, 0x5000, true },
	{ { 1, 0x1000, 0x3000 }, 0x2000, 0x10, true },
	{ { 2, 0x1000, 0x1000 }, 0x1000, 0x1000, false },
	{ { 1, 0, UINT64_MAX }, 0xfffffffff000, 0x1000, true },
	{ { INVALIDATION_ALL_ASIDS, 0x1000, 0x1000 }, 0x1000, 1, true },
	{ { INVALIDATION_ALL_ASIDS, 0x1000, 0x1000 }, 0x2000, 1, false },
};

static void an_access_is_stale_where_it_meets_an_invalidation(void **state)
{
	uint64_t violations = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t token = sanitizer_token(*state);

		assert_true(sanitizer_check(*state, token, 1, rows[i].va, rows[i].size));
		sanitizer_invalidated(*state, &rows[i].inv);
		assert_int_equal(sanitizer_check(*state, token, 1, rows[i].va, rows[i].size),
				 !rows[i].stale);
		violations += rows[i].stale;
		assert_int_equal(counters_get(&counters, COUNTER_SANITIZER_VIOLATIONS), violations);
		/* One that begins now is not. */
		assert_true(sanitizer_check(*state, sanitizer_token(*state), 1, rows[i].va,
					    rows[i].size));
	}
}

static void each_invalidation_since_it_began_counts(void **state)
{
	uint64_t token = sanitizer_token(*state);

	sanitizer_invalidated(*state, &(struct invalidation){ 1, 0x1000, 0x1000 });
	for (int i = 1; i < HISTORY; i++)
		sanitizer_invalidated(*state, &(struct invalidation){ 2, 0x1000, 0x1000 });
	assert_false(sanitizer_check(*state, token, 1, 0x1000, 1));
	assert_true(sanitizer_check(*state, token, 3, 0x1000, 1));
	/* Of more than it remembers it expects the worst. */
	sanitizer_invalidated(*state, &(struct invalidation){ 2, 0x1000, 0x1000 });
	assert_false(sanitizer_check(*state, token, 3, 0x1000, 1));
	token = sanitizer_token(*state);
	sanitizer_invalidated(*state, &(struct invalidation){ 2, 0x1000, 0x1000 });
	assert_true(sanitizer_check(*state, token, 1, 0x1000, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_access_is_stale_where_it_meets_an_invalidation,
						setup, teardown),
		cmocka_unit_test_setup_teardown(each_invalidation_since_it_began_counts, setup,
						teardown),
	};

	vnpu_log_setup("test", VNPU_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
