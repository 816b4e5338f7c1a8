/* SPDX-License-Identifier: MIT */
/* RESAMPLE: weighted sums of neighbours. The kind is the type of the input. */
#include <math.h>
#include <string.h>

#include "breadth.h"
#include "indices.h"
#include "reductions.h"
#include "stored.h"

struct resampling {
	struct tsr_hw_resample body;
	struct programs programs;
};

static void make_tables(struct bench *bench, const struct breadth_case *one,
			struct tsr_hw_resample *body, uint32_t in, uint32_t out)
{
	const uint32_t weights[] = { out, body->taps };

	breadth_input(bench, &body->first, TSR_HW_TYPE_INT32, 1, &out, one->layout);
	breadth_input(bench, &body->weight, TSR_HW_TYPE_FP32, 2, weights, one->layout);
	for (uint32_t i = 0; i < out; i++)
		if (bench_below(bench, 8))
			indices_put(bench, &body->first, i,
				    (int64_t)bench_below(bench, 2 * in + 8) - in / 2 - 4);
}

static void make(struct bench *bench, const struct breadth_case *one,
		 struct resampling *resampling)
{
	struct tsr_hw_resample *body = &resampling->body;
	uint32_t dim[TSR_HW_MAX_RANK];
	uint32_t in;

	memset(resampling, 0, sizeof(*resampling));
	breadth_shape(bench, one->rank, dim);
	body->head.op = TSR_HW_OP_RESAMPLE;
	body->axis = (uint8_t)bench_below(bench, one->rank);
	body->taps = (uint16_t)(1 + bench_below(bench, bench_below(bench, 16) ? 5 : 256));
	in = 1 + bench_below(bench, 20);
	breadth_output(bench, &body->d, breadth_any_output(bench), one->rank, dim, one->layout);
	breadth_step_of(bench, &body->step, &body->d, &body->d);
	make_tables(bench, one, body, in, dim[body->axis]);
	if (bench_below(bench, 2))
		reductions_epilogue(bench, NUMBER_F32, &body->d, &resampling->programs);
	programs_place(&resampling->programs, &body->head, sizeof(*body));
	dim[body->axis] = in;
	breadth_input(bench, &body->x, breadth_types[one->kind], one->rank, dim, one->layout);
}

static float real(const struct bench *bench, const struct tsr_hw_tensor *x, const uint64_t *at)
{
	union value value = reductions_at(bench, x, at);

	return stored_is_float(x->type) ? value.f32 : (float)value.i64;
}

static float sum(const struct bench *bench, const struct tsr_hw_resample *body, const uint64_t *d)
{
	int64_t last = (int64_t)body->x.dim[body->axis] - 1;
	uint64_t out = d[body->axis];
	int64_t first = (int32_t)breadth_element(bench, &body->first, out);
	uint64_t at[TSR_HW_MAX_RANK];
	float total = 0;

	memcpy(at, d, sizeof(at));
	for (int64_t tap = 0; tap < body->taps; tap++) {
		uint64_t number = out * body->taps + (uint64_t)tap;
		float weight = stored_float(TSR_HW_TYPE_FP32,
					    breadth_element(bench, &body->weight, number));
		int64_t place = first + tap;
		float product;

		at[body->axis] = (uint64_t)(place < 0 ? 0 : place > last ? last : place);
		product = weight * real(bench, &body->x, at);
		total = tap ? total + product : product;
	}
	return total;
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	uint64_t at[TSR_HW_MAX_RANK] = { 0 };
	struct resampling resampling;
	const struct tsr_hw_tensor *d = &resampling.body.d;
	bool good;

	make(bench, one, &resampling);
	good = breadth_execute(bench, &resampling);
	for (uint64_t i = 0; good && i < bench_plain_elements(d); i++) {
		union value value;

		breadth_coordinates(d, i, at);
		value.f32 = sum(bench, &resampling.body, at);
		reductions_expect(bench, NUMBER_F32, &resampling.programs, d, at, value);
	}
	return good && breadth_padded(bench, d);
}

const struct breadth_command breadth_resample = {
	"RESAMPLE", BREADTH_ALL_TYPES, 1, TSR_HW_MAX_RANK, run,
};
