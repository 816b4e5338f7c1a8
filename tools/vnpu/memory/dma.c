// SPDX-License-Identifier: MIT
#include "dma.h"

#include <stdatomic.h>
#include <string.h>

#include <tsr_hw/error.h>

#include "vfu/vfu.h"

static void move(void *dst, const void *src, size_t n)
{
	if (((uintptr_t)dst | (uintptr_t)src) & (n - 1)) {
		memcpy(dst, src, n);
		return;
	}
	switch (n) {
	case 2:
		__atomic_store_n((uint16_t *)dst,
				 __atomic_load_n((const uint16_t *)src, __ATOMIC_RELAXED),
				 __ATOMIC_RELAXED);
		break;
	case 4:
		__atomic_store_n((uint32_t *)dst,
				 __atomic_load_n((const uint32_t *)src, __ATOMIC_RELAXED),
				 __ATOMIC_RELAXED);
		break;
	case 8:
		__atomic_store_n((uint64_t *)dst,
				 __atomic_load_n((const uint64_t *)src, __ATOMIC_RELAXED),
				 __ATOMIC_RELAXED);
		break;
	default:
		memcpy(dst, src, n);
		break;
	}
}

void dma_move_in(void *dst, const void *src, size_t n)
{
	move(dst, src, n);
	atomic_thread_fence(memory_order_acquire);
}

void dma_move_out(void *dst, const void *src, size_t n)
{
	atomic_thread_fence(memory_order_release);
	move(dst, src, n);
}

int dma_add64(struct vfu *vfu, uint64_t addr, uint64_t val)
{
	size_t len = sizeof(uint64_t);
	uint64_t *word;

	if (addr % sizeof(uint64_t))
		return TSR_HW_ERR_FAULT_BUS;
	word = vfu_dma_translate(vfu, addr, VFU_DMA_READ | VFU_DMA_WRITE, &len);
	if (!word || len < sizeof(uint64_t))
		return TSR_HW_ERR_FAULT_BUS;
	__atomic_fetch_add(word, val, __ATOMIC_RELEASE);
	return TSR_HW_ERR_NONE;
}
