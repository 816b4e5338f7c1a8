/* SPDX-License-Identifier: MIT */
/* Random windows of one dimension, as POOL and CONV of version 2 have them. */
#ifndef TEST_RANDOM_WINDOWS_H
#define TEST_RANDOM_WINDOWS_H

#include <stdint.h>

#include <tsr_hw/command.h>

#include "bench.h"

/**
 * random_window() - a window that has @out outputs
 * @bench: its random numbers
 * @window: result; pads make up for what elements do not
 * @out: outputs
 * @in: result: elements of the input
 */
void random_window(struct bench *bench, struct tsr_hw_window *window, uint32_t out, uint32_t *in);

#endif
