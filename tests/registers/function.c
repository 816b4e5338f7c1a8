// SPDX-License-Identifier: MIT
#include "function.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <tsr_hw/registers.h>

#define DEVICES	"/sys/bus/pci/devices"

static unsigned int read_hex(const char *device, const char *file)
{
	char path[512];
	unsigned int value = 0;
	FILE *stream;

	snprintf(path, sizeof(path), DEVICES "/%s/%s", device, file);
	stream = fopen(path, "re");
	if (!stream || fscanf(stream, "%x", &value) != 1)
		value = 0;
	if (stream)
		fclose(stream);
	return value;
}

static int enable(const char *device, const char *value)
{
	char path[512];
	FILE *stream;

	snprintf(path, sizeof(path), DEVICES "/%s/enable", device);
	stream = fopen(path, "we");
	if (!stream)
		return -1;
	fputs(value, stream);
	return fclose(stream);
}

static int copy_registers(const char *device, struct tsr_hw_fuses *fuses)
{
	volatile const uint32_t *registers;
	char path[512];
	uint32_t word;
	size_t i;
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%s/resource0", device);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	registers = mmap(NULL, TSR_HW_BAR_REGS_SIZE, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (registers == MAP_FAILED)
		return -1;
	for (i = 0; i < sizeof(*fuses) / sizeof(word); i++) {
		word = registers[TSR_HW_REG_FUSES / sizeof(word) + i];
		memcpy((char *)fuses + i * sizeof(word), &word, sizeof(word));
	}
	munmap((void *)registers, TSR_HW_BAR_REGS_SIZE);
	return 0;
}

static int read_function(const char *device, struct tsr_hw_fuses *fuses)
{
	int error = enable(device, "1");

	if (!error)
		error = copy_registers(device, fuses);
	enable(device, "0");
	if (error)
		printf("# registers of %s cannot be read; is a driver bound?\n", device);
	return error;
}

int functions_read(struct tsr_hw_fuses fuses[FUNCTIONS_MAX])
{
	DIR *folder = opendir(DEVICES);
	struct dirent *entry;
	int count = 0;

	if (!folder)
		return -1;
	while (count >= 0 && count < FUNCTIONS_MAX && (entry = readdir(folder))) {
		if (read_hex(entry->d_name, "vendor") != TSR_HW_PCI_VENDOR ||
		    read_hex(entry->d_name, "device") != TSR_HW_PCI_DEVICE)
			continue;
		count = read_function(entry->d_name, &fuses[count]) ? -1 : count + 1;
	}
	closedir(folder);
	return count;
}
