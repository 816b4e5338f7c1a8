/* SPDX-License-Identifier: MIT */
/*
 * The command of test_timeline.c in two blocks of 32 rows: 50 bursts each, 4 x 16 cycles of the
 * array and 64 to fill it, 1,024 bytes stored at 256 a cycle.
 */
#include "suite.h"

#include <errno.h>

#include <string.h>

#include "time/alone.h"

#define RING (1u << 20)

static const struct time_class class = {
	.array_rows = 32, .array_columns = 32, .array_ports = 3, .weight_path = 64,
	.vector_operations = 192, .port_bytes = 64, .memory_mb_s = 64000, .khz = 1000000,
	.load_latency = 10, .block_cycles_log2 = 14, .tiles = 4,
};

static struct alone *alone;

static int create(void **state)
{
	(void)state;
	alone = alone_create(&class);
	return alone ? 0 : -1;
}

static int destroy(void **state)
{
	(void)state;
	alone_destroy(alone);
	return 0;
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
			.blocks = { 32, 32, 100, 1, OUTPUT_N },
			.precision = { .macs = 3072 },
		},
	};
}

static int begin(const struct command *commands, unsigned int count)
{
	const unsigned int grid[] = { 2, 2 }, place[] = { 1, 0 };
	const struct stream stream = { .commands = commands, .count = count };

	return alone_begin(alone, grid, place, RING, &stream);
}

static void assert_next(uint64_t wanted)
{
	uint64_t cycles;

	assert_true(alone_step(alone, &cycles));
	assert_int_equal(cycles, wanted);
}

static void assert_none(void)
{
	uint64_t cycles;

	assert_false(alone_step(alone, &cycles));
}

static void each_step_has_its_part(void **state)
{
	struct command command = product();

	/* Read to 76 and 126; the array to 204 and 268; stored to 208 and 272. */
	(void)state;
	assert_true(alone_ended(alone));
	assert_int_equal(begin(&command, 1), 0);
	assert_next(208);
	assert_false(alone_ended(alone));
	assert_next(64);
	assert_none();
	assert_true(alone_ended(alone));
}

static void a_stream_takes_the_same_time_again(void **state)
{
	struct command command = product();

	(void)state;
	assert_int_equal(begin(&command, 1), 0);
	assert_next(208);
	/* What is left of it is dropped. */
	assert_int_equal(begin(&command, 1), 0);
	assert_next(208);
	assert_next(64);
	assert_none();
}

/* On an idle device it is begun again without making that anew; also behind others. */
static void a_stream_takes_the_same_time_however_often(void **state)
{
	const unsigned int grid[] = { 1, 1 }, place[] = { 0, 0 };
	struct command command = product();
	const struct stream stream = { .commands = &command, .count = 1 };

	(void)state;
	command.gemm.b.memory = MEMORY_SYSTEM;
	command.gemm.d.memory = MEMORY_SYSTEM;
	for (unsigned int depth = 0; depth <= 100; depth += 50) {
		uint64_t first[2] = { 0 };

		command.gemm.a.extent[1] = depth;
		command.gemm.b.extent[0] = depth;
		/* As descriptors say it: one element, or none, has no neighbour. */
		command.gemm.a.stride[1] = depth > 0;
		command.gemm.b.stride[0] = depth ? 32 : 0;
		for (unsigned int i = 0; i < 1000; i++) {
			uint64_t cycles[2];

			assert_int_equal(alone_begin(alone, grid, place, RING, &stream), 0);
			assert_true(alone_step(alone, &cycles[0]));
			assert_true(alone_step(alone, &cycles[1]));
			assert_none();
			if (i)
				assert_memory_equal(cycles, first, sizeof(cycles));
			memcpy(first, cycles, sizeof(cycles));
		}
	}
}

static void a_barrier_and_a_multicast_wait_for_no_other_tile(void **state)
{
	struct command commands[] = { product(), product() };

	/*
	 * The second command is decoded, and starts at 272 + 40: 256 cycles but for its decoding.
	 */
	(void)state;
	commands[0].gemm.a.multicast = 3;
	commands[1].gemm.a.multicast = 3;
	commands[1].barrier = true;
	assert_int_equal(begin(commands, 2), 0);
	assert_next(208);
	assert_next(64);
	assert_next(40 + 208 - 16);
	assert_next(64);
	assert_none();
}

static void a_store_to_the_gang_goes_through_the_ports_of_the_others(void **state)
{
	struct command command = product();

	/* 1,024 bytes at 64 a cycle: 16 cycles instead of 4. */
	(void)state;
	command.gemm.d.memory = MEMORY_GANG;
	assert_int_equal(begin(&command, 1), 0);
	assert_next(204 + 16);
	assert_next(64);
}

static void a_refused_stream_has_no_steps(void **state)
{
	struct command command = product();

	(void)state;
	command.gemm.blocks.bk = 33;
	assert_int_equal(begin(&command, 1), -EINVAL);
	assert_none();
}

/* However many there are: they would take the host's time and none of the device's. */
static void rows_without_elements_are_sorted_in_no_steps(void **state)
{
	const struct command command = {
		.kind = KIND_SORT,
		.sort = {
			.x = { .bits = 8, .rank = 2, .extent = { 1u << 30, 0 },
			       .stride = { 0, 1 } },
			.indices = { .bits = 64, .rank = 2, .extent = { 1u << 30, 0 },
				     .stride = { 0, 1 } },
			.block = { 1, 1 },
		},
	};

	(void)state;
	assert_int_equal(begin(&command, 1), 0);
	assert_next(16);	/* it is decoded */
	assert_none();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_step_has_its_part, create, destroy),
		cmocka_unit_test_setup_teardown(a_stream_takes_the_same_time_however_often, create,
						destroy),
		cmocka_unit_test_setup_teardown(a_stream_takes_the_same_time_again, create,
						destroy),
		cmocka_unit_test_setup_teardown(a_barrier_and_a_multicast_wait_for_no_other_tile,
						create, destroy),
		cmocka_unit_test_setup_teardown(
			a_store_to_the_gang_goes_through_the_ports_of_the_others, create, destroy),
		cmocka_unit_test_setup_teardown(a_refused_stream_has_no_steps, create, destroy),
		cmocka_unit_test_setup_teardown(rows_without_elements_are_sorted_in_no_steps,
						create, destroy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
