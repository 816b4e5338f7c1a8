/* SPDX-License-Identifier: MIT */
/*
 * Nodes on devices of 64 bytes a cycle and a latency of 10. The command of these tests multiplies
 * 64 x 100 bytes by 100 x 32 of the own scratchpad into it: it is decoded in 16 cycles, loads 100
 * bursts from 26 to 126, computes for 4 x 22 + 64 = 152 to 278, and stores 2,048 bytes at 256 a
 * cycle to 286.
 */
#include "suite.h"

#include <errno.h>
#include <stdlib.h>

#include "time/network.h"
#include "time/timeline.h"

#define RING (1u << 20)

static struct timeline *timeline;
static uint64_t ends[8];
static struct amounts amounts;

static void node_ended(void *context, void *cookie, const struct amounts *done)
{
	(void)context;
	ends[(uintptr_t)cookie] = timeline_now(timeline);
	amounts = *done;
}

static void create(unsigned int tiles, unsigned int dma_engines)
{
	const struct time_class class = {
		.array_rows = 32, .array_columns = 32, .array_ports = 3, .weight_path = 64,
		.vector_operations = 192, .port_bytes = tiles > 1 ? 64 : 0, .memory_mb_s = 64000,
		.khz = 1000000, .load_latency = 10, .block_cycles_log2 = 14, .tiles = tiles,
	};
	const struct timeline_config config = { .class = &class, .dma_engines = dma_engines,
						.ended = node_ended };

	timeline = timeline_create(&config);
	assert_non_null(timeline);
}

static void bind(unsigned int first, unsigned int g0, unsigned int g1)
{
	assert_int_equal(timeline_bind(timeline, first, (unsigned int[]){ g0, g1 }, RING), first);
}

static struct command product(void)
{
	return (struct command){
		.kind = KIND_GEMM,
		.gemm = {
			.a = { .bits = 8, .rank = 2, .extent = { 64, 100 }, .stride = { 100, 1 } },
			.b = { .bits = 8, .rank = 2, .memory = MEMORY_SCRATCHPAD,
			       .extent = { 100, 32 }, .stride = { 32, 1 } },
			.d = { .bits = 8, .rank = 2, .memory = MEMORY_SCRATCHPAD,
			       .extent = { 64, 32 }, .stride = { 32, 1 } },
			.blocks = { 64, 32, 100, 1, OUTPUT_N },
			.precision = { .macs = 3072 },
		},
	};
}

/* The same commands on each tile of a gang. */
static void queue(int gang, unsigned int tiles, const struct command *commands,
		  unsigned int count, bool prefetch, uintptr_t number)
{
	struct stream streams[4];

	for (unsigned int i = 0; i < tiles; i++)
		streams[i] = (struct stream){ .commands = commands, .count = count };
	assert_int_equal(timeline_queue(timeline, gang, streams, prefetch, (void *)number), 0);
}

static void run(void)
{
	uint64_t next;

	while ((next = timeline_next(timeline)) != NEVER)
		timeline_advance(timeline, next);
	timeline_destroy(timeline);
}

static void units_work_one_after_another_in_a_step(void **state)
{
	struct command command = product();

	(void)state;
	create(1, 0);
	bind(0, 1, 1);
	queue(0, 1, &command, 1, true, 0);
	run();
	assert_int_equal(ends[0], 286);
	assert_int_equal(amounts.products, 64 * 32 * 100);
	assert_int_equal(amounts.scratchpad, 6400 + 2048);
	assert_int_equal(amounts.memory, 6400);
	assert_int_equal(amounts.link, 0);
	assert_int_equal(amounts.steps, 1);
}

static void static_operands_of_the_next_node_are_read_ahead(void **state)
{
	struct command command = product();

	/* Decoded behind the first load, at 142; read to 252; array from 286 to 438. */
	(void)state;
	command.gemm.a.is_static = true;
	create(1, 0);
	bind(0, 1, 1);
	queue(0, 1, &command, 1, true, 0);
	queue(0, 1, &command, 1, true, 1);
	run();
	assert_int_equal(ends[1], 446);
}

static void others_are_read_when_their_node_starts(void **state)
{
	struct command plain = product(), fixed = product();

	/* From 296 to 396; 548; 556. STATIC ones of another address space likewise. */
	(void)state;
	fixed.gemm.a.is_static = true;
	create(1, 0);
	bind(0, 1, 1);
	queue(0, 1, &plain, 1, true, 0);
	queue(0, 1, &plain, 1, true, 1);
	queue(0, 1, &fixed, 1, false, 2);
	run();
	assert_int_equal(ends[1], 556);
	assert_int_equal(ends[2], 556 + 270);
}

static void a_command_starts_at_the_end_of_the_one_before_unless_it_overlaps(void **state)
{
	struct command commands[] = { product(), product() };

	(void)state;
	create(1, 0);
	bind(0, 1, 1);
	queue(0, 1, commands, 2, true, 0);
	run();
	assert_int_equal(ends[0], 556);
	/* Read to 252; the array continues at 278, to 430. */
	commands[1].overlap = true;
	create(1, 0);
	bind(0, 1, 1);
	queue(0, 1, commands, 2, true, 0);
	run();
	assert_int_equal(ends[0], 438);
}

static void a_gang_meets_at_a_barrier_and_at_its_end(void **state)
{
	struct command commands[] = { product(), product() };

	/* Both load at half the rate to 226; 378; 386. The second from 396 on: 756, and 40. */
	(void)state;
	create(2, 0);
	bind(0, 1, 2);
	queue(0, 2, commands, 2, true, 0);
	run();
	assert_int_equal(ends[0], 386 + 370 + 40);
	commands[1].barrier = true;
	create(2, 0);
	bind(0, 1, 2);
	queue(0, 2, commands, 2, true, 0);
	run();
	assert_int_equal(ends[0], 386 + 40 + 370 + 40);
}

static void a_tile_without_the_barrier_is_waited_for_until_its_end(void **state)
{
	struct command meets[] = { product(), product() }, ends_late[] = { product(), product() };
	struct stream streams[] = { { meets, 2, NULL }, { ends_late, 2, NULL } };

	/*
	 * Both end their first command at 386. Tile 1 ends its second one, alone in memory, at 656.
	 * Then tile 0 has 40 + 270.
	 */
	(void)state;
	meets[1].barrier = true;
	create(2, 0);
	bind(0, 1, 2);
	assert_int_equal(timeline_queue(timeline, 0, streams, true, NULL), 0);
	run();
	assert_int_equal(ends[0], 656 + 310 + 40);
}

static void a_multicast_is_one_flow(void **state)
{
	struct command command = product();

	(void)state;
	command.gemm.a.multicast = 2;
	create(2, 0);
	bind(0, 1, 2);
	queue(0, 2, &command, 1, true, 0);
	run();
	assert_int_equal(ends[0], 286 + 40);
	assert_int_equal(amounts.memory, 6400);
	assert_int_equal(amounts.scratchpad, 2 * (6400 + 2048));
}

static void a_multicast_along_the_other_coordinate_is_one_for_each(void **state)
{
	struct command command = product();

	(void)state;
	command.gemm.a.multicast = 1;
	create(2, 0);
	bind(0, 1, 2);
	queue(0, 2, &command, 1, true, 0);
	run();
	assert_int_equal(ends[0], 386 + 40);
	assert_int_equal(amounts.memory, 2 * 6400);
}

static void a_store_to_the_gang_takes_the_ports_of_the_others(void **state)
{
	struct command command = product();

	/* 2,048 bytes at 64: 32 cycles instead of 8. */
	(void)state;
	command.gemm.a.memory = MEMORY_SCRATCHPAD;
	command.gemm.d.memory = MEMORY_GANG;
	create(2, 0);
	bind(0, 1, 2);
	queue(0, 2, &command, 1, true, 0);
	run();
	assert_int_equal(ends[0], 16 + 152 + 32 + 40);
	assert_int_equal(amounts.scratchpad, 2 * 2 * 2048);
	assert_int_equal(amounts.memory, 0);
}

static void a_resident_part_of_another_tile_is_read_through_its_port(void **state)
{
	struct command command = product();

	/* Tile 0 serves both at half the rate of its port. */
	(void)state;
	command.gemm.a.memory = MEMORY_TILE;
	command.gemm.a.tile = 0;
	create(2, 0);
	bind(0, 1, 2);
	queue(0, 2, &command, 1, true, 0);
	run();
	assert_int_equal(ends[0], 386 + 40);
	assert_int_equal(amounts.memory, 0);
}

static void groups_on_several_tiles_share_the_memory(void **state)
{
	struct command command = product();

	(void)state;
	create(2, 0);
	bind(0, 1, 1);
	bind(1, 1, 1);
	queue(0, 1, &command, 1, true, 0);
	queue(1, 1, &command, 1, true, 1);
	run();
	assert_int_equal(ends[0], 386);
	assert_int_equal(ends[1], 386);
}

static void tiles_can_be_bound_again(void **state)
{
	struct command command = product();

	(void)state;
	create(2, 0);
	bind(0, 1, 2);
	queue(0, 2, &command, 1, true, 0);
	while (!ends[0] || timeline_next(timeline) != NEVER)
		timeline_advance(timeline, timeline_next(timeline));
	timeline_unbind(timeline, 0);
	bind(1, 1, 1);
	queue(1, 1, &command, 1, true, 1);
	run();
	assert_int_equal(ends[1], 426 + 286);
}

static void a_gang_that_is_stopped_leaves_its_share_to_others(void **state)
{
	struct command command = product();

	/*
	 * Both have moved 800 bytes at 51, when the first one is stopped. The second has 5,600
	 * left: 88 cycles. Then the first one's tile takes the command from the beginning.
	 */
	(void)state;
	create(2, 0);
	bind(0, 1, 1);
	bind(1, 1, 1);
	queue(0, 1, &command, 1, true, 1);
	queue(1, 1, &command, 1, true, 2);
	while (timeline_next(timeline) < 51)
		timeline_advance(timeline, timeline_next(timeline));
	timeline_advance(timeline, 51);
	timeline_stop(timeline, 0);
	while (timeline_next(timeline) != NEVER)
		timeline_advance(timeline, timeline_next(timeline));
	assert_int_equal(ends[1], 0);
	assert_int_equal(ends[2], 51 + 88 + 160);
	assert_int_equal(timeline_moved(timeline, RESOURCE_MEMORY), 6400);
	queue(0, 1, &command, 1, true, 1);
	run();
	assert_int_equal(ends[1], 299 + 286);
}

static void copies_follow_each_other_after_32_cycles(void **state)
{
	struct copy copy = { .source = { 100, 0, 0 }, .destination = { 101, 0, 0 } };

	/* 101 bursts twice through 64 bytes a cycle: 202 cycles. A fill: 101. */
	(void)state;
	create(1, 1);
	assert_int_equal(timeline_copy(timeline, 0, &copy, (void *)1), 0);
	copy.fills = true;
	assert_int_equal(timeline_copy(timeline, 0, &copy, (void *)2), 0);
	run();
	assert_int_equal(ends[1], 32 + 202);
	assert_int_equal(ends[2], 234 + 32 + 101);
	assert_int_equal(amounts.memory, 6464);
}

static void a_copy_issues_both_walks(void **state)
{
	struct copy copy = { .source = { 10, 9, 9 }, .destination = { 10, 9, 0 } };

	(void)state;
	create(1, 1);
	assert_int_equal(timeline_copy(timeline, 0, &copy, (void *)1), 0);
	run();
	assert_int_equal(ends[1], 32 + 81 + 9);
}

static void another_clock_moves_other_bytes_a_cycle(void **state)
{
	struct copy copy = { .fills = true, .destination = { 100, 0, 0 } };

	/* Half the clock: 128 bytes a cycle. 50 bursts by 82, the rest in 25 cycles. */
	(void)state;
	create(1, 1);
	assert_int_equal(timeline_copy(timeline, 0, &copy, (void *)1), 0);
	timeline_advance(timeline, 0);
	timeline_advance(timeline, 32);
	timeline_advance(timeline, 82);
	timeline_clock(timeline, 500000);
	run();
	assert_int_equal(ends[1], 107);
}

static void a_node_beyond_its_ring_is_refused_as_a_whole(void **state)
{
	struct command commands[] = { product(), product() };
	struct stream stream = { commands, 2, NULL };

	/* Accumulators and outputs 5 x 2,048, two blocks of a: 23,040 bytes. */
	(void)state;
	create(1, 0);
	assert_int_equal(timeline_bind(timeline, 0, (unsigned int[]){ 1, 1 }, 23040), 0);
	assert_int_equal(timeline_queue(timeline, 0, &stream, true, NULL), 0);
	commands[1].gemm.d.bits = 16;
	assert_int_equal(timeline_queue(timeline, 0, &stream, true, (void *)1), -EINVAL);
	commands[1] = product();
	run();
}

static void a_latency_beyond_the_contract_is_no_class(void **state)
{
	const struct time_class class = { .load_latency = 2017, .khz = 1, .tiles = 1 };
	const struct timeline_config config = { .class = &class, .ended = node_ended };

	(void)state;
	assert_null(timeline_create(&config));
}

static int clear(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 8; i++)
		ends[i] = 0;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(units_work_one_after_another_in_a_step, clear),
		cmocka_unit_test_setup(static_operands_of_the_next_node_are_read_ahead, clear),
		cmocka_unit_test_setup(others_are_read_when_their_node_starts, clear),
		cmocka_unit_test_setup(
			a_command_starts_at_the_end_of_the_one_before_unless_it_overlaps, clear),
		cmocka_unit_test_setup(a_gang_meets_at_a_barrier_and_at_its_end, clear),
		cmocka_unit_test_setup(a_tile_without_the_barrier_is_waited_for_until_its_end,
				       clear),
		cmocka_unit_test_setup(a_multicast_is_one_flow, clear),
		cmocka_unit_test_setup(a_multicast_along_the_other_coordinate_is_one_for_each,
				       clear),
		cmocka_unit_test_setup(a_store_to_the_gang_takes_the_ports_of_the_others, clear),
		cmocka_unit_test_setup(a_resident_part_of_another_tile_is_read_through_its_port,
				       clear),
		cmocka_unit_test_setup(groups_on_several_tiles_share_the_memory, clear),
		cmocka_unit_test_setup(tiles_can_be_bound_again, clear),
		cmocka_unit_test_setup(a_gang_that_is_stopped_leaves_its_share_to_others, clear),
		cmocka_unit_test_setup(copies_follow_each_other_after_32_cycles, clear),
		cmocka_unit_test_setup(a_copy_issues_both_walks, clear),
		cmocka_unit_test_setup(another_clock_moves_other_bytes_a_cycle, clear),
		cmocka_unit_test_setup(a_node_beyond_its_ring_is_refused_as_a_whole, clear),
		cmocka_unit_test_setup(a_latency_beyond_the_contract_is_no_class, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
