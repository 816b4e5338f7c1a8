/* SPDX-License-Identifier: MIT */
/* SCAN against a walk along each line. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include <number/store.h>

#include "bench.h"
#include "indices.h"
#include "stored.h"
#include "vector/tests/reference.h"

/* The largest command that is made here: its epilogue has one input and one instruction. */
struct scan_command {
	struct tsr_hw_scan scan;
	struct tsr_hw_vector program;
	struct tsr_hw_tensor input;
	struct tsr_hw_insn insn;
};

static bool is_float(const struct scan_command *command)
{
	return stored_is_float(command->scan.x.type);
}

static enum number_class class_of(const struct scan_command *command)
{
	if (is_float(command))
		return NUMBER_F32;
	return command->scan.x.type == TSR_HW_TYPE_BOOL ? NUMBER_BOOL : NUMBER_I64;
}

/* ---- the plain rule -------------------------------------------------------------- */

static float combine_floats(unsigned int function, float a, float b)
{
	bool first = function == TSR_HW_REDUCTION_MIN ? a < b : a > b;

	if (function == TSR_HW_REDUCTION_SUM)
		return a + b;
	if (function == TSR_HW_REDUCTION_PRODUCT)
		return a * b;
	if (isnan(a) || isnan(b))
		return NAN;
	if (a == b)
		first = !!signbit(a) == (function == TSR_HW_REDUCTION_MIN);
	return first ? a : b;
}

/* As whole numbers, and of those the low bits. */
static uint64_t combine_integers(unsigned int function, bool is_unsigned, uint64_t a, uint64_t b)
{
	__int128 x = is_unsigned ? (__int128)a : (int64_t)a;
	__int128 y = is_unsigned ? (__int128)b : (int64_t)b;

	switch (function) {
	case TSR_HW_REDUCTION_SUM:
		return (uint64_t)(x + y);
	case TSR_HW_REDUCTION_PRODUCT:
		return a * b;
	case TSR_HW_REDUCTION_MIN:
		return x < y ? a : b;
	default:
		return x > y ? a : b;
	}
}

static union value combined(const struct scan_command *command, union value a, union value b)
{
	unsigned int function = command->scan.function;
	bool is_unsigned = command->scan.x.type == TSR_HW_TYPE_UINT64;

	if (is_float(command))
		return (union value){ .f32 = combine_floats(function, a.f32, b.f32) };
	return (union value){ .i64 = (int64_t)combine_integers(function, is_unsigned,
							       (uint64_t)a.i64, (uint64_t)b.i64) };
}

static union value of_none(const struct scan_command *command)
{
	static const float floats[] = { 0, 1, INFINITY, -INFINITY };
	static const int64_t integers[] = { 0, 1, INT64_MAX, INT64_MIN };
	static const int64_t naturals[] = { 0, 1, -1, 0 };
	unsigned int function = command->scan.function;

	if (is_float(command))
		return (union value){ .f32 = floats[function] };
	if (command->scan.x.type == TSR_HW_TYPE_BOOL)
		return (union value){ .i64 = function == TSR_HW_REDUCTION_MIN };
	if (command->scan.x.type == TSR_HW_TYPE_UINT64)
		return (union value){ .i64 = naturals[function] };
	return (union value){ .i64 = integers[function] };
}

static union value element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			   uint64_t va)
{
	uint64_t bits = indices_bits(bench, tensor, va);

	if (stored_is_float(tensor->type))
		return (union value){ .f32 = stored_float(tensor->type, bits) };
	if (tensor->type == TSR_HW_TYPE_BOOL)
		return (union value){ .i64 = bits != 0 };
	return (union value){ .i64 = (int64_t)stored_integer(tensor->type, bits) };
}

/* The instruction that make_program() makes: value + input, or one of both bools. */
static union value epilogue(const struct bench *bench, const struct scan_command *command,
			    const uint64_t *at, union value value)
{
	union value input;

	if (!command->scan.head.post)
		return value;
	input = element(bench, &command->input, bench_plain_at(bench, &command->input, at));
	if (is_float(command))
		return (union value){ .f32 = value.f32 + input.f32 };
	if (class_of(command) == NUMBER_BOOL)
		return (union value){ .i64 = value.i64 != input.i64 };
	return (union value){ .i64 = (int64_t)((uint64_t)value.i64 + (uint64_t)input.i64) };
}

static void expect_element(const struct bench *bench, const struct scan_command *command,
			   const uint64_t *at, union value value)
{
	const struct tsr_hw_tensor *d = &command->scan.d;
	uint64_t got = indices_bits(bench, d, bench_plain_at(bench, d, at));
	uint64_t want = 0;

	value = epilogue(bench, command, at, value);
	number_store(class_of(command), &value, d->type, command->program.flags, &want, 1);
	if (!stored_same(d->type, got, want))
		fail_msg("type %u to %u, function %u: got 0x%llx, expected 0x%llx",
			 command->scan.x.type, d->type, command->scan.function,
			 (unsigned long long)got, (unsigned long long)want);
}

/* @at is the beginning of a line. */
static void expect_line(const struct bench *bench, const struct scan_command *command,
			uint64_t *at)
{
	const struct tsr_hw_scan *scan = &command->scan;
	uint32_t extent = scan->x.dim[scan->axis];
	union value total = of_none(command);

	for (uint32_t i = 0; i < extent; i++) {
		union value before = total;

		at[scan->axis] = scan->reverse ? extent - 1 - i : i;
		total = combined(command, total,
				 element(bench, &scan->x, bench_plain_at(bench, &scan->x, at)));
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

static void make_program(struct bench *bench, struct scan_command *command)
{
	static const struct {
		unsigned int type;
		unsigned int op;
		unsigned int register_type;
	} of_class[] = {
		[NUMBER_F32] = { TSR_HW_TYPE_FP32, TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_TYPE_F32 },
		[NUMBER_I64] = { TSR_HW_TYPE_INT64, TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_TYPE_I64 },
		[NUMBER_BOOL] = { TSR_HW_TYPE_BOOL, TSR_HW_VECTOR_XOR, TSR_HW_VECTOR_TYPE_BOOL },
	};
	enum number_class class = class_of(command);

	command->scan.head.size = sizeof(*command);
	command->scan.head.post = sizeof(command->scan);
	command->program = (struct tsr_hw_vector){ .insns = 1, .inputs = 1, .result = 7 };
	command->program.flags = (uint16_t)bench_below(bench, TSR_HW_VECTOR_STORE_FLAGS + 1);
	command->insn = (struct tsr_hw_insn){
		.op = (uint8_t)of_class[class].op,
		.type = (uint8_t)of_class[class].register_type,
		.dst = 7, .a = TSR_HW_VECTOR_VALUE, .b = 0,
	};
	bench_plain(bench, &command->input, of_class[class].type, command->scan.x.rank,
		    command->scan.x.dim, bench_any_layout(bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
}

static unsigned int any_type(struct bench *bench)
{
	return indices_types[bench_below(bench, INDICES_TYPES)];
}

static void make(struct bench *bench, struct scan_command *command, unsigned int type,
		 unsigned int rank, const uint32_t *dim, unsigned int axis)
{
	struct tsr_hw_scan *scan = &command->scan;

	memset(command, 0, sizeof(*command));
	scan->head.op = TSR_HW_OP_SCAN;
	scan->head.size = sizeof(*scan);
	scan->axis = (uint8_t)axis;
	scan->function = (uint8_t)(bench_below(bench, 2) + (type == TSR_HW_TYPE_BOOL ? 2 :
							    2 * bench_below(bench, 2)));
	scan->exclusive = (uint8_t)bench_below(bench, 2);
	scan->reverse = (uint8_t)bench_below(bench, 2);
	bench_plain(bench, &scan->x, type, rank, dim, bench_any_layout(bench) | LAYOUT_REPEAT,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &scan->d, any_type(bench), rank, dim, bench_any_layout(bench),
		    TSR_HW_SLOT_WRITE);
	indices_step(&scan->step, &scan->x);
	if (bench_below(bench, 2))
		make_program(bench, command);
}

static void run_and_expect(struct bench *bench, const struct scan_command *command)
{
	struct outcome outcome;

	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.cost.blocks);
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
		make(&bench, &command, any_type(&bench), 3, dim, 1);
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
	command.scan.head = (struct tsr_hw_command){ .op = TSR_HW_OP_SCAN, .size = sizeof(command.scan) };
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
