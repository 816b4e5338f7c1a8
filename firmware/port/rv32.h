/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The management core: registers are memory, SRAM addresses are pointers. */
#ifndef PORT_RV32_H
#define PORT_RV32_H

#include <stdint.h>

/* For large tables that need no zeroing at start. */
#define PORT_NOINIT __attribute__((section(".noinit")))

static inline uint32_t port_read(uint32_t address)
{
	return *(const volatile uint32_t *)(uintptr_t)address;
}

static inline void port_write(uint32_t address, uint32_t value)
{
	*(volatile uint32_t *)(uintptr_t)address = value;
}

/* The address the copy engine and the compute engines know an object by. */
static inline uint32_t port_local(const void *object)
{
	return (uint32_t)(uintptr_t)object;
}

/* Keeps the compiler from moving accesses to shared buffers across a register write. */
static inline void port_barrier(void)
{
	__asm__ volatile("fence" ::: "memory");
}

/* Sleeps until the external interrupt line is high; it is never taken as a trap. */
static inline void port_wait(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

#endif
