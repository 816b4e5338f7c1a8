/* SPDX-License-Identifier: GPL-2.0-only */
/* What queue.c, ring.c, sched.c and job.c share. */
#ifndef TSR_QUEUE_INTERNAL_H
#define TSR_QUEUE_INTERNAL_H

#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <drm/gpu_scheduler.h>

#include <tsr_hw/queue.h>

struct tsr_client;
struct tsr_device;
struct tsr_job;
struct tsr_vm;

/**
 * struct tsr_ring - ring and completion page of a queue; protected by &tsr_queue.lock
 * @host: descriptors, written by the driver; NULL once the device has given it up
 * @host_dma: its address
 * @done: completions, written by the device
 * @done_dma: its address
 * @doorbell: where to write @index
 * @tail: last sequence handed over
 * @completed: last sequence known to have completed
 * @job: jobs handed over, by slot
 * @canceled: jobs that are not to run, in order; they end when the ring is empty
 * @broken: a job has failed or is not to run: none after it may enter the ring
 */
struct tsr_ring {
	struct tsr_hw_ring *host;
	dma_addr_t host_dma;
	struct tsr_hw_completion_page *done;
	dma_addr_t done_dma;
	void __iomem *doorbell;
	u32 tail;
	u32 completed;
	struct tsr_job *job[TSR_HW_RING_ENTRIES];
	struct list_head canceled;
	bool broken;
};

/**
 * struct tsr_queue_state - what QUEUE_GET_STATE tells; protected by &tsr_queue.lock
 * @flags: DRM_TESSERA_QUEUE_*
 * @error: errno of the failed job, positive
 * @device_error: TSR_HW_ERR_*
 * @node: node that failed
 * @address: faulting address
 * @number: of the failed job
 * @start: device cycle the last completed job started
 * @end: device cycle it ended
 */
struct tsr_queue_state {
	u32 flags;
	u32 error;
	u32 device_error;
	u32 node;
	u64 address;
	u64 number;
	u64 start;
	u64 end;
};

/**
 * struct tsr_queue_watch - how far the queue had come; protected by &tsr_queue.lock
 * @since: jiffies of the last sign of life
 * @started: last sequence started then
 * @progress: blocks retired then
 * @device: what all queues had done when this one's job was last found waiting
 * @inactive: timeouts in a row in which no queue did anything
 */
struct tsr_queue_watch {
	unsigned long since;
	u32 started;
	u64 progress;
	u64 device;
	unsigned int inactive;
};

/**
 * struct tsr_queue - job queue
 * @ref: held by the table, the handle, running ioctls and every job
 * @tdev: device
 * @vm: address space, referenced
 * @sched: scheduler of this queue alone
 * @entity: its only entity
 * @fence_context: of the job fences
 * @client: client it counts for, referenced
 * @budget: device cycles one job may take
 * @number: device-wide number
 * @index: doorbell index in the address space
 * @priority: TSR_HW_PRIORITY_*
 * @admin_lock: what the firmware is asked about the queue by its timeout, and its destruction,
 *              exclude each other; outside of resets
 * @submit_lock: orders submissions, protects @armed; outside of resv locks
 * @armed: jobs submitted, the number of the last one
 * @progress: where SUBMIT and QUEUE_WAIT wait for jobs to end; woken by tsr_queue_wake()
 * @lock: protects all below; taken in interrupts, inside of the event ring's lock, outside
 *        of fence locks
 * @finished: jobs whose fence has signalled
 * @ring: ring
 * @state: for QUEUE_GET_STATE
 * @watch: for the timeout
 * @killed: the timeout has the running job killed
 * @destroyed: the client has destroyed the queue
 * @free_work: ends the scheduler, which must not happen in one of its own works
 */
struct tsr_queue {
	struct kref ref;
	struct tsr_device *tdev;
	struct tsr_vm *vm;
	struct drm_gpu_scheduler sched;
	struct drm_sched_entity entity;
	u64 fence_context;
	struct tsr_client *client;
	u64 budget;
	u16 number;
	u16 index;
	u8 priority;

	struct mutex admin_lock;	/* number still this queue's */

	struct mutex submit_lock;	/* order of submissions */
	u64 armed;

	wait_queue_head_t progress;

	spinlock_t lock;	/* ring and state */
	u64 finished;
	struct tsr_ring ring;
	struct tsr_queue_state state;
	struct tsr_queue_watch watch;
	bool killed;
	bool destroyed;

	struct work_struct free_work;
};

/**
 * tsr_queue_wake() - what ioctls wait for may have happened
 * @queue: queue: a job has ended, it has failed, is destroyed, or the device is lost
 *
 * Context: any.
 */
static inline void tsr_queue_wake(struct tsr_queue *queue)
{
	if (wq_has_sleeper(&queue->progress))
		wake_up_all(&queue->progress);
}

/* Jobs that are ended without letting others take the queue's lock. */
#define TSR_RING_BURST		64

/* ring.c */
int tsr_ring_alloc(struct tsr_queue *queue);
void tsr_ring_free(struct tsr_queue *queue);
void tsr_ring_push(struct tsr_queue *queue, struct tsr_job *job);
void tsr_ring_ring(struct tsr_queue *queue);
bool tsr_ring_complete(struct tsr_queue *queue, unsigned int *budget);
void tsr_ring_complete_all(struct tsr_queue *queue);
u64 tsr_ring_progress(struct tsr_queue *queue);
void tsr_ring_end(struct tsr_queue *queue, struct tsr_job *job, int error, u32 why);
void tsr_ring_cancel(struct tsr_queue *queue, int error);
void tsr_ring_rebuild(struct tsr_queue *queue, bool guilty);

/* queue_wait.c */
ktime_t tsr_queue_time_left(u64 deadline_ns);

/* sched.c */
int tsr_sched_init(struct tsr_queue *queue);
void tsr_sched_fini(struct tsr_queue *queue);
unsigned long tsr_sched_job_timeout(struct tsr_device *tdev);

#endif
