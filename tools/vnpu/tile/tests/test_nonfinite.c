/* SPDX-License-Identifier: MIT */
/* Results that are infinite or not a number are counted as they stand in memory. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include <number/load.h>
#include <number/store.h>

#include "bench.h"
#include "convs.h"
#include "gemms.h"
#include "moves.h"
#include "vector_commands.h"

static const uint8_t floats[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16,
				  TSR_HW_TYPE_FP8_E4M3, TSR_HW_TYPE_FP8_E5M2, TSR_HW_TYPE_E8M0 };

#define FLOATS	(sizeof(floats) / sizeof(floats[0]))

static bool has_infinity(unsigned int type)
{
	return type != TSR_HW_TYPE_FP8_E4M3 && type != TSR_HW_TYPE_E8M0;
}

struct counts {
	uint64_t infinite;
	uint64_t nan;
};

/* Counted anew from the output. */
static struct counts count(const struct bench *bench, const struct tsr_hw_tensor *d)
{
	struct counts counts = { 0 };

	for (uint64_t i = 0; i < bench_plain_elements(d); i++) {
		uint32_t stored = 0;
		float value;

		fake_memory_peek(bench->memory, bench_plain_address(bench, d, i), &stored,
				 bench_size(d->type));
		number_load(d->type, &stored, &value, 1);
		counts.infinite += isinf(value) ? 1 : 0;
		counts.nan += isnan(value) ? 1 : 0;
	}
	return counts;
}

/* Run, and return what there is in the output, which is what was counted. */
static struct counts run(struct bench *bench, const void *command,
			       const struct tsr_hw_tensor *d)
{
	struct outcome outcome;
	struct counts counts;

	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	counts = count(bench, d);
	assert_int_equal(outcome.result.infinite, counts.infinite);
	assert_int_equal(outcome.result.nan, counts.nan);
	return counts;
}

static void poke(struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t i,
		       float value)
{
	uint32_t stored = 0;

	number_store(NUMBER_F32, &value, tensor->type, 0, &stored, 1);
	fake_memory_poke(bench->memory, bench_plain_address(bench, tensor, i), &stored,
			 bench_size(tensor->type));
}

static void head(struct tsr_hw_command *head, uint8_t op, size_t size)
{
	head->op = op;
	head->size = (uint16_t)size;
}

/* ---- VECTOR ---------------------------------------------------------------------- */

/* A VECTOR command of one instruction, and its bytes. */
struct one_insn {
	struct vector_command command;
	_Alignas(8) char bytes[VECTOR_COMMAND_BYTES];
};

/* @elements of @from by @op to @to; operands start as random small numbers. */
static void make_vector(struct bench *bench, struct one_insn *one, uint8_t op, uint8_t from,
			uint8_t to, uint32_t elements)
{
	const uint32_t dim[] = { elements / 10, 10 };
	unsigned int inputs = op == TSR_HW_VECTOR_NEG || op == TSR_HW_VECTOR_ABS ? 1 : 2;
	struct vector_command *command = &one->command;

	*command = (struct vector_command){
		.head = { .insns = 1, .inputs = (uint8_t)inputs, .result = 5 },
		.code = { { .op = op, .type = TSR_HW_VECTOR_TYPE_F32, .dst = 5,
			    .b = (uint8_t)(inputs - 1) } },
	};
	for (unsigned int i = 0; i < inputs; i++)
		bench_plain(bench, &command->input[i], from, 2, dim, LAYOUT_DENSE,
			    TSR_HW_SLOT_READ);
	bench_plain(bench, &command->d, to, 2, dim, LAYOUT_GAPS, TSR_HW_SLOT_WRITE);
}

static struct counts run_vector(struct bench *bench, struct one_insn *one)
{
	vector_command_pack(&one->command, one->bytes);
	return run(bench, one->bytes, &one->command.d);
}

/* 300 squared is no fp16 number, and infinity less infinity is none at all. */
static void a_square_beyond_fp16_is_infinite(void **state)
{
	struct one_insn one;
	const struct tsr_hw_tensor *input = one.command.input;
	struct counts counts;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 1);
	make_vector(&bench, &one, TSR_HW_VECTOR_MUL, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, 100);
	for (uint64_t i = 0; i < 100; i++)
		for (unsigned int n = 0; n < 2; n++)
			poke(&bench, &input[n], i, 1);
	for (unsigned int n = 0; n < 2; n++)
		poke(&bench, &input[n], 17, 300);
	poke(&bench, &input[0], 99, -65504);
	poke(&bench, &input[1], 99, 2);
	counts = run_vector(&bench, &one);
	assert_int_equal(counts.infinite, 2);
	assert_int_equal(counts.nan, 0);
	one.command.code[0].op = TSR_HW_VECTOR_SUB;
	for (unsigned int n = 0; n < 2; n++)
		poke(&bench, &input[n], 17, INFINITY);
	counts = run_vector(&bench, &one);
	assert_int_equal(counts.infinite, 0);
	assert_int_equal(counts.nan, 1);
	bench_close(&bench);
}

/* More elements than one thread takes, in every pair of types. */
static void every_element_is_counted_in_every_type(void **state)
{
	struct one_insn one;
	struct counts counts;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 2);
	for (unsigned int pair = 0; pair < FLOATS * FLOATS; pair++) {
		bench_reset(&bench);
		make_vector(&bench, &one, TSR_HW_VECTOR_ABS, floats[pair / FLOATS],
			    floats[pair % FLOATS], 60000);
		for (uint32_t i = 0; i < 60000; i++)
			poke(&bench, &one.command.input[0], i,
				   i % 7 ? 1 : i % 2 ? INFINITY : i % 3 ? -INFINITY : NAN);
		counts = run_vector(&bench, &one);
		assert_int_equal(counts.infinite + counts.nan, 60000 / 7 + 1);
		if (has_infinity(floats[pair / FLOATS]) && has_infinity(floats[pair % FLOATS]))
			assert_int_equal(counts.nan, 60000 / 42 + 1);
		else
			assert_int_equal(counts.infinite, 0);
	}
	bench_close(&bench);
}

/* Past the caches, which is for outputs of this size. */
static void large_results_are_counted_as_they_are_stored(void **state)
{
	const uint32_t dim[] = { (1u << 20) + 3 };
	struct one_insn one;
	struct counts counts;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 32u << 20, 10);
	make_vector(&bench, &one, TSR_HW_VECTOR_ABS, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 10);
	bench_plain(&bench, &one.command.input[0], TSR_HW_TYPE_FP32, 1, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	bench_plain(&bench, &one.command.d, TSR_HW_TYPE_FP32, 1, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
	counts = run_vector(&bench, &one);
	assert_int_equal(counts.infinite + counts.nan, 0);
	poke(&bench, &one.command.input[0], 0, NAN);
	poke(&bench, &one.command.input[0], 77777, -INFINITY);
	poke(&bench, &one.command.input[0], dim[0] - 1, INFINITY);
	counts = run_vector(&bench, &one);
	assert_int_equal(counts.infinite, 2);
	assert_int_equal(counts.nan, 1);
	bench_close(&bench);
}

static void codes_are_not_counted(void **state)
{
	struct one_insn one;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 3);
	make_vector(&bench, &one, TSR_HW_VECTOR_NEG, TSR_HW_TYPE_FP32, TSR_HW_TYPE_INT8, 1000);
	poke(&bench, &one.command.input[0], 3, NAN);
	poke(&bench, &one.command.input[0], 4, INFINITY);
	vector_command_pack(&one.command, one.bytes);
	bench_run(&bench, one.bytes, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.result.infinite, 0);
	assert_int_equal(outcome.result.nan, 0);
	bench_close(&bench);
}

/* A result that reached memory before the fault does not count: the node failed. */
static void a_failed_node_counts_nothing(void **state)
{
	struct one_insn one;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 8);
	make_vector(&bench, &one, TSR_HW_VECTOR_NEG, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 60000);
	for (uint32_t i = 0; i < 60000; i++)
		poke(&bench, &one.command.input[0], i, INFINITY);
	fake_memory_protect(bench.memory, bench_plain_address(&bench, &one.command.d, 59999), false,
			    false);
	vector_command_pack(&one.command, one.bytes);
	bench_run(&bench, one.bytes, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_WRITE);
	assert_int_equal(outcome.result.infinite, 0);
	bench_close(&bench);
}

/* ---- other commands -------------------------------------------------------------- */

/* Products of numbers near the end of fp16. */
static void matrix_products_are_counted(void **state)
{
	struct tsr_hw_gemm gemm;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 4);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, 30, 40, 50);
	for (uint32_t i = 0; i < bench_plain_elements(&gemm.a); i += 3)
		poke(&bench, &gemm.a, i, 60000);
	assert_in_range(run(&bench, &gemm, &gemm.d).infinite, 1, 1200);
	bench_close(&bench);
}

/* Any shape and groups; an infinity in each operand. */
static void convolutions_are_counted(void **state)
{
	uint64_t nonfinite = 0;
	struct counts counts;
	struct tsr_hw_conv conv;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 9);
	for (unsigned int i = 0; i < CASES; i++) {
		bench_reset(&bench);
		conv_random(&bench, &conv, false);
		poke(&bench, &conv.x, bench_below(&bench, (uint32_t)bench_plain_elements(&conv.x)),
		     INFINITY);
		poke(&bench, &conv.w, bench_below(&bench, (uint32_t)bench_plain_elements(&conv.w)),
		     -INFINITY);
		counts = run(&bench, &conv, &conv.d);
		nonfinite += counts.infinite + counts.nan;
	}
	assert_true(nonfinite > CASES);
	bench_close(&bench);
}

/* Along the second dimension; @d has one element a row, or as many as @x. */
static void along(struct bench *bench, struct tsr_hw_tensor *x,
		  struct tsr_hw_tensor *d, uint32_t results)
{
	const uint32_t from[] = { 20, 30 }, to[] = { 20, results };

	bench_plain(bench, x, TSR_HW_TYPE_FP16, 2, from, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, d, TSR_HW_TYPE_FP16, 2, to, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
}

static void sums_are_counted(void **state)
{
	struct tsr_hw_reduce reduce = { .axes = 2, .step.block = { 20, 30 } };
	struct tsr_hw_tensor x, d;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 5);
	head(&reduce.head, TSR_HW_OP_REDUCE, sizeof(reduce));
	along(&bench, &x, &d, 1);
	reduce.x = x;
	reduce.d = d;
	poke(&bench, &x, 30, 60000);
	poke(&bench, &x, 31, 60000);
	poke(&bench, &x, 599, NAN);
	assert_int_equal(run(&bench, &reduce, &d).infinite, 1);
	assert_int_equal(run(&bench, &reduce, &d).nan, 1);
	bench_close(&bench);
}

static void normal_forms_are_counted(void **state)
{
	struct tsr_hw_normalize softmax = { .axes = 2, .step.block = { 20, 30 } };
	struct tsr_hw_tensor x, d;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 6);
	head(&softmax.head, TSR_HW_OP_NORMALIZE, sizeof(softmax));
	along(&bench, &x, &d, 30);
	softmax.x = x;
	softmax.d = d;
	poke(&bench, &x, 0, NAN);
	assert_int_equal(run(&bench, &softmax, &d).nan, 30);
	bench_close(&bench);
}

static void make_pool(struct bench *bench, struct tsr_hw_pool *pool)
{
	const uint32_t dim[] = { 1, 3, 12, 12 };

	memset(pool, 0, sizeof(*pool));
	head(&pool->head, TSR_HW_OP_POOL, sizeof(*pool));
	bench_plain(bench, &pool->x, TSR_HW_TYPE_FP32, 4, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &pool->d, TSR_HW_TYPE_FP32, 4, dim, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	bench_absent(&pool->index);
	pool->dims = 2;
	for (unsigned int i = 0; i < 2; i++)
		pool->w[i] = (struct tsr_hw_window){ .kernel = 3, .stride = 1, .dilation = 1,
						     .input_dilation = 1, .before = 1, .after = 1 };
	pool->step = (struct tsr_hw_step){ .block = { 1, 3, 12, 12 } };
}

static void pooling_is_counted(void **state)
{
	struct tsr_hw_pool pool;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 6);
	make_pool(&bench, &pool);
	poke(&bench, &pool.x, 5 * 12 + 5, INFINITY);
	assert_int_equal(run(&bench, &pool, &pool.d).infinite, 9);
	bench_close(&bench);
}

static void movement_is_not_counted(void **state)
{
	const uint32_t dim[] = { 10, 10 };
	const uint16_t values[] = { 0x7e00, 0x7c00 };	/* not-a-number, infinity */
	struct tsr_hw_move move;
	struct outcome outcome;
	struct bench bench;
	uint16_t moved;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 7);
	move_make(&bench, &move, TSR_HW_TYPE_FP16, 2, dim);
	move_place(&bench, &move);
	for (unsigned int i = 0; i < 2; i++)
		fake_memory_poke(bench.memory, bench_plain_address(&bench, &move.x, 1 + i),
				 &values[i], sizeof(values[i]));
	bench_run(&bench, &move, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	fake_memory_peek(bench.memory, bench_plain_address(&bench, &move.d, 2), &moved,
			 sizeof(moved));
	assert_int_equal(moved, values[1]);
	assert_int_equal(outcome.result.infinite, 0);
	assert_int_equal(outcome.result.nan, 0);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_square_beyond_fp16_is_infinite),
		cmocka_unit_test(every_element_is_counted_in_every_type),
		cmocka_unit_test(large_results_are_counted_as_they_are_stored),
		cmocka_unit_test(codes_are_not_counted),
		cmocka_unit_test(matrix_products_are_counted),
		cmocka_unit_test(convolutions_are_counted),
		cmocka_unit_test(sums_are_counted),
		cmocka_unit_test(normal_forms_are_counted),
		cmocka_unit_test(pooling_is_counted),
		cmocka_unit_test(movement_is_not_counted),
		cmocka_unit_test(a_failed_node_counts_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
