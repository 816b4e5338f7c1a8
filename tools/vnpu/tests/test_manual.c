// SPDX-License-Identifier: MIT
/* docs/vnpu.md lists what the program has: no more, no less. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "cmocka_prelude.h"
#include "own_folder.h"
#include "process.h"

#define STATE "state"
#define RECORD "kept.record"
#define MAX_NAMES 64
#define NAME_BYTES 128

struct names {
	size_t count;
	char name[MAX_NAMES][NAME_BYTES];
};

static void add(struct names *names, const char *text, size_t len)
{
	assert_true(names->count < MAX_NAMES && len < NAME_BYTES);
	memcpy(names->name[names->count], text, len);
	names->name[names->count++][len] = '\0';
}

static bool has(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->name[i], name))
			return true;
	return false;
}

static void expect_same(const struct names *manual, const struct names *program)
{
	for (size_t i = 0; i < manual->count; i++)
		if (!has(program, manual->name[i]))
			fail_msg("the program has no %s", manual->name[i]);
	for (size_t i = 0; i < program->count; i++)
		if (!has(manual, program->name[i]))
			fail_msg("the manual does not list %s", program->name[i]);
	assert_int_equal(manual->count, program->count);
	assert_int_not_equal(manual->count, 0);
}

/* Text in backquotes in the first cell of a row; a bar in a table is escaped. */
static void add_quoted(struct names *names, const char *cell)
{
	char name[NAME_BYTES];
	size_t len = 0;
	bool quoted = false;

	for (; *cell && strncmp(cell, " | ", 3); cell++) {
		if (*cell == '`') {
			if (quoted)
				add(names, name, len);
			quoted = !quoted;
			len = 0;
		} else if (quoted && !(cell[0] == '\\' && cell[1] == '|')) {
			name[len++] = *cell;
		}
		assert_true(len < sizeof(name));
	}
}

/* The first column of the table that begins with @head; rows that hold @mark only. */
static void read_table(struct names *names, const char *head, const char *mark)
{
	FILE *manual = fopen(VNPU_MANUAL, "re");
	char line[1024];
	bool inside = false;

	names->count = 0;
	assert_non_null(manual);
	while (fgets(line, sizeof(line), manual)) {
		if (!strncmp(line, head, strlen(head)))
			inside = true;
		else if (line[0] != '|')
			inside = false;
		else if (inside && strstr(line, mark))
			add_quoted(names, line + 1);
	}
	fclose(manual);
}

static struct process *process;

static int setup(void **state)
{
	const struct process_options options = { .sku = VNPU_SKUS "/edge.json", .state = STATE };

	(void)state;
	process = process_start(&options);
	return process ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	unlink(STATE);
	unlink(RECORD);
	return process_end(process) ? -1 : 0;
}

static struct json_object *ask(const char *line)
{
	char *text = process_command(process, CONTROL_HOST, line, -1);
	struct json_object *reply;

	assert_non_null(text);
	reply = json_tokener_parse(text);
	free(text);
	return reply;
}

static void options_are_those_of_the_help(void **state)
{
	struct names manual;
	struct names program = { 0 };
	FILE *help = popen(VNPU_PROGRAM " --help", "re");
	char line[256];

	(void)state;
	while (fgets(line, sizeof(line), help))
		if (!strncmp(line, "  --", 4))
			add(&program, line + 2, strcspn(line + 2, " \n"));
	assert_int_equal(pclose(help), 0);
	read_table(&manual, "| option |", "");
	/* The manual has arguments too. */
	for (size_t i = 0; i < manual.count; i++)
		manual.name[i][strcspn(manual.name[i], " ")] = '\0';
	expect_same(&manual, &program);
}

/* Commands whose least role is @role. */
static void collect_commands(struct names *names, const char *role)
{
	struct json_object *reply = ask("help");
	struct json_object *list;
	struct json_object *usage;
	struct json_object *least;

	names->count = 0;
	assert_true(json_object_object_get_ex(reply, "commands", &list));
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *row = json_object_array_get_idx(list, i);

		assert_true(json_object_object_get_ex(row, "usage", &usage));
		assert_true(json_object_object_get_ex(row, "role", &least));
		if (!strcmp(json_object_get_string(least), role))
			add(names, json_object_get_string(usage),
			    strlen(json_object_get_string(usage)));
	}
	json_object_put(reply);
}

static void commands_and_who_may_use_them_are_those_of_the_table(void **state)
{
	static const char *const roles[] = { "guest", "test", "host" };
	struct names manual;
	struct names program;
	char mark[16];

	(void)state;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		collect_commands(&program, roles[i]);
		snprintf(mark, sizeof(mark), "| %s |", roles[i]);
		read_table(&manual, "| command |", mark);
		expect_same(&manual, &program);
	}
}

static void faults_are_those_of_the_table(void **state)
{
	struct json_object *reply = ask("help");
	struct json_object *list;
	struct names manual;
	struct names program = { 0 };

	(void)state;
	assert_true(json_object_object_get_ex(reply, "faults", &list));
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		const char *usage = json_object_get_string(json_object_array_get_idx(list, i));

		add(&program, usage, strlen(usage));
	}
	json_object_put(reply);
	read_table(&manual, "| fault |", "");
	expect_same(&manual, &program);
}

static void counters_are_those_of_the_reply(void **state)
{
	struct json_object *reply = ask("counters");
	struct names manual;
	struct names program = { 0 };

	(void)state;
	json_object_object_foreach(reply, key, val) {
		if (json_object_get_type(val) == json_type_int)
			add(&program, key, strlen(key));
	}
	json_object_put(reply);
	read_table(&manual, "| counter |", "");
	expect_same(&manual, &program);
}

static void replace(char *text, size_t size, const char *name, const char *value)
{
	char *at = strstr(text, name);
	char rest[2048];

	assert_non_null(at);
	snprintf(rest, sizeof(rest), "%s", at + strlen(name));
	snprintf(at, size - (size_t)(at - text), "%s%s", value, rest);
}

/* The fenced block of Python, with the paths of this test. */
static void read_example(char *text, size_t size)
{
	FILE *manual = fopen(VNPU_MANUAL, "re");
	char line[1024];
	bool inside = false;

	text[0] = '\0';
	while (fgets(line, sizeof(line), manual)) {
		if (!strcmp(line, "```python\n"))
			inside = true;
		else if (!strcmp(line, "```\n"))
			inside = false;
		else if (inside)
			strncat(text, line, size - strlen(text) - 1);
	}
	fclose(manual);
	replace(text, size, "\"RECORD\"", "\"" RECORD "\"");
	replace(text, size, "CONTROL", process_path(process, "control"));
}

static void the_example_of_a_record_works(void **state)
{
	char program[2048];
	char reply[256] = "";
	FILE *python;
	FILE *file = fopen(RECORD ".py", "we");

	(void)state;
	read_example(program, sizeof(program));
	fputs(program, file);
	fclose(file);
	python = popen("python3 " RECORD ".py", "re");
	assert_non_null(fgets(reply, sizeof(reply), python));
	assert_int_equal(pclose(python), 0);
	unlink(RECORD ".py");
	assert_string_equal(reply, "{\"ok\":true}\n");
	json_object_put(ask("record stop"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_those_of_the_help),
		cmocka_unit_test(commands_and_who_may_use_them_are_those_of_the_table),
		cmocka_unit_test(faults_are_those_of_the_table),
		cmocka_unit_test(counters_are_those_of_the_reply),
		cmocka_unit_test(the_example_of_a_record_works),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, setup, teardown);
}
