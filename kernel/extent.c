// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the memory of an object is, for the device.
 *
 * A scatter list can only be walked from its beginning, so that mapping an object page by
 * page would cost the square of its size. This is an array made from it once.
 */

#include "extent.h"

#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <tsr_hw/mmu.h>

static bool tsr_extent_continues(const struct tsr_extent *run, dma_addr_t dma)
{
	return run->dma + run->size == dma;
}

/* Page tables are written from this: it must be whole pages. */
static bool tsr_extent_aligned(struct scatterlist *sg)
{
	return IS_ALIGNED(sg_dma_address(sg) | sg_dma_len(sg), TSR_HW_PAGE_SIZE);
}

/* Return: bytes, or 0 when the device cannot map the memory. */
static u64 tsr_extents_fill(struct tsr_extents *extents, struct sg_table *sgt)
{
	struct tsr_extent *run = NULL;
	struct scatterlist *sg;
	unsigned int count = 0;
	u64 offset = 0;
	int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (!sg_dma_len(sg))
			break;
		if (!tsr_extent_aligned(sg))
			return 0;
		if (!run || !tsr_extent_continues(run, sg_dma_address(sg))) {
			run = &extents->run[count++];
			run->offset = offset;
			run->dma = sg_dma_address(sg);
			run->size = 0;
		}
		run->size += sg_dma_len(sg);
		offset += sg_dma_len(sg);
	}
	extents->count = count;

	return offset;
}

/**
 * tsr_extents_create() - make the array of a scatter list
 * @sgt: memory, mapped for the device
 * @size: bytes there must be
 *
 * Return: the array, to be freed with kvfree(), or an ERR_PTR: -EINVAL when there is less
 * memory or it is not whole pages, -ENOMEM.
 */
struct tsr_extents *tsr_extents_create(struct sg_table *sgt, u64 size)
{
	struct tsr_extents *extents;

	extents = kvzalloc(struct_size(extents, run, sgt->nents), GFP_KERNEL_ACCOUNT);
	if (!extents)
		return ERR_PTR(-ENOMEM);
	extents->count = sgt->nents;
	if (tsr_extents_fill(extents, sgt) < size) {
		kvfree(extents);
		return ERR_PTR(-EINVAL);
	}

	return extents;
}

/**
 * tsr_extents_find() - the run that an offset is in
 * @extents: all memory
 * @offset: an offset inside of it
 *
 * Return: the run; the next one follows it in the array.
 */
const struct tsr_extent *tsr_extents_find(const struct tsr_extents *extents, u64 offset)
{
	unsigned int low = 0, high = extents->count, middle;

	/* The run is in [low, high). */
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (extents->run[middle].offset <= offset)
			low = middle;
		else
			high = middle;
	}

	return &extents->run[low];
}
