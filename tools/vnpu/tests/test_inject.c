/* SPDX-License-Identifier: MIT */
/* Faults made on demand: each fires once, for what it was armed for, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include <tsr_hw/queue.h>

#include "inject.h"
#include "memory/port.h"
#include "random.h"
#include "tile/tile.h"

static int open_set(void **state)
{
	*state = inject_create();
	return *state ? 0 : -1;
}

static int close_set(void **state)
{
	inject_destroy(*state);
	return 0;
}

/* Faults that fire once: how they are armed, and whether one fires now. */
static void arm_hang(struct inject *set)
{
	inject_arm_hang(set, 3, 7, 0);
}

static bool hang(struct inject *set)
{
	return inject_hang(set, 3, 7);
}

static void arm_error(struct inject *set)
{
	inject_arm_engine_error(set, 7);
}

static bool error(struct inject *set)
{
	return inject_engine_error(set, 7);
}

static void arm_engine(struct inject *set)
{
	inject_arm_dma_error(set, false);
}

static bool engine(struct inject *set)
{
	return inject_dma_error(set, PORT_AGENT_ROM - 1);
}

static void arm_core(struct inject *set)
{
	inject_arm_dma_error(set, true);
}

static bool core(struct inject *set)
{
	return inject_dma_error(set, PORT_AGENT_CORE);
}

static bool corrupt(struct inject *set)
{
	static const struct tsr_hw_completion clean;
	struct tsr_hw_completion slot = clean;

	inject_corrupt(set, &slot, sizeof(slot));
	return memcmp(&slot, &clean, sizeof(slot)) != 0;
}

static void arm_weight(struct inject *set)
{
	inject_arm_flip_weight(set, 5);
}

static void arm_result(struct inject *set)
{
	inject_arm_flip_result(set, 5);
}

static bool flip(struct inject *set)
{
	struct tile_flip flip;

	inject_take_flip(set, &flip);
	return flip.weight_bit != TILE_FLIP_NONE || flip.result_bit != TILE_FLIP_NONE;
}

static const struct fault {
	void (*arm)(struct inject *set);
	bool (*fires)(struct inject *set);
} faults[] = {
	{ arm_hang, hang },
	{ arm_error, error },
	{ arm_engine, engine },
	{ arm_core, core },
	{ inject_arm_drop_irq, inject_drop_irq },
	{ inject_arm_corrupt_completion, corrupt },
	{ arm_weight, flip },
	{ arm_result, flip },
};

#define FAULTS	(sizeof(faults) / sizeof(faults[0]))

static void fault_fires_once(void **state)
{
	for (unsigned int i = 0; i < FAULTS; i++) {
		assert_false(inject_armed(*state));
		assert_false(faults[i].fires(*state));
		faults[i].arm(*state);
		assert_true(inject_armed(*state));
		assert_true(faults[i].fires(*state));
		assert_false(inject_armed(*state));
		assert_false(faults[i].fires(*state));
	}
}

static void fault_leaves_all_others_alone(void **state)
{
	for (unsigned int i = 0; i < FAULTS; i++) {
		faults[i].arm(*state);
		for (unsigned int other = 0; other < FAULTS; other++)
			if (faults[other].fires != faults[i].fires)
				assert_false(faults[other].fires(*state));
		assert_true(faults[i].fires(*state));
	}
}

static void fault_that_is_cleared_does_not_fire(void **state)
{
	for (unsigned int i = 0; i < FAULTS; i++) {
		faults[i].arm(*state);
		inject_clear(*state);
		assert_false(inject_armed(*state));
		/* What is armed now does not bring it back. */
		inject_set_malicious(*state, true, 1);
		assert_true(inject_armed(*state));
		if (faults[i].fires != corrupt)
			assert_false(faults[i].fires(*state));
		inject_set_malicious(*state, false, 0);
		assert_false(inject_armed(*state));
		assert_false(faults[i].fires(*state));
	}
}

static void hang_is_of_the_node_that_was_named(void **state)
{
	inject_arm_hang(*state, 3, 7, 0);
	assert_false(inject_hang(*state, 3, 6));
	assert_false(inject_hang(*state, 2, 7));
	assert_true(inject_hang(*state, 3, 7));
	inject_arm_hang(*state, INJECT_ANY, 7, 0);
	assert_false(inject_hang(*state, 1, 8));
	assert_true(inject_hang(*state, 1, 7));
	inject_arm_hang(*state, 3, INJECT_ANY, 0);
	assert_false(inject_hang(*state, 1, 8));
	assert_true(inject_hang(*state, 3, 8));
	inject_arm_engine_error(*state, INJECT_ANY);
	assert_true(inject_engine_error(*state, 8));
	inject_arm_engine_error(*state, 9);
	assert_false(inject_engine_error(*state, 8));
	assert_true(inject_engine_error(*state, 9));
}

static void hang_lets_nodes_pass_before(void **state)
{
	inject_arm_hang(*state, 3, INJECT_ANY, 2);
	assert_false(inject_hang(*state, 3, 0));
	assert_false(inject_hang(*state, 2, 0));
	assert_false(inject_hang(*state, 3, 0));
	assert_true(inject_hang(*state, 3, 0));
	assert_false(inject_hang(*state, 3, 0));
}

static void error_of_memory_is_of_engines_or_of_the_core(void **state)
{
	inject_arm_dma_error(*state, false);
	assert_false(inject_dma_error(*state, PORT_AGENT_ROM));
	assert_false(inject_dma_error(*state, PORT_AGENT_CORE));
	assert_false(inject_dma_error(*state, PORT_AGENT_MMU));
	assert_true(inject_dma_error(*state, 0));
	inject_arm_dma_error(*state, true);
	assert_false(inject_dma_error(*state, 0));
	assert_false(inject_dma_error(*state, PORT_AGENT_ROM));
	assert_false(inject_dma_error(*state, PORT_AGENT_MMU));
	assert_true(inject_dma_error(*state, PORT_AGENT_CORE));
}

static void flips_are_those_that_were_armed(void **state)
{
	const struct tile_flip none = { TILE_FLIP_NONE, TILE_FLIP_NONE };
	struct tile_flip flip;

	inject_take_flip(*state, &flip);
	assert_memory_equal(&flip, &none, sizeof(flip));
	inject_arm_flip_weight(*state, 11);
	inject_arm_flip_result(*state, 12);
	inject_take_flip(*state, &flip);
	assert_int_equal(flip.weight_bit, 11);
	assert_int_equal(flip.result_bit, 12);
	inject_take_flip(*state, &flip);
	assert_memory_equal(&flip, &none, sizeof(flip));
}

/* A node that had use for one bit, or for none. What was armed since stays. */
static void flips_that_come_back_are_armed_again(void **state)
{
	struct tile_flip flip;

	flip = (struct tile_flip){ TILE_FLIP_NONE, TILE_FLIP_NONE };
	inject_return_flip(*state, &flip);
	assert_false(inject_armed(*state));
	flip = (struct tile_flip){ 21, TILE_FLIP_NONE };
	inject_return_flip(*state, &flip);
	assert_true(inject_armed(*state));
	flip = (struct tile_flip){ TILE_FLIP_NONE, 22 };
	inject_return_flip(*state, &flip);
	flip = (struct tile_flip){ 31, 32 };
	inject_return_flip(*state, &flip);
	inject_take_flip(*state, &flip);
	assert_int_equal(flip.weight_bit, 21);
	assert_int_equal(flip.result_bit, 22);
	assert_false(inject_armed(*state));
}

static void shifted_completion_is_wrong_in_its_sequences_alone(void **state)
{
	struct tsr_hw_completion slot, wanted;
	uint32_t word = 5, other[2] = { 5, 5 };

	memset(&slot, 0x11, sizeof(slot));
	wanted = slot;
	wanted.seq += 3;
	inject_arm_shift_completion(*state, 3, 0xffffffffu);
	/* Neither is a slot, and the word comes after the slot. */
	inject_corrupt(*state, &word, sizeof(word));
	inject_corrupt(*state, other, sizeof(other));
	assert_int_equal(word, 5);
	inject_corrupt(*state, &slot, sizeof(slot));
	assert_memory_equal(&slot, &wanted, sizeof(slot));
	assert_true(inject_armed(*state));
	inject_corrupt(*state, &slot, sizeof(slot));
	inject_corrupt(*state, other, sizeof(other));
	assert_memory_equal(&slot, &wanted, sizeof(slot));
	inject_corrupt(*state, &word, sizeof(word));
	assert_int_equal(word, 4);
	assert_false(inject_armed(*state));
	inject_corrupt(*state, &word, sizeof(word));
	assert_int_equal(word, 4);
	assert_int_equal(other[0], 5);
	assert_int_equal(other[1], 5);
}

static void shift_that_is_cleared_does_not_come(void **state)
{
	struct tsr_hw_completion slot = { 0 };
	uint32_t word = 5;

	inject_arm_shift_completion(*state, 3, 4);
	inject_clear(*state);
	inject_corrupt(*state, &slot, sizeof(slot));
	assert_int_equal(slot.seq, 0);
	inject_arm_shift_completion(*state, 3, 4);
	inject_corrupt(*state, &slot, sizeof(slot));
	inject_clear(*state);
	inject_corrupt(*state, &word, sizeof(word));
	assert_int_equal(word, 5);
}

static void completion_is_what_is_corrupted(void **state)
{
	uint32_t word = 5;

	inject_arm_corrupt_completion(*state);
	inject_corrupt(*state, &word, sizeof(word));
	assert_int_equal(word, 5);
	assert_true(corrupt(*state));
}

/*
 * What became of @n bytes of 0x55 in so many writes: kept, all ones, zeros,
 * one bit off, anything else.
 */
enum { KEPT, ONES, ZEROS, ONE_BIT, GARBAGE, KINDS };

static unsigned int kind_of(const uint8_t *bytes, size_t n)
{
	unsigned int ones = 0, zeros = 0, kept = 0, bits = 0;

	for (size_t i = 0; i < n; i++) {
		ones += bytes[i] == 0xff;
		zeros += bytes[i] == 0;
		kept += bytes[i] == 0x55;
		bits += (unsigned int)__builtin_popcount(bytes[i] ^ 0x55);
	}
	return kept == n ? KEPT : ones == n ? ONES : zeros == n ? ZEROS :
	       bits == 1 ? ONE_BIT : GARBAGE;
}

static void malice_changes_a_quarter_in_every_way(void **state)
{
	unsigned int met[KINDS] = { 0 };

	inject_set_malicious(*state, true, 1);
	for (unsigned int i = 0; i < 8000; i++) {
		uint8_t bytes[16];

		memset(bytes, 0x55, sizeof(bytes));
		inject_corrupt(*state, bytes + 2, 12);
		for (unsigned int j = 0; j < 2; j++) {
			assert_int_equal(bytes[j], 0x55);
			assert_int_equal(bytes[14 + j], 0x55);
		}
		met[kind_of(bytes + 2, 12)]++;
	}
	assert_in_range(met[KEPT], 5700, 6300);
	for (unsigned int kind = ONES; kind < KINDS; kind++)
		assert_in_range(met[kind], 400, 600);
	inject_corrupt(*state, NULL, 0);
	assert_true(inject_armed(*state));
}

/* One bit off in any byte, and in any of the lower bits. */
static void malice_meets_every_byte(void **state)
{
	unsigned int met[6] = { 0 }, bits = 0;

	inject_set_malicious(*state, true, 2);
	for (unsigned int i = 0; i < 8000; i++) {
		uint8_t bytes[6] = { 0 };

		inject_corrupt(*state, bytes, sizeof(bytes));
		if (kind_of(bytes, sizeof(bytes)) == ZEROS)
			continue;
		for (unsigned int j = 0; j < 6; j++) {
			unsigned int others = 0;

			for (unsigned int k = 0; k < 6; k++)
				others |= k == j ? 0 : bytes[k];
			if (others || __builtin_popcount(bytes[j]) != 1)
				continue;
			met[j]++;
			bits |= bytes[j];
		}
	}
	for (unsigned int j = 0; j < 6; j++)
		assert_in_range(met[j], 40, 160);
	assert_int_equal(bits, 0xf);
}

static void malice_repeats_by_its_seed(void **state)
{
	uint8_t bytes[3][4096];
	const uint64_t seeds[3] = { 5, 5, 6 };

	for (unsigned int i = 0; i < 3; i++) {
		memset(bytes[i], 0, sizeof(bytes[i]));
		inject_set_malicious(*state, true, seeds[i]);
		for (unsigned int j = 0; j < sizeof(bytes[i]); j += 16)
			inject_corrupt(*state, bytes[i] + j, 16);
	}
	assert_memory_equal(bytes[0], bytes[1], sizeof(bytes[0]));
	assert_memory_not_equal(bytes[0], bytes[2], sizeof(bytes[0]));
}

#define NODES	200000u

static void *count_nodes(void *set)
{
	uintptr_t hits = 0;

	for (unsigned int i = 0; i < NODES; i++)
		hits += inject_hang(set, 1, i);
	return (void *)hits;
}

static void nodes_of_all_threads_count(void **state)
{
	pthread_t other;
	void *hits;

	inject_arm_hang(*state, INJECT_ANY, INJECT_ANY, 2 * NODES - 1);
	assert_int_equal(pthread_create(&other, NULL, count_nodes, *state), 0);
	uintptr_t own = (uintptr_t)count_nodes(*state);

	assert_int_equal(pthread_join(other, &hits), 0);
	assert_int_equal(own + (uintptr_t)hits, 1);
	assert_false(inject_armed(*state));
}

static void no_set_can_be_destroyed(void **state)
{
	(void)state;
	inject_destroy(NULL);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, open_set, close_set)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fault_fires_once),
		TEST(fault_leaves_all_others_alone),
		TEST(fault_that_is_cleared_does_not_fire),
		TEST(hang_is_of_the_node_that_was_named),
		TEST(hang_lets_nodes_pass_before),
		TEST(error_of_memory_is_of_engines_or_of_the_core),
		TEST(flips_are_those_that_were_armed),
		TEST(flips_that_come_back_are_armed_again),
		TEST(shifted_completion_is_wrong_in_its_sequences_alone),
		TEST(shift_that_is_cleared_does_not_come),
		TEST(completion_is_what_is_corrupted),
		TEST(malice_changes_a_quarter_in_every_way),
		TEST(malice_meets_every_byte),
		TEST(malice_repeats_by_its_seed),
		TEST(nodes_of_all_threads_count),
		TEST(no_set_can_be_destroyed),
	};

	return cmocka_run_group_tests_name("virtual NPU: injected faults", tests, NULL, NULL);
}
