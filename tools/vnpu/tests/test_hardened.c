// SPDX-License-Identifier: MIT
/* A program without test surface runs jobs, and has none of what only tests need. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include <tsr_hw/error.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "own_folder.h"
#include "process.h"

static struct fixture *open_program(bool hardened)
{
	const struct harness_options options = {
		.sku = VNPU_SKUS "/edge.json", .process = true, .hardened = hardened,
	};

	return fixture_open_with(&options);
}

static int setup(void **state)
{
	*state = open_program(true);
	return *state ? 0 : -1;
}

/* Its end by SIGTERM is checked: a violation of the sandbox is another status. */
static void a_hardened_device_boots_and_runs_jobs(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 300, 200, 100);

	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	job = fixture_nop(f, 7);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_reconnect(f->harness));
	assert_true(fixture_boot(f));
	job = fixture_nop(f, 7);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

/* What needs the surface, with arguments that are good where it is. */
static const struct {
	const char *name;
	const char *line;
} for_tests[] = {
	{ "reset-counters", "reset-counters" }, { "hold", "hold" }, { "step", "step 1" },
	{ "release", "release" }, { "advance", "advance 1" }, { "inject", "inject nothing" },
	{ "malicious", "malicious off" }, { "all-ones", "all-ones off" },
};

#define FOR_TESTS (sizeof(for_tests) / sizeof(for_tests[0]))

static void expect_reply(struct fixture *f, enum control_role role, const char *line,
			 const char *wanted)
{
	char *reply = harness_reply(f->harness, role, line, -1);

	assert_non_null(reply);
	if (!strstr(reply, wanted))
		fail_msg("%s: %s", line, reply);
	free(reply);
}

static void expect_absent(struct fixture *f, const char *name, const char *line)
{
	char wanted[128];

	snprintf(wanted, sizeof(wanted),
		 "%s is for tests, and a hardened build leaves it out\"", name);
	expect_reply(f, CONTROL_HOST, line, wanted);
	expect_reply(f, CONTROL_GUEST, line, wanted);
}

static void commands_of_tests_are_refused_on_every_socket(void **state)
{
	struct fixture *full = open_program(false);

	assert_non_null(full);
	for (size_t i = 0; i < FOR_TESTS; i++) {
		expect_absent(*state, for_tests[i].name, for_tests[i].line);
		expect_reply(full, CONTROL_HOST, for_tests[i].line, "\"ok\":true");
	}
	expect_absent(*state, "record", "record stop");
	expect_reply(full, CONTROL_HOST, "record stop", "there is no record to stop");
	assert_int_equal(fixture_teardown((void **)&full), 0);
}

static size_t count_of(struct json_object *reply, const char *list)
{
	struct json_object *rows;

	assert_true(json_object_object_get_ex(reply, list, &rows));
	return json_object_array_length(rows);
}

static void help_lists_what_is_left(void **state)
{
	static const char *const left[] = {
		"help", "status", "fuses", "counters", "transport", "die",
	};
	struct fixture *f = *state;
	char *text = harness_reply(f->harness, CONTROL_HOST, "help", -1);
	struct json_object *reply = json_tokener_parse(text);
	char wanted[64];

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		snprintf(wanted, sizeof(wanted), "\"name\":\"%s\"", left[i]);
		assert_non_null(strstr(text, wanted));
	}
	assert_int_equal(count_of(reply, "commands"), sizeof(left) / sizeof(left[0]));
	assert_int_equal(count_of(reply, "faults"), 0);
	json_object_put(reply);
	free(text);
	expect_reply(f, CONTROL_GUEST, "status", "\"ok\":true");
}

static void expect_refused_option(const char *option, const char *argument)
{
	char line[512];
	char wanted[128];
	FILE *program;

	snprintf(line, sizeof(line), VNPU_HARDENED " --socket s --control c --state f --sku "
		 VNPU_SKUS "/edge.json %s %s 2>&1", option, argument);
	snprintf(wanted, sizeof(wanted),
		 "tessera-vnpu: %s is for tests, and a hardened build leaves it out\n", option);
	program = popen(line, "re");
	assert_non_null(fgets(line, sizeof(line), program));
	assert_int_equal(WEXITSTATUS(pclose(program)), 2);
	assert_string_equal(line, wanted);
}

static void options_of_tests_are_refused(void **state)
{
	(void)state;
	expect_refused_option("--test-control", "t");
	expect_refused_option("--record", "r");
	expect_refused_option("--replay", "r");
	expect_refused_option("--no-sandbox", "");
	assert_int_equal(access("s", F_OK), -1);
	assert_int_equal(access("f", F_OK), -1);
}

static void its_help_has_no_option_of_tests(void **state)
{
	static const char help[] =
		" --help | grep -c -e --record -e --replay -e --test-control -e --no-sandbox";
	char line[512];
	FILE *program;
	int full;

	(void)state;
	for (full = 0; full < 2; full++) {
		snprintf(line, sizeof(line), "%s%s", full ? VNPU_PROGRAM : VNPU_HARDENED, help);
		program = popen(line, "re");
		assert_non_null(fgets(line, sizeof(line), program));
		pclose(program);
		assert_int_equal(strtol(line, NULL, 10) != 0, full);
	}
}

/* Functions that objects of the test surface offer, and how many of them a program has. */
static long functions_in(const char *program)
{
	char line[1024];
	FILE *count;

	snprintf(line, sizeof(line),
		 "nm " VNPU_SURFACE " | awk '$2 == \"T\" { print $3 }' | sort -u >surface && "
		 "nm %s | awk '$2 ~ /[Tt]/ { print $3 }' | sort -u >program && "
		 "comm -12 surface program | wc -l", program);
	count = popen(line, "re");
	assert_non_null(fgets(line, sizeof(line), count));
	assert_int_equal(pclose(count), 0);
	unlink("surface");
	unlink("program");
	return strtol(line, NULL, 10);
}

static void no_function_of_the_surface_is_in_it(void **state)
{
	(void)state;
	assert_int_equal(functions_in(VNPU_HARDENED), 0);
	assert_true(functions_in(VNPU_PROGRAM) >= 20);
}

#define HARDENED_TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HARDENED_TEST(a_hardened_device_boots_and_runs_jobs),
		HARDENED_TEST(commands_of_tests_are_refused_on_every_socket),
		HARDENED_TEST(help_lists_what_is_left),
		cmocka_unit_test(options_of_tests_are_refused),
		cmocka_unit_test(its_help_has_no_option_of_tests),
		cmocka_unit_test(no_function_of_the_surface_is_in_it),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
