/* SPDX-License-Identifier: MIT */
/*
 * Elements where they lie: which may be used so, and what is read and written
 * around the ends of parts.
 */
#include "suite.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/types.h>

#include "tile/in_place.h"
#include "tile/tile.h"
#include "tile/view.h"

#define VA 0x10000u

/* A view of rows of elements. */
static struct view view_of(uint64_t rows, uint64_t row_stride, uint64_t columns,
			   uint64_t column_stride, uint32_t size)
{
	struct view view;

	view_start(&view, VA, size);
	view_add(&view, rows, row_stride);
	view_add(&view, columns, column_stride);
	return view;
}

static bool added(const struct view *view, uint64_t first, uint64_t n, uint64_t va)
{
	struct tile_window window = { .ranges = 1 };
	bool is_added = in_place_add(&window, view, first, n, true);

	assert_int_equal(window.ranges, is_added ? 2 : 1);
	if (!is_added)
		return false;
	assert_int_equal(window.range[1].va, va);
	assert_int_equal(window.range[1].n, n * view->size);
	assert_true(window.range[1].write);
	return true;
}

static void elements_that_follow_each_other_are_a_range(void **state)
{
	struct view dense = view_of(4, 64, 16, 4, 4), gaps = view_of(4, 80, 16, 4, 4);
	struct view apart = view_of(4, 64, 16, 8, 4), back = view_of(4, -64ull, 16, 4, 4);
	struct view one = view_of(4, 128, 1, 4, 4), bytes = view_of(1, 0, 100, 1, 1);

	(void)state;
	assert_true(added(&dense, 0, 64, VA));
	assert_true(added(&dense, 5, 40, VA + 20));
	assert_true(added(&gaps, 16, 16, VA + 80));
	assert_true(added(&gaps, 17, 15, VA + 84));
	assert_false(added(&gaps, 17, 16, 0));
	assert_false(added(&gaps, 0, 32, 0));
	assert_true(added(&apart, 3, 1, VA + 24));
	assert_false(added(&apart, 3, 2, 0));
	assert_true(added(&back, 16, 16, VA - 64));
	assert_false(added(&back, 0, 32, 0));
	assert_true(added(&one, 2, 1, VA + 256));
	assert_false(added(&one, 0, 2, 0));
	assert_true(added(&bytes, 99, 1, VA + 99));
}

static void a_range_has_as_many_bytes_as_a_window(void **state)
{
	struct view most = view_of(1, 0, 2 * TILE_WINDOW_BYTES, 2, 2);
	struct view halves = view_of(1, 0, 64, 1, 1);

	(void)state;
	assert_true(added(&most, 0, TILE_WINDOW_BYTES / 2, VA));
	assert_false(added(&most, 0, TILE_WINDOW_BYTES / 2 + 1, 0));
	halves.halves = true;
	assert_false(added(&halves, 0, 2, 0));
}

/* Parts of 24, 8 and 40 bytes, with other memory between them. */
struct place {
	struct tile_range range;
	_Alignas(64) uint8_t memory[3][192];
};

static const size_t sizes[] = { 24, 8, 40 };

static void make(struct place *place)
{
	*place = (struct place){ .range = { .va = VA, .n = 72, .parts = 3 } };
	memset(place->memory, 0xee, sizeof(place->memory));
	for (unsigned int part = 0, byte = 0; part < 3; part++) {
		place->range.part[part] = (struct tile_part){
			(char *)place->memory[part] + 64, sizes[part],
		};
		for (size_t i = 0; i < sizes[part]; i++)
			place->memory[part][64 + i] = (uint8_t)++byte;
	}
}

static uint8_t *byte_at(struct place *place, size_t i)
{
	for (unsigned int part = 0;; i -= sizes[part++])
		if (i < sizes[part])
			return &place->memory[part][64 + i];
}

static void elements_of_one_part_are_found(void **state)
{
	struct place place;

	(void)state;
	make(&place);
	for (size_t first = 0; first < 18; first++) {
		for (size_t n = 1; n <= 18 - first; n++) {
			uint8_t *begin = byte_at(&place, 4 * first);
			bool whole = byte_at(&place, 4 * (first + n) - 1) == begin + 4 * n - 1;

			assert_ptr_equal(in_place_find(&place.range, 4, first, n),
					 whole ? begin : NULL);
		}
	}
}

static void a_part_has_what_is_left_of_it(void **state)
{
	struct place place;

	(void)state;
	make(&place);
	for (size_t first = 0; first < 18; first++) {
		for (uint64_t n = 1; n <= 18 - first; n++) {
			uint64_t left = first < 6 ? 6 - first : first < 8 ? 8 - first : 18 - first;
			uint64_t some = n;

			assert_ptr_equal(in_place_part(&place.range, 4, first, &some),
					 byte_at(&place, 4 * first));
			assert_int_equal(some, n < left ? n : left);
		}
	}
}

static void elements_are_loaded_over_the_ends_of_parts(void **state)
{
	struct place place;
	uint32_t to[36];

	(void)state;
	make(&place);
	for (size_t first = 0; first < 18; first++) {
		for (size_t n = 1; n <= 18 - first; n++) {
			memset(to, 0x77, sizeof(to));
			in_place_load(&place.range, TSR_HW_TYPE_INT32, first, n, to);
			for (size_t i = 0; i < n; i++) {
				uint32_t b = (uint32_t)(4 * (first + i) + 1);

				assert_int_equal(to[i], b | (b + 1) << 8 | (b + 2) << 16 |
						 (b + 3) << 24);
			}
			assert_int_equal(to[n], 0x77777777);
		}
	}
	/* A narrow type takes more of the register than of memory. */
	in_place_load(&place.range, TSR_HW_TYPE_UINT8, 22, 5, to);
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(to[i], 23 + i);
}

static void bytes_are_stored_over_the_ends_of_parts(void **state)
{
	struct place place, before;
	uint8_t from[80];

	(void)state;
	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (uint8_t)(200 - i);
	for (unsigned int streams = 0; streams < 2; streams++) {
		for (size_t first = 0; first < 72; first++) {
			for (size_t n = 1; n <= 72 - first; n++) {
				make(&place);
				make(&before);
				in_place_store(&place.range, first, from + 1, n, streams);
				in_place_streamed();
				for (size_t i = 0; i < n; i++)
					*byte_at(&before, first + i) = from[1 + i];
				assert_memory_equal(place.memory, before.memory,
						    sizeof(place.memory));
			}
		}
	}
}

/* Whole lines, from and to any place in them. */
static void lines_are_streamed_from_and_to_any_place(void **state)
{
	static _Alignas(64) uint8_t memory[1024], expected[1024], from[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (uint8_t)(i * 7 + i / 64 + 1);
	for (size_t to = 0; to < 130; to += 13) {
		for (size_t n = 1; n < 400; n += 21) {
			struct tile_range range = {
				.parts = 1, .part = { { (char *)memory + to, 800 } },
			};

			memset(memory, 0, sizeof(memory));
			memset(expected, 0, sizeof(expected));
			in_place_store(&range, 3, from + to % 5, n, true);
			in_place_streamed();
			memcpy(expected + to + 3, from + to % 5, n);
			assert_memory_equal(memory, expected, sizeof(memory));
		}
	}
}

/* Elements of a range of several lines that begins at some element of one. */
#define REALS	200u

struct reals {
	_Alignas(64) float memory[REALS + 16];
	float from[REALS];
	struct tile_range range;
};

/* In two parts, of which the second one begins with any element of a line. */
static void make_reals(struct reals *reals, uint32_t first)
{
	memset(reals, 0, sizeof(*reals));
	for (uint32_t i = 0; i < REALS; i++)
		reals->from[i] = i % 3 ? (float)i : -FLT_MAX;
	reals->range.part[0] = (struct tile_part){ (char *)reals->memory, 4ull * first };
	reals->range.part[1] = (struct tile_part){ (char *)(reals->memory + first),
						   4ull * (REALS - first) };
	reals->range.parts = 2;
}

static void streamed_reals_are_stored_and_looked_at(void **state)
{
	static const float nonfinite[] = { INFINITY, -INFINITY, NAN, -NAN };
	struct reals reals;

	(void)state;
	for (uint32_t first = 1; first < 20; first += 6) {
		make_reals(&reals, first);
		assert_false(in_place_stream_fp32(&reals.range, 0, reals.from, REALS));
		in_place_streamed();
		assert_memory_equal(reals.memory, reals.from, sizeof(reals.from));
		for (uint32_t i = 0; i < REALS; i++) {
			make_reals(&reals, first);
			reals.from[i] = nonfinite[i % 4];
			assert_true(in_place_stream_fp32(&reals.range, 0, reals.from, REALS));
			in_place_streamed();
			assert_memory_equal(reals.memory, reals.from, sizeof(reals.from));
		}
	}
	make_reals(&reals, 5);
	assert_false(in_place_stream_fp32(&reals.range, 7, reals.from, 100));
	in_place_streamed();
	assert_memory_equal(reals.memory + 7, reals.from, 400);
	assert_true(reals.memory[6] == 0 && reals.memory[107] == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_that_follow_each_other_are_a_range),
		cmocka_unit_test(a_range_has_as_many_bytes_as_a_window),
		cmocka_unit_test(elements_of_one_part_are_found),
		cmocka_unit_test(a_part_has_what_is_left_of_it),
		cmocka_unit_test(elements_are_loaded_over_the_ends_of_parts),
		cmocka_unit_test(bytes_are_stored_over_the_ends_of_parts),
		cmocka_unit_test(lines_are_streamed_from_and_to_any_place),
		cmocka_unit_test(streamed_reals_are_stored_and_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
