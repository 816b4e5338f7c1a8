/* SPDX-License-Identifier: MIT */
/* Results in the Test Anything Protocol, and figures. */
#ifndef FAULTS_TAP_H
#define FAULTS_TAP_H

#include <stdbool.h>

/** tap_ok() - report a check; Return: @ok */
bool tap_ok(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** tap_note() - something for the reader */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** tap_metric() - a figure that has to be at least @limit */
void tap_metric(const char *name, double value, const char *unit, double limit);

/** tap_need() - go on only if @ok: what comes would mean nothing otherwise */
void tap_need(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** tap_end() - print the plan; Return: status to exit with */
int tap_end(void);

/** seconds_now() - CLOCK_MONOTONIC */
double seconds_now(void);

#endif
