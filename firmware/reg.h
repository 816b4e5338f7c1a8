/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Access to the core's peripherals (tsr_hw/core.h). */
#ifndef REG_H
#define REG_H

#include <tsr_hw/core.h>

#include "port/port.h"

static inline uint32_t sys_read(uint32_t offset)
{
	return port_read(TSR_HW_SYS_BASE + offset);
}

static inline void sys_write(uint32_t offset, uint32_t value)
{
	port_write(TSR_HW_SYS_BASE + offset, value);
}

/* Device cycles now. Reading the low word latches the high one. */
static inline uint64_t sys_cycles(void)
{
	uint32_t low = sys_read(TSR_HW_SYS_CYCLES_LO);

	return ((uint64_t)sys_read(TSR_HW_SYS_CYCLES_HI) << 32) | low;
}

static inline uint32_t engine_read(uint32_t instance, uint32_t offset)
{
	return port_read(TSR_HW_ENGINE_BASE(instance) + offset);
}

static inline void engine_write(uint32_t instance, uint32_t offset, uint32_t value)
{
	port_write(TSR_HW_ENGINE_BASE(instance) + offset, value);
}

static inline uint64_t engine_read64(uint32_t instance, uint32_t offset)
{
	uint32_t low = engine_read(instance, offset);

	return ((uint64_t)engine_read(instance, offset + 4u) << 32) | low;
}

static inline void engine_write64(uint32_t instance, uint32_t offset, uint64_t value)
{
	engine_write(instance, offset, (uint32_t)value);
	engine_write(instance, offset + 4u, (uint32_t)(value >> 32));
}

#endif
