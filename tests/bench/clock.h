/* SPDX-License-Identifier: MIT */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>

/** now_ns() - CLOCK_MONOTONIC; in a guest that counts instructions, instructions */
uint64_t now_ns(void);

#endif
