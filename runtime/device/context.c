// SPDX-License-Identifier: MIT
/* An address space with a job queue. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <tsr_hw/mmu.h>

#include "tessera_accel.h"

#include "context.h"
#include "device.h"
#include "job.h"
#include "queue.h"
#include "transfer.h"
#include "va.h"
#include "../error.h"
#include "../include/tessera.h"
#include "../options.h"

struct tsr_context {
	struct tsr_device *device;
	uint32_t vm;
	pthread_mutex_t va_lock;	/* va */
	struct tsr_va *va;
	struct tsr_queue queue;
	struct tsr_job_pool jobs;
	struct tsr_transfer transfer;
	bool local;
};

static int create_vm(struct tsr_context *context)
{
	struct drm_tessera_vm_create create = { 0 };
	int error;

	error = tsr_ioctl(context->device, DRM_IOCTL_TESSERA_VM_CREATE, &create,
			  "create an address space");
	if (error)
		return error;
	context->vm = create.vm_id;
	context->va = tsr_va_create(create.user_va_start, create.user_va_end);
	return context->va ? 0 : tsr_fail(-ENOMEM, "out of memory");
}

static void destroy_vm(struct tsr_context *context)
{
	struct drm_tessera_vm_destroy destroy = { .vm_id = context->vm };

	if (context->vm)
		tsr_ioctl_quiet(context->device, DRM_IOCTL_TESSERA_VM_DESTROY, &destroy);
	tsr_va_destroy(context->va);
}

int tsr_context_create(struct tsr_device *device, const struct tsr_context_options *options,
		       struct tsr_context **context)
{
	struct tsr_context_options given;
	struct tsr_context *made;
	int error;

	*context = NULL;
	error = TSR_OPTIONS_READ(tsr_context_options, &given, options);
	if (error)
		return error;
	made = calloc(1, sizeof(*made));
	if (!made)
		return tsr_fail(-ENOMEM, "out of memory");
	made->device = device;
	error = create_vm(made);
	if (!error)
		error = tsr_queue_create(&made->queue, device, made->vm, &given);
	if (error) {
		destroy_vm(made);
		free(made);
		return error;
	}
	pthread_mutex_init(&made->va_lock, NULL);
	tsr_job_pool_init(&made->jobs, made);
	tsr_transfer_init(&made->transfer, made);
	made->local = given.local;
	*context = made;
	return 0;
}

/*
 * The queue goes first: then nothing runs that could use the memory of jobs. In a child of
 * the process all but the handle itself stays: locks and lists may be in any state there.
 */
void tsr_context_destroy(struct tsr_context *context)
{
	if (!context)
		return;
	if (tsr_device_is_own(context->device)) {
		tsr_queue_destroy(&context->queue);
		tsr_transfer_destroy(&context->transfer);
		tsr_job_pool_destroy(&context->jobs);
		pthread_mutex_destroy(&context->va_lock);
		destroy_vm(context);
	}
	free(context);
}

int tsr_context_state(struct tsr_context *context, struct tsr_context_state *state)
{
	return tsr_queue_state(&context->queue, state);
}

struct tsr_device *tsr_context_device(const struct tsr_context *context)
{
	return context->device;
}

uint32_t tsr_context_vm(const struct tsr_context *context)
{
	return context->vm;
}

struct tsr_queue *tsr_context_queue(struct tsr_context *context)
{
	return &context->queue;
}

struct tsr_job_pool *tsr_context_jobs(struct tsr_context *context)
{
	return &context->jobs;
}

struct tsr_transfer *tsr_context_transfer(struct tsr_context *context)
{
	return &context->transfer;
}

bool tsr_context_local(const struct tsr_context *context)
{
	return context->local;
}

static struct drm_tessera_vm_bind bind_of(const struct tsr_context *context,
					  struct drm_tessera_vm_bind_op *op)
{
	return (struct drm_tessera_vm_bind){
		.vm_id = context->vm,
		.ops = DRM_TESSERA_ARRAY(1, op),
	};
}

/* A range belongs to its taker alone until it is given back, so no lock is held over VM_BIND. */
static uint64_t take_range(struct tsr_context *context, size_t size)
{
	/* Large buffers on a 2 MiB boundary can be mapped by large leaves. */
	uint64_t align = size >= TSR_HW_BLOCK_SIZE ? TSR_HW_BLOCK_SIZE : TSR_HW_PAGE_SIZE, address;

	pthread_mutex_lock(&context->va_lock);
	address = tsr_va_take(context->va, size, align);
	pthread_mutex_unlock(&context->va_lock);
	return address;
}

static void give_range(struct tsr_context *context, uint64_t address, size_t size)
{
	pthread_mutex_lock(&context->va_lock);
	tsr_va_give(context->va, address, size);
	pthread_mutex_unlock(&context->va_lock);
}

int tsr_context_map(struct tsr_context *context, uint32_t handle, size_t size,
		    enum tsr_access access, uint64_t *address)
{
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_MAP, .flags = access, .bo_handle = handle, .size = size,
	};
	struct drm_tessera_vm_bind bind = bind_of(context, &op);
	int error;

	op.va = take_range(context, size);
	if (!op.va)
		return tsr_fail(-ENOSPC, "no room for %zu bytes in the NPU's address space", size);
	error = tsr_ioctl(context->device, DRM_IOCTL_TESSERA_VM_BIND, &bind, "map a buffer");
	if (error)
		give_range(context, op.va, size);
	else
		*address = op.va;
	return error;
}

int tsr_context_map_again(struct tsr_context *context, uint32_t handle, size_t size,
			  enum tsr_access access, uint64_t address)
{
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_MAP, .flags = access, .bo_handle = handle, .size = size,
		.va = address,
	};
	struct drm_tessera_vm_bind bind = bind_of(context, &op);

	return tsr_ioctl_quiet(context->device, DRM_IOCTL_TESSERA_VM_BIND, &bind);
}

void tsr_context_unmap(struct tsr_context *context, uint64_t address, size_t size)
{
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_UNMAP, .va = address, .size = size,
	};
	struct drm_tessera_vm_bind bind = bind_of(context, &op);

	/* Only a device that is gone refuses; then the address does no harm. */
	tsr_ioctl_quiet(context->device, DRM_IOCTL_TESSERA_VM_BIND, &bind);
	give_range(context, address, size);
}
