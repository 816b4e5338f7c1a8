/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define ROUNDS		10000
#define MOST		400u	/* bytes, mostly */
#define MANY		1500007u	/* bytes of many blocks */
#define GUARD		16u	/* bytes looked at on either side */
#define SRC		0x100000ull	/* slots */
#define DST		0x300000ull
#define CRC		0x500000ull
#define ROOM		0x200000ull
#define CRC_BEFORE	0x5a5a5a5au

static void open_slots(struct bench *bench, uint64_t seed)
{
	bench_open(bench, "edge", 8u << 20, seed);
	bench->slots = 3;
	bench->slot[0] = (struct tsr_hw_slot){ FAKE_BASE + SRC, ROOM, 0, TSR_HW_SLOT_READ, 0 };
	bench->slot[1] = (struct tsr_hw_slot){ FAKE_BASE + DST, ROOM, 0, TSR_HW_SLOT_WRITE, 0 };
	bench->slot[2] = (struct tsr_hw_slot){ FAKE_BASE + CRC, 64, 0, TSR_HW_SLOT_WRITE, 0 };
}

static struct tsr_hw_copy make(struct bench *bench, uint64_t size, bool crc)
{
	struct tsr_hw_copy copy = {
		.head = { .op = TSR_HW_OP_COPY, .size = sizeof(copy) },
		.src = { .slot = 0, .offset = bench_below(bench, 9000) },
		.dst = { .slot = 1, .offset = GUARD + bench_below(bench, 9000) },
		.crc = { .slot = TSR_HW_SLOT_NONE },
		.size = size,
	};

	if (crc)
		copy.crc = (struct tsr_hw_place){ .slot = 2, .offset = 4 * bench_below(bench, 15) };
	return copy;
}

static uint8_t *random_bytes(struct bench *bench, uint64_t va, uint64_t size)
{
	uint8_t *bytes = malloc(size + 1);

	assert_non_null(bytes);
	for (uint64_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)bench_random(bench);
	fake_memory_poke(bench->memory, va, bytes, size);
	return bytes;
}

static uint8_t *bytes_at(const struct bench *bench, uint64_t va, uint64_t size)
{
	uint8_t *bytes = malloc(size + 1);

	assert_non_null(bytes);
	fake_memory_peek(bench->memory, va, bytes, size);
	return bytes;
}

/* Bit by bit. */
static uint32_t crc_of(const uint8_t *bytes, uint64_t size)
{
	uint32_t crc = 0xffffffff;

	for (uint64_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

/* What was copied, and what lies around it. */
static void expect(const struct bench *bench, const struct tsr_hw_copy *copy, const uint8_t *from,
		   const uint8_t *around)
{
	uint8_t *got = bytes_at(bench, FAKE_BASE + DST + copy->dst.offset - GUARD,
				copy->size + 2 * GUARD);

	assert_memory_equal(got, around, GUARD);
	assert_memory_equal(got + GUARD, from, copy->size);
	assert_memory_equal(got + GUARD + copy->size, around + GUARD + copy->size, GUARD);
	free(got);
}

static uint32_t crc_word(const struct bench *bench, const struct tsr_hw_copy *copy)
{
	uint32_t word;

	fake_memory_peek(bench->memory, FAKE_BASE + CRC + copy->crc.offset, &word, sizeof(word));
	return word;
}

static void run(struct bench *bench, uint64_t size, bool crc)
{
	struct tsr_hw_copy copy = make(bench, size, crc);
	uint8_t *from = random_bytes(bench, FAKE_BASE + SRC + copy.src.offset, size);
	uint8_t *around = random_bytes(bench, FAKE_BASE + DST + copy.dst.offset - GUARD,
				       size + 2 * GUARD);
	struct outcome outcome;

	fake_memory_written(bench->memory);
	bench_run(bench, &copy, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	assert_int_equal(fake_memory_written(bench->memory), size + (crc ? 4 : 0));
	expect(bench, &copy, from, around);
	if (crc)
		assert_int_equal(crc_word(bench, &copy), crc_of(from, size));
	free(from);
	free(around);
}

static void bytes_are_copied_and_nothing_else_is_written(void **state)
{
	struct bench bench;

	(void)state;
	open_slots(&bench, 80);
	for (int i = 0; i < ROUNDS; i++)
		run(&bench, bench_below(&bench, MOST), i & 1);
	bench_close(&bench);
}

static void many_blocks_have_one_crc(void **state)
{
	struct bench bench;

	(void)state;
	open_slots(&bench, 81);
	for (uint64_t size = 65535; size <= 65537; size++)
		run(&bench, size, true);
	run(&bench, MANY, true);
	run(&bench, MANY, false);
	bench_close(&bench);
}

static void the_crc_of_nothing_is_0(void **state)
{
	struct tsr_hw_copy copy;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	open_slots(&bench, 82);
	copy = make(&bench, 0, true);
	fake_memory_poke(bench.memory, FAKE_BASE + CRC + copy.crc.offset, "\1\2\3\4", 4);
	bench_run(&bench, &copy, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(crc_word(&bench, &copy), 0);
	bench_close(&bench);
}

/* So a reader of the word notices an error on the way to memory. */
static void an_injected_error_does_not_change_the_crc(void **state)
{
	struct tile_flip flip = { TILE_FLIP_NONE, 8 * 1000 + 3 };
	struct tsr_hw_copy copy;
	struct outcome outcome;
	struct bench bench;
	uint8_t *from;
	uint8_t *got;

	(void)state;
	open_slots(&bench, 83);
	copy = make(&bench, 5000, true);
	from = random_bytes(&bench, FAKE_BASE + SRC + copy.src.offset, copy.size);
	bench_run_flipped(&bench, &copy, &flip, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	got = bytes_at(&bench, FAKE_BASE + DST + copy.dst.offset, copy.size);
	assert_int_equal(crc_word(&bench, &copy), crc_of(from, copy.size));
	assert_int_equal(got[1000] ^ from[1000], 1 << 3);
	free(from);
	free(got);
	bench_close(&bench);
}

/* Take a right from the page at @offset of a slot, and expect the fault there, and no CRC. */
static void lose_page(struct bench *bench, struct tsr_hw_copy *copy, uint64_t slot, uint64_t offset,
		      bool write)
{
	uint64_t page = (FAKE_BASE + slot + offset) / FAKE_PAGE * FAKE_PAGE;
	const uint32_t before = CRC_BEFORE;
	struct outcome outcome;

	fake_memory_poke(bench->memory, FAKE_BASE + CRC + copy->crc.offset, &before,
			 sizeof(before));
	fake_memory_protect(bench->memory, page, write, !write);
	bench_run(bench, copy, &outcome);
	assert_int_equal(outcome.result.error,
			 write ? TSR_HW_ERR_FAULT_WRITE : TSR_HW_ERR_FAULT_READ);
	assert_int_equal(outcome.result.fault, page);
	assert_int_equal(crc_word(bench, copy), CRC_BEFORE);
	fake_memory_protect(bench->memory, page, true, true);
}

static void a_fault_in_the_middle_tells_its_address_and_leaves_the_crc(void **state)
{
	struct tsr_hw_copy copy;
	struct bench bench;

	(void)state;
	open_slots(&bench, 84);
	copy = make(&bench, MANY, true);
	for (uint64_t at = 100000; at < MANY; at += 234567) {
		lose_page(&bench, &copy, SRC, copy.src.offset + at, false);
		lose_page(&bench, &copy, DST, copy.dst.offset + at, true);
	}
	bench_close(&bench);
}

static void a_fault_at_the_crc_word_tells_its_address(void **state)
{
	struct tsr_hw_copy copy;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	open_slots(&bench, 85);
	copy = make(&bench, 10, true);
	fake_memory_protect(bench.memory, FAKE_BASE + CRC, true, false);
	bench_run(&bench, &copy, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_WRITE);
	assert_int_equal(outcome.result.fault, FAKE_BASE + CRC + copy.crc.offset);
	bench_close(&bench);
}

static void an_abort_stops_before_the_crc(void **state)
{
	const uint32_t before = CRC_BEFORE;
	struct tsr_hw_copy copy;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	open_slots(&bench, 86);
	copy = make(&bench, MANY, true);
	fake_memory_poke(bench.memory, FAKE_BASE + CRC + copy.crc.offset, &before, sizeof(before));
	fake_memory_written(bench.memory);
	fake_memory_abort_after(bench.memory, 4);
	bench_run(&bench, &copy, &outcome);
	assert_in_range(fake_memory_written(bench.memory), 1, 4 * 65536);
	assert_int_equal(crc_word(&bench, &copy), CRC_BEFORE);
	bench_close(&bench);
}

/* Through slots of their own, onto the same addresses. */
static void places_that_touch_are_taken_and_places_that_overlap_are_not(void **state)
{
	struct tsr_hw_copy copy;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	open_slots(&bench, 87);
	bench.slot[0].address = bench.slot[1].address;
	copy = make(&bench, 100, false);
	copy.dst.offset = 1000;
	for (uint64_t from = 899; from <= 1101; from++) {
		copy.src.offset = from;
		bench_run(&bench, &copy, &outcome);
		assert_int_equal(outcome.result.error,
				 from > 900 && from < 1100 ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_copied_and_nothing_else_is_written),
		cmocka_unit_test(many_blocks_have_one_crc),
		cmocka_unit_test(the_crc_of_nothing_is_0),
		cmocka_unit_test(an_injected_error_does_not_change_the_crc),
		cmocka_unit_test(a_fault_in_the_middle_tells_its_address_and_leaves_the_crc),
		cmocka_unit_test(a_fault_at_the_crc_word_tells_its_address),
		cmocka_unit_test(an_abort_stops_before_the_crc),
		cmocka_unit_test(places_that_touch_are_taken_and_places_that_overlap_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
