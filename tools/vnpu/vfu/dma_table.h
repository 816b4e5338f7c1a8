/* SPDX-License-Identifier: MIT */
/* Guest memory ranges, and the lock that lets device threads touch them. */
#ifndef VFU_DMA_TABLE_H
#define VFU_DMA_TABLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dma_view.h"

/**
 * struct vfu_dma_range - one mapping
 * @addr: first bus address
 * @size: bytes, not zero; @addr + @size - 1 does not wrap
 * @host: where it is here, NULL when the client sent no file descriptor
 * @view: the mapping that @host lies in, or NULL
 * @access: VFU_DMA_READ, VFU_DMA_WRITE
 */
struct vfu_dma_range {
	uint64_t addr;
	uint64_t size;
	uint8_t *host;
	struct vfu_dma_view *view;
	unsigned int access;
};

/**
 * struct vfu_dma - the table
 * @lock: readers are DMA windows, writers change @ranges or clear @bus_master;
 *	writers are preferred, so a busy device cannot hold off an unmap
 * @bus_master: the guest allows DMA; changes under the write side, atomic so that
 *	interrupts can look without the lock
 * @ranges: by ascending address, disjoint
 * @views: mappings that ranges lie in; changed by the protocol thread only, and unmapped
 *	under the write side
 * @count: used entries
 * @capacity: allocated entries
 */
struct vfu_dma {
	pthread_rwlock_t lock;
	bool bus_master;
	struct vfu_dma_range *ranges;
	struct vfu_dma_view *views;
	size_t count;
	size_t capacity;
};

/** vfu_dma_init() - an empty table; negative errno on failure */
int vfu_dma_init(struct vfu_dma *dma);

/** vfu_dma_fini() - unmap everything and free the table */
void vfu_dma_fini(struct vfu_dma *dma);

/**
 * vfu_dma_add() - enter a range
 * @dma: the table
 * @range: the range; its share of the mapping belongs to the table on success
 *
 * Return: 0, -EEXIST it overlaps another, -ENOSPC too many ranges, -ENOMEM.
 */
int vfu_dma_add(struct vfu_dma *dma, const struct vfu_dma_range *range);

/**
 * vfu_dma_remove() - unmap every range inside [@addr, @addr + @size)
 * @dma: the table
 * @addr: first bus address
 * @size: bytes, not zero; must not wrap
 *
 * Waits for open windows.
 *
 * Return: number of ranges removed, or -EINVAL with nothing removed when a range sticks
 * out of the interval.
 */
int vfu_dma_remove(struct vfu_dma *dma, uint64_t addr, uint64_t size);

/**
 * vfu_dma_remove_all() - unmap every range
 * @dma: the table
 *
 * Waits for open windows.
 *
 * Return: number of ranges removed.
 */
int vfu_dma_remove_all(struct vfu_dma *dma);

/**
 * vfu_dma_set_bus_master() - allow or forbid DMA
 * @dma: the table
 * @on: when false, no window is open any more once this returns
 */
void vfu_dma_set_bus_master(struct vfu_dma *dma, bool on);

/** vfu_dma_is_bus_master() - whether DMA is allowed; needs no lock */
bool vfu_dma_is_bus_master(const struct vfu_dma *dma);

/**
 * vfu_dma_find() - the range that holds an address
 * @dma: the table, under its lock
 * @addr: bus address
 *
 * Return: the range or NULL.
 */
const struct vfu_dma_range *vfu_dma_find(const struct vfu_dma *dma, uint64_t addr);

#endif
