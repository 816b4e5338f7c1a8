// SPDX-License-Identifier: MIT
/* The invalidation ring, beside running and hung nodes. */
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "counters.h"
#include "fixture.h"
#include "harness.h"
#include "inv.h"
#include "memory/invalidation.h"
#include "memory/sanitize.h"

#define JOBS 40

static const struct tsr_hw_inv_cmd whole_space = { .op = TSR_HW_INV_ASID, .asid = 1 };

static void commands_complete_in_order(void **state)
{
	struct inv inv = inv_make(*state);

	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < TSR_HW_INV_RING_ENTRIES; i++)
			inv_post(&inv, (struct tsr_hw_inv_cmd){
				.op = TSR_HW_INV_RANGE, .asid = 1,
				.va = 0x1000, .size = 0x1000 });
		assert_true(inv_wait(&inv));
	}
	assert_int_equal(inv.ring->error, 0);
	assert_int_equal(harness_counter(inv.f->harness, "invalidations"),
			 10 * TSR_HW_INV_RING_ENTRIES);
}

static void the_first_malformed_command_is_named_and_skipped(void **state)
{
	static const struct tsr_hw_inv_cmd bad[] = {
		{ .op = 0, .asid = 1 },
		{ .op = 3, .asid = 1 },
		{ .op = TSR_HW_INV_ASID, .asid = TSR_HW_ASID_COUNT },
		{ .op = TSR_HW_INV_ASID, .asid = 1, .mbz = 1 },
		{ .op = TSR_HW_INV_ASID, .asid = 1, .va = 0x1000 },
		{ .op = TSR_HW_INV_RANGE, .asid = 1, .va = 0x1001, .size = 0x1000 },
		{ .op = TSR_HW_INV_RANGE, .asid = 1, .va = 0x1000, .size = 0x1001 },
		{ .op = TSR_HW_INV_RANGE, .asid = 1, .va = 0x1000 },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct inv inv;

		assert_true(harness_reset(f->harness));
		inv = inv_make(f);
		inv_post(&inv, whole_space);
		inv_post(&inv, bad[i]);
		inv_post(&inv, bad[0]);
		inv_post(&inv, whole_space);
		assert_true(inv_wait(&inv));
		assert_int_equal(inv.ring->error, 2);
	}
}

static void it_completes_while_a_node_hangs(void **state)
{
	struct fixture *f = *state;
	struct inv inv = inv_make(f);
	struct tsr_hw_job job = fixture_nop(f, 1);

	assert_true(harness_command(f->harness, "inject hang"));
	driver_post(&f->queue, &job);
	driver_ring(&f->queue);
	assert_true(harness_settle(f->harness));
	assert_int_equal(f->queue.done->started, 1);
	inv_post(&inv, whole_space);
	assert_true(inv_wait(&inv));
	assert_int_equal(f->queue.done->completed, 0);
}

/* What the driver relies on when it gives pages back. */
static void no_access_through_an_old_translation_once_done(void **state)
{
	struct fixture *f = *state;
	struct inv inv = inv_make(f);
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 512, 512, 512);
	const size_t size = 512 * 512 * sizeof(float);

	for (int round = 0; round < 25; round++) {
		uint32_t seq = driver_post(&f->queue, &job);
		const struct tsr_hw_completion *slot;

		driver_ring(&f->queue);
		usleep((unsigned int)(round * 200));
		aspace_unmap(&f->as, gemm.d_va, size);
		inv_post(&inv, whole_space);
		assert_true(inv_wait(&inv));
		memset(gemm.d, 0x5a, size);
		slot = driver_wait(&f->queue, seq);
		assert_non_null(slot);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(((uint8_t *)gemm.d)[i], 0x5a);
		aspace_map(&f->as, gemm.d_va, HARNESS_MEMORY_BASE +
			   (uint64_t)((char *)gemm.d -
				      (char *)harness_at(f->harness, HARNESS_MEMORY_BASE)),
			   size, TSR_HW_PTE_READ | TSR_HW_PTE_WRITE);
		if (slot->error == TSR_HW_ERR_NONE)
			continue;
		assert_int_equal(slot->error, TSR_HW_ERR_FAULT_WRITE);
		assert_int_equal(driver_queue_destroy(&f->queue), TSR_HW_ERR_NONE);
		assert_int_equal(driver_queue_create(&f->queue, &f->driver, 1, 1, 0),
				 TSR_HW_ERR_NONE);
	}
	assert_int_equal(harness_counter(f->harness, "sanitizer_violations"), 0);
}

/* Accesses begin and end all the time beside the invalidations. */
static void an_access_that_begins_after_an_invalidation_is_not_stale(void **state)
{
	struct fixture *f = *state;
	struct inv inv = inv_make(f);
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 256, 256, 256);
	uint32_t seq = 0;

	for (int i = 0; i < JOBS; i++)
		seq = driver_post(&f->queue, &job);
	driver_ring(&f->queue);
	while (__atomic_load_n(&f->queue.done->completed, __ATOMIC_ACQUIRE) != seq) {
		for (int i = 0; i < TSR_HW_INV_RING_ENTRIES; i++)
			inv_post(&inv, whole_space);
		assert_true(inv_wait(&inv));
	}
	assert_int_equal(harness_counter(f->harness, "sanitizer_violations"), 0);
}

static int unkind_setup(void **state)
{
	*state = fixture_open_with(&(struct harness_options){ .unkind = true });
	return *state ? 0 : -1;
}

/* Four pages of results go to where @bus is mapped, or to where the device thinks so. */
static void remap_result(struct fixture *f, const struct fixture_gemm *gemm, uint64_t bus)
{
	aspace_map(&f->as, gemm->d_va, bus, 4 * TSR_HW_PAGE_SIZE,
		   TSR_HW_PTE_READ | TSR_HW_PTE_WRITE);
}

static void run_product(struct fixture *f, const struct fixture_gemm *gemm,
			const struct tsr_hw_job *job, float factor)
{
	for (unsigned int i = 0; i < 64; i++)
		((float *)gemm->a)[i * 64 + i] = factor;
	for (unsigned int i = 0; i < 64 * 64; i++)
		((float *)gemm->b)[i] = 1;
	assert_int_equal(driver_run(&f->queue, job), TSR_HW_ERR_NONE);
}

/* A driver that does not invalidate finds its results where they were wanted before. */
static void an_unkind_device_goes_by_what_is_not_invalidated(void **state)
{
	struct fixture *f = *state;
	struct inv inv = inv_make(f);
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 64, 64, 64);
	uint64_t bus = harness_alloc(f->harness, 4 * TSR_HW_PAGE_SIZE);
	const float *before = gemm.d, *after = harness_at(f->harness, bus);

	run_product(f, &gemm, &job, 2);
	assert_true(before[0] == 2);
	remap_result(f, &gemm, bus);
	run_product(f, &gemm, &job, 3);
	assert_true(before[0] == 3);
	assert_true(after[0] == 0);
	inv_post(&inv, whole_space);
	assert_true(inv_wait(&inv));
	run_product(f, &gemm, &job, 4);
	assert_true(before[0] == 3);
	assert_true(after[0] == 4);
}

/* Of so many one is late enough to be seen, whatever else the host's processors do. */
#define TRIES 10000u

/* A host that does not wait finds that some are still to come; in the end all have come. */
static void an_unkind_device_is_late_with_some(void **state)
{
	struct fixture *f = *state;
	struct inv inv = inv_make(f);
	unsigned int late = 0;

	for (unsigned int i = 0; !late && i < TRIES; i++) {
		inv_post(&inv, whole_space);
		harness_write32(f->harness, TSR_HW_REG_INV_DOORBELL, 1);
		usleep(1000);
		late += __atomic_load_n(&inv.ring->done, __ATOMIC_ACQUIRE) != inv.seq;
		assert_true(inv_done(&inv, inv.seq));
	}
	assert_true(late > 0);
}

/* Also of one that it is late with. */
static void a_reset_ends_what_an_unkind_device_is_late_with(void **state)
{
	struct fixture *f = *state;
	struct inv inv;

	for (int i = 0; i < 20; i++) {
		inv = inv_make(f);
		inv_post(&inv, whole_space);
		harness_write32(f->harness, TSR_HW_REG_INV_DOORBELL, 1);
		assert_true(harness_reset(f->harness));
		harness_free_all(f->harness);
	}
	assert_true(fixture_boot(f));
	inv = inv_make(f);
	inv_post(&inv, whole_space);
	assert_true(inv_wait(&inv));
}

static void a_reset_ends_what_an_unkind_device_keeps(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 64, 64, 64);
	const float *before = gemm.d;

	run_product(f, &gemm, &job, 2);
	assert_true(harness_reset(f->harness));
	/* The same virtual addresses as before, in other pages. */
	assert_true(fixture_boot(f));
	harness_alloc(f->harness, TSR_HW_PAGE_SIZE);
	job = fixture_gemm(f, &gemm, 64, 64, 64);
	assert_ptr_not_equal(gemm.d, before);
	memset(gemm.a, 0, 64 * 64 * sizeof(float));
	run_product(f, &gemm, &job, 3);
	assert_true(*(const float *)gemm.d == 3);
}

static void a_hostile_tail_does_not_hold_the_mmu_up(void **state)
{
	struct fixture *f = *state;
	struct inv inv = inv_make(f);

	inv.ring->tail = 0x80000000u;
	harness_write32(f->harness, TSR_HW_REG_INV_DOORBELL, 1);
	assert_true(inv_done(&inv, TSR_HW_INV_RING_ENTRIES));
	assert_int_equal(inv.ring->error, 1);
	assert_true(harness_reset(f->harness));
	assert_int_equal(inv.ring->done, TSR_HW_INV_RING_ENTRIES);
	inv = inv_make(f);
	inv_post(&inv, whole_space);
	assert_true(inv_wait(&inv));
}

static void the_sanitizer_sees_a_stale_access(void **state)
{
	struct counters counters = { 0 };
	struct sanitizer *san = sanitizer_create(&counters);
	uint64_t token = sanitizer_token(san);

	(void)state;
	assert_true(sanitizer_check(san, token, 1, 0x1000, 0x1000));
	sanitizer_invalidated(san, &(struct invalidation){ 1, 0x5000, 0x1000 });
	sanitizer_invalidated(san, &(struct invalidation){ 2, 0x1000, 0x1000 });
	assert_true(sanitizer_check(san, token, 1, 0x1000, 0x4000));
	assert_false(sanitizer_check(san, token, 1, 0x1000, 0x4001));
	assert_false(sanitizer_check(san, token, 2, 0x1fff, 1));
	assert_true(sanitizer_check(san, sanitizer_token(san), 2, 0x1fff, 1));
	sanitizer_invalidated(san, &(struct invalidation){ INVALIDATION_ALL_ASIDS, 0, UINT64_MAX });
	assert_false(sanitizer_check(san, token, 7, 0, 1));
	assert_int_equal(counters_get(&counters, COUNTER_SANITIZER_VIOLATIONS), 3);
	sanitizer_destroy(san);
}

#define INV_TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

#define UNKIND_TEST(function) \
	cmocka_unit_test_setup_teardown(function, unkind_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		INV_TEST(commands_complete_in_order),
		INV_TEST(the_first_malformed_command_is_named_and_skipped),
		INV_TEST(it_completes_while_a_node_hangs),
		INV_TEST(no_access_through_an_old_translation_once_done),
		INV_TEST(an_access_that_begins_after_an_invalidation_is_not_stale),
		INV_TEST(a_hostile_tail_does_not_hold_the_mmu_up),
		UNKIND_TEST(an_unkind_device_goes_by_what_is_not_invalidated),
		UNKIND_TEST(an_unkind_device_is_late_with_some),
		UNKIND_TEST(a_reset_ends_what_an_unkind_device_is_late_with),
		UNKIND_TEST(a_reset_ends_what_an_unkind_device_keeps),
		cmocka_unit_test(the_sanitizer_sees_a_stale_access),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
