// SPDX-License-Identifier: MIT
/*
 * Jobs of a queue end in order, and with the first that fails the queue fails: all that
 * follow are canceled. So one number tells which jobs have ended.
 */
#include "queue.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "tessera_accel.h"

#include "device.h"
#include "../error.h"
#include "../include/tessera.h"

/* One to wait for and one to signal by the caller's wish, and the job's own. */
#define SYNCS_MAX	3

int tsr_queue_create(struct tsr_queue *queue, struct tsr_device *device, uint32_t vm,
		     const struct tsr_context_options *options)
{
	struct drm_tessera_queue_create create = {
		.vm_id = vm,
		.priority = options->priority ? options->priority - 1 :
			    DRM_TESSERA_PRIORITY_NORMAL,
		.budget_ns = options->budget_ns,
	};
	int error;

	error = tsr_ioctl(device, DRM_IOCTL_TESSERA_QUEUE_CREATE, &create, "create a job queue");
	queue->device = device;
	queue->id = create.queue_id;
	return error;
}

void tsr_queue_destroy(struct tsr_queue *queue)
{
	struct drm_tessera_queue_destroy destroy = { .queue_id = queue->id };

	tsr_ioctl_quiet(queue->device, DRM_IOCTL_TESSERA_QUEUE_DESTROY, &destroy);
}

static struct drm_tessera_sync sync_of(uint32_t direction, uint32_t handle, uint64_t point)
{
	return (struct drm_tessera_sync){
		.flags = direction | (point ? DRM_TESSERA_SYNC_TIMELINE : 0),
		.handle = handle,
		.point = point,
	};
}

static uint32_t callers_syncs(struct drm_tessera_sync *syncs,
			      const struct tsr_submit_options *options)
{
	uint32_t count = 0;

	if (options->wait)
		syncs[count++] = sync_of(DRM_TESSERA_SYNC_WAIT, options->wait,
					 options->wait_point);
	if (options->signal)
		syncs[count++] = sync_of(DRM_TESSERA_SYNC_SIGNAL, options->signal,
					 options->signal_point);
	return count;
}

int tsr_queue_submit(struct tsr_queue *queue, struct drm_tessera_job *job,
		     const struct tsr_submit_options *options, uint32_t syncobj)
{
	struct drm_tessera_sync syncs[SYNCS_MAX];
	uint32_t count = callers_syncs(syncs, options);
	struct drm_tessera_submit argument = {
		.queue_id = queue->id,
		.jobs = DRM_TESSERA_ARRAY(1, job),
		.deadline_ns = UINT64_MAX,
	};

	if (syncobj)
		syncs[count++] = sync_of(DRM_TESSERA_SYNC_SIGNAL, syncobj, 0);
	job->syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(count, syncs);
	return tsr_ioctl(queue->device, DRM_IOCTL_TESSERA_SUBMIT, &argument, "submit a job");
}

/* In CLOCK_MONOTONIC, as the driver wants it; 0 has passed, UINT64_MAX never comes. */
static uint64_t deadline(int64_t timeout_ns)
{
	struct timespec now;

	if (timeout_ns <= 0)
		return timeout_ns < 0 ? UINT64_MAX : 0;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec + (uint64_t)timeout_ns;
}

static void note_end(struct tsr_queue *queue, uint64_t seq)
{
	uint64_t known = atomic_load_explicit(&queue->ended, memory_order_relaxed);

	while (known < seq && !atomic_compare_exchange_weak(&queue->ended, &known, seq))
		;
}

/* Return: @error, with a sentence about the job that made the queue fail. */
static int explain(struct tsr_queue *queue, uint64_t seq, int error)
{
	struct drm_tessera_queue_get_state get = { .queue_id = queue->id };

	if (tsr_ioctl(queue->device, DRM_IOCTL_TESSERA_QUEUE_GET_STATE, &get,
		      "ask for the state of a queue") ||
	    !(get.state & DRM_TESSERA_QUEUE_FAILED))
		return tsr_fail(error, "the job failed: %s", strerror(-error));
	if (get.seq != seq)
		return tsr_fail(error, "the job was canceled, because job %llu of its context "
				"failed: %s; make a new context", (unsigned long long)get.seq,
				strerror((int)get.error));
	return tsr_fail(error, "the job failed: %s (device error %u, node %d, address %#llx)",
			strerror(-error), get.device_error, (int)get.node,
			(unsigned long long)get.address);
}

static struct drm_tessera_queue_wait wait_for(const struct tsr_queue *queue, uint64_t seq,
					     int64_t timeout_ns)
{
	return (struct drm_tessera_queue_wait){
		.queue_id = queue->id, .seq = seq, .deadline_ns = deadline(timeout_ns),
	};
}

int tsr_queue_wait(struct tsr_queue *queue, uint64_t seq, int64_t timeout_ns)
{
	struct drm_tessera_queue_wait wait = wait_for(queue, seq, timeout_ns);
	int error;

	error = tsr_ioctl(queue->device, DRM_IOCTL_TESSERA_QUEUE_WAIT, &wait, "wait for a job");
	if (error == -ETIMEDOUT)
		return tsr_fail(error, "the job still runs");
	if (error)
		return error;
	note_end(queue, seq);
	return wait.error ? explain(queue, seq, -(int)wait.error) : 0;
}

bool tsr_queue_wait_end(struct tsr_queue *queue, uint64_t seq, int64_t timeout_ns)
{
	struct drm_tessera_queue_wait wait = wait_for(queue, seq, timeout_ns);

	if (!tsr_device_is_own(queue->device))
		return false;
	if (seq <= atomic_load(&queue->ended))
		return true;
	if (tsr_ioctl_quiet(queue->device, DRM_IOCTL_TESSERA_QUEUE_WAIT, &wait))
		return false;
	note_end(queue, seq);
	return true;
}

int tsr_queue_state(struct tsr_queue *queue, struct tsr_context_state *state)
{
	struct drm_tessera_queue_get_state get = { .queue_id = queue->id };
	int error;

	error = tsr_ioctl(queue->device, DRM_IOCTL_TESSERA_QUEUE_GET_STATE, &get,
			  "ask for the state of a queue");
	if (error)
		return error;
	*state = (struct tsr_context_state){
		.failed = get.state & DRM_TESSERA_QUEUE_FAILED,
		.error = (int)get.error,
		.device_error = get.device_error,
		.node = get.node,
		.address = get.address,
		.start = get.start,
		.end = get.end,
	};
	return 0;
}
