// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "tsr_kselftest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <tsr_hw/command.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/version.h>

int tsr_ioctl(int fd, unsigned long request, void *arg)
{
	int ret;

	do {
		ret = ioctl(fd, request, arg);
	} while (ret == -1 && errno == EINTR);
	return ret == -1 ? -errno : ret;
}

static unsigned int npu;

void tsr_use_npu(unsigned int index)
{
	npu = index;
}

static bool pci_id_is(unsigned int bus, const char *file, unsigned int id)
{
	unsigned int value = 0;
	char path[64];
	FILE *stream;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/0000:%02x:00.0/%s", bus, file);
	stream = fopen(path, "re");
	if (!stream)
		return false;
	if (fscanf(stream, "%x", &value) != 1)
		value = 0;
	fclose(stream);
	return value == id;
}

bool tsr_pci_name(char *name, size_t size)
{
	unsigned int left = npu;

	for (unsigned int bus = 0; bus < 256; bus++) {
		if (!pci_id_is(bus, "vendor", TSR_HW_PCI_VENDOR) ||
		    !pci_id_is(bus, "device", TSR_HW_PCI_DEVICE) || left--)
			continue;
		snprintf(name, size, "0000:%02x:00.0", bus);
		return true;
	}
	return false;
}

int tsr_node(void)
{
	char name[32], path[128];

	if (!tsr_pci_name(name, sizeof(name)))
		return -ENOENT;
	for (int i = 0; i < 256; i++) {
		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/accel/accel%d", name, i);
		if (!access(path, F_OK))
			return i;
	}
	return -ENOENT;
}

int tsr_open(void)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/accel/accel%d", tsr_node());
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int tsr_bo_mmap_offset(int fd, uint32_t handle, uint64_t *offset)
{
	struct drm_tessera_bo_mmap_offset args = { .handle = handle };
	int ret = tsr_ioctl(fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &args);

	*offset = args.offset;
	return ret;
}

void *tsr_bo_mmap(int fd, uint32_t handle, uint64_t size)
{
	uint64_t offset;

	if (tsr_bo_mmap_offset(fd, handle, &offset))
		return MAP_FAILED;
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
}

int tsr_function_reset(void)
{
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/sys/class/accel/accel%d/device/reset", tsr_node());
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = write(fd, "1", 1) == 1 ? 0 : -errno;
	close(fd);
	return ret;
}

int tsr_bo_create(int fd, uint64_t size, uint32_t exclusive_vm, struct tsr_bo *bo)
{
	struct drm_tessera_bo_create args = { .size = size, .exclusive_vm_id = exclusive_vm };
	int ret = tsr_ioctl(fd, DRM_IOCTL_TESSERA_BO_CREATE, &args);

	if (ret)
		return ret;
	bo->handle = args.handle;
	bo->size = args.size;
	bo->map = tsr_bo_mmap(fd, args.handle, args.size);
	return bo->map == MAP_FAILED ? -errno : 0;
}

void tsr_bo_destroy(int fd, struct tsr_bo *bo)
{
	struct drm_gem_close args = { .handle = bo->handle };

	munmap(bo->map, bo->size);
	tsr_ioctl(fd, DRM_IOCTL_GEM_CLOSE, &args);
}

int tsr_vm_create(int fd, uint32_t *vm)
{
	struct drm_tessera_vm_create args = { 0 };
	int ret = tsr_ioctl(fd, DRM_IOCTL_TESSERA_VM_CREATE, &args);

	*vm = args.vm_id;
	return ret;
}

int tsr_vm_destroy(int fd, uint32_t vm)
{
	struct drm_tessera_vm_destroy args = { .vm_id = vm };

	return tsr_ioctl(fd, DRM_IOCTL_TESSERA_VM_DESTROY, &args);
}

int tsr_bind(int fd, uint32_t vm, struct drm_tessera_vm_bind_op *ops, uint32_t count)
{
	struct drm_tessera_vm_bind args = {
		.vm_id = vm,
		.ops = DRM_TESSERA_ARRAY(count, ops),
	};

	return tsr_ioctl(fd, DRM_IOCTL_TESSERA_VM_BIND, &args);
}

int tsr_map(int fd, uint32_t vm, uint32_t handle, uint64_t offset, uint64_t va, uint64_t size,
	    uint32_t flags)
{
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_MAP,
		.flags = flags,
		.bo_handle = handle,
		.bo_offset = offset,
		.va = va,
		.size = size,
	};

	return tsr_bind(fd, vm, &op, 1);
}

int tsr_unmap(int fd, uint32_t vm, uint64_t va, uint64_t size)
{
	struct drm_tessera_vm_bind_op op = {
		.op = DRM_TESSERA_BIND_UNMAP,
		.va = va,
		.size = size,
	};

	return tsr_bind(fd, vm, &op, 1);
}

int tsr_queue_create(int fd, uint32_t vm, uint32_t priority, uint32_t *queue)
{
	struct drm_tessera_queue_create args = { .vm_id = vm, .priority = priority };
	int ret = tsr_ioctl(fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args);

	*queue = args.queue_id;
	return ret;
}

int tsr_queue_destroy(int fd, uint32_t queue)
{
	struct drm_tessera_queue_destroy args = { .queue_id = queue };

	return tsr_ioctl(fd, DRM_IOCTL_TESSERA_QUEUE_DESTROY, &args);
}

int tsr_queue_state(int fd, uint32_t queue, struct drm_tessera_queue_get_state *state)
{
	memset(state, 0, sizeof(*state));
	state->queue_id = queue;
	return tsr_ioctl(fd, DRM_IOCTL_TESSERA_QUEUE_GET_STATE, state);
}

int tsr_query(int fd, uint32_t type, void *to, uint32_t size)
{
	struct drm_tessera_dev_query args = {
		.type = type, .size = size, .pointer = (uintptr_t)to,
	};

	return tsr_ioctl(fd, DRM_IOCTL_TESSERA_DEV_QUERY, &args);
}

uint64_t tsr_cycles_to_ns(int fd, uint64_t cycles)
{
	struct drm_tessera_query_hw hw = { 0 };

	if (tsr_query(fd, DRM_TESSERA_QUERY_HW, &hw, sizeof(hw)) || !hw.clock_khz)
		return 0;
	return (cycles * 1000000 + hw.clock_khz - 1) / hw.clock_khz;
}

uint32_t tsr_syncobj_create(int fd)
{
	struct drm_syncobj_create args = { 0 };

	return tsr_ioctl(fd, DRM_IOCTL_SYNCOBJ_CREATE, &args) ? 0 : args.handle;
}

void tsr_syncobj_destroy(int fd, uint32_t handle)
{
	struct drm_syncobj_destroy args = { .handle = handle };

	tsr_ioctl(fd, DRM_IOCTL_SYNCOBJ_DESTROY, &args);
}

int tsr_syncobj_signal(int fd, uint32_t handle)
{
	struct drm_syncobj_array args = {
		.handles = (uintptr_t)&handle,
		.count_handles = 1,
	};

	return tsr_ioctl(fd, DRM_IOCTL_SYNCOBJ_SIGNAL, &args);
}

static int64_t deadline(int timeout_ms)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ll + now.tv_nsec + timeout_ms * 1000000ll;
}

int tsr_syncobj_wait(int fd, uint32_t handle, uint64_t point, int timeout_ms)
{
	struct drm_syncobj_timeline_wait args = {
		.handles = (uintptr_t)&handle,
		.points = (uintptr_t)&point,
		.timeout_nsec = deadline(timeout_ms),
		.count_handles = 1,
	};

	return tsr_ioctl(fd, DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT, &args);
}

int tsr_fence_export(int fd, uint32_t handle)
{
	struct drm_syncobj_handle args = {
		.handle = handle,
		.flags = DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE,
	};
	int ret = tsr_ioctl(fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &args);

	return ret ? ret : args.fd;
}

int tsr_fence_status(int fence, int timeout_ms)
{
	struct pollfd wait = { .fd = fence, .events = POLLIN };
	struct sync_file_info info = { 0 };

	if (poll(&wait, 1, timeout_ms) < 0 || ioctl(fence, SYNC_IOC_FILE_INFO, &info))
		return -errno;
	return info.status;
}

int tsr_syncobj_status(int fd, uint32_t handle)
{
	int fence = tsr_fence_export(fd, handle);
	int ret;

	if (fence < 0)
		return fence;
	ret = tsr_fence_status(fence, 0);
	close(fence);
	return ret;
}

struct tsr_program *tsr_program_begin(void)
{
	struct tsr_program *program = calloc(1, sizeof(*program));

	if (!program)
		abort();
	return program;
}

void tsr_program_node(struct tsr_program *program, uint8_t engine, const void *command,
		      uint32_t size)
{
	struct tsr_hw_node *node = &program->node[program->header.node_count++];

	node->engine = engine;
	if (!size)
		return;
	if (size > sizeof(program->stream) - program->header.streams_size)
		abort();
	node->stream = program->header.streams_size;
	node->stream_size = size;
	memcpy(program->stream + program->header.streams_size, command, size);
	program->header.streams_size += size;
}

void tsr_program_nop(struct tsr_program *program)
{
	tsr_program_node(program, TSR_HW_ENGINE_NOP, NULL, 0);
}

void tsr_program_fill(struct tsr_program *program, uint16_t slot, uint64_t offset, uint32_t bytes,
		      uint8_t value)
{
	struct tsr_hw_fill fill = {
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fill) },
		.dst = { .slot = slot, .offset = offset },
		.size = bytes,
		.value = value,
		.width = 1,
	};

	tsr_program_node(program, TSR_HW_ENGINE_DMA, &fill, sizeof(fill));
}

void tsr_program_copy(struct tsr_program *program, uint16_t from, uint16_t to, uint32_t bytes)
{
	struct tsr_hw_copy copy = {
		.head = { .op = TSR_HW_OP_COPY, .size = sizeof(copy) },
		.src = { .slot = from },
		.dst = { .slot = to },
		.crc = { .slot = TSR_HW_SLOT_NONE },
		.size = bytes,
	};

	tsr_program_node(program, TSR_HW_ENGINE_DMA, &copy, sizeof(copy));
}

void tsr_program_edge(struct tsr_program *program, uint32_t from, uint32_t to)
{
	struct tsr_hw_node *node = &program->node[from];

	if (!node->succ_count)
		node->succ_first = program->header.edge_count;
	node->succ_count++;
	program->node[to].pred_count++;
	program->edge[program->header.edge_count++] = (uint16_t)to;
}

void tsr_program_loop(struct tsr_program *program, const struct tsr_hw_loop *loop, uint32_t body)
{
	struct tsr_hw_node *node = &program->node[program->header.node_count];

	if (program->header.loop_count == sizeof(program->loop) / sizeof(program->loop[0]))
		abort();
	tsr_program_node(program, TSR_HW_ENGINE_LOOP, NULL, 0);
	node->index = program->header.loop_count;
	node->body_count = body;
	program->loop[program->header.loop_count++] = *loop;
}

void tsr_program_parameter(struct tsr_program *program, uint32_t parameter, uint16_t slot,
			   uint64_t offset)
{
	struct tsr_hw_node *node = &program->node[program->header.node_count];

	tsr_program_node(program, TSR_HW_ENGINE_PARAMETER, NULL, 0);
	node->index = parameter;
	node->word_slot = slot;
	node->word_offset = offset;
}

uint16_t tsr_program_group(struct tsr_program *program, uint32_t resident, uint32_t ring)
{
	if (program->header.group_count == sizeof(program->group) / sizeof(program->group[0]))
		abort();
	program->group[program->header.group_count] = (struct tsr_hw_group){
		.grid = { 1, 1 }, .resident = resident, .ring = ring,
	};
	return (uint16_t)++program->header.group_count;
}

static void chain_nodes(struct tsr_program *program)
{
	if (program->header.edge_count)
		return;
	for (uint32_t i = 0; i + 1 < program->header.node_count; i++)
		tsr_program_edge(program, i, i + 1);
}

static uint32_t crc32(uint32_t crc, const void *from, size_t size)
{
	const uint8_t *byte = from;

	for (; size; size--) {
		crc ^= *byte++;
		for (int i = 0; i < 8; i++)
			crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return crc;
}

static uint32_t align64(uint32_t value)
{
	return (value + 63) & ~63u;
}

uint32_t tsr_program_end(struct tsr_program *program, uint32_t slots, void *at)
{
	struct tsr_hw_program *header = &program->header;
	uint32_t nodes_size, edges_size, loops_size, groups_size, crc;
	uint8_t *out = at;

	chain_nodes(program);
	nodes_size = header->node_count * (uint32_t)sizeof(program->node[0]);
	edges_size = header->edge_count * (uint32_t)sizeof(program->edge[0]);
	header->magic = TSR_HW_PROGRAM_MAGIC;
	header->version = TSR_HW_PROGRAM_VERSION;
	header->header_size = sizeof(*header);
	header->slot_count = slots;
	header->nodes = sizeof(*header);
	header->edges = header->nodes + nodes_size;
	loops_size = header->loop_count * (uint32_t)sizeof(program->loop[0]);
	header->loops = align64(header->edges + edges_size);
	groups_size = header->group_count * (uint32_t)sizeof(program->group[0]);
	header->groups = align64(header->loops + loops_size);
	header->streams = align64(header->groups + groups_size);
	header->constants = align64(header->streams + header->streams_size);
	header->size = header->constants;
	for (uint32_t i = 0; i < header->node_count; i++)
		header->engines |= 1u << program->node[i].engine;
	crc = crc32(~0u, header, sizeof(*header));
	crc = crc32(crc, program->node, nodes_size);
	crc = crc32(crc, program->edge, edges_size);
	crc = crc32(crc, program->loop, loops_size);
	header->checksum = ~crc32(crc, program->group, groups_size);

	memcpy(out, header, sizeof(*header));
	memcpy(out + header->nodes, program->node, nodes_size);
	memcpy(out + header->edges, program->edge, edges_size);
	memcpy(out + header->loops, program->loop, loops_size);
	memcpy(out + header->groups, program->group, groups_size);
	memcpy(out + header->streams, program->stream, header->streams_size);
	return header->size;
}

#define PROGRAM_ROOM	(TSR_VA_SLOTS - TSR_VA_PROGRAM)
#define PROGRAM_BO_SIZE	(PROGRAM_ROOM + 4096)

int tsr_context_open(struct tsr_context *context)
{
	int ret;

	memset(context, 0, sizeof(*context));
	context->fd = tsr_open();
	if (context->fd < 0)
		return context->fd;
	ret = tsr_vm_create(context->fd, &context->vm);
	if (!ret)
		ret = tsr_queue_create(context->fd, context->vm, DRM_TESSERA_PRIORITY_NORMAL,
				       &context->queue);
	if (!ret)
		ret = tsr_bo_create(context->fd, PROGRAM_BO_SIZE, context->vm, &context->program);
	if (!ret)
		ret = tsr_map(context->fd, context->vm, context->program.handle, 0,
			      TSR_VA_PROGRAM, PROGRAM_BO_SIZE,
			      DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_FETCH);
	return ret;
}

void tsr_context_close(struct tsr_context *context)
{
	munmap(context->program.map, context->program.size);
	close(context->fd);
}

void tsr_context_load_nops(struct tsr_context *context, unsigned int nodes)
{
	struct tsr_program *program = tsr_program_begin();

	while (nodes--)
		tsr_program_nop(program);
	context->slot_count = 0;
	context->program_size = tsr_program_end(program, 0, context->program.map);
	free(program);
}

static struct tsr_hw_slot *slots_of(struct tsr_context *context)
{
	return (void *)((char *)context->program.map + PROGRAM_ROOM);
}

void tsr_context_load_fill(struct tsr_context *context, uint64_t va, uint32_t bytes, uint8_t value)
{
	struct tsr_program *program = tsr_program_begin();

	slots_of(context)[0] = (struct tsr_hw_slot){
		.address = va, .size = bytes, .flags = TSR_HW_SLOT_WRITE,
	};
	tsr_program_fill(program, 0, 0, bytes, value);
	context->slot_count = 1;
	context->program_size = tsr_program_end(program, 1, context->program.map);
	free(program);
}

void tsr_context_load_copy(struct tsr_context *context, uint64_t from, uint64_t to, uint32_t bytes)
{
	struct tsr_program *program = tsr_program_begin();

	slots_of(context)[0] = (struct tsr_hw_slot){
		.address = from, .size = bytes, .flags = TSR_HW_SLOT_READ,
	};
	slots_of(context)[1] = (struct tsr_hw_slot){
		.address = to, .size = bytes, .flags = TSR_HW_SLOT_WRITE,
	};
	tsr_program_copy(program, 0, 1, bytes);
	context->slot_count = 2;
	context->program_size = tsr_program_end(program, 2, context->program.map);
	free(program);
}

static struct tsr_hw_tensor row(uint16_t slot, uint8_t type, uint64_t offset, uint32_t elements)
{
	return (struct tsr_hw_tensor){
		.slot = slot,
		.type = type,
		.rank = 1,
		.offset = offset,
		.dim = { elements },
		.stride = { 1 },
	};
}

/* MOVE of bytes by a node of a group. */
static void add_move(struct tsr_program *program, uint16_t group, uint16_t from, uint16_t to,
		     uint32_t bytes)
{
	const struct tsr_hw_move move = {
		.head = { .op = TSR_HW_OP_MOVE, .size = sizeof(move) },
		.x = row(from, TSR_HW_TYPE_UINT8, 0, bytes),
		.d = row(to, TSR_HW_TYPE_UINT8, 0, bytes),
		.step = { .block = { bytes } },
	};

	program->node[program->header.node_count].group = group;
	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &move, sizeof(move));
}

void tsr_context_load_group(struct tsr_context *context, uint64_t va, uint32_t bytes,
			    uint32_t resident)
{
	struct tsr_program *program = tsr_program_begin();
	uint16_t group = tsr_program_group(program, resident, 4096);

	slots_of(context)[0] = (struct tsr_hw_slot){
		.address = va, .size = bytes, .flags = TSR_HW_SLOT_READ,
	};
	slots_of(context)[1] = (struct tsr_hw_slot){
		.address = va + bytes, .size = bytes, .flags = TSR_HW_SLOT_WRITE,
	};
	add_move(program, group, 0, TSR_HW_SLOT_SCRATCHPAD, bytes);
	add_move(program, group, TSR_HW_SLOT_SCRATCHPAD, 1, bytes);
	context->slot_count = 2;
	context->program_size = tsr_program_end(program, 2, context->program.map);
	free(program);
}

void tsr_context_load_gather(struct tsr_context *context, uint64_t va, uint32_t bytes)
{
	struct tsr_program *program = tsr_program_begin();
	struct tsr_hw_gather gather = {
		.head = { .op = TSR_HW_OP_GATHER, .size = sizeof(gather) },
		.x = row(0, TSR_HW_TYPE_UINT8, 64, bytes),
		.index = row(0, TSR_HW_TYPE_INT32, 0, 1),
		.d = row(1, TSR_HW_TYPE_UINT8, 128, 1),
		.step = { .block = { 1 } },
	};

	slots_of(context)[0] = (struct tsr_hw_slot){
		.address = va, .size = 128, .flags = TSR_HW_SLOT_READ,
	};
	slots_of(context)[1] = (struct tsr_hw_slot){
		.address = va, .size = 129, .flags = TSR_HW_SLOT_WRITE,
	};
	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &gather, sizeof(gather));
	context->slot_count = 2;
	context->program_size = tsr_program_end(program, 2, context->program.map);
	free(program);
}

/* [@a, @b, @size, @size], dense with its dimension @inner of these two innermost. */
static struct tsr_hw_tensor square(uint16_t slot, uint32_t a, uint32_t b, uint32_t size, int inner)
{
	return (struct tsr_hw_tensor){
		.slot = slot,
		.type = TSR_HW_TYPE_FP32,
		.rank = 4,
		.dim = { a, b, size, size },
		.stride = { inner ? a * b * size * size : 1, inner ? 1 : a, size * a * b, a * b },
	};
}

static struct tsr_hw_slot operand(uint64_t va, uint32_t elements, uint32_t flags)
{
	return (struct tsr_hw_slot){
		.address = va, .size = elements * sizeof(float), .flags = flags,
	};
}

void tsr_context_load_conv(struct tsr_context *context, uint32_t channels, uint32_t size,
			   uint64_t x, uint64_t w, uint64_t d)
{
	const struct tsr_hw_tensor none = { .slot = TSR_HW_SLOT_NONE };
	const struct tsr_hw_quant plain = { .scale = none, .zeros = none };
	const struct tsr_hw_window window = {
		.kernel = 2, .stride = 1, .dilation = 1, .input_dilation = 1,
	};
	struct tsr_program *program = tsr_program_begin();
	struct tsr_hw_conv conv = {
		.head = { .op = TSR_HW_OP_CONV, .size = sizeof(conv) },
		.x = square(0, 1, channels, size, 1),
		.w = square(1, channels, channels, 2, 0),
		.d = square(2, 1, channels, size - 1, 1),
		.qx = plain,
		.qw = plain,
		.blocks = { .bm = 2, .bn = 32, .bk = 4 * channels, .bg = 1 },
		.window = { window, window },
		.groups = 1,
		.dims = 2,
	};

	slots_of(context)[0] = operand(x, channels * size * size, TSR_HW_SLOT_READ);
	slots_of(context)[1] = operand(w, 4 * channels * channels, TSR_HW_SLOT_READ);
	slots_of(context)[2] = operand(d, channels * size * size, TSR_HW_SLOT_WRITE);
	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &conv, sizeof(conv));
	context->slot_count = 3;
	context->program_size = tsr_program_end(program, 3, context->program.map);
	free(program);
}

struct drm_tessera_job tsr_context_job(const struct tsr_context *context)
{
	return (struct drm_tessera_job){
		.program = TSR_VA_PROGRAM,
		.program_size = context->program_size,
		.slots = context->slot_count ? TSR_VA_SLOTS : 0,
		.slot_count = context->slot_count,
		.repeat = 1,
	};
}

int tsr_context_seal_object(struct tsr_context *context)
{
	struct drm_tessera_bo_seal args = { .handle = context->program.handle };

	munmap(context->program.map, context->program.size);
	context->program.map = NULL;
	return tsr_ioctl(context->fd, DRM_IOCTL_TESSERA_BO_SEAL, &args);
}

int tsr_context_seal(const struct tsr_context *context, uint32_t *id)
{
	struct drm_tessera_program_seal args = {
		.va = TSR_VA_PROGRAM, .size = context->program_size, .vm_id = context->vm,
	};
	int ret = tsr_ioctl(context->fd, DRM_IOCTL_TESSERA_PROGRAM_SEAL, &args);

	*id = args.program_id;
	return ret;
}

int tsr_context_unseal(const struct tsr_context *context, uint32_t id)
{
	struct drm_tessera_program_unseal args = { .program_id = id };

	return tsr_ioctl(context->fd, DRM_IOCTL_TESSERA_PROGRAM_UNSEAL, &args);
}

struct drm_tessera_job tsr_context_sealed_job(const struct tsr_context *context, uint32_t id)
{
	struct drm_tessera_job job = tsr_context_job(context);

	job.program = id;
	job.program_size = 0;
	job.flags = DRM_TESSERA_JOB_SEALED;
	return job;
}

int tsr_submit(int fd, uint32_t queue, struct drm_tessera_job *jobs, uint32_t count)
{
	struct drm_tessera_submit args = {
		.queue_id = queue,
		.jobs = DRM_TESSERA_ARRAY(count, jobs),
	};

	return tsr_ioctl(fd, DRM_IOCTL_TESSERA_SUBMIT, &args);
}

int tsr_context_submit(struct tsr_context *context, struct drm_tessera_sync *syncs, uint32_t count)
{
	struct drm_tessera_job job = tsr_context_job(context);

	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(count, syncs);
	return tsr_submit(context->fd, context->queue, &job, 1);
}

int tsr_context_run(struct tsr_context *context)
{
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL,
		.handle = tsr_syncobj_create(context->fd),
	};
	int ret = tsr_context_submit(context, &sync, 1);

	if (!ret)
		ret = tsr_syncobj_wait(context->fd, sync.handle, 0, TSR_HANG_MS);
	if (!ret) {
		ret = tsr_syncobj_status(context->fd, sync.handle);
		ret = ret == 1 ? 0 : ret;
	}
	tsr_syncobj_destroy(context->fd, sync.handle);
	return ret;
}

long long tsr_fdinfo(int fd, const char *key)
{
	size_t length = strlen(key);
	long long value = -1;
	char line[256];
	FILE *file;

	snprintf(line, sizeof(line), "/proc/self/fdinfo/%d", fd);
	file = fopen(line, "re");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, key, length) && line[length] == ':')
			value = atoll(line + length + 1);
	fclose(file);
	return value;
}

int tsr_log_open(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0 && lseek(log, 0, SEEK_END) < 0) {
		close(log);
		return -EIO;
	}
	return log < 0 ? -errno : log;
}

static bool has_all(const char *line, const char *const *part)
{
	while (*part && strstr(line, *part))
		part++;
	return !*part;
}

/* A read gives a record; -EPIPE when some were lost. */
unsigned int tsr_log_count(int log, const char *const *part)
{
	unsigned int count = 0;
	char line[8192];
	ssize_t got;

	while ((got = read(log, line, sizeof(line) - 1)) > 0 || errno == EPIPE) {
		line[got > 0 ? got : 0] = 0;
		count += has_all(line, part);
	}
	return count;
}

static ssize_t read_line(int fd, char *line, size_t size)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t have = 0;
	ssize_t got;

	while (have < size - 1 && poll(&wait, 1, TSR_HANG_MS) > 0) {
		got = read(fd, line + have, 1);
		if (got <= 0 || line[have] == '\n')
			break;
		have++;
	}
	line[have] = 0;
	return (ssize_t)have;
}

bool tsr_control(const char *line, char *reply, size_t size)
{
	char answer[8192], path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/virtio-ports/tessera.npu%u.control", npu);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (dprintf(fd, "%s\n", line) < 0 || read_line(fd, answer, sizeof(answer)) <= 0) {
		close(fd);
		return false;
	}
	close(fd);
	if (reply)
		snprintf(reply, size, "%s", answer);
	return strstr(answer, "\"ok\":true") || strstr(answer, "\"ok\": true");
}

/* A number in the answer to a line, or -1. */
static long long control_number(const char *line, const char *name)
{
	char reply[8192], key[64], *at;

	if (!tsr_control(line, reply, sizeof(reply)))
		return -1;
	snprintf(key, sizeof(key), "\"%s\":", name);
	at = strstr(reply, key);
	return at ? strtoll(at + strlen(key), NULL, 10) : -1;
}

void tsr_await_engine(void)
{
	while (control_number("status", "engines_busy") < 1)
		usleep(1000);
}

void tsr_await_fault(void)
{
	char reply[8192];

	while (!tsr_control("status", reply, sizeof(reply)) || !strstr(reply, "\"armed\":false"))
		usleep(1000);
}

long long tsr_counter(const char *name)
{
	return control_number("counters", name);
}

long long tsr_counter_used(const char *name, int (*run)(void *of), void *of)
{
	long long least = -1, before, used;

	for (unsigned int i = 0; i < 3; i++) {
		before = tsr_counter(name);
		if (run(of))
			return -1;
		used = tsr_counter(name) - before;
		if (least < 0 || used < least)
			least = used;
	}
	return least;
}
