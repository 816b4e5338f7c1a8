/* SPDX-License-Identifier: MIT */
/*
 * Files of guest memory as this process sees them. A file is mapped once, whole, however
 * many ranges of it a client maps: a guest behind an IOMMU maps page by page, and the host
 * allows a process 65,530 mappings. What a device may reach is decided by the table of
 * ranges alone.
 */
#ifndef VFU_DMA_VIEW_H
#define VFU_DMA_VIEW_H

#include <stdint.h>
#include <sys/types.h>

/**
 * struct vfu_dma_view - one mapping of a file
 * @next: in the list
 * @device: of the file
 * @inode: of the file
 * @prot: PROT_READ, PROT_WRITE
 * @host: where it is
 * @size: bytes
 * @ranges: that lie in it
 */
struct vfu_dma_view {
	struct vfu_dma_view *next;
	dev_t device;
	ino_t inode;
	int prot;
	uint8_t *host;
	uint64_t size;
	uint64_t ranges;
};

/**
 * vfu_dma_view_get() - a mapping that holds a part of a file
 * @list: mappings there are
 * @fd: the file
 * @prot: access needed
 * @end: offset of the part's end
 * @view: result, with one more range
 *
 * Memory behind the end of the file would kill this process on access, so the file must
 * reach that far. Only regular files have a size to check; memfds are regular. QEMU seals
 * its memory against shrinking; the guest has no way to shrink it.
 *
 * Return: 0 or a negative errno, -EINVAL for a file that is too short or of another kind.
 */
int vfu_dma_view_get(struct vfu_dma_view **list, int fd, int prot, uint64_t end,
		     struct vfu_dma_view **view);

/** vfu_dma_view_put() - one range less; without any the file is unmapped */
void vfu_dma_view_put(struct vfu_dma_view **list, struct vfu_dma_view *view);

#endif
