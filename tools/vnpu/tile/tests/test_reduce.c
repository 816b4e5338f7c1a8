/* SPDX-License-Identifier: MIT */
/* REDUCE against a walk over all elements of x. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "indices.h"
#include "reductions.h"
#include "stored.h"

struct reduce_command {
	struct tsr_hw_reduce reduce;
	struct programs programs;
};

/* ---- the plain rule -------------------------------------------------------------- */

/* A result in the making. */
struct result {
	union value value;
	int64_t index;
	int64_t count;
};

static bool selects(const struct reduce_command *command)
{
	return command->reduce.function > TSR_HW_REDUCTION_MAX;
}

/* Of the elements that are combined. */
static unsigned int type_of(const struct reduce_command *command)
{
	return reductions_type(&command->programs, &command->reduce.x);
}

static enum number_class class_of(const struct reduce_command *command)
{
	return selects(command) ? NUMBER_I64 : reductions_class(type_of(command));
}

/* Whether @a is beyond @b, or equal to it: 1, 0; else -1. */
static int compare_floats(float a, float b, bool least)
{
	if (isnan(a) || isnan(b))
		return !!isnan(a) - !!isnan(b);
	return least ? (a < b) - (a > b) : (a > b) - (a < b);
}

static int compare(const struct reduce_command *command, union value a, union value b)
{
	bool least = command->reduce.function == TSR_HW_REDUCTION_ARG_MIN;
	unsigned int type = type_of(command);
	int order;

	if (stored_is_float(type))
		return compare_floats(a.f32, b.f32, least);
	if (type == TSR_HW_TYPE_UINT64)
		order = ((uint64_t)a.i64 > (uint64_t)b.i64) - ((uint64_t)a.i64 < (uint64_t)b.i64);
	else
		order = (a.i64 > b.i64) - (a.i64 < b.i64);
	return least ? -order : order;
}

static void take(const struct reduce_command *command, struct result *result, union value value)
{
	const struct tsr_hw_reduce *reduce = &command->reduce;

	if (!selects(command)) {
		result->value = reductions_combine(reduce->function, type_of(command),
						   result->value, value);
	} else if (!result->count || compare(command, value, result->value) >= !reduce->last) {
		result->value = value;
		result->index = result->count;
	}
	result->count++;
}

static uint64_t output_of(const struct reduce_command *command, const uint64_t *at)
{
	const struct tsr_hw_tensor *d = &command->reduce.d;
	uint64_t number = 0;

	for (unsigned int i = 0; i < d->rank; i++)
		number = number * d->dim[i] + (command->reduce.axes & 1u << i ? 0 : at[i]);
	return number;
}

static struct result *make_results(const struct bench *bench, const struct reduce_command *command)
{
	const struct tsr_hw_reduce *reduce = &command->reduce;
	uint64_t outputs = bench_plain_elements(&reduce->d);
	struct result *results = calloc(outputs ? outputs : 1, sizeof(*results));
	uint64_t at[TSR_HW_MAX_RANK];

	assert_non_null(results);
	for (uint64_t i = 0; i < outputs && !selects(command); i++)
		results[i].value = reductions_none(reduce->function, type_of(command));
	for (uint64_t i = 0; i < bench_plain_elements(&reduce->x); i++) {
		indices_coordinates(&reduce->x, i, at);
		take(command, &results[output_of(command, at)],
		     reductions_loaded(bench, &command->programs, &reduce->x, at));
	}
	return results;
}

static void expect(const struct bench *bench, const struct reduce_command *command)
{
	const struct tsr_hw_tensor *d = &command->reduce.d;
	struct result *results = make_results(bench, command);
	uint64_t at[TSR_HW_MAX_RANK];

	for (uint64_t i = 0; i < bench_plain_elements(d); i++) {
		union value value = results[i].value;

		if (selects(command))
			value.i64 = results[i].index;
		indices_coordinates(d, i, at);
		reductions_expect(bench, class_of(command), &command->programs, d, at, value);
	}
	free(results);
}

/* ---- commands -------------------------------------------------------------------- */

static bool is_empty(const struct tsr_hw_reduce *reduce)
{
	for (unsigned int i = 0; i < reduce->x.rank; i++)
		if (reduce->axes & 1u << i && !reduce->x.dim[i])
			return true;
	return false;
}

static void choose_function(struct bench *bench, struct tsr_hw_reduce *reduce)
{
	reduce->function = reductions_any(bench, reduce->x.type);
	if (is_empty(reduce) || bench_below(bench, 3))
		return;
	reduce->function = (uint8_t)(TSR_HW_REDUCTION_ARG_MIN + bench_below(bench, 2));
	reduce->last = (uint8_t)bench_below(bench, 2);
}

static void make(struct bench *bench, struct reduce_command *command, unsigned int type,
		 unsigned int rank, const uint32_t *dim, uint32_t axes)
{
	struct tsr_hw_reduce *reduce = &command->reduce;
	uint32_t kept[TSR_HW_MAX_RANK];

	memset(command, 0, sizeof(*command));
	reduce->head.op = TSR_HW_OP_REDUCE;
	reduce->axes = axes;
	for (unsigned int i = 0; i < rank; i++)
		kept[i] = axes & 1u << i ? 1 : dim[i];
	bench_plain(bench, &reduce->x, type, rank, dim, bench_any_layout(bench) | LAYOUT_REPEAT,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &reduce->d, indices_any_type(bench), rank, kept, bench_any_layout(bench),
		    TSR_HW_SLOT_WRITE);
	indices_step(&reduce->step, &reduce->x);
	choose_function(bench, reduce);
	if (bench_below(bench, 2))
		reductions_prologue(bench, &reduce->x, &command->programs);
	if (bench_below(bench, 2))
		reductions_epilogue(bench, class_of(command), &reduce->d, &command->programs);
	programs_place(&command->programs, &reduce->head, sizeof(*reduce));
}

static void run_and_expect(struct bench *bench, const struct reduce_command *command)
{
	struct outcome outcome;

	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	expect(bench, command);
}

static void random_commands_match_the_walk(void **state)
{
	static const uint32_t most[] = { 0, 5000, 70, 18, 9, 6 };
	struct reduce_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 420);
	for (unsigned int i = 0; i < 6 * CASES; i++) {
		unsigned int rank = 1 + bench_below(&bench, 5);
		uint32_t dim[TSR_HW_MAX_RANK];

		bench_reset(&bench);
		for (unsigned int k = 0; k < rank; k++)
			dim[k] = bench_extent(&bench, most[rank]);
		make(&bench, &command, indices_types[i % INDICES_TYPES], rank, dim,
		     1 + bench_below(&bench, (1u << rank) - 1));
		run_and_expect(&bench, &command);
	}
	bench_close(&bench);
}

/* Elements of one result: as many as a piece has, one more, many pieces. */
static void deep_results_match_the_walk(void **state)
{
	static const uint32_t depths[] = { 2047, 2048, 2049, 4096, 20000 };
	struct reduce_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 421);
	for (unsigned int i = 0; i < 30; i++) {
		const uint32_t rows[] = { 7, depths[i % 5] };
		const uint32_t columns[] = { depths[i % 5], 7 };

		bench_reset(&bench);
		make(&bench, &command, indices_any_type(&bench), 2, i & 1 ? rows : columns,
		     i & 1 ? 2 : 1);
		run_and_expect(&bench, &command);
	}
	bench_close(&bench);
}

/* More elements than are folded between two reports of progress. */
static void one_result_of_very_many_matches_the_walk(void **state)
{
	const uint32_t dim[] = { (1u << 22) + 5000 };
	struct reduce_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 4 * MEMORY_BYTES, 422);
	make(&bench, &command, TSR_HW_TYPE_FP16, 1, dim, 1);
	command.reduce.function = TSR_HW_REDUCTION_SUM;
	command.reduce.last = 0;
	command.programs = (struct programs){ .has_post = false };
	programs_place(&command.programs, &command.reduce.head, sizeof(command.reduce));
	run_and_expect(&bench, &command);
	bench_close(&bench);
}

/* What lies at the end of a row with two equal greatest elements. */
static void equal_elements_are_told_apart_by_their_place(void **state)
{
	const uint32_t dim[] = { 5000 };
	const int8_t most = 127;
	struct reduce_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 423);
	for (uint8_t last = 0; last < 2; last++) {
		const uint64_t zero[] = { 0 };
		union value place;

		bench_reset(&bench);
		make(&bench, &command, TSR_HW_TYPE_INT8, 1, dim, 1);
		bench_plain(&bench, &command.reduce.x, TSR_HW_TYPE_INT8, 1, dim, LAYOUT_DENSE,
			    TSR_HW_SLOT_READ);
		bench_plain(&bench, &command.reduce.d, TSR_HW_TYPE_INT32, 1, (uint32_t[]){ 1 },
			    LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
		for (uint64_t i = 0; i < 2; i++)
			fake_memory_poke(bench.memory,
					 bench_plain_address(&bench, &command.reduce.x,
							     10 + 4000 * i),
					 &most, 1);
		for (uint64_t i = 0; i < dim[0]; i++)
			if (i != 10 && i != 4010)
				fake_memory_poke(bench.memory,
						 bench_plain_address(&bench, &command.reduce.x, i),
						 zero, 1);
		command.reduce.function = TSR_HW_REDUCTION_ARG_MAX;
		command.reduce.last = last;
		command.programs = (struct programs){ .has_post = false };
		programs_place(&command.programs, &command.reduce.head, sizeof(command.reduce));
		run_and_expect(&bench, &command);
		place = reductions_element(&bench, &command.reduce.d,
					   bench_plain_at(&bench, &command.reduce.d, zero));
		assert_int_equal(place.i64, last ? 4010 : 10);
	}
	bench_close(&bench);
}

static void a_fault_of_the_input_tells_its_address(void **state)
{
	const uint32_t dim[] = { 20000 };
	struct reduce_command command;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 424);
	make(&bench, &command, TSR_HW_TYPE_FP32, 1, dim, 1);
	bench_plain(&bench, &command.reduce.x, TSR_HW_TYPE_FP32, 1, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	va = (bench_plain_address(&bench, &command.reduce.x, 9000) + FAKE_PAGE - 1) / FAKE_PAGE *
	     FAKE_PAGE;
	fake_memory_protect(bench.memory, va, false, false);
	bench_run(&bench, &command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(outcome.result.fault, va);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_commands_match_the_walk),
		cmocka_unit_test(deep_results_match_the_walk),
		cmocka_unit_test(one_result_of_very_many_matches_the_walk),
		cmocka_unit_test(equal_elements_are_told_apart_by_their_place),
		cmocka_unit_test(a_fault_of_the_input_tells_its_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
