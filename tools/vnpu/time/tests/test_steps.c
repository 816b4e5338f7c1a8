/* SPDX-License-Identifier: MIT */
/*
 * Steps of products, on a class of 32 x 32 weights of 8 bits and three rows a cycle: changing the
 * weights takes 16 cycles, filling the array 64.
 */
#include "suite.h"

#include <errno.h>

#include "time/steps.h"

static const struct time_class class = {
	.array_rows = 32, .array_columns = 32, .array_ports = 3, .weight_path = 64,
	.vector_operations = 192, .memory_mb_s = 64000, .khz = 1000000, .load_latency = 10,
	.block_cycles_log2 = 14, .tiles = 1,
};

static struct walks *walks;

static int create(void **state)
{
	(void)state;
	walks = walks_create();
	return walks ? 0 : -1;
}

static int destroy(void **state)
{
	(void)state;
	walks_destroy(walks);
	return 0;
}

static struct operand matrix(uint64_t rows, uint64_t columns)
{
	return (struct operand){ .bits = 8, .rank = 2, .extent = { rows, columns },
				 .stride = { (int64_t)columns, 1 } };
}

/* 96 x 96 x 96 in blocks of 48 x 32 x @bk: two, three and, with 32, three of them. */
static struct command product(enum order order, uint64_t bk)
{
	return (struct command){
		.kind = KIND_GEMM,
		.gemm = {
			.a = matrix(96, 96), .b = matrix(96, 96), .d = matrix(96, 96),
			.blocks = { 48, 32, bk, 1, order },
			.precision = { .macs = 3072 },
		},
	};
}

/* What all steps load, hold, free and take. */
struct sums {
	uint64_t steps;
	uint64_t loads;
	uint64_t held;
	uint64_t freed;
	uint64_t array;
	uint64_t vector;
	uint64_t stores;
	uint64_t most;	/* that is held at a time */
};

static struct sums sums_of(const struct command *command)
{
	struct sums sums = { 0 };
	struct steps steps;
	struct step step;

	assert_int_equal(steps_begin(&steps, &class, walks, command), 0);
	do {
		steps_next(&steps, &step);
		sums.steps++;
		sums.loads += step.loads;
		for (unsigned int i = 0; i < step.loads; i++)
			sums.held += step.load[i].held;
		if (sums.held - sums.freed > sums.most)
			sums.most = sums.held - sums.freed;
		sums.freed += step.freed_array + step.freed_vector;
		sums.array += step.array;
		sums.vector += step.vector;
		sums.stores += step.stores;
		assert_int_equal(step.closes, step.on_array && step.stores);
	} while (!step.last);
	assert_true(sums.most <= steps.working_set - steps.fixed);
	assert_int_equal(sums.held, sums.freed);
	return sums;
}

static void blocks_of_k_change_in_every_step(void **state)
{
	struct command command = product(OUTPUT_N, 32);
	struct sums sums = sums_of(&command);

	/* Each takes max(48 / 3, 16) cycles. */
	(void)state;
	assert_int_equal(sums.steps, 18);
	assert_int_equal(sums.loads, 36);
	assert_int_equal(sums.array, 18 * 16 + 64);
	assert_int_equal(sums.stores, 6);
	command = product(OUTPUT_M, 32);
	assert_int_equal(sums_of(&command).loads, 36);
}

static void resident_blocks_are_loaded_once(void **state)
{
	struct command command = product(A_RESIDENT, 32);
	struct sums sums = sums_of(&command);

	/* Six blocks of a, 18 of b; three of a of 48 x 32 bytes and one of b of 32 x 32. */
	(void)state;
	assert_int_equal(sums.loads, 6 + 18);
	assert_int_equal(sums.most, 3 * 1536 + 1024);
	command = product(B_RESIDENT, 32);
	sums = sums_of(&command);
	assert_int_equal(sums.loads, 18 + 9);
	assert_int_equal(sums.most, 3 * 1024 + 1536);
}

static void one_block_of_k_stays_while_the_inner_loop_runs(void **state)
{
	struct command command = product(OUTPUT_N, 96);

	/* n outer: b changes with n only. */
	(void)state;
	assert_int_equal(sums_of(&command).loads, 6 + 3);
	command = product(OUTPUT_M, 96);
	assert_int_equal(sums_of(&command).loads, 2 + 6);
	command = product(A_RESIDENT, 96);
	assert_int_equal(sums_of(&command).loads, 2 + 6);
	command = product(B_RESIDENT, 96);
	assert_int_equal(sums_of(&command).loads, 6 + 3);
}

static void an_input_is_loaded_when_its_box_changes(void **state)
{
	struct command command = product(OUTPUT_N, 96);
	struct program *post = &command.gemm.post;

	/* A row of 96 for all m: with n. A column: with every block. */
	(void)state;
	*post = (struct program){ .present = true, .weight = 1, .inputs = 1 };
	post->input[0] = matrix(96, 96);
	post->input[0].stride[0] = 0;
	assert_int_equal(sums_of(&command).loads, 9 + 3);
	post->input[0].stride[0] = 1;
	post->input[0].stride[1] = 0;
	assert_int_equal(sums_of(&command).loads, 9 + 6);
	post->input[0].stride[0] = 0;
	assert_int_equal(sums_of(&command).loads, 9 + 1);
}

static void static_operands_are_loaded_first(void **state)
{
	struct command command = product(OUTPUT_N, 96);
	struct steps steps;
	struct step step;

	(void)state;
	command.gemm.b.is_static = true;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), 0);
	steps_next(&steps, &step);
	assert_int_equal(step.loads, 2);
	assert_true(step.load[0].is_static);
	assert_false(step.load[1].is_static);
}

static void operands_of_the_own_scratchpad_are_no_loads(void **state)
{
	struct command command = product(B_RESIDENT, 32);
	struct sums sums;

	(void)state;
	command.gemm.a.memory = MEMORY_SCRATCHPAD;
	command.gemm.b.memory = MEMORY_SCRATCHPAD;
	sums = sums_of(&command);
	assert_int_equal(sums.loads, 0);
	assert_int_equal(sums.freed, 0);
}

static void zero_points_and_scales_come_with_their_block(void **state)
{
	struct command command = product(OUTPUT_N, 96);
	struct gemm *gemm = &command.gemm;
	struct sums sums;

	/* Zero points along M: one more load with each of six blocks of a. */
	(void)state;
	gemm->qa.block = 96;
	gemm->qa.zeros = matrix(96, 1);
	sums = sums_of(&command);
	assert_int_equal(sums.loads, 9 + 6);
	/* Scales for 32 of k each, and zero points of their shape: with each of three of b. */
	gemm->qb.block = 32;
	gemm->qb.scale = matrix(3, 96);
	gemm->qb.zeros = matrix(3, 96);
	assert_int_equal(sums_of(&command).loads, 15 + 6);
}

static void rows_beyond_the_count_are_no_steps(void **state)
{
	static const int32_t counts[] = { 96, 0, 48 };
	struct command command = product(OUTPUT_N, 96);
	struct gemm *gemm = &command.gemm;
	struct operand *const operands[] = { &gemm->a, &gemm->b, &gemm->d };
	struct sums sums;

	(void)state;
	for (int i = 0; i < 3; i++)
		*operands[i] = (struct operand){ .bits = 8, .rank = 3, .extent = { 3, 96, 96 },
						 .stride = { 9216, 96, 1 } };
	gemm->row_counts = counts;
	gemm->count_stride = 1;
	gemm->rows = (struct operand){ .bits = 32, .rank = 1, .extent = { 3 }, .stride = { 1 } };
	/* Six steps, and three of one m that keep their block of a; the counts. */
	sums = sums_of(&command);
	assert_int_equal(sums.steps, 9);
	assert_int_equal(sums.loads, (6 + 3) + (1 + 3) + 1);
}

/* 2^40 batch indices: what nothing is done for takes no time, on the host either. */
static void batches_without_rows_are_no_steps(void **state)
{
	static const int32_t counts[] = { 0, 96, 0 };
	struct command command = product(OUTPUT_N, 96);
	struct gemm *gemm = &command.gemm;
	struct operand *const operands[] = { &gemm->a, &gemm->b, &gemm->d };

	(void)state;
	for (int i = 0; i < 3; i++)
		*operands[i] = (struct operand){ .bits = 8, .rank = 4,
						 .extent = { 1 << 20, 1 << 20, 96, 96 },
						 .stride = { 0, 0, 96, 1 } };
	gemm->row_counts = counts;
	assert_int_equal(sums_of(&command).steps, 1);
	gemm->a.extent[2] = 0;
	gemm->d.extent[2] = 0;
	gemm->row_counts = NULL;
	assert_int_equal(sums_of(&command).steps, 1);
	for (int i = 0; i < 3; i++)
		*operands[i] = (struct operand){ .bits = 8, .rank = 4, .extent = { 3, 2, 96, 96 },
						 .stride = { 0, 0, 96, 1 } };
	gemm->row_counts = counts;
	gemm->count_stride = 1;
	assert_int_equal(sums_of(&command).steps, 2 * 6);
}

static void a_command_without_work_has_one_empty_step(void **state)
{
	struct command command = product(OUTPUT_N, 96);
	struct sums sums;

	(void)state;
	command.gemm.a.extent[0] = 0;
	command.gemm.d.extent[0] = 0;
	sums = sums_of(&command);
	assert_int_equal(sums.steps, 1);
	assert_int_equal(sums.loads + sums.array, 0);
}

static void an_empty_sum_stores_all_blocks(void **state)
{
	struct command command = product(OUTPUT_N, 96);
	struct sums sums;

	(void)state;
	command.gemm.a.extent[1] = 0;
	command.gemm.b.extent[0] = 0;
	sums = sums_of(&command);
	assert_int_equal(sums.steps, 6);
	assert_int_equal(sums.stores, 6);
	assert_int_equal(sums.loads, 0);
}

static void blocks_that_do_not_fit_the_array_are_refused(void **state)
{
	struct command command = product(OUTPUT_N, 32);
	struct steps steps;

	(void)state;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), 0);
	command.gemm.blocks.bk = 33;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), -EINVAL);
	command = product(OUTPUT_N, 32);
	command.gemm.blocks.bn = 33;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), -EINVAL);
	command = product(OUTPUT_N, 32);
	command.gemm.blocks.bm = 0;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), -EINVAL);
}

static void a_block_that_takes_too_long_is_refused(void **state)
{
	struct command command = product(OUTPUT_N, 96);
	struct steps steps;

	/* 2^14 less 64 are 16,320 cycles: 1,020 of the 3 x 16 that 48 rows take. */
	(void)state;
	command.gemm.a.extent[1] = command.gemm.b.extent[0] = 1020 * 32;
	command.gemm.blocks.bk = 1020 * 32;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), 0);
	command.gemm.a.extent[1] = command.gemm.b.extent[0] = 1021 * 32;
	command.gemm.blocks.bk = 1021 * 32;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), -EINVAL);
}

static void a_block_that_takes_too_long_is_refused_whatever_the_rows(void **state)
{
	static const int32_t none[] = { 0 };
	struct command command = product(OUTPUT_N, 96);
	struct gemm *gemm = &command.gemm;
	struct steps steps;

	(void)state;
	gemm->a = (struct operand){ .bits = 8, .rank = 3, .extent = { 1, 96, 1021 * 32 },
				    .stride = { 0, 1021 * 32, 1 } };
	gemm->b = (struct operand){ .bits = 8, .rank = 3, .extent = { 1, 1021 * 32, 96 },
				    .stride = { 0, 96, 1 } };
	gemm->d = (struct operand){ .bits = 8, .rank = 3, .extent = { 1, 96, 96 },
				    .stride = { 0, 96, 1 } };
	gemm->blocks.bk = 1021 * 32;
	gemm->row_counts = none;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), -EINVAL);
}

static void strict_mode_takes_four_times_the_array(void **state)
{
	struct command command = product(OUTPUT_N, 32);

	/* Not what fills it, and integers are exact anyway. */
	(void)state;
	command.gemm.strict = true;
	assert_int_equal(sums_of(&command).array, 18 * 16 + 64);
	command.gemm.precision.floating = true;
	assert_int_equal(sums_of(&command).array, 4 * 18 * 16 + 64);
}

/* 64 channels in as many groups, 3 x 3, 8 x 8 inputs and outputs. */
static struct command depthwise(void)
{
	return (struct command){
		.kind = KIND_CONV,
		.conv = {
			.x = { .bits = 8, .rank = 4, .extent = { 1, 64, 8, 8 },
			       .stride = { 4096, 1, 512, 64 } },
			.w = { .bits = 8, .rank = 4, .extent = { 64, 1, 3, 3 },
			       .stride = { 9, 9, 3, 1 } },
			.d = { .bits = 8, .rank = 4, .extent = { 1, 64, 8, 8 },
			       .stride = { 4096, 1, 512, 64 } },
			.dims = 2,
			.window = { { 3, 1, 1, 1, 1 }, { 3, 1, 1, 1, 1 } },
			.groups = 64,
			.blocks = { 8, 1, 9, 64, OUTPUT_N },
			.precision = { .macs = 3072 },
		},
	};
}

static void the_vector_unit_computes_what_it_computes_faster(void **state)
{
	struct command command = depthwise();
	struct steps steps;
	struct step step;

	/* 64 x 64 outputs of nine products at 4 x 192 a cycle: 48; the array: 64 x 22. */
	(void)state;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), 0);
	steps_next(&steps, &step);
	assert_false(step.on_array);
	assert_int_equal(step.array, 0);
	assert_int_equal(step.vector, 48);
	assert_int_equal(step.products, 64 * 64 * 9);
	assert_true(step.last);
	assert_int_equal(step.freed_array, 0);
	assert_int_equal(step.freed_vector, 4096 + 576);
}

/* Windows of 4,096 elements in one dimension, 192 of them a cycle: 64 cycles for 3 outputs. */
static struct command pool(uint64_t outputs)
{
	const struct operand x = { .bits = 8, .rank = 3, .extent = { 1, 1, outputs + 4095 },
				   .stride = { 0, 0, 1 } };
	const struct operand d = { .bits = 8, .rank = 3, .extent = { 1, 1, outputs },
				   .stride = { 0, 0, 1 } };

	return (struct command){
		.kind = KIND_POOL,
		.pool = {
			.x = x, .d = d, .dims = 1, .window = { { 4096, 1, 1, 1, 0 } },
			.block = { 1, 1, outputs },
		},
	};
}

/* The first part loads; the last one stores, frees and ends the command. */
static void a_vector_part_above_the_limit_is_cut(void **state)
{
	static const struct {
		uint64_t cycles;
		uint64_t steps;
	} cases[] = {
		{ 16384 - 64, 1 }, { 16384, 1 }, { 16384 + 64, 2 },
		{ 32768 - 64, 2 }, { 32768, 2 }, { 32768 + 64, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command command = pool(cases[i].cycles / 64 * 3);
		struct sums sums = sums_of(&command);

		assert_int_equal(sums.steps, cases[i].steps);
		assert_int_equal(sums.vector, cases[i].cycles);
		assert_int_equal(sums.loads, 1);
		assert_int_equal(sums.stores, 1);
	}
}

/* 2^40 lines without outputs. */
static void a_convolution_without_outputs_has_one_empty_step(void **state)
{
	struct command command = depthwise();
	struct sums sums;

	(void)state;
	command.conv.x.extent[0] = command.conv.d.extent[0] = 1 << 20;
	command.conv.x.extent[2] = command.conv.d.extent[2] = 1 << 20;
	command.conv.d.extent[3] = 0;
	sums = sums_of(&command);
	assert_int_equal(sums.steps, 1);
	assert_int_equal(sums.loads + sums.array + sums.stores, 0);
}

/* 2^40 queries, of which the outputs have no elements. */
static void an_attention_without_outputs_has_one_empty_step(void **state)
{
	const struct operand q = { .bits = 16, .rank = 4, .extent = { 1 << 20, 1, 1 << 20, 1 } };
	const struct operand k = { .bits = 16, .rank = 4, .extent = { 1 << 20, 1, 0, 1 } };
	struct command command = {
		.kind = KIND_ATTENTION,
		.attention = {
			.q = q, .k = k, .v = k, .d = q, .blocks = { 1, 1, 1, 1, 0 },
			.precision = { .macs = 3072 },
		},
	};
	struct sums sums;

	(void)state;
	command.attention.v.extent[3] = 0;
	command.attention.d.extent[3] = 0;
	sums = sums_of(&command);
	assert_int_equal(sums.steps, 1);
	assert_int_equal(sums.loads + sums.array + sums.stores, 0);
}

static void a_block_of_lines_loads_what_its_windows_hit(void **state)
{
	struct command command = depthwise();
	struct sums sums;

	/* Four blocks of two lines: three rows of 512 bytes at the edges, else four. */
	(void)state;
	command.conv.blocks.bm = 2;
	sums = sums_of(&command);
	assert_int_equal(sums.steps, 4);
	assert_int_equal(sums.held, (3 + 4 + 4 + 3) * 512 + 576);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_of_k_change_in_every_step),
		cmocka_unit_test(resident_blocks_are_loaded_once),
		cmocka_unit_test(one_block_of_k_stays_while_the_inner_loop_runs),
		cmocka_unit_test(an_input_is_loaded_when_its_box_changes),
		cmocka_unit_test(static_operands_are_loaded_first),
		cmocka_unit_test(operands_of_the_own_scratchpad_are_no_loads),
		cmocka_unit_test(zero_points_and_scales_come_with_their_block),
		cmocka_unit_test(rows_beyond_the_count_are_no_steps),
		cmocka_unit_test(batches_without_rows_are_no_steps),
		cmocka_unit_test(a_command_without_work_has_one_empty_step),
		cmocka_unit_test(an_empty_sum_stores_all_blocks),
		cmocka_unit_test(blocks_that_do_not_fit_the_array_are_refused),
		cmocka_unit_test(a_block_that_takes_too_long_is_refused),
		cmocka_unit_test(a_block_that_takes_too_long_is_refused_whatever_the_rows),
		cmocka_unit_test(strict_mode_takes_four_times_the_array),
		cmocka_unit_test(the_vector_unit_computes_what_it_computes_faster),
		cmocka_unit_test(a_vector_part_above_the_limit_is_cut),
		cmocka_unit_test(a_convolution_without_outputs_has_one_empty_step),
		cmocka_unit_test(an_attention_without_outputs_has_one_empty_step),
		cmocka_unit_test(a_block_of_lines_loads_what_its_windows_hit),
	};

	return cmocka_run_group_tests(tests, create, destroy);
}
