// SPDX-License-Identifier: MIT
/* The program as users run it: its sandbox, its sockets, what each of them may do. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include <tsr_hw/error.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "own_folder.h"
#include "process.h"
#include "soc/device.h"
#include "surface/surface.h"
#include "trace/replay.h"

#define RECORD "kept.record"

static int setup(void **state)
{
	*state = fixture_open_process("edge");
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	unlink(RECORD);
	return fixture_teardown(state);
}

static struct process *process_of(void **state)
{
	struct fixture *f = *state;

	return harness_process(f->harness);
}

static void run_jobs(struct fixture *f)
{
	struct fixture_gemm gemm;
	/* The large one starts threads of the library, and writes kernels. */
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 700, 600, 500);

	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	job = fixture_nop(f, 7);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

/* Its end by SIGTERM is checked by the teardown: a violation is another status. */
static void jobs_run_in_the_sandbox(void **state)
{
	struct fixture *f = *state;

	run_jobs(f);
	assert_true(harness_reset(f->harness));
	/* A boot writes the state file. */
	assert_true(fixture_boot(f));
	run_jobs(f);
	assert_true(harness_reconnect(f->harness));
	assert_true(fixture_boot(f));
	run_jobs(f);
}

static int setup_with_settings(void **state)
{
	static const char *const names[] = {
		"OMP_PROC_BIND", "OMP_DYNAMIC", "ONEDNN_JIT_DUMP", "DNNL_JIT_PROFILE",
	};
	int ret;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		setenv(names[i], "1", 1);
	ret = setup(state);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	return ret;
}

static void settings_of_libraries_do_no_harm(void **state)
{
	run_jobs(*state);
}

static uint64_t entries_equal(const char *path)
{
	struct device_config config = {
		.surface = test_surface, .sku_path = VNPU_SKUS "/edge.json",
	};
	struct device *dev;
	char error[512];
	uint64_t compared;

	assert_int_equal(replay_open(path, &config.replay, error, sizeof(error)), 0);
	assert_int_equal(device_create(&config, &dev, error, sizeof(error)), 0);
	device_replay(dev);
	assert_null(replay_difference(config.replay));
	compared = replay_compared(config.replay);
	device_destroy(dev);
	replay_close(config.replay);
	return compared;
}

static void the_host_passes_the_file_of_a_record(void **state)
{
	struct fixture *f = *state;

	assert_true(harness_reset(f->harness));
	assert_true(harness_record(f->harness, RECORD));
	assert_true(fixture_boot(f));
	run_jobs(f);
	assert_true(harness_command(f->harness, "record stop"));
	assert_true(entries_equal(RECORD) > 20);
}

/* Status and first line of the program's replay. */
static int replay_program(char *line, int size)
{
	FILE *program = popen(VNPU_PROGRAM " --sku " VNPU_SKUS "/edge.json --replay " RECORD, "re");

	assert_non_null(fgets(line, size, program));
	return WEXITSTATUS(pclose(program));
}

static void spoil_a_byte(long at)
{
	FILE *file = fopen(RECORD, "r+b");
	int byte;

	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	byte = fgetc(file);
	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	fputc(byte ^ 0xff, file);
	fclose(file);
}

static void the_program_tells_the_first_difference_of_a_record(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job;
	char line[512];

	assert_true(harness_reset(f->harness));
	assert_true(harness_record(f->harness, RECORD));
	assert_true(fixture_boot(f));
	job = fixture_nop(f, 7);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_reset(f->harness));
	assert_true(harness_command(f->harness, "record stop"));
	assert_int_equal(replay_program(line, sizeof(line)), 0);
	assert_non_null(strstr(line, "entries equal, no difference"));
	/* In the image of the firmware: the ROM refuses what it accepted. */
	spoil_a_byte(10000);
	assert_int_equal(replay_program(line, sizeof(line)), 1);
	assert_non_null(strstr(line, "first difference at"));
}

/* Times that threads of the process went to sleep, all together. */
static unsigned long switches(pid_t pid)
{
	char path[300];
	char line[128];
	unsigned long sum = 0;
	unsigned long n;
	struct dirent *entry;
	DIR *tasks;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	assert_non_null(tasks);
	while ((entry = readdir(tasks))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%.32s/status", pid, entry->d_name);
		file = fopen(path, "re");
		while (file && fgets(line, sizeof(line), file))
			if (sscanf(line, "voluntary_ctxt_switches: %lu", &n) == 1)
				sum += n;
		if (file)
			fclose(file);
	}
	closedir(tasks);
	return sum;
}

/* A thread that polls goes to sleep again and again, however long one waits. */
static void an_idle_device_sleeps(void **state)
{
	pid_t pid = process_pid(process_of(state));
	unsigned long before = 0;
	unsigned long now = switches(pid);

	run_jobs(*state);
	for (int tries = 0; tries < 100 && now != before; tries++) {
		before = now;
		sleep_ms(200);
		now = switches(pid);
	}
	assert_true(now > 0);
	assert_int_equal(now, before);
}

static void expect_refused(void **state, enum control_role role, const char *line, int fd,
			   const char *why)
{
	struct fixture *f = *state;
	char *reply = harness_reply(f->harness, role, line, fd);

	assert_non_null(reply);
	assert_non_null(strstr(reply, "\"ok\":false"));
	assert_non_null(strstr(reply, why));
	free(reply);
}

static void guests_and_tests_name_no_file_of_the_host(void **state)
{
	struct stat info;
	int fd = open(RECORD, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, "precious", 8), 8);
	for (int role = CONTROL_GUEST; role < CONTROL_HOST; role++) {
		expect_refused(state, role, "record start " RECORD, -1, "record is refused");
		expect_refused(state, role, "record start", dup(fd), "record is refused");
		expect_refused(state, role, "record stop", -1, "record is refused");
	}
	close(fd);
	assert_int_equal(stat(RECORD, &info), 0);
	assert_int_equal(info.st_size, 8);
}

static void guests_and_tests_do_not_end_the_process(void **state)
{
	expect_refused(state, CONTROL_GUEST, "die", -1, "die is refused");
	expect_refused(state, CONTROL_TEST, "die", -1, "die is refused");
}

static struct json_object *help(struct fixture *f, enum control_role role)
{
	char *text = harness_reply(f->harness, role, "help", -1);
	struct json_object *reply = json_tokener_parse(text);

	free(text);
	return reply;
}

static const char *string_of(struct json_object *row, const char *key)
{
	struct json_object *val;

	assert_true(json_object_object_get_ex(row, key, &val));
	return json_object_get_string(val);
}

static const char *const role_names[CONTROL_ROLES] = { "guest", "test", "host" };

/* What guests and tests have. A new command that is not listed here is the host's alone. */
static const struct {
	const char *name;
	enum control_role least;
} shared[] = {
	{ "help", CONTROL_GUEST }, { "status", CONTROL_GUEST }, { "fuses", CONTROL_GUEST },
	{ "counters", CONTROL_GUEST }, { "transport", CONTROL_GUEST },
	{ "reset-counters", CONTROL_TEST }, { "hold", CONTROL_TEST }, { "step", CONTROL_TEST },
	{ "release", CONTROL_TEST }, { "advance", CONTROL_TEST }, { "inject", CONTROL_TEST },
	{ "malicious", CONTROL_TEST }, { "all-ones", CONTROL_TEST },
};

#define SHARED (sizeof(shared) / sizeof(shared[0]))

static enum control_role least_role(const char *name)
{
	for (size_t i = 0; i < SHARED; i++)
		if (!strcmp(name, shared[i].name))
			return shared[i].least;
	return CONTROL_HOST;
}

/* Whether @line, without arguments, gets as far as its command; if not, why is told. */
static bool reaches(struct fixture *f, enum control_role role, const char *line)
{
	char *reply = harness_reply(f->harness, role, line, -1);
	char wanted[160];
	bool refused;

	assert_non_null(reply);
	snprintf(wanted, sizeof(wanted),
		 "%s is refused on the %s's socket; its least role is %s", line,
		 role_names[role], role_names[least_role(line)]);
	refused = strstr(reply, wanted);
	assert_int_equal(refused, strstr(reply, "is refused") != NULL);
	free(reply);
	return !refused;
}

static void each_role_has_the_commands_of_the_table(void **state)
{
	struct fixture *f = *state;
	struct json_object *reply = help(f, CONTROL_GUEST);
	struct json_object *list;
	size_t count;

	assert_true(json_object_object_get_ex(reply, "commands", &list));
	count = json_object_array_length(list);
	assert_true(count > SHARED);
	for (size_t i = 0; i < count; i++) {
		struct json_object *row = json_object_array_get_idx(list, i);
		const char *name = string_of(row, "name");
		enum control_role least = least_role(name);

		assert_string_equal(string_of(row, "role"), role_names[least]);
		for (unsigned int role = 0; role < CONTROL_ROLES; role++)
			if (strcmp(name, "die") || role != CONTROL_HOST)
				assert_int_equal(reaches(f, role, name), role >= least);
	}
	json_object_put(reply);
}

static void sockets_and_state_are_their_users_alone(void **state)
{
	static const char *const names[] = { "npu", "control", "test", "guest" };
	struct stat info;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(stat(process_path(process_of(state), names[i]), &info), 0);
		assert_int_equal(info.st_mode & 0777, 0600);
	}
}

static void descriptors_of_the_guest_are_closed(void **state)
{
	char folder[64];
	char path[128];
	struct stat before;
	struct stat info;
	int fd = open(RECORD, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool found = false;

	assert_int_equal(fstat(fd, &before), 0);
	expect_refused(state, CONTROL_GUEST, "nonsense", fd, "no such command");
	snprintf(folder, sizeof(folder), "/proc/%d/fd", process_pid(process_of(state)));
	for (int i = 0; i < 256; i++) {
		snprintf(path, sizeof(path), "%s/%d", folder, i);
		if (!stat(path, &info))
			found |= info.st_ino == before.st_ino && info.st_dev == before.st_dev;
	}
	assert_false(found);
}

/* Without a fixture: programs that are started to end. */

#define STATE "state"

static struct process *start(const char *const *extra)
{
	const struct process_options options = {
		.sku = VNPU_SKUS "/edge.json", .state = STATE, .extra = extra,
	};

	return process_start(&options);
}

static void the_host_ends_the_process(void **state)
{
	struct process *process = start(NULL);
	char *reply;

	(void)state;
	assert_non_null(process);
	reply = process_command(process, CONTROL_HOST, "die", -1);
	assert_null(reply);
	assert_int_equal(process_status(process), 0);
	process_end(process);
	unlink(STATE);
}

static void it_ends_cleanly_on_each_signal(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct process *process = start(NULL);

		assert_non_null(process);
		assert_int_equal(kill(process_pid(process), signals[i]), 0);
		assert_int_equal(process_status(process), 0);
		process_end(process);
	}
	unlink(STATE);
}

static void a_record_from_power_on_is_named_on_the_command_line(void **state)
{
	static const char *const extra[] = { "--record", RECORD, NULL };
	struct process *process = start(extra);
	struct stat info;
	char *reply;

	(void)state;
	assert_non_null(process);
	reply = process_command(process, CONTROL_HOST, "record stop", -1);
	assert_non_null(strstr(reply, "\"ok\":true"));
	free(reply);
	assert_int_equal(process_end(process), 0);
	assert_int_equal(stat(RECORD, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	entries_equal(RECORD);
	unlink(RECORD);
	unlink(STATE);
}

static void a_control_path_that_is_a_file_is_left_alone(void **state)
{
	static const char *const extra[] = { "--control", RECORD, NULL };
	struct stat info;
	int fd = open(RECORD, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	(void)state;
	assert_int_equal(write(fd, "precious", 8), 8);
	close(fd);
	/* The last option of a kind is the one that counts. */
	assert_null(start(extra));
	assert_int_equal(stat(RECORD, &info), 0);
	assert_int_equal(info.st_size, 8);
	unlink(RECORD);
	unlink(STATE);
}

static void a_second_process_does_not_get_the_state(void **state)
{
	struct process *process = start(NULL);

	(void)state;
	assert_non_null(process);
	assert_null(start(NULL));
	assert_int_equal(process_end(process), 0);
	unlink(STATE);
}

#define PROCESS_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROCESS_TEST(jobs_run_in_the_sandbox),
		PROCESS_TEST(the_host_passes_the_file_of_a_record),
		PROCESS_TEST(the_program_tells_the_first_difference_of_a_record),
		PROCESS_TEST(an_idle_device_sleeps),
		PROCESS_TEST(guests_and_tests_name_no_file_of_the_host),
		PROCESS_TEST(guests_and_tests_do_not_end_the_process),
		PROCESS_TEST(each_role_has_the_commands_of_the_table),
		PROCESS_TEST(sockets_and_state_are_their_users_alone),
		PROCESS_TEST(descriptors_of_the_guest_are_closed),
		cmocka_unit_test_setup_teardown(settings_of_libraries_do_no_harm,
						setup_with_settings, teardown),
		cmocka_unit_test(the_host_ends_the_process),
		cmocka_unit_test(it_ends_cleanly_on_each_signal),
		cmocka_unit_test(a_record_from_power_on_is_named_on_the_command_line),
		cmocka_unit_test(a_control_path_that_is_a_file_is_left_alone),
		cmocka_unit_test(a_second_process_does_not_get_the_state),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
