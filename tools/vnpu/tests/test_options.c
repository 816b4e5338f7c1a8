// SPDX-License-Identifier: MIT
/* Each option of the program does what docs/vnpu.md says. test_process.c has the rest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "own_folder.h"
#include "payload.h"
#include "process.h"
#include "test_image.h"

#define STATE "state"
#define FILE_PATH "file"

static struct harness *open_with(const char *option, const char *value)
{
	const char *const arguments[] = { option, value, NULL };
	struct harness *h = harness_open(&(struct harness_options){
		.process = true,
		.arguments = arguments,
	});

	assert_non_null(h);
	return h;
}

static void write_file(const char *text)
{
	FILE *file = fopen(FILE_PATH, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static size_t read_file(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	size = fread(text, 1, size - 1, file);
	text[size] = '\0';
	fclose(file);
	return size;
}

static void a_device_says_that_it_is_virtual(void **state)
{
	struct harness *h = open_with(NULL, NULL);

	(void)state;
	assert_true(harness_read32(h, TSR_HW_REG_CAPS) & TSR_HW_CAP_VIRTUAL);
	harness_close(h);
}

static void the_time_scale_is_that_of_the_option(void **state)
{
	struct harness *h = open_with("--time-scale", "77");

	(void)state;
	assert_int_equal(harness_read32(h, TSR_HW_REG_TIME_SCALE), 77);
	harness_close(h);
}

static void a_single_vector_is_one(void **state)
{
	struct harness *h = harness_open(&(struct harness_options){ .process = true });

	(void)state;
	assert_int_equal(harness_read32(h, TSR_HW_REG_VECTORS), 2);
	harness_close(h);
	h = harness_open(&(struct harness_options){ .process = true, .single_vector = true });
	assert_non_null(h);
	assert_int_equal(harness_read32(h, TSR_HW_REG_VECTORS), 1);
	harness_close(h);
}

static void boot_foreign_image(struct harness *h)
{
	struct test_image image;

	test_image_make(&image, payload_ready, payload_ready_words);
	assert_int_equal(harness_boot(h, &image, image.size, 0), TSR_HW_STATE_BOOT_FAILED);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_STATUS), TSR_HW_BOOT_BAD_KEY);
}

static void expect_fuses(struct harness *h, const char *hash)
{
	char *reply = harness_reply(h, CONTROL_HOST, "fuses", -1);
	char want[128];

	snprintf(want, sizeof(want), "\"key_hash\":\"%.64s\"", hash);
	assert_non_null(strstr(reply, want));
	free(reply);
}

static void the_fuses_trust_the_key_of_this_build(void **state)
{
	struct harness *h = open_with(NULL, NULL);
	char hash[128];

	(void)state;
	read_file(VNPU_KEY_HASH, hash, sizeof(hash));
	expect_fuses(h, hash);
	boot_foreign_image(h);
	harness_close(h);
}

static void another_key_is_trusted_in_its_place(void **state)
{
	struct test_image image;
	uint8_t key[32];
	char hash[80] = "";
	struct harness *h;

	(void)state;
	test_key_hash(key);
	for (int i = 0; i < 32; i++)
		snprintf(hash + 2 * i, 3, "%02x", key[i]);
	write_file(hash);
	h = open_with("--key", FILE_PATH);
	expect_fuses(h, hash);
	test_image_make(&image, payload_ready, payload_ready_words);
	harness_boot(h, &image, image.size, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	harness_close(h);
	unlink(FILE_PATH);
}

/* A line of /proc/PID/status. */
static unsigned int status_of(struct harness *h, const char *key)
{
	char text[8192];
	char path[64];
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/status", process_pid(harness_process(h)));
	read_file(path, text, sizeof(text));
	at = strstr(text, key);
	assert_non_null(at);
	return (unsigned int)strtoul(at + strlen(key), NULL, 10);
}

static void the_sandbox_is_on_unless_the_option_says_otherwise(void **state)
{
	struct harness *h = open_with(NULL, NULL);

	(void)state;
	assert_int_equal(status_of(h, "\nSeccomp:\t"), 2);
	assert_int_equal(status_of(h, "\nNoNewPrivs:\t"), 1);
	harness_close(h);
	h = open_with("--no-sandbox", NULL);
	assert_int_equal(status_of(h, "\nSeccomp:\t"), 0);
	harness_close(h);
}

static void messages_are_appended_to_the_log(void **state)
{
	char text[8192];

	(void)state;
	write_file("before\n");
	harness_close(open_with("--log", FILE_PATH));
	read_file(FILE_PATH, text, sizeof(text));
	assert_memory_equal(text, "before\n", 7);
	assert_non_null(strstr(text, "client connected"));
	assert_non_null(strstr(text, "ending: Terminated"));
	unlink(FILE_PATH);
}

static void a_line_says_what_the_sandbox_is_made_of(void **state)
{
	struct harness *h = open_with("--verbose", NULL);
	char text[8192];

	(void)state;
	read_file(process_path(harness_process(h), "log"), text, sizeof(text));
	assert_non_null(strstr(text, "sandbox: system call filter"));
	assert_non_null(strstr(text, "Landlock"));
	harness_close(h);
}

static void a_replay_is_in_the_sandbox(void **state)
{
	static const char *const record[] = { "--record", FILE_PATH, NULL };
	const struct process_options options = {
		.sku = VNPU_SKUS "/edge.json", .state = STATE, .extra = record,
	};
	struct process *process = process_start(&options);
	char text[1024] = "";
	size_t used;
	FILE *program;

	(void)state;
	assert_non_null(process);
	assert_int_equal(process_end(process), 0);
	program = popen(VNPU_PROGRAM " --verbose --sku " VNPU_SKUS "/edge.json --replay "
			FILE_PATH " 2>&1", "re");
	used = fread(text, 1, sizeof(text) - 1, program);
	text[used] = '\0';
	assert_int_equal(pclose(program), 0);
	assert_non_null(strstr(text, "sandbox: system call filter"));
	assert_non_null(strstr(text, "no difference"));
	unlink(FILE_PATH);
	unlink(STATE);
}

/* Its status with these arguments. It ends at once: there is no record to repeat. */
static int status_with(const char *arguments)
{
	char line[512], printed[256];
	FILE *program;

	snprintf(line, sizeof(line), VNPU_PROGRAM " %s 2>&1", arguments);
	program = popen(line, "re");
	assert_non_null(program);
	while (fgets(printed, sizeof(printed), program))
		;
	return WEXITSTATUS(pclose(program));
}

#define REPLAY	"--sku " VNPU_SKUS "/edge.json --replay none "

/* Taken: the record is what is missing then. */
static const struct line {
	const char *arguments;
	bool taken;
} lines[] = {
	{ REPLAY, true },
	{ REPLAY "--nonsense", false },
	{ REPLAY "word", false },
	{ "--replay none", false },
	{ "--sku " VNPU_SKUS "/edge.json", false },
	{ "--sku " VNPU_SKUS "/edge.json --socket none/a --control none/b", false },
	{ "--sku " VNPU_SKUS "/edge.json --socket none/a --state none/c", false },
	{ "--sku " VNPU_SKUS "/edge.json --control none/b --state none/c", false },
	{ "--sku " VNPU_SKUS "/edge.json --socket none/a --control none/b --state none/c", true },
	{ REPLAY "--time-scale 1", true },
	{ REPLAY "--time-scale 0", false },
	{ REPLAY "--time-scale 1000000", true },
	{ REPLAY "--time-scale 1000001", false },
	{ REPLAY "--time-scale 99999999999999999999", false },
	{ REPLAY "--time-scale 1x", false },
	{ REPLAY "--time-scale ''", false },
	{ REPLAY "--local-memory 1", true },
	{ REPLAY "--local-memory 0", false },
	{ REPLAY "--local-memory 4194304", true },
	{ REPLAY "--local-memory 4194305", false },
	{ REPLAY "--log none/log", true },
	{ REPLAY "--key none", true },
};

static void a_wrong_line_is_refused_before_anything_is_opened(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		int status = status_with(lines[i].arguments);

		if (status != (lines[i].taken ? 1 : 2))
			fail_msg("%s: status %d", lines[i].arguments, status);
	}
	assert_int_equal(status_with("--help"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_line_is_refused_before_anything_is_opened),
		cmocka_unit_test(a_device_says_that_it_is_virtual),
		cmocka_unit_test(the_time_scale_is_that_of_the_option),
		cmocka_unit_test(a_single_vector_is_one),
		cmocka_unit_test(the_fuses_trust_the_key_of_this_build),
		cmocka_unit_test(another_key_is_trusted_in_its_place),
		cmocka_unit_test(the_sandbox_is_on_unless_the_option_says_otherwise),
		cmocka_unit_test(messages_are_appended_to_the_log),
		cmocka_unit_test(a_line_says_what_the_sandbox_is_made_of),
		cmocka_unit_test(a_replay_is_in_the_sandbox),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
