// SPDX-License-Identifier: MIT
/* The state file keeps what it must and is refused when damaged. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "boot/state.h"
#include "cmocka_prelude.h"
#include "no_input.h"

/* The linker puts them in front of the library's. */
int __wrap_fdatasync(int fd);
int __wrap_fsync(int fd);

static unsigned int syncs, folder_syncs;
static int sync_error, folder_sync_error;

static int fails_with(int error)
{
	errno = error;
	return error ? -1 : 0;
}

int __wrap_fdatasync(int fd)
{
	(void)fd;
	syncs++;
	return fails_with(sync_error);
}

int __wrap_fsync(int fd)
{
	struct stat info;

	assert_int_equal(fstat(fd, &info), 0);
	assert_true(S_ISDIR(info.st_mode));
	folder_syncs++;
	return fails_with(folder_sync_error);
}

struct place {
	char folder[32];
	char path[64];
};

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	strcpy(place->folder, "/tmp/vnpu-XXXXXX");
	if (!mkdtemp(place->folder))
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/state", place->folder);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;

	unlink(place->path);
	rmdir(place->folder);
	free(place);
	return 0;
}

static struct state *open_good(const struct place *place)
{
	struct state *st;
	char error[512];

	assert_int_equal(state_open(place->path, &st, error, sizeof(error)), 0);
	return st;
}

static void a_new_device_has_a_serial_and_a_secret_of_its_own(void **state)
{
	struct place *place = *state;
	struct state *first = open_good(place);
	struct state *second;
	uint8_t zero[STATE_SECRET_BYTES] = { 0 };
	struct stat info;

	assert_int_not_equal(state_serial(first), 0);
	assert_memory_not_equal(state_secret(first), zero, sizeof(zero));
	assert_int_equal(stat(place->path, &info), 0);
	assert_int_equal(info.st_mode & 077, 0);
	assert_int_equal(unlink(place->path), 0);
	second = open_good(place);
	assert_int_not_equal(state_serial(first), state_serial(second));
	assert_memory_not_equal(state_secret(first), state_secret(second), sizeof(zero));
	state_close(first);
	state_close(second);
}

/* A new file, and one that is there. */
static void the_file_may_have_number_0(void **state)
{
	struct place *place = *state;
	struct state *st[2];
	char error[512];
	int ret[2], recorded[2];
	bool open[2], left[2];
	int input;

	/* The library may open a source of random numbers first, and keep it. */
	assert_true(sodium_init() >= 0);
	input = no_input_begin();
	for (unsigned int i = 0; i < 2; i++) {
		ret[i] = state_open(place->path, &st[i], error, sizeof(error));
		open[i] = number_0_is_open();
		recorded[i] = ret[i] ? -1 : state_record_boot(st[i], 5 + i);
		if (!ret[i])
			state_close(st[i]);
		left[i] = number_0_is_open();
	}
	no_input_end(input);
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(ret[i], 0);
		assert_true(open[i]);
		assert_int_equal(recorded[i], 0);
		assert_false(left[i]);
	}
	st[0] = open_good(place);
	assert_int_equal(state_boots(st[0]), 2);
	assert_int_equal(state_rollback_min(st[0]), 6);
	state_close(st[0]);
}

static void what_was_recorded_outlives_the_process(void **state)
{
	struct state *st = open_good(*state);
	uint64_t serial = state_serial(st);

	assert_int_equal(state_record_boot(st, 5), 0);
	assert_int_equal(state_record_boot(st, 3), 0);
	state_close(st);
	st = open_good(*state);
	assert_int_equal(state_serial(st), serial);
	assert_int_equal(state_rollback_min(st), 5);
	assert_int_equal(state_boots(st), 2);
	state_close(st);
}

static void overwrite(const struct place *place, const void *bytes, size_t size)
{
	FILE *file = fopen(place->path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

static size_t contents(const struct place *place, uint8_t *bytes, size_t size)
{
	FILE *file = fopen(place->path, "rb");

	assert_non_null(file);
	size = fread(bytes, 1, size, file);
	fclose(file);
	return size;
}

static void expect_refused_because(const struct place *place, const char *why)
{
	struct state *st;
	char error[512];

	assert_int_equal(state_open(place->path, &st, error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, place->path));
	assert_non_null(strstr(error, "remove it"));
	assert_non_null(strstr(error, why));
}

static void expect_refused(const struct place *place)
{
	expect_refused_because(place, "");
}

static void every_damage_is_refused_and_the_file_left_alone(void **state)
{
	struct place *place = *state;
	uint8_t good[1100] = { 0 };
	uint8_t after[1100];
	size_t size;

	state_close(open_good(place));
	size = contents(place, good, sizeof(good));
	for (size_t cut = 0; cut < size; cut += 13) {
		overwrite(place, good, cut);
		expect_refused(place);
		assert_int_equal(contents(place, after, sizeof(after)), cut);
	}
	for (size_t byte = 0; byte < size; byte++) {
		good[byte] ^= 0x10;
		overwrite(place, good, size);
		expect_refused(place);
		good[byte] ^= 0x10;
	}
	overwrite(place, good, 1025);
	expect_refused(place);
	overwrite(place, good, size);
	state_close(open_good(place));
}

/* The checksum of a changed file, which is behind all the rest, is right again. */
static void seal(uint8_t *bytes)
{
	crypto_hash_sha256(bytes + 472, bytes, 472);
}

static void the_reason_of_a_refusal_is_told(void **state)
{
	struct place *place = *state;
	uint8_t good[504], bytes[1025] = { 0 };

	state_close(open_good(place));
	assert_int_equal(contents(place, good, sizeof(good)), 504);
	overwrite(place, good, 503);
	expect_refused_because(place, "it has the wrong size");
	memcpy(bytes, good, 504);
	overwrite(place, bytes, 1025);
	expect_refused_because(place, "it has the wrong size");
	overwrite(place, bytes, 1024);
	state_close(open_good(place));
	bytes[7]++;
	seal(bytes);
	overwrite(place, bytes, 504);
	expect_refused_because(place, "it is no state file");
	memcpy(bytes, good, 504);
	bytes[471]++;
	overwrite(place, bytes, 504);
	expect_refused_because(place, "its checksum is wrong");
	seal(bytes);
	overwrite(place, bytes, 504);
	state_close(open_good(place));
}

static void another_version_or_size_is_refused(void **state)
{
	struct place *place = *state;
	uint8_t bytes[504];

	state_close(open_good(place));
	assert_int_equal(contents(place, bytes, sizeof(bytes)), 504);
	for (size_t byte = 8; byte < 16; byte++) {
		bytes[byte] ^= 2;
		seal(bytes);
		overwrite(place, bytes, 504);
		expect_refused_because(place, "it is of another version");
		bytes[byte] ^= 2;
	}
	seal(bytes);
	overwrite(place, bytes, 504);
	state_close(open_good(place));
}

/* Where the newest of two states is in the file. */
static size_t newest(const uint8_t *bytes)
{
	uint64_t boots[2];

	memcpy(&boots[0], bytes + 24, sizeof(boots[0]));
	memcpy(&boots[1], bytes + 512 + 24, sizeof(boots[1]));
	return boots[0] > boots[1] ? 0 : 512;
}

static void a_write_that_was_interrupted_leaves_the_state_before_it(void **state)
{
	struct place *place = *state;
	uint8_t bytes[1100] = { 0 };
	size_t size;
	size_t at;

	for (unsigned int boots = 1; boots <= 4; boots++) {
		struct state *st = open_good(place);

		assert_int_equal(state_record_boot(st, boots), 0);
		state_close(st);
		size = contents(place, bytes, sizeof(bytes));
		assert_in_range(size, 1016, 1024);
		at = newest(bytes);
		for (size_t torn = 0; torn < 504; torn += 21) {
			uint8_t kept = bytes[at + torn];

			bytes[at + torn] ^= 0xff;
			overwrite(place, bytes, size);
			st = open_good(place);
			assert_int_equal(state_boots(st), boots - 1);
			assert_int_equal(state_rollback_min(st), boots - 1);
			state_close(st);
			bytes[at + torn] = kept;
		}
		overwrite(place, bytes, size);
	}
	bytes[40] ^= 1;
	bytes[512 + 40] ^= 1;
	overwrite(place, bytes, size);
	expect_refused(place);
}

static void a_state_in_use_is_refused(void **state)
{
	struct place *place = *state;
	struct state *first = open_good(place);
	struct state *second;
	char error[512];

	assert_int_equal(state_open(place->path, &second, error, sizeof(error)), -EWOULDBLOCK);
	assert_non_null(strstr(error, "another virtual NPU"));
	state_close(first);
	state_close(open_good(place));
}

static void nothing_but_a_regular_file_is_taken(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkfifo(place->path, 0600), 0);
	expect_refused(place);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
	char error[512];
	struct state *st;

	(void)state;
	assert_int_equal(state_open("/nowhere/state", &st, error, sizeof(error)), -ENOENT);
	assert_non_null(strstr(error, "/nowhere/state"));
}

static void a_new_file_and_its_name_are_synced(void **state)
{
	struct place *place = *state;

	syncs = folder_syncs = 0;
	state_close(open_good(place));
	assert_int_equal(syncs, 1);
	assert_int_equal(folder_syncs, 1);
	/* The last process may have ended before its writes were. */
	state_close(open_good(place));
	assert_int_equal(syncs, 2);
	assert_int_equal(folder_syncs, 1);
}

static void expect_open_fails(const struct place *place, int error)
{
	struct state *st;
	char text[512];

	assert_int_equal(state_open(place->path, &st, text, sizeof(text)), -error);
	assert_non_null(strstr(text, strerror(error)));
	assert_null(strstr(text, "remove it"));
}

static void a_folder_in_place_of_the_file_is_told(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir(place->path, 0700), 0);
	expect_open_fails(place, EISDIR);
	assert_int_equal(rmdir(place->path), 0);
	state_close(open_good(place));
}

static void what_cannot_be_synced_is_not_used(void **state)
{
	struct place *place = *state;

	folder_sync_error = EIO;
	expect_open_fails(place, EIO);
	folder_sync_error = 0;
	unlink(place->path);
	sync_error = ENOSPC;
	expect_open_fails(place, ENOSPC);
	sync_error = 0;
	unlink(place->path);
	state_close(open_good(place));
	sync_error = EIO;
	expect_open_fails(place, EIO);
	sync_error = 0;
	state_close(open_good(place));
}

/* No file of this process may become longer. */
static void limit_files(rlim_t size)
{
	const struct rlimit limit = { size, RLIM_INFINITY };

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_boot_that_is_not_written_is_not_recorded(void **state)
{
	static const struct {
		rlim_t limit;
		int sync_error;
		int error;
	} rows[] = {
		{ 512, 0, -EFBIG }, { 600, 0, -EIO }, { RLIM_INFINITY, EIO, -EIO },
	};
	struct state *st = open_good(*state);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		limit_files(rows[i].limit);
		sync_error = rows[i].sync_error;
		assert_int_equal(state_record_boot(st, 9), rows[i].error);
		limit_files(RLIM_INFINITY);
		sync_error = 0;
		assert_int_equal(state_boots(st), 0);
		assert_int_equal(state_rollback_min(st), 0);
	}
	assert_int_equal(state_record_boot(st, 9), 0);
	assert_int_equal(state_rollback_min(st), 9);
	state_close(st);
	st = open_good(*state);
	assert_int_equal(state_boots(st), 1);
	assert_int_equal(state_rollback_min(st), 9);
	state_close(st);
}

static void a_state_without_a_file_keeps_what_it_is_told(void **state)
{
	struct state *st = state_make_volatile(0x123456789, 4);

	(void)state;
	assert_non_null(st);
	syncs = 0;
	assert_int_equal(state_serial(st), 0x123456789);
	assert_int_equal(state_rollback_min(st), 4);
	assert_int_equal(state_record_boot(st, 6), 0);
	assert_int_equal(state_record_boot(st, 5), 0);
	assert_int_equal(state_boots(st), 2);
	assert_int_equal(state_rollback_min(st), 6);
	assert_int_equal(syncs, 0);
	state_close(st);
	state_close(NULL);
}

#define STATE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

/* A guest boots as often as it likes: that must not make the host's disk work. */
static void only_a_raised_minimum_is_synced(void **state)
{
	struct state *st = open_good(*state);

	syncs = 0;
	for (int i = 0; i < 100; i++)
		assert_int_equal(state_record_boot(st, 0), 0);
	assert_int_equal(syncs, 0);
	assert_int_equal(state_record_boot(st, 7), 0);
	assert_int_equal(syncs, 1);
	for (int i = 0; i < 100; i++)
		assert_int_equal(state_record_boot(st, 7 - i % 2), 0);
	assert_int_equal(syncs, 1);
	assert_int_equal(state_boots(st), 201);
	state_close(st);
}

/* Whatever becomes of unsynced writes, the place with the minimum is as it was synced. */
static void boots_are_never_written_over_the_minimum(void **state)
{
	struct place *place = *state;
	struct state *st = open_good(place);
	uint8_t before[1024] = { 0 };
	uint8_t after[1024] = { 0 };
	size_t at;

	for (uint32_t version = 1; version < 5; version++) {
		assert_int_equal(state_record_boot(st, version), 0);
		contents(place, before, sizeof(before));
		at = newest(before);
		for (int i = 0; i < 5; i++)
			assert_int_equal(state_record_boot(st, version), 0);
		contents(place, after, sizeof(after));
		assert_memory_equal(before + at, after + at, 512);
		memset(after + (at ? 0 : 512), 0, 512);
		state_close(st);
		overwrite(place, after, sizeof(after));
		st = open_good(place);
		assert_int_equal(state_rollback_min(st), version);
	}
	state_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_TEST(a_new_device_has_a_serial_and_a_secret_of_its_own),
		STATE_TEST(the_file_may_have_number_0),
		STATE_TEST(what_was_recorded_outlives_the_process),
		STATE_TEST(every_damage_is_refused_and_the_file_left_alone),
		STATE_TEST(the_reason_of_a_refusal_is_told),
		STATE_TEST(another_version_or_size_is_refused),
		STATE_TEST(a_new_file_and_its_name_are_synced),
		STATE_TEST(a_folder_in_place_of_the_file_is_told),
		STATE_TEST(what_cannot_be_synced_is_not_used),
		STATE_TEST(a_boot_that_is_not_written_is_not_recorded),
		STATE_TEST(a_state_without_a_file_keeps_what_it_is_told),
		STATE_TEST(a_write_that_was_interrupted_leaves_the_state_before_it),
		STATE_TEST(only_a_raised_minimum_is_synced),
		STATE_TEST(boots_are_never_written_over_the_minimum),
		STATE_TEST(a_state_in_use_is_refused),
		STATE_TEST(nothing_but_a_regular_file_is_taken),
		STATE_TEST(a_folder_that_is_not_there_is_named),
	};

	signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
