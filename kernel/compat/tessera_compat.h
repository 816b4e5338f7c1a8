/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Newest kernel interfaces on older kernels.
 *
 * The driver is written against the newest supported kernel. What an older one
 * lacks is supplied here, behind a HAVE_* macro named after the interface and
 * found out by compiling; never behind a version number.
 */
#ifndef TESSERA_COMPAT_H
#define TESSERA_COMPAT_H

#include <linux/uaccess.h>

#include <drm/drm_drv.h>
#include <drm/drm_gpuvm.h>
#include <drm/gpu_scheduler.h>

#include "config.h"

#ifdef HAVE_DRIVER_GEM_GPUVA
#define TSR_COMPAT_FEATURES	DRIVER_GEM_GPUVA
#else
#define TSR_COMPAT_FEATURES	0
#endif

#ifdef HAVE_DRM_DRIVER_DATE
#define TSR_COMPAT_DATE		.date = "20261123",
#else
#define TSR_COMPAT_DATE
#endif

/* Told always before it became a status. */
#ifndef HAVE_DRM_GEM_OBJECT_ACTIVE
#define DRM_GEM_OBJECT_ACTIVE	0
#endif

#ifndef HAVE_COPY_STRUCT_TO_USER
static inline int copy_struct_to_user(void __user *dst, size_t usize, const void *src,
				      size_t ksize, bool *ignored_trailing)
{
	size_t size = min(usize, ksize);

	if (usize > ksize && clear_user(dst + size, usize - size))
		return -EFAULT;
	if (ignored_trailing)
		*ignored_trailing = ksize > usize && memchr_inv(src + size, 0, ksize - size);

	return copy_to_user(dst, src, size) ? -EFAULT : 0;
}
#endif

#ifndef HAVE_DRM_GPUVM_MAP_REQ
struct drm_gpuvm_map_req {
	struct drm_gpuva_op_map map;
};

static inline int tsr_compat_sm_map(struct drm_gpuvm *gpuvm, void *priv,
				    const struct drm_gpuvm_map_req *req)
{
	return drm_gpuvm_sm_map(gpuvm, priv, req->map.va.addr, req->map.va.range,
				req->map.gem.obj, req->map.gem.offset);
}

#define drm_gpuvm_sm_map	tsr_compat_sm_map
#endif

#ifndef HAVE_DRM_GPUVM_BO_OBTAIN_LOCKED
#define drm_gpuvm_bo_obtain_locked	drm_gpuvm_bo_obtain
#endif

/**
 * tsr_compat_no_hang() - what &drm_sched_backend_ops.timedout_job returns for a job that lives on
 * @job: the job the scheduler took off its pending list
 *
 * Older schedulers leave putting the job back to the driver, and would never look
 * at it again if it finished meanwhile: start both of their works.
 *
 * Return: the status to return.
 */
static inline enum drm_gpu_sched_stat tsr_compat_no_hang(struct drm_sched_job *job)
{
#ifdef HAVE_DRM_GPU_SCHED_STAT_NO_HANG
	return DRM_GPU_SCHED_STAT_NO_HANG;
#else
	struct drm_gpu_scheduler *sched = job->sched;

	spin_lock(&sched->job_list_lock);
	list_add(&job->list, &sched->pending_list);
	spin_unlock(&sched->job_list_lock);
	drm_sched_wqueue_start(sched);

	return DRM_GPU_SCHED_STAT_NOMINAL;
#endif
}

#endif
