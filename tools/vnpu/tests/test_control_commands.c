// SPDX-License-Identifier: MIT
/* Replies of the control socket, member by member, and the sentence of each refusal. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "harness.h"
#include "inject.h"
#include "payload.h"
#include "soc/device.h"
#include "test_image.h"

static int setup(void **state)
{
	*state = harness_open(&(struct harness_options){ 0 });
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	harness_close(*state);
	return 0;
}

static struct json_object *reply_to(struct harness *h, const char *line)
{
	char *text = harness_reply(h, CONTROL_HOST, line, -1);
	struct json_object *reply = json_tokener_parse(text);

	assert_non_null(reply);
	free(text);
	return reply;
}

static struct json_object *member(struct json_object *reply, const char *name)
{
	struct json_object *val = NULL;

	if (!json_object_object_get_ex(reply, name, &val))
		fail_msg("there is no %s", name);
	return val;
}

static void expect_text(struct harness *h, const char *line, const char *name, const char *text)
{
	struct json_object *reply = reply_to(h, line);

	assert_string_equal(json_object_get_string(member(reply, name)), text);
	json_object_put(reply);
}

static uint64_t number_of(struct harness *h, const char *line, const char *name)
{
	struct json_object *reply = reply_to(h, line);
	uint64_t val = json_object_get_uint64(member(reply, name));

	json_object_put(reply);
	return val;
}

static bool flag_of(struct harness *h, const char *name)
{
	struct json_object *reply = reply_to(h, "status");
	struct json_object *val = member(reply, name);
	bool is_set = json_object_get_boolean(val);

	assert_true(json_object_is_type(val, json_type_boolean));
	json_object_put(reply);
	return is_set;
}

static void fuses_are_those_of_the_device(void **state)
{
	struct harness *h = *state;
	const struct tsr_hw_fuses *fuses = device_fuses(harness_device(h));
	const struct {
		const char *name;
		uint64_t value;
	} numbers[] = {
		{ "serial", fuses->serial }, { "sku", fuses->sku },
		{ "rollback_min", fuses->rollback_min }, { "clock_khz", fuses->clock_khz },
		{ "tensor_tiles", fuses->tensor_tiles }, { "dma_engines", fuses->dma_engines },
	};
	char hash[80] = "";

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_int_equal(number_of(h, "fuses", numbers[i].name), numbers[i].value);
	for (int i = 0; i < 32; i++)
		snprintf(hash + 2 * i, 3, "%02x", fuses->key_hash[i]);
	expect_text(h, "fuses", "key_hash", hash);
	expect_text(h, "fuses", "name", (const char *)fuses->name);
}

static void each_state_has_its_name(void **state)
{
	struct harness *h = *state;
	struct test_image image;

	expect_text(h, "status", "state", "reset");
	test_image_make(&image, payload_wait, payload_wait_words);
	harness_boot(h, &image, image.size, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_STARTING));
	expect_text(h, "status", "state", "starting");
	harness_doorbell(h, 0, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	expect_text(h, "status", "state", "ready");
	assert_true(harness_command(h, "inject firmware-crash"));
	assert_true(harness_wait_state(h, TSR_HW_STATE_FATAL));
	expect_text(h, "status", "state", "fatal");
	assert_true(harness_reset(h));
	harness_boot(h, &image, 8, 0);
	expect_text(h, "status", "state", "boot-failed");
}

static void a_status_has_what_was_set(void **state)
{
	struct harness *h = *state;

	assert_true(harness_settle(h));
	assert_true(flag_of(h, "asleep"));
	assert_true(flag_of(h, "bus_master"));
	assert_false(flag_of(h, "held"));
	assert_false(flag_of(h, "all_ones"));
	assert_false(flag_of(h, "armed"));
	assert_int_equal(number_of(h, "status", "engines_busy"), 0);
	harness_bus_master(h, false);
	assert_false(flag_of(h, "bus_master"));
	assert_true(harness_command(h, "all-ones on"));
	assert_true(flag_of(h, "all_ones"));
	assert_true(harness_command(h, "all-ones off"));
	assert_false(flag_of(h, "all_ones"));
	assert_true(harness_command(h, "hold"));
	assert_true(harness_command(h, "step 3"));
	assert_true(harness_command(h, "step"));
	assert_true(harness_settle(h));
	assert_true(flag_of(h, "held"));
	assert_int_equal(number_of(h, "status", "steps"), 4);
	assert_true(harness_command(h, "hold"));
	assert_true(harness_settle(h));
	assert_int_equal(number_of(h, "status", "steps"), 0);
	assert_true(harness_command(h, "release"));
	assert_true(harness_settle(h));
	assert_false(flag_of(h, "held"));
	assert_true(harness_command(h, "malicious seed=3 on"));
	assert_true(flag_of(h, "armed"));
	assert_true(harness_command(h, "malicious off"));
	assert_false(flag_of(h, "armed"));
}

/* What the transport counts moves by what the client does. */
static void messages_are_counted(void **state)
{
	static const char *const names[] = {
		"reads_bar4", "writes_bar4", "config_reads", "config_writes", "posted_writes",
		"dma_maps", "dma_unmaps", "resets", "messages", "rejected", "connections",
	};
	/* By what is done below. */
	static const uint64_t moved[] = { 2, 1, 0, 1, 1, 1, 1, 0, 8, 0, 0 };
	struct harness *h = *state;
	uint64_t before[sizeof(names) / sizeof(names[0])], val = 0;

	assert_int_equal(number_of(h, "transport", "connections"), 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		before[i] = number_of(h, "transport", names[i]);
	assert_true(harness_access(h, TSR_HW_BAR_MSIX, 0, 4, false, &val));
	assert_true(harness_access(h, TSR_HW_BAR_MSIX, 4, 4, false, &val));
	assert_true(harness_access(h, TSR_HW_BAR_MSIX, 0, 4, true, &val));
	harness_bus_master(h, true);
	assert_true(harness_unmap(h));
	assert_true(harness_map(h));
	harness_doorbell(h, 1, 1);
	harness_read32(h, TSR_HW_REG_ID);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (number_of(h, "transport", names[i]) - before[i] != moved[i])
			fail_msg("%s moved by %" PRIu64, names[i],
				 number_of(h, "transport", names[i]) - before[i]);
	harness_flr(h);
	assert_int_equal(number_of(h, "transport", "resets"), 1);
}

/* A line, and what is wrong with it; NULL for none. */
static const struct {
	const char *line;
	const char *error;
} lines[] = {
	{ "", "no such command; help lists them" },
	{ "nonsense", "no such command; help lists them" },
	{ "statu", "no such command; help lists them" },
	{ " \tstatus\t \r", NULL },
	{ "status b c d e f g h i j k", NULL },
	{ "step", NULL },
	{ "step 0x10", NULL },
	{ "step x", "usage: step [COMPLETIONS]" },
	{ "step 1x", "usage: step [COMPLETIONS]" },
	{ "step -1", "usage: step [COMPLETIONS]" },
	{ "step 18446744073709551616", "usage: step [COMPLETIONS]" },
	{ "advance 0", NULL },
	{ "advance", "usage: advance CYCLES" },
	{ "advance x", "usage: advance CYCLES" },
	{ "inject", "no such fault; help lists them" },
	{ "inject nonsense", "no such fault; help lists them" },
	{ "inject hang", NULL },
	{ "inject hang queue=4294967295 node=4294967295 seed=18446744073709551615", NULL },
	{ "inject hang queue=4294967296", "usage: inject hang [queue=N] [node=N|random] [seed=S]" },
	{ "inject hang node=4294967296", "usage: inject hang [queue=N] [node=N|random] [seed=S]" },
	{ "inject hang node=x", "usage: inject hang [queue=N] [node=N|random] [seed=S]" },
	{ "inject hang queue=x", "usage: inject hang [queue=N] [node=N|random] [seed=S]" },
	{ "inject hang seed=x", "usage: inject hang [queue=N] [node=N|random] [seed=S]" },
	{ "inject hang node=random seed=x",
	  "usage: inject hang [queue=N] [node=N|random] [seed=S]" },
	{ "inject hang node=random", NULL },
	{ "inject engine-error node=4294967295", NULL },
	{ "inject engine-error node=4294967296", "usage: inject engine-error [node=N]" },
	{ "inject engine-error node=", "usage: inject engine-error [node=N]" },
	{ "inject dma-error", NULL },
	{ "inject dma-error core", NULL },
	{ "inject dma-error cores", "usage: inject dma-error [core]" },
	{ "inject flip-weight bit=18446744073709551614", NULL },
	{ "inject flip-weight bit=18446744073709551615",
	  "usage: inject flip-weight|flip-result [bit=N]" },
	{ "inject flip-result bit=x", "usage: inject flip-weight|flip-result [bit=N]" },
	{ "inject flip-result", NULL },
	{ "inject drop-irq", NULL },
	{ "inject corrupt-completion", NULL },
	{ "inject corrupt-completion seq=1", NULL },
	{ "inject corrupt-completion completed=1", NULL },
	{ "inject corrupt-completion seq=x", "seq and completed are numbers" },
	{ "inject corrupt-completion completed=x", "seq and completed are numbers" },
	{ "inject nothing", NULL },
	{ "malicious", "usage: malicious [seed=S] on|off" },
	{ "malicious seed=5", "usage: malicious [seed=S] on|off" },
	{ "malicious seed=x on", "usage: malicious [seed=S] on|off" },
	{ "malicious seed=5 off", NULL },
	{ "all-ones", "usage: all-ones on|off" },
	{ "all-ones of", "usage: all-ones on|off" },
	{ "all-ones off", NULL },
	{ "record", "usage: record start | record stop" },
	{ "record begin", "usage: record start | record stop" },
	{ "record stop now", "usage: record start | record stop" },
	{ "record start now", "usage: record start | record stop" },
	{ "record stop", "there is no record to stop" },
	{ "record start",
	  "record start takes the file as a descriptor beside the line (SCM_RIGHTS)" },
};

static void each_refusal_says_why(void **state)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct json_object *reply = reply_to(*state, lines[i].line);
		struct json_object *error = NULL;

		json_object_object_get_ex(reply, "error", &error);
		if (!lines[i].error != !error ||
		    (error && strcmp(json_object_get_string(error), lines[i].error)))
			fail_msg("%s: %s", lines[i].line,
				 error ? json_object_get_string(error) : "taken");
		assert_int_equal(json_object_get_boolean(member(reply, "ok")), !error);
		json_object_put(reply);
	}
}

/* What many small writes become once a line has been given. */
static void spoil(struct harness *h, const char *line, uint8_t bytes[64][8])
{
	struct inject *inject = device_inject(harness_device(h));

	assert_true(harness_command(h, line));
	memset(bytes, 0, 64 * 8);
	for (unsigned int i = 0; i < 64; i++)
		inject_corrupt(inject, bytes[i], 8);
	assert_true(harness_command(h, "malicious off"));
}

static void malice_without_a_seed_has_seed_0(void **state)
{
	uint8_t plain[64][8], zero[64][8], one[64][8];

	spoil(*state, "malicious on", plain);
	spoil(*state, "malicious seed=0 on", zero);
	spoil(*state, "malicious seed=1 on", one);
	assert_memory_equal(plain, zero, sizeof(zero));
	assert_memory_not_equal(plain, one, sizeof(one));
}

/* Nothing is armed by a line that is refused. */
static void what_is_refused_changes_nothing(void **state)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!lines[i].error)
			continue;
		assert_false(harness_command(*state, lines[i].line));
		assert_false(flag_of(*state, "armed"));
		assert_false(flag_of(*state, "all_ones"));
	}
	assert_int_equal(number_of(*state, "status", "steps"), 0);
	assert_int_equal(number_of(*state, "status", "device_cycles"), 0);
}

/* A key is the whole word before the sign. */
static void options_are_found_by_their_whole_name(void **state)
{
	struct harness *h = *state;
	struct inject *inject = device_inject(harness_device(h));

	assert_true(harness_command(h, "inject engine-error nodes=5 node=7"));
	assert_false(inject_engine_error(inject, 5));
	assert_true(inject_engine_error(inject, 7));
	assert_true(harness_command(h, "inject engine-error nod=5"));
	assert_true(inject_engine_error(inject, 1));
	assert_true(harness_command(h, "inject hang node=6 queue=3"));
	assert_false(inject_hang(inject, 2, 6));
	assert_false(inject_hang(inject, 3, 5));
	assert_true(inject_hang(inject, 3, 6));
	assert_true(harness_command(h, "inject dma-error"));
	assert_true(inject_dma_error(inject, 0));
	assert_true(harness_command(h, "inject dma-error core"));
	assert_false(inject_dma_error(inject, 0));
}

static void seven_options_are_looked_at(void **state)
{
	struct harness *h = *state;
	struct inject *inject = device_inject(harness_device(h));

	assert_true(harness_command(h, "inject engine-error a b c d e node=7"));
	assert_false(inject_engine_error(inject, 1));
	assert_true(inject_engine_error(inject, 7));
	assert_true(harness_command(h, "inject engine-error a b c d e f node=7"));
	assert_true(inject_engine_error(inject, 1));
}

#define COMMANDS_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMMANDS_TEST(fuses_are_those_of_the_device),
		COMMANDS_TEST(each_state_has_its_name),
		COMMANDS_TEST(a_status_has_what_was_set),
		COMMANDS_TEST(messages_are_counted),
		COMMANDS_TEST(each_refusal_says_why),
		COMMANDS_TEST(malice_without_a_seed_has_seed_0),
		COMMANDS_TEST(what_is_refused_changes_nothing),
		COMMANDS_TEST(options_are_found_by_their_whole_name),
		COMMANDS_TEST(seven_options_are_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
