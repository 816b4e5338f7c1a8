/* SPDX-License-Identifier: MIT */
/* The control socket: lines of text in, one line of JSON out for each. docs/vnpu.md. */
#ifndef VNPU_CONTROL_H
#define VNPU_CONTROL_H

struct control;
struct device;

/**
 * control_start() - listen on a socket and start the thread that serves it
 * @path: socket, at most 107 bytes; a stale one is replaced
 * @dev: the device; must outlive the control
 * @out: the control, owned by the caller
 *
 * Return: 0 or a negative errno.
 */
int control_start(const char *path, struct device *dev, struct control **out);

/** control_stop() - end the thread, drop clients, remove the socket, free; NULL is allowed */
void control_stop(struct control *control);

#endif
