/* SPDX-License-Identifier: MIT */
#ifndef VNPU_SANDBOX_H
#define VNPU_SANDBOX_H

/**
 * sandbox_enter() - allow only the system calls the device needs from now on
 *
 * The device is host code fed by a guest. It works on descriptors that are open or come
 * from its clients: any other system call, opening a file among them, ends the process
 * with SIGSYS. Landlock, where the kernel has it, holds the same line a second time for
 * files. The process gains no privileges, and others of its user cannot trace it.
 *
 * Call it before the first thread: Landlock binds this thread and those it starts.
 *
 * Return: the version of Landlock's interface, 0 without, or a negative errno.
 */
int sandbox_enter(void);

#endif
