/* SPDX-License-Identifier: MIT */
/* SAMPLE: corners around a coordinate. The kind is the type of the input. */
#include <math.h>
#include <string.h>

#include "breadth.h"
#include "indices.h"
#include "reductions.h"
#include "stored.h"

#define LIMIT	0x1p24f
#define MOST_DIMS	3u

struct sampling {
	struct tsr_hw_sample body;
	struct programs programs;
};

static float any_coordinate(struct bench *bench, uint32_t n)
{
	static const float special[] = { NAN, INFINITY, -INFINITY, -0.0f, 0x1p30f, -0x1p24f,
					 0x1p-40f, -0x1p-40f };

	switch (bench_below(bench, 16)) {
	case 0:
		return special[bench_below(bench, 8)];
	case 1:
		return bench_uniform(bench, -1000, 1000);
	case 2:
	case 3:		/* halfway between two */
		return (float)bench_below(bench, 4 * n + 8) / 2 - (float)n;
	default:
		return bench_uniform(bench, -2, (float)n + 1);
	}
}

static void put_coordinates(struct bench *bench, const struct tsr_hw_sample *body)
{
	for (uint64_t i = 0; i < bench_plain_elements(&body->coords); i++) {
		float value = any_coordinate(bench, body->x.dim[2 + i % body->dims]);

		fake_memory_poke(bench->memory, bench_plain_address(bench, &body->coords, i),
				 &value, sizeof(value));
	}
}

static void make(struct bench *bench, const struct breadth_case *one, struct sampling *sampling)
{
	struct tsr_hw_sample *body = &sampling->body;
	uint32_t x[5], d[5], coords[5];
	bool has_batch = bench_below(bench, 2);

	memset(sampling, 0, sizeof(*sampling));
	body->head.op = TSR_HW_OP_SAMPLE;
	body->dims = (uint8_t)(one->rank - 2);
	body->mode = (uint8_t)bench_below(bench, 2);
	body->outside = (uint8_t)bench_below(bench, 4);
	x[0] = 1 + bench_below(bench, 3);
	coords[0] = d[0] = has_batch ? 1 + bench_below(bench, 4) : x[0];
	x[1] = d[1] = 1 + bench_below(bench, 5);
	for (unsigned int i = 0; i < body->dims; i++) {
		x[2 + i] = 1 + bench_below(bench, 6);
		d[2 + i] = coords[1 + i] = 1 + bench_below(bench, body->dims < 3 ? 6 : 4);
	}
	coords[1 + body->dims] = body->dims;
	breadth_input(bench, &body->x, breadth_types[one->kind], one->rank, x, one->layout);
	bench_plain(bench, &body->coords, TSR_HW_TYPE_FP32, one->rank, coords, one->layout,
		    TSR_HW_SLOT_READ);
	put_coordinates(bench, body);
	bench_absent(&body->batch);
	if (has_batch) {
		bench_plain(bench, &body->batch, TSR_HW_TYPE_INT32, 1, d, one->layout,
			    TSR_HW_SLOT_READ);
		for (uint32_t i = 0; i < d[0]; i++)
			indices_put(bench, &body->batch, i, bench_below(bench, x[0]));
	}
	breadth_output(bench, &body->d, breadth_any_output(bench), one->rank, d, one->layout);
	breadth_step_of(bench, &body->step, &body->d, &body->d);
	if (bench_below(bench, 2))
		reductions_epilogue(bench, NUMBER_F32, &body->d, &sampling->programs);
	programs_place(&sampling->programs, &body->head, sizeof(*body));
}

/* Back and forth between @low and @high, which differ. */
static double reflect(double p, double low, double high)
{
	double way = high - low;
	double gone = fmod(fabs(p - low), 2 * way);

	return low + (gone > way ? 2 * way - gone : gone);
}

/* Where a coordinate comes to lie in a dimension of extent @n. */
static double place(unsigned int outside, float coordinate, uint32_t n)
{
	double p = fmin(fmax((double)coordinate, -LIMIT), LIMIT);
	double last = n - 1.0;

	switch (outside) {
	case TSR_HW_OUTSIDE_ZERO:
		return p;
	case TSR_HW_OUTSIDE_EDGE:
		return fmin(fmax(p, 0), last);
	case TSR_HW_OUTSIDE_REFLECT_CENTRE:
		return n == 1 ? 0 : (float)reflect(p, 0, last);
	default:
		return fmin(fmax((float)reflect(p, -0.5, n - 0.5), 0), last);
	}
}

static float real(const struct bench *bench, const struct tsr_hw_tensor *x, const uint64_t *at)
{
	union value value = reductions_at(bench, x, at);

	return stored_is_float(x->type) ? value.f32 : (float)value.i64;
}

/* One corner: a bit of @corner for each dimension, the innermost the lowest. */
static bool corner_of(const struct tsr_hw_sample *body, const double *p, unsigned int corner,
		      uint64_t *at, float *weight)
{
	bool linear = body->mode == TSR_HW_SAMPLE_LINEAR;

	*weight = 1;
	for (unsigned int i = 0; i < body->dims; i++) {
		bool second = corner >> (body->dims - 1 - i) & 1;
		double low = linear ? floor(p[i]) : rint(p[i]);
		float w = linear ? (float)(p[i] - low) : 0;
		double index = low + second;
		float factor = second ? w : 1 - w;

		if (index < 0 || index >= body->x.dim[2 + i])
			return false;
		at[2 + i] = (uint64_t)index;
		*weight = i ? *weight * factor : factor;
	}
	return true;
}

static float sampled(const struct bench *bench, const struct tsr_hw_sample *body, const uint64_t *d)
{
	unsigned int corners = body->mode == TSR_HW_SAMPLE_LINEAR ? 1u << body->dims : 1;
	uint64_t from[5] = { d[0] };
	double p[MOST_DIMS];
	float sum = 0;
	bool any = false;
	uint64_t at[5];

	at[0] = d[0];
	at[1] = d[1];
	if (body->batch.slot != TSR_HW_SLOT_NONE)
		at[0] = breadth_element(bench, &body->batch, d[0]);
	for (unsigned int i = 0; i < body->dims; i++)
		from[1 + i] = d[2 + i];
	for (unsigned int i = 0; i < body->dims; i++) {
		float coordinate;

		from[1 + body->dims] = i;
		coordinate = bench_float((uint32_t)breadth_at(bench, &body->coords, from));
		if (isnan(coordinate))
			return 0;
		p[i] = place(body->outside, coordinate, body->x.dim[2 + i]);
	}
	for (unsigned int corner = 0; corner < corners; corner++) {
		float weight, product;

		if (!corner_of(body, p, corner, at, &weight))
			continue;
		product = weight * real(bench, &body->x, at);
		sum = any ? sum + product : product;
		any = true;
	}
	return sum;
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	uint64_t at[TSR_HW_MAX_RANK];
	struct sampling sampling;
	const struct tsr_hw_tensor *d = &sampling.body.d;
	bool good;

	make(bench, one, &sampling);
	good = breadth_execute(bench, &sampling);
	for (uint64_t i = 0; good && i < bench_plain_elements(d); i++) {
		union value value;

		breadth_coordinates(d, i, at);
		value.f32 = sampled(bench, &sampling.body, at);
		reductions_expect(bench, NUMBER_F32, &sampling.programs, d, at, value);
	}
	return good && breadth_padded(bench, d);
}

const struct breadth_command breadth_sample = { "SAMPLE", BREADTH_ALL_TYPES, 4, 5, run };
