/* SPDX-License-Identifier: MIT */
/* RESAMPLE against the plain rule, with and without a VECTOR program behind it. */
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
	struct tsr_hw_resample body;
	struct random_epilogue post;
};

static void run(struct bench *bench, const struct posted *posted, struct outcome *outcome)
{
	random_epilogue_run(bench, &posted->post, TSR_HW_OP_RESAMPLE, &posted->body,
			    sizeof(posted->body), outcome);
}

/* ---- random commands -------------------------------------------------------------- */

/* A program whose command has a value of type f32, and its extents. */
static void make_program(struct bench *bench, uint64_t *seed, struct posted *posted, uint32_t *dim)
{
	struct random_program *random = &posted->post.random;

	do
		random_program(seed, 1 + bench_below(bench, 6), RANDOM_VALUE, random);
	while (!random->given.has_value || random->given.value != NUMBER_F32 ||
	       !random->given.rank);
	random_epilogue_take(bench, &posted->post, random->program.head.inputs, dim);
}

static int32_t any_first(struct bench *bench, uint32_t in)
{
	switch (bench_below(bench, 8)) {
	case 0:
		return INT32_MIN;
	case 1:
		return INT32_MAX;
	case 2:
		return (int32_t)bench_random(bench);
	default:
		return (int32_t)bench_below(bench, 2 * in + 8) - (int32_t)(in / 2) - 4;
	}
}

static float any_weight(struct bench *bench)
{
	static const float special[] = { 0.0f, -0.0f, INFINITY, -INFINITY, NAN, 1.0f, 0x1p-140f };

	if (!bench_below(bench, 20))
		return special[bench_below(bench, sizeof(special) / sizeof(special[0]))];
	return bench_uniform(bench, -2, 2);
}

static void make_tables(struct bench *bench, struct tsr_hw_resample *body, uint32_t in,
			uint32_t out)
{
	const uint32_t weights[] = { out, body->taps };

	bench_plain(bench, &body->first, TSR_HW_TYPE_INT32, 1, &out,
		    bench_any_layout(bench) | (bench_below(bench, 4) ? 0 : LAYOUT_REPEAT),
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &body->weight, TSR_HW_TYPE_FP32, 2, weights,
		    bench_any_layout(bench) | (bench_below(bench, 4) ? 0 : LAYOUT_REPEAT),
		    TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < out; i++)
		indices_put(bench, &body->first, i, any_first(bench, in));
	for (uint64_t i = 0; i < bench_plain_elements(&body->weight); i++) {
		float weight = any_weight(bench);

		fake_memory_poke(bench->memory, bench_plain_address(bench, &body->weight, i),
				 &weight, sizeof(weight));
	}
}

static void make_random(struct bench *bench, uint64_t *seed, struct posted *posted)
{
	struct tsr_hw_resample *body = &posted->body;
	unsigned int rank = 1 + bench_below(bench, 5);
	uint32_t dim[TSR_HW_MAX_RANK];
	uint32_t out, in;

	memset(posted, 0, sizeof(*posted));
	for (unsigned int i = 0; i < rank; i++)
		dim[i] = bench_extent(bench, 8);
	if (bench_below(bench, 2)) {
		make_program(bench, seed, posted, dim);
		rank = posted->post.random.given.rank;
	}
	body->axis = (uint8_t)bench_below(bench, rank);
	body->taps = (uint16_t)(1 + bench_below(bench, bench_below(bench, 8) ? 6 : 256));
	bench_plain(bench, &body->d, indices_any_type(bench), rank, dim, bench_any_layout(bench),
		    TSR_HW_SLOT_WRITE);
	if (posted->post.exists)
		posted->post.program.d = body->d;
	indices_step(&body->step, &body->d);
	out = dim[body->axis];
	in = 1 + bench_below(bench, bench_below(bench, 8) ? 20 : 500);
	make_tables(bench, body, in, out);
	dim[body->axis] = in;
	bench_plain(bench, &body->x, indices_any_type(bench), rank, dim,
		    bench_any_layout(bench) | (bench_below(bench, 4) ? 0 : LAYOUT_REPEAT),
		    TSR_HW_SLOT_READ);
}

/* ---- the plain rule --------------------------------------------------------------- */

static float resampled(const struct bench *bench, const struct tsr_hw_resample *body,
		       uint64_t element)
{
	uint64_t at[TSR_HW_MAX_RANK] = { 0 };
	int64_t last = (int64_t)body->x.dim[body->axis] - 1;
	float sum = 0;
	uint64_t out;
	int64_t first;

	indices_coordinates(&body->d, element, at);
	out = at[body->axis];
	first = indices_value(bench, TSR_HW_TYPE_INT32,
			      bench_plain_address(bench, &body->first, out)).i32;
	for (int64_t tap = 0; tap < body->taps; tap++) {
		uint64_t number = out * body->taps + (uint64_t)tap;
		float weight = indices_real(bench, &body->weight,
				    bench_plain_address(bench, &body->weight, number));
		int64_t place = first + tap;
		float product;

		at[body->axis] = (uint64_t)(place < 0 ? 0 : place > last ? last : place);
		product = weight *
			  indices_real(bench, &body->x, bench_plain_at(bench, &body->x, at));
		sum = tap ? sum + product : product;
	}
	return sum;
}

static void expect_element(const struct bench *bench, const struct posted *posted, uint64_t element)
{
	const struct tsr_hw_tensor *d = &posted->body.d;
	const union value value = { .f32 = resampled(bench, &posted->body, element) };
	union value want = random_epilogue_stored(bench, &posted->post, d, element, NUMBER_F32,
						  value);
	union value got = indices_value(bench, d->type, bench_plain_address(bench, d, element));

	if (!reference_equal(number_class_of(d->type), got, want))
		fail_msg("element %llu: got 0x%llx, expected 0x%llx", (unsigned long long)element,
			 (unsigned long long)got.i64, (unsigned long long)want.i64);
}

static void random_commands_follow_the_rule(void **state)
{
	unsigned int programs = 0;
	uint64_t seed = 600;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 600);
	for (int i = 0; i < 4 * CASES; i++) {
		struct posted posted;
		struct outcome outcome;

		bench_reset(&bench);
		make_random(&bench, &seed, &posted);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		for (uint64_t e = 0; e < bench_plain_elements(&posted.body.d); e++)
			expect_element(&bench, &posted, e);
		programs += posted.post.exists && bench_plain_elements(&posted.body.d);
	}
	assert_true(programs > CASES);
	bench_close(&bench);
}

/* ---- chosen commands -------------------------------------------------------------- */

/* Twice as large along an axis, by two taps each. */
static void make_twice(struct bench *bench, struct posted *posted, unsigned int axis,
		       const uint32_t *in)
{
	struct tsr_hw_resample *body = &posted->body;
	uint32_t dim[] = { in[0], in[1], in[2] };
	uint32_t out = 2 * in[axis];

	bench_reset(bench);
	memset(posted, 0, sizeof(*posted));
	body->axis = (uint8_t)axis;
	body->taps = 2;
	bench_plain(bench, &body->x, TSR_HW_TYPE_FP16, 3, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	dim[axis] = out;
	bench_plain(bench, &body->d, TSR_HW_TYPE_FP32, 3, dim, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	indices_step(&body->step, &body->d);
	make_tables(bench, body, in[axis], out);
	for (uint32_t i = 0; i < out; i++)
		indices_put(bench, &body->first, i, ((int64_t)i - 1) >> 1);
}

static void pictures_of_many_ranges(void **state)
{
	static const uint32_t in[] = { 3, 60, 5000 };
	struct posted posted;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 4 * MEMORY_BYTES, 601);
	for (unsigned int axis = 0; axis < 3; axis++) {
		make_twice(&bench, &posted, axis, in);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		for (uint64_t e = 0; e < bench_plain_elements(&posted.body.d); e += 1 + e % 97)
			expect_element(&bench, &posted, e);
	}
	bench_close(&bench);
}

static void one_tap_of_weight_one_keeps_minus_zero(void **state)
{
	static const uint32_t in[] = { 1, 1, 6 };
	const float minus_zero = -0.0f, one = 1.0f;
	struct posted posted;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 602);
	make_twice(&bench, &posted, 2, in);
	posted.body.taps = 1;
	posted.body.weight.dim[1] = 1;
	posted.body.x.type = TSR_HW_TYPE_FP32;
	posted.body.x.dim[2] = 2;
	for (uint64_t i = 0; i < 12; i++)
		fake_memory_poke(bench.memory, bench_plain_address(&bench, &posted.body.weight, i),
				 &one, sizeof(one));
	for (uint64_t i = 0; i < 2; i++)
		fake_memory_poke(bench.memory, bench_plain_address(&bench, &posted.body.x, i),
				 &minus_zero, sizeof(minus_zero));
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint64_t i = 0; i < 12; i++)
		assert_int_equal(indices_value(&bench, TSR_HW_TYPE_INT32,
					bench_plain_address(&bench, &posted.body.d, i)).i32,
				 INT32_MIN);
	bench_close(&bench);
}

static void a_fault_of_x_tells_its_address(void **state)
{
	static const uint32_t in[] = { 2, 100, 1000 };
	struct posted posted;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 603);
	make_twice(&bench, &posted, 1, in);
	va = (bench_plain_address(&bench, &posted.body.x, 50000) + FAKE_PAGE - 1) / FAKE_PAGE *
	     FAKE_PAGE;
	fake_memory_protect(bench.memory, va, false, false);
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(outcome.result.fault, va);
	bench_close(&bench);
}

static void results_that_are_no_numbers_are_counted(void **state)
{
	static const uint32_t in[] = { 2, 10, 100 };
	const float infinity = INFINITY;
	struct posted posted;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 604);
	make_twice(&bench, &posted, 2, in);
	posted.body.weight.stride[0] = posted.body.weight.stride[1] = 0;
	fake_memory_poke(bench.memory, bench_plain_address(&bench, &posted.body.weight, 0),
			 &infinity, sizeof(infinity));
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.result.infinite + outcome.result.nan, 4000);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_follow_the_rule),
		cmocka_unit_test(pictures_of_many_ranges),
		cmocka_unit_test(one_tap_of_weight_one_keeps_minus_zero),
		cmocka_unit_test(a_fault_of_x_tells_its_address),
		cmocka_unit_test(results_that_are_no_numbers_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
