/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Trace ring (tsr_hw/trace.h). */
#ifndef TRACE_H
#define TRACE_H

#include <stdint.h>

#include <tsr_hw/trace.h>

/* Engines may write into it from here on. */
void trace_start(void);

void trace_add(uint32_t code, uint32_t queue, uint32_t arg0, uint32_t arg1);

/**
 * trace_copy() - copy the newest records to host memory, oldest of them first
 * @address: physical
 * @size: bytes there
 * @count: records copied
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*.
 */
uint32_t trace_copy(uint64_t address, uint64_t size, uint32_t *count);

#endif
