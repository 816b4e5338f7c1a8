/* SPDX-License-Identifier: GPL-2.0-only */
/* Syncobjs of a submission. */
#ifndef TSR_SYNC_H
#define TSR_SYNC_H

#include <linux/types.h>

struct dma_fence;
struct dma_fence_chain;
struct drm_file;
struct drm_syncobj;
struct drm_tessera_sync;
struct list_head;
struct tsr_job;

/* Syncs one job takes. */
#define TSR_JOB_MAX_SYNCS	64

/**
 * struct tsr_sync - one sync of a job
 * @wait: fence to wait for, or NULL; referenced
 * @earlier: job of the same SUBMIT to wait for, or NULL; until they are handed over
 * @made: fence of @earlier once it is armed; referenced
 * @signal: syncobj to signal, or NULL; referenced
 * @chain: for a timeline point of @signal
 * @point: timeline point, 0 for a binary syncobj
 */
struct tsr_sync {
	struct dma_fence *wait;
	struct tsr_job *earlier;
	struct dma_fence *made;
	struct drm_syncobj *signal;
	struct dma_fence_chain *chain;
	u64 point;
};

/**
 * struct tsr_signal - a fence on its way to a syncobj
 * @syncobj: syncobj, referenced
 * @chain: for a timeline point of it, or NULL
 * @fence: fence, referenced
 * @point: timeline point, 0 for a binary syncobj
 */
struct tsr_signal {
	struct drm_syncobj *syncobj;
	struct dma_fence_chain *chain;
	struct dma_fence *fence;
	u64 point;
};

int tsr_sync_resolve(struct tsr_sync *sync, const struct drm_tessera_sync *user,
		     struct drm_file *file, struct list_head *earlier);
bool tsr_sync_arm(struct tsr_sync *sync, struct dma_fence *fence, struct tsr_signal *signal);
void tsr_sync_signal_when_done(struct tsr_signal *signal);
void tsr_sync_release(struct tsr_sync *sync);
int tsr_sync_error(const struct tsr_sync *sync, u32 count);

#endif
