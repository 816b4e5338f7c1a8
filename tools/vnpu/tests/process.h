/* SPDX-License-Identifier: MIT */
/* tessera-vnpu as a process of its own, with sandbox and sockets, as users run it. */
#ifndef VNPU_TESTS_PROCESS_H
#define VNPU_TESTS_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "process/control_commands.h"

struct process;

/**
 * struct process_options - how to run it
 * @sku: SKU file
 * @state: state file
 * @hardened: the program without test surface, which has no socket for tests
 * @extra: more arguments, ended by NULL; or NULL
 */
struct process_options {
	const char *sku;
	const char *state;
	bool hardened;
	const char *const *extra;
};

/** process_start() - run it in a folder of its own until its sockets are there; NULL: it ended */
struct process *process_start(const struct process_options *options);

/** process_end() - SIGTERM, wait, remove the folder; the status of waitpid() */
int process_end(struct process *process);

/** process_status() - wait until it ends by itself; the status of waitpid() */
int process_status(struct process *process);

/** process_pid() - its id */
pid_t process_pid(const struct process *process);

/** process_path() - a file in its folder: "npu", "control", "test", "guest", "log" */
const char *process_path(struct process *process, const char *name);

/** process_connect() - connect to the socket @name; -1 on failure */
int process_connect(struct process *process, const char *name);

/**
 * process_command() - run a command over a connection of its own
 * @process: the process
 * @role: whose socket
 * @line: the command
 * @fd: a descriptor to pass, or -1
 *
 * Return: the reply, to be freed by the caller; NULL when the connection broke.
 */
char *process_command(struct process *process, enum control_role role, const char *line, int fd);

#endif
