/* SPDX-License-Identifier: MIT */
/* CONV of every pair of types against the plain rule, with and without a VECTOR program. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "bench.h"
#include "indices.h"
#include "products.h"
#include "random.h"
#include "random_epilogues.h"
#include "random_windows.h"
#include "stored.h"
#include "windows.h"

#define LEADING		2

/* A command in the making: body, and parts of a program if there is one. */
struct posted {
	struct products_pair pair;
	struct tsr_hw_conv body;
	struct random_epilogue post;
};

static void run(struct bench *bench, const struct posted *posted, struct outcome *outcome)
{
	random_epilogue_run(bench, &posted->post, TSR_HW_OP_CONV, &posted->body,
			    sizeof(posted->body), outcome);
}

static enum number_class value_class(const struct posted *posted)
{
	return number_class_of(products_accumulator(&posted->pair));
}

/* ---- the plain rule --------------------------------------------------------------- */

static union value sum_of(const struct bench *bench, const struct posted *posted,
			  const uint64_t *out)
{
	const struct tsr_hw_conv *body = &posted->body;
	uint64_t channels = body->w.dim[1], taps = windows_taps(body->window, body->dims);
	uint64_t x[TSR_HW_MAX_RANK] = { out[0] }, w[TSR_HW_MAX_RANK] = { out[1] }, integer = 0;
	uint64_t group = out[1] / (body->d.dim[1] / body->groups);
	union value value = { .i64 = 0 };
	double real = 0;

	for (uint64_t k = 0; k < channels * taps; k++) {
		double a, b;

		w[1] = k / taps;
		x[1] = group * channels + w[1];
		if (!windows_source(body->window, body->dims, &body->x.dim[LEADING], k % taps,
				    &out[LEADING], &x[LEADING]))
			continue;
		windows_tap(body->window, body->dims, k % taps, &w[LEADING]);
		a = products_value(bench, &body->x, x) - (double)(int64_t)body->qx.zero;
		b = products_weight(bench, &body->w, &body->qw, posted->pair.a, w, k);
		real += a * b;
		if (value_class(posted) != NUMBER_F32)
			integer += (uint64_t)(int64_t)a * (uint64_t)(int64_t)b;
	}
	if (value_class(posted) == NUMBER_F32)
		value.f32 = (float)real;
	else if (value_class(posted) == NUMBER_I32)
		value.i32 = (int32_t)(uint32_t)integer;
	else
		value.i64 = (int64_t)integer;
	return value;
}

static void expect_element(const struct bench *bench, const struct posted *posted, uint64_t element)
{
	const struct tsr_hw_tensor *d = &posted->body.d;
	union value got = indices_value(bench, d->type, bench_plain_address(bench, d, element));
	uint64_t at[TSR_HW_MAX_RANK] = { 0 };
	union value want;

	indices_coordinates(d, element, at);
	want = random_epilogue_stored(bench, &posted->post, d, element, value_class(posted),
				      sum_of(bench, posted, at));
	if (!reference_equal(number_class_of(d->type), got, want))
		fail_msg("%u x %u, element %llu: got 0x%llx, expected 0x%llx", posted->pair.a,
			 posted->pair.b, (unsigned long long)element, (unsigned long long)got.i64,
			 (unsigned long long)want.i64);
}

static void run_and_expect(struct bench *bench, const struct posted *posted)
{
	struct outcome outcome;

	run(bench, posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	for (uint64_t e = 0; e < bench_plain_elements(&posted->body.d); e++)
		expect_element(bench, posted, e);
}

/* ---- random commands -------------------------------------------------------------- */

/* A program whose command has the value that sums are, and its extents. */
static void make_program(struct bench *bench, uint64_t *seed, struct posted *posted, uint32_t *dim)
{
	struct random_program *random = &posted->post.random;

	do
		random_program(seed, 1 + bench_below(bench, 6), RANDOM_VALUE, random);
	while (!random->given.has_value || random->given.value != value_class(posted) ||
	       random->given.rank <= LEADING);
	random_epilogue_take(bench, &posted->post, random->program.head.inputs, dim);
}

/* A zero point that is an element. */
static void make_zero(struct bench *bench, const struct tsr_hw_tensor *x,
		      struct tsr_hw_quant *quant)
{
	products_no_quant(quant);
	if (stored_is_float(x->type) || bench_below(bench, 2))
		return;
	quant->kind = TSR_HW_QUANT_ZERO;
	quant->zero = bench_below(bench, 8);
	if (x->type == TSR_HW_TYPE_UINT8)
		quant->zero = bench_below(bench, 256);
	if (x->type == TSR_HW_TYPE_INT8)
		quant->zero = (uint64_t)((int64_t)bench_below(bench, 256) - 128);
	if (x->type == TSR_HW_TYPE_INT16)
		quant->zero = (uint64_t)((int64_t)bench_below(bench, 65536) - 32768);
}

static void make_operands(struct bench *bench, struct posted *posted, const uint32_t *dim)
{
	struct tsr_hw_conv *body = &posted->body;
	unsigned int rank = body->dims + LEADING;
	uint32_t channels = bench_extent(bench, bench_below(bench, 3) ? 5 : 40);
	uint32_t x[TSR_HW_MAX_RANK] = { dim[0], channels * body->groups };
	uint32_t w[TSR_HW_MAX_RANK] = { dim[1], channels };
	struct tsr_hw_tensor flat;

	for (unsigned int i = 0; i < body->dims; i++) {
		random_window(bench, &body->window[i], dim[LEADING + i], &x[LEADING + i]);
		w[LEADING + i] = body->window[i].kernel;
		channels *= body->window[i].kernel;
	}
	products_tensor(bench, &body->x, posted->pair.a, rank, x, bench_any_layout(bench) |
			(bench_below(bench, 4) ? 0 : LAYOUT_REPEAT));
	products_tensor(bench, &body->w, posted->pair.b, rank, w, bench_any_layout(bench) |
			(bench_below(bench, 4) ? 0 : LAYOUT_REPEAT));
	make_zero(bench, &body->x, &body->qx);
	flat = (struct tsr_hw_tensor){ .type = body->w.type, .rank = 2,
				       .dim = { dim[1], channels } };
	products_quant(bench, &flat, posted->pair.scaled, true, &body->qw);
	body->blocks = (struct tsr_hw_blocks){
		.bm = 1, .bn = 32 * (1 + bench_below(bench, 3)), .bk = channels ? channels : 1,
		/* A block of the largest depth has as many cycles as one may have. */
		.bg = channels < 500 ? 1 + bench_below(bench, body->groups) : 1,
		.order = (uint8_t)bench_below(bench, 4),
	};
}

static void make_random(struct bench *bench, uint64_t *seed, struct posted *posted)
{
	struct tsr_hw_conv *body = &posted->body;
	uint32_t dim[TSR_HW_MAX_RANK];

	memset(posted, 0, sizeof(*posted));
	posted->pair = products_any_pair(bench);
	body->dims = (uint8_t)(1 + bench_below(bench, TSR_HW_MAX_SPATIAL));
	for (unsigned int i = 0; i < body->dims + 2u; i++)
		dim[i] = bench_extent(bench, 5);
	/* Many outputs are computed in other ways than few. */
	if (!bench_below(bench, 4))
		dim[1] = bench_extent(bench, 150);
	if (bench_below(bench, 2)) {
		make_program(bench, seed, posted, dim);
		body->dims = (uint8_t)(posted->post.random.given.rank - LEADING);
	}
	body->groups = bench_below(bench, 2) ? 1 : 1 + bench_below(bench, 4);
	if (dim[1] % body->groups)
		body->groups = dim[1];
	make_operands(bench, posted, dim);
	bench_plain(bench, &body->d,
		    bench_below(bench, 2) ? indices_any_type(bench) :
					    products_accumulator(&posted->pair),
		    body->dims + 2u, dim, bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	posted->post.program.d = body->d;
}

static void random_commands_follow_the_rule(void **state)
{
	unsigned int programs = 0;
	uint64_t seed = 750;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 750);
	for (unsigned int i = 0; i < 8 * CASES; i++) {
		struct posted posted;

		bench_reset(&bench);
		make_random(&bench, &seed, &posted);
		run_and_expect(&bench, &posted);
		programs += posted.post.exists;
	}
	assert_true(programs > CASES);
	bench_close(&bench);
}

/* ---- chosen commands -------------------------------------------------------------- */

/* Square windows over square pictures. */
static void make_pictures(struct bench *bench, struct posted *posted, unsigned int a,
			  unsigned int b, const uint32_t *x, uint32_t outputs, uint32_t kernel,
			  uint32_t stride)
{
	struct tsr_hw_conv *body = &posted->body;
	uint32_t w[] = { outputs, x[1], kernel, kernel };
	uint32_t side = (x[2] - kernel) / stride + 1;
	const uint32_t d[] = { x[0], outputs, side, side };

	bench_reset(bench);
	memset(posted, 0, sizeof(*posted));
	posted->pair = (struct products_pair){ (uint8_t)a, (uint8_t)b, false };
	body->dims = 2;
	body->groups = 1;
	for (unsigned int i = 0; i < 2; i++)
		body->window[i] = (struct tsr_hw_window){ kernel, stride, 1, 1, 0, 0 };
	products_tensor(bench, &body->x, a, 4, x, LAYOUT_SHUFFLED);
	products_tensor(bench, &body->w, b, 4, w, LAYOUT_SHUFFLED);
	products_no_quant(&body->qx);
	products_no_quant(&body->qw);
	bench_plain(bench, &body->d, products_accumulator(&posted->pair), 4, d, LAYOUT_SHUFFLED,
		    TSR_HW_SLOT_WRITE);
	body->blocks = (struct tsr_hw_blocks){ 1, 32, x[1] * kernel * kernel, 1, 0, { 0 } };
}

/*
 * Several chunks of windows; more channels than are read at once, of staged pictures and where they
 * lie; windows far apart.
 */
static void pictures_of_many_chunks_follow_the_rule(void **state)
{
	static const struct {
		uint32_t x[4], outputs, kernel, stride;
	} pictures[] = {
		{ { 3, 16, 21, 21 }, 8, 3, 1 },
		{ { 1, 4500, 6, 6 }, 3, 1, 5 },
		{ { 1, 4500, 7, 7 }, 3, 1, 6 },
		{ { 2, 2, 200, 200 }, 5, 2, 90 },
	};
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 751);
	for (unsigned int i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		make_pictures(&bench, &posted, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, pictures[i].x,
			      pictures[i].outputs, pictures[i].kernel, pictures[i].stride);
		run_and_expect(&bench, &posted);
		make_pictures(&bench, &posted, TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT16, pictures[i].x,
			      pictures[i].outputs, pictures[i].kernel, pictures[i].stride);
		run_and_expect(&bench, &posted);
	}
	bench_close(&bench);
}

/* As networks have them: in groups or not, with pads on some sides. */
static void make_layer(struct bench *bench, struct posted *posted, unsigned int type,
		       uint32_t groups, const uint32_t *channels, uint32_t side,
		       const struct tsr_hw_window *window)
{
	struct tsr_hw_conv *body = &posted->body;
	uint32_t x[] = { 2, groups * channels[0], side, side + 2 };
	uint32_t w[] = { groups * channels[1], channels[0], window[0].kernel, window[1].kernel };
	uint32_t d[] = { 2, w[0], 0, 0 };

	bench_reset(bench);
	memset(posted, 0, sizeof(*posted));
	posted->pair = (struct products_pair){ (uint8_t)type, (uint8_t)type, false };
	body->dims = 2;
	body->groups = groups;
	memcpy(body->window, window, 2 * sizeof(*window));
	for (unsigned int i = 0; i < 2; i++)
		d[LEADING + i] = (x[LEADING + i] + (uint32_t)(window[i].before + window[i].after) -
				  window[i].dilation * (window[i].kernel - 1) - 1) /
				 window[i].stride + 1;
	products_tensor(bench, &body->x, type, 4, x, LAYOUT_SHUFFLED);
	products_tensor(bench, &body->w, type, 4, w, LAYOUT_SHUFFLED);
	products_no_quant(&body->qx);
	products_no_quant(&body->qw);
	bench_plain(bench, &body->d, products_accumulator(&posted->pair), 4, d, LAYOUT_SHUFFLED,
		    TSR_HW_SLOT_WRITE);
	body->blocks = (struct tsr_hw_blocks){
		1, 32, channels[0] * window[0].kernel * window[1].kernel, 1, 0, { 0 }
	};
}

static void layers_of_networks_follow_the_rule(void **state)
{
	static const struct tsr_hw_window windows[][2] = {
		{ { 1, 1, 1, 1, 0, 0 }, { 1, 1, 1, 1, 0, 0 } },
		{ { 3, 1, 1, 1, 1, 1 }, { 3, 1, 1, 1, 1, 1 } },
		{ { 3, 2, 1, 1, 0, 1 }, { 3, 2, 1, 1, 1, 1 } },
		{ { 3, 1, 2, 1, 2, 2 }, { 5, 1, 1, 1, 0, 3 } },
		{ { 1, 2, 1, 1, 0, 0 }, { 1, 2, 1, 1, 0, 0 } },
	};
	static const struct { uint32_t groups, channels[2]; } shapes[] = {
		{ 1, { 3, 16 } }, { 1, { 32, 8 } }, { 24, { 1, 1 } }, { 16, { 1, 2 } },
		{ 3, { 8, 5 } }, { 1, { 20, 70 } }, { 2, { 9, 64 } },
	};
	static const unsigned int types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16,
					      TSR_HW_TYPE_FP8_E4M3, TSR_HW_TYPE_INT8,
					      TSR_HW_TYPE_UINT8 };
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 753);
	for (unsigned int i = 0; i < sizeof(windows) / sizeof(windows[0]); i++)
		for (unsigned int k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++)
			for (unsigned int t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
				make_layer(&bench, &posted, types[t], shapes[k].groups,
					   shapes[k].channels, 6, windows[i]);
				make_zero(&bench, &posted.body.x, &posted.body.qx);
				run_and_expect(&bench, &posted);
			}
	bench_close(&bench);
}

/* Exchange two elements of weights, which are kept packed by what they are. */
static void exchange(const struct bench *bench, const struct tsr_hw_tensor *w, uint64_t i,
		     uint64_t k)
{
	uint64_t first = bench_plain_address(bench, w, i);
	uint64_t second = bench_plain_address(bench, w, k);
	uint64_t a = 0, b = 0;

	fake_memory_peek(bench->memory, first, &a, bench_size(w->type));
	fake_memory_peek(bench->memory, second, &b, bench_size(w->type));
	fake_memory_poke(bench->memory, first, &b, bench_size(w->type));
	fake_memory_poke(bench->memory, second, &a, bench_size(w->type));
}

static void weights_that_changed_are_taken_anew(void **state)
{
	static const struct tsr_hw_window windows[2] = { { 1, 1, 1, 1, 0, 0 },
							 { 1, 1, 1, 1, 0, 0 } };
	static const uint32_t channels[] = { 96, 260 };
	static const unsigned int types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_INT8,
					      TSR_HW_TYPE_UINT8 };
	uint64_t last = (uint64_t)channels[0] * channels[1] - 1;
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 754);
	for (unsigned int t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		make_layer(&bench, &posted, types[t], 1, channels, 1, windows);
		run_and_expect(&bench, &posted);
		for (uint64_t distance = 1; distance <= last; distance *= 60) {
			exchange(&bench, &posted.body.w, last, last - distance);
			run_and_expect(&bench, &posted);
		}
		/* The same weights for other inputs: their zero point is another one. */
		make_zero(&bench, &posted.body.x, &posted.body.qx);
		run_and_expect(&bench, &posted);
	}
	bench_close(&bench);
}

/* The first of them needs nothing that belongs to zero points. */
static void weights_that_are_kept_serve_all_zero_points(void **state)
{
	static const struct tsr_hw_window windows[2] = { { 1, 1, 1, 1, 0, 0 },
							 { 1, 1, 1, 1, 0, 0 } };
	static const struct { unsigned int type; uint64_t zero; } inputs[] = {
		{ TSR_HW_TYPE_UINT8, 0 }, { TSR_HW_TYPE_UINT8, 7 }, { TSR_HW_TYPE_INT8, 0 },
	};
	static const uint32_t outputs[] = { 5, 20, 64 };
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 757);
	for (unsigned int i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		const uint32_t channels[] = { 96, outputs[i] };

		make_layer(&bench, &posted, TSR_HW_TYPE_INT8, 1, channels, 3, windows);
		for (unsigned int k = 0; k < sizeof(inputs) / sizeof(inputs[0]); k++) {
			posted.pair.a = (uint8_t)inputs[k].type;
			posted.body.x.type = (uint8_t)inputs[k].type;
			posted.body.qx.kind = TSR_HW_QUANT_ZERO;
			posted.body.qx.zero = inputs[k].zero;
			run_and_expect(&bench, &posted);
		}
	}
	bench_close(&bench);
}

/* Memory in which two elements of the weights are exchanged as soon as one was read. */
struct racing {
	struct tile_memory plain;
	const struct bench *bench;
	const struct tsr_hw_tensor *w;
	bool done;
};

static void race(struct racing *racing, uint64_t va)
{
	const struct tsr_hw_slot *slot = &racing->bench->slot[racing->w->slot];

	if (racing->done || va < slot->address || va >= slot->address + slot->size)
		return;
	racing->done = true;
	exchange(racing->bench, racing->w, 0, 7);
}

static int racing_read(void *ctx, uint64_t va, size_t n, void *dst, uint64_t *fault)
{
	struct racing *racing = ctx;
	int error = racing->plain.read(racing->plain.ctx, va, n, dst, fault);

	race(racing, va);
	return error;
}

static int racing_read_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			    void *dst, size_t dst_stride, uint64_t *fault)
{
	struct racing *racing = ctx;
	int error = racing->plain.read_rows(racing->plain.ctx, va, stride, rows, n, dst, dst_stride,
					    fault);

	race(racing, va);
	return error;
}

static int racing_write(void *ctx, uint64_t va, size_t n, const void *src, uint64_t *fault)
{
	struct racing *racing = ctx;

	return racing->plain.write(racing->plain.ctx, va, n, src, fault);
}

static int racing_write_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			     const void *src, size_t src_stride, uint64_t *fault)
{
	struct racing *racing = ctx;

	return racing->plain.write_rows(racing->plain.ctx, va, stride, rows, n, src, src_stride,
					fault);
}

static void racing_progress(void *ctx, uint64_t blocks)
{
	struct racing *racing = ctx;

	racing->plain.progress(racing->plain.ctx, blocks);
}

static bool racing_aborted(void *ctx)
{
	struct racing *racing = ctx;

	return racing->plain.aborted(racing->plain.ctx);
}

/* What that run computes is open; it must have seen the weights change. */
static void run_racing(struct bench *bench, struct posted *posted)
{
	struct racing racing = {
		.plain = fake_memory_accessors(bench->memory), .bench = bench, .w = &posted->body.w,
	};
	const struct tile_memory memory = {
		.ctx = &racing, .read = racing_read, .write = racing_write,
		.read_rows = racing_read_rows, .write_rows = racing_write_rows,
		.progress = racing_progress, .aborted = racing_aborted,
	};
	struct outcome outcome;
	struct tile_job *job;

	posted->body.head = (struct tsr_hw_command){
		.op = TSR_HW_OP_CONV, .size = sizeof(posted->body),
	};
	job = bench_prepare(bench, TSR_HW_ENGINE_TENSOR, &posted->body, sizeof(posted->body),
			    &outcome);
	assert_non_null(job);
	tile_execute(job, &memory, NULL, &outcome.result);
	tile_free(job);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_true(racing.done);
}

/* What is kept for all address spaces is what the bytes that name it make. */
static void weights_that_change_while_they_are_read_harm_no_later_run(void **state)
{
	static const struct tsr_hw_window windows[2] = { { 1, 1, 1, 1, 0, 0 },
							 { 1, 1, 1, 1, 0, 0 } };
	static const uint32_t channels[] = { 12, 20 };
	static const unsigned int types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16,
					      TSR_HW_TYPE_INT8 };
	struct posted posted;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 755);
	for (unsigned int t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		make_layer(&bench, &posted, types[t], 1, channels, 3, windows);
		run_racing(&bench, &posted);
		/*
		 * Back to what was there when it began, and then to what was there when it ended.
		 */
		for (unsigned int i = 0; i < 2; i++) {
			exchange(&bench, &posted.body.w, 0, 7);
			run_and_expect(&bench, &posted);
		}
	}
	bench_close(&bench);
}

static void a_fault_of_x_tells_its_page(void **state)
{
	static const uint32_t x[] = { 1, 64, 40, 40 };
	struct posted posted;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, MEMORY_BYTES, 752);
	make_pictures(&bench, &posted, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, x, 3, 3, 1);
	va = (bench_plain_address(&bench, &posted.body.x, 50000) + FAKE_PAGE - 1) / FAKE_PAGE *
	     FAKE_PAGE;
	fake_memory_protect(bench.memory, va, false, false);
	run(&bench, &posted, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	/* Pictures are read with C as the last dimension. */
	assert_int_equal(outcome.result.fault / FAKE_PAGE, va / FAKE_PAGE);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_follow_the_rule),
		cmocka_unit_test(pictures_of_many_chunks_follow_the_rule),
		cmocka_unit_test(layers_of_networks_follow_the_rule),
		cmocka_unit_test(weights_that_changed_are_taken_anew),
		cmocka_unit_test(weights_that_are_kept_serve_all_zero_points),
		cmocka_unit_test(weights_that_change_while_they_are_read_harm_no_later_run),
		cmocka_unit_test(a_fault_of_x_tells_its_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
