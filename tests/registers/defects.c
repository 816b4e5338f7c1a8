// SPDX-License-Identifier: MIT
/*
 * The driver refuses hardware whose registers make no sense, one defect at a time; next to
 * each defect is the last value that makes sense, with which the driver loads the firmware.
 * The device is the stand-in, which refuses it then.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <tsr_hw/mmu.h>
#include <tsr_hw/registers.h>

#include "faults/sysfs.h"
#include "faults/tap.h"
#include "kselftest/tsr_kselftest.h"

#define ACCEPTED	(-EKEYREJECTED)

#define ADDRESS(phys, va)		((va) << 8 | (phys))
#define DOORBELL(stride, pages)		((pages) << 8 | (stride))
#define QUEUES(total, per_page)		((per_page) << 16 | (total))

/* Registers of a device with little of everything. */
static const struct {
	uint32_t reg;
	uint32_t value;
} sound[] = {
	{ TSR_HW_REG_ID, TSR_HW_ID_MAGIC },
	{ TSR_HW_REG_VERSION, TSR_HW_VERSION_1_0 },
	{ TSR_HW_REG_CAPS, TSR_HW_CAP_TENSOR | TSR_HW_CAP_DMA },
	{ TSR_HW_REG_ADDRESS, ADDRESS(52u, TSR_HW_VA_BITS) },
	{ TSR_HW_REG_DOORBELL, DOORBELL(16u, 4u) },
	{ TSR_HW_REG_ASIDS, 4 },
	{ TSR_HW_REG_QUEUES, QUEUES(4u, 2u) },
	{ TSR_HW_REG_VECTORS, 2 },
	{ TSR_HW_REG_TIME_SCALE, 1 },
	{ TSR_HW_REG_CLOCK_KHZ, 1000000 },
	{ TSR_HW_REG_PROGRAM_LIMITS, 8u << 24 | 10u << 16 | 16u << 8 | 14u },
};

static const struct {
	const char *what;
	uint32_t reg;
	uint32_t value;
	int result;
} cases[] = {
	{ "it is not there", TSR_HW_REG_ID, ~0u, -ENODEV },
	{ "it is something else", TSR_HW_REG_ID, TSR_HW_ID_MAGIC + 1, -EINVAL },
	{ "hardware version 0.9", TSR_HW_REG_VERSION, 0x00000009, -EOPNOTSUPP },
	{ "hardware version 2.0", TSR_HW_REG_VERSION, 0x00020000, -EOPNOTSUPP },
	{ "hardware version 1.7", TSR_HW_REG_VERSION, 0x00010007, ACCEPTED },
	{ "31 physical bits", TSR_HW_REG_ADDRESS, ADDRESS(31u, TSR_HW_VA_BITS), -EINVAL },
	{ "32 physical bits", TSR_HW_REG_ADDRESS, ADDRESS(32u, TSR_HW_VA_BITS), ACCEPTED },
	{ "53 physical bits", TSR_HW_REG_ADDRESS, ADDRESS(53u, TSR_HW_VA_BITS), -EINVAL },
	{ "fewer virtual bits", TSR_HW_REG_ADDRESS, ADDRESS(52u, TSR_HW_VA_BITS - 1u), -EINVAL },
	{ "more virtual bits", TSR_HW_REG_ADDRESS, ADDRESS(52u, TSR_HW_VA_BITS + 1u), -EINVAL },
	{ "bells 2 KiB apart", TSR_HW_REG_DOORBELL, DOORBELL(11u, 4u), -EINVAL },
	{ "bells 4 KiB apart", TSR_HW_REG_DOORBELL, DOORBELL(12u, 4u), ACCEPTED },
	{ "bells 16 MiB apart", TSR_HW_REG_DOORBELL, DOORBELL(24u, 4u), ACCEPTED },
	{ "bells 32 MiB apart", TSR_HW_REG_DOORBELL, DOORBELL(25u, 4u), -EINVAL },
	{ "fewer bells than address spaces", TSR_HW_REG_DOORBELL, DOORBELL(16u, 3u), -EINVAL },
	{ "more bells than address spaces", TSR_HW_REG_DOORBELL, DOORBELL(16u, 5u), ACCEPTED },
	{ "no address space", TSR_HW_REG_ASIDS, 1, -EINVAL },
	{ "one address space", TSR_HW_REG_ASIDS, 2, ACCEPTED },
	{ "no job queue", TSR_HW_REG_QUEUES, QUEUES(1u, 2u), -EINVAL },
	{ "one job queue", TSR_HW_REG_QUEUES, QUEUES(2u, 2u), ACCEPTED },
	{ "no queue in a page", TSR_HW_REG_QUEUES, QUEUES(4u, 0u), -EINVAL },
	{ "one queue in a page", TSR_HW_REG_QUEUES, QUEUES(4u, 1u), ACCEPTED },
	{ "no vector", TSR_HW_REG_VECTORS, 0, -EINVAL },
	{ "one vector", TSR_HW_REG_VECTORS, 1, ACCEPTED },
	{ "time scale 0", TSR_HW_REG_TIME_SCALE, 0, -EINVAL },
	{ "time scale 1000", TSR_HW_REG_TIME_SCALE, 1000, ACCEPTED },
	{ "time scale 1001", TSR_HW_REG_TIME_SCALE, 1001, -EINVAL },
	{ "no clock", TSR_HW_REG_CLOCK_KHZ, 0, -EINVAL },
	{ "a slow clock", TSR_HW_REG_CLOCK_KHZ, 1, ACCEPTED },
};

/* While no driver is bound: what is mapped is taken away when one comes. */
static void set_registers(const char *name, unsigned int i)
{
	volatile uint32_t *bells;
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource2", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	tap_need(fd >= 0, "BAR 2");
	bells = mmap(NULL, TSR_HW_BAR_REGS_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	tap_need(bells != MAP_FAILED, "BAR 2 mapped");
	for (unsigned int k = 0; k < ARRAY_COUNT(sound); k++)
		bells[sound[k].reg / 4] = sound[k].value;
	if (i < ARRAY_COUNT(cases))
		bells[cases[i].reg / 4] = cases[i].value;
	/* A read is answered when all writes before it have been. */
	(void)bells[0];
	munmap((void *)bells, TSR_HW_BAR_REGS_SIZE);
	close(fd);
}

int main(void)
{
	char name[32];
	int ret;

	tap_need(tsr_pci_name(name, sizeof(name)), "the stand-in");
	tap_need(!function_enable(name), "its memory enabled");
	set_registers(name, ARRAY_COUNT(cases));
	ret = driver_bind(name);
	tap_ok(ret == ACCEPTED, "the sound device: %d", ret);
	for (unsigned int i = 0; i < ARRAY_COUNT(cases); i++) {
		set_registers(name, i);
		ret = driver_bind(name);
		tap_ok(ret == cases[i].result, "%s: %d", cases[i].what, ret);
	}
	return tap_end();
}
