// SPDX-License-Identifier: GPL-2.0-only
/*
 * QUEUE_WAIT: the end and the verdict of a job in one ioctl.
 *
 * A wait for a syncobj does not tell success from failure. Jobs of a queue end in order, and
 * with the first that fails the queue fails: &tsr_queue.finished and the first failure's
 * number are all there is to know about any job.
 */

#include <linux/ktime.h>
#include <linux/wait.h>

#include <drm/drm_file.h>

#include <tessera_accel.h>

#include "queue.h"
#include "queue_internal.h"

/**
 * tsr_queue_time_left() - until a deadline of an ioctl
 * @deadline_ns: CLOCK_MONOTONIC; never when it is no ktime_t
 *
 * Return: how long, 0 when it has passed.
 */
ktime_t tsr_queue_time_left(u64 deadline_ns)
{
	ktime_t now = ktime_get();

	if (deadline_ns > KTIME_MAX)
		return KTIME_MAX;

	return deadline_ns > now ? deadline_ns - now : 0;
}

static bool tsr_queue_job_ended(struct tsr_queue *queue, u64 seq)
{
	return READ_ONCE(queue->finished) >= seq;
}

/* What ends a job or destroys the queue calls tsr_queue_wake(). */
static int tsr_queue_wait_for_job(struct tsr_queue *queue, u64 seq, u64 deadline_ns)
{
	int ret;

	if (tsr_queue_job_ended(queue, seq))
		return 0;
	if (!deadline_ns)
		return -ETIMEDOUT;
	ret = wait_event_interruptible_hrtimeout(queue->progress,
						 tsr_queue_job_ended(queue, seq) ||
						 READ_ONCE(queue->destroyed),
						 tsr_queue_time_left(deadline_ns));
	if (ret)
		return ret == -ETIME ? -ETIMEDOUT : ret;

	return tsr_queue_job_ended(queue, seq) ? 0 : -ENOENT;
}

static u32 tsr_queue_verdict(struct tsr_queue *queue, u64 seq)
{
	struct tsr_queue_state *state = &queue->state;
	u32 error = 0;

	spin_lock_irq(&queue->lock);
	if ((state->flags & DRM_TESSERA_QUEUE_FAILED) && seq >= state->number)
		error = seq == state->number ? state->error : ECANCELED;
	spin_unlock_irq(&queue->lock);

	return error;
}

/**
 * tsr_ioctl_queue_wait() - QUEUE_WAIT
 * @drm: device
 * @data: &struct drm_tessera_queue_wait
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_queue_wait(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_queue_wait *args = data;
	struct tsr_queue *queue;
	int ret = -EINVAL;

	queue = tsr_queue_get(file, args->queue_id);
	if (!queue)
		return -ENOENT;
	if (args->seq && args->seq <= READ_ONCE(queue->armed))
		ret = tsr_queue_wait_for_job(queue, args->seq, args->deadline_ns);
	if (!ret)
		args->error = tsr_queue_verdict(queue, args->seq);
	tsr_queue_put(queue);

	return ret;
}
