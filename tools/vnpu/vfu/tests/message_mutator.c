// SPDX-License-Identifier: MIT
#include "message_mutator.h"

#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <string.h>

#include "device.h"
#include "fuzz_message.h"
#include "vfu/protocol.h"

#define MAX_MESSAGE 1024
#define MESSAGES_PER_INPUT 40
#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX

/**
 * struct draft - a message before it becomes a record
 * @bytes: header and payload
 * @size: how many
 * @fd_count: descriptors to attach
 * @fd_kind: enum fuzz_fd
 */
struct draft {
	_Alignas(8) uint8_t bytes[MAX_MESSAGE];
	size_t size;
	unsigned int fd_count;
	unsigned int fd_kind;
};

static uint32_t random_u32(struct mutator *m)
{
	m->random ^= m->random >> 12;
	m->random ^= m->random << 25;
	m->random ^= m->random >> 27;
	return (uint32_t)((m->random * 0x2545f4914f6cdd1dull) >> 32);
}

static uint32_t below(struct mutator *m, uint32_t limit)
{
	return (uint32_t)((uint64_t)random_u32(m) * limit >> 32);
}

static struct vfu_header *header_of(struct draft *d)
{
	return (struct vfu_header *)(void *)d->bytes;
}

static void begin(struct draft *d, uint16_t command)
{
	memset(d, 0, sizeof(*d));
	d->size = sizeof(struct vfu_header);
	header_of(d)->command = command;
}

static void append(struct draft *d, const void *bytes, size_t size)
{
	memcpy(d->bytes + d->size, bytes, size);
	d->size += size;
}

/* The header's size field, once all is there. */
static void finish(struct draft *d)
{
	header_of(d)->size = (uint32_t)d->size;
}

static void make_version(struct mutator *m, struct draft *d)
{
	static const char caps[] =
		"{\"capabilities\":{\"max_msg_fds\":16,\"write_multiple\":true}}";
	const struct vfu_version version = { 0 };

	(void)m;
	begin(d, VFU_CMD_VERSION);
	append(d, &version, sizeof(version));
	append(d, caps, sizeof(caps));
}

static void make_info(struct mutator *m, struct draft *d)
{
	const struct vfu_device_info device = { .argsz = sizeof(device) };
	struct vfu_region_info region = { .argsz = sizeof(region) };
	struct vfu_irq_info irq = { .argsz = sizeof(irq) };

	switch (below(m, 3)) {
	case 0:
		begin(d, VFU_CMD_GET_INFO);
		append(d, &device, sizeof(device));
		break;
	case 1:
		region.index = below(m, VFIO_PCI_NUM_REGIONS);
		begin(d, VFU_CMD_GET_REGION_INFO);
		append(d, &region, sizeof(region));
		break;
	default:
		irq.index = below(m, VFIO_PCI_NUM_IRQS);
		begin(d, VFU_CMD_GET_IRQ_INFO);
		append(d, &irq, sizeof(irq));
		break;
	}
}

static void make_set_irqs(struct mutator *m, struct draft *d)
{
	struct vfu_irq_set set = {
		.argsz = sizeof(set), .index = VFIO_PCI_MSIX_IRQ_INDEX,
		.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_NONE,
	};
	const uint8_t chosen[DEVICE_VECTORS] = { 1, 0, 1 };
	uint32_t kind = below(m, 4);

	if (kind < 2) {
		set.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD;
		set.start = below(m, DEVICE_VECTORS);
		set.count = 1 + below(m, DEVICE_VECTORS - set.start);
	} else if (kind == 2) {
		set.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_BOOL;
		set.count = 1 + below(m, DEVICE_VECTORS);
		set.argsz += set.count;
	}
	begin(d, VFU_CMD_SET_IRQS);
	append(d, &set, sizeof(set));
	if (kind < 2)
		d->fd_count = set.count;
	if (kind == 2)
		append(d, chosen, set.count);
}

static struct vfu_region_access random_access(struct mutator *m)
{
	static const uint32_t regions[] = { 0, 0, 2, 4, CONFIG };
	struct vfu_region_access access = { .count = 1u << below(m, 4) };

	access.region = regions[below(m, 5)];
	access.offset = below(m, 0x2000) & ~(access.count - 1);
	if (access.region == CONFIG)
		access.offset &= 0xff8;
	return access;
}

static void make_read(struct mutator *m, struct draft *d)
{
	struct vfu_region_access access = random_access(m);

	begin(d, VFU_CMD_REGION_READ);
	append(d, &access, sizeof(access));
}

static void make_write(struct mutator *m, struct draft *d)
{
	struct vfu_region_access access = random_access(m);
	uint64_t val = random_u32(m);

	begin(d, VFU_CMD_REGION_WRITE);
	append(d, &access, sizeof(access));
	append(d, &val, access.count);
	if (below(m, 2))
		header_of(d)->flags = VFU_FLAG_NO_REPLY;
}

static void make_multi(struct mutator *m, struct draft *d)
{
	uint64_t n = 1 + below(m, 8), i;

	begin(d, VFU_CMD_REGION_WRITE_MULTI);
	append(d, &n, sizeof(n));
	for (i = 0; i < n; i++) {
		struct vfu_region_access access = random_access(m);
		struct vfu_multi_write write = {
			.offset = access.offset, .region = access.region, .count = access.count,
		};

		append(d, &write, sizeof(write));
	}
}

static void make_dma_map(struct mutator *m, struct draft *d)
{
	struct vfu_dma_map map = {
		.argsz = sizeof(map), .flags = 1 + below(m, 3), .offset = 4096 * below(m, 16),
		.address = 4096ull * below(m, 256), .size = 4096 * (1 + below(m, 16)),
	};

	begin(d, VFU_CMD_DMA_MAP);
	append(d, &map, sizeof(map));
	d->fd_count = below(m, 4) != 0;
	d->fd_kind = FUZZ_FD_MEMORY;
}

static void make_dma_unmap(struct mutator *m, struct draft *d)
{
	struct vfu_dma_unmap unmap = {
		.argsz = sizeof(unmap), .address = 4096ull * below(m, 256),
		.size = 4096ull * (1 + below(m, 64)),
	};

	if (below(m, 8) == 0) {
		unmap.flags = VFIO_DMA_UNMAP_FLAG_ALL;
		unmap.address = 0;
		unmap.size = 0;
	}
	begin(d, VFU_CMD_DMA_UNMAP);
	append(d, &unmap, sizeof(unmap));
}

static void make_reset(struct mutator *m, struct draft *d)
{
	(void)m;
	begin(d, VFU_CMD_RESET);
}

static void make_bus_master(struct mutator *m, struct draft *d)
{
	const struct vfu_region_access access = {
		.region = CONFIG, .offset = PCI_COMMAND, .count = 2,
	};
	const uint16_t command = PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY;

	(void)m;
	begin(d, VFU_CMD_REGION_WRITE);
	append(d, &access, sizeof(access));
	append(d, &command, sizeof(command));
}

static void make_random(struct mutator *m, struct draft *d)
{
	uint32_t words = below(m, 32), word;

	begin(d, (uint16_t)random_u32(m));
	while (words--) {
		word = random_u32(m);
		append(d, &word, sizeof(word));
	}
}

static void make_valid(struct mutator *m, struct draft *d)
{
	static void (*const makers[])(struct mutator *, struct draft *) = {
		make_info, make_set_irqs, make_set_irqs, make_read, make_write, make_multi,
		make_dma_map, make_dma_map, make_dma_unmap, make_reset, make_bus_master,
		make_bus_master, make_random,
	};

	makers[below(m, sizeof(makers) / sizeof(*makers))](m, d);
	finish(d);
}

static uint64_t interesting(struct mutator *m)
{
	static const uint64_t values[] = {
		0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 0x7f, 0x80, 0xff, 0xfff, 0x1000, 0x1001,
		0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
		0x8000000000000000, 0xfffffffffffff000, 0xffffffffffffffff,
	};

	return values[below(m, sizeof(values) / sizeof(*values))];
}

static void flip_bits(struct mutator *m, struct draft *d)
{
	unsigned int count = 1 + below(m, 4);

	while (count--)
		d->bytes[below(m, (uint32_t)d->size)] ^= (uint8_t)(1u << below(m, 8));
}

static void replace_field(struct mutator *m, struct draft *d)
{
	uint32_t size = 1u << (1 + below(m, 3));
	uint32_t at = below(m, (uint32_t)d->size) & ~(size - 1);
	uint64_t val = interesting(m);

	if (at + size <= d->size)
		memcpy(d->bytes + at, &val, size);
}

static void lie_about_size(struct mutator *m, struct draft *d)
{
	if (below(m, 2))
		header_of(d)->size = (uint32_t)interesting(m);
	else
		header_of(d)->size += below(m, 64) - 32;
}

static void truncate_bytes(struct mutator *m, struct draft *d)
{
	d->size = below(m, (uint32_t)d->size + 1);
}

/* Shorter or longer, and honest about it. */
static void resize_payload(struct mutator *m, struct draft *d)
{
	d->size = sizeof(struct vfu_header) + below(m, MAX_MESSAGE - sizeof(struct vfu_header));
	finish(d);
}

static void change_command(struct mutator *m, struct draft *d)
{
	uint32_t known = 2 + below(m, VFU_CMD_COUNT + 2);

	/* A second VERSION would end the conversation. */
	header_of(d)->command = (uint16_t)(below(m, 4) ? known : random_u32(m) | 0x8000);
}

static void change_flags(struct mutator *m, struct draft *d)
{
	header_of(d)->flags = below(m, 2) ? 1u << below(m, 32) : random_u32(m);
}

static void change_fds(struct mutator *m, struct draft *d)
{
	d->fd_count = below(m, FUZZ_MAX_FDS + 1);
	d->fd_kind = below(m, FUZZ_FD_KINDS);
}

/* What may not break up the stream: the server finds the next message behind this one. */
static void mutate(struct mutator *m, struct draft *d)
{
	static void (*const mutations[])(struct mutator *, struct draft *) = {
		flip_bits, flip_bits, replace_field, replace_field, replace_field, replace_field,
		resize_payload, change_command, change_flags, change_fds, change_fds,
	};
	unsigned int count = 1 + below(m, 2);

	m->mutated++;
	while (count--)
		mutations[below(m, sizeof(mutations) / sizeof(*mutations))](m, d);
	header_of(d)->flags &= ~VFU_FLAG_TYPE;
	finish(d);
}

/* What ends the conversation, sooner or later. */
static void mutate_framing(struct mutator *m, struct draft *d)
{
	static void (*const mutations[])(struct mutator *, struct draft *) = {
		lie_about_size, truncate_bytes, flip_bits, change_flags,
	};

	m->mutated++;
	mutations[below(m, sizeof(mutations) / sizeof(*mutations))](m, d);
}

static void put_record(struct mutator *m, const struct draft *d)
{
	uint8_t *at = m->input + m->size;

	if (m->size + FUZZ_RECORD_HEADER + d->size > sizeof(m->input))
		return;
	at[0] = (uint8_t)(d->fd_count | d->fd_kind << 5);
	at[1] = (uint8_t)d->size;
	at[2] = (uint8_t)(d->size >> 8);
	memcpy(at + FUZZ_RECORD_HEADER, d->bytes, d->size);
	m->size += FUZZ_RECORD_HEADER + d->size;
}

static void put_version(struct mutator *m)
{
	struct draft d;

	make_version(m, &d);
	finish(&d);
	if (below(m, 16) == 0)
		mutate(m, &d);
	put_record(m, &d);
}

static void put_message(struct mutator *m, void (*change)(struct mutator *, struct draft *))
{
	struct draft d;

	make_valid(m, &d);
	if (change)
		change(m, &d);
	put_record(m, &d);
	if (below(m, 32) == 0)
		put_record(m, &d);
}

void mutator_next(struct mutator *m)
{
	unsigned int count = 1 + below(m, MESSAGES_PER_INPUT);

	m->size = 0;
	put_version(m);
	while (count--)
		put_message(m, below(m, 3) ? mutate : NULL);
	if (below(m, 8) == 0)
		put_version(m);
	for (count = 0; count < 3; count++)
		put_message(m, mutate_framing);
}
