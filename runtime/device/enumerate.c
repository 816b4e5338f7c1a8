// SPDX-License-Identifier: MIT
/*
 * Which NPUs are there: /sys/class/accel, without touching a device node; without /sys, the nodes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <tsr_hw/registers.h>
#include <xf86drm.h>

#include "tessera_accel.h"

#include "device.h"
#include "../error.h"
#include "../include/tessera.h"

/* Nodes that are tried where there is no /sys. */
#define NODES_MAX	64

static int join(char path[PATH_MAX], const char *folder, const char *file)
{
	int length = snprintf(path, PATH_MAX, "%s/%s", folder, file);

	return length < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int read_hex(const char *folder, const char *file, uint16_t *value)
{
	char path[PATH_MAX];
	unsigned int number;
	FILE *stream;
	int got;

	if (join(path, folder, file))
		return -ENAMETOOLONG;
	stream = fopen(path, "re");
	if (!stream)
		return -errno;
	got = fscanf(stream, "%x", &number);
	fclose(stream);
	if (got != 1 || number > UINT16_MAX)
		return -EINVAL;
	*value = (uint16_t)number;
	return 0;
}

/* The PCI address is the last part of where the "device" link leads. */
static void read_bus(const char *folder, char *bus, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *name;
	ssize_t length = 0;

	if (!join(path, folder, "device"))
		length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		length = 0;
	target[length] = '\0';
	name = strrchr(target, '/');
	snprintf(bus, size, "%.*s", (int)size - 1, name ? name + 1 : target);
}

/* Return: 1 when accel node @name is a Tessera NPU, 0 when not. */
static int read_entry(const char *sysfs, const char *name, struct tsr_device_entry *entry)
{
	char folder[PATH_MAX];
	int end = 0;

	if (sscanf(name, "accel%u%n", &entry->index, &end) != 1 || name[end])
		return 0;
	if (join(folder, sysfs, name) ||
	    read_hex(folder, "device/vendor", &entry->vendor) ||
	    read_hex(folder, "device/device", &entry->device) ||
	    read_hex(folder, "device/subsystem_device", &entry->sku))
		return 0;
	if (entry->vendor != TSR_HW_PCI_VENDOR || entry->device != TSR_HW_PCI_DEVICE)
		return 0;
	snprintf(entry->path, sizeof(entry->path), "/dev/accel/accel%u", entry->index);
	read_bus(folder, entry->bus, sizeof(entry->bus));
	return 1;
}

static int by_index(const void *a, const void *b)
{
	const struct tsr_device_entry *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

int tsr_device_scan(const char *sysfs, struct tsr_device_entry *entries, size_t capacity)
{
	struct tsr_device_entry entry;
	struct dirent *file;
	size_t found = 0;
	DIR *folder;

	folder = opendir(sysfs);
	if (!folder && errno == ENOENT)
		return -ENOENT;
	if (!folder)
		return tsr_fail(-errno, "cannot read %s: %s", sysfs, strerror(errno));
	while ((file = readdir(folder))) {
		if (!read_entry(sysfs, file->d_name, &entry))
			continue;
		if (found < capacity)
			entries[found] = entry;
		found++;
	}
	closedir(folder);
	if (found && entries)
		qsort(entries, found < capacity ? found : capacity, sizeof(*entries), by_index);
	return (int)found;
}

/* The driver says who it is; vendor and device follow from that. */
static int ask_node(const char *path, struct tsr_device_entry *entry)
{
	struct drm_tessera_query_hw hw;
	struct drm_tessera_dev_query query = {
		.type = DRM_TESSERA_QUERY_HW, .size = sizeof(hw), .pointer = (uintptr_t)&hw,
	};
	int fd = open(path, O_RDWR | O_CLOEXEC), found = 0;
	drmVersionPtr version = fd < 0 ? NULL : drmGetVersion(fd);

	if (version && !strcmp(version->name, "tessera") &&
	    !ioctl(fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query)) {
		entry->vendor = TSR_HW_PCI_VENDOR;
		entry->device = TSR_HW_PCI_DEVICE;
		entry->sku = (uint16_t)hw.sku;
		found = 1;
	}
	drmFreeVersion(version);
	if (fd >= 0)
		close(fd);
	return found;
}

int tsr_device_scan_nodes(const char *folder, struct tsr_device_entry *entries, size_t capacity)
{
	size_t found = 0;
	unsigned int i;

	for (i = 0; i < NODES_MAX; i++) {
		struct tsr_device_entry entry = { .index = i };

		snprintf(entry.path, sizeof(entry.path), "%s/accel%u", folder, i);
		if (!ask_node(entry.path, &entry))
			continue;
		if (found < capacity)
			entries[found] = entry;
		found++;
	}
	return (int)found;
}

int tsr_device_check_node(const char *sysfs, int fd, unsigned int index)
{
	unsigned int major_number, minor_number;
	char path[PATH_MAX];
	struct stat node;
	FILE *stream;
	int got;

	snprintf(path, sizeof(path), "%s/accel%u/dev", sysfs, index);
	stream = fopen(path, "re");
	if (!stream)
		return 0;
	got = fscanf(stream, "%u:%u", &major_number, &minor_number);
	fclose(stream);
	if (got == 2 && !fstat(fd, &node) && S_ISCHR(node.st_mode) &&
	    node.st_rdev == makedev(major_number, minor_number))
		return 0;
	return tsr_fail(-ENODEV, "the node of accel%u leads to another device; remove it and let "
			"udev make it again", index);
}
