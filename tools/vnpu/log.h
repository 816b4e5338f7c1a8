/* SPDX-License-Identifier: MIT */
#ifndef VNPU_LOG_H
#define VNPU_LOG_H

#include <stdatomic.h>
#include <stdint.h>

/** enum vnpu_log_level - how much a line matters; higher levels are chattier */
enum vnpu_log_level {
	VNPU_LOG_ERROR,		/* the virtual NPU cannot go on as asked */
	VNPU_LOG_WARN,		/* the guest, the client or the user did something wrong */
	VNPU_LOG_INFO,		/* life cycle: start, connect, reset, stop */
	VNPU_LOG_DEBUG,		/* every message and event */
};

/**
 * struct vnpu_log_budget - limits lines from one source
 * @used: lines asked for so far; initialize to zero
 *
 * The guest and the client can provoke lines at will, so each such source has a
 * budget: after VNPU_LOG_BUDGET lines one last line says that the rest is dropped.
 */
struct vnpu_log_budget {
	atomic_uint used;
};

#define VNPU_LOG_BUDGET 32

/**
 * vnpu_log_setup() - set the prefix and the chattiest level that is printed
 * @name: printed in each line, for instance the device's name; copied, cut at 31 bytes
 * @level: lines above it are dropped; the default is VNPU_LOG_INFO
 *
 * Call before other threads log.
 */
void vnpu_log_setup(const char *name, enum vnpu_log_level level);

/**
 * vnpu_log() - print one line on standard error
 * @level: see enum vnpu_log_level
 * @fmt: printf format without the final newline
 *
 * The line is written by one write(2), so lines of several threads do not mix.
 * Keeps errno.
 */
void vnpu_log(enum vnpu_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * vnpu_log_limited() - as vnpu_log(), within a budget
 * @budget: the source's budget
 * @level: see enum vnpu_log_level
 * @fmt: printf format without the final newline
 */
void vnpu_log_limited(struct vnpu_log_budget *budget, enum vnpu_log_level level,
		      const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
