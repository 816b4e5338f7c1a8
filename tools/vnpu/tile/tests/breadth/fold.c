/* SPDX-License-Identifier: MIT */
/* REDUCE and SCAN: elements combined one after another. */
#include <string.h>

#include "breadth.h"
#include "reductions.h"
#include "stored.h"

struct folding {
	union {
		struct tsr_hw_command head;
		struct tsr_hw_scan scan;
		struct tsr_hw_reduce reduce;
	};
	struct programs programs;
};

static bool selects(unsigned int function)
{
	return function == TSR_HW_REDUCTION_ARG_MIN || function == TSR_HW_REDUCTION_ARG_MAX;
}

/* Programs in front of and behind a command of which an element is x's, or its place. */
static void add_programs(struct bench *bench, struct folding *folding,
			 const struct tsr_hw_tensor *x, const struct tsr_hw_tensor *d, bool place)
{
	struct programs *programs = &folding->programs;

	if (!bench_below(bench, 3))
		reductions_prologue(bench, x, programs);
	if (bench_below(bench, 2))
		reductions_epilogue(bench, place ? NUMBER_I64 :
				    reductions_class(reductions_type(programs, x)), d, programs);
	/* The bodies of both are as long. */
	programs_place(programs, &folding->head, sizeof(struct tsr_hw_scan));
}

/* ---- SCAN ------------------------------------------------------------------------ */

static void make_scan(struct bench *bench, const struct breadth_case *one,
		      struct folding *folding)
{
	struct tsr_hw_scan *scan = &folding->scan;
	unsigned int type = breadth_types[one->kind];
	uint32_t dim[TSR_HW_MAX_RANK];

	memset(folding, 0, sizeof(*folding));
	breadth_shape(bench, one->rank, dim);
	scan->head.op = TSR_HW_OP_SCAN;
	scan->axis = (uint8_t)bench_below(bench, one->rank);
	scan->function = reductions_any(bench, type);
	scan->exclusive = (uint8_t)bench_below(bench, 2);
	scan->reverse = (uint8_t)bench_below(bench, 2);
	breadth_input(bench, &scan->x, type, one->rank, dim, one->layout);
	breadth_output(bench, &scan->d, breadth_any_output(bench), one->rank, dim, one->layout);
	breadth_step_of(bench, &scan->step, &scan->x, &scan->d);
	add_programs(bench, folding, &scan->x, &scan->d, false);
}

static uint64_t number_of(const struct tsr_hw_tensor *tensor, const uint64_t *at)
{
	uint64_t number = 0;

	for (unsigned int i = 0; i < tensor->rank; i++)
		number = number * tensor->dim[i] + at[i];
	return number;
}

/* Along the axis from the beginning of a line. */
static void expect_line(const struct bench *bench, const struct folding *folding, uint64_t *at)
{
	const struct tsr_hw_scan *scan = &folding->scan;
	unsigned int type = reductions_type(&folding->programs, &scan->x);
	uint32_t n = scan->x.dim[scan->axis];
	union value total = reductions_none(scan->function, type);

	for (uint32_t i = 0; i < n; i++) {
		union value before = total;

		at[scan->axis] = scan->reverse ? n - 1 - i : i;
		total = reductions_combine(scan->function, type, total,
					   reductions_loaded(bench, &folding->programs, &scan->x,
							     at));
		reductions_expect(bench, reductions_class(type), &folding->programs, &scan->d, at,
				  scan->exclusive ? before : total);
	}
}

static bool run_scan(struct bench *bench, const struct breadth_case *one)
{
	uint64_t at[TSR_HW_MAX_RANK];
	struct folding folding;
	bool good;

	make_scan(bench, one, &folding);
	good = breadth_execute(bench, &folding);
	for (uint64_t i = 0; good && i < bench_plain_elements(&folding.scan.x); i++) {
		breadth_coordinates(&folding.scan.x, i, at);
		if (!at[folding.scan.axis])
			expect_line(bench, &folding, at);
	}
	return good && breadth_padded(bench, &folding.scan.d);
}

const struct breadth_command breadth_scan = {
	"SCAN", BREADTH_ALL_TYPES, 1, TSR_HW_MAX_RANK, run_scan,
};

/* ---- REDUCE ---------------------------------------------------------------------- */

static void choose_function(struct bench *bench, struct tsr_hw_reduce *reduce)
{
	bool empty = false;

	for (unsigned int i = 0; i < reduce->x.rank; i++)
		empty = empty || (reduce->axes & 1u << i && !reduce->x.dim[i]);
	reduce->function = reductions_any(bench, reduce->x.type);
	if (empty || bench_below(bench, 3))
		return;
	reduce->function = (uint8_t)(TSR_HW_REDUCTION_ARG_MIN + bench_below(bench, 2));
	reduce->last = (uint8_t)bench_below(bench, 2);
}

static void make_reduce(struct bench *bench, const struct breadth_case *one,
			struct folding *folding)
{
	struct tsr_hw_reduce *reduce = &folding->reduce;
	uint32_t dim[TSR_HW_MAX_RANK];

	memset(folding, 0, sizeof(*folding));
	breadth_shape(bench, one->rank, dim);
	reduce->head.op = TSR_HW_OP_REDUCE;
	reduce->axes = 1 + bench_below(bench, (1u << one->rank) - 1);
	breadth_input(bench, &reduce->x, breadth_types[one->kind], one->rank, dim, one->layout);
	for (unsigned int i = 0; i < one->rank; i++)
		if (reduce->axes & 1u << i)
			dim[i] = 1;
	breadth_output(bench, &reduce->d, breadth_any_output(bench), one->rank, dim, one->layout);
	breadth_step_of(bench, &reduce->step, &reduce->x, &reduce->d);
	choose_function(bench, reduce);
	add_programs(bench, folding, &reduce->x, &reduce->d, selects(reduce->function));
}

/* Whether @b of @type takes the place of @a, which is before it. */
static bool replaces(const struct tsr_hw_reduce *reduce, unsigned int type, union value a,
		     union value b)
{
	bool least = reduce->function == TSR_HW_REDUCTION_ARG_MIN;
	int order;

	if (stored_is_float(type)) {
		bool a_is_number = a.f32 == a.f32;
		bool b_is_number = b.f32 == b.f32;

		if (!a_is_number || !b_is_number)
			return b_is_number == a_is_number ? reduce->last : !b_is_number;
		order = (b.f32 > a.f32) - (b.f32 < a.f32);
	} else if (type == TSR_HW_TYPE_UINT64) {
		order = ((uint64_t)b.i64 > (uint64_t)a.i64) - ((uint64_t)b.i64 < (uint64_t)a.i64);
	} else {
		order = (b.i64 > a.i64) - (b.i64 < a.i64);
	}
	return order ? (order > 0) != least : reduce->last;
}

/* Of all elements of x whose kept coordinates are those of output @number. */
static union value reduced(const struct bench *bench, const struct folding *folding,
			   uint64_t number)
{
	const struct tsr_hw_reduce *reduce = &folding->reduce;
	unsigned int type = reductions_type(&folding->programs, &reduce->x);
	bool place = selects(reduce->function);
	union value total = reductions_none(place ? 0 : reduce->function, type);
	union value best = total;
	uint64_t at[TSR_HW_MAX_RANK];
	int64_t found = 0;
	int64_t seen = 0;

	for (uint64_t i = 0; i < bench_plain_elements(&reduce->x); i++) {
		union value value;

		breadth_coordinates(&reduce->x, i, at);
		value = reductions_loaded(bench, &folding->programs, &reduce->x, at);
		for (unsigned int k = 0; k < reduce->x.rank; k++)
			at[k] = reduce->axes & 1u << k ? 0 : at[k];
		if (number_of(&reduce->d, at) != number)
			continue;
		if (!place) {
			total = reductions_combine(reduce->function, type, total, value);
		} else if (!seen || replaces(reduce, type, best, value)) {
			best = value;
			found = seen;
		}
		seen++;
	}
	return place ? (union value){ .i64 = found } : total;
}

static bool run_reduce(struct bench *bench, const struct breadth_case *one)
{
	uint64_t at[TSR_HW_MAX_RANK];
	struct folding folding;
	enum number_class class;
	bool good;

	make_reduce(bench, one, &folding);
	class = reductions_class(reductions_type(&folding.programs, &folding.reduce.x));
	if (selects(folding.reduce.function))
		class = NUMBER_I64;
	good = breadth_execute(bench, &folding);
	for (uint64_t i = 0; good && i < bench_plain_elements(&folding.reduce.d); i++) {
		breadth_coordinates(&folding.reduce.d, i, at);
		reductions_expect(bench, class, &folding.programs, &folding.reduce.d, at,
				  reduced(bench, &folding, i));
	}
	return good && breadth_padded(bench, &folding.reduce.d);
}

const struct breadth_command breadth_reduce = {
	"REDUCE", BREADTH_ALL_TYPES, 1, TSR_HW_MAX_RANK, run_reduce,
};
