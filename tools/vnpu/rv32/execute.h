/* SPDX-License-Identifier: MIT */
#ifndef RV32_EXECUTE_H
#define RV32_EXECUTE_H

#include "core.h"

/**
 * rv32_execute() - execute instructions, at least one
 * @cpu: the core
 * @end: value of instret to stop at, not that of now
 *
 * Ends early when the core needs attention.
 */
void rv32_execute(struct rv32 *cpu, uint64_t end);

#endif
