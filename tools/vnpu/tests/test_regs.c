// SPDX-License-Identifier: MIT
/* The host's registers alone: what counts in which state, and in whose name. */
#include <string.h>
#include <time.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/quote.h>

#include "cmocka_prelude.h"
#include "counters.h"
#include "register/asid.h"
#include "register/regs.h"

#define EPOCH 5u

static struct tsr_hw_fuses fuses;
static struct asid_table asids;
static struct counters counters;
static atomic_ullong cycles;

static int setup(void **state)
{
	memset(&counters, 0, sizeof(counters));
	*state = regs_create(&(struct regs_config){
		.fuses = &fuses, .asids = &asids, .counters = &counters, .cycles = &cycles,
	});
	if (!*state)
		return -1;
	regs_reset_begin(*state, EPOCH);
	regs_reset_end(*state, EPOCH);
	return 0;
}

static int teardown(void **state)
{
	regs_destroy(*state);
	return 0;
}

static uint32_t read32(struct regs *regs, uint64_t offset)
{
	return (uint32_t)regs_read(regs, offset, 4);
}

static uint64_t read64(struct regs *regs, uint64_t offset)
{
	return read32(regs, offset) | (uint64_t)read32(regs, offset + 4) << 32;
}

static void write32(struct regs *regs, uint64_t offset, uint32_t val)
{
	assert_int_equal(regs_write(regs, offset, 4, val), REGS_NOTHING);
}

static void a_state_is_left_for_the_next_in_the_name_of_this_epoch(void **state)
{
	struct regs *regs = *state;

	assert_false(regs_set_state(regs, EPOCH - 1, TSR_HW_STATE_RESET, TSR_HW_STATE_ROM));
	assert_false(regs_set_state(regs, EPOCH, TSR_HW_STATE_ROM, TSR_HW_STATE_READY));
	assert_int_equal(regs_state(regs), TSR_HW_STATE_RESET);
	assert_true(regs_set_state(regs, EPOCH, TSR_HW_STATE_RESET, TSR_HW_STATE_ROM));
	assert_int_equal(regs_state(regs), TSR_HW_STATE_ROM);
}

static void what_an_older_epoch_says_is_not_shown(void **state)
{
	const struct regs_fatal why = { 5, 6, 7 };
	struct regs_identity identity;
	struct regs *regs = *state;

	memset(&identity, 0x5a, sizeof(identity));
	for (unsigned int epoch = EPOCH - 1; epoch <= EPOCH; epoch++) {
		bool counts = epoch == EPOCH;

		regs_set_boot_status(regs, epoch, 3, 4);
		regs_set_identity(regs, epoch, &identity);
		regs_set_quote_status(regs, epoch, TSR_HW_QUOTE_DONE);
		assert_int_equal(regs_set_fatal(regs, epoch, &why), counts);
		assert_int_equal(read32(regs, TSR_HW_REG_BOOT_STATUS), counts ? 3 : 0);
		assert_int_equal(read32(regs, TSR_HW_REG_BOOT_DETAIL), counts ? 4 : 0);
		assert_int_equal(read32(regs, TSR_HW_REG_FATAL_CAUSE), counts ? 5 : 0);
		assert_int_equal(read32(regs, TSR_HW_REG_QUOTE_STATUS),
				 counts ? TSR_HW_QUOTE_DONE : TSR_HW_QUOTE_IDLE);
		assert_int_equal(read32(regs, TSR_HW_REG_FATAL_PC), counts ? 6 : 0);
		assert_int_equal(read32(regs, TSR_HW_REG_FATAL_VALUE), counts ? 7 : 0);
		for (uint64_t at = 0; at < 64; at += 4)
			assert_int_equal(read32(regs, TSR_HW_REG_MEASUREMENT + at),
					 counts ? 0x5a5a5a5a : 0);
	}
}

static void the_first_end_of_a_core_is_told(void **state)
{
	struct regs *regs = *state;

	assert_true(regs_set_fatal(regs, EPOCH, &(struct regs_fatal){ 1, 2, 3 }));
	assert_false(regs_set_fatal(regs, EPOCH, &(struct regs_fatal){ 4, 5, 6 }));
	assert_int_equal(regs_state(regs), TSR_HW_STATE_FATAL);
	assert_int_equal(read32(regs, TSR_HW_REG_FATAL_CAUSE), 1);
}

static void a_reset_ends_once_and_its_own(void **state)
{
	struct regs *regs = *state;
	unsigned int resets = regs_reset_count(regs);

	regs_reset_end(regs, EPOCH);
	assert_int_equal(regs_reset_count(regs), resets);
	regs_reset_begin(regs, EPOCH + 1);
	assert_int_equal(regs_state(regs), TSR_HW_STATE_RESETTING);
	regs_reset_begin(regs, EPOCH + 2);
	regs_reset_end(regs, EPOCH + 1);
	assert_int_equal(regs_state(regs), TSR_HW_STATE_RESETTING);
	assert_int_equal(regs_reset_count(regs), resets);
	regs_reset_end(regs, EPOCH + 2);
	assert_int_equal(regs_state(regs), TSR_HW_STATE_RESET);
	assert_int_equal(regs_reset_count(regs), resets + 1);
	assert_int_equal(read32(regs, TSR_HW_REG_STATUS), (resets + 1) << 16);
}

/* It ends with a read of STATUS, and what was written meanwhile counts no more than before. */
static void a_reset_that_takes_its_time_ends_with_a_read(void **state)
{
	struct regs *regs = regs_create(&(struct regs_config){
		.fuses = &fuses, .asids = &asids, .counters = &counters, .cycles = &cycles,
		.reset_reads = 3,
	});

	(void)state;
	assert_non_null(regs);
	for (unsigned int resets = 0; resets < 3; resets++) {
		const uint32_t resetting = resets << 16 | TSR_HW_STATE_RESETTING;

		regs_reset_begin(regs, EPOCH);
		assert_int_equal(read32(regs, TSR_HW_REG_STATUS), resetting);
		regs_reset_end(regs, EPOCH);
		write32(regs, TSR_HW_REG_INV_RING_LO, 7);
		write32(regs, TSR_HW_REG_INV_RING_HI, 8);
		write32(regs, TSR_HW_REG_ASID_ROOT_LO(3), 9);
		write32(regs, TSR_HW_REG_ASID_ROOT_LO(3) + 4, 9);
		write32(regs, TSR_HW_REG_BOOT_GO, 1);
		assert_int_equal(read32(regs, TSR_HW_REG_STATUS), resetting);
		assert_int_equal(read32(regs, TSR_HW_REG_STATUS), resetting);
		assert_int_equal(regs_inv_ring(regs), 0x800000007);
		assert_int_equal(read32(regs, TSR_HW_REG_STATUS), (resets + 1) << 16);
		assert_int_equal(regs_reset_count(regs), resets + 1);
		assert_int_equal(regs_inv_ring(regs), 0);
		assert_int_equal(asid_table_root(&asids, 3), 0);
		assert_int_equal(read32(regs, TSR_HW_REG_STATUS), (resets + 1) << 16);
	}
	regs_destroy(regs);
}

static void the_count_of_resets_wraps(void **state)
{
	struct regs *regs = *state;

	for (unsigned int i = regs_reset_count(regs); i < 0x10003; i++) {
		regs_reset_begin(regs, EPOCH);
		regs_reset_end(regs, EPOCH);
	}
	assert_int_equal(read32(regs, TSR_HW_REG_STATUS), 3 << 16);
}

/* Registers of two words, and what they hold. */
static void expect_wide(struct regs *regs, uint64_t offset, uint64_t val)
{
	assert_int_equal(read64(regs, offset), val);
}

static void what_boots_is_named_in_state_reset(void **state)
{
	struct regs *regs = *state;
	struct regs_boot_args args;

	write32(regs, TSR_HW_REG_FW_ADDR_LO, 0x11111111);
	write32(regs, TSR_HW_REG_FW_ADDR_HI, 0x22222222);
	write32(regs, TSR_HW_REG_FW_SIZE, 0x3333);
	write32(regs, TSR_HW_REG_BOOT_BLOCK_LO, 0x44444444);
	write32(regs, TSR_HW_REG_BOOT_BLOCK_HI, 0x55555555);
	assert_int_equal(regs_write(regs, TSR_HW_REG_BOOT_GO, 4, 0), REGS_BOOT);
	assert_int_equal(regs_state(regs), TSR_HW_STATE_ROM);
	/* From here on they stay, and nothing starts. */
	write32(regs, TSR_HW_REG_FW_ADDR_LO, 9);
	write32(regs, TSR_HW_REG_FW_ADDR_HI, 9);
	write32(regs, TSR_HW_REG_FW_SIZE, 9);
	write32(regs, TSR_HW_REG_BOOT_BLOCK_LO, 9);
	write32(regs, TSR_HW_REG_BOOT_BLOCK_HI, 9);
	write32(regs, TSR_HW_REG_BOOT_GO, 1);
	expect_wide(regs, TSR_HW_REG_FW_ADDR_LO, 0x2222222211111111);
	expect_wide(regs, TSR_HW_REG_BOOT_BLOCK_LO, 0x5555555544444444);
	assert_int_equal(read32(regs, TSR_HW_REG_FW_SIZE), 0x3333);
	regs_boot_args(regs, &args);
	assert_int_equal(args.image, 0x2222222211111111);
	assert_int_equal(args.image_size, 0x3333);
	assert_int_equal(args.boot_block, 0x5555555544444444);
	assert_int_equal(counters_get(&counters, COUNTER_BAD_ACCESSES), 0);
}

/* Low halves that wait for their high halves as well. */
static void a_reset_clears_what_the_host_wrote(void **state)
{
	static const uint64_t wide[] = {
		TSR_HW_REG_FW_ADDR_LO, TSR_HW_REG_BOOT_BLOCK_LO, TSR_HW_REG_INV_RING_LO,
		TSR_HW_REG_ASID_ROOT_LO(1), TSR_HW_REG_ASID_ROOT_LO(63),
	};
	struct regs *regs = *state;

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		write32(regs, wide[i], 7);
		write32(regs, wide[i] + 4, 8);
		expect_wide(regs, wide[i], 0x800000007);
	}
	write32(regs, TSR_HW_REG_FW_SIZE, 9);
	assert_int_equal(regs_inv_ring(regs), 0x800000007);
	regs_reset_begin(regs, EPOCH);
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		expect_wide(regs, wide[i], 0);
	assert_int_equal(read32(regs, TSR_HW_REG_FW_SIZE), 0);
	assert_int_equal(regs_inv_ring(regs), 0);
	regs_reset_end(regs, EPOCH);
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		write32(regs, wide[i] + 4, 1);
		expect_wide(regs, wide[i], 0x100000000);
	}
}

static void writes_that_start_something_are_told(void **state)
{
	struct regs *regs = *state;

	assert_int_equal(regs_write(regs, TSR_HW_REG_CONTROL, 4, TSR_HW_CONTROL_RESET), REGS_RESET);
	write32(regs, TSR_HW_REG_CONTROL, TSR_HW_CONTROL_RESET + 1);
	write32(regs, TSR_HW_REG_CONTROL, 0);
	assert_int_equal(regs_write(regs, TSR_HW_REG_INV_DOORBELL, 4, 0), REGS_INVALIDATE);
	assert_int_equal(counters_get(&counters, COUNTER_BAD_ACCESSES), 0);
}

static void high_halves_are_of_the_time_of_the_low_ones(void **state)
{
	struct regs *regs = *state;
	struct timespec time;
	uint64_t before, told, after;

	atomic_store(&cycles, 0x100000002);
	assert_int_equal(read32(regs, TSR_HW_REG_CYCLES_HI), 0);
	assert_int_equal(read32(regs, TSR_HW_REG_CYCLES_LO), 2);
	atomic_store(&cycles, 0x300000004);
	assert_int_equal(read32(regs, TSR_HW_REG_CYCLES_HI), 1);
	clock_gettime(CLOCK_MONOTONIC, &time);
	before = (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
	told = read64(regs, TSR_HW_REG_TIMESTAMP_LO);
	clock_gettime(CLOCK_MONOTONIC, &time);
	after = (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
	assert_in_range(told, before, after);
	regs_reset_begin(regs, EPOCH);
	assert_int_equal(read32(regs, TSR_HW_REG_CYCLES_HI), 0);
	assert_int_equal(read32(regs, TSR_HW_REG_TIMESTAMP_HI), 0);
}

static void an_access_is_one_whole_word(void **state)
{
	struct regs *regs = *state;
	unsigned int bad = 0;

	for (unsigned int size = 1; size <= 8; size *= 2) {
		uint64_t val = regs_read(regs, TSR_HW_REG_ID, size);

		bad += size != 4;
		assert_int_equal(val, size == 4 ? TSR_HW_ID_MAGIC : 0);
		assert_int_equal(counters_get(&counters, COUNTER_BAD_ACCESSES), bad);
	}
	for (uint64_t byte = 1; byte < 4; byte++) {
		write32(regs, TSR_HW_REG_FW_SIZE + byte, 1);
		write32(regs, TSR_HW_REG_ASID_ROOT_LO(1) + byte, 1);
		bad += 2;
	}
	assert_int_equal(regs_write(regs, TSR_HW_REG_CONTROL, 8, TSR_HW_CONTROL_RESET),
			 REGS_NOTHING);
	write32(regs, 0xfffc, 1);
	bad += 2;
	assert_int_equal(counters_get(&counters, COUNTER_BAD_ACCESSES), bad);
	assert_int_equal(read32(regs, TSR_HW_REG_FW_SIZE), 0);
}

/*
 * Words beside the table of address spaces and behind the others of several words are no registers.
 */
static void ranges_of_words_end_with_their_last(void **state)
{
	static const uint64_t nothing[] = {
		TSR_HW_REG_ASID_ROOT_LO(0) - 4, TSR_HW_REG_ASID_ROOT_LO(TSR_HW_ASID_COUNT),
		TSR_HW_REG_FUSES - 4, TSR_HW_REG_FUSES + TSR_HW_REG_FUSES_SIZE,
		TSR_HW_REG_MEASUREMENT - 4,
		TSR_HW_REG_QUOTE_STATUS + 4,
	};
	struct asid_table before;
	unsigned int bad = 0;

	memset(&asids, 0, sizeof(asids));
	memcpy(&before, &asids, sizeof(before));
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
		write32(*state, nothing[i], UINT32_MAX);
		assert_int_equal(counters_get(&counters, COUNTER_BAD_ACCESSES), ++bad);
		assert_int_equal(read32(*state, nothing[i]), 0);
		assert_int_equal(counters_get(&counters, COUNTER_BAD_ACCESSES), ++bad);
	}
	assert_memory_equal(&asids, &before, sizeof(before));
}

#define REGS_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REGS_TEST(a_state_is_left_for_the_next_in_the_name_of_this_epoch),
		REGS_TEST(what_an_older_epoch_says_is_not_shown),
		REGS_TEST(the_first_end_of_a_core_is_told),
		REGS_TEST(a_reset_ends_once_and_its_own),
		REGS_TEST(a_reset_that_takes_its_time_ends_with_a_read),
		REGS_TEST(the_count_of_resets_wraps),
		REGS_TEST(ranges_of_words_end_with_their_last),
		REGS_TEST(what_boots_is_named_in_state_reset),
		REGS_TEST(a_reset_clears_what_the_host_wrote),
		REGS_TEST(writes_that_start_something_are_told),
		REGS_TEST(high_halves_are_of_the_time_of_the_low_ones),
		REGS_TEST(an_access_is_one_whole_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
