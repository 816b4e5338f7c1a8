/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <string.h>

#include "bench.h"

#define ROUNDS		3000
#define FLIPS		20
#define MOST		300u	/* repetitions, mostly */
#define GUARD		16u	/* bytes looked at on either side */

static const uint8_t widths[] = { 1, 2, 4, 8 };

static uint64_t random_value(struct bench *bench, unsigned int width)
{
	uint64_t value = (uint64_t)bench_random(bench) << 32 | bench_random(bench);

	return width == 8 ? value : value & ((1ull << 8 * width) - 1);
}

/* @n repetitions in a slot with room on both sides. */
static struct tsr_hw_fill make(struct bench *bench, unsigned int width, uint64_t n)
{
	struct tsr_hw_fill fill = {
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fill) },
		.dst = { .offset = GUARD + 8 * bench_below(bench, 600) },
		.size = n * width,
		.value = random_value(bench, width),
		.width = (uint8_t)width,
	};

	bench_reset(bench);
	bench->slots = 1;
	bench->slot[0] = (struct tsr_hw_slot){
		.address = FAKE_BASE,
		.size = fill.dst.offset + fill.size + GUARD,
		.flags = TSR_HW_SLOT_WRITE,
	};
	return fill;
}

/* Byte by byte, with what surrounds it. */
static void expect(const struct bench *bench, const struct tsr_hw_fill *fill,
		   const uint8_t *before)
{
	uint64_t start = FAKE_BASE + fill->dst.offset;

	for (uint64_t i = 0; i < fill->size + 2 * GUARD; i++) {
		uint8_t want = before[i];
		uint8_t got;

		if (i >= GUARD && i < GUARD + fill->size)
			want = (uint8_t)(fill->value >> 8 * ((i - GUARD) % fill->width));
		fake_memory_peek(bench->memory, start - GUARD + i, &got, 1);
		assert_int_equal(got, want);
	}
}

static void run(struct bench *bench, const struct tsr_hw_fill *fill, struct tile_flip *flip)
{
	static uint8_t before[1u << 20];
	struct outcome outcome;

	assert_true(fill->size + 2 * GUARD <= sizeof(before));
	for (uint64_t i = 0; i < fill->size + 2 * GUARD; i++)
		before[i] = (uint8_t)(bench_random(bench) >> 8);
	fake_memory_poke(bench->memory, FAKE_BASE + fill->dst.offset - GUARD, before,
			 fill->size + 2 * GUARD);
	fake_memory_written(bench->memory);
	bench_run_flipped(bench, fill, flip, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	assert_int_equal(fake_memory_written(bench->memory), fill->size);
	if (!flip)
		expect(bench, fill, before);
}

static void a_value_is_repeated_and_nothing_else_is_written(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 90);
	for (int i = 0; i < ROUNDS; i++) {
		struct tsr_hw_fill fill = make(&bench, widths[i % 4], bench_below(&bench, MOST));

		run(&bench, &fill, NULL);
	}
	bench_close(&bench);
}

static void a_value_is_repeated_over_many_blocks(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 91);
	for (unsigned int i = 0; i < 4; i++) {
		struct tsr_hw_fill fill = make(&bench, widths[i], 700001 / widths[i]);

		run(&bench, &fill, NULL);
	}
	bench_close(&bench);
}

static void an_injected_error_flips_one_bit(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 92);
	for (unsigned int i = 0; i < FLIPS; i++) {
		struct tsr_hw_fill fill = make(&bench, 8, 20);
		struct tile_flip flip = { TILE_FLIP_NONE, bench_below(&bench, 160 * 8) };
		uint64_t bit = flip.result_bit;
		uint64_t got;

		run(&bench, &fill, &flip);
		fake_memory_peek(bench.memory, FAKE_BASE + fill.dst.offset + bit / 64 * 8, &got, 8);
		assert_int_equal(got ^ fill.value, 1ull << bit % 64);
	}
	bench_close(&bench);
}

static void a_fault_tells_its_address_and_an_abort_stops(void **state)
{
	struct tsr_hw_fill fill;
	struct outcome outcome;
	struct bench bench;
	uint64_t gone;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 93);
	fill = make(&bench, 4, 100000);
	gone = (FAKE_BASE + fill.dst.offset + 200000) / FAKE_PAGE * FAKE_PAGE;
	fake_memory_protect(bench.memory, gone, true, false);
	bench_run(&bench, &fill, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_WRITE);
	assert_int_equal(outcome.result.fault, gone);
	fake_memory_protect(bench.memory, gone, true, true);
	fake_memory_written(bench.memory);
	fake_memory_abort_after(bench.memory, 3);
	bench_run(&bench, &fill, &outcome);
	assert_in_range(fake_memory_written(bench.memory), 1, 3 * 65536);
	assert_int_equal(outcome.progress, 0);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_repeated_and_nothing_else_is_written),
		cmocka_unit_test(a_value_is_repeated_over_many_blocks),
		cmocka_unit_test(an_injected_error_flips_one_bit),
		cmocka_unit_test(a_fault_tells_its_address_and_an_abort_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
