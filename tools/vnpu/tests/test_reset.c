// SPDX-License-Identifier: MIT
/* Resets of all kinds, in the middle of work. */
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "payload.h"
#include "test_image.h"

#define RESULTS FIXTURE_ENDLESS_ROWS

/* Start a job that ends with a reset only; its results, which it is about to write. */
static volatile float *start_endless_job(struct fixture *f)
{
	struct fixture_endless endless;
	struct tsr_hw_job job = fixture_endless(f, &endless, 1, RESULTS);

	fixture_start(f, &job);
	return endless.d;
}

static void works_again(struct fixture *f)
{
	struct tsr_hw_job job;

	assert_true(fixture_boot(f));
	job = fixture_nop(f, 4);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

static void no_access_after_a_reset_in_mid_job(void **state)
{
	struct fixture *f = *state;

	for (int round = 0; round < 5; round++) {
		volatile float *results = start_endless_job(f);

		while (results[8 * round] == 0)
			sleep_ms(1);
		assert_true(harness_reset(f->harness));
		for (size_t i = 0; i < RESULTS; i++)
			results[i] = -1;
		/* The time that a node which is still at work needs for its next results. */
		sleep_ms(40);
		for (size_t i = 0; i < RESULTS; i++)
			assert_true(results[i] == -1);
		works_again(f);
	}
}

static int unkind_setup(void **state)
{
	*state = fixture_open_with(&(struct harness_options){ .unkind = true });
	return *state ? 0 : -1;
}

/* Memory that the host takes back too early has what was there before. */
static void an_unkind_reset_writes_until_it_has_ended(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 4);
	volatile __le32 *completed = &f->queue.done->completed;

	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_settle(f->harness));
	harness_write32(f->harness, TSR_HW_REG_CONTROL, TSR_HW_CONTROL_RESET);
	*completed = 0;
	assert_int_equal(harness_state(f->harness), TSR_HW_STATE_RESETTING);
	assert_int_equal(*completed, 1);
	assert_true(harness_wait_state(f->harness, TSR_HW_STATE_RESET));
	*completed = 0;
	assert_int_equal(harness_state(f->harness), TSR_HW_STATE_RESET);
	assert_int_equal(*completed, 0);
	works_again(f);
}

/* Who resets the function gets its memory back at once. */
static void an_flr_of_an_unkind_device_writes_nothing(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 4);

	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	harness_flr(f->harness);
	*(volatile __le32 *)&f->queue.done->completed = 0;
	assert_true(harness_wait_state(f->harness, TSR_HW_STATE_RESET));
	assert_int_equal(f->queue.done->completed, 0);
	works_again(f);
}

static void an_flr_in_mid_job_returns_to_reset(void **state)
{
	struct fixture *f = *state;

	start_endless_job(f);
	harness_flr(f->harness);
	assert_true(harness_wait_state(f->harness, TSR_HW_STATE_RESET));
	works_again(f);
}

static void a_new_client_finds_a_device_in_reset(void **state)
{
	struct fixture *f = *state;

	start_endless_job(f);
	assert_true(harness_reconnect(f->harness));
	works_again(f);
}

static void a_hung_node_is_reset_away(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 2);

	assert_true(harness_command(f->harness, "inject hang"));
	driver_post(&f->queue, &job);
	driver_ring(&f->queue);
	assert_true(harness_settle(f->harness));
	assert_int_equal(f->queue.done->started, 1);
	assert_int_equal(f->queue.done->completed, 0);
	assert_true(harness_reset(f->harness));
	works_again(f);
}

static void reset_clears_registers_and_keeps_fuses(void **state)
{
	struct fixture *f = *state;
	struct harness *h = f->harness;
	uint32_t serial = harness_read32(h, TSR_HW_REG_FUSES + offsetof(struct tsr_hw_fuses,
								      serial));
	uint32_t count = harness_read32(h, TSR_HW_REG_STATUS) >> 16;

	harness_write64(h, TSR_HW_REG_INV_RING_LO, 0x123456789000ull);
	assert_int_not_equal(harness_read32(h, TSR_HW_REG_ASID_ROOT_LO(1)), 0);
	assert_int_not_equal(harness_read32(h, TSR_HW_REG_CYCLES_LO), 0);
	assert_true(harness_reset(h));
	assert_int_equal(harness_read32(h, TSR_HW_REG_STATUS) >> 16, count + 1);
	assert_int_equal(harness_read32(h, TSR_HW_REG_FUSES + offsetof(struct tsr_hw_fuses,
								    serial)), serial);
	assert_int_equal(harness_read32(h, TSR_HW_REG_INV_RING_HI), 0);
	assert_int_equal(harness_read32(h, TSR_HW_REG_ASID_ROOT_LO(1)), 0);
	assert_int_equal(harness_read32(h, TSR_HW_REG_CYCLES_LO), 0);
	assert_int_equal(harness_read32(h, TSR_HW_REG_FW_SIZE), 0);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_STATUS), 0);
}

static void boot_registers_only_count_in_reset(void **state)
{
	struct fixture *f = *state;
	uint32_t size = harness_read32(f->harness, TSR_HW_REG_FW_SIZE);

	harness_write32(f->harness, TSR_HW_REG_FW_SIZE, size + 1);
	assert_int_equal(harness_read32(f->harness, TSR_HW_REG_FW_SIZE), size);
	harness_write32(f->harness, TSR_HW_REG_BOOT_GO, 1);
	assert_true(harness_settle(f->harness));
	assert_int_equal(harness_state(f->harness), TSR_HW_STATE_READY);
}

static void a_crashed_core_is_fatal_until_reset(void **state)
{
	struct fixture *f = *state;
	struct harness *h = f->harness;

	while (harness_take_irq(h, 0))
		;
	assert_true(harness_command(h, "inject firmware-crash"));
	assert_true(harness_wait_state(h, TSR_HW_STATE_FATAL));
	assert_true(harness_wait_irq(h, 0));
	assert_int_not_equal(harness_read32(h, TSR_HW_REG_FATAL_CAUSE), 0);
	assert_true(harness_reset(h));
	assert_int_equal(harness_read32(h, TSR_HW_REG_FATAL_CAUSE), 0);
	works_again(f);
}

static void a_trap_without_a_handler_is_fatal(void **state)
{
	struct harness *h = harness_open(&(struct harness_options){ 0 });
	struct test_image image;

	(void)state;
	assert_non_null(h);
	test_image_make(&image, payload_crash, payload_crash_words);
	harness_boot(h, &image, image.size, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_FATAL));
	assert_true(harness_wait_irq(h, 0));
	harness_close(h);
}

static void unmapping_memory_waits_for_accesses_only(void **state)
{
	struct fixture *f = *state;

	start_endless_job(f);
	assert_true(harness_unmap(f->harness));
	assert_true(harness_map(f->harness));
	assert_true(harness_reset(f->harness));
	works_again(f);
}

static void two_devices_do_not_disturb_each_other(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job;
	struct fixture *other;
	void *more;

	assert_int_equal(fixture_setup(&more), 0);
	other = more;
	assert_true(harness_command(f->harness, "hold"));
	job = fixture_gemm(f, &gemm, 64, 64, 64);
	fixture_start(f, &job);
	job = fixture_nop(other, 4);
	assert_int_equal(driver_run(&other->queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_reset(other->harness));
	works_again(other);
	assert_int_equal(f->queue.done->completed, 0);
	assert_true(harness_command(f->harness, "release"));
	assert_non_null(driver_wait(&f->queue, 1));
	assert_int_equal(f->queue.done->slot[1].error, TSR_HW_ERR_NONE);
	assert_int_equal(fixture_teardown(&more), 0);
}

#define UNKIND_TEST(function) \
	cmocka_unit_test_setup_teardown(function, unkind_setup, fixture_teardown)

#define RESET_TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RESET_TEST(no_access_after_a_reset_in_mid_job),
		UNKIND_TEST(an_unkind_reset_writes_until_it_has_ended),
		UNKIND_TEST(an_flr_of_an_unkind_device_writes_nothing),
		RESET_TEST(an_flr_in_mid_job_returns_to_reset),
		RESET_TEST(a_new_client_finds_a_device_in_reset),
		RESET_TEST(a_hung_node_is_reset_away),
		RESET_TEST(reset_clears_registers_and_keeps_fuses),
		RESET_TEST(boot_registers_only_count_in_reset),
		RESET_TEST(a_crashed_core_is_fatal_until_reset),
		cmocka_unit_test(a_trap_without_a_handler_is_fatal),
		RESET_TEST(unmapping_memory_waits_for_accesses_only),
		RESET_TEST(two_devices_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
