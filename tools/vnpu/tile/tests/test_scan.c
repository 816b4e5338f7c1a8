/* SPDX-License-Identifier: MIT */
/* SCAN against a walk along each line. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "bench.h"
#include "indices.h"
#include "reductions.h"

struct scan_command {
	struct tsr_hw_scan scan;
	struct programs programs;
};

/* ---- the plain rule -------------------------------------------------------------- */

static void expect_element(const struct bench *bench, const struct scan_command *command,
			   const uint64_t *at, union value value)
{
	unsigned int type = reductions_type(&command->programs, &command->scan.x);

	reductions_expect(bench, reductions_class(type), &command->programs, &command->scan.d, at,
			  value);
}

/* @at is the beginning of a line. */
static void expect_line(const struct bench *bench, const struct scan_command *command,
			uint64_t *at)
{
	const struct tsr_hw_scan *scan = &command->scan;
	unsigned int type = reductions_type(&command->programs, &scan->x);
	uint32_t extent = scan->x.dim[scan->axis];
	union value total = reductions_none(scan->function, type);

	for (uint32_t i = 0; i < extent; i++) {
		union value before = total;

		at[scan->axis] = scan->reverse ? extent - 1 - i : i;
		total = reductions_combine(scan->function, type, total,
					   reductions_loaded(bench, &command->programs, &scan->x,
							     at));
		expect_element(bench, command, at, scan->exclusive ? before : total);
	}
}

static void expect(const struct bench *bench, const struct scan_command *command)
{
	uint64_t at[TSR_HW_MAX_RANK];

	for (uint64_t i = 0; i < bench_plain_elements(&command->scan.x); i++) {
		indices_coordinates(&command->scan.x, i, at);
		if (!at[command->scan.axis])
			expect_line(bench, command, at);
	}
}

/* ---- commands -------------------------------------------------------------------- */

static void make(struct bench *bench, struct scan_command *command, unsigned int type,
		 unsigned int rank, const uint32_t *dim, unsigned int axis)
{
	struct tsr_hw_scan *scan = &command->scan;

	memset(command, 0, sizeof(*command));
	scan->head.op = TSR_HW_OP_SCAN;
	scan->axis = (uint8_t)axis;
	scan->function = reductions_any(bench, type);
	scan->exclusive = (uint8_t)bench_below(bench, 2);
	scan->reverse = (uint8_t)bench_below(bench, 2);
	bench_plain(bench, &scan->x, type, rank, dim, bench_any_layout(bench) | LAYOUT_REPEAT,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &scan->d, indices_any_type(bench), rank, dim, bench_any_layout(bench),
		    TSR_HW_SLOT_WRITE);
	indices_step(&scan->step, &scan->x);
	if (bench_below(bench, 2))
		reductions_prologue(bench, &scan->x, &command->programs);
	type = reductions_type(&command->programs, &scan->x);
	if (bench_below(bench, 2))
		reductions_epilogue(bench, reductions_class(type), &scan->d, &command->programs);
	programs_place(&command->programs, &scan->head, sizeof(*scan));
}

static void run_and_expect(struct bench *bench, const struct scan_command *command)
{
	struct outcome outcome;

	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	expect(bench, command);
}

static void random_commands_match_the_walk(void **state)
{
	struct scan_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 410);
	for (unsigned int i = 0; i < 4 * CASES; i++) {
		unsigned int rank = 1 + bench_below(&bench, 4);
		uint32_t dim[TSR_HW_MAX_RANK];

		bench_reset(&bench);
		for (unsigned int k = 0; k < rank; k++)
			dim[k] = bench_extent(&bench, rank == 1 ? 5000 : rank == 2 ? 60 : 9);
		make(&bench, &command, indices_types[i % INDICES_TYPES], rank, dim,
		     bench_below(&bench, rank));
		run_and_expect(&bench, &command);
	}
	bench_close(&bench);
}

/* More columns than are scanned together, and just as many. */
static void many_columns_match_the_walk(void **state)
{
	static const uint32_t columns[] = { 511, 512, 513, 1025, 3000 };
	struct scan_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 411);
	for (unsigned int i = 0; i < 15; i++) {
		const uint32_t dim[] = { 2, 1 + bench_below(&bench, 9), columns[i % 5] };

		bench_reset(&bench);
		make(&bench, &command, indices_any_type(&bench), 3, dim, 1);
		run_and_expect(&bench, &command);
	}
	bench_close(&bench);
}

/* A line that is longer than what is done between two reports of progress. */
static void a_long_line_matches_the_walk(void **state)
{
	const uint32_t dim[] = { (1u << 22) + 5000 };
	struct scan_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 4 * MEMORY_BYTES, 412);
	make(&bench, &command, TSR_HW_TYPE_INT8, 1, dim, 0);
	command.scan.function = TSR_HW_REDUCTION_SUM;
	run_and_expect(&bench, &command);
	bench_close(&bench);
}

static void a_fault_of_the_input_tells_its_address(void **state)
{
	const uint32_t dim[] = { 20000 };
	struct scan_command command;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 413);
	make(&bench, &command, TSR_HW_TYPE_FP32, 1, dim, 0);
	bench_plain(&bench, &command.scan.x, TSR_HW_TYPE_FP32, 1, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	command.scan.reverse = 0;
	va = (bench_plain_address(&bench, &command.scan.x, 9000) + FAKE_PAGE - 1) / FAKE_PAGE *
	     FAKE_PAGE;
	fake_memory_protect(bench.memory, va, false, false);
	bench_run(&bench, &command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(outcome.result.fault, va);
	bench_close(&bench);
}

static void results_that_are_no_numbers_are_counted(void **state)
{
	const uint32_t dim[] = { 3000 };
	const float infinity = INFINITY;
	const float zero = 0;
	struct scan_command command;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 414);
	make(&bench, &command, TSR_HW_TYPE_FP32, 1, dim, 0);
	command.programs = (struct programs){ .has_post = false };
	programs_place(&command.programs, &command.scan.head, sizeof(command.scan));
	command.scan.function = TSR_HW_REDUCTION_MAX;
	command.scan.exclusive = command.scan.reverse = 0;
	bench_plain(&bench, &command.scan.x, TSR_HW_TYPE_FP32, 1, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	bench_plain(&bench, &command.scan.d, TSR_HW_TYPE_FP32, 1, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
	for (uint32_t i = 0; i < dim[0]; i++)
		fake_memory_poke(bench.memory, bench_plain_address(&bench, &command.scan.x, i),
				 i == 1000 ? &infinity : &zero, sizeof(zero));
	bench_run(&bench, &command, &outcome);
	assert_int_equal(outcome.result.infinite, 2000);
	assert_int_equal(outcome.result.nan, 0);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_match_the_walk),
		cmocka_unit_test(many_columns_match_the_walk),
		cmocka_unit_test(a_long_line_matches_the_walk),
		cmocka_unit_test(a_fault_of_the_input_tells_its_address),
		cmocka_unit_test(results_that_are_no_numbers_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
