/* SPDX-License-Identifier: MIT */
#ifndef VNPU_SRAM_H
#define VNPU_SRAM_H

#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/core.h>

/** struct sram - the management core's private memory; simulation thread only */
struct sram {
	_Alignas(4096) uint8_t byte[TSR_HW_SRAM_SIZE];
};

/** sram_at() - @n bytes at core address @addr, or NULL when any is outside */
static inline void *sram_at(struct sram *sram, uint32_t addr, size_t n)
{
	uint32_t offset = addr - TSR_HW_SRAM_BASE;

	if (offset > TSR_HW_SRAM_SIZE || n > TSR_HW_SRAM_SIZE - offset)
		return NULL;
	return sram->byte + offset;
}

#endif
