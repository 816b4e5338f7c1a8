/* SPDX-License-Identifier: MIT */
#ifndef VNPU_LANDLOCK_H
#define VNPU_LANDLOCK_H

/**
 * landlock_enter() - the calling thread opens no file and no TCP port from now on
 *
 * Threads it starts afterwards inherit that. Descriptors that are open keep their rights.
 * no_new_privs must be set.
 *
 * Return: the version of Landlock's interface, 0 when this kernel has none, or a negative
 * errno.
 */
int landlock_enter(void);

#endif
