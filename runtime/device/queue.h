/* SPDX-License-Identifier: MIT */
/* The job queue of a context: jobs in order, each with a number, an end and a verdict. */
#ifndef TSR_QUEUE_H
#define TSR_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct drm_tessera_job;
struct tsr_context_options;
struct tsr_context_state;
struct tsr_device;
struct tsr_submit_options;

/**
 * struct tsr_queue - a queue; used by any thread without a lock: the driver orders submissions
 * @device: where it is
 * @id: number for the ioctls
 * @ended: a job that is known to have ended, and so have all before it
 */
struct tsr_queue {
	struct tsr_device *device;
	uint32_t id;
	_Atomic uint64_t ended;
};

/** tsr_queue_create() - a queue for the address space @vm. Return: 0 or a negative errno. */
int tsr_queue_create(struct tsr_queue *queue, struct tsr_device *device, uint32_t vm,
		     const struct tsr_context_options *options);

/** tsr_queue_destroy() - kill what runs and release it. */
void tsr_queue_destroy(struct tsr_queue *queue);

/**
 * tsr_queue_submit() - hand a job over
 * @job: all but its syncs; its number is in @job->seq afterwards
 * @options: syncobjs of the caller
 * @syncobj: gets the job's fence, 0 for none
 *
 * Return: 0 or a negative errno. One ioctl.
 */
int tsr_queue_submit(struct tsr_queue *queue, struct drm_tessera_job *job,
		     const struct tsr_submit_options *options, uint32_t syncobj);

/**
 * tsr_queue_wait() - wait until job @seq has ended
 * @timeout_ns: relative, -1 without end
 *
 * Return: 0 it succeeded, -ETIMEDOUT it still runs, or the job's error. One ioctl, and one
 * more when the job failed.
 */
int tsr_queue_wait(struct tsr_queue *queue, uint64_t seq, int64_t timeout_ns);

/**
 * tsr_queue_wait_end() - wait until job @seq has ended, whether well or not; no sentence
 *
 * Return: it has ended. No ioctl when that was known.
 */
bool tsr_queue_wait_end(struct tsr_queue *queue, uint64_t seq, int64_t timeout_ns);

/** tsr_queue_state() - tsr_context_state() */
int tsr_queue_state(struct tsr_queue *queue, struct tsr_context_state *state);

#endif
