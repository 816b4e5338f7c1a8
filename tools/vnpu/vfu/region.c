// SPDX-License-Identifier: MIT
/* Reads and writes of BARs and configuration space. */
#include "region.h"

#include <errno.h>
#include <linux/vfio.h>
#include <string.h>

#include "dispatch.h"
#include "server.h"

uint64_t vfu_region_size(const struct vfu *vfu, uint32_t region)
{
	switch (region) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return vfu->config.bar0_size;
	case VFIO_PCI_BAR2_REGION_INDEX:
		return vfu->config.bar2_size;
	case MSIX_BAR:
		return vfu->config.irq_mode == VFU_IRQ_MSIX ? MSIX_BAR_SIZE : 0;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return PCI_CONFIG_SIZE;
	default:
		return 0;
	}
}

/* An access of a register BAR is one naturally aligned word. */
static bool is_register_access(uint64_t offset, uint32_t count)
{
	return (count == 1 || count == 2 || count == 4 || count == 8) &&
	       !(offset & (count - 1));
}

_Static_assert(PCI_CONFIG_SIZE <= VFU_PROTOCOL_MAX_XFER, "no region allows a larger transfer");

static int check_access(const struct vfu *vfu, const struct vfu_region_access *access)
{
	uint64_t size = vfu_region_size(vfu, access->region);

	if (!access->count || access->count > size || access->offset > size - access->count)
		return -EINVAL;
	if (access->region != VFIO_PCI_CONFIG_REGION_INDEX &&
	    !is_register_access(access->offset, access->count))
		return -EINVAL;
	return 0;
}

static uint8_t pba_byte(struct vfu *vfu, uint64_t offset)
{
	unsigned int first = (unsigned int)offset * 8, bit;
	uint8_t byte = 0;

	for (bit = 0; bit < 8; bit++) {
		if (vfu_irq_pending(&vfu->irq, first + bit))
			byte |= 1u << bit;
	}
	return byte;
}

static void read_msix(struct vfu *vfu, uint64_t offset, uint32_t count, uint8_t *data)
{
	uint32_t i;

	for (i = 0; i < count; i++, offset++) {
		if (offset < MSIX_PBA_OFFSET)
			data[i] = vfu->msix_table[offset];
		else
			data[i] = pba_byte(vfu, offset - MSIX_PBA_OFFSET);
	}
}

/* The pending bits are read-only. */
static void write_msix(struct vfu *vfu, uint64_t offset, uint32_t count, const uint8_t *data)
{
	if (offset < MSIX_PBA_OFFSET)
		memcpy(vfu->msix_table + offset, data, count);
}

static int read_bar(struct vfu *vfu, const struct vfu_region_access *access, uint8_t *data)
{
	uint64_t val = 0;
	int ret;

	vfu_count(vfu, reads[access->region]);
	if (access->region == MSIX_BAR) {
		read_msix(vfu, access->offset, access->count, data);
		return 0;
	}
	ret = vfu->config.ops->mmio_read(vfu->config.opaque, access->region, access->offset,
					 access->count, &val);
	memcpy(data, &val, access->count);
	return ret < 0 ? ret : 0;
}

static int write_bar(struct vfu *vfu, const struct vfu_region_access *access,
		     const uint8_t *data)
{
	uint64_t val = 0;
	int ret;

	vfu_count(vfu, writes[access->region]);
	if (access->region == MSIX_BAR) {
		write_msix(vfu, access->offset, access->count, data);
		return 0;
	}
	memcpy(&val, data, access->count);
	ret = vfu->config.ops->mmio_write(vfu->config.opaque, access->region, access->offset,
					  access->count, val);
	return ret < 0 ? ret : 0;
}

static void write_config(struct vfu *vfu, const struct vfu_region_access *access,
			 const uint8_t *data)
{
	unsigned int events;

	vfu_count(vfu, config_writes);
	events = pci_config_write(&vfu->pci, (uint32_t)access->offset, access->count, data);
	if (events & PCI_CONFIG_BUS_MASTER_CHANGED)
		vfu_dma_set_bus_master(&vfu->dma, pci_config_bus_master(&vfu->pci));
	if (events & PCI_CONFIG_FLR)
		vfu_reset(vfu, VFU_RESET_FLR);
}

int vfu_handle_region_read(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	const struct vfu_region_access *access = (const void *)msg->payload;
	struct vfu_region_access *answer = (void *)reply->payload;
	int ret = check_access(vfu, access);

	if (ret)
		return ret;
	*answer = *access;
	reply->size = sizeof(*answer) + access->count;
	if (access->region != VFIO_PCI_CONFIG_REGION_INDEX)
		return read_bar(vfu, access, (uint8_t *)(answer + 1));
	vfu_count(vfu, config_reads);
	pci_config_read(&vfu->pci, (uint32_t)access->offset, access->count, answer + 1);
	return 0;
}

static int write_region(struct vfu *vfu, const struct vfu_region_access *access,
			const uint8_t *data)
{
	if (access->region != VFIO_PCI_CONFIG_REGION_INDEX)
		return write_bar(vfu, access, data);
	write_config(vfu, access, data);
	return 0;
}

int vfu_handle_region_write(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	const struct vfu_region_access *access = (const void *)msg->payload;
	int ret;

	ret = check_access(vfu, access);
	if (ret)
		return ret;
	if (msg->payload_size != sizeof(*access) + access->count)
		return -EINVAL;
	if (msg->header.flags & VFU_FLAG_NO_REPLY)
		vfu_count(vfu, posted_writes);
	memcpy(reply->payload, access, sizeof(*access));
	reply->size = sizeof(*access);
	return write_region(vfu, access, (const uint8_t *)(access + 1));
}

static struct vfu_region_access access_of(const struct vfu_multi_write *write)
{
	return (struct vfu_region_access){
		.offset = write->offset, .region = write->region, .count = write->count,
	};
}

/* All writes are checked before the first one is made. */
static int check_multi(const struct vfu *vfu, const struct vfu_multi_write *writes, uint64_t n)
{
	uint64_t i;

	for (i = 0; i < n; i++) {
		struct vfu_region_access access = access_of(&writes[i]);

		if (access.count > sizeof(writes[i].data) || check_access(vfu, &access))
			return -EINVAL;
	}
	return 0;
}

int vfu_handle_region_write_multi(struct vfu *vfu, struct vfu_message *msg,
				  struct vfu_reply *reply)
{
	const struct vfu_multi_write *writes = (const void *)(msg->payload + sizeof(uint64_t));
	uint64_t room = (msg->payload_size - sizeof(uint64_t)) / sizeof(*writes);
	uint64_t n, i;
	int ret = 0;

	memcpy(&n, msg->payload, sizeof(n));
	if (n != room || msg->payload_size != sizeof(n) + n * sizeof(*writes))
		return -EINVAL;
	if (check_multi(vfu, writes, n))
		return -EINVAL;
	vfu_count(vfu, multi_writes);
	for (i = 0; i < n && !ret; i++) {
		struct vfu_region_access access = access_of(&writes[i]);

		ret = write_region(vfu, &access, writes[i].data);
	}
	memcpy(reply->payload, &n, sizeof(n));
	reply->size = sizeof(n);
	return ret;
}
