// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page table of one address space.
 *
 * A change has three steps, so that only the first can fail. Reserving builds every table
 * the change will need; it may split a 2 MiB leaf, which alters no translation, and links
 * empty tables, which hold none. Writing sets the entries. Pruning takes out tables that
 * became empty. A table taken out stays allocated until the caller has invalidated the
 * device's cached walks.
 *
 * Callers serialize; nothing here locks.
 */

#include "pgtable.h"

#include <linux/dma-mapping.h>
#include <linux/list.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <tsr_hw/mmu.h>

#include "client.h"
#include "extent.h"

/**
 * struct tsr_pt - one table
 * @entry: what the device reads
 * @dma: its address
 * @level: 0 for tables of leaves, 3 for the root
 * @used: valid entries
 * @link: in &tsr_pgtable.removed
 * @child: tables below, by entry; NULL when @level is 0
 */
struct tsr_pt {
	__le64 *entry;
	dma_addr_t dma;
	unsigned int level;
	unsigned int used;
	struct list_head link;
	struct tsr_pt **child;
};

/**
 * struct tsr_pgtable - page table of one address space
 * @dev: device that walks it
 * @client: client its memory counts for, NULL for none; outlives it
 * @root: root table
 * @removed: tables taken out since the last invalidation
 * @dirty: a translation was removed or replaced since then
 */
struct tsr_pgtable {
	struct device *dev;
	struct tsr_client *client;
	struct tsr_pt *root;
	struct list_head removed;
	bool dirty;
};

/* Where in the memory of an object a walk is. */
struct tsr_pt_cursor {
	const struct tsr_extent *run;
	u64 offset;	/* in the run */
};

/*
 * A caller without room in its memory cgroup gets -ENOMEM, and nothing is killed to make
 * room: tables are what a client can ask for most of.
 */
#define TSR_PT_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/* Memory a table takes. */
static u64 tsr_pt_bytes(unsigned int level)
{
	return sizeof(struct tsr_pt) + TSR_HW_PAGE_SIZE +
	       (level ? TSR_HW_PT_ENTRIES * sizeof(struct tsr_pt *) : 0);
}

static struct tsr_pt *tsr_pt_alloc_uncounted(struct tsr_pgtable *pgtable, unsigned int level)
{
	struct tsr_pt *pt;

	pt = kzalloc_obj(*pt, TSR_PT_GFP);
	if (!pt)
		return NULL;
	pt->level = level;
	if (level) {
		pt->child = kzalloc_objs(*pt->child, TSR_HW_PT_ENTRIES, TSR_PT_GFP);
		if (!pt->child)
			goto err_pt;
	}
	pt->entry = dma_alloc_coherent(pgtable->dev, TSR_HW_PAGE_SIZE, &pt->dma, TSR_PT_GFP);
	if (!pt->entry)
		goto err_child;

	return pt;

err_child:
	kfree(pt->child);
err_pt:
	kfree(pt);
	return NULL;
}

static int tsr_pt_charge(struct tsr_pgtable *pgtable, unsigned int level)
{
	if (!pgtable->client)
		return 0;

	return tsr_client_charge(pgtable->client, TSR_RESOURCE_PGTABLE, tsr_pt_bytes(level));
}

static void tsr_pt_uncharge(struct tsr_pgtable *pgtable, unsigned int level)
{
	if (pgtable->client)
		tsr_client_uncharge(pgtable->client, TSR_RESOURCE_PGTABLE, tsr_pt_bytes(level));
}

static struct tsr_pt *tsr_pt_alloc(struct tsr_pgtable *pgtable, unsigned int level)
{
	struct tsr_pt *pt;
	int ret;

	ret = tsr_pt_charge(pgtable, level);
	if (ret)
		return ERR_PTR(ret);
	pt = tsr_pt_alloc_uncounted(pgtable, level);
	if (!pt) {
		tsr_pt_uncharge(pgtable, level);
		return ERR_PTR(-ENOMEM);
	}

	return pt;
}

static void tsr_pt_free(struct tsr_pgtable *pgtable, struct tsr_pt *pt)
{
	unsigned int i;

	cond_resched();
	for (i = 0; pt->child && i < TSR_HW_PT_ENTRIES; i++)
		if (pt->child[i])
			tsr_pt_free(pgtable, pt->child[i]);
	tsr_pt_uncharge(pgtable, pt->level);
	dma_free_coherent(pgtable->dev, TSR_HW_PAGE_SIZE, pt->entry, pt->dma);
	kfree(pt->child);
	kfree(pt);
}

/**
 * tsr_pgtable_create() - an empty page table
 * @dev: device that will walk it
 * @client: client its memory counts for, or NULL
 *
 * Return: the page table or an ERR_PTR.
 */
struct tsr_pgtable *tsr_pgtable_create(struct device *dev, struct tsr_client *client)
{
	struct tsr_pgtable *pgtable = kzalloc_obj(*pgtable, GFP_KERNEL_ACCOUNT);
	struct tsr_pt *root;

	if (!pgtable)
		return ERR_PTR(-ENOMEM);
	pgtable->dev = dev;
	pgtable->client = client;
	INIT_LIST_HEAD(&pgtable->removed);
	root = tsr_pt_alloc(pgtable, TSR_HW_PT_LEVELS - 1);
	if (IS_ERR(root)) {
		kfree(pgtable);
		return ERR_CAST(root);
	}
	pgtable->root = root;

	return pgtable;
}

/**
 * tsr_pgtable_destroy() - free a page table that no device walks any more
 * @pgtable: page table
 */
void tsr_pgtable_destroy(struct tsr_pgtable *pgtable)
{
	tsr_pgtable_invalidated(pgtable);
	tsr_pt_free(pgtable, pgtable->root);
	kfree(pgtable);
}

/**
 * tsr_pgtable_root() - address of the root table
 * @pgtable: page table
 *
 * Return: the address.
 */
dma_addr_t tsr_pgtable_root(struct tsr_pgtable *pgtable)
{
	return pgtable->root->dma;
}

static u64 tsr_pt_span(unsigned int level)
{
	return 1ull << TSR_HW_PT_SHIFT(level);
}

static unsigned int tsr_pt_index(u64 va, unsigned int level)
{
	return (va >> TSR_HW_PT_SHIFT(level)) % TSR_HW_PT_ENTRIES;
}

/* End of the part of [va, end) that one entry covers. */
static u64 tsr_pt_step(u64 va, u64 end, unsigned int level)
{
	return min(end, ALIGN_DOWN(va, tsr_pt_span(level)) + tsr_pt_span(level));
}

static bool tsr_pt_covers(u64 va, u64 next, unsigned int level)
{
	return next - va == tsr_pt_span(level);
}

static u64 tsr_pt_get(struct tsr_pt *pt, unsigned int i)
{
	return le64_to_cpu(READ_ONCE(pt->entry[i]));
}

/* One aligned 8-byte store: the device sees the old entry or the new one. */
static void tsr_pt_set(struct tsr_pgtable *pgtable, struct tsr_pt *pt, unsigned int i, u64 value)
{
	u64 old = tsr_pt_get(pt, i);

	if (old == value)
		return;
	pt->used += !!value;
	pt->used -= !!old;
	pgtable->dirty |= !!old;
	WRITE_ONCE(pt->entry[i], cpu_to_le64(value));
}

/* Put another value in the place of a table, which is freed after the next invalidation. */
static void tsr_pt_replace_table(struct tsr_pgtable *pgtable, struct tsr_pt *pt, unsigned int i,
				 u64 value)
{
	struct tsr_pt *child = pt->child[i];

	pt->child[i] = NULL;
	tsr_pt_set(pgtable, pt, i, value);
	list_add(&child->link, &pgtable->removed);
}

static void tsr_pt_cursor_start(struct tsr_pt_cursor *cursor, const struct tsr_extents *extents,
				u64 offset)
{
	cursor->run = tsr_extents_find(extents, offset);
	cursor->offset = offset - cursor->run->offset;
}

/* Not beyond the end of a run: what a leaf maps is contiguous. */
static void tsr_pt_cursor_advance(struct tsr_pt_cursor *cursor, u64 size)
{
	cursor->offset += size;
	if (cursor->offset == cursor->run->size) {
		cursor->offset = 0;
		cursor->run++;
	}
}

static dma_addr_t tsr_pt_cursor_addr(const struct tsr_pt_cursor *cursor)
{
	return cursor->run->dma + cursor->offset;
}

/* Can one leaf of this level map [va, next) to where the cursor is? */
static bool tsr_pt_leaf_fits(const struct tsr_pt_cursor *cursor, u64 va, u64 next,
			     unsigned int level)
{
	if (level == 0)
		return true;

	return TSR_HW_PT_SHIFT(level) == TSR_HW_BLOCK_SHIFT && tsr_pt_covers(va, next, level) &&
	       IS_ALIGNED(tsr_pt_cursor_addr(cursor), TSR_HW_BLOCK_SIZE) &&
	       cursor->run->size - cursor->offset >= TSR_HW_BLOCK_SIZE;
}

/* Fill a new table with what the 2 MiB leaf it will replace says. */
static void tsr_pt_fill_from_leaf(struct tsr_pt *pt, u64 leaf)
{
	unsigned int i;

	for (i = 0; i < TSR_HW_PT_ENTRIES; i++)
		pt->entry[i] = cpu_to_le64(leaf + i * TSR_HW_PAGE_SIZE);
	pt->used = TSR_HW_PT_ENTRIES;
}

/* Make sure there is a table below an entry, splitting a leaf where there is one. */
static int tsr_pt_need_table(struct tsr_pgtable *pgtable, struct tsr_pt *pt, unsigned int i)
{
	u64 leaf = tsr_pt_get(pt, i);
	struct tsr_pt *child;

	if (pt->child[i])
		return 0;
	child = tsr_pt_alloc(pgtable, pt->level - 1);
	if (IS_ERR(child))
		return PTR_ERR(child);
	if (leaf)
		tsr_pt_fill_from_leaf(child, leaf);
	pt->child[i] = child;
	dma_wmb();	/* the table before the entry that leads to it */
	tsr_pt_set(pgtable, pt, i, child->dma | TSR_HW_PTE_VALID);

	return 0;
}

/* Once a table: let others run. Return: -EINTR when the caller is being killed. */
static int tsr_pt_pause(void)
{
	cond_resched();

	return fatal_signal_pending(current) ? -EINTR : 0;
}

static int tsr_pt_reserve_map(struct tsr_pgtable *pgtable, struct tsr_pt *pt, u64 va, u64 end,
			      struct tsr_pt_cursor *cursor)
{
	u64 next;
	int ret;

	ret = tsr_pt_pause();
	if (ret)
		return ret;
	for (; va < end; va = next) {
		next = tsr_pt_step(va, end, pt->level);
		if (tsr_pt_leaf_fits(cursor, va, next, pt->level)) {
			tsr_pt_cursor_advance(cursor, next - va);
			continue;
		}
		ret = tsr_pt_need_table(pgtable, pt, tsr_pt_index(va, pt->level));
		if (ret)
			return ret;
		ret = tsr_pt_reserve_map(pgtable, pt->child[tsr_pt_index(va, pt->level)], va, next,
					 cursor);
		if (ret)
			return ret;
	}

	return 0;
}

/**
 * tsr_pgtable_reserve_map() - make sure that a mapping can be written
 * @pgtable: page table
 * @va: first address, page aligned
 * @size: bytes, page aligned
 * @extents: memory, mapped for the device
 * @offset: where in @extents the mapping begins
 *
 * Return: 0, -ENOMEM, -EDQUOT or -EINTR; no translation is altered in any case.
 */
int tsr_pgtable_reserve_map(struct tsr_pgtable *pgtable, u64 va, u64 size,
			    const struct tsr_extents *extents, u64 offset)
{
	struct tsr_pt_cursor cursor;

	tsr_pt_cursor_start(&cursor, extents, offset);

	return tsr_pt_reserve_map(pgtable, pgtable->root, va, va + size, &cursor);
}

static int tsr_pt_reserve_unmap(struct tsr_pgtable *pgtable, struct tsr_pt *pt, u64 va, u64 end)
{
	unsigned int i;
	u64 next;
	int ret;

	ret = tsr_pt_pause();
	if (ret)
		return ret;
	for (; va < end && pt->level; va = next) {
		next = tsr_pt_step(va, end, pt->level);
		i = tsr_pt_index(va, pt->level);
		if (!tsr_pt_get(pt, i) || tsr_pt_covers(va, next, pt->level))
			continue;
		ret = tsr_pt_need_table(pgtable, pt, i);
		if (ret)
			return ret;
		ret = tsr_pt_reserve_unmap(pgtable, pt->child[i], va, next);
		if (ret)
			return ret;
	}

	return 0;
}

/**
 * tsr_pgtable_reserve_unmap() - make sure that a range can be unmapped
 * @pgtable: page table
 * @va: first address, page aligned
 * @size: bytes, page aligned
 *
 * Needs memory only where a 2 MiB leaf is to be cut, at most twice.
 *
 * Return: 0, -ENOMEM, -EDQUOT or -EINTR; no translation is altered in any case.
 */
int tsr_pgtable_reserve_unmap(struct tsr_pgtable *pgtable, u64 va, u64 size)
{
	return tsr_pt_reserve_unmap(pgtable, pgtable->root, va, va + size);
}

static void tsr_pt_map(struct tsr_pgtable *pgtable, struct tsr_pt *pt, u64 va, u64 end,
		       struct tsr_pt_cursor *cursor, u64 flags)
{
	unsigned int i;
	u64 next, leaf;

	cond_resched();
	for (; va < end; va = next) {
		next = tsr_pt_step(va, end, pt->level);
		i = tsr_pt_index(va, pt->level);
		if (!tsr_pt_leaf_fits(cursor, va, next, pt->level)) {
			tsr_pt_map(pgtable, pt->child[i], va, next, cursor, flags);
			continue;
		}
		leaf = tsr_pt_cursor_addr(cursor) | flags | TSR_HW_PTE_LEAF | TSR_HW_PTE_VALID;
		if (pt->level && pt->child[i])
			tsr_pt_replace_table(pgtable, pt, i, leaf);
		else
			tsr_pt_set(pgtable, pt, i, leaf);
		tsr_pt_cursor_advance(cursor, next - va);
	}
}

/**
 * tsr_pgtable_map() - write a reserved mapping, over whatever was there
 * @pgtable: page table
 * @va: first address, page aligned
 * @size: bytes, page aligned
 * @extents: memory, mapped for the device
 * @offset: where in @extents the mapping begins
 * @flags: TSR_HW_PTE_READ, TSR_HW_PTE_WRITE, TSR_HW_PTE_FETCH, TSR_HW_PTE_STATIC,
 *         TSR_HW_PTE_APERTURE_LOCAL
 */
void tsr_pgtable_map(struct tsr_pgtable *pgtable, u64 va, u64 size,
		     const struct tsr_extents *extents, u64 offset, u64 flags)
{
	struct tsr_pt_cursor cursor;

	tsr_pt_cursor_start(&cursor, extents, offset);
	tsr_pt_map(pgtable, pgtable->root, va, va + size, &cursor, flags);
}

static void tsr_pt_unmap(struct tsr_pgtable *pgtable, struct tsr_pt *pt, u64 va, u64 end)
{
	unsigned int i;
	u64 next;

	cond_resched();
	for (; va < end; va = next) {
		next = tsr_pt_step(va, end, pt->level);
		i = tsr_pt_index(va, pt->level);
		if (!pt->level || !pt->child[i])
			tsr_pt_set(pgtable, pt, i, 0);
		else if (tsr_pt_covers(va, next, pt->level))
			tsr_pt_replace_table(pgtable, pt, i, 0);
		else
			tsr_pt_unmap(pgtable, pt->child[i], va, next);
	}
}

/**
 * tsr_pgtable_unmap() - clear a reserved range
 * @pgtable: page table
 * @va: first address, page aligned
 * @size: bytes, page aligned
 */
void tsr_pgtable_unmap(struct tsr_pgtable *pgtable, u64 va, u64 size)
{
	tsr_pt_unmap(pgtable, pgtable->root, va, va + size);
}

static void tsr_pt_prune(struct tsr_pgtable *pgtable, struct tsr_pt *pt, u64 va, u64 end)
{
	unsigned int i;
	u64 next;

	cond_resched();
	for (; va < end && pt->level; va = next) {
		next = tsr_pt_step(va, end, pt->level);
		i = tsr_pt_index(va, pt->level);
		if (!pt->child[i])
			continue;
		tsr_pt_prune(pgtable, pt->child[i], va, next);
		if (!pt->child[i]->used)
			tsr_pt_replace_table(pgtable, pt, i, 0);
	}
}

/**
 * tsr_pgtable_prune() - take out the tables of a range that hold nothing
 * @pgtable: page table
 * @va: first address, page aligned
 * @size: bytes, page aligned
 */
void tsr_pgtable_prune(struct tsr_pgtable *pgtable, u64 va, u64 size)
{
	tsr_pt_prune(pgtable, pgtable->root, va, va + size);
}

/**
 * tsr_pgtable_dirty() - must cached walks be invalidated?
 * @pgtable: page table
 *
 * Entries that were not present are never cached, so a new mapping alone needs nothing.
 *
 * Return: true when a translation or table was replaced or removed.
 */
bool tsr_pgtable_dirty(struct tsr_pgtable *pgtable)
{
	return pgtable->dirty;
}

/**
 * tsr_pgtable_invalidated() - the device has ended old walks
 * @pgtable: page table
 */
void tsr_pgtable_invalidated(struct tsr_pgtable *pgtable)
{
	struct tsr_pt *pt, *next;

	list_for_each_entry_safe(pt, next, &pgtable->removed, link)
		tsr_pt_free(pgtable, pt);
	INIT_LIST_HEAD(&pgtable->removed);
	pgtable->dirty = false;
}
