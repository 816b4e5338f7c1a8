/* SPDX-License-Identifier: MIT */
/* Elements in registers, in memory that ends with them. */
#include "suite.h"

#include "guarded.h"
#include "tile/pooling.h"
#include "tile/reduction.h"

static const struct { unsigned int type; size_t size; } types[] = {
	{ TSR_HW_TYPE_FP32, 4 }, { TSR_HW_TYPE_INT8, 1 }, { TSR_HW_TYPE_UINT16, 2 },
	{ TSR_HW_TYPE_INT32, 4 }, { TSR_HW_TYPE_INT64, 8 }, { TSR_HW_TYPE_UINT64, 8 },
	{ TSR_HW_TYPE_BOOL, 1 },
};

/* The smallest elements end where memory does. */
#define MOST	64u

#define TYPES	(sizeof(types) / sizeof(types[0]))

static size_t value_size(unsigned int type)
{
	return number_class_size(reduction_class(type));
}

static void as_many_elements_are_loaded_as_there_are(void **state)
{
	(void)state;
	for (unsigned int t = 0; t < TYPES; t++) {
		for (uint64_t n = 1; n <= MOST; n++) {
			void *raw = guarded_get(n * types[t].size);
			void *values = guarded_get(n * value_size(types[t].type));

			reduction_load(types[t].type, raw, values, n);
			guarded_put(values);
			guarded_put(raw);
		}
	}
}

static void as_many_results_are_started_as_there_are(void **state)
{
	(void)state;
	for (unsigned int t = 0; t < TYPES; t++) {
		for (uint64_t n = 1; n <= MOST; n++) {
			void *values = guarded_get(n * value_size(types[t].type));

			reduction_start(TSR_HW_REDUCTION_MAX, types[t].type, values, n);
			guarded_put(values);
		}
	}
}

static void check_lanes(const struct pooling *pooling, uint64_t n)
{
	size_t lane = number_class_size(pooling->lane);
	void *raw = guarded_get(n * sizeof(int64_t));
	void *lanes = guarded_get(n * lane), *from = guarded_get(n * lane);
	int64_t *counts = guarded_get(n * sizeof(*counts));
	int64_t *index = guarded_get(n * sizeof(*index));
	void *values = guarded_get(n * number_class_size(pooling->value));

	pooling_start(pooling, lanes, n);
	pooling_load(pooling, raw, from, n);
	pooling_select(pooling, lanes, index, 0, from, n, 1);
	pooling_take(pooling, lanes, 0, from, n);
	pooling_end(pooling, lanes, counts, values, n);
	guarded_put(values);
	guarded_put(index);
	guarded_put(counts);
	guarded_put(from);
	guarded_put(lanes);
	guarded_put(raw);
}

static void a_window_has_lanes_of_its_own(void **state)
{
	struct pooling pooling;

	(void)state;
	for (unsigned int t = 0; t < TYPES; t++) {
		for (unsigned int mode = TSR_HW_POOLING_MAX; mode <= TSR_HW_POOLING_SUM; mode++) {
			pooling_make(mode, types[t].type, 9, &pooling);
			for (uint64_t n = 1; pooling_has(mode, types[t].type) && n <= MOST; n++)
				check_lanes(&pooling, n);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_elements_are_loaded_as_there_are),
		cmocka_unit_test(as_many_results_are_started_as_there_are),
		cmocka_unit_test(a_window_has_lanes_of_its_own),
	};

	return cmocka_run_group_tests_name("tile: reductions", tests, NULL, NULL);
}
