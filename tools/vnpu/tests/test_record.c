// SPDX-License-Identifier: MIT
/* A record, byte by byte: what each hook writes, and what is no record. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "clock.h"
#include "cmocka_prelude.h"
#include "memory/port.h"
#include "own_folder.h"
#include "trace/record.h"
#include "trace/record_format.h"

#define FILE_PATH "made.record"

/* What the simulation's thread sees, and what others see. */
#define NOW 900u
#define PUBLISHED 800u
#define STEP 7u

static struct clock device_clock;

uint64_t clock_now(const struct clock *clock)
{
	assert_ptr_equal(clock, &device_clock);
	return NOW;
}

static const struct record_header header = {
	.magic = RECORD_MAGIC, .version = RECORD_VERSION, .vectors = 2, .serial = 55,
};

static int open_file(int flags)
{
	int fd = open(FILE_PATH, flags | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static int setup(void **state)
{
	struct record *record = record_create(&device_clock);

	unlink(FILE_PATH);
	atomic_store(&device_clock.published, PUBLISHED);
	if (!record || record_start(record, open_file(O_WRONLY), &header))
		return -1;
	record_step(record, STEP);
	*state = record;
	return 0;
}

static int teardown(void **state)
{
	record_destroy(*state);
	return 0;
}

/* The record ends; it holds the header, then one entry of these contents. */
static void expect_entry(struct record *record, uint32_t type, uint64_t cycles,
			 const void *payload, size_t size, const void *data, size_t data_size)
{
	const struct record_entry entry = { type, (uint32_t)(size + data_size), STEP, cycles };
	uint8_t want[2048], found[2048];
	size_t wanted = 0;
	FILE *file;

	assert_int_equal(record_stop(record), 0);
	memcpy(want, &header, sizeof(header));
	wanted += sizeof(header);
	memcpy(want + wanted, &entry, sizeof(entry));
	wanted += sizeof(entry);
	memcpy(want + wanted, payload, size);
	wanted += size;
	if (data_size)
		memcpy(want + wanted, data, data_size);
	wanted += data_size;
	file = fopen(FILE_PATH, "rb");
	assert_non_null(file);
	assert_int_equal(fread(found, 1, sizeof(found), file), wanted);
	fclose(file);
	assert_memory_equal(found, want, wanted);
}

static void an_input_has_its_words(void **state)
{
	const struct record_input input = { RECORD_INPUT_BELLS, 1, 2, 3 };

	record_input(*state, &input);
	expect_entry(*state, RECORD_INPUT, NOW, &input, sizeof(input), NULL, 0);
}

static void a_node_has_its_faults(void **state)
{
	const struct record_node node = { 1, 1, 0, 5, 6 };

	record_node(*state, &node);
	expect_entry(*state, RECORD_NODE, NOW, &node, sizeof(node), NULL, 0);
}

static void the_end_of_a_node_has_its_error(void **state)
{
	const struct record_done done = { 1, 2, 3, 4 };

	record_done(*state, &done);
	expect_entry(*state, RECORD_DONE, NOW, &done, sizeof(done), NULL, 0);
}

static void an_interrupt_is_its_vector(void **state)
{
	const uint64_t vector = 1;

	record_raise(*state, 1);
	expect_entry(*state, RECORD_RAISE, NOW, &vector, sizeof(vector), NULL, 0);
}

static void an_operand_lies_where_it_lies(void **state)
{
	const struct port_agent agent = { .serial = 9 };
	const struct record_memory memory = { 9, 0x5000, 1 };

	record_memory(*state, &agent, 0x5000, true);
	expect_entry(*state, RECORD_MEMORY, NOW, &memory, sizeof(memory), NULL, 0);
}

/* Another thread makes it: what the simulation's has published is the time. */
static void an_access_of_a_register_has_the_time_that_others_see(void **state)
{
	const struct record_mmio mmio = { 1, 0, 0x10, 4, 99 };

	record_mmio(*state, &mmio);
	expect_entry(*state, RECORD_MMIO, PUBLISHED, &mmio, sizeof(mmio), NULL, 0);
}

/* Rows without the gaps between them. */
static void copy_rows(struct record *record, unsigned int id, uint64_t cycles)
{
	const struct port_agent agent = { .id = id, .asid = 3, .serial = 4 };
	const struct port_rows rows = { 0x1000, 64, 3, 2, "ab--cd--ef--", 4 };
	const struct record_copy copy = {
		.agent = id, .asid = 3, .serial = 4, .access = MMU_WRITE, .va = 0x1000,
		.stride = 64, .rows = 3, .n = 2,
	};

	record_copy(record, &agent, MMU_WRITE, &rows, 0, 0x7777);
	expect_entry(record, RECORD_COPY, cycles, &copy, sizeof(copy), "abcdef", 6);
}

static void a_copy_has_its_rows(void **state)
{
	copy_rows(*state, 3, PUBLISHED);
}

static void a_copy_of_the_rom_has_the_simulation_s_time(void **state)
{
	copy_rows(*state, PORT_AGENT_ROM, NOW);
}

static void a_copy_of_the_core_has_it_too(void **state)
{
	copy_rows(*state, PORT_AGENT_CORE, NOW);
}

static void a_copy_of_the_mmu_has_not(void **state)
{
	copy_rows(*state, PORT_AGENT_MMU, PUBLISHED);
}

static void a_copy_that_failed_has_its_fault_and_no_rows(void **state)
{
	const struct port_agent agent = { .id = 3 };
	const struct port_rows rows = { 0x1000, 64, 3, 2, "ab--cd--ef--", 4 };
	const struct record_copy copy = {
		.agent = 3, .error = TSR_HW_ERR_FAULT_READ, .va = 0x1000, .stride = 64, .rows = 3,
		.n = 2, .fault = 0x1040,
	};

	record_copy(*state, &agent, MMU_READ, &rows, TSR_HW_ERR_FAULT_READ, 0x1040);
	expect_entry(*state, RECORD_COPY, PUBLISHED, &copy, sizeof(copy), NULL, 0);
}

static off_t file_size(void)
{
	int fd = open_file(O_RDONLY);
	off_t size = lseek(fd, 0, SEEK_END);

	close(fd);
	return size;
}

static void nothing_is_written_unless_a_record_is_made(void **state)
{
	const struct port_agent agent = { .id = 3 };
	const struct port_rows rows = { 0, 0, 1, 1, "", 0 };
	struct record *record = *state;

	assert_true(record_active(record));
	assert_int_equal(record_stop(record), 0);
	assert_false(record_active(record));
	record_raise(record, 0);
	record_input(record, &(struct record_input){ 0 });
	record_node(record, &(struct record_node){ 0 });
	record_done(record, &(struct record_done){ 0 });
	record_mmio(record, &(struct record_mmio){ 0 });
	record_memory(record, &agent, 0, false);
	record_copy(record, &agent, MMU_READ, &rows, 0, 0);
	assert_int_equal(file_size(), sizeof(header));
	assert_int_equal(record_stop(record), -EINVAL);
}

static void a_second_record_does_not_begin(void **state)
{
	int fd = open("other", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(record_start(*state, fd, &header), -EBUSY);
	/* The descriptor is still the caller's. */
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	assert_int_equal(record_stop(*state), 0);
	assert_int_equal(file_size(), sizeof(header));
	assert_int_equal(record_start(*state, open_file(O_RDWR), &header), 0);
	record_raise(*state, 0);
	assert_int_equal(record_stop(*state), 0);
	assert_int_equal(file_size(), sizeof(header) + sizeof(struct record_entry) + 8);
}

/* Whatever was there, and wherever the descriptor stood. */
static void a_file_is_emptied(void **state)
{
	int fd;

	assert_int_equal(record_stop(*state), 0);
	fd = open_file(O_WRONLY);
	assert_int_equal(ftruncate(fd, 100000), 0);
	assert_int_equal(lseek(fd, 50000, SEEK_SET), 50000);
	assert_int_equal(record_start(*state, fd, &header), 0);
	assert_int_equal(record_stop(*state), 0);
	assert_int_equal(file_size(), sizeof(header));
}

static void what_is_no_file_for_writing_is_refused(void **state)
{
	int fds[2];
	int fd;

	assert_int_equal(record_stop(*state), 0);
	fd = open_file(O_RDONLY);
	assert_int_equal(record_start(*state, fd, &header), -EINVAL);
	close(fd);
	assert_int_equal(record_start(*state, fd, &header), -EBADF);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(record_start(*state, fds[1], &header), -EINVAL);
	close(fds[0]);
	close(fds[1]);
	assert_false(record_active(*state));
}

static void a_record_that_is_short_is_told(void **state)
{
	const struct rlimit limit = { 200, RLIM_INFINITY };
	struct rlimit before;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(record_stop(*state), -EIO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

#define RECORD_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECORD_TEST(an_input_has_its_words),
		RECORD_TEST(a_node_has_its_faults),
		RECORD_TEST(the_end_of_a_node_has_its_error),
		RECORD_TEST(an_interrupt_is_its_vector),
		RECORD_TEST(an_operand_lies_where_it_lies),
		RECORD_TEST(an_access_of_a_register_has_the_time_that_others_see),
		RECORD_TEST(a_copy_has_its_rows),
		RECORD_TEST(a_copy_of_the_rom_has_the_simulation_s_time),
		RECORD_TEST(a_copy_of_the_core_has_it_too),
		RECORD_TEST(a_copy_of_the_mmu_has_not),
		RECORD_TEST(a_copy_that_failed_has_its_fault_and_no_rows),
		RECORD_TEST(nothing_is_written_unless_a_record_is_made),
		RECORD_TEST(a_second_record_does_not_begin),
		RECORD_TEST(a_file_is_emptied),
		RECORD_TEST(what_is_no_file_for_writing_is_refused),
		RECORD_TEST(a_record_that_is_short_is_told),
	};

	signal(SIGXFSZ, SIG_IGN);
	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
