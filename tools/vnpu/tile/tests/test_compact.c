/* SPDX-License-Identifier: MIT */
/* COMPACT against a walk over all elements. */
#include "suite.h"

#include <string.h>

#include "bench.h"
#include "half_tensors.h"
#include "indices.h"
#include "stored.h"

static const uint32_t one[] = { 1, 1 };

static uint64_t element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			uint64_t number)
{
	return indices_bits(bench, tensor, bench_plain_address(bench, tensor, number));
}

static bool is_zero(unsigned int type, uint64_t bits)
{
	return stored_is_float(type) ? stored_float(type, bits) == 0 : !bits;
}

/* A third of the elements are 0, some -0. */
static void put_zeros(struct bench *bench, const struct tsr_hw_tensor *x)
{
	unsigned int bits = 8 * bench_size(x->type);
	const uint64_t zeros[] = { 0, 0, 1ull << (bits - 1) };

	for (uint64_t i = 0; i < bench_plain_elements(x); i++)
		if (!bench_below(bench, 3))
			fake_memory_poke(bench->memory, bench_plain_address(bench, x, i),
					 &zeros[bench_below(bench, 3)], bits / 8);
}

static uint64_t count_of(const struct bench *bench, const struct tsr_hw_tensor *x)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < bench_plain_elements(x); i++)
		count += !is_zero(x->type, element(bench, x, i));
	return count;
}

static void make(struct bench *bench, struct tsr_hw_compact *compact, unsigned int type,
		 unsigned int rank, const uint32_t *dim, unsigned int layout)
{
	memset(compact, 0, sizeof(*compact));
	compact->head.op = TSR_HW_OP_COMPACT;
	compact->head.size = sizeof(*compact);
	bench_plain(bench, &compact->x, type, rank, dim, layout, TSR_HW_SLOT_READ);
	put_zeros(bench, &compact->x);
	bench_plain(bench, &compact->count, TSR_HW_TYPE_INT64, bench_below(bench, 3), one,
		    LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	indices_step(&compact->step, &compact->x);
}

static void make_room(struct bench *bench, struct tsr_hw_compact *compact, uint64_t room)
{
	const uint32_t dim[] = { (uint32_t)room, compact->x.rank };

	bench_plain(bench, &compact->coords, TSR_HW_TYPE_INT64, 2, dim, bench_any_layout(bench),
		    TSR_HW_SLOT_WRITE);
}

static void expect(const struct bench *bench, const struct tsr_hw_compact *compact)
{
	unsigned int rank = compact->x.rank;
	uint64_t at[TSR_HW_MAX_RANK];
	uint64_t found = 0;

	for (uint64_t i = 0; i < bench_plain_elements(&compact->x); i++) {
		if (is_zero(compact->x.type, element(bench, &compact->x, i)))
			continue;
		indices_coordinates(&compact->x, i, at);
		for (unsigned int k = 0; k < rank; k++)
			assert_int_equal(element(bench, &compact->coords, found * rank + k),
					 at[k]);
		found++;
	}
	assert_int_equal(element(bench, &compact->count, 0), found);
}

static void coordinates_are_in_row_major_order(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 550);
	for (int i = 0; i < 3 * CASES; i++) {
		unsigned int rank = bench_below(&bench, TSR_HW_MAX_RANK + 1);
		uint32_t dim[TSR_HW_MAX_RANK];
		struct tsr_hw_compact compact;
		struct outcome outcome;
		uint64_t count;

		bench_reset(&bench);
		for (unsigned int d = 0; d < rank; d++)
			dim[d] = bench_extent(&bench, rank < 3 ? 90 : rank < 6 ? 6 : 3);
		make(&bench, &compact, indices_types[i % INDICES_TYPES], rank, dim,
		     bench_any_layout(&bench) | LAYOUT_REPEAT);
		count = count_of(&bench, &compact.x);
		make_room(&bench, &compact, count + bench_below(&bench, 3));
		fake_memory_written(bench.memory);
		bench_run(&bench, &compact, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		expect(&bench, &compact);
		assert_int_equal(fake_memory_written(bench.memory), 8 * (count * rank + 1));
	}
	bench_close(&bench);
}

/* Several chunks of many blocks. */
static void large_tensors(void **state)
{
	const uint32_t dim[] = { 3, 1000, 400 };
	struct tsr_hw_compact compact;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 8 * MEMORY_BYTES, 551);
	make(&bench, &compact, TSR_HW_TYPE_BOOL, 3, dim, LAYOUT_DENSE);
	make_room(&bench, &compact, count_of(&bench, &compact.x));
	bench_run(&bench, &compact, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	expect(&bench, &compact);
	bench_close(&bench);
}

static void too_little_room_is_an_error_without_a_count(void **state)
{
	const uint32_t dim[] = { 40, 50 };
	const int64_t untouched = -7;
	struct tsr_hw_compact compact;
	struct outcome outcome;
	struct bench bench;
	uint64_t count;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 552);
	for (unsigned int room = 0; room < 2; room++) {
		bench_reset(&bench);
		make(&bench, &compact, TSR_HW_TYPE_FP16, 2, dim, LAYOUT_DENSE);
		count = count_of(&bench, &compact.x);
		make_room(&bench, &compact, room ? count - 1 : 0);
		indices_put(&bench, &compact.count, 0, untouched);
		fake_memory_written(bench.memory);
		bench_run(&bench, &compact, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_INDEX);
		assert_int_equal(outcome.result.fault, 0);
		assert_int_equal(element(&bench, &compact.count, 0), (uint64_t)untouched);
		assert_int_equal(fake_memory_written(bench.memory), 0);
	}
	bench_close(&bench);
}

static void of_nothing_the_count_is_zero(void **state)
{
	const uint32_t dim[] = { 4, 0 };
	struct tsr_hw_compact compact;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 553);
	make(&bench, &compact, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE);
	make_room(&bench, &compact, 0);
	indices_put(&bench, &compact.count, 0, -7);
	bench_run(&bench, &compact, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(element(&bench, &compact.count, 0), 0);
	bench_close(&bench);
}

static void expect_fault(struct bench *bench, const struct tsr_hw_compact *compact,
			 const struct tsr_hw_tensor *tensor, int error)
{
	uint64_t va = bench_plain_address(bench, tensor, 0);
	struct outcome outcome;

	fake_memory_protect(bench->memory, va, error != TSR_HW_ERR_FAULT_READ,
			    error != TSR_HW_ERR_FAULT_WRITE);
	bench_run(bench, compact, &outcome);
	assert_int_equal(outcome.result.error, error);
	assert_int_equal(outcome.result.fault, va);
	fake_memory_protect(bench->memory, va, true, true);
}

static void a_fault_tells_its_address(void **state)
{
	struct tsr_hw_compact compact;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 554);
	make(&bench, &compact, TSR_HW_TYPE_INT8, 1, (const uint32_t[]){ 9000 }, LAYOUT_DENSE);
	bench_plain(&bench, &compact.coords, TSR_HW_TYPE_INT64, 2, (const uint32_t[]){ 9000, 1 },
		    LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	expect_fault(&bench, &compact, &compact.x, TSR_HW_ERR_FAULT_READ);
	expect_fault(&bench, &compact, &compact.coords, TSR_HW_ERR_FAULT_WRITE);
	expect_fault(&bench, &compact, &compact.count, TSR_HW_ERR_FAULT_WRITE);
	bench_close(&bench);
}

static void an_abort_is_obeyed_before_the_first_store(void **state)
{
	struct tsr_hw_compact compact;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 555);
	make(&bench, &compact, TSR_HW_TYPE_INT8, 1, (const uint32_t[]){ 90000 }, LAYOUT_DENSE);
	make_room(&bench, &compact, 90000);
	fake_memory_written(bench.memory);
	fake_memory_abort_after(bench.memory, 9);
	bench_run(&bench, &compact, &outcome);
	assert_int_equal(fake_memory_written(bench.memory), 0);
	assert_int_equal(outcome.progress, 0);
	bench_close(&bench);
}

/* In the low three bits of fp4 there is no sign. */
static bool half_is_zero(unsigned int type, uint8_t bits)
{
	return !(type == TSR_HW_TYPE_FP4_E2M1 ? bits & 7 : bits);
}

static void elements_of_half_a_byte_are_found(void **state)
{
	static const uint8_t types[] = { TSR_HW_TYPE_INT4, TSR_HW_TYPE_UINT4,
					 TSR_HW_TYPE_FP4_E2M1 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 557);
	for (unsigned int i = 0; i < CASES; i++) {
		const uint32_t dim[] = { 1 + bench_below(&bench, 90), 1 + bench_below(&bench, 90) };
		struct tsr_hw_compact compact;
		struct outcome outcome;
		uint64_t found = 0;

		bench_reset(&bench);
		make(&bench, &compact, TSR_HW_TYPE_INT8, 2, dim, LAYOUT_DENSE);
		half_tensor(&bench, &compact.x, types[i % 3], 2, dim,
			    bench_any_layout(&bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
		compact.step.block[0] = 2;
		compact.step.block[1] = 2048;
		make_room(&bench, &compact, dim[0] * dim[1]);
		bench_run(&bench, &compact, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t k = 0; k < dim[0] * dim[1]; k++) {
			if (half_is_zero(compact.x.type, half_element(&bench, &compact.x, k)))
				continue;
			assert_int_equal(element(&bench, &compact.coords, 2 * found), k / dim[1]);
			assert_int_equal(element(&bench, &compact.coords, 2 * found + 1),
					 k % dim[1]);
			found++;
		}
		assert_int_equal(element(&bench, &compact.count, 0), found);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coordinates_are_in_row_major_order),
		cmocka_unit_test(large_tensors),
		cmocka_unit_test(too_little_room_is_an_error_without_a_count),
		cmocka_unit_test(of_nothing_the_count_is_zero),
		cmocka_unit_test(a_fault_tells_its_address),
		cmocka_unit_test(an_abort_is_obeyed_before_the_first_store),
		cmocka_unit_test(elements_of_half_a_byte_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
