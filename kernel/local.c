// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device's own memory: who has which part of it.
 *
 * It is divided by drm_mm, which every kernel with DRM has; drm_buddy is a module of its own,
 * there only where another driver asked for it, and has another name in each kernel that is
 * supported. The MMU maps single pages, so that a fragmented memory is used to its last one:
 * an allocation is one part if there is room for that, or else ever smaller ones, of whole
 * 2 MiB for as long as possible.
 *
 * Nothing is evicted: who asks for more than there is gets -ENOSPC. What an allocation holds
 * is what was there; the caller clears it.
 */

#include "local.h"

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include <drm/drm_debugfs.h>
#include <drm/drm_managed.h>
#include <drm/drm_mm.h>
#include <drm/drm_print.h>

#include <tsr_hw/mmu.h>

#include "client.h"
#include "compat/dmem.h"
#include "device.h"
#include "extent.h"

/**
 * struct tsr_local - local memory
 * @lock: protects @mm and @free
 * @mm: which offsets are taken
 * @size: bytes, 0 on a device without
 * @free: bytes nothing has or is about to take
 * @region: what memory cgroups for devices know of it, where the kernel has them
 */
struct tsr_local {
	struct mutex lock;	/* mm, free */
	struct drm_mm mm;
	u64 size;
	u64 free;
	struct tsr_compat_dmem region;
};

/* One contiguous part of an allocation. */
struct tsr_local_part {
	struct drm_mm_node node;
	struct list_head link;
};

/**
 * struct tsr_local_space - an allocation
 * @client: client it counts for, referenced
 * @size: bytes
 * @parts: &struct tsr_local_part, in the order of the object
 * @count: how many
 * @extents: the same for page tables
 * @charge: what its cgroup was charged
 */
struct tsr_local_space {
	struct tsr_client *client;
	u64 size;
	struct list_head parts;
	unsigned int count;
	struct tsr_extents *extents;
	struct tsr_compat_dmem_charge charge;
};

static int tsr_local_show(struct seq_file *file, void *unused)
{
	struct drm_debugfs_entry *entry = file->private;
	struct drm_printer printer = drm_seq_file_printer(file);
	struct tsr_local *local = to_tsr_device(entry->dev)->local;

	mutex_lock(&local->lock);
	drm_mm_print(&local->mm, &printer);
	mutex_unlock(&local->lock);

	return 0;
}

static void tsr_local_release(struct drm_device *drm, void *local)
{
	drm_mm_takedown(&((struct tsr_local *)local)->mm);
}

static int tsr_local_start(struct tsr_device *tdev)
{
	struct tsr_local *local = tdev->local;
	int ret;

	local->free = local->size;
	drm_mm_init(&local->mm, 0, local->size);
	ret = drmm_add_action_or_reset(&tdev->drm, tsr_local_release, local);
	if (ret)
		return ret;
	ret = tsr_compat_dmem_register(&tdev->drm, "local", local->size, &local->region);
	if (ret)
		return ret;
	drm_debugfs_add_file(&tdev->drm, "local_memory", tsr_local_show, NULL);

	return 0;
}

/**
 * tsr_local_init() - make local memory allocatable, if the device has any
 * @tdev: device, its fuses known
 *
 * Return: 0 or a negative errno.
 */
int tsr_local_init(struct tsr_device *tdev)
{
	struct tsr_local *local;
	int ret;

	local = drmm_kzalloc(&tdev->drm, sizeof(*local), GFP_KERNEL);
	if (!local)
		return -ENOMEM;
	ret = drmm_mutex_init(&tdev->drm, &local->lock);
	if (ret)
		return ret;
	local->size = (u64)le32_to_cpu(tdev->hw.fuses.memory_mib) << 20;
	tdev->local = local;

	return local->size ? tsr_local_start(tdev) : 0;
}

/**
 * tsr_local_size() - local memory of a device
 * @tdev: device
 *
 * Return: bytes, 0 for none.
 */
u64 tsr_local_size(struct tsr_device *tdev)
{
	return tdev->local->size;
}

/**
 * tsr_local_free_size() - local memory that nothing has
 * @tdev: device
 *
 * Return: bytes.
 */
u64 tsr_local_free_size(struct tsr_device *tdev)
{
	return READ_ONCE(tdev->local->free);
}

/**
 * tsr_local_extents() - where an allocation is
 * @space: allocation
 *
 * Return: offsets in local memory; the allocation's.
 */
const struct tsr_extents *tsr_local_extents(struct tsr_local_space *space)
{
	return space->extents;
}

static int tsr_local_insert(struct tsr_local *local, struct drm_mm_node *node, u64 size)
{
	u64 align = size < TSR_HW_BLOCK_SIZE ? TSR_HW_PAGE_SIZE : TSR_HW_BLOCK_SIZE;

	lockdep_assert_held(&local->lock);

	return drm_mm_insert_node_generic(&local->mm, node, size, align, 0, DRM_MM_INSERT_BEST);
}

/* As much as there is in one piece, at most @size; a single page fits wherever anything is free. */
static int tsr_local_insert_some(struct tsr_local *local, struct drm_mm_node *node, u64 *size)
{
	int ret;

	lockdep_assert_held(&local->lock);

	for (;;) {
		ret = tsr_local_insert(local, node, *size);
		if (!ret || *size <= TSR_HW_PAGE_SIZE)
			return ret;
		*size = round_up(*size / 2, TSR_HW_PAGE_SIZE);
	}
}

/* The lock is held for one part: a fragmented allocation has very many. */
static int tsr_local_add_part(struct tsr_local *local, struct tsr_local_space *space, u64 *size)
{
	struct tsr_local_part *part = kzalloc_obj(*part, GFP_KERNEL_ACCOUNT);
	int ret;

	if (!part)
		return -ENOMEM;
	mutex_lock(&local->lock);
	ret = tsr_local_insert_some(local, &part->node, size);
	mutex_unlock(&local->lock);
	if (ret) {
		kfree(part);
		return ret;
	}
	list_add_tail(&part->link, &space->parts);
	space->count++;

	return 0;
}

static int tsr_local_add_parts(struct tsr_local *local, struct tsr_local_space *space)
{
	u64 left, size = space->size;
	int ret;

	for (left = space->size; left; left -= size) {
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
		/* What did not fit before does not fit now. */
		size = min(size, left);
		ret = tsr_local_add_part(local, space, &size);
		if (ret)
			return ret;
	}

	return 0;
}

static void tsr_local_remove_parts(struct tsr_local *local, struct tsr_local_space *space)
{
	struct tsr_local_part *part, *next;

	list_for_each_entry_safe(part, next, &space->parts, link) {
		cond_resched();
		mutex_lock(&local->lock);
		drm_mm_remove_node(&part->node);
		mutex_unlock(&local->lock);
		kfree(part);
	}
}

/* Bytes that others cannot take; where they are does not matter, as parts may be single pages. */
static int tsr_local_reserve(struct tsr_local *local, u64 size)
{
	int ret = -ENOSPC;

	mutex_lock(&local->lock);
	if (size <= local->free) {
		WRITE_ONCE(local->free, local->free - size);
		ret = 0;
	}
	mutex_unlock(&local->lock);

	return ret;
}

static void tsr_local_give_back(struct tsr_local *local, struct tsr_local_space *space)
{
	tsr_local_remove_parts(local, space);
	mutex_lock(&local->lock);
	WRITE_ONCE(local->free, local->free + space->size);
	mutex_unlock(&local->lock);
}

/* Take memory, all or nothing. */
static int tsr_local_take(struct tsr_local *local, struct tsr_local_space *space)
{
	int ret;

	ret = tsr_local_reserve(local, space->size);
	if (ret)
		return ret;
	ret = tsr_local_add_parts(local, space);
	if (ret)
		tsr_local_give_back(local, space);

	return ret;
}

static int tsr_local_make_extents(struct tsr_local_space *space)
{
	struct tsr_local_part *part;
	struct tsr_extent *run;
	u64 offset = 0;

	space->extents = kvzalloc(struct_size(space->extents, run, space->count),
				  GFP_KERNEL_ACCOUNT);
	if (!space->extents)
		return -ENOMEM;
	space->extents->count = space->count;
	run = space->extents->run;
	list_for_each_entry(part, &space->parts, link) {
		run->offset = offset;
		run->size = part->node.size;
		run->dma = part->node.start;
		offset += run->size;
		run++;
	}

	return 0;
}

static int tsr_local_fill_space(struct tsr_local *local, struct tsr_local_space *space)
{
	int ret;

	ret = tsr_client_charge(space->client, TSR_RESOURCE_LOCAL, space->size);
	if (ret)
		return ret;
	ret = tsr_compat_dmem_charge(&local->region, space->size, &space->charge);
	if (ret)
		goto err_client;
	ret = tsr_local_take(local, space);
	if (ret)
		goto err_cgroup;
	ret = tsr_local_make_extents(space);
	if (ret)
		goto err_take;

	return 0;

err_take:
	tsr_local_give_back(local, space);
err_cgroup:
	tsr_compat_dmem_uncharge(&space->charge, space->size);
err_client:
	tsr_client_uncharge(space->client, TSR_RESOURCE_LOCAL, space->size);
	return ret;
}

/**
 * tsr_local_alloc() - take local memory
 * @client: client it counts for
 * @size: bytes, whole pages, not 0
 *
 * Context: ioctl.
 * Return: the allocation, its contents what was there before; or an ERR_PTR: -ENOSPC, -EDQUOT
 * when the user or its cgroup has its limit, -ENOMEM, -EINTR.
 */
struct tsr_local_space *tsr_local_alloc(struct tsr_client *client, u64 size)
{
	struct tsr_local_space *space = kzalloc_obj(*space, GFP_KERNEL_ACCOUNT);
	int ret;

	if (!space)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&space->parts);
	space->size = size;
	space->client = tsr_client_get(client);
	ret = tsr_local_fill_space(client->tdev->local, space);
	if (ret) {
		tsr_client_put(space->client);
		kfree(space);
		return ERR_PTR(ret);
	}

	return space;
}

/**
 * tsr_local_free() - give local memory back
 * @space: allocation that no page table leads to
 */
void tsr_local_free(struct tsr_local_space *space)
{
	struct tsr_local *local = space->client->tdev->local;

	tsr_local_give_back(local, space);
	tsr_compat_dmem_uncharge(&space->charge, space->size);
	tsr_client_uncharge(space->client, TSR_RESOURCE_LOCAL, space->size);
	tsr_client_put(space->client);
	kvfree(space->extents);
	kfree(space);
}
