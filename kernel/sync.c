// SPDX-License-Identifier: GPL-2.0-only
/*
 * Syncobjs of a submission: everything that can fail is done before the first job is armed.
 */

#include "sync.h"

#include <linux/dma-fence-chain.h>
#include <linux/list.h>
#include <linux/slab.h>

#include <drm/drm_file.h>
#include <drm/drm_syncobj.h>

#include <tessera_accel.h>

#include "fence.h"
#include "job.h"

static int tsr_sync_check(const struct drm_tessera_sync *user)
{
	const u32 direction = DRM_TESSERA_SYNC_WAIT | DRM_TESSERA_SYNC_SIGNAL;

	if (user->flags & ~(direction | DRM_TESSERA_SYNC_TIMELINE))
		return -EINVAL;
	if (hweight32(user->flags & direction) != 1)
		return -EINVAL;
	if (!(user->flags & DRM_TESSERA_SYNC_TIMELINE) != !user->point)
		return -EINVAL;

	return 0;
}

static bool tsr_sync_makes(const struct tsr_job *job, struct drm_syncobj *syncobj, u64 point)
{
	u32 i;

	for (i = 0; i < job->sync_count; i++)
		if (job->sync[i].signal == syncobj && !job->sync[i].point == !point &&
		    job->sync[i].point >= point)
			return true;

	return false;
}

/* Which earlier job of the same SUBMIT will signal this? The last one, for a point the first. */
static struct tsr_job *tsr_sync_maker(struct list_head *earlier, struct drm_syncobj *syncobj,
				      u64 point)
{
	struct tsr_job *job, *maker = NULL;

	list_for_each_entry(job, earlier, link)
		if (tsr_sync_makes(job, syncobj, point) && !(maker && point))
			maker = job;

	return maker;
}

/*
 * A job may wait for what an earlier one of its SUBMIT signals. That one runs before it
 * anyway, but may fail; and on a timeline there are the points that exist.
 */
static int tsr_sync_wait_earlier(struct tsr_sync *sync, const struct drm_tessera_sync *user,
				 struct drm_file *file, struct list_head *earlier)
{
	struct drm_syncobj *syncobj = drm_syncobj_find(file, user->handle);
	int ret = -EINVAL;

	if (!syncobj)
		return -ENOENT;
	sync->earlier = tsr_sync_maker(earlier, syncobj, user->point);
	if (sync->earlier) {
		if (user->point)
			sync->wait = drm_syncobj_fence_get(syncobj);
		ret = 0;
	}
	drm_syncobj_put(syncobj);

	return ret;
}

static int tsr_sync_wait(struct tsr_sync *sync, const struct drm_tessera_sync *user,
			 struct drm_file *file, struct list_head *earlier)
{
	int ret;

	/* A binary syncobj is replaced by the earlier job; a point that exists stays. */
	if (!list_empty(earlier) && !user->point) {
		ret = tsr_sync_wait_earlier(sync, user, file, earlier);
		if (ret != -EINVAL)
			return ret;
	}
	ret = drm_syncobj_find_fence(file, user->handle, user->point, 0, &sync->wait);
	if (ret) {
		sync->wait = NULL;
		if (ret == -EINVAL && user->point && !list_empty(earlier))
			ret = tsr_sync_wait_earlier(sync, user, file, earlier);
	}

	return ret;
}

static int tsr_sync_signal(struct tsr_sync *sync, const struct drm_tessera_sync *user,
			   struct drm_file *file)
{
	sync->signal = drm_syncobj_find(file, user->handle);
	if (!sync->signal)
		return -ENOENT;
	if (!user->point)
		return 0;

	sync->point = user->point;
	/* As dma_fence_chain_alloc(), and charged to the memory cgroup. */
	sync->chain = kmalloc_obj(*sync->chain, GFP_KERNEL_ACCOUNT);

	return sync->chain ? 0 : -ENOMEM;
}

/**
 * tsr_sync_resolve() - find what a sync of userspace means
 * @sync: zeroed; to be released also after an error
 * @user: what userspace says
 * @file: client
 * @earlier: earlier jobs of the same SUBMIT
 *
 * Return: 0, -EINVAL for a malformed sync or one that has no fence to wait for, -ENOENT for
 * an unknown syncobj, -ENOMEM.
 */
int tsr_sync_resolve(struct tsr_sync *sync, const struct drm_tessera_sync *user,
		     struct drm_file *file, struct list_head *earlier)
{
	int ret;

	ret = tsr_sync_check(user);
	if (ret)
		return ret;
	if (user->flags & DRM_TESSERA_SYNC_WAIT)
		return tsr_sync_wait(sync, user, file, earlier);

	return tsr_sync_signal(sync, user, file);
}

/**
 * tsr_sync_arm() - find the fences of earlier jobs, and part with what is to be signalled
 * @sync: resolved sync
 * @fence: fence of the job, initialized
 * @signal: filled in for tsr_sync_signal_when_done() when the sync signals
 *
 * Allocates nothing and cannot fail.
 *
 * Return: true when the sync signals; it then holds nothing any more.
 */
bool tsr_sync_arm(struct tsr_sync *sync, struct dma_fence *fence, struct tsr_signal *signal)
{
	if (sync->earlier)
		sync->made = dma_fence_get(sync->earlier->fence);
	sync->earlier = NULL;
	if (!sync->signal)
		return false;
	signal->syncobj = sync->signal;
	signal->chain = sync->chain;
	signal->point = sync->point;
	signal->fence = dma_fence_get(fence);
	sync->signal = NULL;
	sync->chain = NULL;

	return true;
}

/**
 * tsr_sync_signal_when_done() - put a fence where userspace finds it
 * @signal: from tsr_sync_arm(); used up
 *
 * The core walks a timeline to its end for each point that is added, and userspace makes
 * timelines as long as it likes: no lock of interest to others may be held.
 */
void tsr_sync_signal_when_done(struct tsr_signal *signal)
{
	if (signal->chain)
		drm_syncobj_add_point(signal->syncobj, signal->chain, signal->fence, signal->point);
	else
		drm_syncobj_replace_fence(signal->syncobj, signal->fence);
	drm_syncobj_put(signal->syncobj);
	dma_fence_put(signal->fence);
}

/**
 * tsr_sync_release() - drop what a sync holds
 * @sync: sync
 */
void tsr_sync_release(struct tsr_sync *sync)
{
	dma_fence_put(sync->wait);
	dma_fence_put(sync->made);
	if (sync->signal)
		drm_syncobj_put(sync->signal);
	dma_fence_chain_free(sync->chain);
}

/**
 * tsr_sync_error() - has anything a job waited for failed?
 * @sync: syncs
 * @count: how many
 *
 * Return: 0 or a negative errno.
 */
int tsr_sync_error(const struct tsr_sync *sync, u32 count)
{
	int error = 0;
	u32 i;

	for (i = 0; i < count && !error; i++) {
		if (sync[i].wait)
			error = tsr_fence_error(sync[i].wait);
		if (sync[i].made && !error)
			error = tsr_fence_error(sync[i].made);
	}

	return error;
}
