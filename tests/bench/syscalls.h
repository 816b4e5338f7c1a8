/* SPDX-License-Identifier: MIT */
/* System calls of a piece of code, counted from outside by ptrace. */
#ifndef BENCH_SYSCALLS_H
#define BENCH_SYSCALLS_H

#include <stdint.h>

/**
 * struct syscalls - what was counted
 * @all: system calls
 * @ioctls: of them ioctl()
 */
struct syscalls {
	uint64_t all;
	uint64_t ioctls;
};

/**
 * syscalls_count() - run @code in a child process and count what it does between its marks
 *
 * @code calls syscalls_mark() before and after what is to be counted.
 */
void syscalls_count(struct syscalls *counted, void (*code)(void));

/** syscalls_mark() - begin or end of what is counted */
void syscalls_mark(void);

#endif
