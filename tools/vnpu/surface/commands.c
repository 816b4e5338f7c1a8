// SPDX-License-Identifier: MIT
#include "commands.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <json-c/json.h>

#include "counters.h"
#include "inject.h"
#include "process/words.h"
#include "random.h"
#include "soc/device.h"
#include "soc/simulation.h"

/* "random" picks one of so many nodes that start next. */
#define RANDOM_NODES 16

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

static const struct {
	const char *name;
	command_run *run;
} commands[] = {
	{ "reset-counters", run_reset_counters },
	{ "hold", run_hold },
	{ "step", run_step },
	{ "release", run_release },
	{ "advance", run_advance },
	{ "inject", run_inject },
	{ "malicious", run_malicious },
	{ "all-ones", run_all_ones },
	{ "record", run_record },
};

command_run *surface_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run;
	return NULL;
}

void surface_add_faults(struct json_object *list)
{
	for (size_t i = 0; i < FAULTS; i++)
		json_object_array_add(list, json_object_new_string(faults[i].usage));
}
