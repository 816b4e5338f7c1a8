// SPDX-License-Identifier: MIT
/* Residency groups through the firmware: what nodes leave in a tile's scratchpad for each other. */
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "program.h"
#include "soc/device.h"

#define SKU "edge"
#define RW (TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE)

/* Where the tests' slots are: what is read, what is written. */
#define FROM_VA 0x10000000ull
#define TO_VA 0x20000000ull
#define PROGRAM_VA 0x40000000ull

#define ROWS 16u
#define COLUMNS 64u
#define BYTES (ROWS * COLUMNS)
#define RING 0x8000u

struct bench {
	struct fixture *f;
	uint8_t *from;
	uint8_t *to;
	struct test_program program;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->f = fixture_open(SKU);
	if (!bench->f)
		return -1;
	bench->from = harness_at(bench->f->harness, aspace_alloc(&bench->f->as, FROM_VA, BYTES,
								 TSR_HW_PTE_READ));
	bench->to = harness_at(bench->f->harness,
			       aspace_alloc(&bench->f->as, TO_VA, BYTES,
					    TSR_HW_PTE_READ | TSR_HW_PTE_WRITE));
	for (unsigned int i = 0; i < BYTES; i++) {
		bench->from[i] = (uint8_t)(i * 7 + 1);
		bench->to[i] = 0xee;
	}
	program_begin(&bench->program);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	void *fixture = bench->f;

	free(bench);
	return fixture_teardown(&fixture);
}

/* MOVE between slots: 0 is what is read, 1 what is written. */
static unsigned int add_move(struct bench *bench, unsigned int group, unsigned int from,
			     unsigned int to)
{
	struct tsr_hw_move move = move_make(ROWS, COLUMNS);
	unsigned int node;

	move.x.slot = (__le16)from;
	move.d.slot = (__le16)to;
	node = program_node(&bench->program, TSR_HW_ENGINE_TENSOR, &move, sizeof(move));
	bench->program.nodes[node].group = (__le16)group;
	return node;
}

static struct tsr_hw_job place(struct bench *bench)
{
	const struct tsr_hw_slot slots[] = {
		{ FROM_VA, BYTES, 0, RW, 0 }, { TO_VA, BYTES, 0, RW, 0 },
	};

	program_chain(&bench->program);
	return program_place(&bench->program, &bench->f->as, PROGRAM_VA, slots, 2);
}

static int run(struct bench *bench)
{
	struct tsr_hw_job job = place(bench);

	return driver_run(&bench->f->queue, &job);
}

static void expect_all(const uint8_t *bytes, uint8_t want)
{
	for (unsigned int i = 0; i < BYTES; i++)
		assert_int_equal(bytes[i], want);
}

static void nodes_of_a_group_see_what_others_left(void **state)
{
	struct bench *bench = *state;
	unsigned int group = program_group(&bench->program, BYTES, RING);

	add_move(bench, group, 0, TSR_HW_SLOT_SCRATCHPAD);
	add_move(bench, group, TSR_HW_SLOT_SCRATCHPAD, 1);
	assert_int_equal(run(bench), TSR_HW_ERR_NONE);
	assert_memory_equal(bench->to, bench->from, BYTES);
}

static void a_copy_may_run_between_them(void **state)
{
	struct bench *bench = *state;
	unsigned int group = program_group(&bench->program, BYTES, RING);
	struct tsr_hw_copy copy = copy_make(64);

	add_move(bench, group, 0, TSR_HW_SLOT_SCRATCHPAD);
	program_node(&bench->program, TSR_HW_ENGINE_DMA, &copy, sizeof(copy));
	bench->program.nodes[add_move(bench, 0, 0, 1)].ring = RING;
	add_move(bench, group, TSR_HW_SLOT_SCRATCHPAD, 1);
	assert_int_equal(run(bench), TSR_HW_ERR_NONE);
	assert_memory_equal(bench->to, bench->from, BYTES);
}

static void a_binding_leaves_zeros(void **state)
{
	struct bench *bench = *state;

	add_move(bench, program_group(&bench->program, BYTES, RING), 0, TSR_HW_SLOT_SCRATCHPAD);
	add_move(bench, program_group(&bench->program, BYTES, RING), TSR_HW_SLOT_SCRATCHPAD, 1);
	assert_int_equal(run(bench), TSR_HW_ERR_NONE);
	expect_all(bench->to, 0);
}

static void the_next_job_finds_nothing(void **state)
{
	struct bench *bench = *state;
	struct test_program *program = &bench->program;

	add_move(bench, program_group(program, BYTES, RING), 0, TSR_HW_SLOT_SCRATCHPAD);
	assert_int_equal(run(bench), TSR_HW_ERR_NONE);
	program_begin(program);
	add_move(bench, program_group(program, BYTES, RING), TSR_HW_SLOT_SCRATCHPAD, 1);
	assert_int_equal(run(bench), TSR_HW_ERR_NONE);
	expect_all(bench->to, 0);
}

static void a_product_works_on_it(void **state)
{
	struct bench *bench = *state;
	struct tsr_hw_gemm gemm = gemm_make(4, 4, 4);
	float *from = (float *)bench->from, *to = (float *)bench->to;
	unsigned int group = program_group(&bench->program, BYTES, RING);

	for (unsigned int i = 0; i < 16; i++)
		from[i] = (float)i;
	add_move(bench, group, 0, TSR_HW_SLOT_SCRATCHPAD);
	gemm.a.slot = TSR_HW_SLOT_SCRATCHPAD;
	gemm.b.slot = 0;
	gemm.d.slot = 1;
	bench->program.nodes[program_node(&bench->program, TSR_HW_ENGINE_TENSOR, &gemm,
					  sizeof(gemm))].group = (__le16)group;
	assert_int_equal(run(bench), TSR_HW_ERR_NONE);
	for (unsigned int i = 0; i < 16; i++) {
		float want = 0;

		for (unsigned int k = 0; k < 4; k++)
			want += from[i / 4 * 4 + k] * from[k * 4 + i % 4];
		assert_true(to[i] == want);
	}
}

static void only_nodes_of_groups_name_it(void **state)
{
	struct bench *bench = *state;

	add_move(bench, 0, TSR_HW_SLOT_SCRATCHPAD, 1);
	assert_int_equal(run(bench), TSR_HW_ERR_SLOT);
	assert_int_equal(bench->to[0], 0xee);
}

static void a_node_of_none_beside_a_group_does_not(void **state)
{
	struct bench *bench = *state;
	unsigned int group = program_group(&bench->program, BYTES, RING);

	add_move(bench, group, 0, TSR_HW_SLOT_SCRATCHPAD);
	bench->program.nodes[add_move(bench, 0, TSR_HW_SLOT_SCRATCHPAD, 1)].ring = RING;
	add_move(bench, group, TSR_HW_SLOT_SCRATCHPAD, 1);
	assert_int_equal(run(bench), TSR_HW_ERR_SLOT);
	assert_int_equal(bench->to[0], 0xee);
}

static void it_ends_where_the_group_says(void **state)
{
	struct bench *bench = *state;

	add_move(bench, program_group(&bench->program, BYTES - 64, RING), 0,
		 TSR_HW_SLOT_SCRATCHPAD);
	assert_int_equal(run(bench), TSR_HW_ERR_SLOT);
}

static void a_group_may_have_none_of_it(void **state)
{
	struct bench *bench = *state;

	add_move(bench, program_group(&bench->program, 0, RING), 0, TSR_HW_SLOT_SCRATCHPAD);
	assert_int_equal(run(bench), TSR_HW_ERR_SLOT);
}

static void a_copy_engine_has_none(void **state)
{
	struct bench *bench = *state;
	struct tsr_hw_copy copy = copy_make(64);

	copy.src.slot = TSR_HW_SLOT_SCRATCHPAD;
	program_node(&bench->program, TSR_HW_ENGINE_DMA, &copy, sizeof(copy));
	assert_int_equal(run(bench), TSR_HW_ERR_SLOT);
}

/* Two rows of a block of 16 x 64 elements, twice, are more than 64 bytes. */
static void loads_go_through_the_group_s_ring(void **state)
{
	struct bench *bench = *state;

	add_move(bench, program_group(&bench->program, BYTES, 64), 0, TSR_HW_SLOT_SCRATCHPAD);
	assert_int_equal(run(bench), TSR_HW_ERR_COMMAND);
}

/* What is told of a node that is refused because its ring is small. */
static const struct tsr_hw_completion *refused(struct bench *bench, const void *stream, size_t size)
{
	const struct tsr_hw_completion *done;
	struct tsr_hw_job job;
	uint32_t seq;

	program_begin(&bench->program);
	bench->program.nodes[program_node(&bench->program, TSR_HW_ENGINE_TENSOR, stream,
					  size)].ring = 128;
	job = place(bench);
	seq = driver_post(&bench->f->queue, &job);
	driver_ring(&bench->f->queue);
	done = driver_wait(&bench->f->queue, seq);
	assert_non_null(done);
	assert_int_equal(done->error, TSR_HW_ERR_COMMAND);
	return done;
}

static void the_first_command_that_is_too_large_is_told(void **state)
{
	const struct tsr_hw_move small = move_make(1, 8), large = move_make(4, BYTES / 4);
	const struct tsr_hw_move orders[][3] = {
		{ large, large, large }, { small, large, large }, { small, small, large },
	};
	struct bench *bench = *state;

	for (unsigned int i = 0; i < 3; i++) {
		struct fixture *f = bench->f;

		assert_int_equal(refused(bench, orders[i], sizeof(orders[i]))->address,
				 i * sizeof(small));
		assert_int_equal(driver_queue_destroy(&f->queue), TSR_HW_ERR_NONE);
		assert_int_equal(driver_queue_create(&f->queue, &f->driver, 1, 1, 0),
				 TSR_HW_ERR_NONE);
	}
}

/* A cycle for 64 elements of it, beside the 64 of any refusal. */
static void control_data_that_was_read_is_paid_for(void **state)
{
	struct tsr_hw_gather gather = {
		.head = { .op = TSR_HW_OP_GATHER, .size = sizeof(gather) },
		.x = { .slot = 0, .type = TSR_HW_TYPE_INT8, .rank = 2, .dim = { 4, 4 },
		       .stride = { 4, 1 } },
		.index = { .slot = 0, .type = TSR_HW_TYPE_INT32, .rank = 1, .dim = { 200 },
			   .stride = { 1 } },
		.d = { .slot = 1, .type = TSR_HW_TYPE_INT8, .rank = 2, .dim = { 200, 4 },
		       .stride = { 4, 1 } },
		.step = { { 200, 4 } },
	};
	const struct tsr_hw_move move = move_make(4, BYTES / 4);
	struct bench *bench = *state;
	struct fixture *f = bench->f;

	assert_int_equal(refused(bench, &move, sizeof(move))->tile_cycles, 64);
	assert_int_equal(driver_queue_destroy(&f->queue), TSR_HW_ERR_NONE);
	assert_int_equal(driver_queue_create(&f->queue, &f->driver, 1, 1, 0), TSR_HW_ERR_NONE);
	assert_int_equal(refused(bench, &gather, sizeof(gather))->tile_cycles, 64 + 200 / 64);
}

/* Zeroing 4 W bytes takes a cycle. */
static void a_binding_takes_time(void **state)
{
	struct bench *bench = *state;
	uint64_t cycles[2];
	const struct tsr_hw_fuses *fuses = device_fuses(harness_device(bench->f->harness));

	for (unsigned int i = 0; i < 2; i++) {
		const struct tsr_hw_completion *done;
		struct tsr_hw_job job;
		uint32_t seq;

		program_begin(&bench->program);
		add_move(bench, program_group(&bench->program, BYTES + i * 0x40000, RING), 0, 1);
		job = place(bench);
		seq = driver_post(&bench->f->queue, &job);
		driver_ring(&bench->f->queue);
		done = driver_wait(&bench->f->queue, seq);
		assert_non_null(done);
		assert_int_equal(done->error, TSR_HW_ERR_NONE);
		cycles[i] = done->tile_cycles;
	}
	assert_int_equal(cycles[1] - cycles[0], 0x40000 / (4 * fuses->weight_path));
}

#define group_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		group_test(nodes_of_a_group_see_what_others_left),
		group_test(a_copy_may_run_between_them),
		group_test(a_binding_leaves_zeros),
		group_test(the_next_job_finds_nothing),
		group_test(a_product_works_on_it),
		group_test(only_nodes_of_groups_name_it),
		group_test(a_node_of_none_beside_a_group_does_not),
		group_test(it_ends_where_the_group_says),
		group_test(a_group_may_have_none_of_it),
		group_test(a_copy_engine_has_none),
		group_test(loads_go_through_the_group_s_ring),
		group_test(the_first_command_that_is_too_large_is_told),
		group_test(control_data_that_was_read_is_paid_for),
		group_test(a_binding_takes_time),
	};

	return cmocka_run_group_tests_name("residency groups", tests, NULL, NULL);
}
