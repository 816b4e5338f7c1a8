/* SPDX-License-Identifier: MIT */
#ifndef VNPU_CONTROL_COMMANDS_H
#define VNPU_CONTROL_COMMANDS_H

struct device;

/*
 * Whose socket a command came by, lowest first: a role has the commands of those below it.
 * A guest asks about its device, a test disturbs the device besides, only the host's may do
 * something to the host.
 */
enum control_role {
	CONTROL_GUEST,
	CONTROL_TEST,
	CONTROL_HOST,
	CONTROL_ROLES,
};

/**
 * struct control_request - one command
 * @role: who asks
 * @line: the command, without its newline; changed
 * @fd: a descriptor that came with it, or -1; a command that takes it sets -1
 */
struct control_request {
	enum control_role role;
	char *line;
	int fd;
};

/**
 * control_execute() - run one command of a control socket
 * @dev: the device
 * @request: the command
 *
 * Return: the reply as one line of JSON, to be freed by the caller: an object whose "ok"
 * tells success and whose "error" the reason for failure. NULL without memory.
 */
char *control_execute(struct device *dev, struct control_request *request);

#endif
