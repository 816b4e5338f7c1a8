/* SPDX-License-Identifier: MIT */
/* POOL against a walk over all taps of every window. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include <number/store.h>

#include "bench.h"
#include "half_tensors.h"
#include "indices.h"
#include "products.h"
#include "random.h"
#include "random_epilogues.h"
#include "random_windows.h"
#include "reductions.h"
#include "stored.h"
#include "tile/execution.h"
#include "windows.h"

#define LEADING		2

/* A command in the making: body, and parts of a program if there is one. */
struct posted {
	struct tsr_hw_pool body;
	struct random_epilogue post;
};

static void run(struct bench *bench, const struct posted *posted, struct outcome *outcome)
{
	random_epilogue_run(bench, &posted->post, TSR_HW_OP_POOL, &posted->body,
			    sizeof(posted->body), outcome);
}

/* ---- the plain rule -------------------------------------------------------------- */

/* What one window has become. */
struct pooled {
	union value value;
	int64_t index;
	int64_t count;
};

static bool is_greater(unsigned int type, union value a, union value b)
{
	if (stored_is_float(type))
		return a.f32 > b.f32 || (isnan(a.f32) && !isnan(b.f32));
	return type == TSR_HW_TYPE_UINT64 ? (uint64_t)a.i64 > (uint64_t)b.i64 : a.i64 > b.i64;
}

static void take(const struct bench *bench, const struct tsr_hw_pool *body, const uint64_t *at,
		 struct pooled *pooled)
{
	union value value = reductions_at(bench, &body->x, at);
	unsigned int type = body->x.type;
	uint64_t number = 0;

	for (unsigned int i = 0; i < body->dims; i++)
		number = number * body->x.dim[LEADING + i] + at[LEADING + i];
	if (!pooled->count || is_greater(type, value, pooled->value))
		pooled->index = (int64_t)number;
	pooled->value = reductions_combine(body->mode == TSR_HW_POOLING_MAX ? TSR_HW_REDUCTION_MAX :
									      TSR_HW_REDUCTION_SUM,
					   type, pooled->value, value);
	pooled->count++;
}

static struct pooled pool_of(const struct bench *bench, const struct tsr_hw_pool *body,
			     uint64_t output)
{
	bool max = body->mode == TSR_HW_POOLING_MAX;
	struct pooled pooled = {
		.value = reductions_none(max ? TSR_HW_REDUCTION_MAX : TSR_HW_REDUCTION_SUM,
					 body->x.type),
		.index = -1,
	};
	uint64_t out[TSR_HW_MAX_RANK];
	uint64_t at[TSR_HW_MAX_RANK];
	uint64_t taps = windows_taps(body->w, body->dims);

	indices_coordinates(&body->d, output, out);
	memcpy(at, out, sizeof(at));
	for (uint64_t tap = 0; tap < taps; tap++)
		if (windows_source(body->w, body->dims, &body->x.dim[LEADING], tap, &out[LEADING],
				   &at[LEADING]))
			take(bench, body, at, &pooled);
	return pooled;
}

static union value loaded(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t n)
{
	union value value = reductions_element(bench, tensor,
					       bench_plain_address(bench, tensor, n));

	/* Of registers there is one more type. */
	if (number_class_of(tensor->type) == NUMBER_I32)
		value.i32 = (int32_t)value.i64;
	if (number_class_of(tensor->type) == NUMBER_BOOL)
		value.boolean = value.i64 != 0;
	return value;
}

static union value epilogue(const struct bench *bench, const struct posted *posted, uint64_t n,
			    const struct pooled *pooled)
{
	union value given[TSR_HW_VECTOR_VALUE + 1] = { { .i64 = 0 } };
	uint64_t divisions = 0;

	for (unsigned int i = 0; i < posted->post.program.head.inputs; i++)
		given[i] = loaded(bench, &posted->post.program.input[i], n);
	if (posted->body.count)
		given[TSR_HW_VECTOR_MAX_INPUTS - 1].i64 = pooled->count;
	given[TSR_HW_VECTOR_VALUE] = pooled->value;
	if (reductions_class(posted->body.x.type) == NUMBER_BOOL)
		given[TSR_HW_VECTOR_VALUE].boolean = pooled->value.i64 != 0;
	return reference_run(&posted->post.random.program, &posted->post.random.setting, given, n,
			     &divisions);
}

static void expect_output(const struct bench *bench, const struct posted *posted, uint64_t n)
{
	const struct tsr_hw_tensor *d = &posted->body.d;
	const struct tsr_hw_tensor *index = &posted->body.index;
	struct pooled pooled = pool_of(bench, &posted->body, n);
	uint64_t got = indices_bits(bench, d, bench_plain_address(bench, d, n));
	enum number_class from = reductions_class(posted->body.x.type);
	union value value = pooled.value;
	uint64_t want = 0;

	if (from == NUMBER_BOOL)
		value.boolean = value.i64 != 0;
	if (posted->post.exists) {
		value = epilogue(bench, posted, n, &pooled);
		from = posted->post.random.program.result;
	}
	number_store(from, &value, d->type,
		     posted->post.exists ? posted->post.program.head.flags : 0, &want, 1);
	if (!stored_same(d->type, got, want))
		fail_msg("output %llu: got 0x%llx, expected 0x%llx", (unsigned long long)n,
			 (unsigned long long)got, (unsigned long long)want);
	if (index->slot != TSR_HW_SLOT_NONE)
		assert_int_equal(indices_bits(bench, index, bench_plain_address(bench, index, n)),
				 pooled.index);
}

static void run_and_expect(struct bench *bench, const struct posted *posted)
{
	struct outcome outcome;

	run(bench, posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	for (uint64_t n = 0; n < bench_plain_elements(&posted->body.d); n++)
		expect_output(bench, posted, n);
}

/* ---- random commands -------------------------------------------------------------- */

/* Whether a command can give the program what it was made for; its count is a wide input. */
static bool suits(const struct random_program *random, bool *counts)
{
	unsigned int inputs = random->program.head.inputs;

	*counts = inputs == TSR_HW_VECTOR_MAX_INPUTS &&
		  random->given.input[TSR_HW_VECTOR_MAX_INPUTS - 1] == NUMBER_I64;
	return random->given.has_value && random->given.value != NUMBER_I32 &&
	       random->given.rank > LEADING;
}

/* Sets type of the value, rank and extents. */
static void make_program(struct bench *bench, uint64_t *seed, struct posted *posted, uint32_t *dim)
{
	struct random_program *random = &posted->post.random;
	bool counts;

	do
		random_program(seed, 1 + bench_below(bench, 6), RANDOM_VALUE, random);
	while (!suits(random, &counts));
	posted->body.count = counts;
	random_epilogue_take(bench, &posted->post, random->program.head.inputs - counts, dim);
}

/* Of x: also those of half a byte. */
static unsigned int any_input(struct bench *bench)
{
	static const uint8_t halves[] = { TSR_HW_TYPE_INT4, TSR_HW_TYPE_UINT4,
					  TSR_HW_TYPE_FP4_E2M1 };

	return bench_below(bench, 6) ? indices_any_type(bench) : halves[bench_below(bench, 3)];
}

static unsigned int type_of_value(struct bench *bench, enum number_class class)
{
	unsigned int type;

	do
		type = any_input(bench);
	while (reductions_class(type) != class);
	return type;
}

static void make_tensors(struct bench *bench, struct posted *posted, unsigned int type,
			 const uint32_t *dim)
{
	struct tsr_hw_pool *body = &posted->body;
	unsigned int rank = body->dims + LEADING;
	uint32_t in[TSR_HW_MAX_RANK] = { dim[0], dim[1] };

	for (unsigned int i = 0; i < body->dims; i++)
		random_window(bench, &body->w[i], dim[LEADING + i], &in[LEADING + i]);
	if (half_is(type))
		products_tensor(bench, &body->x, type, rank, in, LAYOUT_DENSE);
	else
		bench_plain(bench, &body->x, type, rank, in, bench_any_layout(bench) |
			    (bench_below(bench, 4) ? 0 : LAYOUT_REPEAT), TSR_HW_SLOT_READ);
	bench_plain(bench, &body->d, indices_any_type(bench), rank, dim, bench_any_layout(bench),
		    TSR_HW_SLOT_WRITE);
	bench_absent(&body->index);
	if (body->mode == TSR_HW_POOLING_MAX && bench_below(bench, 2))
		bench_plain(bench, &body->index, TSR_HW_TYPE_INT64, rank, dim,
			    bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	posted->post.program.d = body->d;
	indices_step(&body->step, &body->d);
}

static void make_random(struct bench *bench, uint64_t *seed, unsigned int type,
			struct posted *posted)
{
	struct tsr_hw_pool *body = &posted->body;
	uint32_t dim[TSR_HW_MAX_RANK];

	memset(posted, 0, sizeof(*posted));
	body->dims = (uint8_t)(1 + bench_below(bench, TSR_HW_MAX_SPATIAL));
	for (unsigned int i = 0; i < body->dims + 2u; i++)
		dim[i] = bench_extent(bench, 6);
	if (bench_below(bench, 2)) {
		make_program(bench, seed, posted, dim);
		body->dims = (uint8_t)(posted->post.random.given.rank - LEADING);
		type = type_of_value(bench, posted->post.random.given.value);
	}
	if (type != TSR_HW_TYPE_BOOL)
		body->mode = (uint8_t)bench_below(bench, 2);
	make_tensors(bench, posted, type, dim);
}

static void random_commands_match_the_walk(void **state)
{
	unsigned int programs = 0, counts = 0;
	uint64_t seed = 650;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 650);
	for (unsigned int i = 0; i < 12 * CASES; i++) {
		struct posted posted;

		bench_reset(&bench);
		make_random(&bench, &seed,
			    i % 2 ? any_input(&bench) : indices_types[i / 2 % INDICES_TYPES],
			    &posted);
		run_and_expect(&bench, &posted);
		programs += posted.post.exists;
		counts += posted.body.count;
	}
	assert_true(programs > 3 * CASES && counts > CASES / 10);
	bench_close(&bench);
}

/* ---- chosen commands -------------------------------------------------------------- */

/* Windows of @kernel over two dimensions, @stride apart, channels last in memory if @last. */
static void make_pictures(struct bench *bench, struct posted *posted, unsigned int type,
			  const uint32_t *in, uint32_t kernel, uint32_t stride)
{
	struct tsr_hw_pool *body = &posted->body;
	uint32_t dim[] = { in[0], in[1], (in[2] - kernel) / stride + 1,
			   (in[3] - kernel) / stride + 1 };

	bench_reset(bench);
	memset(posted, 0, sizeof(*posted));
	body->dims = 2;
	for (unsigned int i = 0; i < 2; i++)
		body->w[i] = (struct tsr_hw_window){ .kernel = kernel, .stride = stride,
						     .dilation = 1, .input_dilation = 1 };
	bench_plain(bench, &body->x, type, 4, in, LAYOUT_SHUFFLED, TSR_HW_SLOT_READ);
	bench_plain(bench, &body->d, type, 4, dim, LAYOUT_SHUFFLED, TSR_HW_SLOT_WRITE);
	bench_plain(bench, &body->index, TSR_HW_TYPE_INT64, 4, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
	indices_step(&body->step, &body->d);
}

/* More channels than a range has outputs; lines that do not fit; windows far apart. */
static void pictures_of_many_ranges_match_the_walk(void **state)
{
	static const struct {
		uint32_t in[4], kernel, stride;
	} pictures[] = {
		{ { 1, 2500, 4, 5 }, 3, 1 },
		{ { 2, 64, 30, 29 }, 3, 2 },
		{ { 1, 300, 20, 20 }, 20, 1 },
		{ { 3, 3, 90, 70 }, 2, 30 },
		{ { 1, 1, 100, 100 }, 7, 3 },
	};
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 4 * MEMORY_BYTES, 651);
	for (unsigned int i = 0; i < 4 * sizeof(pictures) / sizeof(pictures[0]); i++) {
		unsigned int n = i / 4;

		make_pictures(&bench, &posted, i % 2 ? TSR_HW_TYPE_FP16 : TSR_HW_TYPE_INT8,
			      pictures[n].in, pictures[n].kernel, pictures[n].stride);
		if (i % 4 > 1) {
			posted.body.mode = TSR_HW_POOLING_SUM;
			bench_absent(&posted.body.index);
		}
		run_and_expect(&bench, &posted);
	}
	bench_close(&bench);
}

/* 2^40 taps of which one meets an element: only that one costs time. */
static void a_window_of_padding_costs_no_time(void **state)
{
	const uint32_t reach = 1u << 20;
	const uint32_t in[] = { 1, 1, 2, 2 };
	struct posted posted;
	struct bench bench;
	struct outcome outcome;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 652);
	make_pictures(&bench, &posted, TSR_HW_TYPE_FP32, in, 1, 1);
	for (unsigned int i = 0; i < 2; i++) {
		posted.body.w[i].kernel = reach;
		posted.body.w[i].before = reach - 1;
		posted.body.w[i].after = reach - 1;
		posted.body.w[i].input_dilation = reach;
	}
	run(&bench, &posted, &outcome);
	/* Two elements that lie @reach apart: twice as many windows and one more. */
	assert_int_equal(outcome.result.error, TSR_HW_ERR_COMMAND);
	for (unsigned int i = 0; i < 2; i++) {
		posted.body.w[i].stride = reach;
		posted.body.w[i].before = 0;
		posted.body.w[i].after = reach - 1;
	}
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint64_t i = 0; i < 4; i++) {
		const uint64_t at[] = { 0, 0, i / 2, i % 2 };

		assert_int_equal(indices_bits(&bench, &posted.body.index,
					      bench_plain_at(&bench, &posted.body.index, at)), i);
		assert_int_equal(indices_bits(&bench, &posted.body.d,
					      bench_plain_at(&bench, &posted.body.d, at)),
				 indices_bits(&bench, &posted.body.x,
					      bench_plain_at(&bench, &posted.body.x, at)));
	}
	bench_close(&bench);
}

/* Two windows of more ones than lie between two reports of progress. */
static void make_long_windows(struct bench *bench, struct posted *posted)
{
	const uint32_t in[] = { 1, 2, 4100, 4100 };
	const float one = 1.0f;

	make_pictures(bench, posted, TSR_HW_TYPE_FP32, (const uint32_t[]){ 1, 2, 1, 1 }, 1, 1);
	bench_absent(&posted->body.index);
	posted->body.mode = TSR_HW_POOLING_SUM;
	for (unsigned int i = 0; i < 2; i++) {
		posted->body.x.dim[2 + i] = in[2 + i];
		posted->body.x.stride[2 + i] = 0;
		posted->body.w[i].kernel = in[2 + i];
	}
	for (uint64_t i = 0; i < 2; i++) {
		const uint64_t at[] = { 0, i, 0, 0 };

		fake_memory_poke(bench->memory, bench_plain_at(bench, &posted->body.x, at), &one,
				 sizeof(one));
	}
}

static void one_window_of_very_many_is_summed_in_order(void **state)
{
	struct posted posted;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 653);
	make_long_windows(&bench, &posted);
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	for (uint64_t i = 0; i < 2; i++)
		/* From 2^24 on one more makes no difference. */
		assert_true(loaded(&bench, &posted.body.d, i).f32 == 0x1p24f);
	bench_close(&bench);
}

/* Runs a command one of whose tensors misses the page behind element @n; returns its address. */
static uint64_t run_without_a_page(bool of_places, uint64_t n, struct outcome *outcome)
{
	const uint32_t in[] = { 1, 64, 40, 40 };
	const struct tsr_hw_tensor *tensor;
	struct posted posted;
	struct bench bench;
	uint64_t va;

	bench_open(&bench, "edge", MEMORY_BYTES, 654);
	make_pictures(&bench, &posted, TSR_HW_TYPE_FP32, in, 3, 2);
	tensor = of_places ? &posted.body.index : &posted.body.x;
	va = (bench_plain_address(&bench, tensor, n) + FAKE_PAGE - 1) / FAKE_PAGE * FAKE_PAGE;
	fake_memory_protect(bench.memory, va, false, false);
	run(&bench, &posted, outcome);
	bench_close(&bench);
	return va;
}

static void a_fault_of_x_tells_its_address(void **state)
{
	struct outcome outcome;
	uint64_t va = run_without_a_page(false, 50000, &outcome);

	(void)state;
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(outcome.result.fault, va);
}

/* Outputs are stored with C as the last dimension, those of one page in another order. */
static void a_fault_of_the_places_tells_its_page(void **state)
{
	struct outcome outcome;
	uint64_t va = run_without_a_page(true, 5000, &outcome);

	(void)state;
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_WRITE);
	assert_int_equal(outcome.result.fault / FAKE_PAGE, va / FAKE_PAGE);
}

static void a_long_window_tells_its_progress_and_can_be_stopped(void **state)
{
	struct posted posted;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 654);
	make_long_windows(&bench, &posted);
	/* Lines are read in two parts. */
	for (unsigned int window = 0; window < 2; window++) {
		fake_memory_abort_after(bench.memory, 1000 + window * 2 * 4100);
		run(&bench, &posted, &outcome);
		assert_int_equal(outcome.result.error, EXECUTION_ABORTED);
		assert_in_range(outcome.progress, 1 + window * outcome.steps / 2,
				(1 + window) * outcome.steps / 2 - 1);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_match_the_walk),
		cmocka_unit_test(pictures_of_many_ranges_match_the_walk),
		cmocka_unit_test(a_window_of_padding_costs_no_time),
		cmocka_unit_test(one_window_of_very_many_is_summed_in_order),
		cmocka_unit_test(a_long_window_tells_its_progress_and_can_be_stopped),
		cmocka_unit_test(a_fault_of_x_tells_its_address),
		cmocka_unit_test(a_fault_of_the_places_tells_its_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
