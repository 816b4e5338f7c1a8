/* SPDX-License-Identifier: MIT */
/* Access to the window and the bus, private to this library. */
#ifndef RV32_MEMORY_H
#define RV32_MEMORY_H

#include <string.h>

#include "core.h"
#include "trap.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "the window is little-endian and accessed in host order");

/* Host address of @size (1 to 4) bytes at @addr, or NULL outside the window. */
static inline uint8_t *rv32_window(const struct rv32 *cpu, uint32_t addr, uint32_t size)
{
	uint32_t offset = addr - cpu->window_base;

	return offset <= cpu->window_size - size ? cpu->window + offset : NULL;
}

static inline uint32_t rv32_peek(const uint8_t *p, uint32_t size)
{
	uint32_t word;
	uint16_t half;

	switch (size) {
	case 1:
		return *p;
	case 2:
		memcpy(&half, p, sizeof(half));
		return half;
	default:
		memcpy(&word, p, sizeof(word));
		return word;
	}
}

static inline void rv32_poke(uint8_t *p, uint32_t size, uint32_t val)
{
	uint16_t half = (uint16_t)val;

	switch (size) {
	case 1:
		*p = (uint8_t)val;
		break;
	case 2:
		memcpy(p, &half, sizeof(half));
		break;
	default:
		memcpy(p, &val, sizeof(val));
		break;
	}
}

/**
 * rv32_load() - data load of the running instruction
 * @cpu: the core
 * @addr: address
 * @size: 1, 2 or 4
 * @val: zero extended value
 *
 * Return: true, or false after a trap was taken.
 */
static inline bool rv32_load(struct rv32 *cpu, uint32_t addr, uint32_t size, uint32_t *val)
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

/**
 * rv32_store() - data store of the running instruction
 * @cpu: the core
 * @addr: address
 * @size: 1, 2 or 4
 * @val: its low bytes are written
 *
 * Return: true, or false after a trap was taken.
 */
static inline bool rv32_store(struct rv32 *cpu, uint32_t addr, uint32_t size, uint32_t val)
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

#endif
