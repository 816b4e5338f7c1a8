/* SPDX-License-Identifier: MIT */
/*
 * What an MMU may keep of page tables, kept for as long as it may: until it is invalidated. A
 * driver that does not invalidate what it changes then sees the device use what was there before.
 */
#ifndef VNPU_TLB_H
#define VNPU_TLB_H

#include <stdint.h>

struct invalidation;
struct tlb;

/** enum tlb_kind - what an entry is of: a leaf of 4 KiB or 2 MiB, or a table of level 0 to 3 */
enum tlb_kind {
	TLB_PAGE,
	TLB_BLOCK,
	TLB_TABLE_0,
	TLB_TABLE_1,
	TLB_TABLE_2,
	TLB_TABLE_3,
};

/** tlb_create() - an empty one; NULL without memory */
struct tlb *tlb_create(void);

/** tlb_destroy() - free it or NULL */
void tlb_destroy(struct tlb *tlb);

/**
 * tlb_find() - look for an entry
 * @tlb: from any thread
 * @kind: what it is of
 * @asid: address space
 * @va: any address that it maps
 *
 * Return: the entry as it was in its table, or 0.
 */
uint64_t tlb_find(struct tlb *tlb, enum tlb_kind kind, unsigned int asid, uint64_t va);

/**
 * tlb_keep() - keep an entry, in the place of an older one
 * @tlb: from any thread
 * @kind: what it is of
 * @asid: address space
 * @va: any address that it maps
 * @entry: as it is in its table, valid
 *
 * Without memory, and behind 65,536 of them, it is not kept.
 */
void tlb_keep(struct tlb *tlb, enum tlb_kind kind, unsigned int asid, uint64_t va, uint64_t entry);

/** tlb_invalidated() - drop what @inv covers any part of; no translation is made meanwhile */
void tlb_invalidated(struct tlb *tlb, const struct invalidation *inv);

#endif
