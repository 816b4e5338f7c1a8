/* SPDX-License-Identifier: GPL-2.0-only */
/* Page table of one address space. */
#ifndef TSR_PGTABLE_H
#define TSR_PGTABLE_H

#include <linux/types.h>

struct device;
struct tsr_client;
struct tsr_extents;
struct tsr_pgtable;

struct tsr_pgtable *tsr_pgtable_create(struct device *dev, struct tsr_client *client);
void tsr_pgtable_destroy(struct tsr_pgtable *pgtable);
dma_addr_t tsr_pgtable_root(struct tsr_pgtable *pgtable);

int tsr_pgtable_reserve_map(struct tsr_pgtable *pgtable, u64 va, u64 size,
			    const struct tsr_extents *extents, u64 offset);
int tsr_pgtable_reserve_unmap(struct tsr_pgtable *pgtable, u64 va, u64 size);
void tsr_pgtable_map(struct tsr_pgtable *pgtable, u64 va, u64 size,
		     const struct tsr_extents *extents, u64 offset, u64 flags);
void tsr_pgtable_unmap(struct tsr_pgtable *pgtable, u64 va, u64 size);
void tsr_pgtable_prune(struct tsr_pgtable *pgtable, u64 va, u64 size);
bool tsr_pgtable_dirty(struct tsr_pgtable *pgtable);
void tsr_pgtable_invalidated(struct tsr_pgtable *pgtable);

#endif
