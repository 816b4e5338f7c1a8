// SPDX-License-Identifier: MIT
#include "device.h"

#include <errno.h>
#include <string.h>

static uint64_t low_bytes(uint64_t val, unsigned int size)
{
	return size == 8 ? val : val & ((1ull << (8 * size)) - 1);
}

static int mmio_read(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
		     uint64_t *val)
{
	struct device *device = opaque;

	*val = low_bytes(UINT64_MAX, size);
	if (bar == 0 && offset < sizeof(device->regs))
		*val = low_bytes(device->regs[offset / 8] >> (8 * (offset % 8)), size);
	return 0;
}

static int mmio_write(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
		      uint64_t val)
{
	struct device *device = opaque;

	if (bar == 2) {
		device->doorbell_offset = offset;
		device->doorbell = val;
		return 0;
	}
	if (offset == DEVICE_BAD_OFFSET)
		return -EIO;
	if (offset < sizeof(device->regs))
		memcpy((uint8_t *)device->regs + offset, &val, size);
	return 0;
}

static void reset(void *opaque, enum vfu_reset kind)
{
	struct device *device = opaque;

	memset(device->regs, 0, sizeof(device->regs));
	device->regs[0] = DEVICE_MAGIC;
	device->resets[kind]++;
}

static void irq_changed(void *opaque, unsigned int vector, bool enabled)
{
	struct device *device = opaque;

	device->vector_reports++;
	if (vector < DEVICE_VECTORS)
		device->vector_enabled[vector] = enabled;
}

static const struct vfu_ops ops = {
	.mmio_read = mmio_read,
	.mmio_write = mmio_write,
	.reset = reset,
	.irq_changed = irq_changed,
};

struct vfu_config device_config(struct device *device)
{
	device->regs[0] = DEVICE_MAGIC;
	return (struct vfu_config){
		.ops = &ops,
		.opaque = device,
		.vendor_id = DEVICE_VENDOR,
		.device_id = DEVICE_ID,
		.subsystem_vendor_id = DEVICE_VENDOR,
		.subsystem_id = DEVICE_SKU,
		.revision_id = 1,
		.serial = DEVICE_SERIAL,
		.bar0_size = DEVICE_BAR0_SIZE,
		.bar2_size = DEVICE_BAR2_SIZE,
		.irq_mode = VFU_IRQ_MSIX,
		.vectors = DEVICE_VECTORS,
	};
}
