/* SPDX-License-Identifier: MIT */
#ifndef VNPU_SANDBOX_H
#define VNPU_SANDBOX_H

/**
 * sandbox_enter() - allow only the system calls the device needs from now on
 *
 * For the whole process, all its threads included. What is not needed fails with EPERM:
 * starting programs, opening new sockets, tracing, changing identity. The device is host
 * code fed by a guest.
 *
 * Return: 0 or a negative errno.
 */
int sandbox_enter(void);

#endif
