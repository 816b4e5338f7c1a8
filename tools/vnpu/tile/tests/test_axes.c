/* SPDX-License-Identifier: MIT */
/* Dimensions that take part innermost, and halves of bytes in that order: against counting. */
#include "suite.h"

#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/types.h>

#include "bench.h"
#include "half_tensors.h"
#include "tile/axes.h"
#include "tile/execution.h"
#include "tile/halves.h"
#include "tile/halves_output.h"
#include "tile/nonfinite.h"
#include "tile/tensor.h"
#include "tile/tile.h"
#include "tile/view.h"

#define RANK 4u

static void a_mask_names_dimensions_that_there_are(void **state)
{
	(void)state;
	for (unsigned int rank = 0; rank <= TSR_HW_MAX_RANK; rank++) {
		assert_int_equal(axes_check(0, rank), TSR_HW_ERR_COMMAND);
		assert_int_equal(axes_check(1u << rank, rank), TSR_HW_ERR_COMMAND);
		assert_int_equal(axes_check(0xff, rank), rank == 8 ? TSR_HW_ERR_NONE :
								      TSR_HW_ERR_COMMAND);
		if (rank)
			assert_int_equal(axes_check((1u << rank) - 1, rank), TSR_HW_ERR_NONE);
	}
}

/* Coordinates of the number-th element, where those that take part count first. */
static void coordinates(const uint64_t *dim, uint32_t axes, uint64_t number, uint64_t *at)
{
	for (int inner = 1; inner >= 0; inner--) {
		for (unsigned int i = RANK; i-- > 0;) {
			if ((axes >> i & 1) != (uint32_t)inner)
				continue;
			at[i] = number % dim[i];
			number /= dim[i];
		}
	}
}

static void those_that_take_part_are_innermost(void **state)
{
	const struct tensor tensor = {
		.va = 0x1000, .size = 1, .rank = RANK, .dim = { 2, 3, 4, 5 },
		.stride = { 1000, 7, 100000, 31 },
	};

	(void)state;
	for (uint32_t axes = 0; axes < 1u << RANK; axes++) {
		uint64_t elements = 1;
		struct view view;
		struct span span;

		for (unsigned int i = 0; i < RANK; i++) {
			unsigned int before = 0;

			elements *= axes >> i & 1 ? tensor.dim[i] : 1;
			for (unsigned int k = 0; k < RANK; k++)
				before += (axes >> k & 1) == (axes >> i & 1) ? k < i :
					  (axes >> i & 1);
			assert_int_equal(axes_position(RANK, axes, i), before);
		}
		assert_int_equal(axes_elements(&tensor, axes), elements);
		axes_view(&view, &tensor, axes);
		for (uint64_t n = 0; n < 120; n++) {
			uint64_t at[RANK], va = tensor.va;

			coordinates(tensor.dim, axes, n, at);
			for (unsigned int i = 0; i < RANK; i++)
				va += at[i] * tensor.stride[i];
			view_span(&view, n, 1, &span);
			assert_int_equal(span.va, va);
		}
	}
}

static uint8_t half_of(const uint8_t *bytes, uint64_t half)
{
	return half % 2 ? bytes[half / 2] >> 4 : bytes[half / 2] & 0xf;
}

static void neighbours_come_from_either_half_on(void **state)
{
	uint8_t bytes[40], to[81];

	(void)state;
	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37 + 11);
	for (unsigned int first = 0; first < 2; first++) {
		for (uint64_t n = 0; n + first <= 80; n++) {
			memset(to, 0x77, sizeof(to));
			halves_unpack(bytes, first, to, n);
			for (uint64_t i = 0; i < n; i++)
				assert_int_equal(to[i], half_of(bytes, first + i));
			assert_int_equal(to[n], 0x77);
		}
	}
}

static void rows_lie_in_one_half_or_by_turns(void **state)
{
	uint8_t bytes[200], to[101];

	(void)state;
	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 91 + 5);
	for (int packed = 0; packed < 2; packed++) {
		for (unsigned int first = 0; first < 2; first++) {
			memset(to, 0x77, sizeof(to));
			halves_rows(bytes, first, packed, 10, 10, to);
			for (unsigned int i = 0; i < 100; i++) {
				unsigned int row = packed ? (first + i / 10) / 2 : i / 10;
				unsigned int half = packed ? (first + i / 10) % 2 : first;

				assert_int_equal(to[i], bytes[10 * row + i % 10] >> 4 * half & 0xf);
			}
			assert_int_equal(to[100], 0x77);
		}
	}
}

/*
 * An odd row has one place more than elements; the next row's first element is what it has there.
 */
static void every_second_place_begins_a_byte(void **state)
{
	(void)state;
	assert_int_equal(halves_places(24, 0), 24);
	for (uint64_t place = 0; place < 24; place++)
		assert_int_equal(halves_element(place, 0), place);
	for (uint64_t row = 1; row < 8; row += 2) {
		uint64_t element = 0;

		assert_int_equal(halves_places(4 * row, row), 4 * (row + 1));
		for (uint64_t place = 0; place < 4 * (row + 1); place++) {
			assert_int_equal(halves_element(place, row), element);
			element += place % (row + 1) != row;
		}
	}
}

/* Elements as they are counted, in pieces, from the last to the first. */
static void put_all(struct halves_output *output, const uint8_t *codes, uint64_t count,
		    uint64_t piece)
{
	for (uint64_t end = count; end;) {
		uint64_t n = end < piece ? end : piece;

		end -= n;
		halves_output_put(output, end, n, codes + end);
	}
}

static void store(struct bench *bench, const struct tensor *d, uint32_t axes, const uint8_t *codes,
		  uint64_t count)
{
	const struct tile_memory memory = fake_memory_accessors(bench->memory);
	struct nonfinite nonfinite = { 0 };
	struct execution execution = { .memory = &memory, .nonfinite = &nonfinite };
	struct halves_output output;

	execution_start(&execution, 1, d, false);
	assert_int_equal(halves_output_start(&output, d, axes), TSR_HW_ERR_NONE);
	assert_true(halves_output_staging(d) >= count);
	put_all(&output, codes, count, 1 + bench_below(bench, 20));
	assert_int_equal(halves_output_store(&output, &execution), TSR_HW_ERR_NONE);
	halves_output_end(&output);
	assert_null(output.codes);
}

static void an_output_of_halves_is_stored_in_any_order(void **state)
{
	static uint8_t codes[10000];
	struct bench bench;

	(void)state;
	bench_open(&bench, "server", MEMORY_BYTES, 7);
	for (unsigned int i = 0; i < CASES; i++) {
		uint32_t dim[RANK], axes = bench_below(&bench, 1u << RANK);
		uint64_t wide[RANK], at[RANK], count = 1;
		struct tile_request request = { .kind = TSR_HW_ENGINE_TENSOR };
		struct tsr_hw_tensor raw;
		struct tensor d;

		bench_reset(&bench);
		for (unsigned int k = 0; k < RANK; k++) {
			dim[k] = 1 + bench_below(&bench, i % 10 ? 5 : 10);
			wide[k] = dim[k];
			count *= dim[k];
		}
		half_tensor(&bench, &raw, TSR_HW_TYPE_UINT4, RANK, dim, bench_any_layout(&bench),
			    TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
		request.slots = bench.slot;
		request.slot_count = bench.slots;
		assert_int_equal(tensor_decode(&request, &raw, TYPES_HALVES, TENSOR_WRITE, &d),
				 TSR_HW_ERR_NONE);
		for (uint64_t n = 0; n < count; n++)
			codes[n] = (uint8_t)bench_below(&bench, 16);
		store(&bench, &d, axes, codes, count);
		for (uint64_t n = 0; n < count; n++) {
			coordinates(wide, axes, n, at);
			assert_int_equal(half_at(&bench, &raw, at), codes[n]);
		}
		assert_true(half_padding(&bench, &raw));
	}
	bench_close(&bench);
}

/* Of whole bytes, and of none, it keeps nothing. */
static void an_output_of_bytes_is_not_kept(void **state)
{
	struct tensor d = { .va = 0x1000, .size = 1, .rank = 1, .dim = { 8 }, .stride = { 1 } };
	struct halves_output output;

	(void)state;
	assert_int_equal(halves_output_staging(&d), 0);
	assert_int_equal(halves_output_start(&output, &d, 0), TSR_HW_ERR_NONE);
	assert_null(output.codes);
	assert_int_equal(halves_output_store(&output, NULL), TSR_HW_ERR_NONE);
	halves_output_end(&output);
	d.halves = true;
	d.dim[0] = 0;
	assert_int_equal(halves_output_start(&output, &d, 0), TSR_HW_ERR_NONE);
	assert_null(output.codes);
	halves_output_end(&output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mask_names_dimensions_that_there_are),
		cmocka_unit_test(those_that_take_part_are_innermost),
		cmocka_unit_test(neighbours_come_from_either_half_on),
		cmocka_unit_test(rows_lie_in_one_half_or_by_turns),
		cmocka_unit_test(every_second_place_begins_a_byte),
		cmocka_unit_test(an_output_of_halves_is_stored_in_any_order),
		cmocka_unit_test(an_output_of_bytes_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
