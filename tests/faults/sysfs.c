// SPDX-License-Identifier: MIT
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int driver_bind(const char *name)
{
	return write_file("/sys/bus/pci/drivers/tessera/bind", name);
}

int driver_unbind(const char *name)
{
	return write_file("/sys/bus/pci/drivers/tessera/unbind", name);
}

int function_reset(const char *name)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/reset", name);
	return write_file(path, "1");
}

int function_enable(const char *name)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/enable", name);
	return write_file(path, "1");
}

#define PCI_COMMAND		4
#define PCI_COMMAND_MASTER	4

int function_master(const char *name, bool on)
{
	uint16_t command;
	char path[80];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (pread(fd, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		ret = -EIO;
	command = on ? command | PCI_COMMAND_MASTER : command & ~PCI_COMMAND_MASTER;
	if (!ret && pwrite(fd, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		ret = -EIO;
	close(fd);
	return ret;
}

int system_sleep(const char *state, const char *level)
{
	int ret, undo;

	/* Seconds; five if not set. */
	ret = write_file("/sys/module/suspend/parameters/pm_test_delay", "0");
	ret = ret ? ret : write_file("/sys/power/pm_test", level);
	if (ret)
		return ret;
	ret = write_file("/sys/power/state", state);
	undo = write_file("/sys/power/pm_test", "none");
	return ret ? ret : undo;
}

int module_remove(void)
{
	return syscall(SYS_delete_module, "tessera", O_NONBLOCK) ? -errno : 0;
}
