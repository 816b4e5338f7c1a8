// SPDX-License-Identifier: MIT
/* Counters behind figures move by what was done, through the protocol, and by no more. */
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/registers.h>

#include "aspace.h"
#include "cmocka_prelude.h"
#include "driver.h"
#include "fixture.h"
#include "harness.h"
#include "program.h"

static const char *const names[] = {
	"mmio_reads", "mmio_reads_bar0", "mmio_reads_bar2",
	"mmio_writes", "mmio_writes_bar0", "mmio_writes_bar2",
	"bad_accesses", "doorbells", "bad_doorbells",
};

#define COUNTERS (sizeof(names) / sizeof(names[0]))

struct counts {
	uint64_t value[COUNTERS];
};

static struct counts count(struct harness *h)
{
	struct counts counts;

	for (size_t i = 0; i < COUNTERS; i++)
		counts.value[i] = harness_counter(h, names[i]);
	return counts;
}

/* Those named have moved by so much since @before, all others not at all. */
static void expect_moved(struct harness *h, const struct counts *before,
			 const char *const *moved, uint64_t by)
{
	struct counts after = count(h);

	for (size_t i = 0; i < COUNTERS; i++) {
		uint64_t expected = 0;

		for (const char *const *name = moved; *name; name++)
			expected += strcmp(*name, names[i]) ? 0 : by;
		if (after.value[i] - before->value[i] != expected)
			fail_msg("%s moved by %llu, not %llu", names[i],
				 (unsigned long long)(after.value[i] - before->value[i]),
				 (unsigned long long)expected);
	}
}

/* One kind of access, made several times. */
struct access {
	unsigned int bar;
	uint64_t offset;
	unsigned int size;
	bool write;
	const char *moved[5];
};

static const struct access accesses[] = {
	{ TSR_HW_BAR_REGS, TSR_HW_REG_ID, 4, false, { "mmio_reads", "mmio_reads_bar0" } },
	{ TSR_HW_BAR_REGS, TSR_HW_REG_FUSES, 4, false, { "mmio_reads", "mmio_reads_bar0" } },
	{ TSR_HW_BAR_REGS, TSR_HW_REG_ID, 2, false,
	  { "mmio_reads", "mmio_reads_bar0", "bad_accesses" } },
	{ TSR_HW_BAR_REGS, TSR_HW_REG_BOOT_BLOCK_LO, 4, true,
	  { "mmio_writes", "mmio_writes_bar0" } },
	{ TSR_HW_BAR_DOORBELLS, 0, 4, false, { "mmio_reads", "mmio_reads_bar2" } },
	{ TSR_HW_BAR_DOORBELLS, 1 << 16, 4, true,
	  { "mmio_writes", "mmio_writes_bar2", "doorbells" } },
	{ TSR_HW_BAR_DOORBELLS, 8, 4, true,
	  { "mmio_writes", "mmio_writes_bar2", "bad_doorbells" } },
};

static void every_access_moves_its_counters_by_one(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++) {
		const struct access *access = &accesses[i];

		for (uint64_t n = 1; n < 200; n = 3 * n + 1) {
			struct counts before = count(f->harness);

			for (uint64_t done = 0; done < n; done++) {
				uint64_t val = 0;

				harness_access(f->harness, access->bar, access->offset,
					       access->size, access->write, &val);
			}
			expect_moved(f->harness, &before, access->moved, n);
		}
	}
}

static void accesses_to_a_device_that_acts_as_pulled_out_count(void **state)
{
	static const char *const moved[] = { "mmio_reads", "mmio_reads_bar0", "mmio_writes",
					     "mmio_writes_bar2", NULL };
	struct fixture *f = *state;
	struct counts before = count(f->harness);
	uint64_t val = 0;

	assert_true(harness_command(f->harness, "all-ones on"));
	harness_access(f->harness, TSR_HW_BAR_REGS, TSR_HW_REG_ID, 4, false, &val);
	assert_int_equal(val, UINT32_MAX);
	harness_access(f->harness, TSR_HW_BAR_DOORBELLS, 1 << 16, 4, true, &val);
	expect_moved(f->harness, &before, moved, 1);
	assert_true(harness_command(f->harness, "all-ones off"));
}

/* The figure of the README: a job costs one doorbell and no read. */
static void a_job_costs_its_doorbell(void **state)
{
	static const char *const doorbell[] = { "mmio_writes", "mmio_writes_bar2", "doorbells",
						NULL };
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 1);
	struct counts before = count(f->harness);

	for (int i = 0; i < 50; i++)
		assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	expect_moved(f->harness, &before, doorbell, 50);
}

static void nodes_and_their_work_are_counted(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 16, 24, 32);
	uint64_t read;
	uint64_t written;

	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(harness_counter(f->harness, "nodes_tensor"), 1);
	assert_int_equal(harness_counter(f->harness, "nodes_failed"), 0);
	assert_int_equal(harness_counter(f->harness, "macs"), 16 * 24 * 32);
	assert_int_equal(harness_counter(f->harness, "boots"), 1);
	read = harness_counter(f->harness, "dma_read_bytes");
	written = harness_counter(f->harness, "dma_written_bytes");
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_counter(f->harness, "dma_read_bytes") - read >=
		    (16 * 32 + 32 * 24) * sizeof(float));
	assert_true(harness_counter(f->harness, "dma_written_bytes") - written >=
		    16 * 24 * sizeof(float));
	assert_int_equal(harness_counter(f->harness, "nodes_tensor"), 2);
	assert_true(harness_command(f->harness, "reset-counters"));
	assert_int_equal(harness_counter(f->harness, "nodes_tensor"), 0);
	assert_int_equal(harness_counter(f->harness, "mmio_reads"), 0);
}

#define COUNTERS_TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		COUNTERS_TEST(every_access_moves_its_counters_by_one),
		COUNTERS_TEST(accesses_to_a_device_that_acts_as_pulled_out_count),
		COUNTERS_TEST(a_job_costs_its_doorbell),
		COUNTERS_TEST(nodes_and_their_work_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
