// SPDX-License-Identifier: MIT
#include "harness.h"

#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <json-c/json.h>

#include <tsr_hw/base.h>
#include <tsr_hw/registers.h>

#include "log.h"
#include "process.h"
#include "register/doorbell.h"
#include "soc/device.h"
#include "surface/surface.h"
#include "test_image.h"
#include "vfu/tests/client.h"
#include "vfu/vfu.h"

#define DEFAULT_MEMORY (64u << 20)
#define PAGE 4096u
#define PCI_EXP_CAP_SEARCH_END 0x100

struct harness {
	struct harness_options options;
	uint8_t key_hash[32];
	char sku[512];
	char state[64];
	bool own_state;
	struct device *device;
	struct process *process;
	int fd;
	int server_fd;
	pthread_t thread;
	int memory_fd;
	char *memory;
	size_t used;
	int irq_fd[2];
};

void sleep_ms(unsigned int ms)
{
	const struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

static void *serve(void *arg)
{
	struct harness *h = arg;

	vfu_serve(device_vfu(h->device), h->server_fd);
	return NULL;
}

bool harness_map(struct harness *h)
{
	struct client_reply reply;
	struct vfu_dma_map map = {
		.argsz = sizeof(map),
		.flags = 3,
		.address = HARNESS_MEMORY_BASE,
		.size = h->options.memory,
	};

	return client_call_fds(h->fd, VFU_CMD_DMA_MAP, &map, sizeof(map), &h->memory_fd, 1,
			       &reply) && !(reply.header.flags & VFU_FLAG_ERROR);
}

bool harness_unmap(struct harness *h)
{
	struct client_reply reply;
	struct vfu_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.address = HARNESS_MEMORY_BASE,
		.size = h->options.memory,
	};

	return client_call(h->fd, VFU_CMD_DMA_UNMAP, &unmap, sizeof(unmap), &reply) &&
	       !(reply.header.flags & VFU_FLAG_ERROR);
}

static bool set_irq(struct harness *h, unsigned int vector)
{
	struct client_reply reply;
	struct vfu_irq_set set = {
		.argsz = sizeof(set),
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		.index = h->options.single_vector ? VFIO_PCI_MSI_IRQ_INDEX :
						    VFIO_PCI_MSIX_IRQ_INDEX,
		.start = vector,
		.count = 1,
	};

	return client_call_fds(h->fd, VFU_CMD_SET_IRQS, &set, sizeof(set), &h->irq_fd[vector],
			       1, &reply) && !(reply.header.flags & VFU_FLAG_ERROR);
}

void harness_bus_master(struct harness *h, bool on)
{
	client_write(h->fd, VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND, 2,
		     PCI_COMMAND_MEMORY | (on ? PCI_COMMAND_MASTER : 0));
}

static bool open_connection(struct harness *h)
{
	int fds[2];

	if (h->process) {
		h->fd = process_connect(h->process, "npu");
		return h->fd >= 0;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return false;
	h->fd = fds[0];
	h->server_fd = fds[1];
	return !pthread_create(&h->thread, NULL, serve, h);
}

static bool connect_client(struct harness *h)
{
	unsigned int vectors = h->options.single_vector ? 1 : 2;

	if (!open_connection(h) || !client_negotiate(h->fd) || !harness_map(h))
		return false;
	for (unsigned int i = 0; i < vectors; i++)
		if (!set_irq(h, i))
			return false;
	harness_bus_master(h, true);
	return harness_wait_state(h, TSR_HW_STATE_RESET);
}

static void disconnect_client(struct harness *h)
{
	close(h->fd);
	if (!h->process)
		pthread_join(h->thread, NULL);
}

bool harness_reconnect(struct harness *h)
{
	disconnect_client(h);
	return connect_client(h);
}

static bool start_process(struct harness *h)
{
	static const char *const single[] = { "--single-vector", NULL };
	const struct process_options options = {
		.hardened = h->options.hardened,
		.sku = h->options.sku,
		.state = h->state,
		.extra = h->options.single_vector ? single : h->options.arguments,
	};

	h->process = process_start(&options);
	return h->process && connect_client(h);
}

static bool power_on(struct harness *h)
{
	const struct device_config config = {
		.surface = test_surface,
		.sku_path = h->options.sku,
		.state_path = h->state,
		.key_hash = h->key_hash,
		.single_vector = h->options.single_vector,
		.unkind = h->options.unkind,
		.local_mib = h->options.local_mib,
	};
	char error[512];

	if (h->options.process)
		return start_process(h);
	if (device_create(&config, &h->device, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		h->device = NULL;
		return false;
	}
	return !device_start(h->device) && connect_client(h);
}

static void power_off(struct harness *h)
{
	if (!h->device && !h->process)
		return;
	disconnect_client(h);
	device_destroy(h->device);
	h->device = NULL;
	if (h->process && process_end(h->process))
		abort();
	h->process = NULL;
}

bool harness_power_cycle(struct harness *h)
{
	power_off(h);
	return power_on(h);
}

static bool make_memory(struct harness *h)
{
	h->memory_fd = memfd_create("guest", MFD_CLOEXEC);
	if (h->memory_fd < 0 || ftruncate(h->memory_fd, (off_t)h->options.memory))
		return false;
	h->memory = mmap(NULL, h->options.memory, PROT_READ | PROT_WRITE, MAP_SHARED,
			 h->memory_fd, 0);
	h->used = 0;
	return h->memory != MAP_FAILED;
}

static bool make_state_name(struct harness *h)
{
	int fd;

	if (h->options.state) {
		snprintf(h->state, sizeof(h->state), "%s", h->options.state);
		return true;
	}
	strcpy(h->state, "/tmp/vnpu-state-XXXXXX");
	fd = mkstemp(h->state);
	if (fd < 0)
		return false;
	close(fd);
	h->own_state = true;
	return unlink(h->state) == 0;
}

struct harness *harness_open(const struct harness_options *options)
{
	struct harness *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	vnpu_log_setup("test", VNPU_LOG_ERROR);
	h->options = *options;
	snprintf(h->sku, sizeof(h->sku), "%s", options->sku ? options->sku :
		 VNPU_SKUS "/edge.json");
	h->options.sku = h->sku;
	if (!h->options.memory)
		h->options.memory = DEFAULT_MEMORY;
	if (options->key_hash)
		memcpy(h->key_hash, options->key_hash, sizeof(h->key_hash));
	else
		test_key_hash(h->key_hash);
	for (int i = 0; i < 2; i++)
		h->irq_fd[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (make_memory(h) && make_state_name(h) && power_on(h))
		return h;
	harness_close(h);
	return NULL;
}

void harness_close(struct harness *h)
{
	if (!h)
		return;
	power_off(h);
	if (h->own_state)
		unlink(h->state);
	munmap(h->memory, h->options.memory);
	close(h->memory_fd);
	for (int i = 0; i < 2; i++)
		close(h->irq_fd[i]);
	free(h);
}

struct process *harness_process(struct harness *h)
{
	return h->process;
}

struct device *harness_device(struct harness *h)
{
	return h->device;
}

bool harness_access(struct harness *h, unsigned int bar, uint64_t offset, unsigned int size,
		    bool write, uint64_t *val)
{
	if (write)
		return client_write(h->fd, bar, offset, size, *val) == 0;
	return client_read(h->fd, bar, offset, size, val) == 0;
}

uint32_t harness_read32(struct harness *h, uint64_t offset)
{
	uint64_t val = 0;

	client_read(h->fd, TSR_HW_BAR_REGS, offset, 4, &val);
	return (uint32_t)val;
}

void harness_write32(struct harness *h, uint64_t offset, uint32_t val)
{
	client_write(h->fd, TSR_HW_BAR_REGS, offset, 4, val);
}

void harness_write64(struct harness *h, uint64_t offset, uint64_t val)
{
	harness_write32(h, offset, (uint32_t)val);
	harness_write32(h, offset + 4, val >> 32);
}

void harness_doorbell(struct harness *h, unsigned int page, uint32_t index)
{
	struct {
		struct vfu_region_access access;
		uint32_t val;
	} payload = {
		.access = {
			.offset = (uint64_t)page << DOORBELL_STRIDE_LOG2,
			.region = TSR_HW_BAR_DOORBELLS,
			.count = sizeof(payload.val),
		},
		.val = index,
	};
	struct vfu_header header = client_header(VFU_CMD_REGION_WRITE,
						 sizeof(payload.access) + sizeof(payload.val));

	header.flags |= VFU_FLAG_NO_REPLY;
	client_send(h->fd, &header, &payload, NULL, 0);
}

uint64_t harness_alloc(struct harness *h, size_t size)
{
	uint64_t bus = HARNESS_MEMORY_BASE + h->used;

	size = (size + PAGE - 1) & ~(size_t)(PAGE - 1);
	if (size > h->options.memory - h->used)
		return 0;
	memset(h->memory + h->used, 0, size);
	h->used += size;
	return bus;
}

void *harness_at(struct harness *h, uint64_t bus)
{
	return h->memory + (bus - HARNESS_MEMORY_BASE);
}

void harness_free_all(struct harness *h)
{
	h->used = 0;
}

/* Offset of the PCI Express capability. */
static uint64_t find_express(struct harness *h)
{
	uint64_t at = 0;
	uint64_t head;

	client_read(h->fd, VFIO_PCI_CONFIG_REGION_INDEX, PCI_CAPABILITY_LIST, 1, &at);
	while (at && at < PCI_EXP_CAP_SEARCH_END) {
		client_read(h->fd, VFIO_PCI_CONFIG_REGION_INDEX, at, 2, &head);
		if ((head & 0xff) == PCI_CAP_ID_EXP)
			return at;
		at = head >> 8;
	}
	return 0;
}

void harness_flr(struct harness *h)
{
	client_write(h->fd, VFIO_PCI_CONFIG_REGION_INDEX, find_express(h) + PCI_EXP_DEVCTL, 2,
		     PCI_EXP_DEVCTL_BCR_FLR);
	harness_bus_master(h, true);
}

bool harness_reset(struct harness *h)
{
	harness_write32(h, TSR_HW_REG_CONTROL, TSR_HW_CONTROL_RESET);
	return harness_wait_state(h, TSR_HW_STATE_RESET);
}

unsigned int harness_state(struct harness *h)
{
	return harness_read32(h, TSR_HW_REG_STATUS) & TSR_HW_STATUS_STATE;
}

bool harness_wait_state(struct harness *h, unsigned int state)
{
	for (int ms = 0; ms < HARNESS_HANG_MS; ms++) {
		if (harness_state(h) == state)
			return true;
		sleep_ms(1);
	}
	return false;
}

static bool take_irq(struct harness *h, unsigned int vector, int timeout_ms)
{
	struct pollfd fd = { .fd = h->irq_fd[vector], .events = POLLIN };
	uint64_t count;

	if (poll(&fd, 1, timeout_ms) <= 0)
		return false;
	return read(h->irq_fd[vector], &count, sizeof(count)) == sizeof(count);
}

bool harness_wait_irq(struct harness *h, unsigned int vector)
{
	return take_irq(h, vector, HARNESS_HANG_MS);
}

bool harness_take_irq(struct harness *h, unsigned int vector)
{
	return take_irq(h, vector, 0);
}

unsigned int harness_boot(struct harness *h, const void *image, size_t size,
			  uint64_t boot_block)
{
	uint64_t at = harness_alloc(h, size);
	unsigned int state;

	memcpy(harness_at(h, at), image, size);
	harness_write64(h, TSR_HW_REG_FW_ADDR_LO, at);
	harness_write32(h, TSR_HW_REG_FW_SIZE, (uint32_t)size);
	harness_write64(h, TSR_HW_REG_BOOT_BLOCK_LO, boot_block);
	harness_write32(h, TSR_HW_REG_BOOT_GO, 1);
	while ((state = harness_state(h)) == TSR_HW_STATE_ROM)
		sleep_ms(1);
	return state;
}

char *harness_reply(struct harness *h, enum control_role role, const char *line, int fd)
{
	char copy[256];
	struct control_request request = { role, copy, fd };
	char *text;

	snprintf(copy, sizeof(copy), "%s", line);
	text = h->process ? process_command(h->process, role, line, fd) :
			    control_execute(h->device, &request);
	if (request.fd >= 0)
		close(request.fd);
	return text;
}

static struct json_object *execute(struct harness *h, const char *line, int fd)
{
	char *text = harness_reply(h, CONTROL_HOST, line, fd);
	struct json_object *reply = text ? json_tokener_parse(text) : NULL;

	free(text);
	return reply;
}

static bool asleep(struct harness *h)
{
	struct json_object *reply = execute(h, "status", -1);
	struct json_object *val;
	bool yes = json_object_object_get_ex(reply, "asleep", &val) &&
		   json_object_get_boolean(val);

	json_object_put(reply);
	return yes;
}

bool harness_settle(struct harness *h)
{
	/* Bells are posted writes: the answer of a read tells that they have arrived. */
	harness_read32(h, TSR_HW_REG_ID);
	for (int ms = 0; ms < HARNESS_HANG_MS; ms++) {
		if (asleep(h))
			return true;
		sleep_ms(1);
	}
	return false;
}

static bool command(struct harness *h, const char *line, int fd)
{
	struct json_object *reply = execute(h, line, fd);
	struct json_object *ok;
	bool good = json_object_object_get_ex(reply, "ok", &ok) && json_object_get_boolean(ok);

	json_object_put(reply);
	return good;
}

bool harness_command(struct harness *h, const char *line)
{
	return command(h, line, -1);
}

bool harness_record(struct harness *h, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	return command(h, "record start", fd);
}

uint64_t harness_counter(struct harness *h, const char *name)
{
	struct json_object *reply = execute(h, "counters", -1);
	struct json_object *val;
	uint64_t number = UINT64_MAX;

	if (json_object_object_get_ex(reply, name, &val))
		number = json_object_get_uint64(val);
	json_object_put(reply);
	return number;
}
