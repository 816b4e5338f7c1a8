/* SPDX-License-Identifier: GPL-2.0-only */
/* The device's MMU: address-space table and invalidation ring. */
#ifndef TSR_MMU_H
#define TSR_MMU_H

#include <linux/types.h>

struct tsr_device;

int tsr_mmu_init(struct tsr_device *tdev);
void tsr_mmu_start(struct tsr_device *tdev);
int tsr_mmu_attach(struct tsr_device *tdev, dma_addr_t root);
void tsr_mmu_detach(struct tsr_device *tdev, unsigned int asid);
void tsr_mmu_invalidate(struct tsr_device *tdev, unsigned int asid, u64 va, u64 size);

#endif
