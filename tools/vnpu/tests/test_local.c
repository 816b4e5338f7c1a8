// SPDX-License-Identifier: MIT
/* Local memory: what is stored there stays until a reset, and costs the host what was written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "memory/local.h"
#include "own_folder.h"
#include "program.h"
#include "soc/device.h"

/* The linker puts it in front of the library's. */
int __real_madvise(void *memory, size_t size, int advice);
int __wrap_madvise(void *memory, size_t size, int advice);

static size_t given_back;

int __wrap_madvise(void *memory, size_t size, int advice)
{
	given_back += advice == MADV_DONTNEED ? size : 0;
	return __real_madvise(memory, size, advice);
}

#define MIB (1ull << 20)
#define PAGE TSR_HW_PAGE_SIZE
#define SKU "small.json"

/* Where the tests' slots are: in guest memory, in local memory. */
#define SYSTEM_VA 0x10000000ull
#define LOCAL_VA 0x20000000ull
#define RW (TSR_HW_PTE_READ | TSR_HW_PTE_WRITE)

static void what_was_written_is_read(void **state)
{
	struct local *local = local_create(8 * MIB);
	uint8_t in[3 * PAGE], out[3 * PAGE];

	(void)state;
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i % 251);
	/* Over the end of 2 MiB, and not whole pages. */
	assert_int_equal(local_write(local, 2 * MIB - PAGE - 100, in, sizeof(in)), 0);
	local_read(local, 2 * MIB - PAGE - 100, out, sizeof(out));
	assert_memory_equal(in, out, sizeof(in));
	local_destroy(local);
}

static void a_part_of_a_page_leaves_the_rest(void **state)
{
	struct local *local = local_create(MIB);
	uint8_t before[PAGE], after[PAGE];

	(void)state;
	local_read(local, 0, before, PAGE);
	assert_int_equal(local_write(local, 1003, "seven", 5), 0);
	local_read(local, 0, after, PAGE);
	memcpy(before + 1003, "seven", 5);
	assert_memory_equal(before, after, PAGE);
	local_destroy(local);
}

static void a_reset_leaves_nothing_of_what_was_written(void **state)
{
	struct local *local = local_create(MIB);
	uint8_t fresh[PAGE], in[PAGE], out[PAGE];

	(void)state;
	memset(in, 0x5a, PAGE);
	local_read(local, PAGE, fresh, PAGE);
	assert_int_equal(local_write(local, PAGE, in, PAGE), 0);
	local_reset(local);
	local_read(local, PAGE, out, PAGE);
	assert_memory_not_equal(out, in, PAGE);
	assert_memory_not_equal(out, fresh, PAGE);
	assert_int_equal(local_resident(local), 0);
	/* Nor does it show when the page gets memory of the host again. */
	assert_int_equal(local_write(local, PAGE, "x", 1), 0);
	local_read(local, PAGE + 1, in, PAGE - 1);
	assert_memory_equal(in, out + 1, PAGE - 1);
	local_destroy(local);
}

static void a_reset_gives_memory_back_to_the_host(void **state)
{
	struct local *local = local_create(8 * MIB);
	uint8_t page[PAGE] = { 1 };

	(void)state;
	for (uint64_t i = 0; i < 5; i++)
		assert_int_equal(local_write(local, i * 3 * PAGE, page, PAGE), 0);
	given_back = 0;
	local_reset(local);
	assert_int_equal(given_back, 5 * PAGE);
	local_destroy(local);
}

static void memory_of_the_host_is_taken_for_what_was_written(void **state)
{
	struct local *local = local_create(8ull << 30);
	uint8_t page[PAGE];

	(void)state;
	local_read(local, (8ull << 30) - PAGE, page, PAGE);
	assert_int_equal(local_resident(local), 0);
	page[0] |= 1;
	assert_int_equal(local_write(local, (8ull << 30) - PAGE, page, PAGE), 0);
	assert_int_equal(local_resident(local), PAGE);
	local_destroy(local);
}

static void pages_of_zeros_take_none_and_give_back(void **state)
{
	static const uint8_t zeros[64 * PAGE];
	struct local *local = local_create(8 * MIB);
	uint8_t page[PAGE];

	(void)state;
	for (uint64_t at = 0; at < 8 * MIB; at += sizeof(zeros))
		assert_int_equal(local_write(local, at, zeros, sizeof(zeros)), 0);
	assert_int_equal(local_resident(local), 0);
	assert_int_equal(local_write(local, PAGE, "x", 1), 0);
	assert_int_equal(local_resident(local), PAGE);
	assert_int_equal(local_write(local, PAGE, zeros, PAGE), 0);
	assert_int_equal(local_resident(local), 0);
	local_read(local, PAGE, page, PAGE);
	assert_memory_equal(page, zeros, PAGE);
	local_destroy(local);
}

static void all_pages_can_be_written_in_any_order(void **state)
{
	struct local *local = local_create(64 * PAGE);
	uint8_t page[PAGE], out[PAGE];

	(void)state;
	for (unsigned int round = 1; round < 4; round++) {
		for (uint64_t i = 0; i < 64; i++) {
			memset(page, i % round ? (int)(i + round) : 0, PAGE);
			assert_int_equal(local_write(local, (i * 37 % 64) * PAGE, page, PAGE),
					 TSR_HW_ERR_NONE);
		}
		for (uint64_t i = 0; i < 64; i++) {
			memset(page, i % round ? (int)(i + round) : 0, PAGE);
			local_read(local, (i * 37 % 64) * PAGE, out, PAGE);
			assert_memory_equal(out, page, PAGE);
		}
	}
	assert_true(local_resident(local) <= 64 * PAGE);
	local_destroy(local);
}

/* A job of one DMA node; slot 0 is @size bytes at SYSTEM_VA, slot 1 at LOCAL_VA. */
static struct tsr_hw_job dma_job(struct fixture *f, uint64_t size, const void *command,
				 size_t command_size)
{
	const struct tsr_hw_slot slots[] = {
		{ SYSTEM_VA, size, 0, TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE, 0 },
		{ LOCAL_VA, size, 0, TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE, 0 },
	};
	struct test_program program;

	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_DMA, command, command_size);
	return program_place(&program, &f->as, 0x40000000, slots, 2);
}

static int copy(struct fixture *f, unsigned int bytes, unsigned int from, unsigned int to)
{
	struct tsr_hw_copy command = copy_make(bytes);
	struct tsr_hw_job job;

	command.src.slot = (__le16)from;
	command.dst.slot = (__le16)to;
	job = dma_job(f, bytes, &command, sizeof(command));
	return driver_run(&f->queue, &job);
}

static int fill(struct fixture *f, uint64_t bytes, uint64_t value)
{
	const struct tsr_hw_fill command = {
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(command) },
		.dst = { .slot = 1 },
		.size = bytes,
		.value = value,
		.width = 8,
	};
	struct tsr_hw_job job = dma_job(f, bytes, &command, sizeof(command));

	return driver_run(&f->queue, &job);
}

static void map_local(struct fixture *f, uint64_t offset, size_t size)
{
	aspace_map(&f->as, LOCAL_VA, offset | TSR_HW_PTE_APERTURE_LOCAL, size, RW);
}

static uint8_t *map_system(struct fixture *f, size_t size)
{
	return harness_at(f->harness, aspace_alloc(&f->as, SYSTEM_VA, size, RW));
}

static void pattern(uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(i * 7 + 1);
}

static int setup(void **state)
{
	*state = fixture_open("server");
	return *state ? 0 : -1;
}

static void copies_fill_and_drain_it(void **state)
{
	struct fixture *f = *state;
	uint8_t *bytes = map_system(f, MIB);
	uint8_t *want = malloc(MIB);

	map_local(f, 5 * PAGE, MIB);
	pattern(bytes, MIB);
	memcpy(want, bytes, MIB);
	assert_int_equal(copy(f, MIB, 0, 1), TSR_HW_ERR_NONE);
	memset(bytes, 0, MIB);
	assert_int_equal(copy(f, MIB, 1, 0), TSR_HW_ERR_NONE);
	assert_memory_equal(bytes, want, MIB);
	free(want);
}

static void each_page_is_its_own(void **state)
{
	struct fixture *f = *state;
	uint8_t *bytes = map_system(f, PAGE);

	pattern(bytes, PAGE);
	map_local(f, 0, PAGE);
	assert_int_equal(copy(f, PAGE, 0, 1), TSR_HW_ERR_NONE);
	/* Another page at the same address. */
	aspace_map(&f->as, LOCAL_VA, 7 * PAGE | TSR_HW_PTE_APERTURE_LOCAL, PAGE, RW);
	assert_int_equal(fill(f, PAGE, 0), TSR_HW_ERR_NONE);
	map_local(f, 0, PAGE);
	memset(bytes, 0, PAGE);
	assert_int_equal(copy(f, PAGE, 1, 0), TSR_HW_ERR_NONE);
	assert_int_equal(bytes[1], 8);
}

static void tiles_compute_there(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job;
	float *staged = (float *)map_system(f, PAGE);
	uint64_t a_va;

	/* A moves to local memory: 2 on its diagonal. */
	for (unsigned int i = 0; i < 32; i++)
		staged[33 * i] = 2.0f;
	map_local(f, 3 * PAGE, PAGE);
	assert_int_equal(copy(f, 32 * 32 * sizeof(float), 0, 1), TSR_HW_ERR_NONE);
	job = fixture_gemm(f, &gemm, 32, 32, 32);
	a_va = gemm.a_va;
	aspace_map(&f->as, a_va, 3 * PAGE | TSR_HW_PTE_APERTURE_LOCAL, PAGE, TSR_HW_PTE_READ);
	for (unsigned int i = 0; i < 32 * 32; i++)
		gemm.b[i] = (float)i;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	for (unsigned int i = 0; i < 32 * 32; i++)
		assert_float_equal(gemm.d[i], 2.0f * (float)i, 0);
}

static void permissions_hold_there_too(void **state)
{
	struct fixture *f = *state;

	map_system(f, PAGE);
	aspace_map(&f->as, LOCAL_VA, TSR_HW_PTE_APERTURE_LOCAL, PAGE, TSR_HW_PTE_READ);
	assert_int_equal(copy(f, PAGE, 0, 1), TSR_HW_ERR_FAULT_WRITE);
}

static void a_device_reset_discards_it(void **state)
{
	struct fixture *f = *state;
	uint8_t *bytes = map_system(f, PAGE);
	uint8_t want[PAGE];

	map_local(f, 0, PAGE);
	pattern(bytes, PAGE);
	memcpy(want, bytes, PAGE);
	assert_int_equal(copy(f, PAGE, 0, 1), TSR_HW_ERR_NONE);
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	bytes = map_system(f, PAGE);
	map_local(f, 0, PAGE);
	assert_int_equal(copy(f, PAGE, 1, 0), TSR_HW_ERR_NONE);
	assert_memory_not_equal(bytes, want, PAGE);
}

/* The first access beyond a limit of local memory; what is before it is written. */
static void expect_end_at(struct fixture *f, uint64_t offset, uint64_t end)
{
	const struct tsr_hw_completion *slot;
	uint64_t size = end - offset + PAGE;

	map_system(f, size);
	map_local(f, offset, size);
	assert_int_equal(copy(f, (unsigned int)(end - offset), 0, 1), TSR_HW_ERR_NONE);
	assert_int_equal(copy(f, (unsigned int)size, 0, 1), TSR_HW_ERR_FAULT_BUS);
	slot = driver_wait(&f->queue, f->queue.seq);
	assert_int_equal(slot->address, LOCAL_VA + end - offset);
}

static void offsets_beyond_its_size_are_bus_faults(void **state)
{
	expect_end_at(*state, (uint64_t)DEVICE_LOCAL_MIB * MIB - PAGE,
		      (uint64_t)DEVICE_LOCAL_MIB * MIB);
}

static void the_highest_offset_is_a_bus_fault(void **state)
{
	struct fixture *f = *state;

	map_system(f, PAGE);
	map_local(f, TSR_HW_PTE_ADDR, PAGE);
	assert_int_equal(copy(f, PAGE, 1, 0), TSR_HW_ERR_FAULT_BUS);
}

/* The server class with 3 MiB. */
static void write_small_sku(void)
{
	static const char from[] = "\"memory_mib\": 32768";
	FILE *in = fopen(VNPU_SKUS "/server.json", "re");
	FILE *out = fopen(SKU, "we");
	char text[8192];
	char *at;

	assert_non_null(in);
	assert_non_null(out);
	text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
	at = strstr(text, from);
	assert_non_null(at);
	fprintf(out, "%.*s\"memory_mib\": 3%s", (int)(at - text), text, at + strlen(from));
	fclose(in);
	fclose(out);
}

static int setup_small(void **state)
{
	write_small_sku();
	*state = fixture_open_with(&(struct harness_options){ .sku = SKU });
	return *state ? 0 : -1;
}

static void a_leaf_of_2_mib_may_end_beyond_it(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_copy command = copy_make(MIB);
	const struct tsr_hw_completion *slot;
	struct tsr_hw_job job;

	map_system(f, 2 * MIB);
	*aspace_entry(&f->as, LOCAL_VA, 1) = 2 * MIB | TSR_HW_PTE_APERTURE_LOCAL | RW |
					     TSR_HW_PTE_VALID | TSR_HW_PTE_LEAF;
	job = dma_job(f, 2 * MIB, &command, sizeof(command));
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	command.size = MIB + 1;
	job = dma_job(f, 2 * MIB, &command, sizeof(command));
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_FAULT_BUS);
	slot = driver_wait(&f->queue, f->queue.seq);
	assert_int_equal(slot->address, LOCAL_VA + MIB);
}

/* Zeros do not leave more of it for others, for none needs that. */
static void a_device_has_what_the_host_gives_and_all_of_it(void **state)
{
	struct fixture *f = *state;

	map_system(f, PAGE);
	map_local(f, 0, MIB + PAGE);
	assert_int_equal(fill(f, MIB, 0), TSR_HW_ERR_NONE);
	assert_int_equal(fill(f, MIB, 1), TSR_HW_ERR_NONE);
	assert_int_equal(fill(f, MIB + PAGE, 1), TSR_HW_ERR_FAULT_BUS);
	/* A reset gives it back, and the device has it again. */
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	map_system(f, PAGE);
	map_local(f, 0, MIB);
	assert_int_equal(fill(f, MIB, 1), TSR_HW_ERR_NONE);
}

static int setup_limited(void **state)
{
	*state = fixture_open_with(&(struct harness_options){
		.sku = VNPU_SKUS "/server.json", .local_mib = 1,
	});
	return *state ? 0 : -1;
}

static void the_fuses_say_what_the_host_gives(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(device_fuses(harness_device(f->harness))->memory_mib, 1);
}

/* In its sandbox, with what the option says. */
static int setup_process(void **state)
{
	static const char *const arguments[] = { "--local-memory", "1", NULL };

	*state = fixture_open_with(&(struct harness_options){
		.sku = VNPU_SKUS "/server.json",
		.process = true,
		.arguments = arguments,
	});
	return *state ? 0 : -1;
}

static void a_class_without_it_faults(void **state)
{
	struct fixture *f = *state;

	map_system(f, PAGE);
	map_local(f, 0, PAGE);
	assert_int_equal(copy(f, PAGE, 0, 1), TSR_HW_ERR_FAULT_WRITE);
}

#define LOCAL_TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)
#define LIMITED_TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup_limited, fixture_teardown)
#define SMALL_TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup_small, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_part_of_a_page_leaves_the_rest),
		cmocka_unit_test(a_reset_leaves_nothing_of_what_was_written),
		cmocka_unit_test(a_reset_gives_memory_back_to_the_host),
		cmocka_unit_test(memory_of_the_host_is_taken_for_what_was_written),
		cmocka_unit_test(pages_of_zeros_take_none_and_give_back),
		cmocka_unit_test(all_pages_can_be_written_in_any_order),
		LOCAL_TEST(copies_fill_and_drain_it),
		LOCAL_TEST(each_page_is_its_own),
		LOCAL_TEST(tiles_compute_there),
		LOCAL_TEST(permissions_hold_there_too),
		LOCAL_TEST(a_device_reset_discards_it),
		LOCAL_TEST(offsets_beyond_its_size_are_bus_faults),
		LOCAL_TEST(the_highest_offset_is_a_bus_fault),
		SMALL_TEST(a_leaf_of_2_mib_may_end_beyond_it),
		LIMITED_TEST(a_device_has_what_the_host_gives_and_all_of_it),
		LIMITED_TEST(the_fuses_say_what_the_host_gives),
		cmocka_unit_test_setup_teardown(a_device_has_what_the_host_gives_and_all_of_it,
						setup_process, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_class_without_it_faults, fixture_setup,
						fixture_teardown),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
