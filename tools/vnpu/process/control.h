/* SPDX-License-Identifier: MIT */
/* The control sockets: lines of text in, one line of JSON out for each. docs/vnpu.md. */
#ifndef VNPU_CONTROL_H
#define VNPU_CONTROL_H

#include "control_commands.h"

struct control;
struct device;

/**
 * struct control_config - what is served
 * @dev: the device; must outlive the control
 * @fd: the listening socket of each role, or -1
 *
 * The sockets do not block.
 */
struct control_config {
	struct device *dev;
	int fd[CONTROL_ROLES];
};

/**
 * control_start() - start the thread that serves the sockets
 * @config: copied; its descriptors are the control's on success
 * @out: the control, owned by the caller
 *
 * Return: 0 or a negative errno.
 */
int control_start(const struct control_config *config, struct control **out);

/** control_stop() - end the thread, drop clients, close the sockets, free; NULL is allowed */
void control_stop(struct control *control);

#endif
