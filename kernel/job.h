/* SPDX-License-Identifier: GPL-2.0-only */
/* Jobs and SUBMIT. */
#ifndef TSR_JOB_H
#define TSR_JOB_H

#include <linux/list.h>

#include <drm/gpu_scheduler.h>

#include <tsr_hw/queue.h>

#include "sync.h"

struct drm_device;
struct drm_file;
struct tsr_program;
struct tsr_queue;

/*
 * Jobs one SUBMIT takes, syncs of all of them, and jobs of one queue not yet complete. The
 * core walks a timeline for each point that is added to it.
 */
#define TSR_SUBMIT_MAX_JOBS	64
#define TSR_SUBMIT_MAX_SYNCS	256
#define TSR_QUEUE_MAX_PENDING	4096

/* Resets that a REPLAYABLE job may meet: more, and the job is suspected of causing them. */
#define TSR_JOB_MAX_REPLAYS	3

/**
 * struct tsr_job - one job
 * @base: base
 * @queue: queue, referenced
 * @fence: what userspace waits for; referenced
 * @number: of the job in its queue, from 1
 * @desc: descriptor; its sequence, and of a sealed program its name, are set when it goes into
 *        the ring
 * @program: its program if that is sealed, referenced, or NULL
 * @named: it is in the ring and names the program by its handle; protected by &tsr_queue.lock
 * @link: jobs of one SUBMIT; later &tsr_ring.canceled
 * @error: of the fence of a job in &tsr_ring.canceled; protected by &tsr_queue.lock, as are
 *         @why and @replays
 * @why: DRM_TESSERA_QUEUE_* that @error makes of the queue, beyond FAILED
 * @replays: resets after which it was run again
 * @next_wait: first of @sync the scheduler has not waited for yet
 * @sync_count: entries of @sync
 * @sync: fences to wait for and syncobjs to signal
 */
struct tsr_job {
	struct drm_sched_job base;
	struct tsr_queue *queue;
	struct dma_fence *fence;
	u64 number;
	struct tsr_hw_job desc;
	struct tsr_program *program;
	bool named;
	struct list_head link;
	int error;
	u32 why;
	u32 replays;
	u32 next_wait;
	u32 sync_count;
	struct tsr_sync sync[] __counted_by(sync_count);
};

int tsr_job_module_init(void);
void tsr_job_module_exit(void);
void tsr_job_free(struct tsr_job *job);
void tsr_job_finish(struct tsr_job *job, int error);

int tsr_ioctl_submit(struct drm_device *drm, void *data, struct drm_file *file);

#endif
