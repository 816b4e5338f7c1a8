/* SPDX-License-Identifier: MIT */
/* Packed weights that are kept: found by what they are, within a number of bytes. */
#include "suite.h"

#include <string.h>

#include "tile/packed.h"

#define MIB	(1ull << 20)

static struct packed_key key_of(uint64_t number)
{
	return (struct packed_key){ .fingerprint.word = { number, ~number }, .conv.images = 1 };
}

static void keep(uint64_t number, uint64_t bytes)
{
	const struct packed_key key = key_of(number);
	struct packed *packed = packed_make(&key, bytes, 1);

	assert_non_null(packed);
	packed->terms[0] = (uint32_t)number;
	packed_keep(packed);
	packed_put(packed);
}

static bool is_kept(uint64_t number)
{
	const struct packed_key key = key_of(number);
	struct packed *packed = packed_find(&key);

	if (packed)
		assert_int_equal(packed->terms[0], number);
	packed_put(packed);
	return packed;
}

static void weights_are_found_by_every_part_of_their_key(void **state)
{
	struct packed_key key = key_of(1);

	(void)state;
	keep(1, 100);
	assert_true(is_kept(1));
	assert_false(is_kept(2));
	key.type = 1;
	assert_null(packed_find(&key));
	key = key_of(1);
	key.conv.pad_after[1] = 1;
	assert_null(packed_find(&key));
}

static void the_least_recently_used_make_room(void **state)
{
	(void)state;
	keep(10, 50 * MIB);
	keep(11, 50 * MIB);
	assert_true(is_kept(10));
	keep(12, 60 * MIB);
	assert_true(is_kept(10));
	assert_false(is_kept(11));
	assert_true(is_kept(12));
}

static void what_is_in_use_stays(void **state)
{
	const struct packed_key key = key_of(20);
	struct packed *used;

	(void)state;
	keep(20, 100 * MIB);
	used = packed_find(&key);
	assert_non_null(used);
	keep(21, 100 * MIB);
	assert_false(is_kept(21));
	assert_true(is_kept(20));
	packed_put(used);
	keep(21, 100 * MIB);
	assert_true(is_kept(21));
	assert_false(is_kept(20));
}

static void more_than_there_is_room_for_is_not_kept(void **state)
{
	(void)state;
	keep(30, MIB);
	keep(31, 129 * MIB);
	assert_false(is_kept(31));
	assert_true(is_kept(30));
	for (uint64_t i = 0; i < 300; i++)
		keep(100 + i, 64);
	assert_true(is_kept(399));
	assert_false(is_kept(100));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_are_found_by_every_part_of_their_key),
		cmocka_unit_test(the_least_recently_used_make_room),
		cmocka_unit_test(what_is_in_use_stays),
		cmocka_unit_test(more_than_there_is_room_for_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
