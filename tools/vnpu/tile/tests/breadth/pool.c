/* SPDX-License-Identifier: MIT */
/* POOL: windows of 1 to 3 dimensions, element by element. The kind is the type of the input. */
#include <math.h>
#include <string.h>

#include "breadth.h"
#include "reductions.h"
#include "stored.h"
#include "windows.h"

struct pooling {
	struct tsr_hw_pool body;
	struct programs programs;
};

static void make(struct bench *bench, const struct breadth_case *one, struct pooling *pooling)
{
	struct tsr_hw_pool *body = &pooling->body;
	unsigned int type = breadth_types[one->kind];
	uint32_t x[TSR_HW_MAX_RANK], d[TSR_HW_MAX_RANK];

	memset(pooling, 0, sizeof(*pooling));
	body->head.op = TSR_HW_OP_POOL;
	body->dims = (uint8_t)(one->rank - 2);
	body->mode = TSR_HW_POOLING_MAX;
	if (type != TSR_HW_TYPE_BOOL)
		body->mode = (uint8_t)bench_below(bench, 2);
	x[0] = d[0] = 1 + bench_below(bench, 3);
	x[1] = d[1] = 1 + bench_below(bench, one->rank < 5 ? 20 : 4);
	windows_random(bench, body->w, body->dims, x + 2, d + 2);
	breadth_input(bench, &body->x, type, one->rank, x, one->layout);
	breadth_output(bench, &body->d, breadth_any_output(bench), one->rank, d, one->layout);
	bench_absent(&body->index);
	if (body->mode == TSR_HW_POOLING_MAX && bench_below(bench, 2))
		breadth_output(bench, &body->index, TSR_HW_TYPE_INT64, one->rank, d, one->layout);
	breadth_step_of(bench, &body->step, &body->d, &body->d);
	if (bench_below(bench, 2))
		reductions_epilogue(bench, reductions_class(type), &body->d, &pooling->programs);
	programs_place(&pooling->programs, &body->head, sizeof(*body));
}

/* Whether @b is greater than @a. */
static bool greater(unsigned int type, union value a, union value b)
{
	if (stored_is_float(type))
		return isnan(b.f32) ? !isnan(a.f32) : b.f32 > a.f32;
	if (type == TSR_HW_TYPE_UINT64)
		return (uint64_t)b.i64 > (uint64_t)a.i64;
	return b.i64 > a.i64;
}

/* What the window of an output is combined to, and where its first greatest element lies. */
static union value pooled(const struct bench *bench, const struct tsr_hw_pool *body,
			  const uint64_t *d, int64_t *place)
{
	unsigned int type = body->x.type;
	unsigned int function = body->mode == TSR_HW_POOLING_MAX ? TSR_HW_REDUCTION_MAX :
								   TSR_HW_REDUCTION_SUM;
	union value total = reductions_none(function, type);
	uint64_t taps = windows_taps(body->w, body->dims);
	union value best = total;

	*place = -1;
	for (uint64_t tap = 0; tap < taps; tap++) {
		uint64_t at[TSR_HW_MAX_RANK] = { d[0], d[1] };
		union value value;
		int64_t number = 0;

		if (!windows_source(body->w, body->dims, body->x.dim + 2, tap, d + 2, at + 2))
			continue;
		value = reductions_at(bench, &body->x, at);
		total = reductions_combine(function, type, total, value);
		if (*place >= 0 && !greater(type, best, value))
			continue;
		for (unsigned int i = 0; i < body->dims; i++)
			number = number * body->x.dim[i + 2] + (int64_t)at[i + 2];
		best = value;
		*place = number;
	}
	return total;
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	uint64_t at[TSR_HW_MAX_RANK];
	struct pooling pooling;
	const struct tsr_hw_pool *body = &pooling.body;
	bool good;

	make(bench, one, &pooling);
	good = breadth_execute(bench, &pooling);
	for (uint64_t i = 0; good && i < bench_plain_elements(&body->d); i++) {
		union value value;
		int64_t place;

		breadth_coordinates(&body->d, i, at);
		value = pooled(bench, body, at, &place);
		reductions_expect(bench, reductions_class(body->x.type), &pooling.programs,
				  &body->d, at, value);
		if (body->index.slot != TSR_HW_SLOT_NONE)
			good = breadth_same(bench, &body->index, i, (uint64_t)place);
	}
	return good && breadth_padded(bench, &body->d);
}

const struct breadth_command breadth_pool = { "POOL", BREADTH_ALL_TYPES, 3, 5, run };
