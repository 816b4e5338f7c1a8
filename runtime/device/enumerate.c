// SPDX-License-Identifier: MIT
/* Which NPUs are there: /sys/class/accel, no device node is touched. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <abi/regs.h>

#include "device.h"
#include "../error.h"
#include "../include/tessera.h"

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
	if (entry->vendor != TSR_PCI_VENDOR || entry->device != TSR_PCI_DEVICE)
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
		return 0;
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

int tsr_device_list(struct tsr_device_entry *entries, size_t capacity)
{
	return tsr_device_scan(TSR_SYSFS_ACCEL, entries, capacity);
}
