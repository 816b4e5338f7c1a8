// SPDX-License-Identifier: MIT
#include "npu.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/sync_file.h>
#include <xf86drm.h>

#define ALIGNMENT	0x200000ull
#define WAIT_SECONDS	60

noreturn void die(const char *format, ...)
{
	int error = errno;
	va_list args;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	if (error)
		fprintf(stderr, ": %s", strerror(error));
	fputc('\n', stderr);
	exit(1);
}

static void query_limits(struct npu *npu)
{
	struct drm_tessera_query_limits limits = { 0 };
	struct drm_tessera_dev_query query = {
		.type = DRM_TESSERA_QUERY_LIMITS,
		.size = sizeof(limits),
		.pointer = (uintptr_t)&limits,
	};

	if (drmIoctl(npu->fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query))
		die("DEV_QUERY of the limits");
	npu->max_pending = limits.max_pending;
}

static void create_vm(struct npu *npu)
{
	struct drm_tessera_vm_create vm = { 0 };

	if (drmIoctl(npu->fd, DRM_IOCTL_TESSERA_VM_CREATE, &vm))
		die("VM_CREATE");
	npu->vm = vm.vm_id;
	npu->next_va = (vm.user_va_start + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

static void create_queue(struct npu *npu)
{
	struct drm_tessera_queue_create queue = {
		.vm_id = npu->vm,
		.priority = DRM_TESSERA_PRIORITY_NORMAL,
	};

	if (drmIoctl(npu->fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &queue))
		die("QUEUE_CREATE");
	npu->queue = queue.queue_id;
}

void npu_open(struct npu *npu, const char *path)
{
	npu->fd = open(path, O_RDWR | O_CLOEXEC);
	if (npu->fd < 0)
		die("%s cannot be opened (is tessera.ko loaded?)", path);
	query_limits(npu);
	create_vm(npu);
	create_queue(npu);
}

void npu_close(struct npu *npu)
{
	struct drm_tessera_queue_destroy queue = { .queue_id = npu->queue };
	struct drm_tessera_vm_destroy vm = { .vm_id = npu->vm };

	if (drmIoctl(npu->fd, DRM_IOCTL_TESSERA_QUEUE_DESTROY, &queue))
		die("QUEUE_DESTROY");
	if (drmIoctl(npu->fd, DRM_IOCTL_TESSERA_VM_DESTROY, &vm))
		die("VM_DESTROY");
	close(npu->fd);
}

static void create_bo(const struct npu *npu, struct npu_buffer *buffer, size_t size)
{
	struct drm_tessera_bo_create create = { .size = size, .exclusive_vm_id = npu->vm };

	if (drmIoctl(npu->fd, DRM_IOCTL_TESSERA_BO_CREATE, &create))
		die("BO_CREATE of %zu bytes", size);
	buffer->handle = create.handle;
	buffer->size = create.size;
}

static void map_bo(const struct npu *npu, struct npu_buffer *buffer, int prot)
{
	struct drm_tessera_bo_mmap_offset map = { .handle = buffer->handle };

	if (drmIoctl(npu->fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &map))
		die("BO_MMAP_OFFSET");
	buffer->data = mmap(NULL, buffer->size, prot, MAP_SHARED, npu->fd, (off_t)map.offset);
	if (buffer->data == MAP_FAILED)
		die("mmap of %zu bytes", buffer->size);
}

static void bind_bo(const struct npu *npu, const struct npu_buffer *buffer, uint32_t access)
{
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_MAP,
		.flags = access,
		.bo_handle = buffer->handle,
		.va = buffer->va,
		.size = buffer->size,
	};
	struct drm_tessera_vm_bind bind = {
		.vm_id = npu->vm,
		.ops = DRM_TESSERA_ARRAY(1, &op),
	};

	if (drmIoctl(npu->fd, DRM_IOCTL_TESSERA_VM_BIND, &bind))
		die("VM_BIND");
}

void npu_buffer(struct npu *npu, struct npu_buffer *buffer, size_t size, uint32_t access)
{
	create_bo(npu, buffer, size);
	map_bo(npu, buffer, PROT_READ | PROT_WRITE);
	buffer->va = npu->next_va;
	npu->next_va += (buffer->size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	bind_bo(npu, buffer, access);
}

void npu_buffer_seal(const struct npu *npu, struct npu_buffer *buffer, uint32_t access)
{
	struct drm_tessera_bo_seal seal = { .handle = buffer->handle };

	munmap(buffer->data, buffer->size);
	if (drmIoctl(npu->fd, DRM_IOCTL_TESSERA_BO_SEAL, &seal))
		die("BO_SEAL");
	bind_bo(npu, buffer, access);
	map_bo(npu, buffer, PROT_READ);
}

uint32_t npu_syncobj(const struct npu *npu, int signalled)
{
	uint32_t handle;

	if (drmSyncobjCreate(npu->fd, signalled ? DRM_SYNCOBJ_CREATE_SIGNALED : 0, &handle))
		die("SYNCOBJ_CREATE");
	return handle;
}

void npu_syncobj_free(const struct npu *npu, uint32_t handle)
{
	if (drmSyncobjDestroy(npu->fd, handle))
		die("SYNCOBJ_DESTROY");
}

/* A syncobj only says that its fence has signalled; the fence's error is in a sync_file. */
static int fence_status(const struct npu *npu, uint32_t handle)
{
	struct sync_file_info info = { 0 };
	int fd;

	if (drmSyncobjExportSyncFile(npu->fd, handle, &fd))
		die("SYNCOBJ_HANDLE_TO_FD");
	if (drmIoctl(fd, SYNC_IOC_FILE_INFO, &info))
		die("SYNC_IOC_FILE_INFO");
	close(fd);
	return info.status;
}

void npu_wait(const struct npu *npu, uint32_t handle)
{
	int64_t deadline = (int64_t)now_ns() + WAIT_SECONDS * 1000000000ll;
	int status;

	if (drmSyncobjWait(npu->fd, &handle, 1, deadline, 0, NULL))
		die("a job did not end within %d s", WAIT_SECONDS);
	status = fence_status(npu, handle);
	if (status != 1) {
		errno = -status;
		die("a job failed");
	}
}
