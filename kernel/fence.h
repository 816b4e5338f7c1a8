/* SPDX-License-Identifier: GPL-2.0-only */
/* Job fences. */
#ifndef TSR_FENCE_H
#define TSR_FENCE_H

#include <linux/types.h>

struct dma_fence;

struct dma_fence *tsr_fence_alloc(void);
void tsr_fence_free(struct dma_fence *fence);
void tsr_fence_init(struct dma_fence *fence, u64 context, u64 seqno);
void tsr_fence_signal(struct dma_fence *fence, int error);
int tsr_fence_error(struct dma_fence *fence);

#endif
