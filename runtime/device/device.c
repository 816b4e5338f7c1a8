// SPDX-License-Identifier: MIT
/* An open NPU and the facts it gives about itself. */
#include "device.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <tsr_hw/fuse.h>
#include <xf86drm.h>

#include "tessera_accel.h"

#include "../error.h"
#include "../include/tessera.h"
#include "../process.h"

#define DRIVER_MAJOR	2

struct tsr_device {
	int fd;
	uint64_t process;	/* token of the one that opened it */
	char path[64];
	struct drm_tessera_query_hw hw;
	struct drm_tessera_query_firmware firmware;
	struct drm_tessera_query_limits limits;
	struct tsr_hw_fuses fuses;
};

bool tsr_device_is_own(const struct tsr_device *device)
{
	return tsr_process_is(device->process);
}

int tsr_device_check(const struct tsr_device *device)
{
	if (tsr_device_is_own(device))
		return 0;
	return tsr_fail(-EPERM, "%s was opened by a parent of this process; open it again",
			device->path);
}

/* Not drmIoctl(): that repeats -EAGAIN too, without end. */
int tsr_ioctl_quiet(const struct tsr_device *device, unsigned long request, void *argument)
{
	int ret;

	if (!tsr_device_is_own(device))
		return -EPERM;
	do {
		ret = ioctl(device->fd, request, argument);
	} while (ret && errno == EINTR);
	return ret ? -errno : 0;
}

int tsr_ioctl(const struct tsr_device *device, unsigned long request, void *argument,
	      const char *what)
{
	int error = tsr_ioctl_quiet(device, request, argument);

	switch (error) {
	case 0:
		return 0;
	case -EPERM:
		error = tsr_device_check(device);
		return error ? error : tsr_fail(-EPERM, "cannot %s on %s: not permitted", what,
						device->path);
	case -ENODEV:
		return tsr_fail(-ENODEV, "cannot %s: %s is gone or was reset for good; "
				"see the kernel log and reload the module", what, device->path);
	case -ECANCELED:
		return tsr_fail(-ECANCELED, "cannot %s: an earlier job of this context failed; "
				"make a new context", what);
	default:
		return tsr_fail(error, "cannot %s on %s: %s", what, device->path,
				strerror(-error));
	}
}

static int query(struct tsr_device *device, uint32_t type, void *where, size_t size)
{
	struct drm_tessera_dev_query argument = {
		.type = type, .size = (uint32_t)size, .pointer = (uintptr_t)where,
	};

	return tsr_ioctl(device, DRM_IOCTL_TESSERA_DEV_QUERY, &argument, "query the device");
}

static int query_all(struct tsr_device *device)
{
	int error;

	error = query(device, DRM_TESSERA_QUERY_HW, &device->hw, sizeof(device->hw));
	if (!error)
		error = query(device, DRM_TESSERA_QUERY_FIRMWARE, &device->firmware,
			      sizeof(device->firmware));
	if (!error)
		error = query(device, DRM_TESSERA_QUERY_LIMITS, &device->limits,
			      sizeof(device->limits));
	if (!error)
		error = query(device, DRM_TESSERA_QUERY_FUSES, &device->fuses,
			      sizeof(device->fuses));
	return error;
}

static int check_driver(struct tsr_device *device)
{
	drmVersionPtr version = drmGetVersion(device->fd);
	int error = 0;

	if (!version)
		return tsr_fail(-ENODEV, "%s is not a DRM device", device->path);
	if (strcmp(version->name, "tessera"))
		error = tsr_fail(-ENODEV, "%s belongs to driver %s, not tessera", device->path,
				 version->name);
	else if (version->version_major != DRIVER_MAJOR)
		error = tsr_fail(-EPROTO, "%s: driver interface %d.%d, this library (%s) needs %d; "
				 "install matching versions", device->path,
				 version->version_major, version->version_minor, tsr_version(),
				 DRIVER_MAJOR);
	drmFreeVersion(version);
	return error;
}

static int open_node(struct tsr_device *device)
{
	device->fd = open(device->path, O_RDWR | O_CLOEXEC);
	if (device->fd >= 0)
		return 0;
	switch (errno) {
	case ENOENT:
		return tsr_fail(-ENOENT, "there is no %s; is the tessera module loaded, and is "
				"there an NPU (tessera-smi list)?", device->path);
	case EACCES:
		return tsr_fail(-EACCES, "no permission for %s; join the group that owns it, "
				"usually \"render\"", device->path);
	default:
		return tsr_fail(-errno, "cannot open %s: %s", device->path, strerror(errno));
	}
}

int tsr_device_open(unsigned int index, struct tsr_device **device)
{
	int error = tsr_device_check_visible(index);

	*device = NULL;
	return error ? error : tsr_device_open_any(index, device);
}

int tsr_device_open_any(unsigned int index, struct tsr_device **device)
{
	struct tsr_device *made = calloc(1, sizeof(*made));
	int error;

	*device = NULL;
	if (!made)
		return tsr_fail(-ENOMEM, "out of memory");
	made->process = tsr_process_token();
	if (!made->process) {
		error = tsr_fail(-ENOMEM, "out of memory");
		goto free_device;
	}
	snprintf(made->path, sizeof(made->path), "/dev/accel/accel%u", index);
	error = open_node(made);
	if (error)
		goto free_device;
	error = tsr_device_check_node(TSR_SYSFS_ACCEL, made->fd, index);
	if (!error)
		error = check_driver(made);
	if (!error)
		error = query_all(made);
	if (error)
		goto close_node;
	*device = made;
	return 0;

close_node:
	close(made->fd);
free_device:
	free(made);
	return error;
}

void tsr_device_close(struct tsr_device *device)
{
	if (!device)
		return;
	/* A child may have closed its copy, and opened something else under the number. */
	if (tsr_device_is_own(device))
		close(device->fd);
	free(device);
}

int tsr_device_fd(const struct tsr_device *device)
{
	int error = tsr_device_check(device);

	return error ? error : device->fd;
}

const struct drm_tessera_query_hw *tsr_device_hw(const struct tsr_device *device)
{
	return &device->hw;
}

const struct drm_tessera_query_firmware *tsr_device_firmware(const struct tsr_device *device)
{
	return &device->firmware;
}

const struct drm_tessera_query_limits *tsr_device_limits(const struct tsr_device *device)
{
	return &device->limits;
}

const struct tsr_hw_fuses *tsr_device_fuses(const struct tsr_device *device)
{
	return &device->fuses;
}

double tsr_device_peak_tops(const struct tsr_device *device, enum tsr_type type)
{
	const struct tsr_hw_fuses *fuses = &device->fuses;

	if ((unsigned int)type >= TSR_HW_FUSE_TYPES)
		return 0;
	return 2.0 * le32toh(fuses->macs[type]) * le16toh(fuses->tensor_tiles) *
	       le32toh(fuses->clock_khz) * 1e3 / 1e12;
}
