// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ring and completion page of a queue.
 *
 * What the device writes is read once, after the word that makes it valid, and used only as
 * far as it is possible. Sequence numbers belong to the ring and start again after a reset;
 * jobs have numbers of their own.
 */

#include <linux/dma-mapping.h>
#include <linux/io.h>

#include <drm/drm_print.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>
#include <tsr_hw/registers.h>

#include <tessera_accel.h>

#include "client.h"
#include "device.h"
#include "job.h"
#include "program.h"
#include "queue_internal.h"
#include "reset.h"
#include "usage.h"
#include "vm.h"

/**
 * tsr_ring_alloc() - allocate ring and completion page
 * @queue: queue
 *
 * Return: 0 or -ENOMEM.
 */
int tsr_ring_alloc(struct tsr_queue *queue)
{
	struct tsr_device *tdev = queue->tdev;
	struct device *dev = tdev->drm.dev;
	struct tsr_ring *ring = &queue->ring;

	ring->host = dma_alloc_coherent(dev, sizeof(*ring->host), &ring->host_dma,
					GFP_KERNEL_ACCOUNT);
	if (!ring->host)
		return -ENOMEM;
	ring->done = dma_alloc_coherent(dev, sizeof(*ring->done), &ring->done_dma,
					GFP_KERNEL_ACCOUNT);
	if (!ring->done) {
		dma_free_coherent(dev, sizeof(*ring->host), ring->host, ring->host_dma);
		ring->host = NULL;
		return -ENOMEM;
	}
	ring->doorbell = tdev->doorbells +
			 ((size_t)tsr_vm_asid(queue->vm) << tdev->hw.doorbell_shift);

	return 0;
}

/**
 * tsr_ring_free() - free ring and completion page; the device uses the queue no more
 * @queue: queue without jobs in the ring
 */
void tsr_ring_free(struct tsr_queue *queue)
{
	struct device *dev = queue->tdev->drm.dev;
	struct tsr_ring *ring = &queue->ring;
	struct tsr_hw_completion_page *done;
	struct tsr_hw_ring *host;

	/* A timeout may look at the ring to the last. */
	spin_lock_irq(&queue->lock);
	host = ring->host;
	done = ring->done;
	ring->host = NULL;
	ring->done = NULL;
	spin_unlock_irq(&queue->lock);

	if (!host)
		return;
	dma_free_coherent(dev, sizeof(*host), host, ring->host_dma);
	dma_free_coherent(dev, sizeof(*done), done, ring->done_dma);
}

/**
 * tsr_ring_push() - put a job into the ring
 * @queue: queue, locked
 * @job: job; the scheduler's credits guarantee a free slot
 */
void tsr_ring_push(struct tsr_queue *queue, struct tsr_job *job)
{
	struct tsr_ring *ring = &queue->ring;
	u32 slot;

	lockdep_assert_held(&queue->lock);

	if (ring->tail == ring->completed)
		queue->watch.since = jiffies;
	ring->tail++;
	slot = ring->tail % TSR_HW_RING_ENTRIES;
	job->desc.seq = cpu_to_le32(ring->tail);
	job->named = job->program && tsr_program_enter(job->program, &job->desc);
	ring->job[slot] = job;
	ring->host->job[slot] = job->desc;
	dma_wmb();	/* the descriptor before the tail that covers it */
	WRITE_ONCE(ring->host->tail, cpu_to_le32(ring->tail));
}

/**
 * tsr_ring_ring() - tell the device to look
 * @queue: queue
 */
void tsr_ring_ring(struct tsr_queue *queue)
{
	/* writel() orders the tail before the doorbell. */
	writel(queue->index, queue->ring.doorbell);
}

/*
 * A line for an administrator who wonders about a job. Users can cause as many as they like,
 * so it is no error and its rate is limited. Destruction of a queue is no failure.
 */
static void tsr_ring_report(struct tsr_queue *queue, int error)
{
	struct tsr_queue_state *state = &queue->state;

	if (queue->destroyed || state->device_error == TSR_HW_ERR_NONE ||
	    state->device_error == TSR_HW_ERR_CANCELED)
		return;
	dev_notice_ratelimited(queue->tdev->drm.dev,
			       "queue %u of %s: job %llu failed (%d): device error %u, node %d, address %#llx\n",
			       queue->number, queue->client->name, state->number, error,
			       state->device_error, (int)state->node, state->address);
}

/* Only the first failure is reported: the later ones follow from it. */
static void tsr_ring_record(struct tsr_queue *queue, u64 number, int error, u32 why,
			    const struct tsr_hw_completion *slot)
{
	struct tsr_queue_state *state = &queue->state;

	if (state->flags & DRM_TESSERA_QUEUE_FAILED)
		return;
	state->error = -error;
	state->device_error = le32_to_cpu(slot->error);
	state->node = le32_to_cpu(slot->node);
	state->address = le64_to_cpu(slot->address);
	state->number = number;
	WRITE_ONCE(state->flags, DRM_TESSERA_QUEUE_FAILED | why);
	tsr_queue_wake(queue);
	tsr_ring_report(queue, error);
}

/* The job is not in the ring any more, or its descriptor is to be made anew. */
static void tsr_ring_unname(struct tsr_job *job)
{
	if (job->named)
		tsr_program_leave(job->program);
	job->named = false;
}

/*
 * A job ends, and its queue fails if it does: a fence that signals success says that all
 * earlier jobs of the queue have succeeded.
 */
static void tsr_ring_finish(struct tsr_queue *queue, struct tsr_job *job, int error, u32 why,
			    const struct tsr_hw_completion *slot)
{
	lockdep_assert_held(&queue->lock);

	if (error) {
		queue->ring.broken = true;
		tsr_ring_record(queue, job->number, error, why, slot);
	}
	tsr_ring_unname(job);
	tsr_job_finish(job, error);
}

/* The same for a job about whose end the device says nothing. */
static void tsr_ring_finish_unreported(struct tsr_queue *queue, struct tsr_job *job, int error,
				       u32 why)
{
	const struct tsr_hw_completion slot = {
		.error = cpu_to_le32(error == -ETIME ? TSR_HW_ERR_KILLED : TSR_HW_ERR_NONE),
		.node = cpu_to_le32(TSR_HW_NODE_NONE),
	};

	tsr_ring_finish(queue, job, error, why, &slot);
}

static bool tsr_ring_empty(const struct tsr_ring *ring)
{
	return ring->completed == ring->tail;
}

/*
 * Jobs that are not to run end in their turn: when those before them have left the ring.
 *
 * Return: true when none is left that could end, false when the budget is used up.
 */
static bool tsr_ring_finish_canceled(struct tsr_queue *queue, unsigned int *budget)
{
	struct tsr_job *job, *next;

	lockdep_assert_held(&queue->lock);

	if (!tsr_ring_empty(&queue->ring))
		return true;
	list_for_each_entry_safe(job, next, &queue->ring.canceled, link) {
		if (!*budget)
			return false;
		(*budget)--;
		list_del_init(&job->link);
		tsr_ring_finish_unreported(queue, job, job->error, job->why);
	}

	return true;
}

/**
 * tsr_ring_end() - end a job that is not to run, and its queue
 * @queue: queue, locked
 * @job: job
 * @error: negative errno of its fence
 * @why: DRM_TESSERA_QUEUE_* beyond FAILED
 *
 * It ends after those in the ring: who sees the fence of a job signalled takes the earlier
 * jobs of the queue for done. No job may enter the ring from here on.
 */
void tsr_ring_end(struct tsr_queue *queue, struct tsr_job *job, int error, u32 why)
{
	unsigned int budget = TSR_RING_BURST;

	lockdep_assert_held(&queue->lock);

	queue->ring.broken = true;
	job->error = error;
	job->why = why;
	list_add_tail(&job->link, &queue->ring.canceled);
	/* What is left behind a burst is being ended by another context. */
	tsr_ring_finish_canceled(queue, &budget);
}

static int tsr_ring_errno(struct tsr_queue *queue, u32 error)
{
	switch (error) {
	case TSR_HW_ERR_NONE:
		return 0;
	case TSR_HW_ERR_FAULT_READ:
	case TSR_HW_ERR_FAULT_WRITE:
	case TSR_HW_ERR_FAULT_FETCH:
	case TSR_HW_ERR_FAULT_BUS:
		return -EFAULT;
	case TSR_HW_ERR_PROGRAM:
	case TSR_HW_ERR_COMMAND:
	case TSR_HW_ERR_SLOT:
	case TSR_HW_ERR_DESCRIPTOR:
	case TSR_HW_ERR_PARAMETER:
		return -EINVAL;
	case TSR_HW_ERR_INDEX:
		return -ERANGE;
	case TSR_HW_ERR_UNSUPPORTED:
		return -EOPNOTSUPP;
	case TSR_HW_ERR_RESOURCES:
		return -ENOSPC;
	case TSR_HW_ERR_BUDGET:
		return -ETIME;
	case TSR_HW_ERR_KILLED:
		return queue->killed ? -ETIME : -ECANCELED;
	case TSR_HW_ERR_CANCELED:
		return -ECANCELED;
	default:
		return -EIO;
	}
}

/* What a queue that fails with a device error is, beyond FAILED. */
static u32 tsr_ring_why(struct tsr_queue *queue, u32 error)
{
	switch (error) {
	case TSR_HW_ERR_FAULT_READ:
	case TSR_HW_ERR_FAULT_WRITE:
	case TSR_HW_ERR_FAULT_FETCH:
	case TSR_HW_ERR_FAULT_BUS:
		return DRM_TESSERA_QUEUE_FAULTED;
	case TSR_HW_ERR_KILLED:
		return queue->killed ? DRM_TESSERA_QUEUE_TIMEDOUT : 0;
	default:
		return 0;
	}
}

static void tsr_ring_end_job(struct tsr_queue *queue, u32 seq,
			     const struct tsr_hw_completion *slot)
{
	struct tsr_job *job = queue->ring.job[seq % TSR_HW_RING_ENTRIES];
	u32 error = le32_to_cpu(slot->error);

	lockdep_assert_held(&queue->lock);

	queue->ring.job[seq % TSR_HW_RING_ENTRIES] = NULL;
	queue->ring.completed = seq;
	queue->state.start = le64_to_cpu(slot->start);
	queue->state.end = le64_to_cpu(slot->end);
	tsr_usage_add(&queue->client->usage, queue->tdev, slot);
	if (error)
		drm_dbg_driver(&queue->tdev->drm,
			       "queue %u of %s: job %llu: device error %u, node %d, address %#llx\n",
			       queue->number, queue->client->name, job->number, error,
			       (int)le32_to_cpu(slot->node), le64_to_cpu(slot->address));
	tsr_ring_finish(queue, job, tsr_ring_errno(queue, error), tsr_ring_why(queue, error), slot);
}

/* What the driver uses of it. */
static void tsr_ring_read_slot(const struct tsr_hw_completion *from,
			       struct tsr_hw_completion *to)
{
	to->seq = READ_ONCE(from->seq);
	to->error = READ_ONCE(from->error);
	to->node = READ_ONCE(from->node);
	to->address = READ_ONCE(from->address);
	to->start = READ_ONCE(from->start);
	to->end = READ_ONCE(from->end);
	to->tile_cycles = READ_ONCE(from->tile_cycles);
	to->dma_cycles = READ_ONCE(from->dma_cycles);
}

/* Return: NULL, or what is wrong with the device. */
static const char *tsr_ring_harvest(struct tsr_queue *queue, unsigned int *budget)
{
	struct tsr_ring *ring = &queue->ring;
	struct tsr_hw_completion slot;
	u32 completed, seq;

	lockdep_assert_held(&queue->lock);

	completed = le32_to_cpu(READ_ONCE(ring->done->completed));
	if (completed == ring->completed)
		return NULL;
	if (completed - ring->completed > ring->tail - ring->completed)
		return "completion of a job that was never submitted";
	dma_rmb();	/* the slots after the sequence that covers them */

	queue->watch.since = jiffies;
	queue->watch.inactive = 0;
	for (; ring->completed != completed && *budget; (*budget)--) {
		seq = ring->completed + 1;
		tsr_ring_read_slot(&ring->done->slot[seq % TSR_HW_RING_ENTRIES], &slot);
		if (le32_to_cpu(slot.seq) != seq)
			return "completion slot of another job";
		tsr_ring_end_job(queue, seq, &slot);
	}

	return NULL;
}

/**
 * tsr_ring_complete() - end jobs the device says have completed, and those behind them
 * @queue: queue, locked
 * @budget: how many; reduced by those that have ended
 *
 * Return: true when all have ended, false when the budget is used up: the caller then has to
 * call again.
 */
bool tsr_ring_complete(struct tsr_queue *queue, unsigned int *budget)
{
	struct tsr_ring *ring = &queue->ring;
	const char *wrong = NULL;

	lockdep_assert_held(&queue->lock);

	if (ring->done)
		wrong = tsr_ring_harvest(queue, budget);
	if (wrong)
		tsr_reset_schedule(queue->tdev, wrong);
	else if (ring->done && le32_to_cpu(READ_ONCE(ring->done->completed)) != ring->completed)
		return false;

	return tsr_ring_finish_canceled(queue, budget);
}

/**
 * tsr_ring_complete_all() - end all jobs the device says have completed, and those behind
 * @queue: queue, not locked
 *
 * Context: not in interrupts: there may be thousands.
 */
void tsr_ring_complete_all(struct tsr_queue *queue)
{
	unsigned int budget;
	unsigned long flags;
	bool done;

	do {
		budget = TSR_RING_BURST;
		spin_lock_irqsave(&queue->lock, flags);
		done = tsr_ring_complete(queue, &budget);
		spin_unlock_irqrestore(&queue->lock, flags);
	} while (!done);
}

/**
 * tsr_ring_progress() - what the device has done for a queue
 * @queue: queue, locked
 *
 * Return: a number that changes when a job starts, retires blocks or completes.
 */
u64 tsr_ring_progress(struct tsr_queue *queue)
{
	struct tsr_hw_completion_page *done = queue->ring.done;

	lockdep_assert_held(&queue->lock);

	if (!done)
		return 0;

	return (u64)le32_to_cpu(READ_ONCE(done->completed)) +
	       le32_to_cpu(READ_ONCE(done->started)) + le64_to_cpu(READ_ONCE(done->progress));
}

/**
 * tsr_ring_cancel() - end all jobs that the scheduler has handed over
 * @queue: queue, locked; the device no longer works for it
 * @error: negative errno of their fences
 *
 * Those behind the ring are left to tsr_ring_complete_all().
 */
void tsr_ring_cancel(struct tsr_queue *queue, int error)
{
	struct tsr_ring *ring = &queue->ring;
	struct tsr_job *job;

	lockdep_assert_held(&queue->lock);

	while (!tsr_ring_empty(ring)) {
		ring->completed++;
		job = ring->job[ring->completed % TSR_HW_RING_ENTRIES];
		ring->job[ring->completed % TSR_HW_RING_ENTRIES] = NULL;
		tsr_ring_finish_unreported(queue, job, error, 0);
	}
}

/* How many of the jobs left in the ring had started: all of them if the device talks nonsense. */
static u32 tsr_ring_started(struct tsr_ring *ring)
{
	u32 started = le32_to_cpu(READ_ONCE(ring->done->started)) - ring->completed;

	return (s32)started < 0 ? 0 : min(started, ring->tail - ring->completed);
}

static bool tsr_ring_may_replay(struct tsr_job *job)
{
	return le32_to_cpu(job->desc.flags) & TSR_HW_JOB_REPLAYABLE &&
	       job->replays < TSR_JOB_MAX_REPLAYS;
}

/*
 * What becomes of a job that a reset found in the ring: 0 to run it again, or its error, and
 * in &tsr_job.why what it makes of the queue. None is run on local memory, which is lost.
 */
static int tsr_ring_judge(struct tsr_queue *queue, struct tsr_job *job, bool started, bool guilty)
{
	job->why = 0;
	if (queue->state.flags & DRM_TESSERA_QUEUE_FAILED)
		return -ECANCELED;
	if (guilty) {
		job->why = DRM_TESSERA_QUEUE_TIMEDOUT;
		return -ETIME;
	}
	if (!started && !tsr_vm_has_local(queue->vm))
		return 0;
	if (tsr_vm_has_local(queue->vm) || !tsr_ring_may_replay(job)) {
		job->why = DRM_TESSERA_QUEUE_INNOCENT;
		return -ECANCELED;
	}
	job->replays++;

	return 0;
}

/*
 * Take all jobs out of the ring: those to run again, in order, into @again; from the first
 * that is not to run on, all in front of the canceled ones.
 *
 * Return: jobs in @again.
 */
static u32 tsr_ring_sort(struct tsr_queue *queue, bool guilty, struct tsr_job **again)
{
	struct tsr_ring *ring = &queue->ring;
	u32 started = tsr_ring_started(ring);
	u32 left = ring->tail - ring->completed;
	struct tsr_job *job;
	LIST_HEAD(ended);
	u32 i, count = 0;

	for (i = 0; i < left; i++) {
		job = ring->job[(ring->completed + 1 + i) % TSR_HW_RING_ENTRIES];
		tsr_ring_unname(job);
		job->error = list_empty(&ended) ?
			     tsr_ring_judge(queue, job, i < started, guilty && i == 0) : -ECANCELED;
		if (job->error)
			list_add_tail(&job->link, &ended);
		else
			again[count++] = job;
	}
	if (!list_empty(&ended))
		ring->broken = true;
	list_splice(&ended, &ring->canceled);

	return count;
}

/*
 * What earlier jobs left in local memory is gone: the next job may not work on it, although
 * none was interrupted.
 */
static void tsr_ring_lose_local(struct tsr_queue *queue)
{
	const struct tsr_hw_completion slot = {
		.node = cpu_to_le32(TSR_HW_NODE_NONE),
	};

	lockdep_assert_held(&queue->lock);

	if (!tsr_vm_has_local(queue->vm) || queue->ring.broken)
		return;
	queue->ring.broken = true;
	tsr_ring_record(queue, queue->finished + 1, -ECANCELED, DRM_TESSERA_QUEUE_INNOCENT, &slot);
}

/**
 * tsr_ring_rebuild() - after a reset: decide about the jobs in the ring, start it anew
 * @queue: queue, locked; the device has been reset
 * @guilty: this queue's running job is why
 *
 * Jobs that are not to run again are left to tsr_ring_complete_all().
 */
void tsr_ring_rebuild(struct tsr_queue *queue, bool guilty)
{
	struct tsr_job *again[TSR_HW_RING_ENTRIES];
	struct tsr_ring *ring = &queue->ring;
	unsigned int all = TSR_HW_RING_ENTRIES;
	u32 i, count;

	lockdep_assert_held(&queue->lock);

	/* If what it left there is wrong, the jobs in question are judged like the rest. */
	tsr_ring_harvest(queue, &all);
	count = tsr_ring_sort(queue, guilty, again);
	tsr_ring_lose_local(queue);

	memset(ring->host, 0, sizeof(*ring->host));
	memset(ring->done, 0, sizeof(*ring->done));
	memset(ring->job, 0, sizeof(ring->job));
	memset(&queue->watch, 0, sizeof(queue->watch));
	queue->killed = false;
	ring->tail = 0;
	ring->completed = 0;
	for (i = 0; i < count; i++)
		tsr_ring_push(queue, again[i]);
}
