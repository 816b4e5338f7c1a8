// SPDX-License-Identifier: MIT
#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static unsigned int checks, failures;

static void result(bool ok, const char *format, va_list args)
{
	printf("%sok %u - ", ok ? "" : "not ", ++checks);
	vprintf(format, args);
	putchar('\n');
	fflush(stdout);
	failures += !ok;
}

bool tap_ok(bool ok, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	result(ok, format, args);
	va_end(args);
	return ok;
}

void tap_note(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

void tap_metric(const char *name, double value, const char *unit, double limit)
{
	tap_note("metric %s %.0f %s >= %.0f", name, value, unit, limit);
}

void tap_need(bool ok, const char *format, ...)
{
	va_list args;

	if (ok)
		return;
	va_start(args, format);
	result(ok, format, args);
	va_end(args);
	tap_note("cannot go on");
	exit(tap_end());
}

int tap_end(void)
{
	printf("1..%u\n", checks);
	fflush(stdout);
	return failures != 0;
}

double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
