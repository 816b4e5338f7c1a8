/* SPDX-License-Identifier: MIT */
/* Views of any rank and stride, read and written, against loops over single elements. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "bench.h"
#include "tile/gather.h"
#include "tile/tensor.h"
#include "tile/tile.h"
#include "tile/view.h"

/* Elements of a view at most, and bytes of memory on either side of element 0. */
#define ELEMENTS	4096u
#define ROOM		(4u << 20)

struct fixture {
	struct bench bench;
	struct tensor tensor;
	uint64_t elements;
};

static void make_dims(struct fixture *f)
{
	struct tensor *tensor = &f->tensor;

	f->elements = 1;
	tensor->rank = (uint8_t)bench_below(&f->bench, TSR_HW_MAX_RANK + 1);
	for (unsigned int i = 0; i < tensor->rank; i++) {
		uint64_t most = ELEMENTS / f->elements;

		tensor->dim[i] = 1 + bench_below(&f->bench, most < 6 ? (uint32_t)most : 6);
		f->elements *= tensor->dim[i];
	}
}

/* Dense from a random dimension outwards; some backwards, and repeated ones if @repeat. */
static void make_strides(struct fixture *f, bool repeat)
{
	struct tensor *tensor = &f->tensor;
	unsigned int first = tensor->rank ? bench_below(&f->bench, tensor->rank) : 0;
	uint64_t step = tensor->size * (1 + bench_below(&f->bench, 2));

	for (unsigned int n = 0; n < tensor->rank; n++) {
		unsigned int i = (first + n) % tensor->rank;

		if (repeat && !bench_below(&f->bench, 4))
			continue;
		tensor->stride[i] = bench_below(&f->bench, 3) ? step : -step;
		step *= tensor->dim[i];
	}
}

static void make(struct fixture *f, bool repeat)
{
	static const uint32_t sizes[] = { 1, 2, 4 };

	memset(&f->tensor, 0, sizeof(f->tensor));
	f->tensor.size = sizes[bench_below(&f->bench, 3)];
	f->tensor.va = FAKE_BASE + ROOM;
	make_dims(f);
	make_strides(f, repeat);
}

static uint64_t address(const struct tensor *tensor, uint64_t index)
{
	uint64_t va = tensor->va;

	for (unsigned int i = tensor->rank; i-- > 0; index /= tensor->dim[i])
		va += index % tensor->dim[i] * tensor->stride[i];
	return va;
}

static void a_view_is_read_element_by_element(void **state)
{
	char *got = malloc(ELEMENTS * 4);
	struct fixture f;

	(void)state;
	bench_open(&f.bench, "edge", 2 * ROOM, 301);
	for (uint64_t va = FAKE_BASE; va < FAKE_BASE + 2 * ROOM; va += 4) {
		uint32_t word = bench_random(&f.bench);

		fake_memory_poke(f.bench.memory, va, &word, sizeof(word));
	}
	for (int i = 0; i < 4 * CASES; i++) {
		struct tile_memory memory = fake_memory_accessors(f.bench.memory);
		struct view view;
		uint64_t fault;
		uint64_t first;

		make(&f, true);
		view_tensor(&view, &f.tensor);
		assert_true(view.rank <= VIEW_MAX_RANK);
		first = bench_below(&f.bench, (uint32_t)f.elements);
		assert_int_equal(gather(&memory, &view, first, f.elements - first, got, &fault),
				 TSR_HW_ERR_NONE);
		for (uint64_t n = first; n < f.elements; n++) {
			char want[4];

			fake_memory_peek(f.bench.memory, address(&f.tensor, n), want,
					 f.tensor.size);
			assert_memory_equal(got + (n - first) * f.tensor.size, want,
					    f.tensor.size);
		}
	}
	bench_close(&f.bench);
	free(got);
}

static void a_view_is_written_element_by_element(void **state)
{
	char *data = malloc(ELEMENTS * 4);
	struct fixture f;

	(void)state;
	bench_open(&f.bench, "edge", 2 * ROOM, 302);
	for (int i = 0; i < 4 * CASES; i++) {
		struct tile_memory memory = fake_memory_accessors(f.bench.memory);
		struct view view;
		uint64_t fault;

		make(&f, false);
		view_tensor(&view, &f.tensor);
		for (uint64_t n = 0; n < f.elements * f.tensor.size; n++)
			data[n] = (char)bench_random(&f.bench);
		fake_memory_written(f.bench.memory);
		assert_int_equal(scatter(&memory, &view, 0, f.elements, data, &fault),
				 TSR_HW_ERR_NONE);
		assert_int_equal(fake_memory_written(f.bench.memory),
				 f.elements * f.tensor.size);
		for (uint64_t n = 0; n < f.elements; n++) {
			char got[4];

			fake_memory_peek(f.bench.memory, address(&f.tensor, n), got,
					 f.tensor.size);
			assert_memory_equal(got, data + n * f.tensor.size, f.tensor.size);
		}
	}
	bench_close(&f.bench);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_view_is_read_element_by_element),
		cmocka_unit_test(a_view_is_written_element_by_element),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
