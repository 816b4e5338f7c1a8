// SPDX-License-Identifier: MIT
/* An address space with a job queue. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <abi/mmu.h>

#include "tessera_accel.h"

#include "device.h"
#include "va.h"
#include "../error.h"
#include "../include/tessera.h"

struct tsr_context {
	struct tsr_device *device;
	struct tsr_va *va;
	uint32_t vm;
	uint32_t queue;
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

	tsr_ioctl_quiet(context->device, DRM_IOCTL_TESSERA_VM_DESTROY, &destroy);
	tsr_va_destroy(context->va);
}

static int create_queue(struct tsr_context *context, const struct tsr_context_options *options)
{
	struct drm_tessera_queue_create create = {
		.vm_id = context->vm,
		.priority = options && options->priority ? options->priority - 1 :
			    DRM_TESSERA_PRIORITY_NORMAL,
		.budget_ns = options ? options->budget_ns : 0,
	};
	int error;

	error = tsr_ioctl(context->device, DRM_IOCTL_TESSERA_QUEUE_CREATE, &create,
			  "create a job queue");
	context->queue = create.queue_id;
	return error;
}

static void destroy_queue(struct tsr_context *context)
{
	struct drm_tessera_queue_destroy destroy = { .queue_id = context->queue };

	tsr_ioctl_quiet(context->device, DRM_IOCTL_TESSERA_QUEUE_DESTROY, &destroy);
}

int tsr_context_create(struct tsr_device *device, const struct tsr_context_options *options,
		       struct tsr_context **context)
{
	struct tsr_context *made = calloc(1, sizeof(*made));
	int error;

	*context = NULL;
	if (!made)
		return tsr_fail(-ENOMEM, "out of memory");
	made->device = device;
	error = create_vm(made);
	if (error)
		goto free_context;
	error = create_queue(made, options);
	if (error)
		goto free_vm;
	*context = made;
	return 0;

free_vm:
	destroy_vm(made);
free_context:
	free(made);
	return error;
}

void tsr_context_destroy(struct tsr_context *context)
{
	if (!context)
		return;
	destroy_queue(context);
	destroy_vm(context);
	free(context);
}

int tsr_context_state(struct tsr_context *context, struct tsr_context_state *state)
{
	struct drm_tessera_queue_get_state get = { .queue_id = context->queue };
	int error;

	error = tsr_ioctl(context->device, DRM_IOCTL_TESSERA_QUEUE_GET_STATE, &get,
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

struct tsr_device *tsr_context_device(const struct tsr_context *context)
{
	return context->device;
}

uint32_t tsr_context_queue(const struct tsr_context *context)
{
	return context->queue;
}

static int bind_one(struct tsr_context *context, struct drm_tessera_vm_bind_op *op,
		    const char *what)
{
	struct drm_tessera_vm_bind bind = {
		.vm_id = context->vm,
		.ops = DRM_TESSERA_ARRAY(1, op),
	};

	return tsr_ioctl(context->device, DRM_IOCTL_TESSERA_VM_BIND, &bind, what);
}

int tsr_context_map(struct tsr_context *context, uint32_t handle, size_t size,
		    enum tsr_access access, uint64_t *address)
{
	/* Large buffers on a 2 MiB boundary can be mapped by large leaves. */
	uint64_t align = size >= TSR_BLOCK_SIZE ? TSR_BLOCK_SIZE : TSR_PAGE_SIZE;
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_MAP, .flags = access, .bo_handle = handle, .size = size,
	};
	int error;

	op.va = tsr_va_take(context->va, size, align);
	if (!op.va)
		return tsr_fail(-ENOSPC, "no room for %zu bytes in the NPU's address space", size);
	error = bind_one(context, &op, "map a buffer");
	if (error)
		tsr_va_give(context->va, op.va, size);
	else
		*address = op.va;
	return error;
}

void tsr_context_unmap(struct tsr_context *context, uint64_t address, size_t size)
{
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_UNMAP, .va = address, .size = size,
	};

	/* Only a device that is gone refuses; then the address does no harm. */
	bind_one(context, &op, "unmap a buffer");
	tsr_va_give(context->va, address, size);
}
