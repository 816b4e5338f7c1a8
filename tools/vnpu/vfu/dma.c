// SPDX-License-Identifier: MIT
/* Access to guest memory for the device's threads. */
#include <errno.h>
#include <string.h>

#include "server.h"

bool vfu_bus_master(const struct vfu *vfu)
{
	return vfu_dma_is_bus_master(&vfu->dma);
}

int vfu_dma_window_open(struct vfu *vfu)
{
	pthread_rwlock_rdlock(&vfu->dma.lock);
	if (vfu_dma_is_bus_master(&vfu->dma))
		return 0;
	pthread_rwlock_unlock(&vfu->dma.lock);
	return -EPERM;
}

void vfu_dma_window_close(struct vfu *vfu)
{
	pthread_rwlock_unlock(&vfu->dma.lock);
}

void *vfu_dma_translate(struct vfu *vfu, uint64_t addr, unsigned int access, size_t *len)
{
	const struct vfu_dma_range *range = vfu_dma_find(&vfu->dma, addr);
	uint64_t rest;

	if (!range || !range->host || (range->access & access) != access)
		return NULL;
	rest = range->size - (addr - range->addr);
	if (*len > rest)
		*len = rest;
	return range->host + (addr - range->addr);
}

/* Whether the whole of [@addr, @addr + @len) grants @access. */
static bool reachable(struct vfu *vfu, uint64_t addr, size_t len, unsigned int access)
{
	size_t part;

	while (len) {
		part = len;
		if (!vfu_dma_translate(vfu, addr, access, &part))
			return false;
		/* Never wraps to a lower range: a range ends at the last address at most. */
		if (part < len && addr + part < addr)
			return false;
		addr += part;
		len -= part;
	}
	return true;
}

int vfu_dma_copy_in(struct vfu *vfu, uint64_t addr, void *buf, size_t len)
{
	uint8_t *to = buf;
	const void *from;
	size_t part;

	if (!reachable(vfu, addr, len, VFU_DMA_READ))
		return -EFAULT;
	for (; len; addr += part, to += part, len -= part) {
		part = len;
		from = vfu_dma_translate(vfu, addr, VFU_DMA_READ, &part);
		memcpy(to, from, part);
	}
	return 0;
}

int vfu_dma_copy_out(struct vfu *vfu, uint64_t addr, const void *buf, size_t len)
{
	const uint8_t *from = buf;
	size_t part;
	void *to;

	if (!reachable(vfu, addr, len, VFU_DMA_WRITE))
		return -EFAULT;
	for (; len; addr += part, from += part, len -= part) {
		part = len;
		to = vfu_dma_translate(vfu, addr, VFU_DMA_WRITE, &part);
		memcpy(to, from, part);
	}
	return 0;
}

int vfu_dma_read(struct vfu *vfu, uint64_t addr, void *buf, size_t len)
{
	int ret = vfu_dma_window_open(vfu);

	if (ret)
		return ret;
	ret = vfu_dma_copy_in(vfu, addr, buf, len);
	vfu_dma_window_close(vfu);
	return ret;
}

int vfu_dma_write(struct vfu *vfu, uint64_t addr, const void *buf, size_t len)
{
	int ret = vfu_dma_window_open(vfu);

	if (ret)
		return ret;
	ret = vfu_dma_copy_out(vfu, addr, buf, len);
	vfu_dma_window_close(vfu);
	return ret;
}

/* A naturally aligned word never crosses ranges: they are whole pages. */
static int shared_word(struct vfu *vfu, uint64_t addr, unsigned int access, size_t size,
		       void **word)
{
	if (addr & (size - 1))
		return -EINVAL;
	*word = vfu_dma_translate(vfu, addr, access, &size);
	return *word ? 0 : -EFAULT;
}

int vfu_dma_load32(struct vfu *vfu, uint64_t addr, uint32_t *val)
{
	void *word;
	int ret = shared_word(vfu, addr, VFU_DMA_READ, sizeof(*val), &word);

	if (!ret)
		*val = __atomic_load_n((uint32_t *)word, __ATOMIC_ACQUIRE);
	return ret;
}

int vfu_dma_load64(struct vfu *vfu, uint64_t addr, uint64_t *val)
{
	void *word;
	int ret = shared_word(vfu, addr, VFU_DMA_READ, sizeof(*val), &word);

	if (!ret)
		*val = __atomic_load_n((uint64_t *)word, __ATOMIC_ACQUIRE);
	return ret;
}

int vfu_dma_store32(struct vfu *vfu, uint64_t addr, uint32_t val)
{
	void *word;
	int ret = shared_word(vfu, addr, VFU_DMA_WRITE, sizeof(val), &word);

	if (!ret)
		__atomic_store_n((uint32_t *)word, val, __ATOMIC_RELEASE);
	return ret;
}

int vfu_dma_store64(struct vfu *vfu, uint64_t addr, uint64_t val)
{
	void *word;
	int ret = shared_word(vfu, addr, VFU_DMA_WRITE, sizeof(val), &word);

	if (!ret)
		__atomic_store_n((uint64_t *)word, val, __ATOMIC_RELEASE);
	return ret;
}
