// SPDX-License-Identifier: MIT
/*
 * The transport as a guest sees it: QEMU's vfio-user client, Debian's kernel and its
 * vfio-pci driver between this program and the copier. Runs in a guest with an IOMMU.
 */
#include <linux/pci_regs.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../cmocka_prelude.h"
#include "copier.h"
#include "function.h"

#define IOVA 0x100000ull
#define MEMORY_SIZE (64 * 4096u)
#define TIMEOUT_MS 10000

#define BENCH_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

/**
 * struct bench - the function with memory and interrupts
 * @f: the function
 * @memory: mapped at IOVA
 * @eventfds: one of each vector
 */
struct bench {
	struct function f;
	uint8_t *memory;
	int eventfds[COPIER_VECTORS];
};

static char address[32];

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	unsigned int i;

	if (!b || !function_open(&b->f, address))
		return -1;
	b->memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	if (b->memory == MAP_FAILED || !function_map(&b->f, b->memory, IOVA, MEMORY_SIZE))
		return -1;
	for (i = 0; i < COPIER_VECTORS; i++)
		b->eventfds[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	*state = b;
	return function_irqs(&b->f, b->eventfds, COPIER_VECTORS) ? 0 : -1;
}

static int teardown(void **state)
{
	struct bench *b = *state;
	unsigned int i;

	function_close(&b->f);
	for (i = 0; i < COPIER_VECTORS; i++)
		close(b->eventfds[i]);
	munmap(b->memory, MEMORY_SIZE);
	free(b);
	return 0;
}

static uint32_t read_reg(const struct bench *b, unsigned int offset)
{
	return b->f.bar0[offset / 4];
}

static void write_reg(const struct bench *b, unsigned int offset, uint32_t val)
{
	b->f.bar0[offset / 4] = val;
}

static bool interrupted(const struct bench *b, unsigned int vector, int timeout_ms)
{
	struct pollfd pfd = { .fd = b->eventfds[vector], .events = POLLIN };
	uint64_t count;

	return poll(&pfd, 1, timeout_ms) > 0 &&
	       read(b->eventfds[vector], &count, sizeof(count)) == sizeof(count);
}

/* Copy and wait for the interrupt; the status. */
static uint32_t copy(const struct bench *b, uint64_t source, uint64_t target, uint32_t len,
		     unsigned int vector)
{
	write_reg(b, COPIER_SOURCE_LO, (uint32_t)source);
	write_reg(b, COPIER_SOURCE_HI, (uint32_t)(source >> 32));
	write_reg(b, COPIER_TARGET_LO, (uint32_t)target);
	write_reg(b, COPIER_TARGET_HI, (uint32_t)(target >> 32));
	write_reg(b, COPIER_LENGTH, len);
	write_reg(b, COPIER_VECTOR, vector);
	b->f.bar2[0] = 1;
	assert_true(interrupted(b, vector, TIMEOUT_MS));
	return read_reg(b, COPIER_STATUS);
}

static void function_is_a_processing_accelerator(void **state)
{
	const struct bench *b = *state;

	assert_int_equal(function_config16(&b->f, PCI_VENDOR_ID), COPIER_VENDOR);
	assert_int_equal(function_config16(&b->f, PCI_CLASS_DEVICE), 0x1200);
}

static void registers_are_read_and_written(void **state)
{
	const struct bench *b = *state;

	assert_int_equal(read_reg(b, COPIER_MAGIC), COPIER_MAGIC_VALUE);
	write_reg(b, COPIER_LENGTH, 0x12345678);
	assert_int_equal(read_reg(b, COPIER_LENGTH), 0x12345678);
	write_reg(b, COPIER_MAGIC, 0);
	assert_int_equal(read_reg(b, COPIER_MAGIC), COPIER_MAGIC_VALUE);
}

static void scattered_pages_are_copied(void **state)
{
	const struct bench *b = *state;
	uint32_t i;

	for (i = 0; i < COPIER_MAX_LENGTH; i++)
		b->memory[i] = (uint8_t)(i * 7 + i / 256);
	assert_int_equal(copy(b, IOVA + 1, IOVA + 32 * 4096, 60001, 0), COPIER_DONE);
	assert_memory_equal(b->memory + 1, b->memory + 32 * 4096, 60001);
	assert_int_equal(b->memory[32 * 4096 + 60001], 0);
}

static void every_vector_interrupts_alone(void **state)
{
	const struct bench *b = *state;
	unsigned int vector, other;

	for (vector = 0; vector < COPIER_VECTORS; vector++) {
		assert_int_equal(copy(b, IOVA, IOVA + 4096, 16, vector), COPIER_DONE);
		for (other = 0; other < COPIER_VECTORS; other++)
			assert_false(interrupted(b, other, 0));
	}
}

static void address_outside_the_mapping_faults(void **state)
{
	const struct bench *b = *state;

	assert_int_equal(copy(b, IOVA + MEMORY_SIZE - 8, IOVA, 16, 0), COPIER_FAULT);
	assert_int_equal(copy(b, IOVA, 0x40000000, 16, 0), COPIER_FAULT);
	assert_int_equal(copy(b, IOVA, IOVA + 4096, 16, 0), COPIER_DONE);
}

static void unmapped_memory_is_out_of_reach(void **state)
{
	const struct bench *b = *state;

	assert_true(function_unmap(&b->f, IOVA, MEMORY_SIZE));
	assert_int_equal(copy(b, IOVA, IOVA + 4096, 16, 0), COPIER_FAULT);
	assert_true(function_map(&b->f, b->memory, IOVA, MEMORY_SIZE));
	assert_int_equal(copy(b, IOVA, IOVA + 4096, 16, 0), COPIER_DONE);
}

static void function_level_reset_clears_the_device(void **state)
{
	const struct bench *b = *state;
	uint32_t resets = read_reg(b, COPIER_FLR_COUNT);

	write_reg(b, COPIER_LENGTH, 77);
	assert_true(function_reset(&b->f));
	assert_int_equal(read_reg(b, COPIER_MAGIC), COPIER_MAGIC_VALUE);
	assert_int_equal(read_reg(b, COPIER_LENGTH), 0);
	assert_int_equal(read_reg(b, COPIER_FLR_COUNT), resets + 1);
}

static void interrupts_and_dma_work_after_a_reset(void **state)
{
	const struct bench *b = *state;

	assert_true(function_reset(&b->f));
	memset(b->memory, 0x5a, 4096);
	assert_int_equal(copy(b, IOVA, IOVA + 4096, 4096, 1), COPIER_DONE);
	assert_memory_equal(b->memory, b->memory + 4096, 4096);
}

/* vfio-pci resets the function as well, when it is opened and closed. */
static uint32_t flr_count_after_opening(void)
{
	struct bench b;
	uint32_t count;

	assert_true(function_open(&b.f, address));
	count = read_reg(&b, COPIER_FLR_COUNT);
	function_close(&b.f);
	return count;
}

static void sysfs_reset_is_a_function_level_reset(void **state)
{
	uint32_t first = flr_count_after_opening();
	uint32_t second = flr_count_after_opening();

	(void)state;
	assert_true(function_sysfs_reset(address));
	assert_int_equal(flr_count_after_opening() - second, second - first + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(function_is_a_processing_accelerator),
		BENCH_TEST(registers_are_read_and_written),
		BENCH_TEST(scattered_pages_are_copied),
		BENCH_TEST(every_vector_interrupts_alone),
		BENCH_TEST(address_outside_the_mapping_faults),
		BENCH_TEST(unmapped_memory_is_out_of_reach),
		BENCH_TEST(function_level_reset_clears_the_device),
		BENCH_TEST(interrupts_and_dma_work_after_a_reset),
		cmocka_unit_test(sysfs_reset_is_a_function_level_reset),
	};

	if (!function_find(COPIER_VENDOR, COPIER_DEVICE, address) || !function_bind(address)) {
		print_error("no copier in this guest, or vfio-pci is not loaded\n");
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
