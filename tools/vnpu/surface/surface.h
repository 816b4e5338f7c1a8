/* SPDX-License-Identifier: MIT */
/*
 * The test surface: what only tests need of a device. It injects faults and malice, holds and
 * moves the device clock, records and replays. All of it is reached by the one structure here,
 * which the program is linked with (full.c) or without (none.c: a hardened build).
 */
#ifndef VNPU_SURFACE_H
#define VNPU_SURFACE_H

#include <stddef.h>
#include <stdint.h>

struct clock;
struct device;
struct inject;
struct json_object;
struct machine;
struct record;
struct repeat_host;
struct replay;
struct simulation;
struct words;

/**
 * command_run() - run a command of a control socket
 * @dev: the device
 * @words: the command
 * @reply: gets what it tells
 *
 * Return: NULL or the sentence that says why not.
 */
typedef const char *command_run(struct device *dev, const struct words *words,
				struct json_object *reply);

/**
 * struct surface - see above
 * @usage: its options, for --help
 * @command: the function of a command of process/control_commands.c, or NULL
 * @add_faults: what inject takes, as strings
 * @inject_create: see inject.h
 * @record_create: see trace/record.h
 * @replay_open: see trace/replay.h, as those below
 * @replay_difference: the first difference as a sentence, or NULL
 * @replay_compared: entries found equal so far
 * @replay_close: free it or NULL
 * @repeat: see soc/repeat.h
 */
struct surface {
	const char *usage;
	command_run *(*command)(const char *name);
	void (*add_faults)(struct json_object *list);
	struct inject *(*inject_create)(void);
	struct record *(*record_create)(const struct clock *clock);
	int (*replay_open)(const char *path, struct replay **out, char *error,
			   size_t error_size);
	const char *(*replay_difference)(struct replay *replay);
	uint64_t (*replay_compared)(const struct replay *replay);
	void (*replay_close)(struct replay *replay);
	void (*repeat)(struct machine *machine, struct simulation *sim, struct replay *replay,
		       const struct repeat_host *host);
};

/* Of this program; NULL in a hardened build. */
extern const struct surface *const test_surface;

#endif
