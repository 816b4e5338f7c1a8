// SPDX-License-Identifier: MIT
/* Nodes that ran before, alone: they take what they took, whatever begins or ends beside them. */
#include <string.h>

#include <tsr_hw/fuse.h>

#include "clock.h"
#include "cmocka_prelude.h"
#include "engine/known.h"
#include "engine/pace.h"
#include "measure/class.h"
#include "tile/sku.h"
#include "time/command.h"
#include "time/dma.h"
#include "timed_product.h"

#define ENOUGH	UINT64_MAX
#define MOST	2u
#define RING	(1u << 20)

/* A device, and what has ended on it. */
struct device {
	struct pace *pace;
	struct pace_end end[MOST];
	unsigned int ends;
};

static struct sku *sku;

static int load(void **state)
{
	char error[256];

	(void)state;
	return sku_load(VNPU_SKUS "/server.json", &sku, error, sizeof(error));
}

static int unload(void **state)
{
	(void)state;
	sku_free(sku);
	return 0;
}

static void ended(void *ctx, const struct pace_end *end)
{
	struct device *device = ctx;

	assert_in_range(device->ends, 0, MOST - 1);
	device->end[device->ends++] = *end;
}

static void create(struct device *device)
{
	*device = (struct device){ 0 };
	device->pace = pace_create(sku_fuses(sku), ended, device);
	assert_non_null(device->pace);
}

static void begin(struct device *device, unsigned int tile, const struct command *command,
		  uint64_t budget)
{
	const struct stream stream = { .commands = command, .count = 1 };

	assert_int_equal(pace_stream(device->pace, tile, RING, &stream, budget), 0);
}

/* Return: events until so many nodes have ended. */
static unsigned int pass(struct device *device, unsigned int ends)
{
	unsigned int events = 0;

	for (; device->ends < ends; events++)
		pace_advance(device->pace, pace_next(device->pace));
	return events;
}

/* Return: cycles of a node alone, which ends; then the device is idle. */
static uint64_t run(struct device *device, const struct command *command, uint64_t budget,
		    struct amounts *amounts, unsigned int *events)
{
	uint64_t start = device->ends ? device->end[0].time : 0;

	device->ends = 0;
	begin(device, 0, command, budget);
	*events = pass(device, 1);
	*amounts = device->end[0].amounts;
	while (pace_next(device->pace) != CLOCK_NEVER)
		pace_advance(device->pace, pace_next(device->pace));
	return device->end[0].time - start;
}

static void assert_same(const struct amounts *amounts, const struct amounts *others)
{
	assert_true(amounts->products == others->products);
	assert_true(amounts->product_energy == others->product_energy);
	assert_true(amounts->vector == others->vector);
	assert_true(amounts->scratchpad == others->scratchpad);
	assert_true(amounts->memory == others->memory);
	assert_true(amounts->link == others->link);
	assert_true(amounts->written == others->written);
	assert_true(amounts->steps == others->steps);
}

static void a_node_that_ran_before_ends_at_once(void **state)
{
	const struct command command = timed_product(1024), same = command;
	struct amounts first, second;
	struct device device;
	unsigned int events;
	uint64_t cycles;

	(void)state;
	create(&device);
	cycles = run(&device, &command, ENOUGH, &first, &events);
	assert_true(events > 16);
	assert_int_equal(run(&device, &same, ENOUGH, &second, &events), cycles);
	assert_int_equal(events, 1);
	assert_same(&second, &first);
	pace_destroy(device.pace);
}

static void a_node_that_exceeds_its_budget_moves_by_steps(void **state)
{
	const struct command command = timed_product(1024);
	struct amounts first, second;
	struct device device;
	unsigned int events;
	uint64_t cycles;

	(void)state;
	create(&device);
	cycles = run(&device, &command, ENOUGH, &first, &events);
	run(&device, &command, cycles, &second, &events);
	assert_int_equal(events, 1);
	assert_int_equal(run(&device, &command, cycles - 1, &second, &events), cycles);
	assert_true(events > 16);
	assert_same(&second, &first);
	pace_destroy(device.pace);
}

/* Two nodes, the second one begins @later than the first; times from the begin of the first. */
static void run_two(struct device *device, uint64_t start, uint64_t later)
{
	const struct command first = timed_product(1024), second = timed_product(512);

	device->ends = 0;
	begin(device, 0, &first, ENOUGH);
	while (pace_next(device->pace) <= start + later)
		pace_advance(device->pace, pace_next(device->pace));
	pace_advance(device->pace, start + later);
	begin(device, 1, &second, ENOUGH);
	pass(device, 2);
	for (unsigned int i = 0; i < 2; i++)
		device->end[i].time -= start;
}

static void what_begins_beside_it_has_the_same_effect(void **state)
{
	const struct command command = timed_product(1024);
	struct device fresh, device;
	struct amounts amounts;
	unsigned int events;
	uint64_t cycles;

	(void)state;
	create(&device);
	cycles = run(&device, &command, ENOUGH, &amounts, &events);
	pace_destroy(device.pace);
	for (unsigned int part = 0; part < 8; part++) {
		create(&fresh);
		run_two(&fresh, 0, cycles * part / 8);
		create(&device);
		run(&device, &command, ENOUGH, &amounts, &events);
		run_two(&device, cycles, cycles * part / 8);
		for (unsigned int i = 0; i < 2; i++) {
			assert_int_equal(device.end[i].instance, fresh.end[i].instance);
			assert_int_equal(device.end[i].time, fresh.end[i].time);
			assert_same(&device.end[i].amounts, &fresh.end[i].amounts);
		}
		pace_destroy(device.pace);
		pace_destroy(fresh.pace);
	}
}

/* Neither what began first nor what began beside it: their cycles are not those they have alone. */
static void what_ran_beside_another_is_not_remembered(void **state)
{
	const struct command commands[] = { timed_product(1024), timed_product(512) };

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		struct device fresh, device;
		struct amounts amounts, alone;
		unsigned int events, first;
		uint64_t cycles;

		create(&fresh);
		cycles = run(&fresh, &commands[i], ENOUGH, &alone, &first);
		assert_true(first > 1);
		create(&device);
		run_two(&device, 0, 1);
		while (pace_next(device.pace) != CLOCK_NEVER)
			pace_advance(device.pace, pace_next(device.pace));
		device.end[0].time = device.end[1].time;
		assert_int_equal(run(&device, &commands[i], ENOUGH, &amounts, &events), cycles);
		assert_int_equal(events, first);
		assert_same(&amounts, &alone);
		pace_destroy(device.pace);
		pace_destroy(fresh.pace);
	}
}

static void a_node_that_is_stopped_does_not_end(void **state)
{
	const struct command command = timed_product(1024);
	struct device device;
	struct amounts first, second;
	unsigned int events;
	uint64_t cycles, half;

	(void)state;
	create(&device);
	cycles = run(&device, &command, ENOUGH, &first, &events);
	device.ends = 0;
	begin(&device, 0, &command, ENOUGH);
	half = cycles + cycles / 2;
	pace_advance(device.pace, half);
	pace_stop(device.pace, 0);
	while (pace_next(device.pace) != CLOCK_NEVER)
		pace_advance(device.pace, pace_next(device.pace));
	assert_int_equal(device.ends, 0);
	device.end[0].time = half;
	device.ends = 1;
	assert_int_equal(run(&device, &command, ENOUGH, &second, &events), cycles);
	assert_same(&second, &first);
	pace_destroy(device.pace);
}

/* Any number of times: each binding of the tile goes when the next one comes. */
static void a_tile_changes_its_ring_from_node_to_node(void **state)
{
	const struct command command = timed_product(64);
	const struct stream stream = { .commands = &command, .count = 1 };
	struct device device;

	(void)state;
	create(&device);
	for (unsigned int i = 0; i < 300; i++) {
		for (unsigned int tile = 0; tile < 2; tile++) {
			device.ends = 0;
			assert_int_equal(pace_stream(device.pace, tile, RING + i % 3, &stream,
						     ENOUGH), 0);
			pass(&device, 1);
			assert_int_equal(device.end[0].instance, tile);
			while (pace_next(device.pace) != CLOCK_NEVER)
				pace_advance(device.pace, pace_next(device.pace));
		}
	}
	pace_destroy(device.pace);
}

/* A binding begins to count again; budgets are charged by steps. */
static void steps_of_a_node_are_its_own_whatever_ring_was_before(void **state)
{
	const struct command command = timed_product(64);
	const struct stream stream = { .commands = &command, .count = 1 };
	struct device device;

	(void)state;
	create(&device);
	for (unsigned int i = 0; i < 6; i++) {
		device.ends = 0;
		assert_int_equal(pace_stream(device.pace, 0, RING + i / 2, &stream, ENOUGH), 0);
		assert_int_equal(pace_steps(device.pace, 0), 0);
		pass(&device, 1);
		/* Of one that ran before only the end is known. */
		assert_int_equal(pace_steps(device.pace, 0),
				 i % 2 ? 0 : device.end[0].amounts.steps);
		while (pace_next(device.pace) != CLOCK_NEVER)
			pace_advance(device.pace, pace_next(device.pace));
	}
	pace_destroy(device.pace);
}

/* The one behind them is another's. */
static void an_engine_makes_as_many_copies_as_it_is_told(void **state)
{
	const unsigned int dma = sku_fuses(sku)->tensor_tiles + 1;
	const struct copy copies[] = {
		{ .fills = true, .destination = { .bursts = 100 } },
		{ .fills = true, .destination = { .bursts = 30 } },
		{ .fills = true, .destination = { .bursts = 7 } },
		{ .fills = true, .destination = { .bursts = 1 } },
	};
	uint64_t before = 0;

	(void)state;
	for (unsigned int count = 1; count < 4; count++) {
		const uint64_t bursts[] = { 0, 100, 130, 137 };
		struct device device;

		create(&device);
		assert_int_equal(pace_copies(device.pace, dma, copies, count), 0);
		pass(&device, 1);
		assert_int_equal(device.end[0].instance, dma);
		assert_int_equal(device.end[0].amounts.written, 64 * bursts[count]);
		assert_true(device.end[0].time > before);
		before = device.end[0].time;
		assert_true(pace_next(device.pace) == CLOCK_NEVER);
		assert_int_equal(device.ends, 1);
		pace_destroy(device.pace);
	}
}

static void copies_that_are_stopped_do_not_end(void **state)
{
	const unsigned int dma = sku_fuses(sku)->tensor_tiles;
	const struct copy copy = { .fills = true, .destination = { .bursts = 1000 } };
	struct device device;

	(void)state;
	create(&device);
	assert_int_equal(pace_copies(device.pace, dma, &copy, 1), 0);
	assert_int_equal(pace_copies(device.pace, dma + 1, &copy, 1), 0);
	pace_advance(device.pace, 1);
	pace_stop(device.pace, dma);
	pass(&device, 1);
	assert_int_equal(device.end[0].instance, dma + 1);
	while (pace_next(device.pace) != CLOCK_NEVER)
		pace_advance(device.pace, pace_next(device.pace));
	assert_int_equal(device.ends, 1);
	/* After a reset the clock begins anew, and neither is there any more. */
	assert_int_equal(pace_copies(device.pace, dma, &copy, 1), 0);
	pace_reset(device.pace);
	assert_true(pace_next(device.pace) == CLOCK_NEVER);
	device.ends = 0;
	assert_int_equal(pace_copies(device.pace, dma, &copy, 1), 0);
	pass(&device, 1);
	assert_true(device.end[0].time > 0 && device.end[0].time < 100000);
	pace_destroy(device.pace);
}

/*
 * Of a node of @steps steps that is known, which takes the time it took before. Rows of its first
 * operand, 1024 bytes each, are @pitch apart.
 */
static unsigned int events_of_known(uint64_t steps, int64_t pitch)
{
	struct command command = timed_product(64 * steps);
	struct amounts first, second;
	struct device device;
	unsigned int events;
	uint64_t cycles;

	command.gemm.a.stride[0] = pitch;
	create(&device);
	cycles = run(&device, &command, ENOUGH, &first, &events);
	assert_int_equal(first.steps, steps);
	assert_int_equal(run(&device, &command, ENOUGH, &second, &events), cycles);
	pace_destroy(device.pace);
	return events;
}

/* Else its steps might have to pass all at once. */
static void a_node_of_many_steps_is_not_skipped(void **state)
{
	(void)state;
	assert_in_range(events_of_known(7000, 1024), 1, 4);
	assert_true(events_of_known(8192, 1024) > 8192);
}

/* Its steps take longer: of each, 64 lines are counted, which begin at as many places of a page. */
static void a_node_of_many_lines_is_not_skipped(void **state)
{
	(void)state;
	assert_in_range(events_of_known(2000, 4099), 1, 4);
	assert_true(events_of_known(3000, 4099) > 3000);
}

/* ---- the table ------------------------------------------------------------------ */

static void streams_are_known_by_commands_and_ring(void **state)
{
	const struct command command = timed_product(64), other = timed_product(65), same = command;
	const struct known_time time = { .cycles = 7, .amounts = { .steps = 3 } };
	uint64_t steps = 5, found_steps = 0;
	const struct stream kept = { &command, 1, &steps };
	struct stream wanted = { &same, 1, &found_steps };
	struct known *known = known_create();
	struct known_time found;

	(void)state;
	assert_non_null(known);
	assert_false(known_find(known, &wanted, 1, &found));
	known_keep(known, &kept, 1, &time);
	assert_true(known_find(known, &wanted, 1, &found));
	assert_int_equal(found.cycles, 7);
	assert_int_equal(found.amounts.steps, 3);
	assert_int_equal(found_steps, 5);
	assert_false(known_find(known, &wanted, 2, &found));
	wanted.commands = &other;
	assert_false(known_find(known, &wanted, 1, &found));
	known_destroy(known);
}

/* They may be others at the same address. */
static void streams_with_control_data_are_not_kept(void **state)
{
	const struct known_time time = { .cycles = 7 };
	const int32_t counts[] = { 1 };
	struct command command = timed_product(64);
	const struct stream stream = { &command, 1, NULL };
	struct known *known = known_create();
	struct known_time found;

	(void)state;
	assert_non_null(known);
	command.gemm.row_counts = counts;
	known_keep(known, &stream, 1, &time);
	assert_false(known_find(known, &stream, 1, &found));
	memset(&command, 0, sizeof(command));
	command.kind = KIND_GATHER;
	known_keep(known, &stream, 1, &time);
	assert_false(known_find(known, &stream, 1, &found));
	known_destroy(known);
}

static void of_many_streams_some_are_known(void **state)
{
	struct known *known = known_create();
	struct known_time found;
	unsigned int count = 0;

	(void)state;
	assert_non_null(known);
	for (uint64_t i = 1; i <= 4096; i++) {
		const struct command command = timed_product(i);
		const struct stream stream = { &command, 1, NULL };
		const struct known_time time = { .cycles = i };

		known_keep(known, &stream, 1, &time);
	}
	for (uint64_t i = 1; i <= 4096; i++) {
		const struct command command = timed_product(i);
		const struct stream stream = { &command, 1, NULL };

		if (!known_find(known, &stream, 1, &found))
			continue;
		assert_int_equal(found.cycles, i);
		count++;
	}
	assert_int_equal(count, 512);
	known_destroy(known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_that_ran_before_ends_at_once),
		cmocka_unit_test(a_node_that_exceeds_its_budget_moves_by_steps),
		cmocka_unit_test(what_begins_beside_it_has_the_same_effect),
		cmocka_unit_test(what_ran_beside_another_is_not_remembered),
		cmocka_unit_test(a_node_that_is_stopped_does_not_end),
		cmocka_unit_test(a_tile_changes_its_ring_from_node_to_node),
		cmocka_unit_test(steps_of_a_node_are_its_own_whatever_ring_was_before),
		cmocka_unit_test(an_engine_makes_as_many_copies_as_it_is_told),
		cmocka_unit_test(copies_that_are_stopped_do_not_end),
		cmocka_unit_test(a_node_of_many_steps_is_not_skipped),
		cmocka_unit_test(a_node_of_many_lines_is_not_skipped),
		cmocka_unit_test(streams_are_known_by_commands_and_ring),
		cmocka_unit_test(streams_with_control_data_are_not_kept),
		cmocka_unit_test(of_many_streams_some_are_known),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
