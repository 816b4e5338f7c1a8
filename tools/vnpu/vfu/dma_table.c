// SPDX-License-Identifier: MIT
#include "dma_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "protocol.h"

int vfu_dma_init(struct vfu_dma *dma)
{
	pthread_rwlockattr_t attr;
	int ret;

	memset(dma, 0, sizeof(*dma));
	ret = pthread_rwlockattr_init(&attr);
	if (ret)
		return -ret;
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	ret = pthread_rwlock_init(&dma->lock, &attr);
	pthread_rwlockattr_destroy(&attr);
	return -ret;
}

static void unmap_range(struct vfu_dma *dma, const struct vfu_dma_range *range)
{
	if (range->view)
		vfu_dma_view_put(&dma->views, range->view);
}

void vfu_dma_fini(struct vfu_dma *dma)
{
	vfu_dma_remove_all(dma);
	free(dma->ranges);
	pthread_rwlock_destroy(&dma->lock);
}

/* Index of the first range that ends behind @addr. */
static size_t lower_bound(const struct vfu_dma *dma, uint64_t addr)
{
	size_t low = 0, high = dma->count, mid;
	const struct vfu_dma_range *range;

	while (low < high) {
		mid = low + (high - low) / 2;
		range = &dma->ranges[mid];
		if (range->addr + (range->size - 1) < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int make_room(struct vfu_dma *dma)
{
	size_t capacity = dma->capacity ? 2 * dma->capacity : 16;
	struct vfu_dma_range *ranges;

	if (dma->count >= VFU_PROTOCOL_MAX_DMA_MAPS)
		return -ENOSPC;
	if (dma->count < dma->capacity)
		return 0;
	ranges = realloc(dma->ranges, capacity * sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	dma->ranges = ranges;
	dma->capacity = capacity;
	return 0;
}

static int insert(struct vfu_dma *dma, const struct vfu_dma_range *range)
{
	size_t at = lower_bound(dma, range->addr);
	int ret;

	if (at < dma->count && dma->ranges[at].addr <= range->addr + (range->size - 1))
		return -EEXIST;
	ret = make_room(dma);
	if (ret)
		return ret;
	memmove(&dma->ranges[at + 1], &dma->ranges[at], (dma->count - at) * sizeof(*range));
	dma->ranges[at] = *range;
	dma->count++;
	return 0;
}

int vfu_dma_add(struct vfu_dma *dma, const struct vfu_dma_range *range)
{
	int ret;

	pthread_rwlock_wrlock(&dma->lock);
	ret = insert(dma, range);
	pthread_rwlock_unlock(&dma->lock);
	return ret;
}

/*
 * Under the write side no window is open, so no pointer into the ranges is held and
 * unmapping them here is safe.
 */
static int remove_interval(struct vfu_dma *dma, uint64_t addr, uint64_t last)
{
	size_t begin = lower_bound(dma, addr);
	size_t end = begin, i;

	while (end < dma->count && dma->ranges[end].addr <= last)
		end++;
	for (i = begin; i < end; i++) {
		const struct vfu_dma_range *range = &dma->ranges[i];

		if (range->addr < addr || range->addr + (range->size - 1) > last)
			return -EINVAL;
	}
	for (i = begin; i < end; i++)
		unmap_range(dma, &dma->ranges[i]);
	if (end > begin)
		memmove(&dma->ranges[begin], &dma->ranges[end],
			(dma->count - end) * sizeof(*dma->ranges));
	dma->count -= end - begin;
	return (int)(end - begin);
}

int vfu_dma_remove(struct vfu_dma *dma, uint64_t addr, uint64_t size)
{
	int ret;

	pthread_rwlock_wrlock(&dma->lock);
	ret = remove_interval(dma, addr, addr + (size - 1));
	pthread_rwlock_unlock(&dma->lock);
	return ret;
}

int vfu_dma_remove_all(struct vfu_dma *dma)
{
	int ret;

	pthread_rwlock_wrlock(&dma->lock);
	ret = remove_interval(dma, 0, UINT64_MAX);
	pthread_rwlock_unlock(&dma->lock);
	return ret;
}

void vfu_dma_set_bus_master(struct vfu_dma *dma, bool on)
{
	pthread_rwlock_wrlock(&dma->lock);
	__atomic_store_n(&dma->bus_master, on, __ATOMIC_RELAXED);
	pthread_rwlock_unlock(&dma->lock);
}

bool vfu_dma_is_bus_master(const struct vfu_dma *dma)
{
	return __atomic_load_n(&dma->bus_master, __ATOMIC_RELAXED);
}

const struct vfu_dma_range *vfu_dma_find(const struct vfu_dma *dma, uint64_t addr)
{
	size_t at = lower_bound(dma, addr);

	if (at == dma->count || dma->ranges[at].addr > addr)
		return NULL;
	return &dma->ranges[at];
}
