/* SPDX-License-Identifier: MIT */
/* SORT: rows by insertion. The kind is the type of the elements. */
#include <math.h>
#include <stdlib.h>

#include "breadth.h"
#include "stored.h"

static bool before(unsigned int type, bool descending, uint64_t a, uint64_t b)
{
	float x, y;

	if (descending)
		return before(type, false, b, a);
	if (!stored_is_float(type))
		return stored_integer(type, a) < stored_integer(type, b);
	x = stored_float(type, a);
	y = stored_float(type, b);
	return isnan(y) ? !isnan(x) : x < y;
}

static void make(struct bench *bench, const struct breadth_case *one, struct tsr_hw_sort *sort)
{
	unsigned int outputs = 1 + bench_below(bench, 3);
	unsigned int type = breadth_types[one->kind];
	uint32_t dim[TSR_HW_MAX_RANK];

	breadth_shape(bench, one->rank, dim);
	*sort = (struct tsr_hw_sort){
		.head = { .op = TSR_HW_OP_SORT, .size = sizeof(*sort) },
		.descending = (uint8_t)bench_below(bench, 2),
	};
	breadth_input(bench, &sort->x, type, one->rank, dim, one->layout);
	sort->k = bench_below(bench, dim[one->rank - 1] + 1);
	dim[one->rank - 1] = sort->k;
	bench_absent(&sort->values);
	bench_absent(&sort->indices);
	if (outputs & 1)
		breadth_output(bench, &sort->values, type, one->rank, dim, one->layout);
	if (outputs & 2)
		breadth_output(bench, &sort->indices, TSR_HW_TYPE_INT64, one->rank, dim,
			       one->layout);
	breadth_step(bench, &sort->step, &sort->x);
}

static bool expect_row(const struct bench *bench, const struct tsr_hw_sort *sort, uint64_t row,
		       uint64_t n)
{
	uint64_t *value = calloc(2 * n, sizeof(*value));
	uint64_t *order = value + n;
	bool good = value;

	for (uint64_t i = 0; good && i < n; i++) {
		uint64_t at = i;

		value[i] = breadth_element(bench, &sort->x, row * n + i);
		for (; at && before(sort->x.type, sort->descending, value[i], value[order[at - 1]]);
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (uint64_t i = 0; good && i < sort->k; i++) {
		uint64_t number = row * sort->k + i;

		if (sort->values.slot != TSR_HW_SLOT_NONE)
			good = breadth_element(bench, &sort->values, number) == value[order[i]];
		if (good && sort->indices.slot != TSR_HW_SLOT_NONE)
			good = breadth_same(bench, &sort->indices, number, order[i]);
	}
	free(value);
	return good;
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	struct tsr_hw_sort sort;
	uint64_t elements;
	uint64_t n;
	bool good;

	make(bench, one, &sort);
	n = sort.x.dim[one->rank - 1];
	elements = bench_plain_elements(&sort.x);
	good = breadth_execute(bench, &sort);
	for (uint64_t row = 0; good && elements && row < elements / n; row++)
		good = expect_row(bench, &sort, row, n);
	return good;
}

const struct breadth_command breadth_sort = { "SORT", BREADTH_TYPES, 1, TSR_HW_MAX_RANK, run };
