// SPDX-License-Identifier: MIT
/* What the device consists of. */
#include <errno.h>
#include <linux/vfio.h>

#include "dispatch.h"
#include "region.h"
#include "server.h"

int vfu_handle_get_info(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	const struct vfu_device_info *info = (const void *)msg->payload;
	struct vfu_device_info *answer = (void *)reply->payload;

	(void)vfu;
	if (info->argsz < sizeof(*info))
		return -EINVAL;
	*answer = (struct vfu_device_info){
		.argsz = sizeof(*answer),
		.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET,
		.num_regions = VFIO_PCI_NUM_REGIONS,
		.num_irqs = VFU_IRQ_INDICES,
	};
	reply->size = sizeof(*answer);
	return 0;
}

/* No region can be mapped: one that can would make QEMU give up posted writes. */
int vfu_handle_get_region_info(struct vfu *vfu, struct vfu_message *msg,
			       struct vfu_reply *reply)
{
	const struct vfu_region_info *info = (const void *)msg->payload;
	struct vfu_region_info *answer = (void *)reply->payload;

	if (info->argsz < sizeof(*info) || info->index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	*answer = (struct vfu_region_info){
		.argsz = sizeof(*answer),
		.index = info->index,
		.size = vfu_region_size(vfu, info->index),
	};
	if (answer->size)
		answer->flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	reply->size = sizeof(*answer);
	return 0;
}

int vfu_handle_get_irq_info(struct vfu *vfu, struct vfu_message *msg, struct vfu_reply *reply)
{
	const struct vfu_irq_info *info = (const void *)msg->payload;
	struct vfu_irq_info *answer = (void *)reply->payload;

	if (info->argsz < sizeof(*info) || info->index >= VFU_IRQ_INDICES)
		return -EINVAL;
	*answer = (struct vfu_irq_info){
		.argsz = sizeof(*answer),
		.flags = VFIO_IRQ_INFO_EVENTFD,
		.index = info->index,
		.count = vfu_irq_index_count(&vfu->irq, info->index),
	};
	reply->size = sizeof(*answer);
	return 0;
}
