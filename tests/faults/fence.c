// SPDX-License-Identifier: MIT
#include "fence.h"

#include <errno.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <drm.h>

#include "kselftest/tsr_kselftest.h"

int fence_export(int fd, uint32_t handle)
{
	struct drm_syncobj_handle args = {
		.handle = handle,
		.flags = DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE,
	};
	int ret = tsr_ioctl(fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &args);

	return ret ? ret : args.fd;
}

int fence_wait(int fence, double seconds)
{
	struct pollfd wait = { .fd = fence, .events = POLLIN };
	struct sync_file_info info = { 0 };

	if (poll(&wait, 1, (int)(seconds * 1000)) != 1)
		return -ETIMEDOUT;
	if (ioctl(fence, SYNC_IOC_FILE_INFO, &info))
		return -errno;
	return info.status == 1 ? 0 : info.status;
}
