/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers. */
#ifndef TSR_REG_H
#define TSR_REG_H

#include <linux/io.h>

#include <tsr_hw/registers.h>

#include "device.h"

static inline u32 tsr_reg_read(struct tsr_device *tdev, u32 reg)
{
	return readl(tdev->regs + reg);
}

static inline void tsr_reg_write(struct tsr_device *tdev, u32 reg, u32 value)
{
	writel(value, tdev->regs + reg);
}

/* The high word commits. */
static inline void tsr_reg_write64(struct tsr_device *tdev, u32 reg, u64 value)
{
	tsr_reg_write(tdev, reg, lower_32_bits(value));
	tsr_reg_write(tdev, reg + 4, upper_32_bits(value));
}

int tsr_reg_probe(struct tsr_device *tdev);
bool tsr_reg_gone(struct tsr_device *tdev);
int tsr_reg_wait_state(struct tsr_device *tdev, u32 states, unsigned int timeout_ms);
void tsr_reg_read_block(struct tsr_device *tdev, u32 reg, void *to, size_t size);

#endif
