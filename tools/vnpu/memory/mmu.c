// SPDX-License-Identifier: MIT
#include "mmu.h"

#include <stdbool.h>

#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>

#include "register/asid.h"
#include "tlb.h"
#include "vfu/vfu.h"

/* Leaves of this level or below are allowed; larger ones are reserved. */
#define MAX_LEAF_LEVEL 1

/* Entries that are read with one, if any are kept: the aligned group that it is in. */
#define READ_AHEAD 64u

static int fault_code(enum mmu_access access)
{
	switch (access) {
	case MMU_READ:
	case MMU_STATIC:
		return TSR_HW_ERR_FAULT_READ;
	case MMU_WRITE:
		return TSR_HW_ERR_FAULT_WRITE;
	case MMU_FETCH:
		break;
	}
	return TSR_HW_ERR_FAULT_FETCH;
}

/* Bits that the leaf must have. */
static uint64_t permission(enum mmu_access access)
{
	switch (access) {
	case MMU_READ:
		return TSR_HW_PTE_READ;
	case MMU_STATIC:
		return TSR_HW_PTE_READ | TSR_HW_PTE_STATIC;
	case MMU_WRITE:
		return TSR_HW_PTE_WRITE;
	case MMU_FETCH:
		break;
	}
	return TSR_HW_PTE_FETCH;
}

static bool root_valid(uint64_t root)
{
	return (root & TSR_HW_ASID_VALID) && !(root & TSR_HW_ASID_MBZ);
}

static bool table_valid(uint64_t pte)
{
	return (pte & TSR_HW_PTE_VALID) && !(pte & TSR_HW_PTE_TABLE_MBZ);
}

/* Without local memory a leaf that leads there is malformed like one that leads to a peer. */
static bool aperture_valid(const struct mmu_cursor *cursor, uint64_t pte)
{
	switch (pte & TSR_HW_PTE_APERTURE) {
	case TSR_HW_PTE_APERTURE_SYSTEM:
		return true;
	case TSR_HW_PTE_APERTURE_LOCAL:
		return cursor->local_size > 0;
	}
	return false;
}

/* What is static is not written. */
static bool use_valid(uint64_t pte)
{
	return !(pte & TSR_HW_PTE_STATIC) || !(pte & TSR_HW_PTE_WRITE);
}

static bool leaf_valid(const struct mmu_cursor *cursor, uint64_t pte, int level)
{
	uint64_t low_address = (1ull << TSR_HW_PT_SHIFT(level)) - TSR_HW_PAGE_SIZE;

	return level <= MAX_LEAF_LEVEL && (pte & TSR_HW_PTE_VALID) && !(pte & TSR_HW_PTE_MBZ) &&
	       use_valid(pte) && aperture_valid(cursor, pte) && !(pte & low_address);
}

static const uint64_t *table_at(struct mmu_cursor *cursor, uint64_t entry)
{
	size_t len = TSR_HW_PAGE_SIZE;
	const uint64_t *table;

	table = vfu_dma_translate(cursor->vfu, entry & TSR_HW_PTE_ADDR, VFU_DMA_READ, &len);
	return len == TSR_HW_PAGE_SIZE ? table : NULL;
}

static uint64_t entry_of(const uint64_t *table, uint64_t va, int level)
{
	unsigned int index = va >> TSR_HW_PT_SHIFT(level) & (TSR_HW_PT_ENTRIES - 1);

	return __atomic_load_n(&table[index], __ATOMIC_ACQUIRE);
}

static bool place_local(struct mmu_cursor *cursor, uint64_t offset, size_t *len)
{
	if (offset >= cursor->local_size)
		return false;
	if (*len > cursor->local_size - offset)
		*len = cursor->local_size - offset;
	cursor->place = (struct mmu_place){ .local = offset };
	return true;
}

static bool place_system(struct mmu_cursor *cursor, uint64_t address, size_t *len)
{
	unsigned int access = cursor->access == MMU_WRITE ? VFU_DMA_WRITE : VFU_DMA_READ;

	cursor->place.host = vfu_dma_translate(cursor->vfu, address, access, len);
	return cursor->place.host;
}

static bool place_leaf(struct mmu_cursor *cursor, uint64_t pte, uint64_t offset, size_t *len)
{
	uint64_t address = (pte & TSR_HW_PTE_ADDR) + offset;

	if ((pte & TSR_HW_PTE_APERTURE) == TSR_HW_PTE_APERTURE_LOCAL)
		return place_local(cursor, address, len);
	return place_system(cursor, address, len);
}

static int map_leaf(struct mmu_cursor *cursor, uint64_t va, uint64_t pte, int level)
{
	uint64_t size = 1ull << TSR_HW_PT_SHIFT(level);
	uint64_t offset = va & (size - 1);
	size_t len = size - offset;
	uint64_t wanted = permission(cursor->access);

	if (!leaf_valid(cursor, pte, level) || (pte & wanted) != wanted)
		return fault_code(cursor->access);
	if (!place_leaf(cursor, pte, offset, &len))
		return TSR_HW_ERR_FAULT_BUS;
	cursor->page_va = va;
	cursor->page_size = len;
	return TSR_HW_ERR_NONE;
}

/* Leaves beside one that a walk has found; what is kept of them stays as it is. */
static void keep_neighbours(const struct mmu_cursor *cursor, uint64_t va, const uint64_t *table,
			    int level)
{
	const enum tlb_kind kind = level ? TLB_BLOCK : TLB_PAGE;
	const uint64_t size = 1ull << TSR_HW_PT_SHIFT(level);

	va &= ~(READ_AHEAD * size - 1);
	for (unsigned int i = 0; i < READ_AHEAD; i++, va += size) {
		uint64_t pte = entry_of(table, va, level);

		if ((pte & TSR_HW_PTE_LEAF) && leaf_valid(cursor, pte, level) &&
		    !tlb_find(cursor->tlb, kind, cursor->asid, va))
			tlb_keep(cursor->tlb, kind, cursor->asid, va, pte);
	}
}

/* A leaf that a walk has found in a table: one that maps the address is kept. */
static int take_leaf(struct mmu_cursor *cursor, uint64_t va, const uint64_t *table, uint64_t pte,
		     int level)
{
	int error = map_leaf(cursor, va, pte, level);

	if (error || !cursor->tlb)
		return error;
	tlb_keep(cursor->tlb, level ? TLB_BLOCK : TLB_PAGE, cursor->asid, va, pte);
	keep_neighbours(cursor, va, table, level);
	return TSR_HW_ERR_NONE;
}

static bool map_kept_leaf(struct mmu_cursor *cursor, enum tlb_kind kind, uint64_t va)
{
	uint64_t pte = tlb_find(cursor->tlb, kind, cursor->asid, va);

	/* What it does not allow may have been allowed since: that needs no invalidation. */
	return pte && map_leaf(cursor, va, pte, kind == TLB_BLOCK) == TSR_HW_ERR_NONE;
}

/* Whether a leaf that is kept maps the address. */
static bool map_kept(struct mmu_cursor *cursor, uint64_t va)
{
	return cursor->tlb && (map_kept_leaf(cursor, TLB_PAGE, va) ||
			       map_kept_leaf(cursor, TLB_BLOCK, va));
}

static void keep_table(const struct mmu_cursor *cursor, uint64_t va, uint64_t entry, int level)
{
	if (cursor->tlb)
		tlb_keep(cursor->tlb, TLB_TABLE_0 + level, cursor->asid, va, entry);
}

/* Return: the level of the table that is kept nearest to the leaf, or TSR_HW_PT_LEVELS. */
static int find_kept_table(const struct mmu_cursor *cursor, uint64_t va, uint64_t *entry)
{
	int level = 0;

	if (!cursor->tlb)
		return TSR_HW_PT_LEVELS;
	for (; level < TSR_HW_PT_LEVELS; level++) {
		*entry = tlb_find(cursor->tlb, TLB_TABLE_0 + level, cursor->asid, va);
		if (*entry)
			break;
	}
	return level;
}

/* The table to begin a walk with: one that is kept, or the root. */
static int find_first_table(const struct mmu_cursor *cursor, uint64_t va, uint64_t *entry,
			    int *level)
{
	*level = find_kept_table(cursor, va, entry);
	if (*level < TSR_HW_PT_LEVELS)
		return TSR_HW_ERR_NONE;
	*level = TSR_HW_PT_LEVELS - 1;
	*entry = asid_table_root(cursor->asids, cursor->asid);
	if (!root_valid(*entry))
		return fault_code(cursor->access);
	keep_table(cursor, va, *entry, *level);
	return TSR_HW_ERR_NONE;
}

/* The entry of a level 0 table, by a walk, which may end at a larger leaf. */
static int find_table(struct mmu_cursor *cursor, uint64_t va, uint64_t *entry)
{
	int level;
	int error = find_first_table(cursor, va, entry, &level);

	while (!error && level > 0) {
		const uint64_t *table = table_at(cursor, *entry);

		if (!table)
			return TSR_HW_ERR_FAULT_BUS;
		*entry = entry_of(table, va, level);
		if (*entry & TSR_HW_PTE_LEAF)
			return take_leaf(cursor, va, table, *entry, level);
		if (!table_valid(*entry))
			return fault_code(cursor->access);
		level--;
		keep_table(cursor, va, *entry, level);
	}
	return error;
}

/* To a level 0 table or a larger leaf. */
static int walk(struct mmu_cursor *cursor, uint64_t va)
{
	uint64_t entry = 0;
	int error;

	cursor->table = NULL;
	error = find_table(cursor, va, &entry);
	if (error || cursor->page_size)
		return error;
	cursor->table = table_at(cursor, entry);
	if (!cursor->table)
		return TSR_HW_ERR_FAULT_BUS;
	cursor->table_va = va & ~(TSR_HW_BLOCK_SIZE - 1);
	return TSR_HW_ERR_NONE;
}

static int map_page(struct mmu_cursor *cursor, uint64_t va)
{
	uint64_t pte;
	int error;

	cursor->page_size = 0;
	if (va < TSR_HW_VA_USER_START || va >> TSR_HW_VA_BITS)
		return fault_code(cursor->access);
	if (map_kept(cursor, va))
		return TSR_HW_ERR_NONE;
	if (!cursor->table || va - cursor->table_va >= TSR_HW_BLOCK_SIZE) {
		error = walk(cursor, va);
		if (error || cursor->page_size)
			return error;
	}
	pte = entry_of(cursor->table, va, 0);
	if (!(pte & TSR_HW_PTE_LEAF))
		return fault_code(cursor->access);
	return take_leaf(cursor, va, cursor->table, pte, 0);
}

/* Members one by one: a load of both at once waits until the stores of each have left the core. */
static struct mmu_place place_behind(const struct mmu_place *place, uint64_t bytes)
{
	if (place->host)
		return (struct mmu_place){ .host = place->host + bytes };
	return (struct mmu_place){ .local = place->local + bytes };
}

int mmu_map(struct mmu_cursor *cursor, uint64_t va, size_t *len, struct mmu_place *place)
{
	uint64_t behind;
	uint64_t rest;
	int error;

	if (va - cursor->page_va >= cursor->page_size) {
		error = map_page(cursor, va);
		if (error)
			return error;
	}
	behind = va - cursor->page_va;
	rest = cursor->page_size - behind;
	*place = place_behind(&cursor->place, behind);
	if (*len > rest)
		*len = rest;
	return TSR_HW_ERR_NONE;
}
