// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scheduler of a queue.
 *
 * The firmware schedules; drm_sched resolves dependencies, limits what is in the ring and
 * runs the timer. Recovery happens below it: a job that is killed, or run again after a
 * reset, keeps its place in the scheduler and ends through its fence like any other, so a
 * timeout never means to the scheduler that a job is lost.
 */

#include <linux/delay.h>
#include <linux/dma-fence.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include <tsr_hw/registers.h>

#include <tessera_accel.h>

#include "client.h"
#include "compat/tessera_compat.h"
#include "device.h"
#include "event.h"
#include "hfi.h"
#include "job.h"
#include "queue.h"
#include "queue_internal.h"
#include "reg.h"
#include "reset.h"

static unsigned int job_timeout_ms = 2000;
module_param(job_timeout_ms, uint, 0444);
MODULE_PARM_DESC(job_timeout_ms,
		 "Kill a job that makes no progress for so long, in ms of device time (default 2000)");

#define TSR_JOB_TIMEOUT_MIN_MS	100

/* Looks at a running job in one timeout. */
#define TSR_JOB_TIMEOUT_LOOKS	4

/* Timeouts the device may do nothing for any queue while one has a job that waits. */
#define TSR_DEVICE_MAX_INACTIVE	3

/**
 * tsr_sched_job_timeout() - how long a job may make no progress
 * @tdev: device
 *
 * Return: jiffies.
 */
unsigned long tsr_sched_job_timeout(struct tsr_device *tdev)
{
	return tsr_device_timeout(tdev, max(job_timeout_ms, TSR_JOB_TIMEOUT_MIN_MS));
}

static struct tsr_job *to_tsr_job(struct drm_sched_job *job)
{
	return container_of(job, struct tsr_job, base);
}

/*
 * Called again after each fence returned has signalled. A fence of this queue needs no
 * wait: the ring is in order.
 */
static struct dma_fence *tsr_sched_prepare_job(struct drm_sched_job *sched_job,
					       struct drm_sched_entity *entity)
{
	struct tsr_job *job = to_tsr_job(sched_job);
	struct dma_fence *fence;

	while (job->next_wait < job->sync_count) {
		fence = job->sync[job->next_wait++].wait;
		if (fence && fence->context != job->queue->fence_context &&
		    !dma_fence_is_signaled(fence))
			return dma_fence_get(fence);
	}

	return NULL;
}

/* Return: 0, or the error the job ends with, and in @why what that makes of the queue. */
static int tsr_sched_may_run(struct tsr_queue *queue, struct tsr_job *job, int wait_error, u32 *why)
{
	int ret;

	lockdep_assert_held(&queue->lock);

	*why = 0;
	ret = tsr_device_status(queue->tdev);
	if (ret)
		return ret;
	if (queue->ring.broken || queue->destroyed || !queue->ring.host)
		return -ECANCELED;
	if (wait_error) {
		*why = DRM_TESSERA_QUEUE_DEPENDENCY;
		return -ECANCELED;
	}

	return 0;
}

static void tsr_sched_run(struct tsr_queue *queue, struct tsr_job *job)
{
	int wait_error = tsr_sync_error(job->sync, job->sync_count);
	unsigned long flags;
	u32 why;
	int ret;

	spin_lock_irqsave(&queue->lock, flags);
	ret = tsr_sched_may_run(queue, job, wait_error, &why);
	if (ret) {
		tsr_ring_end(queue, job, ret, why);
	} else {
		tsr_ring_push(queue, job);
		tsr_ring_ring(queue);
	}
	spin_unlock_irqrestore(&queue->lock, flags);
}

static void tsr_sched_run_unplugged(struct tsr_queue *queue, struct tsr_job *job)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	tsr_ring_end(queue, job, -ENODEV, 0);
	spin_unlock_irqrestore(&queue->lock, flags);
}

static struct dma_fence *tsr_sched_run_job(struct drm_sched_job *sched_job)
{
	struct tsr_job *job = to_tsr_job(sched_job);
	/* The job may be over, and freed, as soon as it is in the ring. */
	struct dma_fence *fence = dma_fence_get(job->fence);
	struct tsr_queue *queue = job->queue;
	bool cookie = dma_fence_begin_signalling();
	int idx;

	if (drm_dev_enter(&queue->tdev->drm, &idx)) {
		tsr_sched_run(queue, job);
		drm_dev_exit(idx);
	} else {
		tsr_sched_run_unplugged(queue, job);
	}
	dma_fence_end_signalling(cookie);

	return fence;
}

static void tsr_sched_free_job(struct drm_sched_job *sched_job)
{
	struct tsr_job *job = to_tsr_job(sched_job);

	drm_sched_job_cleanup(sched_job);
	tsr_job_free(job);
}

/*
 * A bell is lost while the device may not read memory. So a queue is rung again when it has not
 * moved since the last look and has jobs that did not start; a bell of any other queue would
 * only take instructions of the firmware, and so cycles of other jobs, at moments of the host's.
 *
 * Return: true when it is time to ask why the queue's oldest job does not move.
 */
static bool tsr_sched_job_stuck(struct tsr_queue *queue)
{
	struct tsr_queue_watch *watch = &queue->watch;
	struct tsr_ring *ring = &queue->ring;
	u32 started;
	u64 progress;

	lockdep_assert_held(&queue->lock);

	if (!ring->done || ring->completed == ring->tail)
		return false;

	started = le32_to_cpu(READ_ONCE(ring->done->started));
	progress = le64_to_cpu(READ_ONCE(ring->done->progress));
	if (started != watch->started || progress != watch->progress) {
		watch->started = started;
		watch->progress = progress;
		watch->since = jiffies;
		watch->inactive = 0;
		return false;
	}
	if (started != ring->tail)
		tsr_ring_ring(queue);

	return time_after_eq(jiffies, watch->since + tsr_sched_job_timeout(queue->tdev));
}

static bool tsr_sched_job_stuck_locked(struct tsr_queue *queue)
{
	unsigned long flags;
	bool stuck;

	tsr_ring_complete_all(queue);
	spin_lock_irqsave(&queue->lock, flags);
	stuck = tsr_sched_job_stuck(queue);
	spin_unlock_irqrestore(&queue->lock, flags);

	return stuck;
}

static bool tsr_sched_ring_empty(struct tsr_queue *queue)
{
	unsigned long flags;
	bool empty;

	tsr_ring_complete_all(queue);
	spin_lock_irqsave(&queue->lock, flags);
	empty = queue->ring.completed == queue->ring.tail;
	spin_unlock_irqrestore(&queue->lock, flags);

	return empty;
}

/*
 * What was pushed while the firmware ended the queue is canceled at its bell, a little later.
 *
 * Return: true when all jobs of the queue have ended.
 */
static bool tsr_sched_kill(struct tsr_queue *queue)
{
	struct tsr_device *tdev = queue->tdev;
	unsigned long end = jiffies + tsr_device_timeout(tdev, TSR_ANSWER_TIMEOUT_MS);

	if (tsr_hfi_queue_command(tdev, TSR_HW_ADMIN_QUEUE_KILL, queue->number))
		return false;
	while (!tsr_sched_ring_empty(queue)) {
		if (time_after(jiffies, end))
			return false;
		usleep_range(200, 1000);
	}

	return true;
}

/*
 * The firmware writes a completion before it counts it, so what it has counted can be read by
 * now, unless the write was lost.
 */
static bool tsr_sched_completion_lost(struct tsr_queue *queue, u32 completed)
{
	unsigned long flags;
	bool lost;

	tsr_ring_complete_all(queue);
	spin_lock_irqsave(&queue->lock, flags);
	lost = (s32)(completed - queue->ring.completed) > 0;
	spin_unlock_irqrestore(&queue->lock, flags);

	return lost;
}

/*
 * No engine works for the queue: its job waits for a context or an engine that others have,
 * and that may take as long as their jobs take. Their own timers watch those; but the
 * job of some queue must move.
 */
static bool tsr_sched_device_inactive(struct tsr_queue *queue)
{
	u64 progress = tsr_queue_progress_all(queue->tdev);
	struct tsr_queue_watch *watch = &queue->watch;
	unsigned long flags;
	bool inactive;

	spin_lock_irqsave(&queue->lock, flags);
	watch->since = jiffies;
	watch->inactive = progress == watch->device ? watch->inactive + 1 : 0;
	watch->device = progress;
	inactive = watch->inactive > TSR_DEVICE_MAX_INACTIVE;
	spin_unlock_irqrestore(&queue->lock, flags);

	return inactive;
}

static void tsr_sched_stuck(struct tsr_queue *queue, unsigned int generation)
{
	unsigned long flags;

	dev_notice_ratelimited(queue->tdev->drm.dev,
			       "queue %u of %s: job makes no progress, killing it\n",
			       queue->number, queue->client->name);
	spin_lock_irqsave(&queue->lock, flags);
	queue->killed = true;
	spin_unlock_irqrestore(&queue->lock, flags);
	if (!tsr_sched_kill(queue))
		tsr_reset_now(queue->tdev, "job cannot be killed", queue, generation);
}

/* What keeps the queue's job: itself, the jobs of others, or the firmware? */
static void tsr_sched_find_cause(struct tsr_queue *queue, unsigned int generation)
{
	struct tsr_device *tdev = queue->tdev;
	struct tsr_hfi_status status;

	if (tsr_hfi_queue_status(tdev, queue->number, &status))
		tsr_reset_now(tdev, "firmware does not answer", NULL, generation);
	else if (status.runs)
		tsr_sched_stuck(queue, generation);
	else if (tsr_sched_completion_lost(queue, status.completed))
		tsr_reset_now(tdev, "completion lost", NULL, generation);
	else if (tsr_sched_device_inactive(queue))
		tsr_reset_now(tdev, "device does nothing while jobs wait", NULL, generation);
}

/* Not when the queue is being destroyed: that ends its jobs, and its number may be another's. */
static void tsr_sched_ask(struct tsr_queue *queue, unsigned int generation)
{
	mutex_lock(&queue->admin_lock);
	if (!READ_ONCE(queue->destroyed))
		tsr_sched_find_cause(queue, generation);
	mutex_unlock(&queue->admin_lock);
}

/*
 * Registers of a function that somebody else resets, or that sleeps, read as ones, so all of
 * this is looked at while neither can begin.
 *
 * Return: true when the queue's oldest job does not move; @status is the register.
 */
static bool tsr_sched_look(struct tsr_queue *queue, u32 *status, unsigned int *generation)
{
	struct tsr_device *tdev = queue->tdev;
	bool stuck;

	*generation = tsr_reset_block(tdev);
	tsr_event_poll(tdev);
	*status = tsr_reg_read(tdev, TSR_HW_REG_STATUS);
	stuck = tsr_sched_job_stuck_locked(queue);
	tsr_reset_unblock(tdev);

	return stuck;
}

static void tsr_sched_check(struct tsr_queue *queue)
{
	struct tsr_device *tdev = queue->tdev;
	unsigned int generation;
	u32 status;
	bool stuck;

	if (tsr_device_status(tdev))
		return;
	stuck = tsr_sched_look(queue, &status, &generation);
	if (status == ~0u)
		tsr_device_lose(tdev, -ENODEV);
	else if ((status & TSR_HW_STATUS_STATE) == TSR_HW_STATE_FATAL)
		tsr_reset_now(tdev, "firmware crashed", NULL, generation);
	else if (stuck)
		tsr_sched_ask(queue, generation);
}

/*
 * Runs on the one ordered workqueue of timeouts and resets. Once the job is back on the list
 * of its scheduler it may be freed, and with it the last reference to the queue: the end of
 * the queue waits for this work to return, but stops the scheduler first, so the works that
 * the return of the job starts need a queue that has not come to its end.
 */
static enum drm_gpu_sched_stat tsr_sched_timedout_job(struct drm_sched_job *sched_job)
{
	struct tsr_queue *queue = to_tsr_job(sched_job)->queue;
	struct tsr_device *tdev = queue->tdev;
	bool cookie = dma_fence_begin_signalling();
	enum drm_gpu_sched_stat stat;
	int idx;

	kref_get(&queue->ref);
	if (drm_dev_enter(&tdev->drm, &idx)) {
		tsr_sched_check(queue);
		drm_dev_exit(idx);
	}

	tsr_reset_block(tdev);
	stat = tsr_compat_no_hang(sched_job);
	tsr_reset_unblock(tdev);
	dma_fence_end_signalling(cookie);
	tsr_queue_put(queue);

	return stat;
}

static const struct drm_sched_backend_ops tsr_sched_ops = {
	.prepare_job = tsr_sched_prepare_job,
	.run_job = tsr_sched_run_job,
	.timedout_job = tsr_sched_timedout_job,
	.free_job = tsr_sched_free_job,
};

/**
 * tsr_sched_init() - start the scheduler of a queue
 * @queue: queue
 *
 * Return: 0 or a negative errno.
 */
int tsr_sched_init(struct tsr_queue *queue)
{
	struct tsr_device *tdev = queue->tdev;
	struct drm_gpu_scheduler *sched = &queue->sched;
	const struct drm_sched_init_args args = {
		.ops = &tsr_sched_ops,
		.submit_wq = tdev->submit_wq,
		.num_rqs = 1,
		.credit_limit = TSR_HW_RING_ENTRIES,
		.timeout = max(tsr_sched_job_timeout(tdev) / TSR_JOB_TIMEOUT_LOOKS, 1),
		.timeout_wq = tsr_reset_wq(tdev),
		.name = "tessera",
		.dev = tdev->drm.dev,
	};
	int ret;

	ret = drm_sched_init(sched, &args);
	if (ret)
		return ret;
	ret = drm_sched_entity_init(&queue->entity, 0, &sched, 1, NULL);
	if (ret)
		drm_sched_fini(sched);

	return ret;
}

/**
 * tsr_sched_fini() - end the scheduler of a queue that has no job left
 * @queue: queue
 *
 * What freed the last job may not have returned yet. The callback of a dependency looks at
 * the scheduler after it has let the job go; it runs with interrupts off. The work that
 * frees jobs wakes the one that runs them, even after drm_sched_wqueue_stop() has cancelled
 * that: stopping again, which drm_sched_fini() does, gets it.
 *
 * Context: sleeps.
 */
void tsr_sched_fini(struct tsr_queue *queue)
{
	drm_sched_entity_fini(&queue->entity);
	synchronize_rcu();
	drm_sched_wqueue_stop(&queue->sched);
	drm_sched_fini(&queue->sched);
}
