/* SPDX-License-Identifier: MIT */
/* Tensors of elements of half a byte: their layouts, their place, and reading them. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "bench.h"
#include "tile/gather.h"
#include "tile/tensor.h"
#include "tile/tile.h"
#include "tile/view.h"

#define TYPES	(TYPES_BYTES | TYPES_HALVES)
#define ROOM	(1u << 20)
#define MOST	70000u

static const struct tsr_hw_slot slot = {
	.address = FAKE_BASE, .size = ROOM, .flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
};

static const struct tile_request request = {
	.kind = TSR_HW_ENGINE_TENSOR, .slots = &slot, .slot_count = 1,
};

/* int4 [3, 5], rows of three bytes. */
static struct tsr_hw_tensor good(void)
{
	return (struct tsr_hw_tensor){
		.type = TSR_HW_TYPE_INT4, .rank = 2, .offset = 7, .dim = { 3, 5 },
		.stride = { 6, 1 },
	};
}

static int error_of(const struct tsr_hw_tensor *raw, unsigned int use)
{
	struct tensor tensor;

	return tensor_decode(&request, raw, TYPES, use, &tensor);
}

static void one_dimension_has_neighbours_in_a_byte(void **state)
{
	struct tsr_hw_tensor raw = good();

	(void)state;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_NONE);
	raw.stride[0] = 0;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_NONE);
	raw.stride[0] = 5;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_COMMAND);
	raw.stride[0] = 1;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_COMMAND);
	raw.stride[0] = -(uint64_t)6;
	raw.offset = 100;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_COMMAND);
	raw = good();
	raw.stride[1] = 2;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_COMMAND);
	raw.stride[1] = 0;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_COMMAND);
	raw.dim[0] = raw.dim[1] = 1;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_NONE);
}

static void a_place_is_counted_in_whole_bytes(void **state)
{
	struct tsr_hw_tensor raw = good();
	struct tensor tensor;

	(void)state;
	raw.offset = ROOM - 9;
	assert_int_equal(tensor_decode(&request, &raw, TYPES, 0, &tensor), TSR_HW_ERR_NONE);
	assert_int_equal(tensor.va, FAKE_BASE + ROOM - 9);
	assert_int_equal(tensor_bytes(&tensor), 9);
	raw.offset++;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_SLOT);
	raw.dim[1] = 4;
	assert_int_equal(error_of(&raw, 0), TSR_HW_ERR_NONE);
}

static void where_they_are_not_taken_they_are_unsupported(void **state)
{
	struct tsr_hw_tensor raw = good();
	struct tensor tensor;

	(void)state;
	assert_int_equal(tensor_decode(&request, &raw, TYPES_BYTES, 0, &tensor),
			 TSR_HW_ERR_UNSUPPORTED);
	assert_int_equal(tensor_decode(&request, &raw, TYPES_BYTES | TYPE_BIT(TSR_HW_TYPE_UINT4), 0,
				       &tensor), TSR_HW_ERR_UNSUPPORTED);
}

/* Any dimension is the one with neighbours in a byte; the others lie apart in any order. */
static void make(struct bench *bench, struct tsr_hw_tensor *raw, uint32_t extent)
{
	unsigned int packed;
	uint64_t step;

	*raw = (struct tsr_hw_tensor){ .type = TSR_HW_TYPE_UINT4, .offset = bench_below(bench, 9) };
	raw->rank = (uint8_t)(1 + bench_below(bench, 4));
	packed = bench_below(bench, raw->rank);
	for (unsigned int i = 0; i < raw->rank; i++)
		raw->dim[i] = 1 + bench_below(bench, 7);
	raw->dim[packed] = extent;
	raw->stride[packed] = 1;
	step = 2 * ((extent + 1) / 2 + bench_below(bench, 2));
	for (unsigned int n = 1; n < raw->rank; n++) {
		unsigned int i = (packed + n) % raw->rank;

		if (!bench_below(bench, 5))
			continue;
		raw->stride[i] = step;
		step *= raw->dim[i] + bench_below(bench, 2);
	}
}

static uint8_t element(const struct bench *bench, const struct tsr_hw_tensor *raw, uint64_t index)
{
	uint64_t half = 2 * (FAKE_BASE + raw->offset);
	uint8_t byte;

	for (unsigned int i = raw->rank; i-- > 0; index /= raw->dim[i])
		half += index % raw->dim[i] * raw->stride[i];
	fake_memory_peek(bench->memory, half / 2, &byte, 1);
	return half % 2 ? byte >> 4 : byte & 0xf;
}

static void assert_range(struct bench *bench, const struct tsr_hw_tensor *raw, uint64_t first,
			 uint64_t n)
{
	struct tile_memory memory = fake_memory_accessors(bench->memory);
	uint8_t *got = malloc(n + 1);
	struct tensor tensor;
	struct view view;
	uint64_t fault;

	assert_non_null(got);
	got[n] = 0xa5;
	assert_int_equal(tensor_decode(&request, raw, TYPES, 0, &tensor), TSR_HW_ERR_NONE);
	view_tensor(&view, &tensor);
	assert_int_equal(gather(&memory, &view, first, n, got, &fault), TSR_HW_ERR_NONE);
	for (uint64_t i = 0; i < n; i++)
		assert_int_equal(got[i], element(bench, raw, first + i));
	assert_int_equal(got[n], 0xa5);
	free(got);
}

static void open_random(struct bench *bench)
{
	bench_open(bench, "edge", ROOM, 1);
	for (uint64_t i = 0; i < ROOM; i += 4) {
		uint32_t word = bench_random(bench);

		fake_memory_poke(bench->memory, FAKE_BASE + i, &word, sizeof(word));
	}
}

static void any_range_of_any_layout_is_read(void **state)
{
	struct tsr_hw_tensor raw;
	struct bench bench;

	(void)state;
	open_random(&bench);
	for (unsigned int i = 0; i < 4 * CASES; i++) {
		uint64_t elements = 1, first;

		make(&bench, &raw, 2 + bench_below(&bench, i % 50 ? 9 : MOST));
		for (unsigned int k = 0; k < raw.rank; k++)
			elements *= raw.dim[k];
		if (elements > 16 * MOST)
			continue;
		first = bench_below(&bench, (uint32_t)elements);
		assert_range(&bench, &raw, first,
			     1 + bench_below(&bench, (uint32_t)(elements - first)));
		assert_range(&bench, &raw, 0, elements);
	}
	bench_close(&bench);
}

/* More elements of a row than are read at once, neighbours of those of the other rows. */
static void long_rows_whose_elements_lie_apart_are_read(void **state)
{
	static const struct tsr_hw_tensor layouts[] = {
		{ .type = TSR_HW_TYPE_UINT4, .rank = 2, .offset = 3, .dim = { 3, 9000 },
		  .stride = { 1, 4 } },
		{ .type = TSR_HW_TYPE_INT4, .rank = 3, .dim = { 2, 3, 20000 },
		  .stride = { 1, 2, 6 } },
	};
	struct bench bench;

	(void)state;
	open_random(&bench);
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		uint64_t elements = bench_plain_elements(&layouts[i]);

		assert_range(&bench, &layouts[i], 0, elements);
		assert_range(&bench, &layouts[i], 7, elements - 7);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_dimension_has_neighbours_in_a_byte),
		cmocka_unit_test(a_place_is_counted_in_whole_bytes),
		cmocka_unit_test(where_they_are_not_taken_they_are_unsupported),
		cmocka_unit_test(any_range_of_any_layout_is_read),
		cmocka_unit_test(long_rows_whose_elements_lie_apart_are_read),
	};

	return cmocka_run_group_tests_name("halves", tests, NULL, NULL);
}
