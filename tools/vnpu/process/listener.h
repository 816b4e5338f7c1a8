/* SPDX-License-Identifier: MIT */
#ifndef VNPU_LISTENER_H
#define VNPU_LISTENER_H

/**
 * listener_open() - listen on a local socket that only this user may connect to
 * @path: at most 107 bytes
 * @backlog: clients that may wait
 *
 * What a process that ended left at @path is replaced: a socket of this user on which
 * nothing listens. Anything else stays. The file is never removed afterwards, so a
 * process that may call the file system no longer can end without it.
 *
 * Return: a descriptor, not blocking, or a negative errno: -ENAMETOOLONG, -EEXIST when
 * @path is no socket of this user, -EADDRINUSE when a process listens there, or that of
 * a system call.
 */
int listener_open(const char *path, int backlog);

#endif
