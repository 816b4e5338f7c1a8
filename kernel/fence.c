// SPDX-License-Identifier: GPL-2.0-only
/*
 * Job fences.
 *
 * What userspace gets for a job is a fence of our own, not the scheduler's: it may sit in
 * a sync_file long after queue and scheduler are gone. It needs nothing of them, its lock
 * is inside and its names are constants; all it holds is the module.
 */

#include "fence.h"

#include <linux/dma-fence-unwrap.h>
#include <linux/dma-fence.h>
#include <linux/module.h>
#include <linux/slab.h>

/**
 * struct tsr_fence - fence of one job
 * @base: fence; first, so that the core may free it
 * @lock: lock of @base
 */
struct tsr_fence {
	struct dma_fence base;
	spinlock_t lock;	/* base */
};

static const char *tsr_fence_driver_name(struct dma_fence *fence)
{
	return "tessera";
}

static const char *tsr_fence_timeline_name(struct dma_fence *fence)
{
	return "queue";
}

static void tsr_fence_release(struct dma_fence *fence)
{
	dma_fence_free(fence);
	module_put(THIS_MODULE);
}

static const struct dma_fence_ops tsr_fence_ops = {
	.get_driver_name = tsr_fence_driver_name,
	.get_timeline_name = tsr_fence_timeline_name,
	.release = tsr_fence_release,
};

/**
 * tsr_fence_alloc() - memory for a fence
 *
 * Return: a fence for tsr_fence_init() or tsr_fence_free(), or NULL.
 */
struct dma_fence *tsr_fence_alloc(void)
{
	struct tsr_fence *fence = kmalloc_obj(*fence, GFP_KERNEL_ACCOUNT);

	return fence ? &fence->base : NULL;
}

/**
 * tsr_fence_free() - free a fence that was never initialized
 * @fence: fence or NULL
 */
void tsr_fence_free(struct dma_fence *fence)
{
	kfree(fence);
}

/**
 * tsr_fence_init() - make a fence
 * @fence: from tsr_fence_alloc()
 * @context: of the queue
 * @seqno: number of the job
 */
void tsr_fence_init(struct dma_fence *fence, u64 context, u64 seqno)
{
	struct tsr_fence *tfence = container_of(fence, struct tsr_fence, base);

	__module_get(THIS_MODULE);
	spin_lock_init(&tfence->lock);
	dma_fence_init(fence, &tsr_fence_ops, &tfence->lock, context, seqno);
}

/**
 * tsr_fence_signal() - signal a fence
 * @fence: fence, not signalled
 * @error: 0 or the negative errno it ends with
 */
void tsr_fence_signal(struct dma_fence *fence, int error)
{
	if (error)
		dma_fence_set_error(fence, error);
	dma_fence_signal(fence);
}

/**
 * tsr_fence_error() - did what a fence stands for fail?
 * @fence: any fence, a chain or an array too
 *
 * Allocates nothing.
 *
 * Return: 0 or the negative errno of a part that has signalled.
 */
int tsr_fence_error(struct dma_fence *fence)
{
	struct dma_fence_unwrap iter;
	struct dma_fence *part;
	int error = 0;

	if (!dma_fence_is_container(fence))
		return dma_fence_is_signaled(fence) ? fence->error : 0;

	dma_fence_unwrap_for_each(part, &iter, fence)
		if (!error && dma_fence_is_signaled(part))
			error = part->error;

	return error;
}
