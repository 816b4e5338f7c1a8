/* SPDX-License-Identifier: MIT */
/* SORT against insertion by comparison of values, element by element. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <number/load.h>
#include <number/types.h>

#include "bench.h"
#include "half_tensors.h"
#include "indices.h"
#include "stored.h"

/* Which outputs a command has. */
#define VALUES	1u
#define INDICES	2u

static void start(struct tsr_hw_sort *sort, bool descending)
{
	memset(sort, 0, sizeof(*sort));
	sort->head.op = TSR_HW_OP_SORT;
	sort->head.size = sizeof(*sort);
	sort->descending = descending;
}

static uint64_t element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			uint64_t number)
{
	return indices_bits(bench, tensor, bench_plain_address(bench, tensor, number));
}

/* Whether the first goes in front of the second, wherever they lie. */
static bool before(unsigned int type, bool descending, uint64_t a, uint64_t b)
{
	float x;
	float y;

	if (descending)
		return before(type, false, b, a);
	if (!stored_is_float(type))
		return stored_integer(type, a) < stored_integer(type, b);
	x = stored_float(type, a);
	y = stored_float(type, b);
	return isnan(y) ? !isnan(x) : x < y;
}

/* Places of a row's elements, in order: each goes behind those that it is not in front of. */
static void sort_row(const struct tsr_hw_sort *sort, const uint64_t *row, uint64_t n,
		     uint64_t *order)
{
	for (uint64_t i = 0; i < n; i++) {
		uint64_t at = i;

		for (; at && before(sort->x.type, sort->descending, row[i], row[order[at - 1]]);
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}

/* Few different values, so that many are equal; zeros of both signs, not-a-number, infinity. */
static void put_ties(struct bench *bench, const struct tsr_hw_tensor *x)
{
	unsigned int bits = 8 * bench_size(x->type);
	const uint64_t some[] = { 0, 1ull << (bits - 1), UINT64_MAX, UINT64_MAX >> (65 - bits), 1,
				  bench_random(bench) };

	for (uint64_t i = 0; i < bench_plain_elements(x); i++)
		if (bench_below(bench, 3))
			fake_memory_poke(bench->memory, bench_plain_address(bench, x, i),
					 &some[bench_below(bench, 6)], bits / 8);
}

static void make(struct bench *bench, struct tsr_hw_sort *sort, unsigned int type,
		 unsigned int rank, uint32_t *dim, uint32_t k, unsigned int outputs)
{
	uint32_t n = dim[rank - 1];

	bench_plain(bench, &sort->x, type, rank, dim, bench_any_layout(bench) | LAYOUT_REPEAT,
		    TSR_HW_SLOT_READ);
	put_ties(bench, &sort->x);
	indices_step(&sort->step, &sort->x);
	sort->k = k;
	dim[rank - 1] = k;
	bench_absent(&sort->values);
	bench_absent(&sort->indices);
	if (outputs & VALUES)
		bench_plain(bench, &sort->values, type, rank, dim, bench_any_layout(bench),
			    TSR_HW_SLOT_WRITE);
	if (outputs & INDICES)
		bench_plain(bench, &sort->indices, TSR_HW_TYPE_INT64, rank, dim,
			    bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	dim[rank - 1] = n;
}

static void expect_row(const struct bench *bench, const struct tsr_hw_sort *sort, uint64_t number,
		       uint64_t n, unsigned int outputs)
{
	uint64_t *row = calloc(2 * n, sizeof(*row));
	uint64_t *order = row + n;

	assert_non_null(row);
	for (uint64_t i = 0; i < n; i++)
		row[i] = element(bench, &sort->x, number * n + i);
	sort_row(sort, row, n, order);
	for (uint64_t i = 0; i < sort->k; i++) {
		if (outputs & VALUES)
			assert_int_equal(element(bench, &sort->values, number * sort->k + i),
					 row[order[i]]);
		if (outputs & INDICES)
			assert_int_equal(element(bench, &sort->indices, number * sort->k + i),
					 order[i]);
	}
	free(row);
}

static void run_random(bool descending)
{
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 540 + descending);
	for (int i = 0; i < 3 * CASES; i++) {
		unsigned int rank = 1 + bench_below(&bench, TSR_HW_MAX_RANK);
		unsigned int outputs = 1 + bench_below(&bench, 3);
		uint32_t dim[TSR_HW_MAX_RANK];
		struct tsr_hw_sort sort;
		struct outcome outcome;
		uint32_t n;

		bench_reset(&bench);
		start(&sort, descending);
		for (unsigned int d = 0; d < rank; d++)
			dim[d] = bench_extent(&bench, d + 1 == rank ? 70 : rank < 4 ? 12 : 3);
		n = dim[rank - 1];
		make(&bench, &sort, indices_types[i % INDICES_TYPES], rank, dim,
		     bench_below(&bench, n + 1), outputs);
		fake_memory_written(bench.memory);
		bench_run(&bench, &sort, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		if (bench_plain_elements(&sort.x))
			for (uint64_t row = 0; row < bench_plain_elements(&sort.x) / n; row++)
				expect_row(&bench, &sort, row, n, outputs);
		else
			assert_int_equal(fake_memory_written(bench.memory), 0);
	}
	bench_close(&bench);
}

static void ascending(void **state)
{
	(void)state;
	run_random(false);
}

static void descending(void **state)
{
	(void)state;
	run_random(true);
}

/* Sorted, stable, and every place once: together that leaves one order only. */
static void long_rows(void **state)
{
	static const uint8_t types[] = { TSR_HW_TYPE_INT64, TSR_HW_TYPE_FP32, TSR_HW_TYPE_UINT8 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 542);
	for (unsigned int i = 0; i < 6; i++) {
		uint32_t dim[] = { 3, 30000 };
		struct tsr_hw_sort sort;
		struct outcome outcome;
		uint8_t *seen = calloc(3, 30000);

		assert_non_null(seen);
		bench_reset(&bench);
		start(&sort, i & 1);
		make(&bench, &sort, types[i / 2], 2, dim, 30000, VALUES | INDICES);
		bench_run(&bench, &sort, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t at = 0; at < 90000; at++) {
			uint64_t index = element(&bench, &sort.indices, at);
			uint64_t value = element(&bench, &sort.values, at);

			assert_true(index < 30000 && !seen[at / 30000 * 30000 + index]++);
			assert_int_equal(value, element(&bench, &sort.x,
							at / 30000 * 30000 + index));
			if (at % 30000 == 0)
				continue;
			assert_false(before(sort.x.type, sort.descending, value,
					    element(&bench, &sort.values, at - 1)));
			if (!before(sort.x.type, sort.descending,
				    element(&bench, &sort.values, at - 1), value))
				assert_true(element(&bench, &sort.indices, at - 1) < index);
		}
		free(seen);
	}
	bench_close(&bench);
}

/* More rows than are sorted at a time. */
static void many_short_rows(void **state)
{
	uint32_t dim[] = { 700001, 2 };
	struct tsr_hw_sort sort;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 8 * MEMORY_BYTES, 543);
	start(&sort, false);
	make(&bench, &sort, TSR_HW_TYPE_UINT8, 2, dim, 1, VALUES | INDICES);
	bench_run(&bench, &sort, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	for (uint64_t row = 0; row < 700001; row += 13)
		expect_row(&bench, &sort, row, 2, VALUES | INDICES);
	bench_close(&bench);
}

static void expect_fault(struct bench *bench, const struct tsr_hw_sort *sort,
			 const struct tsr_hw_tensor *tensor, int error)
{
	uint64_t va = bench_plain_address(bench, tensor, 5000);
	struct outcome outcome;

	fake_memory_protect(bench->memory, va, error != TSR_HW_ERR_FAULT_READ,
			    error != TSR_HW_ERR_FAULT_WRITE);
	fake_memory_written(bench->memory);
	bench_run(bench, sort, &outcome);
	assert_int_equal(outcome.result.error, error);
	assert_in_range(outcome.result.fault, va / FAKE_PAGE * FAKE_PAGE, va);
	if (error == TSR_HW_ERR_FAULT_READ)
		assert_int_equal(fake_memory_written(bench->memory), 0);
	fake_memory_protect(bench->memory, va, true, true);
}

static void a_fault_tells_its_address(void **state)
{
	const uint32_t dim[] = { 100, 100 };
	struct tsr_hw_sort sort;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 544);
	start(&sort, false);
	bench_plain(&bench, &sort.x, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(&bench, &sort.values, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
	bench_plain(&bench, &sort.indices, TSR_HW_TYPE_INT64, 2, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
	sort.k = 100;
	indices_step(&sort.step, &sort.x);
	expect_fault(&bench, &sort, &sort.x, TSR_HW_ERR_FAULT_READ);
	expect_fault(&bench, &sort, &sort.values, TSR_HW_ERR_FAULT_WRITE);
	expect_fault(&bench, &sort, &sort.indices, TSR_HW_ERR_FAULT_WRITE);
	bench_close(&bench);
}

static void an_abort_is_obeyed_before_the_first_store(void **state)
{
	uint32_t dim[] = { 30000 };
	struct tsr_hw_sort sort;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 545);
	start(&sort, false);
	make(&bench, &sort, TSR_HW_TYPE_INT64, 1, dim, 30000, VALUES);
	for (unsigned int polls = 1; polls < 12; polls += 5) {
		fake_memory_written(bench.memory);
		fake_memory_abort_after(bench.memory, polls);
		bench_run(&bench, &sort, &outcome);
		assert_int_equal(fake_memory_written(bench.memory), 0);
		assert_int_equal(outcome.progress, 0);
	}
	bench_close(&bench);
}

static void a_flipped_result_bit_changes_one_element(void **state)
{
	for (unsigned int outputs = VALUES; outputs <= (VALUES | INDICES); outputs++) {
		struct tile_flip flip = { TILE_FLIP_NONE, 2 * 64 + 5 };
		uint32_t dim[] = { 9 };
		unsigned int changed = 0;
		struct tsr_hw_sort sort;
		struct outcome outcome;
		struct bench bench;

		bench_open(&bench, "edge", MEMORY_BYTES, 546);
		start(&sort, false);
		make(&bench, &sort, TSR_HW_TYPE_INT64, 1, dim, 9, outputs);
		bench_plain(&bench, &sort.x, TSR_HW_TYPE_INT64, 1, dim, LAYOUT_DENSE,
			    TSR_HW_SLOT_READ);
		for (uint64_t i = 0; i < 9; i++)
			indices_put(&bench, &sort.x, i, (int64_t)i);
		bench_run_flipped(&bench, &sort, &flip, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t i = 0; i < 9; i++) {
			if (outputs & VALUES)
				changed += element(&bench, &sort.values, i) != i;
			if (outputs & INDICES)
				changed += element(&bench, &sort.indices, i) != i;
		}
		assert_int_equal(changed, 1);
		bench_close(&bench);
	}
	(void)state;
}

static float half_value(unsigned int type, uint8_t bits)
{
	union {
		float f32;
		int32_t i32;
	} value;

	number_load(type, &bits, &value, 1);
	return number_class_of(type) == NUMBER_F32 ? value.f32 : (float)value.i32;
}

/* Each value is what its index leads to, the indices are in order, and none is there twice. */
static void expect_half_row(const struct bench *bench, const struct tsr_hw_sort *sort, uint64_t row)
{
	uint64_t first = row * sort->x.dim[1];
	uint64_t last = 0;

	for (uint64_t i = 0; i < sort->k; i++) {
		uint64_t index = element(bench, &sort->indices, row * sort->k + i);
		uint8_t bits = half_element(bench, &sort->x, first + index);
		float value = half_value(sort->x.type, bits);
		uint8_t before_bits = half_element(bench, &sort->x, first + last);
		float preceding = half_value(sort->x.type, before_bits);

		assert_int_equal(half_element(bench, &sort->values, row * sort->k + i), bits);
		assert_true(!i || (sort->descending ? preceding > value : preceding < value) ||
			    (preceding == value && last < index));
		last = index;
	}
	for (uint64_t i = 0; i < sort->x.dim[1]; i++) {
		float value = half_value(sort->x.type, half_element(bench, &sort->x, first + i));
		float end = half_value(sort->x.type, half_element(bench, &sort->x, first + last));

		if (sort->k == sort->x.dim[1])
			continue;
		/* What was left out is not in front of the last one that was taken. */
		if (sort->descending ? value > end : value < end) {
			uint64_t n = 0;

			while (element(bench, &sort->indices, row * sort->k + n) != i)
				assert_true(++n < sort->k);
		}
	}
}

static void make_halves(struct bench *bench, struct tsr_hw_sort *sort, unsigned int type,
			uint32_t rows, uint32_t n, uint32_t k)
{
	const uint32_t from[] = { rows, n }, to[] = { rows, k };

	start(sort, bench_below(bench, 2));
	do {
		bench_reset(bench);
		half_tensor(bench, &sort->x, type, 2, from, bench_any_layout(bench) | LAYOUT_REPEAT,
			    TSR_HW_SLOT_READ);
		half_tensor(bench, &sort->values, type, 2, to, bench_any_layout(bench),
			    TSR_HW_SLOT_WRITE);
	} while (sort->values.stride[1] != 1);
	bench_plain(bench, &sort->indices, TSR_HW_TYPE_INT64, 2, to, bench_any_layout(bench),
		    TSR_HW_SLOT_WRITE);
	sort->k = k;
	sort->step.block[0] = 2;
	sort->step.block[1] = 2048;
}

static void elements_of_half_a_byte_are_sorted(void **state)
{
	static const uint8_t types[] = { TSR_HW_TYPE_INT4, TSR_HW_TYPE_UINT4,
					 TSR_HW_TYPE_FP4_E2M1 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 547);
	for (unsigned int i = 0; i < CASES; i++) {
		uint32_t rows = 1 + bench_below(&bench, i % 10 ? 30 : 9000);
		uint32_t n = 3 + bench_below(&bench, i % 10 ? 60 : 12);
		struct tsr_hw_sort sort;
		struct outcome outcome;

		make_halves(&bench, &sort, types[i % 3], rows, n, 2 + bench_below(&bench, n - 1));
		bench_run(&bench, &sort, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t row = 0; row < rows; row++)
			expect_half_row(&bench, &sort, row);
		assert_true(half_padding(&bench, &sort.values));
	}
	bench_close(&bench);
}

/* Two rows would write to the same bytes. */
static void rows_that_share_bytes_are_unsupported(void **state)
{
	struct tsr_hw_sort sort;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 548);
	make_halves(&bench, &sort, TSR_HW_TYPE_INT4, 4, 4, 4);
	sort.values.stride[0] = 1;
	sort.values.stride[1] = 4;
	bench.slot[sort.values.slot].size = FAKE_PAGE;
	bench_run(&bench, &sort, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_UNSUPPORTED);
	sort.values.stride[0] = 4;
	sort.values.stride[1] = 1;
	bench_run(&bench, &sort, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascending),
		cmocka_unit_test(descending),
		cmocka_unit_test(long_rows),
		cmocka_unit_test(many_short_rows),
		cmocka_unit_test(a_fault_tells_its_address),
		cmocka_unit_test(an_abort_is_obeyed_before_the_first_store),
		cmocka_unit_test(a_flipped_result_bit_changes_one_element),
		cmocka_unit_test(elements_of_half_a_byte_are_sorted),
		cmocka_unit_test(rows_that_share_bytes_are_unsupported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
