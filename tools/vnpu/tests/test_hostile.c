// SPDX-License-Identifier: MIT
/* Whatever a guest writes, the device neither crashes nor stops working after a reset. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "random.h"
#include "register/doorbell.h"
#include "tile/tests/classes.h"

#define HOSTILE_WRITES 100000

/* Rounds of each product, queues beside the fixture's. */
#define ROUNDS 8
#define QUEUES 3

static const uint64_t interesting[] = {
	TSR_HW_REG_ID, TSR_HW_REG_CONTROL, TSR_HW_REG_STATUS, TSR_HW_REG_FW_ADDR_LO,
	TSR_HW_REG_FW_ADDR_HI, TSR_HW_REG_FW_SIZE, TSR_HW_REG_BOOT_BLOCK_LO,
	TSR_HW_REG_BOOT_BLOCK_HI, TSR_HW_REG_BOOT_GO,
	TSR_HW_REG_INV_RING_LO, TSR_HW_REG_INV_RING_HI, TSR_HW_REG_INV_DOORBELL,
	TSR_HW_REG_CYCLES_LO, TSR_HW_REG_ASID_ROOT_LO(0),
	TSR_HW_REG_ASID_ROOT_LO(1), TSR_HW_REG_ASID_ROOT_HI(1),
	TSR_HW_REG_ASID_ROOT_HI(63), TSR_HW_REG_ASID_ROOT_HI(64), TSR_HW_REG_FUSES, 0xfffc,
};

/* A new one in every run; VNPU_SEED repeats a run that failed. */
static uint64_t first_seed(void)
{
	const char *given = getenv("VNPU_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);

	print_message("VNPU_SEED=%#llx\n", (unsigned long long)seed);
	return seed;
}

static uint64_t hostile_value(uint64_t *random)
{
	uint64_t val = random_next(random);

	switch (val % 6) {
	case 0:
		return 0;
	case 1:
		return UINT64_MAX;
	case 2:
		return HARNESS_MEMORY_BASE + (val >> 8) % (1u << 20);
	case 3:
		return val >> 8 & 0xffff;
	case 4:
		return TSR_HW_CONTROL_RESET;
	}
	return val;
}

static void hostile_access(struct harness *h, uint64_t *random)
{
	uint64_t choice = random_next(random);
	unsigned int size = 1u << choice % 4;
	uint64_t val = hostile_value(random);
	uint64_t offset;

	choice >>= 8;
	if (choice % 4 == 0) {
		offset = choice / 4 % DOORBELL_BAR_SIZE & ~(uint64_t)(size - 1);
		if (choice % 8 == 0)
			offset &= ~0xffffull;
		harness_access(h, TSR_HW_BAR_DOORBELLS, offset, size, true, &val);
	} else {
		offset = choice % 4 == 1 ?
				 choice / 4 % TSR_HW_BAR_REGS_SIZE :
				 interesting[choice / 4 % (sizeof(interesting) / 8)];
		offset &= ~(uint64_t)(size - 1);
		harness_access(h, TSR_HW_BAR_REGS, offset, size, choice >> 60 != 0, &val);
	}
}

static void hostile_accesses_leave_a_device_that_works(void **state)
{
	struct fixture *f = *state;
	uint64_t random = first_seed();
	struct tsr_hw_job job;

	for (int i = 0; i < HOSTILE_WRITES; i++)
		hostile_access(f->harness, &random);
	assert_int_equal(harness_read32(f->harness, TSR_HW_REG_ID), TSR_HW_ID_MAGIC);
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	job = fixture_nop(f, 3);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

/* Rings, completion pages, page tables, programs: all of guest memory but the image. */
static void spoil_memory(struct fixture *f, uint64_t *random)
{
	uint64_t *word = harness_at(f->harness, HARNESS_MEMORY_BASE);

	for (int i = 0; i < 2000; i++)
		word[random_next(random) % (1u << 17)] = hostile_value(random);
}

/* Jobs of several queues of one address space, while their rings are overwritten. */
static void spoil_queues(struct fixture *f, uint64_t *random)
{
	struct tsr_hw_job job = fixture_nop(f, 5);
	struct driver_queue queues[QUEUES];

	for (unsigned int i = 0; i < QUEUES; i++)
		assert_int_equal(driver_queue_create(&queues[i], &f->driver, 2 + i, 1, 1 + i), 0);
	for (unsigned int i = 0; i < QUEUES; i++)
		driver_post(&queues[i], &job);
	driver_post(&f->queue, &job);
	spoil_memory(f, random);
	driver_ring(&f->queue);
	for (unsigned int i = 0; i < QUEUES; i++)
		driver_ring(&queues[i]);
	harness_doorbell(f->harness, 0, 0);
	harness_write32(f->harness, TSR_HW_REG_INV_DOORBELL, 1);
}

static void spoil_product(const char *product, uint64_t *random)
{
	struct fixture *f = fixture_open(product);
	struct tsr_hw_job job;
	void *done = f;

	assert_non_null(f);
	for (int round = 0; round < ROUNDS; round++) {
		spoil_queues(f, random);
		sleep_ms(2);
		assert_true(harness_reset(f->harness));
		assert_true(fixture_boot(f));
	}
	job = fixture_nop(f, 3);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(fixture_teardown(&done), 0);
}

static void hostile_memory_leaves_devices_that_work(void **state)
{
	uint64_t random = first_seed();

	(void)state;
	for (size_t i = 0; i < CLASSES; i++)
		spoil_product(classes[i], &random);
}

static uint64_t malformed_entry(unsigned int kind, uint64_t good)
{
	switch (kind) {
	case 0:
		return good & ~TSR_HW_PTE_VALID;
	case 1:
		return good & ~TSR_HW_PTE_LEAF;
	case 2:
		return good & ~TSR_HW_PTE_READ;
	case 3:
		return good | TSR_HW_PTE_APERTURE_LOCAL;
	case 4:
		return good | TSR_HW_PTE_APERTURE_PEER;
	case 5:
		return good | TSR_HW_PTE_STATIC | TSR_HW_PTE_WRITE;
	}
	return good | 1ull << (kind < 10 ? 8 + kind - 6 : 52 + kind - 10);
}

#define MALFORMED_KINDS 22

static void every_malformed_leaf_faults(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job;

	for (unsigned int kind = 0; kind < MALFORMED_KINDS; kind++) {
		const struct tsr_hw_completion *slot;
		uint64_t *pte;

		assert_true(harness_reset(f->harness));
		assert_true(fixture_boot(f));
		job = fixture_gemm(f, &gemm, 64, 64, 64);
		pte = aspace_entry(&f->as, gemm.a_va + 2 * TSR_HW_PAGE_SIZE, 0);
		*pte = malformed_entry(kind, *pte);
		assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_FAULT_READ);
		slot = driver_wait(&f->queue, 1);
		assert_int_equal(slot->address, gemm.a_va + 2 * TSR_HW_PAGE_SIZE);
	}
}

static void every_malformed_table_faults(void **state)
{
	static const uint64_t bad_bits[] = { 1ull << 1, 1ull << 3, 1ull << 4, 1ull << 5,
					     1ull << 11, 1ull << 52, 1ull << 63 };
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job;

	for (int level = 1; level < TSR_HW_PT_LEVELS; level++) {
		for (size_t i = 0; i < sizeof(bad_bits) / sizeof(bad_bits[0]); i++) {
			assert_true(harness_reset(f->harness));
			assert_true(fixture_boot(f));
			job = fixture_gemm(f, &gemm, 64, 64, 64);
			/* Tables that the program is reached through fail its fetch. */
			*aspace_entry(&f->as, gemm.a_va, level) |= bad_bits[i];
			assert_int_not_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
		}
	}
}

static void a_table_outside_memory_is_a_bus_fault(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 64, 64, 64);

	*aspace_entry(&f->as, gemm.a_va, 1) = 0x000f000000000000ull | TSR_HW_PTE_VALID;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_FAULT_BUS);
}

/* Of every level, the root included: the walk stops there, whatever the host has. */
static void no_table_outside_memory_is_looked_into(void **state)
{
	const uint64_t outside = 0x000f000000000000ull;
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job;

	for (int level = 1; level <= TSR_HW_PT_LEVELS; level++) {
		assert_true(harness_reset(f->harness));
		assert_true(fixture_boot(f));
		job = fixture_gemm(f, &gemm, 64, 64, 64);
		if (level < TSR_HW_PT_LEVELS)
			*aspace_entry(&f->as, gemm.a_va, level) = outside | TSR_HW_PTE_VALID;
		else
			harness_write64(f->harness, TSR_HW_REG_ASID_ROOT_LO(1),
					outside | TSR_HW_ASID_VALID);
		assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_FAULT_BUS);
	}
}

static void a_block_of_2_mib_maps(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 64, 64, 64);
	uint64_t bus = harness_alloc(f->harness, 2 * TSR_HW_BLOCK_SIZE);

	bus = (bus + TSR_HW_BLOCK_SIZE - 1) & ~(TSR_HW_BLOCK_SIZE - 1);
	*aspace_entry(&f->as, gemm.a_va, 1) =
		bus | TSR_HW_PTE_VALID | TSR_HW_PTE_LEAF | TSR_HW_PTE_READ;
	((float *)harness_at(f->harness, bus))[0] = 2.0f;
	gemm.b[5] = 3.0f;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_float_equal(gemm.d[5], 6.0f, 0);
}

static void a_2_mib_leaf_must_be_aligned(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 64, 64, 64);

	*aspace_entry(&f->as, gemm.a_va, 1) = (HARNESS_MEMORY_BASE + TSR_HW_PAGE_SIZE) |
					      TSR_HW_PTE_VALID | TSR_HW_PTE_LEAF | TSR_HW_PTE_READ;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_FAULT_READ);
}

static void work_after_bus_mastering_is_taken_away_faults(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 1);

	driver_post(&f->queue, &job);
	harness_bus_master(f->harness, false);
	driver_ring(&f->queue);
	assert_true(harness_settle(f->harness));
	assert_int_equal(f->queue.done->completed, 0);
	assert_true(harness_reset(f->harness));
	harness_bus_master(f->harness, true);
	assert_true(fixture_boot(f));
}

#define HOSTILE_TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOSTILE_TEST(hostile_accesses_leave_a_device_that_works),
		cmocka_unit_test(hostile_memory_leaves_devices_that_work),
		HOSTILE_TEST(every_malformed_leaf_faults),
		HOSTILE_TEST(every_malformed_table_faults),
		HOSTILE_TEST(a_table_outside_memory_is_a_bus_fault),
		HOSTILE_TEST(no_table_outside_memory_is_looked_into),
		HOSTILE_TEST(a_block_of_2_mib_maps),
		HOSTILE_TEST(a_2_mib_leaf_must_be_aligned),
		HOSTILE_TEST(work_after_bus_mastering_is_taken_away_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
