/* SPDX-License-Identifier: MIT */
/* Copies between the device and guest memory by bus address, inside a DMA window. */
#ifndef VNPU_DMA_H
#define VNPU_DMA_H

#include <stddef.h>
#include <stdint.h>

struct vfu;

/**
 * dma_move_in() - copy from guest memory
 * @dst: private memory
 * @src: guest memory
 * @n: bytes
 *
 * Naturally aligned copies of 1, 2, 4 and 8 bytes are one access. Earlier accesses of
 * this thread, writes included, are ordered before it.
 */
void dma_move_in(void *dst, const void *src, size_t n);

/** dma_move_out() - copy to guest memory, ordered after all earlier accesses */
void dma_move_out(void *dst, const void *src, size_t n);

/**
 * dma_add64() - add to a 64-bit word in one access
 * @vfu: transport with a window open on this thread
 * @addr: bus address
 * @val: what to add
 *
 * Return: TSR_HW_ERR_NONE, or TSR_HW_ERR_FAULT_BUS when misaligned or not writable.
 */
int dma_add64(struct vfu *vfu, uint64_t addr, uint64_t val);

#endif
