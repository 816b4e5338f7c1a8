// SPDX-License-Identifier: MIT
#include "memory.h"

#include "trap.h"

bool rv32_load(struct rv32 *cpu, uint32_t addr, uint32_t size, uint32_t *val)
{
	const uint8_t *p;

	if (addr & (size - 1)) {
		rv32_exception(cpu, RV32_CAUSE_LOAD_MISALIGNED, addr);
		return false;
	}
	p = rv32_window(cpu, addr, size);
	if (p) {
		*val = rv32_peek(p, size);
		return true;
	}
	if (cpu->bus->load(cpu->opaque, addr, size, val)) {
		rv32_exception(cpu, RV32_CAUSE_LOAD_ACCESS, addr);
		return false;
	}
	return true;
}

bool rv32_store(struct rv32 *cpu, uint32_t addr, uint32_t size, uint32_t val)
{
	uint8_t *p;

	if (addr & (size - 1)) {
		rv32_exception(cpu, RV32_CAUSE_STORE_MISALIGNED, addr);
		return false;
	}
	p = rv32_window(cpu, addr, size);
	if (p) {
		if ((addr & ~3u) == cpu->reservation)
			cpu->reservation = RV32_NO_RESERVATION;
		rv32_poke(p, size, val);
		return true;
	}
	if (cpu->bus->store(cpu->opaque, addr, size, val)) {
		rv32_exception(cpu, RV32_CAUSE_STORE_ACCESS, addr);
		return false;
	}
	return true;
}
