// SPDX-License-Identifier: MIT
/* The client shares guest memory and takes it back. */
#include <errno.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/mman.h>

#include "dispatch.h"
#include "server.h"

static bool page_aligned(uint64_t val)
{
	return (val & (VFU_PROTOCOL_PAGE_SIZE - 1)) == 0;
}

/* A range of whole pages that does not wrap. */
static bool valid_range(uint64_t addr, uint64_t size)
{
	return size && page_aligned(addr | size) && addr + (size - 1) >= addr;
}

static int check_map(const struct vfu_dma_map *map, const struct vfu_message *msg)
{
	const uint32_t access = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE;

	if (map->argsz < sizeof(*map) || msg->fd_count > 1)
		return -EINVAL;
	if (!(map->flags & access) || (map->flags & ~access))
		return -EINVAL;
	return valid_range(map->address, map->size) ? 0 : -EINVAL;
}

/*
 * A shared mapping needs a file that can be read, and what it may not be used for is in the range.
 */
static int protection(uint32_t flags)
{
	return PROT_READ | (flags & VFIO_DMA_MAP_FLAG_WRITE ? PROT_WRITE : 0);
}

static int find_memory(struct vfu *vfu, const struct vfu_dma_map *map, int fd,
		       struct vfu_dma_range *range)
{
	uint64_t end;
	int ret;

	if (!page_aligned(map->offset) || __builtin_add_overflow(map->offset, map->size, &end))
		return -EINVAL;
	ret = vfu_dma_view_get(&vfu->dma.views, fd, protection(map->flags), end, &range->view);
	if (!ret)
		range->host = range->view->host + map->offset;
	return ret;
}

static unsigned int access_rights(uint32_t flags)
{
	return (flags & VFIO_DMA_MAP_FLAG_READ ? VFU_DMA_READ : 0) |
	       (flags & VFIO_DMA_MAP_FLAG_WRITE ? VFU_DMA_WRITE : 0);
}

/*
 * The mapping keeps the file alive, so the descriptor is not kept. A range without one
 * (ROMs, other devices' BARs) is entered too: accesses to it fail.
 */
int vfu_handle_dma_map(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	const struct vfu_dma_map *map = (const void *)msg->payload;
	struct vfu_dma_range range;
	int ret = check_map(map, msg);

	(void)reply;
	if (ret)
		return ret;
	range = (struct vfu_dma_range){
		.addr = map->address, .size = map->size, .access = access_rights(map->flags),
	};
	if (msg->fd_count) {
		ret = find_memory(vfu, map, msg->fds[0], &range);
		if (ret)
			return ret;
	}
	ret = vfu_dma_add(&vfu->dma, &range);
	if (ret) {
		if (range.view)
			vfu_dma_view_put(&vfu->dma.views, range.view);
		return ret;
	}
	vfu_count(vfu, dma_maps);
	return 0;
}

static int unmap(struct vfu *vfu, const struct vfu_dma_unmap *unmap)
{
	if (unmap->argsz < sizeof(*unmap))
		return -EINVAL;
	if (unmap->flags == VFIO_DMA_UNMAP_FLAG_ALL)
		return unmap->address || unmap->size ? -EINVAL : vfu_dma_remove_all(&vfu->dma);
	if (unmap->flags || !valid_range(unmap->address, unmap->size))
		return -EINVAL;
	return vfu_dma_remove(&vfu->dma, unmap->address, unmap->size);
}

/*
 * The specification wants the bounds of one mapping. A client with a virtual IOMMU unmaps
 * whole stretches of address space instead, as the kernel's VFIO allows: every range that
 * lies inside goes, and none is no error.
 */
int vfu_handle_dma_unmap(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	const struct vfu_dma_unmap *request = (const void *)msg->payload;
	int removed = unmap(vfu, request);

	if (removed < 0)
		return removed;
	__atomic_fetch_add(&vfu->counters.dma_unmaps, (uint64_t)removed, __ATOMIC_RELAXED);
	memcpy(reply->payload, request, sizeof(*request));
	reply->size = sizeof(*request);
	return 0;
}
