// SPDX-License-Identifier: MIT
#include "syncobj.h"

#include <drm.h>

#include "device.h"

int tsr_syncobj_create(const struct tsr_device *device, uint32_t *syncobj)
{
	struct drm_syncobj_create create = { 0 };
	int error;

	error = tsr_ioctl(device, DRM_IOCTL_SYNCOBJ_CREATE, &create, "create a syncobj");
	*syncobj = create.handle;
	return error;
}

void tsr_syncobj_destroy(const struct tsr_device *device, uint32_t syncobj)
{
	struct drm_syncobj_destroy destroy = { .handle = syncobj };

	tsr_ioctl_quiet(device, DRM_IOCTL_SYNCOBJ_DESTROY, &destroy);
}

int tsr_syncobj_export(const struct tsr_device *device, uint32_t syncobj)
{
	struct drm_syncobj_handle export = {
		.handle = syncobj, .flags = DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE,
	};
	int error;

	error = tsr_ioctl(device, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &export, "export a fence");
	return error ? error : export.fd;
}
