// SPDX-License-Identifier: MIT
#include "control_commands.h"

#include <errno.h>
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
#include "inject.h"
#include "random.h"
#include "soc/device.h"
#include "soc/simulation.h"
#include "vfu/vfu.h"
#include "words.h"

/* "random" picks one of so many nodes that start next. */
#define RANDOM_NODES 16

/**
 * struct command - a row of the table
 * @name: its first word
 * @usage: all its forms, as docs/vnpu.md lists them
 * @role: the least role that has it
 * @run: does it; returns NULL or the sentence that says why not
 */
struct command {
	const char *name;
	const char *usage;
	enum control_role role;
	const char *(*run)(struct device *dev, const struct words *words,
			   struct json_object *reply);
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

static const char *run_reset_counters(struct device *dev, const struct words *words,
				      struct json_object *reply)
{
	(void)words;
	(void)reply;
	counters_reset(device_counters(dev));
	return NULL;
}

static const char *run_hold(struct device *dev, const struct words *words,
			    struct json_object *reply)
{
	(void)words;
	(void)reply;
	simulation_hold(device_simulation(dev));
	return NULL;
}

static const char *run_release(struct device *dev, const struct words *words,
			       struct json_object *reply)
{
	(void)words;
	(void)reply;
	simulation_release(device_simulation(dev));
	return NULL;
}

static const char *run_step(struct device *dev, const struct words *words,
			    struct json_object *reply)
{
	uint64_t n = 1;

	(void)reply;
	if (words->count > 1 && !words_number(words->word[1], &n))
		return "usage: step [COMPLETIONS]";
	simulation_step(device_simulation(dev), n);
	return NULL;
}

static const char *run_advance(struct device *dev, const struct words *words,
			       struct json_object *reply)
{
	uint64_t cycles;

	(void)reply;
	if (!words_number(words_at(words, 1), &cycles))
		return "usage: advance CYCLES";
	simulation_advance(device_simulation(dev), cycles);
	return NULL;
}

/**
 * struct fault - a row of the table of faults
 * @name: the word behind inject
 * @usage: its options, as docs/vnpu.md lists them
 * @arm: arms it; returns NULL or the sentence that says why not
 */
struct fault {
	const char *name;
	const char *usage;
	const char *(*arm)(struct device *dev, const struct words *words);
};

static const char *arm_hang(struct device *dev, const struct words *words)
{
	const char *node_text = words_option(words, "node");
	bool random = node_text && !strcmp(node_text, "random");
	uint64_t queue = INJECT_ANY;
	uint64_t node = INJECT_ANY;
	uint64_t seed = 0;

	if (!words_number_option(words, "queue", &queue) ||
	    !words_number_option(words, "seed", &seed) ||
	    (!random && !words_number_option(words, "node", &node)) ||
	    queue > UINT32_MAX || node > UINT32_MAX)
		return "usage: inject hang [queue=N] [node=N|random] [seed=S]";
	inject_arm_hang(device_inject(dev), (uint32_t)queue, (uint32_t)node,
			random ? random_next(&seed) % RANDOM_NODES : 0);
	return NULL;
}

static const char *arm_engine_error(struct device *dev, const struct words *words)
{
	uint64_t node = INJECT_ANY;

	if (!words_number_option(words, "node", &node) || node > UINT32_MAX)
		return "usage: inject engine-error [node=N]";
	inject_arm_engine_error(device_inject(dev), (uint32_t)node);
	return NULL;
}

static const char *arm_dma_error(struct device *dev, const struct words *words)
{
	bool core = !strcmp(words_at(words, 2), "core");

	if (words->count > 2 && !core)
		return "usage: inject dma-error [core]";
	inject_arm_dma_error(device_inject(dev), core);
	return NULL;
}

static const char *arm_flip(struct device *dev, const struct words *words,
			    void (*arm)(struct inject *, uint64_t))
{
	uint64_t bit = 0;

	if (!words_number_option(words, "bit", &bit) || bit == UINT64_MAX)
		return "usage: inject flip-weight|flip-result [bit=N]";
	arm(device_inject(dev), bit);
	return NULL;
}

static const char *arm_flip_weight(struct device *dev, const struct words *words)
{
	return arm_flip(dev, words, inject_arm_flip_weight);
}

static const char *arm_flip_result(struct device *dev, const struct words *words)
{
	return arm_flip(dev, words, inject_arm_flip_result);
}

static const char *crash_firmware(struct device *dev, const struct words *words)
{
	(void)words;
	simulation_crash(device_simulation(dev));
	return NULL;
}

static const char *arm_drop_irq(struct device *dev, const struct words *words)
{
	(void)words;
	inject_arm_drop_irq(device_inject(dev));
	return NULL;
}

static const char *arm_corrupt_completion(struct device *dev, const struct words *words)
{
	uint64_t seq = 0, completed = 0;

	if (!words_option(words, "seq") && !words_option(words, "completed")) {
		inject_arm_corrupt_completion(device_inject(dev));
		return NULL;
	}
	if (!words_number_option(words, "seq", &seq) ||
	    !words_number_option(words, "completed", &completed))
		return "seq and completed are numbers";
	inject_arm_shift_completion(device_inject(dev), (uint32_t)seq, (uint32_t)completed);
	return NULL;
}

static const char *disarm(struct device *dev, const struct words *words)
{
	(void)words;
	inject_clear(device_inject(dev));
	return NULL;
}

static const struct fault faults[] = {
	{ "hang", "hang [queue=N] [node=N|random] [seed=S]", arm_hang },
	{ "engine-error", "engine-error [node=N]", arm_engine_error },
	{ "dma-error", "dma-error [core]", arm_dma_error },
	{ "flip-weight", "flip-weight [bit=N]", arm_flip_weight },
	{ "flip-result", "flip-result [bit=N]", arm_flip_result },
	{ "firmware-crash", "firmware-crash", crash_firmware },
	{ "drop-irq", "drop-irq", arm_drop_irq },
	{ "corrupt-completion", "corrupt-completion [seq=N] [completed=N]",
	  arm_corrupt_completion },
	{ "nothing", "nothing", disarm },
};

#define FAULTS (sizeof(faults) / sizeof(faults[0]))

static const char *run_inject(struct device *dev, const struct words *words,
			      struct json_object *reply)
{
	(void)reply;
	for (size_t i = 0; i < FAULTS; i++)
		if (!strcmp(words_at(words, 1), faults[i].name))
			return faults[i].arm(dev, words);
	return "no such fault; help lists them";
}

/* The last word is "on" or "off". */
static bool on_off(const struct words *words, bool *on)
{
	const char *word = words->count ? words->word[words->count - 1] : "";

	*on = !strcmp(word, "on");
	return *on || !strcmp(word, "off");
}

static const char *run_all_ones(struct device *dev, const struct words *words,
				struct json_object *reply)
{
	bool on;

	(void)reply;
	if (!on_off(words, &on))
		return "usage: all-ones on|off";
	device_set_gone(dev, on);
	return NULL;
}

static const char *run_malicious(struct device *dev, const struct words *words,
				 struct json_object *reply)
{
	uint64_t seed = 0;
	bool on;

	(void)reply;
	if (!on_off(words, &on) || !words_number_option(words, "seed", &seed))
		return "usage: malicious [seed=S] on|off";
	inject_set_malicious(device_inject(dev), on, seed);
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

static const char *start_record(struct device *dev, int *fd)
{
	int ret;

	if (*fd < 0)
		return "record start takes the file as a descriptor beside the line (SCM_RIGHTS)";
	ret = device_record_start(dev, *fd);
	if (ret == -EBUSY)
		return "a record begins in state reset: reset the device, or stop the other record";
	if (ret == -EINVAL)
		return "the descriptor is no regular file that is open for writing";
	if (ret)
		return strerror(-ret);
	*fd = -1;
	return NULL;
}

static const char *run_record(struct device *dev, const struct words *words,
			      struct json_object *reply)
{
	const char *what = words_at(words, 1);
	int ret;

	(void)reply;
	if (words->count == 2 && !strcmp(what, "start"))
		return start_record(dev, words->fd);
	if (words->count != 2 || strcmp(what, "stop"))
		return "usage: record start | record stop";
	ret = device_record_stop(dev);
	if (ret == -EINVAL)
		return "there is no record to stop";
	return ret ? strerror(-ret) : NULL;
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

/* The order is that of docs/vnpu.md. */
static const struct command commands[] = {
	{ "help", "help", CONTROL_GUEST, run_help },
	{ "status", "status", CONTROL_GUEST, run_status },
	{ "fuses", "fuses", CONTROL_GUEST, run_fuses },
	{ "counters", "counters", CONTROL_GUEST, run_counters },
	{ "transport", "transport", CONTROL_GUEST, run_transport },
	{ "reset-counters", "reset-counters", CONTROL_TEST, run_reset_counters },
	{ "hold", "hold", CONTROL_TEST, run_hold },
	{ "step", "step [N]", CONTROL_TEST, run_step },
	{ "release", "release", CONTROL_TEST, run_release },
	{ "advance", "advance CYCLES", CONTROL_TEST, run_advance },
	{ "inject", "inject FAULT [OPTION...]", CONTROL_TEST, run_inject },
	{ "malicious", "malicious [seed=S] on|off", CONTROL_TEST, run_malicious },
	{ "all-ones", "all-ones on|off", CONTROL_TEST, run_all_ones },
	{ "die", "die", CONTROL_HOST, run_die },
	{ "record", "record start|stop", CONTROL_HOST, run_record },
};

static const char *const role_names[CONTROL_ROLES] = {
	[CONTROL_GUEST] = "guest",
	[CONTROL_TEST] = "test",
	[CONTROL_HOST] = "host",
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const char *run_help(struct device *dev, const struct words *words,
			    struct json_object *reply)
{
	struct json_object *list = json_object_new_array();
	struct json_object *row;

	(void)dev;
	(void)words;
	for (size_t i = 0; i < COMMANDS; i++) {
		row = json_object_new_object();
		json_object_object_add(row, "name", json_object_new_string(commands[i].name));
		json_object_object_add(row, "usage", json_object_new_string(commands[i].usage));
		json_object_object_add(row, "role",
				       json_object_new_string(role_names[commands[i].role]));
		json_object_array_add(list, row);
	}
	json_object_object_add(reply, "commands", list);
	list = json_object_new_array();
	for (size_t i = 0; i < FAULTS; i++)
		json_object_array_add(list, json_object_new_string(faults[i].usage));
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

/* Return: NULL, or why it failed. */
static struct json_object *run(struct device *dev, enum control_role role,
			       const struct words *words, struct json_object *reply)
{
	const struct command *command = find_command(words_at(words, 0));
	const char *error;

	if (!command)
		return json_object_new_string("no such command; help lists them");
	if (role < command->role)
		return refusal(command, role);
	error = command->run(dev, words, reply);
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
