// SPDX-License-Identifier: MIT
#include "tlb.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>

#include <tsr_hw/mmu.h>

#include "invalidation.h"

/* All are looked at in an invalidation, while no window is open: some tenths of a millisecond. */
#define ENTRIES_MAX (1u << 16)

/* An entry of page tables, and what it is found by. */
struct kept {
	enum tlb_kind kind;
	unsigned int asid;
	uint64_t va;		/* first that it maps */
	uint64_t entry;
	struct kept *next;
};

struct tlb {
	pthread_mutex_t lock;	/* protects all below */
	void *tree;		/* of tsearch() */
	struct kept *list;	/* of all that are in the tree */
	unsigned int count;
};

struct tlb *tlb_create(void)
{
	struct tlb *tlb = calloc(1, sizeof(*tlb));

	if (tlb)
		pthread_mutex_init(&tlb->lock, NULL);
	return tlb;
}

/* What an entry maps: a table is found by one of the level above it, the root by its number. */
static uint64_t size_of(enum tlb_kind kind)
{
	static const unsigned int shift[] = {
		[TLB_PAGE] = TSR_HW_PT_SHIFT(0),
		[TLB_BLOCK] = TSR_HW_PT_SHIFT(1),
		[TLB_TABLE_0] = TSR_HW_PT_SHIFT(1),
		[TLB_TABLE_1] = TSR_HW_PT_SHIFT(2),
		[TLB_TABLE_2] = TSR_HW_PT_SHIFT(3),
		[TLB_TABLE_3] = TSR_HW_PT_SHIFT(4),
	};

	return 1ull << shift[kind];
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
	const struct kept *a = left, *b = right;

	if (a->asid != b->asid)
		return order(a->asid, b->asid);
	return a->va != b->va ? order(a->va, b->va) : order(a->kind, b->kind);
}

static struct kept key_of(enum tlb_kind kind, unsigned int asid, uint64_t va)
{
	return (struct kept){ .kind = kind, .asid = asid, .va = va & ~(size_of(kind) - 1) };
}

uint64_t tlb_find(struct tlb *tlb, enum tlb_kind kind, unsigned int asid, uint64_t va)
{
	const struct kept key = key_of(kind, asid, va);
	struct kept **found;
	uint64_t entry;

	pthread_mutex_lock(&tlb->lock);
	found = tfind(&key, &tlb->tree, compare);
	entry = found ? (*found)->entry : 0;
	pthread_mutex_unlock(&tlb->lock);
	return entry;
}

/* The lock is held. */
static void add(struct tlb *tlb, const struct kept *key)
{
	struct kept *kept = tlb->count < ENTRIES_MAX ? malloc(sizeof(*kept)) : NULL;

	if (!kept)
		return;
	*kept = *key;
	kept->next = tlb->list;
	if (!tsearch(kept, &tlb->tree, compare)) {
		free(kept);
		return;
	}
	tlb->list = kept;
	tlb->count++;
}

void tlb_keep(struct tlb *tlb, enum tlb_kind kind, unsigned int asid, uint64_t va, uint64_t entry)
{
	struct kept key = key_of(kind, asid, va);
	struct kept **found;

	key.entry = entry;
	pthread_mutex_lock(&tlb->lock);
	found = tfind(&key, &tlb->tree, compare);
	if (found)
		(*found)->entry = entry;
	else
		add(tlb, &key);
	pthread_mutex_unlock(&tlb->lock);
}

/* The lock is held. */
static void drop(struct tlb *tlb, struct kept **link)
{
	struct kept *kept = *link;

	*link = kept->next;
	tdelete(kept, &tlb->tree, compare);
	free(kept);
	tlb->count--;
}

void tlb_invalidated(struct tlb *tlb, const struct invalidation *inv)
{
	struct kept **link;

	pthread_mutex_lock(&tlb->lock);
	link = &tlb->list;
	while (*link) {
		const struct kept *kept = *link;

		if (invalidation_meets(inv, kept->asid, kept->va, size_of(kept->kind)))
			drop(tlb, link);
		else
			link = &(*link)->next;
	}
	pthread_mutex_unlock(&tlb->lock);
}

void tlb_destroy(struct tlb *tlb)
{
	if (!tlb)
		return;
	while (tlb->list)
		drop(tlb, &tlb->list);
	pthread_mutex_destroy(&tlb->lock);
	free(tlb);
}
