/* SPDX-License-Identifier: MIT */
#ifndef VNPU_CONTROL_COMMANDS_H
#define VNPU_CONTROL_COMMANDS_H

struct device;

/**
 * control_execute() - run one command of the control socket
 * @dev: the device
 * @line: the command, without its newline; changed
 *
 * Return: the reply as one line of JSON, to be freed by the caller: an object whose "ok"
 * tells success and whose "error" the reason for failure. NULL without memory.
 */
char *control_execute(struct device *dev, char *line);

#endif
