// SPDX-License-Identifier: MIT
/* The core's system block, driven by programs of the core that report what they saw. */
#include <stdio.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/core.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "core_program.h"
#include "harness.h"
#include "payload.h"
#include "soc/device.h"

#define SYS(name) (TSR_HW_SYS_BASE + TSR_HW_SYS_##name)
#define NEVER 0xffffffffu

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

static void again(struct harness *h)
{
	assert_true(harness_reset(h));
	harness_free_all(h);
}

static void facts_are_those_of_the_device(void **state)
{
	struct harness *h = *state;
	const struct tsr_hw_fuses *fuses = device_fuses(harness_device(h));
	struct core_program program = { .words = 0 };
	const uint32_t *report;
	uint64_t to;

	core_report(&program, SYS(CAPS));
	core_report(&program, SYS(BOOT_BLOCK_LO));
	core_report(&program, SYS(BOOT_BLOCK_HI));
	core_report(&program, SYS(STATE));
	core_report(&program, SYS(ENGINES));
	core_report(&program, SYS(FW_VERSION));
	core_report(&program, SYS(CLOCK_KHZ));
	to = core_boot(&program, h, 0x123456789abcdef0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	report = harness_at(h, to);
	assert_int_equal(report[0], harness_read32(h, TSR_HW_REG_CAPS));
	assert_int_equal(report[1], 0x9abcdef0);
	assert_int_equal(report[2], 0x12345678);
	assert_int_equal(report[3], TSR_HW_STATE_STARTING);
	assert_int_equal(report[4], fuses->tensor_tiles + fuses->dma_engines);
	assert_int_equal(report[5], 1u << 24);
	assert_int_equal(report[6], fuses->clock_khz);
}

static void what_is_no_register_reads_zero(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	core_report(&program, SYS(RAISE));
	core_report(&program, SYS(ENDED));
	core_report(&program, SYS(TRACE));
	core_report(&program, SYS(TRACE_TAKEN));
	for (uint32_t at = SYS(TRACE_TAKEN) + 4; at < SYS(DOORBELL(0)); at += 4)
		core_report(&program, at);
	core_report(&program, SYS(DOORBELL(63)));
	core_report(&program, SYS(DOORBELL(64)));
	core_report(&program, TSR_HW_SYS_BASE + 0xffc);
	report = core_execute(&program, *state);
	for (unsigned int i = 0; i < program.reported; i++)
		assert_int_equal(report[i], 0);
}

static void status_and_detail_show_with_the_state(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	core_report(&program, SYS(BOOT_STATUS));
	core_report(&program, SYS(BOOT_DETAIL));
	core_store(&program, SYS(BOOT_STATUS), 0x12);
	core_store(&program, SYS(BOOT_DETAIL), 0x3456);
	core_report(&program, SYS(BOOT_STATUS));
	core_report(&program, SYS(BOOT_DETAIL));
	report = core_execute(&program, h);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], 0);
	assert_int_equal(report[2], 0x12);
	assert_int_equal(report[3], 0x3456);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_STATUS), 0x12);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_DETAIL), 0x3456);
	/* The next start begins without them. */
	again(h);
	program = (struct core_program){ .words = 0 };
	core_report(&program, SYS(BOOT_STATUS));
	core_report(&program, SYS(BOOT_DETAIL));
	report = core_execute(&program, h);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], 0);
}

static void a_start_has_failed_or_not_and_that_is_told_once(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	for (uint32_t to = 0; to < 16; to++) {
		if (to == TSR_HW_STATE_READY || to == TSR_HW_STATE_BOOT_FAILED)
			continue;
		core_store(&program, SYS(STATE), to);
		core_report(&program, SYS(STATE));
	}
	report = core_execute(&program, h);
	for (unsigned int i = 0; i < program.reported; i++)
		assert_int_equal(report[i], TSR_HW_STATE_STARTING);
	assert_int_equal(harness_counter(h, "interrupts_0"), 1);
	assert_true(harness_take_irq(h, 0));
	again(h);
	program = (struct core_program){ .words = 0 };
	core_store(&program, SYS(STATE), TSR_HW_STATE_BOOT_FAILED);
	core_ready(&program);
	core_boot(&program, h, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_BOOT_FAILED));
	assert_true(harness_settle(h));
	assert_int_equal(harness_state(h), TSR_HW_STATE_BOOT_FAILED);
	assert_int_equal(harness_counter(h, "interrupts_0"), 2);
}

static void the_core_raises_the_vectors_that_there_are(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };

	core_store(&program, SYS(RAISE), 1);
	core_store(&program, SYS(RAISE), 1);
	core_store(&program, SYS(RAISE), 0);
	core_store(&program, SYS(RAISE), 2);
	core_store(&program, SYS(RAISE), NEVER);
	core_execute(&program, h);
	assert_int_equal(harness_counter(h, "interrupts_1"), 2);
	/* READY is told as well. */
	assert_int_equal(harness_counter(h, "interrupts_0"), 2);
	assert_int_equal(harness_counter(h, "interrupts_dropped"), 0);
	assert_true(harness_take_irq(h, 0));
	assert_true(harness_take_irq(h, 1));
}

static void the_low_half_of_the_cycles_latches_the_high_half(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;
	uint64_t to;

	core_report(&program, SYS(CYCLES_LO));
	core_poll(&program, SYS(EVENTS), TSR_HW_EVENT_SOURCE_DOORBELL);
	core_report(&program, SYS(CYCLES_HI));
	core_report(&program, SYS(CYCLES_LO));
	core_report(&program, SYS(CYCLES_HI));
	to = core_boot(&program, h, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_STARTING));
	assert_true(harness_command(h, "advance 30064771072"));		/* 7 * 2^32 */
	harness_doorbell(h, 0, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	report = harness_at(h, to);
	assert_int_equal(report[1], 0);
	assert_int_equal(report[3], 7);
}

static void bells_are_pending_until_their_page_is_read(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	static const uint32_t registers[] = {
		SYS(DOORBELL_PAGES_LO), SYS(DOORBELL_PAGES_HI), SYS(EVENTS),
		SYS(DOORBELL(3)), SYS(DOORBELL(3)), SYS(DOORBELL_PAGES_LO), SYS(EVENTS),
		SYS(DOORBELL(2)), SYS(DOORBELL(40)), SYS(DOORBELL(40)), SYS(DOORBELL_PAGES_HI),
		SYS(EVENTS),
	};
	static const uint32_t expected[] = {
		1u << 3, 1u << 8, TSR_HW_EVENT_SOURCE_DOORBELL, 1u << 5 | 1u << 31, 0, 0,
		TSR_HW_EVENT_SOURCE_DOORBELL, 0, 1, 0, 0, 0,
	};
	const uint32_t *report;
	uint64_t to;

	core_poll(&program, SYS(DOORBELL_PAGES_HI), NEVER);
	for (unsigned int i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		core_report(&program, registers[i]);
	to = core_boot(&program, h, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_STARTING));
	harness_doorbell(h, 3, 5);
	harness_doorbell(h, 3, 31);
	harness_doorbell(h, 40, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	report = harness_at(h, to);
	assert_memory_equal(report, expected, sizeof(expected));
}

/* Instructions of two cycles each that a core executes between two looks at what has been rung. */
#define BETWEEN_LOOKS (2 * 32768u)

/* A copy of the word at BUFFER to the host tells it that the first bell was seen. */
#define BUFFER (TSR_HW_SRAM_BASE + 0x40000u)

static void tell(struct core_program *program, uint64_t to)
{
	core_store(program, BUFFER, 1);
	core_store(program, TSR_HW_COPY_BASE + TSR_HW_COPY_HOST_LO, (uint32_t)to);
	core_store(program, TSR_HW_COPY_BASE + TSR_HW_COPY_HOST_HI, to >> 32);
	core_store(program, TSR_HW_COPY_BASE + TSR_HW_COPY_LOCAL, BUFFER);
	core_store(program, TSR_HW_COPY_BASE + TSR_HW_COPY_SIZE, 4);
	core_store(program, TSR_HW_COPY_BASE + TSR_HW_COPY_CONTROL, TSR_HW_COPY_WRITE);
}

/*
 * A core that does not sleep: what it does between two looks does not depend on when a bell came.
 */
static void a_core_at_work_is_shown_bells_now_and_then(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	uint64_t seen = harness_alloc(h, 4096), to;
	const uint32_t *word = harness_at(h, seen), *report;

	for (unsigned int page = 1; page < 4; page++) {
		core_poll(&program, SYS(DOORBELL_PAGES_LO), 1u << page);
		core_report(&program, SYS(CYCLES_LO));
		tell(&program, seen + 4 * page);
	}
	to = core_boot(&program, h, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_STARTING));
	for (unsigned int page = 1; page < 4; page++) {
		harness_doorbell(h, page, 0);
		while (!__atomic_load_n(&word[page], __ATOMIC_ACQUIRE))
			;
	}
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	report = harness_at(h, to);
	assert_true(report[1] - report[0] >= BETWEEN_LOOKS - 100);
	assert_true(report[2] - report[1] >= BETWEEN_LOOKS - 100);
}

/* LO is kept for the HI that follows. */
static void set_timer(struct core_program *program, uint32_t low, uint32_t high)
{
	core_store(program, SYS(TIMER_LO), low);
	core_store(program, SYS(TIMER_HI), high);
}

static void the_high_half_arms_the_timer(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	core_report(&program, SYS(TIMER_LO));
	core_report(&program, SYS(TIMER_HI));
	core_store(&program, SYS(TIMER_LO), 0x12345678);
	core_report(&program, SYS(TIMER_LO));
	core_store(&program, SYS(TIMER_HI), 0x9abc);
	core_report(&program, SYS(TIMER_LO));
	core_report(&program, SYS(TIMER_HI));
	core_report(&program, SYS(EVENTS));
	core_store(&program, SYS(TIMER_HI), 0x7fff);
	core_report(&program, SYS(TIMER_LO));
	core_report(&program, SYS(TIMER_HI));
	set_timer(&program, NEVER, NEVER);
	core_report(&program, SYS(TIMER_LO));
	core_report(&program, SYS(TIMER_HI));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], NEVER);
	assert_int_equal(report[1], NEVER);
	assert_int_equal(report[2], NEVER);
	assert_int_equal(report[3], 0x12345678);
	assert_int_equal(report[4], 0x9abc);
	assert_int_equal(report[5], 0);
	assert_int_equal(report[6], 0x12345678);
	assert_int_equal(report[7], 0x7fff);
	assert_int_equal(report[8], NEVER);
	assert_int_equal(report[9], NEVER);
}

/* Of a core that works and of one that sleeps. */
static void it_fires_at_its_cycle_and_is_an_event_until_it_is_written(void **state)
{
	const uint32_t cycle = 1000000;

	for (int sleeps = 0; sleeps < 2; sleeps++) {
		struct core_program program = { .words = 0 };
		const uint32_t *report;

		set_timer(&program, cycle, 0);
		core_report(&program, SYS(EVENTS));
		if (sleeps)
			core_sleep(&program);
		core_poll(&program, SYS(EVENTS), NEVER);
		core_report(&program, SYS(CYCLES_LO));
		core_report(&program, SYS(EVENTS));
		core_report(&program, SYS(TIMER_HI));
		core_store(&program, SYS(TIMER_LO), 0);
		core_report(&program, SYS(EVENTS));
		core_store(&program, SYS(TIMER_HI), NEVER);
		core_report(&program, SYS(EVENTS));
		report = core_execute(&program, *state);
		assert_int_equal(report[0], 0);
		/* Some instructions later, of two cycles each. */
		assert_in_range(report[1], cycle, cycle + 40);
		assert_int_equal(report[2], TSR_HW_EVENT_SOURCE_TIMER);
		assert_int_equal(report[3], NEVER);
		assert_int_equal(report[4], TSR_HW_EVENT_SOURCE_TIMER);
		assert_int_equal(report[5], 0);
		again(*state);
	}
}

static void a_cycle_that_is_past_fires_at_once(void **state)
{
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	set_timer(&program, 1, 0);
	core_report(&program, SYS(EVENTS));
	set_timer(&program, 1, 0);
	core_report(&program, SYS(EVENTS));
	set_timer(&program, 0, 1);
	core_report(&program, SYS(EVENTS));
	report = core_execute(&program, *state);
	assert_int_equal(report[0], TSR_HW_EVENT_SOURCE_TIMER);
	assert_int_equal(report[1], TSR_HW_EVENT_SOURCE_TIMER);
	assert_int_equal(report[2], 0);
}

static void a_reset_disarms_it(void **state)
{
	struct harness *h = *state;
	struct core_program program = { .words = 0 };
	const uint32_t *report;

	set_timer(&program, 1, 0);
	core_store(&program, SYS(TIMER_LO), 77);
	core_execute(&program, h);
	again(h);
	program = (struct core_program){ .words = 0 };
	core_report(&program, SYS(EVENTS));
	core_report(&program, SYS(TIMER_LO));
	core_report(&program, SYS(CYCLES_HI));
	core_store(&program, SYS(TIMER_HI), 5);
	core_report(&program, SYS(TIMER_LO));
	report = core_execute(&program, h);
	assert_int_equal(report[0], 0);
	assert_int_equal(report[1], NEVER);
	assert_int_equal(report[2], 0);
	assert_int_equal(report[3], 0);
}

/* Whatever the core wrote before the reset. */
static void memory_is_zero_at_a_start(void **state)
{
	static const uint32_t places[] = {
		TSR_HW_SRAM_BASE + 0x10000, TSR_HW_SRAM_BASE + 0x80004,
		TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE - 4,
	};
	struct harness *h = *state;

	for (int start = 0; start < 2; start++) {
		struct core_program program = { .words = 0 };
		const uint32_t *report;

		for (unsigned int i = 0; i < 3; i++)
			core_report(&program, places[i]);
		for (unsigned int i = 0; i < 3; i++)
			core_store(&program, places[i], 0x12345678);
		report = core_execute(&program, h);
		for (unsigned int i = 0; i < 3; i++)
			assert_int_equal(report[i], 0);
		again(h);
	}
}

/* An instruction that no block answers to; without a handler that stops the core. */
static void expect_trap(struct harness *h, uint32_t address, uint32_t instruction,
			uint32_t cause)
{
	struct core_program program = { .words = 0 };

	core_set(&program, T0, address);
	core_emit(&program, instruction);
	core_boot(&program, h, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_FATAL));
	assert_int_equal(harness_read32(h, TSR_HW_REG_FATAL_CAUSE), cause);
	assert_int_equal(harness_read32(h, TSR_HW_REG_FATAL_VALUE), address);
	assert_int_equal(harness_read32(h, TSR_HW_REG_FATAL_PC), TSR_HW_SRAM_BASE + 8);
	again(h);
}

#define ACCESS_OF_A_BYTE(instruction) ((instruction) & ~(7u << 12))
#define LOAD_FAULT 5u
#define STORE_FAULT 7u

static void what_is_no_block_traps(void **state)
{
	const struct tsr_hw_fuses *fuses = device_fuses(harness_device(*state));
	const uint32_t engines = fuses->tensor_tiles + fuses->dma_engines;
	const uint32_t outside[] = {
		TSR_HW_SYS_BASE - 4, TSR_HW_COPY_BASE + 0x1000, TSR_HW_ENGINE_BASE(0) - 4,
		TSR_HW_ENGINE_BASE(engines), TSR_HW_SRAM_BASE - 4,
		TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE, 0, 0xfffffffc,
	};

	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		expect_trap(*state, outside[i], RV_LW(T1, 0, T0), LOAD_FAULT);
		expect_trap(*state, outside[i], RV_SW(T1, 0, T0), STORE_FAULT);
	}
}

static void parts_of_words_trap(void **state)
{
	static const uint32_t blocks[] = {
		TSR_HW_SYS_BASE, TSR_HW_COPY_BASE, TSR_HW_ENGINE_BASE(0),
	};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		expect_trap(*state, blocks[i], ACCESS_OF_A_BYTE(RV_LW(T1, 0, T0)), LOAD_FAULT);
		expect_trap(*state, blocks[i], ACCESS_OF_A_BYTE(RV_SW(T1, 0, T0)), STORE_FAULT);
	}
}

#define SYS_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SYS_TEST(facts_are_those_of_the_device),
		SYS_TEST(what_is_no_register_reads_zero),
		SYS_TEST(status_and_detail_show_with_the_state),
		SYS_TEST(a_start_has_failed_or_not_and_that_is_told_once),
		SYS_TEST(the_core_raises_the_vectors_that_there_are),
		SYS_TEST(the_low_half_of_the_cycles_latches_the_high_half),
		SYS_TEST(bells_are_pending_until_their_page_is_read),
		SYS_TEST(a_core_at_work_is_shown_bells_now_and_then),
		SYS_TEST(the_high_half_arms_the_timer),
		SYS_TEST(it_fires_at_its_cycle_and_is_an_event_until_it_is_written),
		SYS_TEST(a_cycle_that_is_past_fires_at_once),
		SYS_TEST(a_reset_disarms_it),
		SYS_TEST(memory_is_zero_at_a_start),
		SYS_TEST(what_is_no_block_traps),
		SYS_TEST(parts_of_words_trap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
