/* SPDX-License-Identifier: MIT */
#ifndef RV32_CSR_H
#define RV32_CSR_H

#include "core.h"

/**
 * rv32_csr_read() - value of a CSR
 * @cpu: the core
 * @csr: number
 * @val: where it goes
 *
 * Return: false when there is no such CSR.
 */
bool rv32_csr_read(const struct rv32 *cpu, unsigned int csr, uint32_t *val);

/**
 * rv32_csr_write() - write a CSR from the running instruction
 * @cpu: the core
 * @csr: number of an existing CSR
 * @val: its new value; bits that are not writable are ignored
 *
 * Return: false when the CSR is read-only.
 */
bool rv32_csr_write(struct rv32 *cpu, unsigned int csr, uint32_t val);

#endif
