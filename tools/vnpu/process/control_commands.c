// SPDX-License-Identifier: MIT
#include "control_commands.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>
#include <sodium.h>

#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>

#include "counters.h"
#include "soc/device.h"
#include "surface/surface.h"
#include "vfu/vfu.h"
#include "words.h"

/**
 * struct command - a row of the table
 * @name: its first word
 * @usage: all its forms, as docs/vnpu.md lists them
 * @role: the least role that has it
 * @run: does it; NULL for one of the test surface, which has it
 */
struct command {
	const char *name;
	const char *usage;
	enum control_role role;
	command_run *run;
};

static void add_u64(struct json_object *object, const char *key, uint64_t val)
{
	json_object_object_add(object, key, json_object_new_uint64(val));
}

static void add_bool(struct json_object *object, const char *key, bool val)
{
	json_object_object_add(object, key, json_object_new_boolean(val));
}

static void add_key_hash(struct json_object *object, const struct tsr_hw_fuses *fuses)
{
	char text[2 * sizeof(fuses->key_hash) + 1];

	sodium_bin2hex(text, sizeof(text), fuses->key_hash, sizeof(fuses->key_hash));
	json_object_object_add(object, "key_hash", json_object_new_string(text));
}

static const char *run_counters(struct device *dev, const struct words *words,
				struct json_object *reply)
{
	const struct counters *counters = device_counters(dev);
	struct device_status status;

	(void)words;
	for (int i = 0; i < COUNTER_COUNT; i++)
		add_u64(reply, counter_name(i), counters_get(counters, i));
	add_u64(reply, "mmio_reads", counters_get(counters, COUNTER_MMIO_READS_BAR0) +
		counters_get(counters, COUNTER_MMIO_READS_BAR2));
	add_u64(reply, "mmio_writes", counters_get(counters, COUNTER_MMIO_WRITES_BAR0) +
		counters_get(counters, COUNTER_MMIO_WRITES_BAR2));
	device_status(dev, &status);
	add_u64(reply, "device_cycles", status.cycles);
	return NULL;
}

static const char *run_transport(struct device *dev, const struct words *words,
				 struct json_object *reply)
{
	struct vfu_counters vfu;

	(void)words;
	vfu_get_counters(device_vfu(dev), &vfu);
	add_u64(reply, "reads_bar4", vfu.reads[TSR_HW_BAR_MSIX]);
	add_u64(reply, "writes_bar4", vfu.writes[TSR_HW_BAR_MSIX]);
	add_u64(reply, "config_reads", vfu.config_reads);
	add_u64(reply, "config_writes", vfu.config_writes);
	add_u64(reply, "posted_writes", vfu.posted_writes);
	add_u64(reply, "dma_maps", vfu.dma_maps);
	add_u64(reply, "dma_unmaps", vfu.dma_unmaps);
	add_u64(reply, "resets", vfu.resets);
	add_u64(reply, "messages", vfu.messages);
	add_u64(reply, "rejected", vfu.rejected);
	add_u64(reply, "connections", vfu.connections);
	return NULL;
}

static const char *run_die(struct device *dev, const struct words *words,
			   struct json_object *reply)
{
	(void)words;
	(void)reply;
	vfu_hang_up(device_vfu(dev));
	_exit(0);
}

static const char *state_name(unsigned int state)
{
	switch (state) {
	case TSR_HW_STATE_RESET:
		return "reset";
	case TSR_HW_STATE_RESETTING:
		return "resetting";
	case TSR_HW_STATE_ROM:
		return "rom";
	case TSR_HW_STATE_STARTING:
		return "starting";
	case TSR_HW_STATE_READY:
		return "ready";
	case TSR_HW_STATE_BOOT_FAILED:
		return "boot-failed";
	case TSR_HW_STATE_FATAL:
		return "fatal";
	}
	return "?";
}

static const char *run_status(struct device *dev, const struct words *words,
			      struct json_object *reply)
{
	struct device_status status;

	(void)words;
	device_status(dev, &status);
	json_object_object_add(reply, "state",
			       json_object_new_string(state_name(status.state)));
	add_u64(reply, "resets", status.resets);
	add_u64(reply, "boots", status.boots);
	add_u64(reply, "device_cycles", status.cycles);
	add_u64(reply, "engines_busy", status.engines_busy);
	add_bool(reply, "asleep", status.asleep);
	add_bool(reply, "armed", status.armed);
	add_bool(reply, "held", status.held);
	add_u64(reply, "steps", status.steps);
	add_bool(reply, "all_ones", status.gone);
	add_bool(reply, "bus_master", status.bus_master);
	return NULL;
}

static const char *run_fuses(struct device *dev, const struct words *words,
			     struct json_object *reply)
{
	const struct tsr_hw_fuses *fuses = device_fuses(dev);

	(void)words;
	json_object_object_add(reply, "name",
			       json_object_new_string_len((const char *)fuses->name,
				(int)strnlen((const char *)fuses->name, sizeof(fuses->name))));
	add_u64(reply, "serial", fuses->serial);
	add_u64(reply, "sku", fuses->sku);
	add_u64(reply, "rollback_min", fuses->rollback_min);
	add_u64(reply, "clock_khz", fuses->clock_khz);
	add_u64(reply, "tensor_tiles", fuses->tensor_tiles);
	add_u64(reply, "dma_engines", fuses->dma_engines);
	add_key_hash(reply, fuses);
	return NULL;
}

static const char *run_help(struct device *dev, const struct words *words,
			    struct json_object *reply);

/* The order is that of docs/vnpu.md. Commands that only tests need have no function here. */
static const struct command commands[] = {
	{ "help", "help", CONTROL_GUEST, run_help },
	{ "status", "status", CONTROL_GUEST, run_status },
	{ "fuses", "fuses", CONTROL_GUEST, run_fuses },
	{ "counters", "counters", CONTROL_GUEST, run_counters },
	{ "transport", "transport", CONTROL_GUEST, run_transport },
	{ "reset-counters", "reset-counters", CONTROL_TEST, NULL },
	{ "hold", "hold", CONTROL_TEST, NULL },
	{ "step", "step [N]", CONTROL_TEST, NULL },
	{ "release", "release", CONTROL_TEST, NULL },
	{ "advance", "advance CYCLES", CONTROL_TEST, NULL },
	{ "inject", "inject FAULT [OPTION...]", CONTROL_TEST, NULL },
	{ "malicious", "malicious [seed=S] on|off", CONTROL_TEST, NULL },
	{ "all-ones", "all-ones on|off", CONTROL_TEST, NULL },
	{ "die", "die", CONTROL_HOST, run_die },
	{ "record", "record start|stop", CONTROL_HOST, NULL },
};

static const char *const role_names[CONTROL_ROLES] = {
	[CONTROL_GUEST] = "guest",
	[CONTROL_TEST] = "test",
	[CONTROL_HOST] = "host",
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* Return: NULL for a command that this program was built without. */
static command_run *find_run(struct device *dev, const struct command *command)
{
	const struct surface *surface = device_surface(dev);

	if (command->run)
		return command->run;
	return surface ? surface->command(command->name) : NULL;
}

static const char *run_help(struct device *dev, const struct words *words,
			    struct json_object *reply)
{
	const struct surface *surface = device_surface(dev);
	struct json_object *list = json_object_new_array();
	struct json_object *row;

	(void)words;
	for (size_t i = 0; i < COMMANDS; i++) {
		if (!find_run(dev, &commands[i]))
			continue;
		row = json_object_new_object();
		json_object_object_add(row, "name", json_object_new_string(commands[i].name));
		json_object_object_add(row, "usage", json_object_new_string(commands[i].usage));
		json_object_object_add(row, "role",
				       json_object_new_string(role_names[commands[i].role]));
		json_object_array_add(list, row);
	}
	json_object_object_add(reply, "commands", list);
	list = json_object_new_array();
	if (surface)
		surface->add_faults(list);
	json_object_object_add(reply, "faults", list);
	return NULL;
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

static struct json_object *refusal(const struct command *command, enum control_role role)
{
	char text[160];

	snprintf(text, sizeof(text), "%s is refused on the %s's socket; its least role is %s",
		 command->name, role_names[role], role_names[command->role]);
	return json_object_new_string(text);
}

static struct json_object *absence(const struct command *command)
{
	char text[160];

	snprintf(text, sizeof(text), "%s is for tests, and a hardened build leaves it out",
		 command->name);
	return json_object_new_string(text);
}

/* Return: NULL, or why it failed. */
static struct json_object *run(struct device *dev, enum control_role role,
			       const struct words *words, struct json_object *reply)
{
	const struct command *command = find_command(words_at(words, 0));
	command_run *does;
	const char *error;

	if (!command)
		return json_object_new_string("no such command; help lists them");
	does = find_run(dev, command);
	if (!does)
		return absence(command);
	if (role < command->role)
		return refusal(command, role);
	error = does(dev, words, reply);
	return error ? json_object_new_string(error) : NULL;
}

char *control_execute(struct device *dev, struct control_request *request)
{
	struct json_object *reply = json_object_new_object();
	struct words words = { .fd = &request->fd };
	struct json_object *error;
	char *text;

	if (!reply)
		return NULL;
	words_split(request->line, &words);
	error = run(dev, request->role, &words, reply);
	add_bool(reply, "ok", !error);
	if (error)
		json_object_object_add(reply, "error", error);
	text = strdup(json_object_to_json_string_ext(reply, JSON_C_TO_STRING_PLAIN));
	json_object_put(reply);
	return text;
}
