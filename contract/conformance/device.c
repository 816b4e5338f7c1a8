// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "device.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include <tessera_accel.h>

/* Bytes that golden vectors give a program, however short its stream. */
#define PROGRAM_BYTES	4096u
#define SLOTS_AT	0xe000u
/* Ends what hangs only. */
#define PATIENCE_S	300u

static int control(int fd, unsigned long request, void *argument)
{
	int ret;

	do {
		ret = ioctl(fd, request, argument);
	} while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : 0;
}

static int map_for_cpu(int fd, uint32_t handle, size_t size, uint8_t **map)
{
	struct drm_tessera_bo_mmap_offset where = { .handle = handle };
	int ret = control(fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &where);
	void *at;

	if (ret)
		return ret;
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)where.offset);
	if (at == MAP_FAILED)
		return -errno;
	*map = at;
	return 0;
}

static int make_range(struct device *device, uint64_t va, uint64_t size, uint32_t flags,
		      uint8_t **map)
{
	struct drm_tessera_bo_create bo = { .size = size, .exclusive_vm_id = device->vm };
	int ret = control(device->fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo);
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_MAP, .flags = flags, .va = va, .size = size,
	};
	struct drm_tessera_vm_bind bind = {
		.vm_id = device->vm, .ops = DRM_TESSERA_ARRAY(1, &op),
	};

	if (ret)
		return ret;
	op.bo_handle = bo.handle;
	ret = control(device->fd, DRM_IOCTL_TESSERA_VM_BIND, &bind);
	return ret ? ret : map_for_cpu(device->fd, bo.handle, size, map);
}

static int identify(struct device *device)
{
	struct drm_tessera_query_hw hw = { 0 };
	struct drm_tessera_dev_query query = {
		.type = DRM_TESSERA_QUERY_HW, .size = sizeof(hw), .pointer = (uintptr_t)&hw,
	};
	int ret = control(device->fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query);

	device->sku = hw.sku;
	return ret;
}

int device_open(struct device *device, const char *path)
{
	struct drm_tessera_vm_create vm = { 0 };
	int ret;

	memset(device, 0, sizeof(*device));
	device->fd = open(path, O_RDWR | O_CLOEXEC);
	if (device->fd < 0)
		return -errno;
	ret = identify(device);
	if (!ret)
		ret = control(device->fd, DRM_IOCTL_TESSERA_VM_CREATE, &vm);
	device->vm = vm.vm_id;
	if (!ret)
		ret = make_range(device, DEVICE_DATA_VA, DEVICE_DATA_SIZE,
				 DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_WRITE, &device->data);
	if (!ret)
		ret = make_range(device, DEVICE_PROGRAM_VA, DEVICE_PROGRAM_SIZE,
				 DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_FETCH, &device->program);
	return ret;
}

void device_close(struct device *device)
{
	if (device->data)
		munmap(device->data, DEVICE_DATA_SIZE);
	if (device->program)
		munmap(device->program, DEVICE_PROGRAM_SIZE);
	if (device->fd >= 0)
		close(device->fd);
}

/* Header, node, stream; the rest of the program are constants, all zero. */
static uint32_t write_program(uint8_t *at, const struct node_work *work)
{
	const uint32_t streams = sizeof(struct tsr_hw_program) + sizeof(struct tsr_hw_node);
	const uint32_t end = streams + ((uint32_t)work->stream_size + 63) / 64 * 64;
	struct tsr_hw_program header = {
		.magic = htole32(TSR_HW_PROGRAM_MAGIC),
		.version = htole16(TSR_HW_PROGRAM_VERSION),
		.header_size = htole16(sizeof(header)),
		.size = htole32(end < PROGRAM_BYTES ? PROGRAM_BYTES : end),
		.engines = htole32(1u << work->engine),
		.slot_count = htole32((uint32_t)(work->slots_size / sizeof(struct tsr_hw_slot))),
		.node_count = htole32(1),
		.nodes = htole32(sizeof(header)),
		.edges = htole32(streams),
		.streams = htole32(streams),
		.streams_size = htole32((uint32_t)work->stream_size),
		.constants = htole32(end),
		.constants_size = htole32(end < PROGRAM_BYTES ? PROGRAM_BYTES - end : 0),
	};
	const struct tsr_hw_node node = {
		.engine = (uint8_t)work->engine,
		.stream_size = htole32((uint32_t)work->stream_size),
	};
	uLong crc = crc32(0, (const Bytef *)&header, sizeof(header));

	header.checksum = htole32((uint32_t)crc32(crc, (const Bytef *)&node, sizeof(node)));
	memset(at, 0, DEVICE_PROGRAM_SIZE);
	memcpy(at, &header, sizeof(header));
	memcpy(at + sizeof(header), &node, sizeof(node));
	if (work->stream_size)
		memcpy(at + streams, work->stream, work->stream_size);
	return le32toh(header.size);
}

static uint64_t patience(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return ((uint64_t)now.tv_sec + PATIENCE_S) * 1000000000ull;
}

/* Return: 0 when the job has ended, or a negative errno. */
static int run_on(struct device *device, uint32_t queue, struct drm_tessera_job *job)
{
	struct drm_tessera_submit submit = {
		.queue_id = queue,
		.jobs = DRM_TESSERA_ARRAY(1, job),
		.deadline_ns = patience(),
	};
	struct drm_tessera_queue_wait wait = { .queue_id = queue, .deadline_ns = patience() };
	int ret = control(device->fd, DRM_IOCTL_TESSERA_SUBMIT, &submit);

	wait.seq = job->seq;
	return ret ? ret : control(device->fd, DRM_IOCTL_TESSERA_QUEUE_WAIT, &wait);
}

static int look_at(struct device *device, uint32_t queue, struct outcome *outcome)
{
	struct drm_tessera_queue_get_state state = { .queue_id = queue };
	int ret = control(device->fd, DRM_IOCTL_TESSERA_QUEUE_GET_STATE, &state);

	*outcome = (struct outcome){ state.device_error, state.node, state.address };
	return ret;
}

int device_run(struct device *device, const struct node_work *work, struct outcome *outcome)
{
	struct drm_tessera_queue_create queue = {
		.vm_id = device->vm, .priority = DRM_TESSERA_PRIORITY_NORMAL,
	};
	struct drm_tessera_job job = {
		.program = DEVICE_PROGRAM_VA,
		.slots = work->slots_size ? DEVICE_PROGRAM_VA + SLOTS_AT : 0,
		.slot_count = (uint32_t)(work->slots_size / sizeof(struct tsr_hw_slot)),
		.repeat = 1,
	};
	struct drm_tessera_queue_destroy destroy = { 0 };
	int ret;

	if (work->stream_size > SLOTS_AT / 2 || work->slots_size > DEVICE_PROGRAM_SIZE - SLOTS_AT)
		return -E2BIG;
	job.program_size = write_program(device->program, work);
	if (work->slots_size)
		memcpy(device->program + SLOTS_AT, work->slots, work->slots_size);
	ret = control(device->fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &queue);
	if (ret)
		return ret;
	ret = run_on(device, queue.queue_id, &job);
	if (!ret)
		ret = look_at(device, queue.queue_id, outcome);
	destroy.queue_id = queue.queue_id;
	control(device->fd, DRM_IOCTL_TESSERA_QUEUE_DESTROY, &destroy);
	return ret;
}
