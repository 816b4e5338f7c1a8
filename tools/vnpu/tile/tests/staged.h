/* SPDX-License-Identifier: MIT */
/* What a command stages, against what it is said to. */
#ifndef TEST_STAGED_H
#define TEST_STAGED_H

#include <stdbool.h>

#include "bench.h"

/**
 * staged_as_said() - whether what was staged is given back, and was what was said, or less where it
 * may be
 * @bench: the bench
 * @command: what has run alone since staging_reset_peak()
 *
 * Return: false with a line on stderr.
 */
bool staged_as_said(const struct bench *bench, const void *command);

#endif
