/* SPDX-License-Identifier: MIT */
/* Fingerprints are made again unless memory is known not to have changed. */
#include "suite.h"

#include <string.h>

#include <tsr_hw/error.h>

#include "fake_memory.h"
#include "tile/execution.h"
#include "tile/fingerprint.h"
#include "tile/recalled.h"
#include "tile/view.h"

#define BYTES	(16 * FAKE_PAGE)
#define COUNT	1000u

/* Counts what is read, and says which version the memory has. */
struct watched {
	struct fake_memory *fake;
	struct tile_memory plain;
	uint64_t version;
	uint64_t asked_va;
	uint64_t asked_n;
	unsigned int reads;
	struct execution execution;
	struct tile_memory memory;
};

static int watched_read(void *ctx, uint64_t va, size_t n, void *dst, uint64_t *fault)
{
	struct watched *watched = ctx;

	watched->reads++;
	return watched->plain.read(watched->plain.ctx, va, n, dst, fault);
}

static int watched_read_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			     void *dst, size_t dst_stride, uint64_t *fault)
{
	struct watched *watched = ctx;

	watched->reads++;
	return watched->plain.read_rows(watched->plain.ctx, va, stride, rows, n, dst, dst_stride,
					fault);
}

static uint64_t watched_version(void *ctx, uint64_t va, uint64_t n)
{
	struct watched *watched = ctx;

	watched->asked_va = va;
	watched->asked_n = n;
	return watched->version;
}

static bool watched_aborted(void *ctx)
{
	const struct watched *watched = ctx;

	return watched->plain.aborted(watched->plain.ctx);
}

static struct watched watched;

static int setup(void **state)
{
	watched = (struct watched){ .fake = fake_memory_create(BYTES, 1) };
	watched.plain = fake_memory_accessors(watched.fake);
	watched.memory = (struct tile_memory){
		.ctx = &watched, .read = watched_read, .read_rows = watched_read_rows,
		.version = watched_version, .aborted = watched_aborted,
	};
	watched.execution.memory = &watched.memory;
	*state = &watched;
	return watched.fake ? 0 : -1;
}

static int teardown(void **state)
{
	struct watched *w = *state;

	fake_memory_destroy(w->fake);
	return 0;
}

static struct view floats(uint64_t first, uint64_t stride)
{
	struct view view;

	view_start(&view, FAKE_BASE + first, sizeof(float));
	view_add(&view, COUNT, stride);
	return view;
}

static struct fingerprint made(const struct view *view)
{
	struct fingerprint fingerprint;

	assert_int_equal(fingerprint_of(&watched.execution, view, COUNT, &fingerprint),
			 TSR_HW_ERR_NONE);
	return fingerprint;
}

/* Return: whether memory was read; the fingerprint is that of what the memory holds. */
static bool reads(const struct view *view)
{
	struct fingerprint wanted = made(view), got;

	watched.reads = 0;
	assert_int_equal(recalled_fingerprint(&watched.execution, view, COUNT, &got),
			 TSR_HW_ERR_NONE);
	assert_memory_equal(&got, &wanted, sizeof(got));
	return watched.reads > 0;
}

static void change(uint64_t at, uint8_t byte)
{
	fake_memory_poke(watched.fake, FAKE_BASE + at, &byte, 1);
}

static void elements_of_a_version_are_read_once(void **state)
{
	const struct view view = floats(64, sizeof(float));

	(void)state;
	watched.version = 1;
	assert_true(reads(&view));
	assert_false(reads(&view));
	watched.version = 2;
	change(64, 7);
	assert_true(reads(&view));
	assert_false(reads(&view));
}

static void elements_of_no_version_are_read_each_time(void **state)
{
	const struct view view = floats(0, sizeof(float));

	(void)state;
	for (uint8_t i = 0; i < 3; i++) {
		change(0, i);
		assert_true(reads(&view));
	}
	watched.memory.version = NULL;
	assert_true(reads(&view));
}

static void other_elements_of_a_version_are_read(void **state)
{
	const struct view near = floats(0, 2 * sizeof(float)), far = floats(4, 2 * sizeof(float));
	struct view wide = near;

	(void)state;
	for (unsigned int i = 0; i < BYTES; i++)
		change(i, (uint8_t)(i * 31 ^ i >> 8));
	watched.version = 3;
	assert_true(reads(&near));
	assert_true(reads(&far));
	assert_true(reads(&near));
	wide.stride[wide.rank - 1] *= 2;
	assert_true(reads(&wide));
	assert_true(reads(&near));
	assert_false(reads(&near));
}

static void the_range_asked_for_has_all_of_them(void **state)
{
	const uint64_t back = (uint64_t)-8;
	struct view view = floats(0, 12);

	(void)state;
	watched.version = 4;
	reads(&view);
	assert_int_equal(watched.asked_va, FAKE_BASE);
	assert_int_equal(watched.asked_n, 12 * (COUNT - 1) + 4);
	view = floats(8 * (COUNT - 1), back);
	reads(&view);
	assert_int_equal(watched.asked_va, FAKE_BASE);
	assert_int_equal(watched.asked_n, 8 * (COUNT - 1) + 4);
}

static void an_error_is_not_kept(void **state)
{
	const struct view view = floats(0, sizeof(float));
	struct fingerprint fingerprint;

	(void)state;
	watched.version = 5;
	fake_memory_protect(watched.fake, FAKE_BASE, false, false);
	assert_int_equal(recalled_fingerprint(&watched.execution, &view, COUNT, &fingerprint),
			 TSR_HW_ERR_FAULT_READ);
	fake_memory_protect(watched.fake, FAKE_BASE, true, true);
	assert_true(reads(&view));
}

#define RECALLED_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECALLED_TEST(elements_of_a_version_are_read_once),
		RECALLED_TEST(elements_of_no_version_are_read_each_time),
		RECALLED_TEST(other_elements_of_a_version_are_read),
		RECALLED_TEST(the_range_asked_for_has_all_of_them),
		RECALLED_TEST(an_error_is_not_kept),
	};

	return cmocka_run_group_tests_name("tile: fingerprints that are recalled", tests, NULL,
					   NULL);
}
