/* SPDX-License-Identifier: MIT */
/* Programs of commands: what belongs to one, and which are refused. */
#include "suite.h"

#include <string.h>

#include <tsr_hw/vector.h>

#include "bench.h"

#define ROWS	3u
#define COLUMNS	5u

/* A program of one input, a constant and some instructions. */
struct program {
	struct tsr_hw_vector head;
	struct tsr_hw_tensor input;
	uint64_t constant;
	struct tsr_hw_insn insn[3];
};

/* A SCAN along rows, with a program behind it, or two. */
struct posted {
	struct tsr_hw_scan body;
	union {
		struct program program[2];
		struct tsr_hw_vector head[2];
	};
};

static struct bench bench;

static void make(struct posted *posted)
{
	static const uint32_t dim[] = { ROWS, COLUMNS };

	bench_reset(&bench);
	memset(posted, 0, sizeof(*posted));
	posted->body = (struct tsr_hw_scan){
		.head = { .op = TSR_HW_OP_SCAN, .size = sizeof(posted->body) },
		.axis = 1, .function = TSR_HW_REDUCTION_SUM, .step = { { 1, COLUMNS } },
	};
	bench_plain(&bench, &posted->body.x, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	bench_plain(&bench, &posted->body.d, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
}

/* The value times a constant, and an input more: 2 v + i. */
static void make_program(struct program *program)
{
	static const uint32_t dim[] = { ROWS, COLUMNS };

	*program = (struct program){
		.head = { .insns = 3, .consts = 1, .inputs = 1, .result = 7 },
		.constant = bench_bits(2),
		.insn = {
			{ .op = TSR_HW_VECTOR_CONSTANT, .type = TSR_HW_VECTOR_TYPE_F32, .dst = 6 },
			{ .op = TSR_HW_VECTOR_MUL, .type = TSR_HW_VECTOR_TYPE_F32, .dst = 7,
			  .a = TSR_HW_VECTOR_VALUE, .b = 6 },
			{ .op = TSR_HW_VECTOR_ADD, .type = TSR_HW_VECTOR_TYPE_F32, .dst = 7,
			  .a = 7, .b = 0 },
		},
	};
	bench_plain(&bench, &program->input, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
}

static int run(struct posted *posted, size_t programs)
{
	struct outcome outcome;

	posted->body.head.size = (uint16_t)(sizeof(posted->body) + programs);
	bench_run(&bench, posted, &outcome);
	return outcome.result.error;
}

static float at(const struct tsr_hw_tensor *tensor, uint64_t n)
{
	float value;

	fake_memory_peek(bench.memory, bench_plain_address(&bench, tensor, n), &value,
			 sizeof(value));
	return value;
}

static float sum_of(const struct posted *posted, uint64_t n)
{
	float sum = at(&posted->body.x, n - n % COLUMNS);

	for (uint64_t i = n - n % COLUMNS + 1; i <= n; i++)
		sum += at(&posted->body.x, i);
	return sum;
}

static void a_program_is_what_fills_its_bytes(void **state)
{
	struct posted posted;

	(void)state;
	make(&posted);
	make_program(&posted.program[0]);
	posted.body.head.post = sizeof(posted.body);
	assert_int_equal(run(&posted, sizeof(struct program)), TSR_HW_ERR_NONE);
	for (uint64_t n = 0; n < ROWS * COLUMNS; n++)
		assert_float_equal(at(&posted.body.d, n), 2 * sum_of(&posted, n) +
				   at(&posted.program[0].input, n), 1e-5);
	/*
	 * Without its end, and with what is not of it; a part of its head may be missing as well.
	 */
	for (unsigned int bytes = 8; bytes < sizeof(struct program) + 64; bytes += 8)
		if (bytes != sizeof(struct program))
			assert_int_equal(run(&posted, bytes), TSR_HW_ERR_COMMAND);
}

static void a_head_by_itself_is_a_program(void **state)
{
	struct posted posted;

	(void)state;
	make(&posted);
	posted.head[0].result = TSR_HW_VECTOR_VALUE;
	posted.head[1].result = TSR_HW_VECTOR_VALUE;
	posted.body.head.post = sizeof(posted.body);
	assert_int_equal(run(&posted, sizeof(struct tsr_hw_vector)), TSR_HW_ERR_NONE);
	for (uint64_t n = 0; n < ROWS * COLUMNS; n++)
		assert_float_equal(at(&posted.body.d, n), sum_of(&posted, n), 0);
	posted.body.head.pre = sizeof(posted.body) + sizeof(struct tsr_hw_vector);
	assert_int_equal(run(&posted, 2 * sizeof(struct tsr_hw_vector)), TSR_HW_ERR_NONE);
	assert_int_equal(run(&posted, 3 * sizeof(struct tsr_hw_vector)), TSR_HW_ERR_COMMAND);
}

/* Wherever the second one is said to begin. */
static void two_programs_share_no_byte_and_leave_none(void **state)
{
	const uint16_t right = sizeof(struct tsr_hw_scan) + sizeof(struct program);
	struct posted posted;

	(void)state;
	make(&posted);
	make_program(&posted.program[0]);
	make_program(&posted.program[1]);
	posted.body.head.post = sizeof(posted.body);
	for (unsigned int pre = 1; pre <= sizeof(posted) + 8; pre++) {
		posted.body.head.pre = (uint16_t)pre;
		assert_int_equal(run(&posted, 2 * sizeof(struct program)),
				 pre == right ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND);
	}
}

static void inputs_have_the_extents_of_the_output(void **state)
{
	struct posted posted;

	(void)state;
	make(&posted);
	make_program(&posted.program[0]);
	posted.body.head.post = sizeof(posted.body);
	posted.program[0].input.dim[1]--;
	assert_int_equal(run(&posted, sizeof(struct program)), TSR_HW_ERR_COMMAND);
	posted.program[0].input.dim[1]++;
	posted.program[0].input.rank = 1;
	posted.program[0].input.dim[1] = 0;
	posted.program[0].input.stride[1] = 0;
	assert_int_equal(run(&posted, sizeof(struct program)), TSR_HW_ERR_COMMAND);
}

static void parameters_are_those_of_the_job(void **state)
{
	static const uint64_t parameters[] = { 3, 4 };
	struct posted posted;

	(void)state;
	make(&posted);
	make_program(&posted.program[0]);
	posted.body.head.post = sizeof(posted.body);
	posted.program[0].insn[0] = (struct tsr_hw_insn){
		.op = TSR_HW_VECTOR_PARAMETER, .type = TSR_HW_VECTOR_TYPE_I64, .dst = 5, .imm = 1,
	};
	posted.program[0].insn[1].b = TSR_HW_VECTOR_VALUE;
	bench.parameters = parameters;
	bench.parameter_count = 2;
	assert_int_equal(run(&posted, sizeof(struct program)), TSR_HW_ERR_NONE);
	bench.parameter_count = 1;
	assert_int_equal(run(&posted, sizeof(struct program)), TSR_HW_ERR_PARAMETER);
	bench.parameter_count = 0;
}

static int open_bench(void **state)
{
	(void)state;
	bench_open(&bench, "edge", 1 << 20, 61);
	return 0;
}

static int close_bench(void **state)
{
	(void)state;
	bench_close(&bench);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_is_what_fills_its_bytes),
		cmocka_unit_test(a_head_by_itself_is_a_program),
		cmocka_unit_test(two_programs_share_no_byte_and_leave_none),
		cmocka_unit_test(inputs_have_the_extents_of_the_output),
		cmocka_unit_test(parameters_are_those_of_the_job),
	};

	return cmocka_run_group_tests(tests, open_bench, close_bench);
}
