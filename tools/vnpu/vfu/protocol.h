/* SPDX-License-Identifier: MIT */
/*
 * The vfio-user messages on the wire, as QEMU's docs/interop/vfio-user.rst defines them.
 * All fields are in host byte order. Names of flags and indices that the protocol shares
 * with the kernel's VFIO come from <linux/vfio.h>.
 */
#ifndef VFU_PROTOCOL_H
#define VFU_PROTOCOL_H

#include <stdint.h>

/* Limits of this server, announced in the version reply. */
#define VFU_PROTOCOL_MAX_FDS 16
#define VFU_PROTOCOL_MAX_XFER 65536
#define VFU_PROTOCOL_MAX_DMA_MAPS 65535
#define VFU_PROTOCOL_PAGE_SIZE 4096

enum vfu_command {
	VFU_CMD_VERSION = 1,
	VFU_CMD_DMA_MAP = 2,
	VFU_CMD_DMA_UNMAP = 3,
	VFU_CMD_GET_INFO = 4,
	VFU_CMD_GET_REGION_INFO = 5,
	VFU_CMD_GET_REGION_IO_FDS = 6,
	VFU_CMD_GET_IRQ_INFO = 7,
	VFU_CMD_SET_IRQS = 8,
	VFU_CMD_REGION_READ = 9,
	VFU_CMD_REGION_WRITE = 10,
	VFU_CMD_DMA_READ = 11,
	VFU_CMD_DMA_WRITE = 12,
	VFU_CMD_RESET = 13,
	VFU_CMD_REGION_WRITE_MULTI = 15,
	VFU_CMD_FEATURE = 16,
	VFU_CMD_COUNT,
};

#define VFU_FLAG_TYPE 0xfu
#define VFU_FLAG_TYPE_COMMAND 0u
#define VFU_FLAG_TYPE_REPLY 1u
#define VFU_FLAG_NO_REPLY 0x10u
#define VFU_FLAG_ERROR 0x20u

struct vfu_header {
	uint16_t id;
	uint16_t command;
	uint32_t size;		/* of the whole message */
	uint32_t flags;
	uint32_t error;		/* errno of a reply with VFU_FLAG_ERROR */
};

struct vfu_version {
	uint16_t major;
	uint16_t minor;
	/* followed by capabilities in JSON, NUL-terminated, optional */
};

struct vfu_device_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t num_regions;
	uint32_t num_irqs;
};

struct vfu_region_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t cap_offset;
	uint64_t size;
	uint64_t offset;
};

struct vfu_irq_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t count;
};

struct vfu_irq_set {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t start;
	uint32_t count;
	/* followed by count bytes with VFIO_IRQ_SET_DATA_BOOL */
};

struct vfu_region_access {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
	/* followed by count bytes of data */
};

struct vfu_multi_write {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
	uint8_t data[8];
};

struct vfu_dma_map {
	uint32_t argsz;
	uint32_t flags;
	uint64_t offset;
	uint64_t address;
	uint64_t size;
};

struct vfu_dma_unmap {
	uint32_t argsz;
	uint32_t flags;
	uint64_t address;
	uint64_t size;
};

_Static_assert(sizeof(struct vfu_header) == 16, "header");
_Static_assert(sizeof(struct vfu_version) == 4, "version");
_Static_assert(sizeof(struct vfu_device_info) == 16, "device info");
_Static_assert(sizeof(struct vfu_region_info) == 32, "region info");
_Static_assert(sizeof(struct vfu_irq_info) == 16, "irq info");
_Static_assert(sizeof(struct vfu_irq_set) == 20, "irq set");
_Static_assert(sizeof(struct vfu_region_access) == 16, "region access");
_Static_assert(sizeof(struct vfu_multi_write) == 24, "multi write");
_Static_assert(sizeof(struct vfu_dma_map) == 32, "dma map");
_Static_assert(sizeof(struct vfu_dma_unmap) == 24, "dma unmap");

/* The largest payload is a region write of the largest transfer. */
#define VFU_PROTOCOL_MAX_PAYLOAD (sizeof(struct vfu_region_access) + VFU_PROTOCOL_MAX_XFER)

#endif
