/* SPDX-License-Identifier: MIT */
/* SCATTER against the plain rule: updates one after another, in the order of their indices. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "half_tensors.h"
#include "indices.h"
#include "stored.h"

static void start(struct tsr_hw_gather *scatter, unsigned int kind, unsigned int reduction)
{
	memset(scatter, 0, sizeof(*scatter));
	scatter->head.op = TSR_HW_OP_SCATTER;
	scatter->head.size = sizeof(*scatter);
	scatter->kind = (uint8_t)kind;
	scatter->reduction = (uint8_t)reduction;
}

static uint64_t number_of(const struct tsr_hw_tensor *tensor, const uint64_t *at)
{
	uint64_t number = 0;

	for (unsigned int i = 0; i < tensor->rank; i++)
		number = number * tensor->dim[i] + at[i];
	return number;
}

static uint64_t element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			uint64_t number)
{
	return indices_bits(bench, tensor, bench_plain_address(bench, tensor, number));
}

/* Elements of the output after the command, by the plain rule; NULL: an index is outside. */
static uint64_t *expected(const struct bench *bench, const struct tsr_hw_gather *scatter)
{
	uint64_t elements = bench_plain_elements(&scatter->d);
	uint64_t *d = calloc(elements + 1, sizeof(*d));
	uint64_t parts[TSR_HW_MAX_RANK] = { 0 };
	uint64_t at[TSR_HW_MAX_RANK];

	assert_non_null(d);
	for (uint64_t i = 0; i < elements; i++)
		d[i] = element(bench, &scatter->d, i);
	for (uint64_t i = 0; i < bench_plain_elements(&scatter->x) && elements; i++) {
		uint64_t *target;

		indices_coordinates(&scatter->x, i, parts);
		if (!indices_select(bench, scatter, &scatter->d, parts, at)) {
			free(d);
			return NULL;
		}
		target = &d[number_of(&scatter->d, at)];
		*target = stored_combine(scatter->reduction, scatter->d.type, *target,
					 element(bench, &scatter->x, i));
	}
	return d;
}

static void expect(const struct bench *bench, const struct tsr_hw_gather *scatter,
		   const uint64_t *want)
{
	for (uint64_t i = 0; i < bench_plain_elements(&scatter->d); i++) {
		uint64_t got = element(bench, &scatter->d, i);

		if (!stored_same(scatter->d.type, want[i], got))
			fail_msg("reduction %u of type %u, element %llu: %#llx, expected %#llx",
				 scatter->reduction, scatter->d.type, (unsigned long long)i,
				 (unsigned long long)got, (unsigned long long)want[i]);
	}
}

/* Sums and products of bool are refused; those of powers of two alone are no powers of two. */
static bool has(unsigned int reduction, unsigned int type)
{
	return (type != TSR_HW_TYPE_BOOL && type != TSR_HW_TYPE_E8M0) ||
	       (reduction != TSR_HW_SCATTER_ADD && reduction != TSR_HW_SCATTER_MUL);
}

/* Return: whether something was stored. */
static bool run_one(struct bench *bench, unsigned int kind, unsigned int reduction,
		    unsigned int type)
{
	struct tsr_hw_gather scatter;
	struct outcome outcome;
	uint64_t *want;
	bool stored;

	bench_reset(bench);
	start(&scatter, kind, reduction);
	indices_random(bench, &scatter, type, true);
	want = expected(bench, &scatter);
	fake_memory_written(bench->memory);
	bench_run(bench, &scatter, &outcome);
	assert_int_equal(outcome.result.error, want ? TSR_HW_ERR_NONE : TSR_HW_ERR_INDEX);
	stored = fake_memory_written(bench->memory);
	if (want) {
		assert_int_equal(outcome.progress, outcome.steps);
		expect(bench, &scatter, want);
	} else {
		assert_false(stored);
	}
	free(want);
	return stored;
}

static void run_random(unsigned int kind)
{
	unsigned int stored = 0;
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 520 + kind);
	for (int i = 0; i < 4 * CASES; i++) {
		unsigned int type = indices_types[bench_below(&bench, INDICES_TYPES)];
		unsigned int reduction = bench_below(&bench, TSR_HW_SCATTER_MAX + 1);

		if (has(reduction, type))
			stored += run_one(&bench, kind, reduction, type);
	}
	assert_true(stored > CASES);
	bench_close(&bench);
}

static void along_an_axis(void **state)
{
	(void)state;
	run_random(TSR_HW_GATHER_AXIS);
}

static void by_element(void **state)
{
	(void)state;
	run_random(TSR_HW_GATHER_ELEMENT);
}

static void by_coordinates(void **state)
{
	(void)state;
	run_random(TSR_HW_GATHER_ND);
}

/* Rows of updates to rows of a table. */
static void make_rows(struct bench *bench, struct tsr_hw_gather *scatter, unsigned int reduction,
		      unsigned int type, uint32_t rows, uint32_t width, uint32_t updates)
{
	start(scatter, TSR_HW_GATHER_AXIS, reduction);
	bench_reset(bench);
	bench_plain(bench, &scatter->x, type, 2, (const uint32_t[]){ updates, width },
		    LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &scatter->index, TSR_HW_TYPE_INT64, 1, &updates, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &scatter->d, type, 2, (const uint32_t[]){ rows, width }, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	for (uint32_t i = 0; i < updates; i++)
		indices_put(bench, &scatter->index, i,
			    (int64_t)bench_below(bench, 2 * rows) - rows);
	indices_step(&scatter->step, &scatter->x);
}

/* Many chunks of places, and slices that several threads share. */
static void rows_of_a_large_table(void **state)
{
	static const uint32_t widths[] = { 1, 3, 200, 40000 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 4 * MEMORY_BYTES, 530);
	for (unsigned int i = 0; i < 8; i++) {
		uint32_t width = widths[i / 2];
		struct tsr_hw_gather scatter;
		struct outcome outcome;
		uint64_t *want;

		make_rows(&bench, &scatter, i & 1 ? TSR_HW_SCATTER_ADD : TSR_HW_SCATTER_NONE,
			  i < 4 ? TSR_HW_TYPE_UINT16 : TSR_HW_TYPE_FP32, 7, width,
			  400000 / (width + 10));
		want = expected(&bench, &scatter);
		bench_run(&bench, &scatter, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		expect(&bench, &scatter, want);
		free(want);
	}
	bench_close(&bench);
}

/* More than a block has, and an odd number. */
#define LONG_ROW	70001u

/* Threads share rows, but no byte of them. */
static void long_rows_of_half_bytes(void **state)
{
	const uint32_t x[] = { 2, LONG_ROW }, d[] = { 3, LONG_ROW }, updates = 2;
	static const uint64_t row_of[] = { 2, 0 };
	struct tsr_hw_gather scatter;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 531);
	start(&scatter, TSR_HW_GATHER_AXIS, TSR_HW_SCATTER_NONE);
	half_tensor_along(&bench, &scatter.x, TSR_HW_TYPE_INT4, 2, x, LAYOUT_DENSE,
			  TSR_HW_SLOT_READ, 1);
	bench_plain(&bench, &scatter.index, TSR_HW_TYPE_INT32, 1, &updates, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	half_tensor_along(&bench, &scatter.d, TSR_HW_TYPE_INT4, 2, d, LAYOUT_DENSE,
			  TSR_HW_SLOT_WRITE, 1);
	for (uint32_t i = 0; i < updates; i++)
		indices_put(&bench, &scatter.index, i, (int64_t)row_of[i]);
	scatter.step.block[0] = 1;
	scatter.step.block[1] = 4096;
	bench_run(&bench, &scatter, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint64_t i = 0; i < updates; i++)
		for (uint64_t k = 0; k < LONG_ROW; k++)
			assert_int_equal(half_at(&bench, &scatter.d, (uint64_t[]){ row_of[i], k }),
					 half_at(&bench, &scatter.x, (uint64_t[]){ i, k }));
	bench_close(&bench);
}

/* Updates along the middle dimension: groups of them, which several threads share. */
static void run_groups(struct bench *bench, unsigned int type, uint32_t groups, uint32_t updates)
{
	struct tsr_hw_gather scatter;
	struct outcome outcome;
	uint64_t *want;

	start(&scatter, TSR_HW_GATHER_AXIS, TSR_HW_SCATTER_ADD);
	bench_reset(bench);
	scatter.axis = 1;
	bench_plain(bench, &scatter.x, type, 3, (const uint32_t[]){ groups, updates, 4 },
		    LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &scatter.index, TSR_HW_TYPE_INT32, 1, &updates, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &scatter.d, type, 3, (const uint32_t[]){ groups, 9, 4 }, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	for (uint32_t i = 0; i < updates; i++)
		indices_put(bench, &scatter.index, i, (int64_t)bench_below(bench, 18) - 9);
	indices_step(&scatter.step, &scatter.x);
	want = expected(bench, &scatter);
	bench_run(bench, &scatter, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	expect(bench, &scatter, want);
	free(want);
}

static void groups_of_places(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 536);
	run_groups(&bench, TSR_HW_TYPE_INT64, 3, 9000);	/* parts of a group */
	run_groups(&bench, TSR_HW_TYPE_UINT16, 5000, 7);	/* several groups at a time */
	run_groups(&bench, TSR_HW_TYPE_UINT8, 70, 16500);	/* more than one chunk */
	bench_close(&bench);
}

static void an_index_outside_stores_nothing(void **state)
{
	struct tsr_hw_gather scatter;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 531);
	for (unsigned int reduction = 0; reduction <= TSR_HW_SCATTER_MAX; reduction++) {
		make_rows(&bench, &scatter, reduction, TSR_HW_TYPE_INT32, 20, 30, 3000);
		indices_put(&bench, &scatter.index, 2999, reduction & 1 ? 20 : -21);
		fake_memory_written(bench.memory);
		bench_run(&bench, &scatter, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_INDEX);
		assert_int_equal(outcome.result.fault, 0);
		assert_int_equal(fake_memory_written(bench.memory), 0);
		assert_int_equal(outcome.progress, 0);
	}
	bench_close(&bench);
}

static void without_updates_no_index_is_read(void **state)
{
	struct tsr_hw_gather scatter;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 532);
	make_rows(&bench, &scatter, TSR_HW_SCATTER_NONE, TSR_HW_TYPE_INT32, 20, 30, 5);
	fake_memory_protect(bench.memory, bench_plain_address(&bench, &scatter.index, 0), false,
			    false);
	scatter.x.dim[1] = 0;
	scatter.d.dim[1] = 0;
	bench_run(&bench, &scatter, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	/* An output without rows has no element that an update could reach. */
	scatter.x.dim[1] = 30;
	scatter.d.dim[1] = 30;
	scatter.d.dim[0] = 0;
	bench_run(&bench, &scatter, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	scatter.d.dim[0] = 20;
	scatter.x.dim[0] = 0;
	scatter.index.dim[0] = 0;
	bench_run(&bench, &scatter, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	bench_close(&bench);
}

static void a_fault_tells_its_address(void **state)
{
	struct tsr_hw_gather scatter;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 533);
	for (unsigned int reduction = 0; reduction <= TSR_HW_SCATTER_ADD; reduction++) {
		make_rows(&bench, &scatter, reduction, TSR_HW_TYPE_FP32, 50, 1024, 100);
		for (uint64_t i = 0; i < 100; i++)
			indices_put(&bench, &scatter.index, i, (int64_t)(i % 40));
		va = bench_plain_address(&bench, &scatter.d, 41 * 1024);
		fake_memory_protect(bench.memory, va, false, false);
		bench_run(&bench, &scatter, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		indices_put(&bench, &scatter.index, 60, 41);
		bench_run(&bench, &scatter, &outcome);
		assert_int_equal(outcome.result.error,
				 reduction ? TSR_HW_ERR_FAULT_READ : TSR_HW_ERR_FAULT_WRITE);
		assert_in_range(outcome.result.fault, va / FAKE_PAGE * FAKE_PAGE, va);
		fake_memory_protect(bench.memory, va, true, true);
		va = bench_plain_address(&bench, &scatter.x, 70 * 1024);
		fake_memory_protect(bench.memory, va, false, true);
		bench_run(&bench, &scatter, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
		assert_in_range(outcome.result.fault, va / FAKE_PAGE * FAKE_PAGE, va);
		fake_memory_protect(bench.memory, va, true, true);
	}
	bench_close(&bench);
}

static void an_abort_stops_between_chunks(void **state)
{
	struct tsr_hw_gather scatter;
	struct outcome outcome;
	struct bench bench;
	uint64_t written;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 534);
	make_rows(&bench, &scatter, TSR_HW_SCATTER_NONE, TSR_HW_TYPE_FP32, 9, 16384, 10);
	fake_memory_written(bench.memory);
	fake_memory_abort_after(bench.memory, 5);
	bench_run(&bench, &scatter, &outcome);
	written = fake_memory_written(bench.memory);
	assert_int_equal(written, 2 * 65536);
	assert_in_range(outcome.progress, 1, outcome.steps - 1);
	bench_close(&bench);
}

static void a_flipped_result_bit_changes_one_update(void **state)
{
	struct tile_flip flip = { TILE_FLIP_NONE, 32 * (8000 + 800 + 77) + 5 };
	struct tsr_hw_gather scatter;
	struct outcome outcome;
	struct bench bench;
	uint64_t *want;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 535);
	make_rows(&bench, &scatter, TSR_HW_SCATTER_NONE, TSR_HW_TYPE_INT32, 1000, 8, 100);
	for (uint64_t i = 0; i < 100; i++)
		indices_put(&bench, &scatter.index, i, (int64_t)(999 - i));
	want = expected(&bench, &scatter);
	bench_run_flipped(&bench, &scatter, &flip, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	/* Of 8,000 elements 800 are stored: number 77 of them is in row 9, so in row 990. */
	want[990 * 8 + 77 % 8] ^= 1 << 5;
	expect(&bench, &scatter, want);
	free(want);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(along_an_axis),
		cmocka_unit_test(by_element),
		cmocka_unit_test(by_coordinates),
		cmocka_unit_test(rows_of_a_large_table),
		cmocka_unit_test(long_rows_of_half_bytes),
		cmocka_unit_test(groups_of_places),
		cmocka_unit_test(an_index_outside_stores_nothing),
		cmocka_unit_test(without_updates_no_index_is_read),
		cmocka_unit_test(a_fault_tells_its_address),
		cmocka_unit_test(an_abort_stops_between_chunks),
		cmocka_unit_test(a_flipped_result_bit_changes_one_update),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
