// SPDX-License-Identifier: MIT
/* Lines on standard error: which are printed, how they look, and how many a source may have. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#include "cmocka_prelude.h"
#include "log.h"

#define MOST_TEXT 65536

/* Standard error in memory while a test runs. */
struct capture {
	int saved;
	int memory;
	char text[MOST_TEXT + 1];
};

static int begin(void **state)
{
	struct capture *capture = calloc(1, sizeof(*capture));

	if (!capture)
		return -1;
	capture->saved = dup(STDERR_FILENO);
	capture->memory = memfd_create("stderr", MFD_CLOEXEC);
	*state = capture;
	vnpu_log_setup("unit", VNPU_LOG_INFO);
	return dup2(capture->memory, STDERR_FILENO) < 0 ? -1 : 0;
}

static int end(void **state)
{
	struct capture *capture = *state;

	dup2(capture->saved, STDERR_FILENO);
	close(capture->saved);
	close(capture->memory);
	free(capture);
	return 0;
}

static const char *printed(struct capture *capture)
{
	ssize_t n = pread(capture->memory, capture->text, MOST_TEXT, 0);

	assert_true(n >= 0);
	capture->text[n] = '\0';
	return capture->text;
}

static void a_line_names_its_source_and_level(void **state)
{
	vnpu_log(VNPU_LOG_ERROR, "%s %d", "one", 1);
	vnpu_log(VNPU_LOG_WARN, "two");
	vnpu_log(VNPU_LOG_INFO, "three");
	assert_string_equal(printed(*state),
			    "unit: error: one 1\nunit: warning: two\nunit: info: three\n");
}

static void chattier_lines_than_wanted_are_dropped(void **state)
{
	struct vnpu_log_budget budget = { 0 };

	vnpu_log(VNPU_LOG_DEBUG, "no");
	vnpu_log_limited(&budget, VNPU_LOG_DEBUG, "no");
	assert_string_equal(printed(*state), "");
	assert_int_equal(budget.used, 0);
	vnpu_log_setup("unit", VNPU_LOG_DEBUG);
	vnpu_log(VNPU_LOG_DEBUG, "yes");
	assert_string_equal(printed(*state), "unit: debug: yes\n");
}

static void a_long_line_is_cut(void **state)
{
	static char name[100], text[2000];

	memset(name, 'n', sizeof(name) - 1);
	memset(text, 't', sizeof(text) - 1);
	vnpu_log_setup(name, VNPU_LOG_INFO);
	vnpu_log(VNPU_LOG_INFO, "%s", text);
	assert_int_equal(strlen(printed(*state)), 512);
	assert_int_equal(strspn(printed(*state), "n"), 31);
	assert_int_equal(strcspn(printed(*state), "\n"), 511);
}

/* A wide character that is none. */
static void a_line_that_cannot_be_written_out_is_empty(void **state)
{
	const wchar_t text[] = { 0x7fffffff, 0 };

	vnpu_log(VNPU_LOG_INFO, "%ls", text);
	vnpu_log(VNPU_LOG_INFO, "next");
	assert_string_equal(printed(*state), "unit: info: \nunit: info: next\n");
}

static void a_source_has_a_budget_of_lines(void **state)
{
	static const char last[] = "unit: warning: further messages of this kind are not printed\n";
	struct vnpu_log_budget budget = { 0 }, other = { 0 };
	char expected[MOST_TEXT] = "";

	for (int i = 0; i < 1000; i++)
		vnpu_log_limited(&budget, VNPU_LOG_INFO, "line %d", i);
	vnpu_log_limited(&other, VNPU_LOG_INFO, "other");
	for (int i = 0; i < VNPU_LOG_BUDGET; i++)
		sprintf(expected + strlen(expected), "unit: info: line %d\n", i);
	strcat(strcat(expected, last), "unit: info: other\n");
	assert_string_equal(printed(*state), expected);
}

/* A counter that wrapped would let the lines through again. */
static void a_budget_that_is_used_up_stays_so(void **state)
{
	struct vnpu_log_budget budget = { 0 };

	for (int i = 0; i < 1000; i++)
		vnpu_log_limited(&budget, VNPU_LOG_ERROR, "line");
	assert_int_equal(budget.used, VNPU_LOG_BUDGET + 1);
	(void)state;
}

static void errno_is_kept(void **state)
{
	(void)state;
	close(STDERR_FILENO);
	errno = ENOTTY;
	vnpu_log(VNPU_LOG_ERROR, "nowhere");
	assert_int_equal(errno, ENOTTY);
}

#define LOG_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_TEST(a_line_names_its_source_and_level),
		LOG_TEST(chattier_lines_than_wanted_are_dropped),
		LOG_TEST(a_long_line_is_cut),
		LOG_TEST(a_line_that_cannot_be_written_out_is_empty),
		LOG_TEST(a_source_has_a_budget_of_lines),
		LOG_TEST(a_budget_that_is_used_up_stays_so),
		LOG_TEST(errno_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
