// SPDX-License-Identifier: MIT
#include "function.h"

#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define SYSFS "/sys/bus/pci/devices"

static unsigned int read_id(const char *address, const char *name)
{
	char path[128], text[16] = "";
	FILE *file;

	snprintf(path, sizeof(path), SYSFS "/%s/%s", address, name);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	return (unsigned int)strtoul(text, NULL, 16);
}

bool function_find(unsigned int vendor, unsigned int device, char address[32])
{
	DIR *dir = opendir(SYSFS);
	const struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		found = read_id(entry->d_name, "vendor") == vendor &&
			read_id(entry->d_name, "device") == device;
		if (found)
			snprintf(address, 32, "%.31s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok;
}

bool function_bind(const char *address)
{
	char path[128];

	snprintf(path, sizeof(path), SYSFS "/%s/driver_override", address);
	return write_text(path, "vfio-pci") && write_text("/sys/bus/pci/drivers_probe", address);
}

/* The group's node, which the kernel itself makes. */
static int open_group(const char *address)
{
	char path[128], target[256], node[128];
	ssize_t len;

	snprintf(path, sizeof(path), SYSFS "/%s/iommu_group", address);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -1;
	target[len] = '\0';
	snprintf(node, sizeof(node), "/dev/vfio/%.32s", basename(target));
	return open(node, O_RDWR | O_CLOEXEC);
}

static volatile uint32_t *map_region(int device, unsigned int index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };
	void *p;

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info))
		return NULL;
	p = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, device, (off_t)info.offset);
	return p == MAP_FAILED ? NULL : p;
}

static off_t config_offset(int device)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info), .index = VFIO_PCI_CONFIG_REGION_INDEX,
	};

	return ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) ? -1 : (off_t)info.offset;
}

uint16_t function_config16(const struct function *f, unsigned int offset)
{
	uint16_t val = 0xffff;

	if (pread(f->device, &val, sizeof(val), config_offset(f->device) + offset) != sizeof(val))
		return 0xffff;
	return val;
}

static bool enable(const struct function *f)
{
	uint16_t command = function_config16(f, PCI_COMMAND);

	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	return pwrite(f->device, &command, sizeof(command),
		      config_offset(f->device) + PCI_COMMAND) == sizeof(command);
}

static bool join_container(struct function *f)
{
	f->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	return f->container >= 0 &&
	       ioctl(f->group, VFIO_GROUP_SET_CONTAINER, &f->container) == 0 &&
	       ioctl(f->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) == 0;
}

bool function_open(struct function *f, const char *address)
{
	f->group = open_group(address);
	if (f->group < 0 || !join_container(f))
		return false;
	f->device = ioctl(f->group, VFIO_GROUP_GET_DEVICE_FD, address);
	if (f->device < 0 || !enable(f))
		return false;
	f->bar0 = map_region(f->device, VFIO_PCI_BAR0_REGION_INDEX);
	f->bar2 = map_region(f->device, VFIO_PCI_BAR2_REGION_INDEX);
	return f->bar0 && f->bar2;
}

static void unmap_region(int device, unsigned int index, volatile uint32_t *p)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	if (p && ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) == 0)
		munmap((void *)p, info.size);
}

void function_close(struct function *f)
{
	unmap_region(f->device, VFIO_PCI_BAR0_REGION_INDEX, f->bar0);
	unmap_region(f->device, VFIO_PCI_BAR2_REGION_INDEX, f->bar2);
	close(f->device);
	close(f->group);
	close(f->container);
}

bool function_irqs(const struct function *f, const int *eventfds, unsigned int count)
{
	uint8_t buf[sizeof(struct vfio_irq_set) + 16 * sizeof(int)];
	struct vfio_irq_set *set = (void *)buf;

	if (count > 16)
		return false;
	*set = (struct vfio_irq_set){
		.argsz = (uint32_t)(sizeof(*set) + count * sizeof(int)),
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		.index = VFIO_PCI_MSIX_IRQ_INDEX,
		.count = count,
	};
	memcpy(set->data, eventfds, count * sizeof(int));
	return ioctl(f->device, VFIO_DEVICE_SET_IRQS, set) == 0;
}

bool function_map(const struct function *f, void *memory, uint64_t iova, size_t size)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = iova,
		.size = size,
	};

	return ioctl(f->container, VFIO_IOMMU_MAP_DMA, &map) == 0;
}

bool function_unmap(const struct function *f, uint64_t iova, size_t size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = size,
	};

	return ioctl(f->container, VFIO_IOMMU_UNMAP_DMA, &unmap) == 0;
}

bool function_reset(const struct function *f)
{
	return ioctl(f->device, VFIO_DEVICE_RESET) == 0;
}

bool function_sysfs_reset(const char *address)
{
	char path[128];

	snprintf(path, sizeof(path), SYSFS "/%s/reset", address);
	return write_text(path, "1");
}
