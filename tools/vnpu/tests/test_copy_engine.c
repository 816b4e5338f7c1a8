// SPDX-License-Identifier: MIT
/* The core's copy engine, driven by programs of the core that report what they saw. */
#include <string.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "core_program.h"
#include "harness.h"
#include "rv32/tests/encode.h"

/* What a program copies. */
#define BUFFER (TSR_HW_SRAM_BASE + 0x40000u)

#define COPY(name) (TSR_HW_COPY_BASE + TSR_HW_COPY_##name)

/* The largest copy, and what a copy takes besides its bytes. */
#define MOST 0x10000u
#define SETUP_CYCLES 16u
#define BYTES_PER_CYCLE 16u

/* One use of the engine. */
struct copy {
	uint64_t host;
	uint32_t local;
	uint32_t size;
	uint32_t asid;
	uint32_t control;
};

/* The registers behind it, in the order of the report. */
struct report {
	uint32_t host_lo;
	uint32_t host_hi;
	uint32_t local;
	uint32_t size;
	uint32_t asid;
	uint32_t status;
	uint32_t fault_lo;
	uint32_t fault_hi;
};

static void emit_copy(struct core_program *program, const struct copy *copy)
{
	core_store(program, COPY(HOST_LO), (uint32_t)copy->host);
	core_store(program, COPY(HOST_HI), copy->host >> 32);
	core_store(program, COPY(LOCAL), copy->local);
	core_store(program, COPY(SIZE), copy->size);
	core_store(program, COPY(ASID), copy->asid);
	core_store(program, COPY(CONTROL), copy->control);
}

/* Runs copies, one after the other, from state RESET; what is in the registers then. */
static struct report run(struct harness *h, const struct copy *copies, size_t count)
{
	static const uint32_t registers[] = {
		COPY(HOST_LO), COPY(HOST_HI), COPY(LOCAL), COPY(SIZE), COPY(ASID), COPY(STATUS),
		COPY(FAULT_LO), COPY(FAULT_HI),
	};
	struct core_program program = { .words = 0 };

	for (size_t i = 0; i < count; i++)
		emit_copy(&program, &copies[i]);
	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		core_report(&program, registers[i]);
	return *(const struct report *)core_execute(&program, h);
}

static void again(struct harness *h)
{
	assert_true(harness_reset(h));
	harness_free_all(h);
}

static int setup(void **state)
{
	*state = harness_open(&(struct harness_options){ 0 });
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	harness_close(*state);
	return 0;
}

static const uint32_t sizes[] = { 0, 1, 15, 16, 17, 31, 33, 4096, MOST - 1, MOST };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void copies_move_their_bytes_and_no_more(void **state)
{
	struct harness *h = *state;

	for (size_t i = 0; i < SIZES; i++) {
		uint64_t from = harness_alloc(h, MOST);
		uint64_t to = harness_alloc(h, MOST + 16);
		uint8_t *source = harness_at(h, from);
		uint8_t *result = harness_at(h, to);
		const struct copy copies[] = {
			{ from, BUFFER + 4, sizes[i], 0, TSR_HW_COPY_READ },
			{ to, BUFFER + 4, sizes[i], 0, TSR_HW_COPY_WRITE },
		};

		for (uint32_t n = 0; n < MOST; n++)
			source[n] = (uint8_t)(n * 7 + n / 256 + 1);
		memset(result, 0x5a, MOST + 16);
		assert_int_equal(run(h, copies, 2).status, TSR_HW_ERR_NONE);
		assert_memory_equal(result, source, sizes[i]);
		for (uint32_t n = sizes[i]; n < MOST + 16; n++)
			assert_int_equal(result[n], 0x5a);
		again(h);
	}
}

/* Of the same instructions: the differences are the copy's. */
static uint64_t cycles_of(struct harness *h, uint32_t size, uint32_t control)
{
	const struct copy copy = { harness_alloc(h, MOST), BUFFER, size, 0, control };
	uint64_t cycles;

	run(h, &copy, 1);
	cycles = harness_counter(h, "device_cycles");
	again(h);
	return cycles;
}

static void a_copy_takes_16_cycles_and_one_for_each_16_bytes(void **state)
{
	uint64_t none = cycles_of(*state, 0, 0);

	for (size_t i = 0; i < SIZES; i++) {
		uint64_t expected = SETUP_CYCLES + (sizes[i] + BYTES_PER_CYCLE - 1) /
				    BYTES_PER_CYCLE;

		assert_int_equal(cycles_of(*state, sizes[i], TSR_HW_COPY_READ) - none, expected);
		assert_int_equal(cycles_of(*state, sizes[i], TSR_HW_COPY_WRITE) - none, expected);
	}
}

static void add_changes_one_word_of_the_host(void **state)
{
	struct harness *h = *state;
	uint64_t at = harness_alloc(h, 64);
	uint64_t *word = harness_at(h, at);
	const struct copy copies[] = {
		{ at + 8, BUFFER, 7, 1, TSR_HW_COPY_ADD },
		{ at + 8, 0, 0x80000000, 0, TSR_HW_COPY_ADD },
	};

	for (unsigned int i = 0; i < 3; i++)
		word[i] = 0xffffffff;
	assert_int_equal(run(h, copies, 2).status, TSR_HW_ERR_NONE);
	assert_int_equal(word[0], 0xffffffff);
	assert_int_equal(word[1], 0xffffffffull + 7 + 0x80000000);
	assert_int_equal(word[2], 0xffffffff);
	again(h);
	assert_int_equal(cycles_of(h, MOST, TSR_HW_COPY_ADD) - cycles_of(h, MOST, 0),
			 SETUP_CYCLES);
}

static void registers_keep_what_is_written(void **state)
{
	const struct copy copy = { 0x123456789abcdef0, 0x87654321, 0xfedcba98, 0x2f, 0 };
	struct report report = run(*state, &copy, 1);

	assert_int_equal(report.host_lo, 0x9abcdef0);
	assert_int_equal(report.host_hi, 0x12345678);
	assert_int_equal(report.local, 0x87654321);
	assert_int_equal(report.size, 0xfedcba98);
	assert_int_equal(report.asid, 0x2f);
	assert_int_equal(report.status, TSR_HW_ERR_NONE);
	assert_int_equal(report.fault_lo, 0);
	assert_int_equal(report.fault_hi, 0);
}

static void expect_fault(struct harness *h, const struct copy *copy, uint32_t error,
			 uint64_t fault)
{
	struct report report = run(h, copy, 1);

	assert_int_equal(report.status, error);
	assert_int_equal(report.fault_lo, (uint32_t)fault);
	assert_int_equal(report.fault_hi, fault >> 32);
	again(h);
}

static void what_is_not_there_is_a_fault_at_its_address(void **state)
{
	const uint64_t nowhere = 0x000f000012345678;
	const uint32_t end = TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE;
	const struct copy large = { HARNESS_MEMORY_BASE, BUFFER, MOST + 1, 0, TSR_HW_COPY_READ };
	const struct copy beyond = { HARNESS_MEMORY_BASE, end - 8, 9, 0, TSR_HW_COPY_READ };
	const struct copy below = { HARNESS_MEMORY_BASE, TSR_HW_SRAM_BASE - 4, 8, 0,
				    TSR_HW_COPY_READ };
	const struct copy no_memory = { nowhere, BUFFER, 64, 0, TSR_HW_COPY_READ };
	const struct copy no_space = { nowhere, BUFFER, 64, 5, TSR_HW_COPY_WRITE };

	expect_fault(*state, &large, TSR_HW_ERR_FAULT_BUS, large.local);
	expect_fault(*state, &beyond, TSR_HW_ERR_FAULT_BUS, beyond.local);
	expect_fault(*state, &below, TSR_HW_ERR_FAULT_BUS, below.local);
	expect_fault(*state, &no_memory, TSR_HW_ERR_FAULT_BUS, nowhere);
	expect_fault(*state, &no_space, TSR_HW_ERR_FAULT_WRITE, nowhere);
}

/* The core tells the host by registers then. */
static void without_bus_mastering_the_first_address_faults(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const struct copy copy = { 0x123456789abc, BUFFER, 64, 0, TSR_HW_COPY_READ };

	core_poll(&program, TSR_HW_SYS_BASE + TSR_HW_SYS_EVENTS, TSR_HW_EVENT_SOURCE_DOORBELL);
	emit_copy(&program, &copy);
	core_move(&program, TSR_HW_SYS_BASE + TSR_HW_SYS_BOOT_STATUS, COPY(FAULT_HI));
	core_move(&program, TSR_HW_SYS_BASE + TSR_HW_SYS_BOOT_DETAIL, COPY(FAULT_LO));
	core_ready(&program);
	core_boot(&program, h, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_STARTING));
	harness_bus_master(h, false);
	harness_doorbell(h, 0, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_STATUS), 0x1234);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_DETAIL), 0x56789abc);
}

/* A word that lies in two has no single access. */
static void add_leaves_a_word_alone_that_is_not_aligned(void **state)
{
	struct harness *h = *state;
	uint64_t at = harness_alloc(h, 4096);
	const struct copy copies[] = {
		{ at + 1, BUFFER, 7, 0, TSR_HW_COPY_ADD },
		{ at + 4, BUFFER, 7, 0, TSR_HW_COPY_ADD },
		{ at + 15, BUFFER, 7, 0, TSR_HW_COPY_ADD },
	};
	const uint8_t zeros[4096] = { 0 };

	run(h, copies, 3);
	assert_memory_equal(harness_at(h, at), zeros, sizeof(zeros));
}

static void the_last_bytes_of_the_sram_can_be_copied(void **state)
{
	const struct copy copy = {
		HARNESS_MEMORY_BASE, TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE - 8, 8, 0,
		TSR_HW_COPY_READ,
	};

	assert_int_equal(run(*state, &copy, 1).status, TSR_HW_ERR_NONE);
}

/* What SC.W says behind a write to one of the engine's registers: 0 if it stored. */
static uint32_t conditional_store(struct harness *h, uint32_t address, uint32_t value)
{
	struct core_program program = { .words = 0 };
	uint32_t result;

	core_set(&program, A0, BUFFER);
	core_emit(&program, lr(A1, A0));
	core_store(&program, address, value);
	core_emit(&program, sc(A2, A0, A1));
	core_emit(&program, store(2, A2, A0, 4));
	core_report(&program, BUFFER + 4);
	result = *core_execute(&program, h);
	again(h);
	return result;
}

/* It may have written to the word; other registers do not. */
static void a_copy_ends_a_reservation(void **state)
{
	assert_int_equal(conditional_store(*state, COPY(LOCAL), BUFFER), 0);
	assert_int_equal(conditional_store(*state, COPY(CONTROL), TSR_HW_COPY_READ), 1);
}

/* One of no bytes reaches nothing that could be wrong. */
static void a_copy_tells_nothing_of_the_one_before(void **state)
{
	struct harness *h = *state;
	const struct copy copies[] = {
		{ 0x10, BUFFER, 8, 0, TSR_HW_COPY_READ }, { 0x10, BUFFER, 0, 0, TSR_HW_COPY_READ },
	};
	struct report report = run(h, copies, 1);

	assert_int_equal(report.status, TSR_HW_ERR_FAULT_BUS);
	assert_int_equal(report.fault_lo, 0x10);
	again(h);
	report = run(h, copies, 2);
	assert_int_equal(report.status, TSR_HW_ERR_NONE);
	assert_int_equal(report.fault_lo, 0);
}

#define COPY_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		COPY_TEST(copies_move_their_bytes_and_no_more),
		COPY_TEST(a_copy_takes_16_cycles_and_one_for_each_16_bytes),
		COPY_TEST(add_changes_one_word_of_the_host),
		COPY_TEST(registers_keep_what_is_written),
		COPY_TEST(what_is_not_there_is_a_fault_at_its_address),
		COPY_TEST(without_bus_mastering_the_first_address_faults),
		COPY_TEST(add_leaves_a_word_alone_that_is_not_aligned),
		COPY_TEST(a_copy_ends_a_reservation),
		COPY_TEST(a_copy_tells_nothing_of_the_one_before),
		COPY_TEST(the_last_bytes_of_the_sram_can_be_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
