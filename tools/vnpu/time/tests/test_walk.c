/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"
#include "time/walk.h"

#define CASES	3000
#define LARGE	60

static struct walks *walks;

static int create(void **state)
{
	(void)state;
	walks = walks_create();
	return walks ? 0 : -1;
}

static int destroy(void **state)
{
	(void)state;
	walks_destroy(walks);
	return 0;
}

/* What a walk counts, by the addresses that it touches. */
static void touch(struct trail *trail, int64_t address)
{
	int64_t burst = address / 512;

	if (!trail->begun || burst != trail->last) {
		bool jump = trail->begun && burst != trail->last + 1;

		trail->walk.bursts++;
		trail->walk.jumps += jump;
		trail->walk.pages += jump && burst / 64 != trail->last / 64;
	}
	trail->begun = true;
	trail->last = burst;
}

/* The dimension that is walked next, outermost first; -1: none is left. */
static int outermost(const struct box *box, unsigned int done)
{
	int found = -1;

	for (unsigned int i = 0; i < box->rank; i++)
		if (!(done & 1u << i) &&
		    (found < 0 || llabs(box->stride[i]) > llabs(box->stride[found])))
			found = i;
	return found;
}

static void touch_all(struct trail *trail, const struct box *box, unsigned int done,
		      int64_t address)
{
	int dimension = outermost(box, done);
	uint64_t extent;
	int64_t stride;

	if (dimension < 0) {
		touch(trail, address);
		return;
	}
	extent = box->extent[dimension];
	stride = box->stride[dimension];
	if (stride == 0)
		extent = extent > 0;
	if (stride < 0)
		address += (int64_t)(extent - 1) * stride;
	for (uint64_t i = 0; i < extent; i++)
		touch_all(trail, box, done | 1u << dimension, address + (int64_t)i * llabs(stride));
}

static void assert_same(const struct walk *found, const struct walk *wanted)
{
	assert_int_equal(found->bursts, wanted->bursts);
	assert_int_equal(found->jumps, wanted->jumps);
	assert_int_equal(found->pages, wanted->pages);
}

static void assert_counts(const struct box *box)
{
	struct walk walk = walk_of(walks, box);
	struct trail trail = { 0 };

	touch_all(&trail, box, 0, box->address);
	assert_same(&walk, &trail.walk);
}

static uint64_t below(uint64_t *random, uint64_t n)
{
	return random_next(random) % n;
}

/* A stride in elements: small, about a burst, about a page, or that of a dense tensor. */
static int64_t random_stride(uint64_t *random, uint64_t dense)
{
	int64_t stride;

	switch (below(random, 5)) {
	case 0:
		stride = below(random, 70);
		break;
	case 1:
		stride = 32 + below(random, 200);
		break;
	case 2:
		stride = 64 * below(random, 130);
		break;
	case 3:
		stride = dense + below(random, 3);
		break;
	default:
		stride = dense;
		break;
	}
	return below(random, 4) ? stride : -stride;
}

/* @elements is about what the box may have. */
static void random_box(uint64_t *random, struct box *box, uint64_t elements)
{
	static const int64_t sizes[] = { 4, 8, 8, 16, 32, 64 };
	int64_t bits = sizes[below(random, 6)];
	uint64_t dense = 1;

	box->rank = below(random, WALK_RANK_MAX + 1);
	box->address = ((int64_t)1 << 40) + bits * (int64_t)below(random, 100000);
	for (int i = (int)box->rank - 1; i >= 0; i--) {
		uint64_t most = elements / 2 < 200 ? elements / 2 : 200;

		box->extent[i] = 1 + below(random, most + 1);
		elements = elements / box->extent[i];
		box->stride[i] = bits * random_stride(random, dense);
		dense *= box->extent[i];
	}
}

static void counts_are_those_of_touching_every_element(void **state)
{
	uint64_t random = 1;
	struct box box;

	(void)state;
	for (int i = 0; i < CASES; i++) {
		random_box(&random, &box, 3000);
		assert_counts(&box);
	}
}

static void many_lines_are_counted_by_tables(void **state)
{
	uint64_t random = 2;
	struct box box;

	(void)state;
	for (int i = 0; i < LARGE; i++) {
		random_box(&random, &box, 2000000);
		assert_counts(&box);
	}
	/* Three dimensions that never repeat in a page, and one in the page. */
	box = (struct box){ .address = 8, .rank = 4, .extent = { 40, 30, 50, 7 },
			    .stride = { 8 * 4097, 8 * 1031, 8 * 67, 8 * 3 } };
	assert_counts(&box);
	box = (struct box){ .address = 4, .rank = 4, .extent = { 60, 40, 30, 11 },
			    .stride = { 4 * 2051, 4 * 1029, 4 * 69, 4 } };
	assert_counts(&box);
}

static void lines_of_every_stride_are_right(void **state)
{
	(void)state;
	for (int64_t stride = 4; stride < 1100; stride += 4) {
		struct box box = { .address = stride * 7, .rank = 1, .extent = { 700 },
				   .stride = { stride } };

		assert_counts(&box);
	}
}

static uint64_t work_of(const struct box *box)
{
	uint64_t before = walks_work(walks);

	walk_of(walks, box);
	return walks_work(walks) - before;
}

/* Rows whose places in a page repeat after @period are lines; tables have 8,192 places at most. */
static void work_is_lines_or_places_and_the_same_when_found_again(void **state)
{
	const struct {
		struct box box;
		uint64_t work;
	} cases[] = {
		{ { .rank = 0 }, 1 },
		{ { .rank = 1, .extent = { 1u << 30 }, .stride = { 8 } }, 1 },
		{ { .rank = 2, .extent = { 30, 100 }, .stride = { 8 * 4097, 8 } }, 30 },
		{ { .rank = 2, .extent = { 3000, 100 }, .stride = { 8 * 128, 8 } }, 32 },
		{ { .rank = 3, .extent = { 7, 30, 100 },
		    .stride = { 8 * 300000, 8 * 4097, 8 } }, 210 },
		{ { .rank = 2, .extent = { 1u << 20, 100 }, .stride = { 4 * 4097, 4 } }, 2 * 8192 },
		{ { .rank = 3, .extent = { 40, 1u << 20, 100 },
		    .stride = { 4ll << 40, 4 * 4097, 4 } }, 3 * 8192 },
		/* Turns over the ends of pages, at most one for 32 elements. */
		{ { .rank = 1, .extent = { 320 }, .stride = { 8 * 80 } }, 11 },
		{ { .rank = 1, .extent = { 1u << 30 }, .stride = { 8 * 80 } }, 1 + 8 * 80 },
		{ { .rank = 1, .extent = { 1u << 30 }, .stride = { 8 * 128 } }, 1 },
		{ { .rank = 2, .extent = { 3, 320 }, .stride = { 8 * 300001, 8 * 80 } }, 33 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (unsigned int time = 0; time < 2; time++)
			assert_int_equal(work_of(&cases[i].box), cases[i].work);
}

static void an_empty_box_is_no_work(void **state)
{
	const struct box box = { .rank = 2, .extent = { 4, 0 }, .stride = { 64, 8 } };

	(void)state;
	assert_int_equal(work_of(&box), 0);
}

static void an_empty_box_has_no_burst(void **state)
{
	struct box box = { .rank = 2, .extent = { 4, 0 }, .stride = { 64, 8 } };
	struct walk walk = walk_of(walks, &box), none = { 0 };

	(void)state;
	assert_same(&walk, &none);
}

static void enormous_boxes_take_no_time(void **state)
{
	/* 2^30 rows of 2^9 bytes in pages of their own, and 2^40 bytes in one piece. */
	struct box rows = { .rank = 2, .extent = { 1u << 30, 512 }, .stride = { 8 * 4096, 8 } };
	struct box dense = { .rank = 1, .extent = { (uint64_t)1 << 40 }, .stride = { 8 } };
	struct walk found = walk_of(walks, &rows);
	struct walk wanted = { (uint64_t)8 << 30, (1u << 30) - 1, (1u << 30) - 1 };

	(void)state;
	assert_same(&found, &wanted);
	found = walk_of(walks, &dense);
	wanted = (struct walk){ (uint64_t)1 << 34, 0, 0 };
	assert_same(&found, &wanted);
}

static void a_trail_goes_on_where_the_box_before_ended(void **state)
{
	uint64_t random = 3;

	(void)state;
	for (int i = 0; i < CASES; i++) {
		struct trail found = { 0 }, wanted = { 0 };

		for (uint64_t n = below(&random, 6); n > 0; n--) {
			struct box box;

			random_box(&random, &box, 300);
			trail_add(&found, walks, &box);
			touch_all(&wanted, &box, 0, box.address);
		}
		assert_same(&found.walk, &wanted.walk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_those_of_touching_every_element),
		cmocka_unit_test(many_lines_are_counted_by_tables),
		cmocka_unit_test(lines_of_every_stride_are_right),
		cmocka_unit_test(work_is_lines_or_places_and_the_same_when_found_again),
		cmocka_unit_test(an_empty_box_is_no_work),
		cmocka_unit_test(an_empty_box_has_no_burst),
		cmocka_unit_test(enormous_boxes_take_no_time),
		cmocka_unit_test(a_trail_goes_on_where_the_box_before_ended),
	};

	return cmocka_run_group_tests(tests, create, destroy);
}
