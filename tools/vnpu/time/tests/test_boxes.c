/* SPDX-License-Identifier: MIT */
/* Steps of commands other than products, on a class of 192 vector operations a cycle. */
#include "suite.h"

#include <errno.h>
#include <string.h>

#include "time/steps.h"

#define STEPS_MAX 32

static const struct time_class class = {
	.array_rows = 32, .array_columns = 32, .array_ports = 3, .weight_path = 64,
	.vector_operations = 192, .memory_mb_s = 64000, .khz = 1000000, .load_latency = 10,
	.block_cycles_log2 = 14, .tiles = 1,
};

static struct walks *walks;
static struct step made[STEPS_MAX];
static uint64_t working_set;

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

/* All steps of a command; what they load is free at their end. */
static unsigned int make(const struct command *command)
{
	struct steps steps;
	unsigned int count = 0;
	uint64_t held = 0, freed = 0;

	assert_int_equal(steps_begin(&steps, &class, walks, command), 0);
	working_set = steps.working_set;
	do {
		struct step *step = &made[count++];

		assert_true(count <= STEPS_MAX);
		steps_next(&steps, step);
		held += step_held(step);
		assert_true(held - freed <= steps.working_set - steps.fixed);
		freed += step->freed_array + step->freed_vector;
	} while (!made[count - 1].last);
	assert_int_equal(held, freed);
	return count;
}

static struct operand matrix(uint64_t rows, uint64_t columns)
{
	return (struct operand){ .bits = 8, .rank = 2, .extent = { rows, columns },
				 .stride = { (int64_t)columns, 1 } };
}

static struct program program(uint64_t weight, unsigned int inputs, struct operand input)
{
	return (struct program){ .present = true, .weight = weight, .inputs = (uint8_t)inputs,
				 .input = { input, input } };
}

static void vector_loads_its_inputs_and_takes_their_strips(void **state)
{
	struct command command = {
		.kind = KIND_VECTOR,
		.elementwise = { .d = matrix(8, 384), .post = program(3, 2, matrix(8, 384)),
				 .block = { 4, 384 } },
	};

	/* Two boxes of 1,536 elements: eight strips of three cycles. */
	(void)state;
	assert_int_equal(make(&command), 2);
	assert_int_equal(made[0].loads, 2);
	assert_int_equal(made[0].vector, 24);
	assert_int_equal(made[0].store[0].walk.bursts, 24);
	assert_int_equal(working_set, 2 * 2 * 1536);
	assert_false(made[0].on_array);
}

static void boxes_of_more_than_4096_elements_are_refused(void **state)
{
	struct command command = {
		.kind = KIND_VECTOR,
		.elementwise = { .d = matrix(64, 65), .post = program(1, 0, matrix(1, 1)),
				 .block = { 64, 64 } },
	};
	struct steps steps;

	(void)state;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), 0);
	command.elementwise.block[1] = 65;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), -EINVAL);
	command.elementwise.block[1] = 0;
	assert_int_equal(steps_begin(&steps, &class, walks, &command), -EINVAL);
}

static void a_long_vector_part_ends_in_steps_of_its_own(void **state)
{
	struct command command = {
		.kind = KIND_VECTOR,
		.elementwise = { .d = matrix(4, 960), .post = program(820, 1, matrix(4, 960)),
				 .block = { 4, 960 } },
	};

	/* 20 strips of 820 cycles: 16,400 in two parts; the last one stores and frees. */
	(void)state;
	assert_int_equal(make(&command), 2);
	assert_int_equal(made[0].vector, 8200);
	assert_int_equal(made[1].vector, 8200);
	assert_int_equal(made[0].stores, 0);
	assert_int_equal(made[1].stores, 1);
	assert_int_equal(made[0].freed_vector, 0);
	assert_int_equal(made[1].freed_vector, 3840);
	command.elementwise.post.weight = 819;
	assert_int_equal(make(&command), 1);
}

static void pool_loads_what_its_windows_hit(void **state)
{
	struct operand x = { .bits = 8, .rank = 3, .extent = { 1, 1, 64 },
			     .stride = { 64, 64, 1 } };
	struct operand d = { .bits = 8, .rank = 3, .extent = { 1, 1, 32 },
			     .stride = { 32, 32, 1 } };
	struct command command = {
		.kind = KIND_POOL,
		.pool = { .x = x, .d = d, .dims = 1, .window = { { 3, 2, 1, 1, 1 } },
			  .block = { 1, 1, 16 } },
	};

	/* 16 outputs of three taps: a cycle. Inputs 0 to 31 and 31 to 63; at most 33 are held. */
	(void)state;
	command.pool.x.bits = 64;
	assert_int_equal(make(&command), 2);
	assert_int_equal(made[0].vector, 1);
	assert_int_equal(made[0].load[0].held, 256);
	assert_int_equal(made[1].load[0].held, 320);
	assert_int_equal(working_set, 2 * 320);
}

static void pool_stores_indices_behind_its_values(void **state)
{
	struct operand d = { .bits = 8, .rank = 3, .extent = { 1, 1, 64 },
			     .stride = { 64, 64, 1 } };
	struct command command = {
		.kind = KIND_POOL,
		.pool = { .x = d, .d = d, .index = d, .dims = 1, .window = { { 1, 1, 1, 1, 0 } },
			  .block = { 1, 1, 64 } },
	};

	(void)state;
	command.pool.index.bits = 64;
	assert_int_equal(make(&command), 1);
	assert_int_equal(made[0].stores, 2);
	assert_int_equal(made[0].store[0].walk.bursts, 1);
	assert_int_equal(made[0].store[1].walk.bursts, 8);
}

/*
 * Three batches in boxes of two, two halves of a row: the last dimension goes first in all of them.
 */
static void boxes_go_row_by_row(void **state)
{
	struct operand d = { .bits = 8, .rank = 3, .extent = { 3, 1, 128 },
			     .stride = { 128, 128, 1 } };
	const struct command commands[] = {
		{ .kind = KIND_VECTOR,
		  .elementwise = { .d = d, .post = program(1, 0, d), .block = { 2, 1, 64 } } },
		{ .kind = KIND_MOVE, .move = { .x = d, .d = d, .block = { 2, 1, 64 } } },
		{ .kind = KIND_POOL,
		  .pool = { .x = d, .d = d, .dims = 1, .window = { { 1, 1, 1, 1, 0 } },
			    .block = { 2, 1, 64 } } },
	};
	static const uint64_t bursts[] = { 2, 2, 1, 1 };

	(void)state;
	for (unsigned int i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		assert_int_equal(make(&commands[i]), 4);
		for (unsigned int j = 0; j < 4; j++)
			assert_int_equal(made[j].store[0].walk.bursts, bursts[j]);
	}
}

static void reduce_stores_when_a_row_is_complete(void **state)
{
	struct operand d = { .bits = 32, .rank = 2, .extent = { 4, 1 }, .stride = { 1, 1 } };
	struct command command = {
		.kind = KIND_REDUCE,
		.reduce = { .x = matrix(4, 400), .d = d, .axes = 2, .post = program(5, 1, d),
			    .block = { 2, 192 } },
	};

	/* Three boxes a pair of rows: 2, 2, 1 cycles; then a strip of the epilogue. */
	(void)state;
	assert_int_equal(make(&command), 6);
	assert_int_equal(made[0].vector, 2);
	assert_int_equal(made[0].stores, 0);
	assert_int_equal(made[2].vector, 1 + 5);
	assert_int_equal(made[2].stores, 1);
	assert_int_equal(made[2].loads, 2);
	assert_int_equal(working_set, 2 * (384 + 64));
}

static void reduce_of_no_elements_stores(void **state)
{
	struct operand d = { .bits = 32, .rank = 2, .extent = { 4, 1 }, .stride = { 1, 1 } };
	struct command command = {
		.kind = KIND_REDUCE,
		.reduce = { .x = matrix(4, 0), .d = d, .axes = 2, .block = { 2, 192 } },
	};

	(void)state;
	assert_int_equal(make(&command), 2);
	assert_int_equal(made[0].loads, 0);
	assert_int_equal(made[0].stores, 1);
	command.reduce.scans = true;
	command.reduce.d = matrix(4, 0);
	assert_int_equal(make(&command), 1);
	assert_int_equal(made[0].stores, 0);
}

/* Many blocks without elements would take the host's time and none of the device's. */
static void reduce_of_no_elements_has_one_box_for_each_output(void **state)
{
	struct command command = {
		.kind = KIND_REDUCE,
		.reduce = {
			.x = { .bits = 8, .rank = 3, .extent = { 4, 0, 1u << 30 } },
			.d = { .bits = 8, .rank = 3, .extent = { 4, 1, 1 }, .stride = { 1, 1, 1 } },
			.axes = 6, .block = { 2, 1, 1 },
		},
	};

	(void)state;
	assert_int_equal(make(&command), 2);
	assert_int_equal(made[0].stores, 1);
	assert_int_equal(made[1].stores, 1);
}

static void scan_stores_every_box(void **state)
{
	struct command command = {
		.kind = KIND_REDUCE,
		.reduce = { .x = matrix(4, 400), .d = matrix(4, 400), .axes = 2, .scans = true,
			    .block = { 4, 200 } },
	};

	(void)state;
	assert_int_equal(make(&command), 2);
	assert_int_equal(made[0].stores, 1);
	assert_int_equal(made[1].stores, 1);
}

static struct command normalization(enum normalization mode, uint64_t columns)
{
	return (struct command){
		.kind = KIND_NORMALIZE,
		.normalize = { .x = matrix(4, 384), .d = matrix(4, 384), .axes = 2, .mode = mode,
			       .block = { 2, columns } },
	};
}

static void normalize_takes_one_pass_if_a_box_covers_the_row(void **state)
{
	struct command command = normalization(SOFTMAX, 384);

	/* 768 elements: 10 x 4 cycles and 4. */
	(void)state;
	assert_int_equal(make(&command), 2);
	assert_int_equal(made[0].vector, 44);
	command = normalization(RMS, 384);
	make(&command);
	assert_int_equal(made[0].vector, 12);
}

static void normalize_takes_two_passes_else(void **state)
{
	struct command command = normalization(LOG_SOFTMAX, 192);

	/* Two boxes of 384 elements a pair of rows: 6 x 2 cycles each, then 4 more. */
	(void)state;
	assert_int_equal(make(&command), 8);
	assert_int_equal(made[1].vector, 12);
	assert_int_equal(made[1].stores, 0);
	assert_int_equal(made[2].vector, 16);
	assert_int_equal(made[2].stores, 1);
	assert_int_equal(made[2].loads, 1);
}

static void strict_deviation_takes_a_third_pass(void **state)
{
	struct command command = normalization(STANDARD, 192);

	(void)state;
	command.normalize.strict = true;
	assert_int_equal(make(&command), 12);
	assert_int_equal(made[3].vector, 4);
	assert_int_equal(made[3].stores, 0);
	assert_int_equal(made[4].vector, 2 + 4);
	command.normalize.mode = SOFTMAX;
	assert_int_equal(make(&command), 8);
}

/* The bytes that MOVE loads for outputs 0 to 9 of ten, pads being @before. */
static uint64_t moved(enum outside outside, int64_t before, uint64_t extent)
{
	struct command command = {
		.kind = KIND_MOVE,
		.move = {
			.x = { .bits = 64, .rank = 1, .extent = { extent }, .stride = { 8 } },
			.d = { .bits = 8, .rank = 1, .extent = { 10 }, .stride = { 1 } },
			.before = { before },
			.outside = { outside },
			.block = { 10 },
		},
	};

	assert_int_equal(make(&command), 1);
	return made[0].loads ? made[0].load[0].walk.bursts : 0;
}

static void move_reads_from_the_lowest_to_the_highest_element(void **state)
{
	/* An element a burst: indices -4 to 5, and 3 to 12. */
	(void)state;
	assert_int_equal(moved(OUTSIDE_CONSTANT, 4, 20), 6);
	assert_int_equal(moved(OUTSIDE_EDGE, 4, 20), 6);
	assert_int_equal(moved(OUTSIDE_REFLECT, 4, 20), 6);
	assert_int_equal(moved(OUTSIDE_REFLECT, 8, 20), 9);
	assert_int_equal(moved(OUTSIDE_WRAP, 4, 20), 20);
	assert_int_equal(moved(OUTSIDE_WRAP, -21, 20), 10);
	assert_int_equal(moved(OUTSIDE_CONSTANT, -3, 5), 2);
	assert_int_equal(moved(OUTSIDE_CONSTANT, 10, 5), 0);
	assert_int_equal(moved(OUTSIDE_EDGE, 10, 5), 1);
	assert_int_equal(moved(OUTSIDE_REFLECT, 3, 1), 1);
}

static struct command attention(void)
{
	struct operand q = { .bits = 16, .rank = 4, .extent = { 2, 1, 8, 32 },
			     .stride = { 256, 256, 32, 1 } };
	struct operand k = { .bits = 16, .rank = 4, .extent = { 2, 1, 24, 32 },
			     .stride = { 768, 768, 32, 1 } };

	return (struct command){
		.kind = KIND_ATTENTION,
		.attention = { .q = q, .k = k, .v = k, .d = q, .keys = 24,
			       .blocks = { 8, 8, 1, 1, OUTPUT_N },
			       .precision = { .macs = 1536, .floating = true } },
	};
}

static void attention_has_two_steps_for_each_block_of_keys(void **state)
{
	struct command command = attention();

	/* Rows of 16-bit types are 16: 2 x 1 x 16 cycles for either product, 64 to fill. */
	(void)state;
	assert_int_equal(make(&command), 12);
	assert_int_equal(made[0].loads, 2);
	assert_int_equal(made[0].array, 2 * 16 + 64);
	assert_int_equal(made[0].vector, 10 + 2 * 2);
	assert_int_equal(made[1].loads, 1);
	assert_int_equal(made[1].array, 16);
	assert_int_equal(made[2].loads, 1);
	assert_int_equal(made[2].array, 2 * 16);
	assert_int_equal(made[5].stores, 1);
	assert_int_equal(made[4].freed_array, 512 + 512);
	assert_int_equal(working_set, 4 * 64 + 4 * 256 + 512 + 512 + 2 * (512 + 512));
}

static void attention_leaves_out_keys_that_no_row_sees(void **state)
{
	static const int32_t lengths[] = { 24, 0 };
	struct command command = attention();

	/* Four rows see 21 keys, then 17 more: with blocks of 4 rows 3 blocks each. */
	(void)state;
	command.attention.length = lengths;
	command.attention.length_stride = 1;
	assert_int_equal(make(&command), 6 + 1);
	assert_int_equal(made[6].array, 0);
	assert_int_equal(made[6].stores, 1);
	command = attention();
	command.attention.causal = true;
	command.attention.blocks.bm = 1;
	command.attention.q.extent[0] = 1;
	command.attention.keys = 16;
	/* Row i sees 9 + i keys: all eight rows two blocks. With 8 keys 1 + i: one. */
	assert_int_equal(make(&command), 8 * 4);
	command.attention.keys = 8;
	assert_int_equal(make(&command), 8 * 2);
}

static void pages_of_attention_are_walked_one_after_another(void **state)
{
	static const int32_t pages[] = { 3, 4, 1, 1, 0, 2 };
	struct command command = attention();
	struct attention *a = &command.attention;

	/* Pages of 16 x 64 bytes. 3 and 4 follow each other; the others jump. */
	(void)state;
	a->k.extent[0] = a->v.extent[0] = 5;
	a->k.extent[2] = a->v.extent[2] = 16;
	a->k.stride[0] = a->v.stride[0] = 512;
	a->page = pages;
	a->page_stride[0] = 3;
	a->page_stride[1] = 1;
	a->page_tokens = 16;
	a->keys = 48;
	a->blocks.bn = 32;
	assert_int_equal(make(&command), 8);
	assert_int_equal(made[0].load[1].walk.bursts, 32);
	assert_int_equal(made[0].load[1].walk.jumps, 0);
	assert_int_equal(made[4].load[1].walk.bursts, 32);
	assert_int_equal(made[4].load[1].walk.jumps, 1);
	a->blocks.bn = 24;
	assert_int_equal(steps_begin(&(struct steps){ 0 }, &class, walks, &command), -EINVAL);
}

/* Slices of 64 bytes of a matrix, each a burst. */
static struct command rows_by_index(const int64_t *values)
{
	return (struct command){
		.kind = KIND_GATHER,
		.gather = {
			.dense = matrix(4, 64), .indexed = matrix(1000, 64),
			.index = { .bits = 64, .rank = 1, .extent = { 4 }, .stride = { 1 } },
			.values = values, .value_stride = { 1 }, .block = { 4, 64 },
		},
	};
}

static void gather_walks_slices_in_the_order_of_the_index(void **state)
{
	static const int64_t values[] = { 0, 1, 100, 2 };
	struct command command = rows_by_index(values);

	/* Two jumps, both to another page. 256 bytes: a cycle at 768. */
	(void)state;
	assert_int_equal(make(&command), 1);
	assert_int_equal(made[0].loads, 2);
	assert_int_equal(made[0].load[0].walk.bursts, 4);
	assert_int_equal(made[0].load[0].walk.jumps, 2);
	assert_int_equal(made[0].load[0].walk.pages, 2);
	assert_int_equal(made[0].load[0].held, 256);
	assert_int_equal(made[0].load[1].walk.bursts, 1);
	assert_int_equal(made[0].vector, 1);
	assert_int_equal(made[0].store[0].walk.jumps, 0);
}

static void scatter_stores_slices_and_reads_them_for_a_reduction(void **state)
{
	static const int64_t values[] = { 0, 1, 100, 2 };
	struct command command = rows_by_index(values);

	(void)state;
	command.gather.scatters = true;
	assert_int_equal(make(&command), 1);
	assert_int_equal(made[0].loads, 2);
	assert_int_equal(made[0].load[0].walk.jumps, 0);
	assert_int_equal(made[0].store[0].walk.jumps, 2);
	assert_int_equal(made[0].vector, 1);
	command.gather.combines = true;
	make(&command);
	assert_int_equal(made[0].loads, 3);
	assert_int_equal(made[0].load[2].walk.jumps, 2);
	assert_int_equal(made[0].vector, 256);
}

static void an_index_of_elements_selects_one_each(void **state)
{
	static const int64_t values[] = { 0, 1, 70, 71, 5, 6, 7, 8 };
	struct command command = {
		.kind = KIND_GATHER,
		.gather = {
			.dense = matrix(2, 4), .indexed = matrix(4, 128), .index = matrix(2, 4),
			.values = values, .value_stride = { 4, 1 },
			.selection = SELECT_ELEMENT, .axis = 1, .block = { 2, 4 },
		},
	};

	/* Bursts 0 and 1 of row 0, burst 2 of row 1. */
	(void)state;
	assert_int_equal(make(&command), 1);
	assert_int_equal(made[0].load[0].walk.bursts, 3);
	assert_int_equal(made[0].load[0].walk.jumps, 0);
	assert_int_equal(made[0].load[0].held, 64);
}

static void coordinates_select_what_lies_at_them(void **state)
{
	static const int64_t values[] = { 0, 0, 0, 1, 7, 7 };
	struct command command = {
		.kind = KIND_GATHER,
		.gather = {
			.dense = matrix(3, 64),
			.indexed = { .bits = 8, .rank = 3, .extent = { 8, 8, 64 },
				     .stride = { 512, 64, 1 } },
			.index = matrix(3, 2), .values = values, .value_stride = { 2, 1 },
			.selection = SELECT_ND,
			.block = { 3, 64 },
		},
	};

	/* Bursts 0, 1 and 63 of a page. */
	(void)state;
	assert_int_equal(make(&command), 1);
	assert_int_equal(made[0].load[0].walk.bursts, 3);
	assert_int_equal(made[0].load[0].walk.jumps, 1);
	assert_int_equal(made[0].load[0].walk.pages, 0);
}

static void resample_loads_all_that_its_taps_touch(void **state)
{
	static const int32_t values[] = { 10, 12, 14, 16 };
	struct command command = {
		.kind = KIND_RESAMPLE,
		.resample = {
			.x = matrix(64, 64), .d = matrix(4, 64), .values = values,
			.value_stride = 1, .taps = 2,
			.first = { .bits = 32, .rank = 1, .extent = { 4 }, .stride = { 1 } },
			.weight = { .bits = 32, .rank = 2, .extent = { 4, 2 }, .stride = { 2, 1 } },
			.block = { 4, 64 },
		},
	};

	/* Rows 10 to 17; 512 products at 192. */
	(void)state;
	assert_int_equal(make(&command), 1);
	assert_int_equal(made[0].loads, 3);
	assert_int_equal(made[0].load[0].walk.bursts, 8);
	assert_int_equal(made[0].vector, 3);
	assert_int_equal(working_set, 2 * (512 + 64 + 64));
}

/* Of the second position a corner is outside. */
static unsigned int two_positions(const struct sample *sample, const uint64_t *position,
				  uint32_t (*corner)[SPATIAL_MAX])
{
	static const uint32_t places[][4][2] = {
		{ { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } },
		{ { 0, 1 }, { 0, 2 }, { 1, 1 } },
	};
	unsigned int count = position[2] ? 3 : 4;

	(void)sample;
	for (unsigned int i = 0; i < count; i++)
		memcpy(corner[i], places[position[2]][i], sizeof(places[0][0]));
	return count;
}

static void sample_walks_the_corners_of_each_position(void **state)
{
	/* Pixels of 16 bytes, rows of four of them. */
	struct command command = {
		.kind = KIND_SAMPLE,
		.sample = {
			.x = { .bits = 8, .rank = 4, .extent = { 1, 16, 4, 4 },
			       .stride = { 256, 1, 64, 16 } },
			.d = { .bits = 8, .rank = 4, .extent = { 1, 16, 1, 2 },
			       .stride = { 32, 1, 32, 16 } },
			.coords = { .bits = 32, .rank = 4, .extent = { 1, 1, 2, 2 },
				    .stride = { 4, 4, 2, 1 } },
			.dims = 2, .corners = 4, .find = two_positions, .block = { 1, 16, 1, 2 },
		},
	};

	/* Rows 0, 1, 0, 1: a jump back. 32 outputs of four operations. */
	(void)state;
	assert_int_equal(make(&command), 1);
	assert_int_equal(made[0].loads, 2);
	assert_int_equal(made[0].load[0].walk.bursts, 4);
	assert_int_equal(made[0].load[0].walk.jumps, 1);
	assert_int_equal(made[0].load[0].held, 128);
	assert_int_equal(made[0].vector, 1);
}

static void sort_spreads_its_cycles_and_stores_complete_rows(void **state)
{
	struct operand out = { .bits = 64, .rank = 2, .extent = { 4, 8 }, .stride = { 8, 1 } };
	struct command command = {
		.kind = KIND_SORT,
		.sort = { .x = matrix(4, 384), .indices = out, .block = { 2, 192 } },
	};

	/* 1,536 x 9 x 16 / 192 = 1,152 cycles on four steps; two rows hold 12 x 768 bytes. */
	(void)state;
	assert_int_equal(make(&command), 4);
	assert_int_equal(made[0].vector, 288);
	assert_int_equal(made[3].vector, 288);
	assert_int_equal(made[0].stores, 0);
	assert_int_equal(made[1].stores, 1);
	assert_int_equal(made[1].store[0].walk.bursts, 2);
	assert_int_equal(working_set, 12 * 768 + 2 * 384);
	command.sort.values = matrix(4, 8);
	make(&command);
	assert_int_equal(made[3].stores, 2);
}

static void compact_stores_as_if_every_element_counted(void **state)
{
	struct command command = {
		.kind = KIND_COMPACT,
		.compact = {
			.x = matrix(3, 64), .block = { 1, 64 },
			.coords = { .bits = 64, .rank = 2, .extent = { 100, 2 },
				    .stride = { 2, 1 } },
			.count = { .bits = 64, .rank = 1, .extent = { 1 }, .stride = { 1 } },
		},
	};

	/* 64 rows of 16 bytes, 36 more that have room, none; then the count. */
	(void)state;
	assert_int_equal(make(&command), 3);
	assert_int_equal(made[0].store[0].walk.bursts, 16);
	assert_int_equal(made[1].store[0].walk.bursts, 9);
	assert_int_equal(made[2].stores, 1);
	assert_int_equal(made[2].store[0].walk.bursts, 1);
	assert_int_equal(made[0].vector, 1);
}

static void suppress_reads_1024_boxes_a_step(void **state)
{
	struct operand row = { .bits = 32, .rank = 1, .extent = { 2048 }, .stride = { 1 } };
	struct command command = {
		.kind = KIND_SUPPRESS,
		.suppress = {
			.boxes = { .bits = 32, .rank = 2, .extent = { 2048, 4 },
				   .stride = { 4, 1 } },
			.scores = row,
			.indices = { .bits = 64, .rank = 1, .extent = { 8 }, .stride = { 1 } },
			.count = { .bits = 64, .rank = 1, .extent = { 1 }, .stride = { 1 } },
		},
	};
	uint64_t cycles = 0;
	unsigned int count = make(&command);

	/* 8 x 2,048^2 / 192 = 174,763 cycles: 87,382 in six parts, 87,381 in six. */
	(void)state;
	assert_int_equal(count, 12);
	for (unsigned int i = 0; i < count; i++)
		cycles += made[i].vector;
	assert_int_equal(cycles, 174763);
	assert_int_equal(made[0].load[0].walk.bursts, 256);
	assert_int_equal(made[0].load[1].walk.bursts, 64);
	assert_int_equal(made[11].stores, 2);
	assert_int_equal(working_set, 20 * 2048 + 2 * (16384 + 4096));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vector_loads_its_inputs_and_takes_their_strips),
		cmocka_unit_test(boxes_of_more_than_4096_elements_are_refused),
		cmocka_unit_test(a_long_vector_part_ends_in_steps_of_its_own),
		cmocka_unit_test(pool_loads_what_its_windows_hit),
		cmocka_unit_test(pool_stores_indices_behind_its_values),
		cmocka_unit_test(boxes_go_row_by_row),
		cmocka_unit_test(reduce_stores_when_a_row_is_complete),
		cmocka_unit_test(reduce_of_no_elements_stores),
		cmocka_unit_test(reduce_of_no_elements_has_one_box_for_each_output),
		cmocka_unit_test(scan_stores_every_box),
		cmocka_unit_test(normalize_takes_one_pass_if_a_box_covers_the_row),
		cmocka_unit_test(normalize_takes_two_passes_else),
		cmocka_unit_test(strict_deviation_takes_a_third_pass),
		cmocka_unit_test(move_reads_from_the_lowest_to_the_highest_element),
		cmocka_unit_test(attention_has_two_steps_for_each_block_of_keys),
		cmocka_unit_test(attention_leaves_out_keys_that_no_row_sees),
		cmocka_unit_test(pages_of_attention_are_walked_one_after_another),
		cmocka_unit_test(gather_walks_slices_in_the_order_of_the_index),
		cmocka_unit_test(scatter_stores_slices_and_reads_them_for_a_reduction),
		cmocka_unit_test(an_index_of_elements_selects_one_each),
		cmocka_unit_test(coordinates_select_what_lies_at_them),
		cmocka_unit_test(resample_loads_all_that_its_taps_touch),
		cmocka_unit_test(sample_walks_the_corners_of_each_position),
		cmocka_unit_test(sort_spreads_its_cycles_and_stores_complete_rows),
		cmocka_unit_test(compact_stores_as_if_every_element_counted),
		cmocka_unit_test(suppress_reads_1024_boxes_a_step),
	};

	return cmocka_run_group_tests(tests, create, destroy);
}
