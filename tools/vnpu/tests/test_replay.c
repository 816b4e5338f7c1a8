// SPDX-License-Identifier: MIT
/* A recorded run is repeated without a guest, equal to the last entry. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "own_folder.h"
#include "soc/device.h"
#include "surface/surface.h"
#include "trace/record_format.h"
#include "trace/replay.h"

#define RECORD "kept.record"
#define EDGE VNPU_SKUS "/edge.json"
#define SERVER VNPU_SKUS "/server.json"

static int begin(struct fixture *f)
{
	if (!f)
		return -1;
	return harness_reset(f->harness) &&
	       harness_record(f->harness, RECORD) && fixture_boot(f) ? 0 : -1;
}

static int setup(void **state)
{
	*state = fixture_open("edge");
	return begin(*state);
}

static int setup_server(void **state)
{
	*state = fixture_open("server");
	return begin(*state);
}

static int teardown(void **state)
{
	unlink(RECORD);
	return fixture_teardown(state);
}

/* Repeat the record; the first difference, or an empty string. */
static void repeat(const char *sku, char *difference, size_t size, uint64_t *compared)
{
	struct device_config config = {
		.surface = test_surface, .sku_path = sku,
	};
	struct device *dev;
	char error[512];

	assert_int_equal(replay_open(RECORD, &config.replay, error, sizeof(error)), 0);
	assert_int_equal(device_create(&config, &dev, error, sizeof(error)), 0);
	device_replay(dev);
	snprintf(difference, size, "%s", replay_difference(config.replay) ?
		 replay_difference(config.replay) : "");
	*compared = replay_compared(config.replay);
	device_destroy(dev);
	replay_close(config.replay);
}

static void run_gemm(struct fixture *f, struct fixture_gemm *gemm)
{
	struct tsr_hw_job job = fixture_gemm(f, gemm, 200, 64, 300);

	for (int i = 0; i < 200 * 64; i++)
		gemm->a[i] = (float)(i % 11);
	for (int i = 0; i < 64 * 300; i++)
		gemm->b[i] = (float)(i % 5);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

static void expect_equal_on(struct fixture *f, const char *sku)
{
	char difference[512];
	uint64_t compared;

	assert_true(harness_settle(f->harness));
	assert_true(harness_command(f->harness, "record stop"));
	repeat(sku, difference, sizeof(difference), &compared);
	assert_string_equal(difference, "");
	assert_true(compared > 20);
}

static void expect_equal(struct fixture *f)
{
	expect_equal_on(f, EDGE);
}

static void jobs_are_repeated(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job;

	run_gemm(f, &gemm);
	job = fixture_nop(f, 7);
	for (int i = 0; i < 20; i++)
		assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	expect_equal(f);
}

/* The result goes to local memory, and is an operand there. */
static void jobs_in_local_memory_are_repeated(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 32, 32, 32);

	for (int i = 0; i < 32 * 32; i++)
		gemm.a[i] = gemm.b[i] = (float)(i % 7);
	aspace_map(&f->as, gemm.d_va, TSR_HW_PTE_APERTURE_LOCAL, TSR_HW_PAGE_SIZE,
		   TSR_HW_PTE_READ | TSR_HW_PTE_WRITE);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	job = fixture_gemm(f, &gemm, 32, 32, 32);
	aspace_map(&f->as, gemm.a_va, TSR_HW_PTE_APERTURE_LOCAL, TSR_HW_PAGE_SIZE,
		   TSR_HW_PTE_READ);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	expect_equal_on(f, SERVER);
}

static void faults_and_resets_are_repeated(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 64, 64, 64);

	aspace_unmap(&f->as, gemm.a_va + TSR_HW_PAGE_SIZE, TSR_HW_PAGE_SIZE);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_FAULT_READ);
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	run_gemm(f, &gemm);
	expect_equal(f);
}

static void injected_faults_are_repeated(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_admin kill = { .op = TSR_HW_ADMIN_QUEUE_KILL, .queue = 1 };
	struct fixture_gemm gemm;
	struct tsr_hw_job job;
	uint32_t seq;

	assert_true(harness_command(f->harness, "inject flip-result bit=100"));
	run_gemm(f, &gemm);
	assert_true(harness_command(f->harness, "inject hang node=2"));
	job = fixture_nop(f, 4);
	assert_true(harness_command(f->harness, "hold"));
	seq = driver_post(&f->queue, &job);
	driver_ring(&f->queue);
	assert_true(harness_command(f->harness, "step 1"));
	assert_true(harness_settle(f->harness));
	assert_true(harness_command(f->harness, "release"));
	assert_int_equal(driver_admin(&f->driver, &kill), TSR_HW_ERR_NONE);
	assert_non_null(driver_wait(&f->queue, seq));
	assert_true(harness_command(f->harness, "inject firmware-crash"));
	expect_equal(f);
}

/* Numbers of nodes go on from those before the record. */
static void a_device_that_has_worked_before_is_repeated(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_nop(f, 5);

	assert_true(harness_command(f->harness, "record stop"));
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(begin(f), 0);
	run_gemm(f, &gemm);
	expect_equal(f);
}

static void a_device_that_knows_a_stream_is_repeated(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;

	assert_true(harness_command(f->harness, "record stop"));
	run_gemm(f, &gemm);
	assert_int_equal(begin(f), 0);
	run_gemm(f, &gemm);
	expect_equal(f);
}

/* Offset in the file of the first entry of @type whose size is at least @size. */
static long find_entry(FILE *file, uint32_t type, uint32_t size, uint32_t agent)
{
	struct record_entry entry;
	struct record_copy copy;
	long at = sizeof(struct record_header);

	for (;; at += (long)(sizeof(entry) + entry.size)) {
		assert_int_equal(fseek(file, at, SEEK_SET), 0);
		assert_int_equal(fread(&entry, sizeof(entry), 1, file), 1);
		assert_int_equal(fread(&copy, sizeof(uint32_t), 1, file), 1);
		if (entry.type == type && entry.size >= size && copy.agent == agent)
			return at;
	}
}

static void change_byte(long offset)
{
	FILE *file = fopen(RECORD, "r+b");
	int byte;

	assert_non_null(file);
	assert_int_equal(fseek(file, offset, SEEK_SET), 0);
	byte = fgetc(file);
	assert_int_equal(fseek(file, offset, SEEK_SET), 0);
	fputc(byte ^ 0x40, file);
	fclose(file);
}

static void a_changed_operand_is_the_first_difference(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	char difference[512];
	uint64_t compared;
	FILE *file;
	long at;

	run_gemm(f, &gemm);
	assert_true(harness_settle(f->harness));
	assert_true(harness_command(f->harness, "record stop"));
	file = fopen(RECORD, "rb");
	at = find_entry(file, RECORD_COPY, 4000, 0);
	fclose(file);
	change_byte(at + (long)(sizeof(struct record_entry) + sizeof(struct record_copy)) + 103);
	repeat(EDGE, difference, sizeof(difference), &compared);
	assert_non_null(strstr(difference, "writes other contents"));
}

static void damaged_records_are_refused_or_differ(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct replay *replay;
	char difference[512];
	uint64_t compared;
	char error[512];

	run_gemm(f, &gemm);
	assert_true(harness_command(f->harness, "record stop"));
	change_byte(3);
	assert_int_not_equal(replay_open(RECORD, &replay, error, sizeof(error)), 0);
	assert_non_null(strstr(error, RECORD));
	change_byte(3);
	/* The tail may be missing, as when the device died. */
	assert_int_equal(truncate(RECORD, 200000), 0);
	repeat(EDGE, difference, sizeof(difference), &compared);
	assert_true(compared > 0);
}

static void a_record_begins_in_reset_only(void **state)
{
	struct fixture *f = *state;

	assert_true(harness_command(f->harness, "record stop"));
	assert_false(harness_command(f->harness, "record stop"));
	assert_false(harness_record(f->harness, RECORD));
	assert_true(harness_reset(f->harness));
	assert_true(harness_record(f->harness, RECORD));
	assert_false(harness_record(f->harness, RECORD));
	assert_true(harness_command(f->harness, "record stop"));
}

static void refuse_record(struct fixture *f, int fd, const char *why)
{
	char *reply = harness_reply(f->harness, CONTROL_HOST, "record start", fd);

	assert_non_null(strstr(reply, "\"ok\":false"));
	assert_non_null(strstr(reply, why));
	free(reply);
}

static void a_record_goes_to_a_regular_file_open_for_writing(void **state)
{
	struct fixture *f = *state;
	int fds[2];

	assert_true(harness_command(f->harness, "record stop"));
	assert_true(harness_reset(f->harness));
	refuse_record(f, -1, "SCM_RIGHTS");
	refuse_record(f, open(RECORD, O_RDONLY | O_CLOEXEC), "no regular file");
	refuse_record(f, open("/dev/null", O_WRONLY | O_CLOEXEC), "no regular file");
	assert_int_equal(pipe(fds), 0);
	refuse_record(f, fds[1], "no regular file");
	close(fds[0]);
	assert_false(harness_command(f->harness, "record start " RECORD));
	assert_true(harness_record(f->harness, RECORD));
}

#define REPLAY_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REPLAY_TEST(jobs_are_repeated),
		cmocka_unit_test_setup_teardown(jobs_in_local_memory_are_repeated, setup_server,
						teardown),
		REPLAY_TEST(a_device_that_has_worked_before_is_repeated),
		REPLAY_TEST(a_device_that_knows_a_stream_is_repeated),
		REPLAY_TEST(faults_and_resets_are_repeated),
		REPLAY_TEST(injected_faults_are_repeated),
		REPLAY_TEST(a_changed_operand_is_the_first_difference),
		REPLAY_TEST(damaged_records_are_refused_or_differ),
		REPLAY_TEST(a_record_begins_in_reset_only),
		REPLAY_TEST(a_record_goes_to_a_regular_file_open_for_writing),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
