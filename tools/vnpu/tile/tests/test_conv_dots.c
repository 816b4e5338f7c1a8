/* SPDX-License-Identifier: MIT */
/*
 * Convolutions of integers by sums of products of neighbours. An argument is the most that the
 * processor is said to have (ONEDNN_MAX_CPU_ISA), so that each way can be had on one processor.
 */
#include "suite.h"

#include <stdlib.h>

#include "convs.h"
#include "tile/int8.h"
#include "tile/pairs.h"
#include "tile/quads.h"

#define SIDE	13u

static void needs_instructions(void)
{
	if (!quads_way() && (!pairs_way() || int8_by_library()))
		skip();
}

static void run_and_expect(struct bench *bench, const struct tsr_hw_conv *conv)
{
	struct outcome outcome;

	bench_run(bench, conv, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	assert_true(conv_matches(bench, conv));
}

/* What a convolution is made of, but for its windows. */
struct shape {
	uint32_t images, groups, channels, outputs, kernel[2];
};

static void convolve(struct bench *bench, const struct shape *shape, unsigned int type,
		     const struct tsr_hw_window *windows)
{
	const unsigned int types[] = { type, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT32 };
	const uint32_t x[] = { shape->images, shape->groups * shape->channels, SIDE, SIDE + 2 };
	const uint32_t w[] = { shape->groups * shape->outputs, shape->channels, shape->kernel[0],
			       shape->kernel[1] };
	struct tsr_hw_conv conv;

	bench_reset(bench);
	conv_make(bench, &conv, types, x, w, windows, shape->groups);
	conv.qx.kind = TSR_HW_QUANT_ZERO;
	conv.qx.zero = 5;
	run_and_expect(bench, &conv);
}

/* Lines of one run and of several, one picture and many, few and many outputs of a group. */
static void windows_of_any_shape_match(void **state)
{
	static const struct shape shapes[] = {
		{ 1, 1, 3, 20, { 3, 3 } }, { 2, 1, 5, 4, { 1, 3 } }, { 3, 1, 1, 37, { 4, 1 } },
		{ 5, 2, 4, 6, { 3, 2 } }, { 1, 3, 7, 17, { 2, 3 } }, { 40, 1, 2, 16, { 1, 1 } },
		{ 2, 5, 1, 5, { 3, 3 } }, { 1, 1, 9, 300, { 2, 2 } },
	};
	static const struct tsr_hw_window windows[][2] = {
		{ { 0, 1, 1, 1, 0, 0 }, { 0, 1, 1, 1, 0, 0 } },
		{ { 0, 1, 1, 1, 1, 2 }, { 0, 1, 2, 1, 3, 0 } },
		{ { 0, 2, 1, 1, 0, 1 }, { 0, 3, 1, 1, 1, 0 } },
		{ { 0, 1, 3, 1, 2, 2 }, { 0, 2, 1, 1, 0, 4 } },
	};
	struct bench bench;

	(void)state;
	needs_instructions();
	bench_open(&bench, "edge", MEMORY_BYTES, 760);
	for (unsigned int i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		for (unsigned int k = 0; k < sizeof(windows) / sizeof(windows[0]); k++)
			convolve(&bench, &shapes[i], k % 2 ? TSR_HW_TYPE_UINT8 : TSR_HW_TYPE_INT8,
				 windows[k]);
	bench_close(&bench);
}

static void random_windows_match(void **state)
{
	struct bench bench;

	(void)state;
	needs_instructions();
	bench_open(&bench, "edge", MEMORY_BYTES, 761);
	for (unsigned int i = 0; i < 2 * CASES; i++) {
		struct tsr_hw_conv conv;

		bench_reset(&bench);
		conv_random(&bench, &conv, true);
		run_and_expect(&bench, &conv);
	}
	bench_close(&bench);
}

static void a_fault_of_an_operand_is_told(void **state)
{
	static const struct tsr_hw_window windows[] = { { 0, 1, 1, 1, 0, 0 },
							{ 0, 1, 1, 1, 0, 0 } };
	static const unsigned int types[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8,
					      TSR_HW_TYPE_INT32 };
	static const uint32_t x[] = { 2, 8, SIDE, SIDE }, w[] = { 16, 8, 3, 3 };
	struct tsr_hw_conv conv;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	needs_instructions();
	bench_open(&bench, "edge", MEMORY_BYTES, 762);
	conv_make(&bench, &conv, types, x, w, windows, 1);
	for (unsigned int i = 0; i < bench.slots; i++) {
		const struct tsr_hw_slot *slot = &bench.slot[i];
		uint64_t last = slot->address + slot->size - 1;

		fake_memory_protect(bench.memory, last, false, false);
		bench_run(&bench, &conv, &outcome);
		fake_memory_protect(bench.memory, last, true, true);
		assert_int_equal(outcome.result.error, slot->flags & TSR_HW_SLOT_WRITE ?
				 TSR_HW_ERR_FAULT_WRITE : TSR_HW_ERR_FAULT_READ);
		assert_int_equal(outcome.result.fault / FAKE_PAGE, last / FAKE_PAGE);
	}
	run_and_expect(&bench, &conv);
	bench_close(&bench);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_of_any_shape_match),
		cmocka_unit_test(random_windows_match),
		cmocka_unit_test(a_fault_of_an_operand_is_told),
	};

	/* Before the library is asked for anything. */
	if (argc > 1)
		setenv("ONEDNN_MAX_CPU_ISA", argv[1], 1);
	return cmocka_run_group_tests_name("tile: convolutions of neighbours", tests, NULL, NULL);
}
