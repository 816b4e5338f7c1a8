/* SPDX-License-Identifier: MIT */
/* GATHER and SCATTER: what indices select. The kind is the type of the elements. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "breadth.h"
#include "half_tensors.h"
#include "indices.h"
#include "stored.h"

/* Run a command whose indices may lead outside: then with that error, and nothing else. */
static bool execute(struct bench *bench, const struct tsr_hw_gather *gather, bool inside)
{
	struct outcome outcome;

	if (inside)
		return breadth_execute(bench, gather);
	bench_run(bench, gather, &outcome);
	if (outcome.result.error != TSR_HW_ERR_INDEX)
		fprintf(stderr, "error %d for an index that is outside\n", outcome.result.error);
	return outcome.result.error == TSR_HW_ERR_INDEX;
}

/* Dimensions of slices: the last ones of both tensors. */
static unsigned int slice_rank(const struct tsr_hw_gather *gather,
			       const struct tsr_hw_tensor *parts)
{
	if (gather->kind == TSR_HW_GATHER_AXIS)
		return parts->rank + gather->batch_dims - gather->axis - gather->index.rank;
	return gather->kind == TSR_HW_GATHER_ND ? parts->rank + 1u - gather->index.rank : 0;
}

/*
 * One of the last @slice dimensions that has neighbours, the very last one
 * if it @must be; else rank.
 */
static unsigned int packed_of(struct bench *bench, const struct tsr_hw_tensor *tensor,
			      unsigned int slice, bool must)
{
	unsigned int chosen = tensor->rank, wide = 0;

	for (unsigned int i = tensor->rank - slice; i < tensor->rank; i++)
		if (tensor->dim[i] > 1 && (!must || i + 1u == tensor->rank) &&
		    !bench_below(bench, ++wide))
			chosen = i;
	return chosen;
}

/* Tensors of half bytes in place of those of bytes, where slices have dimensions for it. */
static void halve(struct bench *bench, const struct breadth_case *one, bool scatters,
		  struct tsr_hw_gather *gather)
{
	unsigned int slice = slice_rank(gather, scatters ? &gather->x : &gather->d);
	struct tsr_hw_tensor x = gather->x, d = gather->d;
	unsigned int of_x = packed_of(bench, &x, slice, false);
	unsigned int of_d = packed_of(bench, &d, slice, scatters);

	if (of_x == x.rank || of_d == d.rank)
		return;
	half_tensor_along(bench, &gather->x, breadth_types[one->kind], x.rank, x.dim, one->layout,
			  TSR_HW_SLOT_READ, of_x);
	half_tensor_along(bench, &gather->d, breadth_types[one->kind], d.rank, d.dim,
			  one->layout & ~LAYOUT_REPEAT, TSR_HW_SLOT_WRITE, of_d);
	gather->reduction = TSR_HW_SCATTER_NONE;
	for (unsigned int i = 0; i < (scatters ? x.rank : d.rank); i++)
		gather->step.block[i] = 2;
}

static void start(struct bench *bench, const struct breadth_case *one, unsigned int op,
		  unsigned int kind, struct tsr_hw_gather *gather)
{
	unsigned int type = breadth_types[one->kind];

	*gather = (struct tsr_hw_gather){
		.head = { .op = (uint8_t)op, .size = sizeof(*gather) }, .kind = (uint8_t)kind,
	};
	indices_of_rank(bench, gather, half_is(type) ? TSR_HW_TYPE_UINT8 : type,
			op == TSR_HW_OP_SCATTER, one->rank, one->layout);
	if (op == TSR_HW_OP_SCATTER)
		gather->reduction = (uint8_t)bench_below(bench, TSR_HW_SCATTER_MAX + 1);
	if (half_is(type))
		halve(bench, one, op == TSR_HW_OP_SCATTER, gather);
}

static uint64_t number_of(const struct tsr_hw_tensor *tensor, const uint64_t *at)
{
	uint64_t number = 0;

	for (unsigned int i = 0; i < tensor->rank; i++)
		number = number * tensor->dim[i] + at[i];
	return number;
}

/* ---- GATHER ---------------------------------------------------------------------- */

static bool is_inside(const struct bench *bench, const struct tsr_hw_gather *gather,
		      const struct tsr_hw_tensor *whole, const struct tsr_hw_tensor *parts)
{
	uint64_t from[TSR_HW_MAX_RANK] = { 0 };
	uint64_t at[TSR_HW_MAX_RANK];

	for (uint64_t i = 0; i < bench_plain_elements(parts); i++) {
		breadth_coordinates(parts, i, from);
		if (!indices_select(bench, gather, whole, from, at))
			return false;
	}
	return true;
}

static bool run_gather(struct bench *bench, const struct breadth_case *one, unsigned int kind)
{
	uint64_t parts[TSR_HW_MAX_RANK] = { 0 };
	uint64_t at[TSR_HW_MAX_RANK];
	struct tsr_hw_gather gather;
	bool inside;
	bool good;

	start(bench, one, TSR_HW_OP_GATHER, kind, &gather);
	inside = is_inside(bench, &gather, &gather.x, &gather.d);
	good = execute(bench, &gather, inside);
	for (uint64_t i = 0; good && inside && i < bench_plain_elements(&gather.d); i++) {
		breadth_coordinates(&gather.d, i, parts);
		indices_select(bench, &gather, &gather.x, parts, at);
		good = breadth_same(bench, &gather.d, i,
				    breadth_element(bench, &gather.x, number_of(&gather.x, at)));
	}
	return good && (!inside || breadth_padded(bench, &gather.d));
}

/* ---- SCATTER --------------------------------------------------------------------- */

static bool has(unsigned int reduction, unsigned int type)
{
	return (type != TSR_HW_TYPE_BOOL && type != TSR_HW_TYPE_E8M0) ||
	       (reduction != TSR_HW_SCATTER_ADD && reduction != TSR_HW_SCATTER_MUL);
}

/* What the elements of d are afterwards, from what they are. */
static void apply(const struct bench *bench, const struct tsr_hw_gather *scatter, uint64_t *d)
{
	uint64_t parts[TSR_HW_MAX_RANK] = { 0 };
	uint64_t at[TSR_HW_MAX_RANK];

	for (uint64_t i = 0; i < bench_plain_elements(&scatter->x); i++) {
		uint64_t *target;

		breadth_coordinates(&scatter->x, i, parts);
		indices_select(bench, scatter, &scatter->d, parts, at);
		target = &d[number_of(&scatter->d, at)];
		*target = stored_combine(scatter->reduction, scatter->d.type, *target,
					 breadth_element(bench, &scatter->x, i));
		if (scatter->reduction)
			*target = stored_canonical(scatter->d.type, *target);
	}
}

static bool run_scatter(struct bench *bench, const struct breadth_case *one, unsigned int kind)
{
	struct tsr_hw_gather scatter;
	uint64_t elements;
	uint64_t *d;
	bool inside;
	bool good;

	start(bench, one, TSR_HW_OP_SCATTER, kind, &scatter);
	if (!has(scatter.reduction, scatter.d.type))
		scatter.reduction = TSR_HW_SCATTER_MIN;
	elements = bench_plain_elements(&scatter.d);
	inside = !elements || is_inside(bench, &scatter, &scatter.d, &scatter.x);
	d = calloc(elements + 1, sizeof(*d));
	for (uint64_t i = 0; i < elements; i++)
		d[i] = breadth_element(bench, &scatter.d, i);
	if (inside && elements)
		apply(bench, &scatter, d);
	good = execute(bench, &scatter, inside);
	for (uint64_t i = 0; good && i < elements; i++)
		good = breadth_same(bench, &scatter.d, i, d[i]);
	free(d);
	return good;
}

#define DEFINE_KIND(small, big)								\
static bool run_gather_##small(struct bench *bench, const struct breadth_case *one)	\
{											\
	return run_gather(bench, one, TSR_HW_GATHER_##big);				\
}											\
											\
static bool run_scatter_##small(struct bench *bench, const struct breadth_case *one)	\
{											\
	return run_scatter(bench, one, TSR_HW_GATHER_##big);				\
}											\
											\
const struct breadth_command breadth_gather_##small = {					\
	"GATHER " #big, BREADTH_ALL_TYPES, 1, TSR_HW_MAX_RANK, run_gather_##small,		\
};											\
const struct breadth_command breadth_scatter_##small = {				\
	"SCATTER " #big, BREADTH_ALL_TYPES, 1, TSR_HW_MAX_RANK, run_scatter_##small,	\
};

DEFINE_KIND(axis, AXIS)
DEFINE_KIND(element, ELEMENT)
DEFINE_KIND(nd, ND)
