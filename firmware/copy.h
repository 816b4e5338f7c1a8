/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Copies between host memory and SRAM; the core waits for each. */
#ifndef COPY_H
#define COPY_H

#include <stdint.h>

/* Address space of the host's own structures: physical addresses. */
#define COPY_PHYSICAL 0u

/*
 * Each returns TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*; copy_fault_address() is then where.
 * Sizes are 1 to 65536 bytes. Local objects are static, never on the stack.
 */
uint32_t copy_read(uint32_t asid, uint64_t host, void *local, uint32_t size);
uint32_t copy_fetch(uint32_t asid, uint64_t host, void *local, uint32_t size);
uint32_t copy_write(uint32_t asid, uint64_t host, const void *local, uint32_t size);
uint64_t copy_fault_address(void);

/* Add @value to a 64-bit word of the host's own memory, which engines add to as well. */
void copy_add(uint64_t host, uint32_t value);

#endif
