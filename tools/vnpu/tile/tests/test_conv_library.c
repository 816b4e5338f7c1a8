/* SPDX-License-Identifier: MIT */
/* Convolutions by the library: how much it is given at once, which it does not stop in. */
#include "suite.h"

#include <limits.h>

#include "convs.h"
#include "fake_memory.h"
#include "tile/onednn.h"

/* Of one call: some 25 ms of a thread. */
#define MOST_MACS	(1ull << 30)
#define MOST_OUTPUTS	(1ull << 23)

/* The linker puts it in front of the library's. */
int __real_onednn_convolve_packed(const struct onednn_conv *conv, const void *x,
				  const void *packed, void *d);
int __wrap_onednn_convolve_packed(const struct onednn_conv *conv, const void *x,
				  const void *packed, void *d);

static unsigned int calls;

int __wrap_onednn_convolve_packed(const struct onednn_conv *conv, const void *x,
				  const void *packed, void *d)
{
	uint64_t outputs = (uint64_t)(conv->images * conv->outputs * conv->out_height *
				      conv->out_width);
	uint64_t depth = (uint64_t)(conv->channels / conv->groups * conv->kernel[0] *
				    conv->kernel[1]);

	assert_in_range(outputs, 1, MOST_OUTPUTS);
	assert_in_range(outputs * depth, 1, MOST_MACS);
	calls++;
	return __real_onednn_convolve_packed(conv, x, packed, d);
}

/*
 * Windows of @side elements squared, of fp16; here and below of more than one element, because some
 * hosts leave those of one to other ways (host_caches.h). Return: calls of the library.
 */
static unsigned int convolve(uint32_t images, uint32_t channels, uint32_t size, uint32_t outputs,
			     uint32_t side)
{
	static const unsigned int types[] = {
		TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16,
	};
	static const struct tsr_hw_window windows[2] = { { 0, 1, 1, 1, 0, 0 },
							 { 0, 1, 1, 1, 0, 0 } };
	const uint32_t x[] = { images, channels, size, size };
	const uint32_t w[] = { outputs, channels, side, side };
	struct tsr_hw_conv conv;
	struct outcome outcome;
	struct bench bench;

	bench_open(&bench, "edge", 64u << 20, 780);
	conv_make(&bench, &conv, types, x, w, windows, 1);
	calls = 0;
	bench_run(&bench, &conv, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	bench_close(&bench);
	return calls;
}

static void many_products_are_several_calls(void **state)
{
	(void)state;
	assert_in_range(convolve(24, 128, 18, 192, 3), 2, 24);
}

static void many_outputs_of_few_products_are_several_calls(void **state)
{
	(void)state;
	assert_in_range(convolve(300, 1, 7, 1000, 2), 2, 300);
}

static void a_picture_of_too_many_outputs_is_not_for_the_library(void **state)
{
	(void)state;
	assert_int_equal(convolve(1, 1, 97, 1000, 2), 0);
	assert_int_equal(convolve(1, 1, 91, 1000, 2), 1);
}

/* Elements that may be moved before the next question whether to give up. */
#define MOVED		65536u

static void a_long_line_is_staged_with_questions(void **state)
{
	static const unsigned int types[] = {
		TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32,
	};
	static const struct tsr_hw_window windows[2] = { { 0, 1, 1, 1, 0, 0 },
							 { 0, 1, 1, 1, 0, 0 } };
	static const uint32_t x[] = { 1, 64, 1, 40000 }, w[] = { 1, 64, 1, 2 };
	struct tsr_hw_conv conv;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 64u << 20, 781);
	conv_make(&bench, &conv, types, x, w, windows, 1);
	conv.blocks.bk = 2;
	calls = 0;
	fake_memory_abort_after(bench.memory, UINT_MAX);
	bench_run(&bench, &conv, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(calls, 1);
	assert_true(fake_memory_polls(bench.memory) >= x[1] * x[3] / MOVED);
	bench_close(&bench);
}

/* Pictures of 13 MB and 6 million products; @element of x, or of the weights, is 2^-140. */
static void convolve_subnormal(struct bench *bench, unsigned int tensor, uint64_t element,
			       struct outcome *outcome)
{
	static const unsigned int types[] = {
		TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32,
	};
	static const struct tsr_hw_window windows[2] = {
		{ 0, 1, 1, 1, 0, 0 }, { 0, 1, 1, 1, 0, 0 },
	};
	static const uint32_t x[] = { 2, 2048, 40, 40 }, w[] = { 1, 2048, 1, 2 };
	const float least = 0x1p-140f;
	struct tsr_hw_conv conv;

	bench_open(bench, "edge", 64u << 20, 782);
	conv_make(bench, &conv, types, x, w, windows, 1);
	conv.blocks.bk = 2;
	fake_memory_poke(bench->memory,
			 bench_plain_address(bench, tensor ? &conv.w : &conv.x, element), &least,
			 sizeof(least));
	calls = 0;
	fake_memory_abort_after(bench->memory, UINT_MAX);
	bench_run(bench, &conv, outcome);
	assert_int_equal(outcome->result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome->progress, outcome->steps);
	assert_true(conv_matches(bench, &conv));
}

/* Processors may take long for such products, and the library does not ask whether to give up. */
static void subnormal_weights_are_not_for_the_library(void **state)
{
	struct outcome outcome;
	struct bench bench;

	(void)state;
	convolve_subnormal(&bench, 1, 2048 * 2 - 1, &outcome);
	assert_int_equal(calls, 0);
	assert_true(fake_memory_polls(bench.memory) >= 2 * 2);
	bench_close(&bench);
}

/* What was computed before it is met stays. */
static void pictures_from_a_subnormal_one_on_are_not_for_the_library(void **state)
{
	struct outcome outcome;
	struct bench bench;

	(void)state;
	convolve_subnormal(&bench, 0, 1ull * 2048 * 40 * 40, &outcome);
	assert_int_equal(calls, 1);
	bench_close(&bench);
	convolve_subnormal(&bench, 0, 0, &outcome);
	assert_int_equal(calls, 0);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_products_are_several_calls),
		cmocka_unit_test(many_outputs_of_few_products_are_several_calls),
		cmocka_unit_test(a_picture_of_too_many_outputs_is_not_for_the_library),
		cmocka_unit_test(subnormal_weights_are_not_for_the_library),
		cmocka_unit_test(pictures_from_a_subnormal_one_on_are_not_for_the_library),
		cmocka_unit_test(a_long_line_is_staged_with_questions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
