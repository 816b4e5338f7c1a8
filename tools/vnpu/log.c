// SPDX-License-Identifier: MIT
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_BYTES 512

static char log_name[32] = "vnpu";
static enum vnpu_log_level log_level = VNPU_LOG_INFO;

void vnpu_log_setup(const char *name, enum vnpu_log_level level)
{
	snprintf(log_name, sizeof(log_name), "%s", name);
	log_level = level;
}

static const char *level_name(enum vnpu_log_level level)
{
	switch (level) {
	case VNPU_LOG_ERROR:
		return "error";
	case VNPU_LOG_WARN:
		return "warning";
	case VNPU_LOG_INFO:
		return "info";
	case VNPU_LOG_DEBUG:
		return "debug";
	}
	return "?";
}

static size_t clamp_length(int len, size_t max)
{
	if (len < 0)
		return 0;
	return (size_t)len < max ? (size_t)len : max - 1;
}

static void log_line(enum vnpu_log_level level, const char *fmt, va_list ap)
{
	char line[LINE_MAX_BYTES];
	int saved_errno = errno;
	ssize_t written;
	size_t len;

	len = clamp_length(snprintf(line, sizeof(line), "%s: %s: ", log_name,
				    level_name(level)), sizeof(line));
	len += clamp_length(vsnprintf(line + len, sizeof(line) - len, fmt, ap),
			    sizeof(line) - len);
	line[len++] = '\n';
	/* A log that cannot be written is nothing the caller could act on. */
	written = write(STDERR_FILENO, line, len);
	(void)written;
	errno = saved_errno;
}

void vnpu_log(enum vnpu_log_level level, const char *fmt, ...)
{
	va_list ap;

	if (level > log_level)
		return;
	va_start(ap, fmt);
	log_line(level, fmt, ap);
	va_end(ap);
}

void vnpu_log_limited(struct vnpu_log_budget *budget, enum vnpu_log_level level,
		      const char *fmt, ...)
{
	unsigned int used;
	va_list ap;

	if (level > log_level)
		return;
	/* Saturates: a counter that wraps would open the tap again. */
	used = atomic_load_explicit(&budget->used, memory_order_relaxed);
	if (used > VNPU_LOG_BUDGET)
		return;
	used = atomic_fetch_add_explicit(&budget->used, 1, memory_order_relaxed);
	if (used > VNPU_LOG_BUDGET)
		return;
	if (used == VNPU_LOG_BUDGET) {
		vnpu_log(VNPU_LOG_WARN, "further messages of this kind are not printed");
		return;
	}
	va_start(ap, fmt);
	log_line(level, fmt, ap);
	va_end(ap);
}
