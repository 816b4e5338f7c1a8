/* SPDX-License-Identifier: MIT */
/* SAMPLE against the plain rule, with and without a VECTOR program behind it. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "indices.h"
#include "random.h"
#include "random_epilogues.h"

/* A command in the making: body, and parts of a program if there is one. */
struct posted {
	struct tsr_hw_sample body;
	struct random_epilogue post;
};

static void run(struct bench *bench, const struct posted *posted, struct outcome *outcome)
{
	random_epilogue_run(bench, &posted->post, TSR_HW_OP_SAMPLE, &posted->body,
			    sizeof(posted->body), outcome);
}

/* ---- random commands -------------------------------------------------------------- */

/* A program whose command has a value of type f32 and as many dimensions, up to four. */
static void make_program(struct bench *bench, uint64_t *seed, struct posted *posted, uint32_t *dim,
			 unsigned int rank)
{
	struct random_program *random = &posted->post.random;

	do
		random_program(seed, 1 + bench_below(bench, 6), RANDOM_VALUE, random);
	while (!random->given.has_value || random->given.value != NUMBER_F32 ||
	       random->given.rank != rank);
	random_epilogue_take(bench, &posted->post, random->program.head.inputs, dim);
}

static float any_coordinate(struct bench *bench, uint32_t extent)
{
	static const float special[] = { INFINITY, -INFINITY, NAN, -0.0f, 0x1p-149f, -0x1p-140f,
					 0x1p24f, -0x1p24f, 0x1p25f, -3e38f };

	switch (bench_below(bench, 10)) {
	case 0:
		return special[bench_below(bench, sizeof(special) / sizeof(special[0]))];
	case 1:
		return bench_uniform(bench, -1e6f, 1e6f);
	case 2:
	case 3:
		/* Where elements meet, and where they end. */
		return (float)bench_below(bench, 4 * extent + 12) / 2 - (float)extent / 2 - 3;
	default:
		return bench_uniform(bench, -(float)extent, 2 * (float)extent);
	}
}

static void make_coords(struct bench *bench, struct tsr_hw_sample *body)
{
	const struct tsr_hw_tensor *d = &body->d;
	uint32_t dim[5] = { d->dim[0], d->dim[2], d->dim[3] };
	unsigned int rank = body->dims + 2u;

	if (body->dims == 3)
		dim[3] = d->dim[4];
	dim[rank - 1] = body->dims;
	bench_plain(bench, &body->coords, TSR_HW_TYPE_FP32, rank, dim,
		    bench_any_layout(bench) | (bench_below(bench, 4) ? 0 : LAYOUT_REPEAT),
		    TSR_HW_SLOT_READ);
	for (uint64_t i = 0; i < bench_plain_elements(&body->coords); i++) {
		float at = any_coordinate(bench, body->x.dim[2 + i % body->dims]);

		fake_memory_poke(bench->memory, bench_plain_address(bench, &body->coords, i), &at,
				 sizeof(at));
	}
}

static void make_batch(struct bench *bench, struct tsr_hw_sample *body)
{
	if (!body->x.dim[0] || (body->x.dim[0] == body->d.dim[0] && bench_below(bench, 2))) {
		bench_absent(&body->batch);
		return;
	}
	bench_plain(bench, &body->batch, TSR_HW_TYPE_INT32, 1, body->d.dim, bench_any_layout(bench),
		    TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < body->d.dim[0]; i++)
		indices_put(bench, &body->batch, i, bench_below(bench, body->x.dim[0]));
}

static void make_random(struct bench *bench, uint64_t *seed, struct posted *posted)
{
	struct tsr_hw_sample *body = &posted->body;
	uint32_t x[5], d[5];
	unsigned int rank;

	memset(posted, 0, sizeof(*posted));
	body->dims = (uint8_t)(2 + bench_below(bench, 2));
	body->mode = (uint8_t)bench_below(bench, TSR_HW_SAMPLE_COUNT);
	body->outside = (uint8_t)bench_below(bench, TSR_HW_OUTSIDE_COUNT);
	rank = body->dims + 2u;
	for (unsigned int i = 0; i < rank; i++)
		d[i] = bench_extent(bench, 6);
	if (!bench_below(bench, 8))
		d[1] = 60 + bench_below(bench, 80);
	if (body->dims == 2 && bench_below(bench, 4))
		make_program(bench, seed, posted, d, rank);
	bench_plain(bench, &body->d, indices_any_type(bench), rank, d, bench_any_layout(bench),
		    TSR_HW_SLOT_WRITE);
	posted->post.program.d = body->d;
	indices_step(&body->step, &body->d);
	x[0] = bench_below(bench, 2) ? d[0] : 1 + bench_below(bench, 4);
	x[1] = d[1];
	for (unsigned int i = 0; i < body->dims; i++)
		x[2 + i] = 1 + bench_below(bench, 8);
	bench_plain(bench, &body->x, indices_any_type(bench), rank, x,
		    bench_any_layout(bench) | (bench_below(bench, 4) ? 0 : LAYOUT_REPEAT),
		    TSR_HW_SLOT_READ);
	make_coords(bench, body);
	make_batch(bench, body);
}

/* ---- the plain rule --------------------------------------------------------------- */

/* Back and forth between two places. */
static long double reflected(long double at, long double low, long double high)
{
	long double there;

	if (low == high)
		return low;
	there = fmodl(at - low, 2 * (high - low));
	if (there < 0)
		there += 2 * (high - low);
	return low + fminl(there, 2 * (high - low) - there);
}

static float placed(unsigned int outside, float coordinate, long double last)
{
	long double at = fmaxl(-0x1p24L, fminl(0x1p24L, coordinate));

	if (outside == TSR_HW_OUTSIDE_REFLECT_CENTRE)
		at = reflected(at, 0, last);
	if (outside == TSR_HW_OUTSIDE_REFLECT_EDGE)
		at = at < -0.5L || at > last + 0.5L ? reflected(at, -0.5L, last + 0.5L) : at;
	if (outside == TSR_HW_OUTSIDE_EDGE || outside == TSR_HW_OUTSIDE_REFLECT_EDGE)
		at = fmaxl(0, fminl(last, at));
	assert_true((long double)(float)at == at);
	return (float)at;
}

/* The weight of an index along a dimension; negative where it is not selected. */
static float weight_of(const struct tsr_hw_sample *body, float coordinate, uint32_t extent,
		       uint32_t index)
{
	float at = placed(body->outside, coordinate, (long double)extent - 1);
	float second = at - floorf(at);

	if (body->mode == TSR_HW_SAMPLE_NEAREST)
		return nearbyintf(at) == (float)index ? 1 : -1;
	if (floorf(at) == (float)index)
		return 1 - second;
	return floorf(at) + 1 == (float)index ? second : -1;
}

/* All elements of the image in row-major order, whether they have a weight or not. */
static float sampled(const struct bench *bench, const struct tsr_hw_sample *body, uint64_t element)
{
	uint64_t at[TSR_HW_MAX_RANK] = { 0 }, position[TSR_HW_MAX_RANK] = { 0 };
	uint64_t from[TSR_HW_MAX_RANK] = { 0 };
	struct tsr_hw_tensor image = body->x;
	bool any = false;
	float sum = 0;

	indices_coordinates(&body->d, element, at);
	position[0] = from[0] = at[0];
	memcpy(&position[1], &at[2], body->dims * sizeof(*at));
	if (body->batch.slot != TSR_HW_SLOT_NONE)
		from[0] = (uint64_t)indices_value(bench, TSR_HW_TYPE_INT32,
					   bench_plain_address(bench, &body->batch, at[0])).i32;
	image.dim[0] = image.dim[1] = 1;
	for (uint64_t i = 0; i < bench_plain_elements(&image); i++) {
		uint64_t within[TSR_HW_MAX_RANK] = { 0 };
		float weight = 1, product;
		bool selected = true;

		indices_coordinates(&image, i, within);
		for (unsigned int j = 0; j < body->dims; j++) {
			float one, coordinate;

			position[body->dims + 1u] = j;
			coordinate = indices_real(bench, &body->coords,
					  bench_plain_at(bench, &body->coords, position));
			one = isnan(coordinate) ? -1 : weight_of(body, coordinate,
								 image.dim[2 + j],
								 (uint32_t)within[2 + j]);
			selected = selected && one >= 0;
			weight = j ? weight * one : one;
		}
		if (!selected)
			continue;
		within[0] = from[0];
		within[1] = at[1];
		product = weight *
			  indices_real(bench, &body->x, bench_plain_at(bench, &body->x, within));
		sum = any ? sum + product : product;
		any = true;
	}
	return sum;
}

static void expect_element(const struct bench *bench, const struct posted *posted, uint64_t element)
{
	const struct tsr_hw_tensor *d = &posted->body.d;
	const union value value = { .f32 = sampled(bench, &posted->body, element) };
	union value want = random_epilogue_stored(bench, &posted->post, d, element, NUMBER_F32,
						  value);
	union value got = indices_value(bench, d->type, bench_plain_address(bench, d, element));

	if (!reference_equal(number_class_of(d->type), got, want))
		fail_msg("mode %u, outside %u, element %llu: got 0x%llx, expected 0x%llx",
			 posted->body.mode, posted->body.outside, (unsigned long long)element,
			 (unsigned long long)got.i64, (unsigned long long)want.i64);
}

static void random_commands_follow_the_rule(void **state)
{
	unsigned int programs = 0;
	uint64_t seed = 700;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 700);
	for (int i = 0; i < 4 * CASES; i++) {
		struct posted posted;
		struct outcome outcome;
		uint64_t step;

		bench_reset(&bench);
		make_random(&bench, &seed, &posted);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		step = 1 + bench_plain_elements(&posted.body.d) / 200;
		for (uint64_t e = 0; e < bench_plain_elements(&posted.body.d); e += step)
			expect_element(&bench, &posted, e);
		programs += posted.post.exists && bench_plain_elements(&posted.body.d);
	}
	assert_true(programs > CASES);
	bench_close(&bench);
}

/* ---- chosen commands -------------------------------------------------------------- */

/* A picture turned and enlarged, its channels innermost or outermost. */
static void make_picture(struct bench *bench, struct posted *posted, uint32_t channels,
			 unsigned int layout)
{
	const uint32_t x[] = { 1, channels, 12, 9 }, d[] = { 1, channels, 50, 60 };
	struct tsr_hw_sample *body = &posted->body;

	bench_reset(bench);
	memset(posted, 0, sizeof(*posted));
	body->dims = 2;
	body->mode = TSR_HW_SAMPLE_LINEAR;
	body->outside = TSR_HW_OUTSIDE_REFLECT_EDGE;
	bench_plain(bench, &body->x, TSR_HW_TYPE_FP16, 4, x, layout, TSR_HW_SLOT_READ);
	bench_plain(bench, &body->d, TSR_HW_TYPE_FP32, 4, d, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	indices_step(&body->step, &body->d);
	make_coords(bench, body);
	bench_absent(&body->batch);
}

static void pictures_of_many_parts(void **state)
{
	static const uint32_t channels[] = { 1, 3, 64, 65, 200 };
	struct posted posted;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 8 * MEMORY_BYTES, 701);
	for (unsigned int i = 0; i < 10; i++) {
		make_picture(&bench, &posted, channels[i / 2], i % 2 ? LAYOUT_SHUFFLED : 0);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		for (uint64_t e = 0; e < bench_plain_elements(&posted.body.d); e += 1 + e % 997)
			expect_element(&bench, &posted, e);
	}
	bench_close(&bench);
}

static void many_small_pictures(void **state)
{
	const uint32_t x[] = { 3, 1, 2, 2 }, d[] = { 20000, 1, 1, 1 };
	struct posted posted = { .body = { .dims = 2, .mode = TSR_HW_SAMPLE_LINEAR } };
	struct tsr_hw_sample *body = &posted.body;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 8 * MEMORY_BYTES, 702);
	bench_reset(&bench);
	bench_plain(&bench, &body->x, TSR_HW_TYPE_FP16, 4, x, 0, TSR_HW_SLOT_READ);
	bench_plain(&bench, &body->d, TSR_HW_TYPE_FP32, 4, d, 0, TSR_HW_SLOT_WRITE);
	indices_step(&body->step, &body->d);
	make_coords(&bench, body);
	make_batch(&bench, body);
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint64_t e = 0; e < d[0]; e++)
		expect_element(&bench, &posted, e);
	bench_close(&bench);
}

static void a_fault_of_x_tells_its_address(void **state)
{
	struct posted posted;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 703);
	make_picture(&bench, &posted, 200, LAYOUT_DENSE);
	va = (bench_plain_address(&bench, &posted.body.x, 12 * 9 * 100) + FAKE_PAGE - 1) /
	     FAKE_PAGE * FAKE_PAGE;
	fake_memory_protect(bench.memory, va, false, false);
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(outcome.result.fault / FAKE_PAGE, va / FAKE_PAGE);
	bench_close(&bench);
}

static void an_image_that_there_is_not_ends_with_index(void **state)
{
	static const int32_t wrong[] = { -1, 3, INT32_MIN, INT32_MAX };
	const uint32_t x[] = { 3, 2, 4, 4 }, d[] = { 5, 2, 3, 3 };
	struct posted posted = { .body = { .dims = 2 } };
	struct tsr_hw_sample *body = &posted.body;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 704);
	bench_reset(&bench);
	bench_plain(&bench, &body->x, TSR_HW_TYPE_FP16, 4, x, 0, TSR_HW_SLOT_READ);
	bench_plain(&bench, &body->d, TSR_HW_TYPE_FP32, 4, d, 0, TSR_HW_SLOT_WRITE);
	indices_step(&body->step, &body->d);
	make_coords(&bench, body);
	make_batch(&bench, body);
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (unsigned int i = 0; i < 4; i++) {
		const uint32_t mark = 0x12345678;

		fake_memory_poke(bench.memory, bench_plain_address(&bench, &body->d, 0), &mark,
				 sizeof(mark));
		indices_put(&bench, &body->batch, 4, wrong[i]);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_INDEX);
		assert_int_equal(indices_bits(&bench, &body->d,
					      bench_plain_address(&bench, &body->d, 0)), mark);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_follow_the_rule),
		cmocka_unit_test(pictures_of_many_parts),
		cmocka_unit_test(many_small_pictures),
		cmocka_unit_test(a_fault_of_x_tells_its_address),
		cmocka_unit_test(an_image_that_there_is_not_ends_with_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
