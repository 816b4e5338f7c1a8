// SPDX-License-Identifier: GPL-2.0-only
/*
 * Jobs and SUBMIT.
 *
 * SUBMIT has phases: copy and check what userspace says; find the fences to wait for and
 * the syncobjs to signal; allocate all that will be needed; then, from a marked point on
 * where nothing can fail, put the fences on reservations and hand the jobs to the scheduler;
 * last, and without the reservations, which others wait for, put them into syncobjs.
 * The kernel reads no program, so the cost does not depend on what a job does.
 */

#include "job.h"

#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>

#include <tsr_hw/mmu.h>
#include <tsr_hw/program.h>
#include <tsr_hw/version.h>

#include <tessera_accel.h>

#include "array.h"
#include "device.h"
#include "fence.h"
#include "fw.h"
#include "program.h"
#include "queue.h"
#include "queue_internal.h"
#include "vm.h"

/* Syncs that most jobs get along with. */
#define TSR_JOB_FEW_SYNCS	2

/* Of jobs with few syncs: memory is zeroed, so its size is part of the cost of a SUBMIT. */
static struct kmem_cache *tsr_job_cache;

/**
 * tsr_job_module_init() - what all devices share
 *
 * Return: 0 or -ENOMEM.
 */
int tsr_job_module_init(void)
{
	tsr_job_cache = kmem_cache_create("tessera_job",
					  struct_size_t(struct tsr_job, sync, TSR_JOB_FEW_SYNCS),
					  0, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT, NULL);

	return tsr_job_cache ? 0 : -ENOMEM;
}

/**
 * tsr_job_module_exit() - counterpart of tsr_job_module_init(); all jobs are freed
 */
void tsr_job_module_exit(void)
{
	kmem_cache_destroy(tsr_job_cache);
}

/**
 * struct tsr_submit - a SUBMIT at work
 * @file: client
 * @queue: queue, referenced
 * @array: jobs as userspace describes them
 * @deadline_ns: until when to wait for room in the queue
 * @syncs: syncs of all jobs so far
 * @jobs: &struct tsr_job
 * @signals: room for what all syncs signal: @few or allocated
 * @signal_count: entries of @signals
 * @few: enough for most
 */
struct tsr_submit {
	struct drm_file *file;
	struct tsr_queue *queue;
	const struct drm_tessera_array *array;
	u64 deadline_ns;
	u32 syncs;
	struct list_head jobs;
	struct tsr_signal *signals;
	u32 signal_count;
	struct tsr_signal few[TSR_JOB_FEW_SYNCS];
};

/**
 * tsr_job_free() - free a job that has ended or was never handed to the scheduler
 * @job: job, &tsr_job.base cleaned up
 */
void tsr_job_free(struct tsr_job *job)
{
	u32 i;

	for (i = 0; i < job->sync_count; i++)
		tsr_sync_release(&job->sync[i]);
	if (job->number)
		dma_fence_put(job->fence);
	else
		tsr_fence_free(job->fence);
	tsr_program_put(job->program);
	tsr_queue_put(job->queue);
	kfree(job);
}

/**
 * tsr_job_finish() - a job has ended
 * @job: job, its queue locked; it may be freed when this returns
 * @error: 0 or the negative errno of its fence
 */
void tsr_job_finish(struct tsr_job *job, int error)
{
	lockdep_assert_held(&job->queue->lock);

	WRITE_ONCE(job->queue->finished, job->queue->finished + 1);
	tsr_queue_wake(job->queue);
	tsr_fence_signal(job->fence, error);
}

/* May a job have something at these addresses? What is there only the device can know. */
static bool tsr_job_range_valid(u64 va, u64 size, u32 align)
{
	return IS_ALIGNED(va, align) && va <= TSR_HW_VA_USER_END && size <= TSR_HW_VA_USER_END - va;
}

static bool tsr_job_ranges_valid(const struct drm_tessera_job *user)
{
	u64 slots = (u64)user->slot_count * sizeof(struct tsr_hw_slot);
	u64 profile = (u64)user->profile_count * sizeof(struct tsr_hw_profile);
	u64 parameters = (u64)user->parameter_count * sizeof(u64);

	return tsr_job_range_valid(user->slots, slots, sizeof(u64)) &&
	       tsr_job_range_valid(user->parameters, parameters, sizeof(u64)) &&
	       tsr_job_range_valid(user->profile, profile, sizeof(u64));
}

/* A sealed program has a number, and a size that is known. */
static bool tsr_job_program_valid(const struct drm_tessera_job *user)
{
	if (user->flags & DRM_TESSERA_JOB_SEALED)
		return !user->program_size;

	return user->program_size >= sizeof(struct tsr_hw_program) &&
	       tsr_job_range_valid(user->program, user->program_size, TSR_HW_PROGRAM_ALIGN);
}

static int tsr_job_check_fields(const struct tsr_hw *hw, const struct drm_tessera_job *user)
{
	const u32 known = DRM_TESSERA_JOB_PROFILE | DRM_TESSERA_JOB_REPLAYABLE |
			  DRM_TESSERA_JOB_STRICT | DRM_TESSERA_JOB_SEALED;

	if (user->flags & ~known)
		return -EINVAL;
	if (user->parameter_count > TSR_HW_MAX_PARAMETERS ||
	    (!user->parameter_count && user->parameters))
		return -EINVAL;
	if (!user->repeat || user->repeat > TSR_HW_JOB_MAX_REPEAT)
		return -EINVAL;
	if (!(user->flags & DRM_TESSERA_JOB_PROFILE) && (user->profile || user->profile_count))
		return -EINVAL;
	if (!tsr_job_program_valid(user) || user->slot_count > hw->max_slots ||
	    !tsr_job_ranges_valid(user))
		return -EINVAL;

	return tsr_array_check(&user->syncs, DRM_TESSERA_SYNC_SIZE_VER0, TSR_JOB_MAX_SYNCS);
}

/* What the firmware does not have is refused here, before a job of the queue fails by it. */
static int tsr_job_check(struct tsr_device *tdev, const struct drm_tessera_job *user)
{
	int ret = tsr_job_check_fields(&tdev->hw, user);
	u64 features = 0;

	if (ret)
		return ret;
	if (user->flags & DRM_TESSERA_JOB_STRICT)
		features |= TSR_HW_FEATURE_STRICT;
	if (user->parameter_count)
		features |= TSR_HW_FEATURE_PARAMETERS;

	return tsr_fw_agreed(tdev, features) ? 0 : -EOPNOTSUPP;
}

static void tsr_job_describe(struct tsr_job *job, const struct drm_tessera_job *user)
{
	struct tsr_hw_job *desc = &job->desc;

	BUILD_BUG_ON(DRM_TESSERA_JOB_PROFILE != TSR_HW_JOB_PROFILE);
	BUILD_BUG_ON(DRM_TESSERA_JOB_REPLAYABLE != TSR_HW_JOB_REPLAYABLE);
	BUILD_BUG_ON(DRM_TESSERA_JOB_STRICT != TSR_HW_JOB_STRICT);

	desc->flags = cpu_to_le32(user->flags & ~DRM_TESSERA_JOB_SEALED);
	desc->program = cpu_to_le64(user->program);
	desc->program_size = cpu_to_le32(user->program_size);
	desc->slot_count = cpu_to_le32(user->slot_count);
	desc->slots = cpu_to_le64(user->slots);
	desc->parameters = cpu_to_le64(user->parameters);
	desc->parameter_count = cpu_to_le32(user->parameter_count);
	desc->profile = cpu_to_le64(user->profile);
	desc->profile_count = cpu_to_le32(user->profile_count);
	desc->repeat = cpu_to_le32(user->repeat);
}

static struct tsr_job *tsr_job_alloc(struct tsr_submit *submit, u32 sync_count)
{
	struct tsr_queue *queue = submit->queue;
	struct tsr_job *job;

	if (sync_count <= TSR_JOB_FEW_SYNCS)
		job = kmem_cache_zalloc(tsr_job_cache, GFP_KERNEL_ACCOUNT);
	else
		job = kzalloc_flex(*job, sync, sync_count, GFP_KERNEL_ACCOUNT);
	if (!job)
		return NULL;
	job->sync_count = sync_count;
	job->fence = tsr_fence_alloc();
	if (!job->fence)
		goto err_job;
	if (drm_sched_job_init(&job->base, &queue->entity, 1, submit->file,
			       submit->file->client_id))
		goto err_fence;
	kref_get(&queue->ref);
	job->queue = queue;

	return job;

err_fence:
	tsr_fence_free(job->fence);
err_job:
	kfree(job);
	return NULL;
}

static int tsr_job_resolve_syncs(struct tsr_submit *submit, struct tsr_job *job,
				 const struct drm_tessera_array *array)
{
	struct drm_tessera_sync user;
	int ret = 0;
	u32 i;

	for (i = 0; i < array->count && !ret; i++) {
		ret = tsr_array_get(array, i, &user, sizeof(user));
		if (!ret)
			ret = tsr_sync_resolve(&job->sync[i], &user, submit->file, &submit->jobs);
	}

	return ret;
}

/* Which name of the program the device gets is decided when the job goes into the ring. */
static int tsr_job_resolve_program(struct tsr_submit *submit, struct tsr_job *job,
				   const struct drm_tessera_job *user)
{
	if (!(user->flags & DRM_TESSERA_JOB_SEALED))
		return 0;
	job->program = tsr_program_get(submit->file, user->program);
	if (!job->program)
		return -ENOENT;

	return tsr_program_is_of(job->program, submit->queue->vm) ? 0 : -EINVAL;
}

static void tsr_job_discard(struct tsr_job *job)
{
	drm_sched_job_cleanup(&job->base);
	tsr_job_free(job);
}

static int tsr_submit_add_job(struct tsr_submit *submit, u32 i)
{
	struct drm_tessera_job user;
	struct tsr_job *job;
	int ret;

	ret = tsr_array_get(submit->array, i, &user, sizeof(user));
	if (!ret)
		ret = tsr_job_check(submit->queue->tdev, &user);
	if (ret)
		return ret;
	submit->syncs += user.syncs.count;
	if (submit->syncs > TSR_SUBMIT_MAX_SYNCS)
		return -EINVAL;

	job = tsr_job_alloc(submit, user.syncs.count);
	if (!job)
		return -ENOMEM;
	tsr_job_describe(job, &user);
	ret = tsr_job_resolve_program(submit, job, &user);
	if (!ret)
		ret = tsr_job_resolve_syncs(submit, job, &user.syncs);
	if (ret) {
		tsr_job_discard(job);
		return ret;
	}
	list_add_tail(&job->link, &submit->jobs);

	return 0;
}

/* Changes at any time, but only towards failure. */
static int tsr_submit_status(struct tsr_queue *queue)
{
	int ret = tsr_device_status(queue->tdev);

	if (ret)
		return ret;
	if (READ_ONCE(queue->destroyed))
		return -ENOENT;

	return READ_ONCE(queue->state.flags) & DRM_TESSERA_QUEUE_FAILED ? -ECANCELED : 0;
}

/* True stays true while the queue's submit_lock is held: then the room can only grow. */
static bool tsr_submit_fits(struct tsr_submit *submit)
{
	struct tsr_queue *queue = submit->queue;
	u64 pending = READ_ONCE(queue->armed) - READ_ONCE(queue->finished);

	return pending + submit->array->count <= TSR_QUEUE_MAX_PENDING;
}

/*
 * Wait without a lock: other submitters, and whoever ends or destroys the queue, come first.
 * What ends a job, fails or destroys the queue or loses the device calls tsr_queue_wake().
 */
static int tsr_submit_wait_for_room(struct tsr_submit *submit)
{
	struct tsr_queue *queue = submit->queue;
	int ret;

	if (!submit->deadline_ns)
		return -EBUSY;
	ret = wait_event_interruptible_hrtimeout(queue->progress,
						 tsr_submit_status(queue) ||
						 tsr_submit_fits(submit),
						 tsr_queue_time_left(submit->deadline_ns));

	return ret == -ETIME ? -ETIMEDOUT : ret;
}

/* Tell userspace the jobs' numbers, before it is too late to fail. */
static int tsr_submit_report(struct tsr_submit *submit)
{
	struct drm_tessera_job __user *user;
	u32 i;

	for (i = 0; i < submit->array->count; i++) {
		user = tsr_array_at(submit->array, i);
		if (put_user(submit->queue->armed + 1 + i, &user->seq))
			return -EFAULT;
	}

	return 0;
}

static int tsr_submit_alloc_signals(struct tsr_submit *submit)
{
	submit->signals = submit->few;
	if (submit->syncs > ARRAY_SIZE(submit->few))
		submit->signals = kmalloc_array(submit->syncs, sizeof(*submit->signals),
						GFP_KERNEL_ACCOUNT);

	return submit->signals ? 0 : -ENOMEM;
}

static void tsr_submit_free_signals(struct tsr_submit *submit)
{
	if (submit->signals != submit->few)
		kfree(submit->signals);
}

static void tsr_submit_arm(struct tsr_submit *submit, struct tsr_job *job)
{
	struct tsr_queue *queue = job->queue;
	u32 i;

	drm_sched_job_arm(&job->base);
	job->number = queue->armed + 1;
	WRITE_ONCE(queue->armed, job->number);
	tsr_fence_init(job->fence, queue->fence_context, job->number);
	for (i = 0; i < job->sync_count; i++)
		submit->signal_count += tsr_sync_arm(&job->sync[i], job->fence,
						     &submit->signals[submit->signal_count]);
}

/* Under the lock of submissions, so that points of a timeline come in the order of jobs. */
static void tsr_submit_signal(struct tsr_submit *submit)
{
	u32 i;

	for (i = 0; i < submit->signal_count; i++) {
		tsr_sync_signal_when_done(&submit->signals[i]);
		cond_resched();
	}
}

static int tsr_submit_commit(struct tsr_submit *submit)
{
	struct tsr_queue *queue = submit->queue;
	struct tsr_vm_lock lock;
	struct tsr_job *job, *next;
	bool cookie;
	int ret;

	ret = tsr_vm_lock_objects(queue->vm, &lock);
	if (ret)
		return ret;

	/* Point of no return: fences become visible, so their jobs must be run. */
	cookie = dma_fence_begin_signalling();
	list_for_each_entry(job, &submit->jobs, link)
		tsr_submit_arm(submit, job);
	/* Of one timeline, the last fence stands for all. */
	job = list_last_entry(&submit->jobs, struct tsr_job, link);
	tsr_vm_add_fence(queue->vm, &lock, job->fence);
	/* A job may be over, and freed, as soon as it is pushed; or wait on a list of others. */
	list_for_each_entry_safe(job, next, &submit->jobs, link) {
		list_del_init(&job->link);
		drm_sched_entity_push_job(&job->base);
	}
	dma_fence_end_signalling(cookie);
	tsr_vm_unlock_objects(queue->vm, &lock);
	tsr_submit_signal(submit);

	return 0;
}

/* Return: 0, a negative errno, or 1 when there is no room. */
static int tsr_submit_try(struct tsr_submit *submit)
{
	struct tsr_queue *queue = submit->queue;
	int ret;

	mutex_lock(&queue->submit_lock);
	ret = tsr_submit_status(queue);
	if (!ret && !tsr_submit_fits(submit))
		ret = 1;
	if (!ret)
		ret = tsr_submit_report(submit);
	if (!ret)
		ret = tsr_submit_commit(submit);
	mutex_unlock(&queue->submit_lock);

	return ret;
}

static int tsr_submit_run(struct tsr_submit *submit)
{
	int ret;
	u32 i;

	for (i = 0; i < submit->array->count; i++) {
		ret = tsr_submit_add_job(submit, i);
		if (ret)
			return ret;
	}
	ret = tsr_submit_alloc_signals(submit);
	if (ret)
		return ret;
	do {
		ret = tsr_submit_try(submit);
		if (ret <= 0)
			return ret;
		ret = tsr_submit_wait_for_room(submit);
	} while (!ret);

	return ret;
}

/**
 * tsr_ioctl_submit() - SUBMIT
 * @drm: device
 * @data: &struct drm_tessera_submit
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_submit(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_submit *args = data;
	struct tsr_submit submit = {
		.file = file,
		.array = &args->jobs,
		.deadline_ns = args->deadline_ns,
		.jobs = LIST_HEAD_INIT(submit.jobs),
	};
	struct tsr_job *job, *next;
	int ret;

	if (args->flags || !args->jobs.count)
		return -EINVAL;
	ret = tsr_array_check(&args->jobs, DRM_TESSERA_JOB_SIZE_VER0, TSR_SUBMIT_MAX_JOBS);
	if (ret)
		return ret;
	submit.queue = tsr_queue_get(file, args->queue_id);
	if (!submit.queue)
		return -ENOENT;

	ret = tsr_submit_run(&submit);
	list_for_each_entry_safe(job, next, &submit.jobs, link)
		tsr_job_discard(job);
	tsr_submit_free_signals(&submit);
	tsr_queue_put(submit.queue);

	return ret;
}
