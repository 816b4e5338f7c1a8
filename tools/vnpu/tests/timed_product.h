/* SPDX-License-Identifier: MIT */
/* A product as the time model has it, for tests of pacing and charging. */
#ifndef VNPU_TESTS_TIMED_PRODUCT_H
#define VNPU_TESTS_TIMED_PRODUCT_H

#include <stdint.h>

#include "time/command.h"

/**
 * timed_product() - int8 [@rows, 1024] by [1024, 64], in blocks of rows, so that there are steps
 */
struct command timed_product(uint64_t rows);

#endif
