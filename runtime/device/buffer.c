// SPDX-License-Identifier: MIT
/* Buffer objects: memory that CPU and NPU share, mapped on both sides, or the NPU's own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <drm.h>

#include "tessera_accel.h"

#include "context.h"
#include "device.h"
#include "transfer.h"
#include "../error.h"
#include "../include/tessera.h"

struct tsr_buffer {
	struct tsr_context *context;
	uint32_t handle;
	size_t size;
	uint64_t address;
	enum tsr_access access;
	bool local;
	void *data;	/* NULL in local memory, and once it is sealed */
};

static int create_bo(struct tsr_buffer *buffer, size_t size, bool local)
{
	struct drm_tessera_bo_create create = {
		.size = size,
		.flags = local ? DRM_TESSERA_BO_LOCAL : 0,
		/* So that a submission costs the same however many buffers there are. */
		.exclusive_vm_id = tsr_context_vm(buffer->context),
	};
	int error;

	error = tsr_ioctl(tsr_context_device(buffer->context), DRM_IOCTL_TESSERA_BO_CREATE,
			  &create, local ? "create a buffer in local memory" : "create a buffer");
	buffer->handle = create.handle;
	buffer->size = create.size;
	return error;
}

static void close_bo(struct tsr_buffer *buffer)
{
	struct drm_gem_close close = { .handle = buffer->handle };

	tsr_ioctl_quiet(tsr_context_device(buffer->context), DRM_IOCTL_GEM_CLOSE, &close);
}

/* A child of this process gets no mapping: it has no business with the NPU's memory. */
static int keep_from_children(struct tsr_buffer *buffer)
{
	int error;

	if (!madvise(buffer->data, buffer->size, MADV_DONTFORK))
		return 0;
	error = tsr_fail(-errno, "cannot keep a buffer from children: %s", strerror(errno));
	munmap(buffer->data, buffer->size);
	return error;
}

static int map_cpu(struct tsr_buffer *buffer)
{
	struct tsr_device *device = tsr_context_device(buffer->context);
	struct drm_tessera_bo_mmap_offset offset = { .handle = buffer->handle };
	int error;

	error = tsr_ioctl(device, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &offset, "map a buffer");
	if (error)
		return error;
	buffer->data = mmap(NULL, buffer->size, PROT_READ | PROT_WRITE, MAP_SHARED,
			    tsr_device_fd(device), (off_t)offset.offset);
	if (buffer->data == MAP_FAILED)
		return tsr_fail(-errno, "cannot map a buffer of %zu bytes: %s", buffer->size,
				strerror(errno));
	return keep_from_children(buffer);
}

static void unmap_cpu_of(struct tsr_buffer *buffer)
{
	if (buffer->data)
		munmap(buffer->data, buffer->size);
}

int tsr_buffer_create_access(struct tsr_context *context, size_t size, enum tsr_access access,
			     bool local, struct tsr_buffer **buffer)
{
	struct tsr_buffer *made = calloc(1, sizeof(*made));
	int error;

	*buffer = NULL;
	if (!made)
		return tsr_fail(-ENOMEM, "out of memory");
	made->context = context;
	made->access = access;
	made->local = local;
	error = create_bo(made, size, local);
	if (error)
		goto free_buffer;
	error = local ? 0 : map_cpu(made);
	if (error)
		goto close_object;
	error = tsr_context_map(context, made->handle, made->size, access, &made->address);
	if (error)
		goto unmap_cpu;
	*buffer = made;
	return 0;

unmap_cpu:
	unmap_cpu_of(made);
close_object:
	close_bo(made);
free_buffer:
	free(made);
	return error;
}

int tsr_buffer_create(struct tsr_context *context, size_t size, struct tsr_buffer **buffer)
{
	return tsr_buffer_create_access(context, size, TSR_ACCESS_DATA, false, buffer);
}

int tsr_buffer_create_local(struct tsr_context *context, size_t size, struct tsr_buffer **buffer)
{
	return tsr_buffer_create_access(context, size, TSR_ACCESS_DATA, true, buffer);
}

int tsr_buffer_seal(struct tsr_buffer *buffer)
{
	struct drm_tessera_bo_seal seal = { .handle = buffer->handle };
	int error;

	/* Any mapping that could write forbids it. */
	unmap_cpu_of(buffer);
	buffer->data = NULL;
	error = tsr_ioctl_quiet(tsr_context_device(buffer->context), DRM_IOCTL_TESSERA_BO_SEAL,
				&seal);
	/* A mapping made after the seal tells the device of it; the one before does as well. */
	if (!error)
		tsr_context_map_again(buffer->context, buffer->handle, buffer->size,
				      buffer->access, buffer->address);
	return error;
}

void tsr_buffer_destroy(struct tsr_buffer *buffer)
{
	if (!buffer)
		return;
	/* In a child of the owner something else may lie where the mapping was. */
	if (tsr_device_is_own(tsr_context_device(buffer->context))) {
		tsr_context_unmap(buffer->context, buffer->address, buffer->size);
		unmap_cpu_of(buffer);
		close_bo(buffer);
	}
	free(buffer);
}

void *tsr_buffer_data(struct tsr_buffer *buffer)
{
	return tsr_device_check(tsr_context_device(buffer->context)) ? NULL : buffer->data;
}

size_t tsr_buffer_size(const struct tsr_buffer *buffer)
{
	return buffer->size;
}

static int check_range(const struct tsr_buffer *buffer, size_t offset, size_t size)
{
	int error = tsr_device_check(tsr_context_device(buffer->context));

	if (error)
		return error;
	if (offset <= buffer->size && size <= buffer->size - offset)
		return 0;
	return tsr_fail(-EINVAL, "%zu bytes at offset %zu are not in a buffer of %zu", size,
			offset, buffer->size);
}

/* A program is mapped for reading: a mapping that lasts for the copy alone can write. */
static int write_local(struct tsr_buffer *buffer, size_t offset, const void *data, size_t size)
{
	struct tsr_transfer *transfer = tsr_context_transfer(buffer->context);
	uint64_t address;
	int error;

	if (buffer->access == TSR_ACCESS_DATA)
		return tsr_transfer_in(transfer, buffer->address + offset, data, size);
	error = tsr_context_map(buffer->context, buffer->handle, buffer->size, TSR_ACCESS_DATA,
				&address);
	if (error)
		return error;
	error = tsr_transfer_in(transfer, address + offset, data, size);
	tsr_context_unmap(buffer->context, address, buffer->size);
	return error;
}

int tsr_buffer_write(struct tsr_buffer *buffer, size_t offset, const void *data, size_t size)
{
	int error = check_range(buffer, offset, size);

	if (error)
		return error;
	if (buffer->local)
		return write_local(buffer, offset, data, size);
	if (size)
		memcpy((char *)buffer->data + offset, data, size);
	return 0;
}

int tsr_buffer_read(struct tsr_buffer *buffer, size_t offset, void *data, size_t size)
{
	int error = check_range(buffer, offset, size);

	if (error)
		return error;
	if (buffer->local)
		return tsr_transfer_out(tsr_context_transfer(buffer->context),
					buffer->address + offset, data, size);
	if (size)
		memcpy(data, (const char *)buffer->data + offset, size);
	return 0;
}

uint64_t tsr_buffer_address(const struct tsr_buffer *buffer)
{
	return buffer->address;
}

struct tsr_context *tsr_buffer_context(const struct tsr_buffer *buffer)
{
	return buffer->context;
}
