/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the memory of an object is, for the device. */
#ifndef TSR_EXTENT_H
#define TSR_EXTENT_H

#include <linux/types.h>

struct sg_table;

/**
 * struct tsr_extent - a run of memory that is contiguous for the device
 * @offset: where in the object it begins
 * @size: bytes
 * @dma: its address
 */
struct tsr_extent {
	u64 offset;
	u64 size;
	dma_addr_t dma;
};

/**
 * struct tsr_extents - all memory of an object
 * @count: entries of @run
 * @run: by offset, without holes
 */
struct tsr_extents {
	unsigned int count;
	struct tsr_extent run[] __counted_by(count);
};

struct tsr_extents *tsr_extents_create(struct sg_table *sgt, u64 size);
const struct tsr_extent *tsr_extents_find(const struct tsr_extents *extents, u64 offset);

#endif
