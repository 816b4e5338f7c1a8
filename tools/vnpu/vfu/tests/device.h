/* SPDX-License-Identifier: MIT */
/* A device of 16 registers that records what the server tells it. */
#ifndef VFU_TESTS_DEVICE_H
#define VFU_TESTS_DEVICE_H

#include "vfu/vfu.h"

#define DEVICE_VENDOR 0x1af4
#define DEVICE_ID 0x10f0
#define DEVICE_SKU 0x0003
#define DEVICE_SERIAL 0x1122334455667788ull
#define DEVICE_BAR0_SIZE 0x10000u
#define DEVICE_BAR2_SIZE 0x400000u
/* Their pending bits fill no whole number of bytes. */
#define DEVICE_VECTORS 12

/* Register 0 reads as this after every reset; offsets behind the registers read all ones. */
#define DEVICE_MAGIC 0x41525354u
#define DEVICE_NUM_REGS 16
/* A write here fails. */
#define DEVICE_BAD_OFFSET 0x1000u

/**
 * struct device - the recording device
 * @regs: BAR0, 8 bytes each
 * @doorbell_offset: offset of the last BAR2 write
 * @doorbell: value of the last BAR2 write
 * @resets: how often each kind was reported
 * @vector_enabled: last report of each vector
 * @vector_reports: reports of all vectors, and of what is none
 */
struct device {
	uint64_t regs[DEVICE_NUM_REGS];
	uint64_t doorbell_offset;
	uint64_t doorbell;
	unsigned int resets[3];
	bool vector_enabled[DEVICE_VECTORS];
	unsigned int vector_reports;
};

/** device_config() - the PCI device around @device */
struct vfu_config device_config(struct device *device);

#endif
