/* SPDX-License-Identifier: MIT */
#ifndef RV32_EXECUTE_H
#define RV32_EXECUTE_H

#include "core.h"

/**
 * rv32_execute() - execute one instruction
 * @cpu: the core; next_pc is the following instruction
 * @insn: the instruction
 *
 * Return: true when it retires, false after a trap.
 */
bool rv32_execute(struct rv32 *cpu, const struct rv32_insn *insn);

#endif
