/* SPDX-License-Identifier: MIT */
/*
 * The MMU's page walk. Without a TLB nothing it finds outlives the DMA window it was found in:
 * that is what makes an invalidation a matter of waiting for open windows.
 */
#ifndef VNPU_MMU_H
#define VNPU_MMU_H

#include <stddef.h>
#include <stdint.h>

struct asid_table;
struct tlb;
struct vfu;

/** enum mmu_access - the permission an access needs; MMU_STATIC: to read what does not change */
enum mmu_access {
	MMU_READ,
	MMU_WRITE,
	MMU_FETCH,
	MMU_STATIC,
};

/**
 * struct mmu_place - what is behind a virtual address
 * @host: the host's address of guest memory, good until the window closes; or NULL
 * @local: offset in local memory when @host is NULL
 */
struct mmu_place {
	char *host;
	uint64_t local;
};

/**
 * struct mmu_cursor - the last walk of one window, so that neighbours cost less
 * @vfu: transport with a window open on this thread
 * @asids: address-space table
 * @asid: address space
 * @access: permission needed
 * @local_size: bytes of local memory, 0 for none
 * @tlb: what is kept beyond the window, or NULL
 * @table: the level 0 table walked last, or NULL
 * @table_va: first address it maps
 * @place: where the bytes mapped last are
 * @page_va: their first virtual address
 * @page_size: how many there are, 0 for none
 */
struct mmu_cursor {
	struct vfu *vfu;
	const struct asid_table *asids;
	unsigned int asid;
	enum mmu_access access;
	uint64_t local_size;
	struct tlb *tlb;
	const uint64_t *table;
	uint64_t table_va;
	struct mmu_place place;
	uint64_t page_va;
	uint64_t page_size;
};

/**
 * mmu_map() - where a virtual address leads
 * @cursor: state of this window; members after @tlb zero at its begin
 * @va: virtual address
 * @len: in: bytes wanted, not zero; out: bytes that follow there, not more
 * @place: the place
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_READ, _WRITE or _FETCH after @cursor->access when
 * the address is not mapped so, TSR_HW_ERR_FAULT_BUS when nothing is behind it or a table.
 */
int mmu_map(struct mmu_cursor *cursor, uint64_t va, size_t *len, struct mmu_place *place);

#endif
