/* SPDX-License-Identifier: MIT */
/* Real code for the core: compiled for RV32, and for the host to know what is right. */
#ifndef RV32_TESTS_WORKLOAD_H
#define RV32_TESTS_WORKLOAD_H

#include <stdint.h>

#define WORKLOAD_RESULTS 8

/** workload_run() - run every program; one result word of each */
void workload_run(uint32_t results[WORKLOAD_RESULTS]);

#endif
