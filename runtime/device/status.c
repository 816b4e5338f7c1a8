// SPDX-License-Identifier: MIT
/* Whether an NPU works now: what was read when it was opened cannot tell. */
#include <errno.h>

#include "tessera_accel.h"

#include "device.h"
#include "../include/tessera.h"

int tsr_device_status(struct tsr_device *device)
{
	struct drm_tessera_query_status status = { 0 };
	struct drm_tessera_dev_query argument = {
		.type = DRM_TESSERA_QUERY_STATUS, .size = sizeof(status),
		.pointer = (uintptr_t)&status,
	};
	int ret = tsr_ioctl(device, DRM_IOCTL_TESSERA_DEV_QUERY, &argument, "query the device");

	/* Of an unplugged device the DRM core answers. */
	if (ret == -ENODEV)
		return TSR_DEVICE_LOST;
	if (ret)
		return ret;
	switch (status.status) {
	case DRM_TESSERA_STATUS_READY:
		return TSR_DEVICE_READY;
	case DRM_TESSERA_STATUS_LOST:
		return TSR_DEVICE_LOST;
	default:
		return TSR_DEVICE_FAILED;
	}
}
