/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* A device behind the kernel's ioctls, as one client uses it: runs programs of one node. */
#ifndef CONFORMANCE_DEVICE_H
#define CONFORMANCE_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/program.h>

/*
 * Golden vectors state virtual addresses. Slots lie in the first range, which is memory; the
 * program is at an address of its own.
 */
#define DEVICE_DATA_VA		0x00010000ull
#define DEVICE_DATA_SIZE	0x000f0000ull
#define DEVICE_PROGRAM_VA	0x00200000ull
#define DEVICE_PROGRAM_SIZE	0x00010000ull

/**
 * struct device - an open device
 * @fd: its file
 * @vm: address space of all programs
 * @sku: TSR_HW_SKU_* of the device
 * @data: DEVICE_DATA_SIZE bytes, at DEVICE_DATA_VA for programs
 * @program: DEVICE_PROGRAM_SIZE bytes, at DEVICE_PROGRAM_VA
 */
struct device {
	int fd;
	uint32_t vm;
	uint32_t sku;
	uint8_t *data;
	uint8_t *program;
};

/**
 * struct node_work - the one node of a program
 * @engine: TSR_HW_ENGINE_*
 * @stream: commands
 * @stream_size: bytes of them
 * @slots: struct tsr_hw_slot[], as in memory
 * @slots_size: bytes of them
 */
struct node_work {
	unsigned int engine;
	const void *stream;
	size_t stream_size;
	const void *slots;
	size_t slots_size;
};

/**
 * struct outcome - how a job ended
 * @error: TSR_HW_ERR_*
 * @node: that it names, ~0 for none
 * @address: faulting address, or offset of a refused command
 */
struct outcome {
	uint32_t error;
	uint32_t node;
	uint64_t address;
};

/**
 * device_open() - open a device and give it memory
 * @device: result; to be closed in any case
 * @path: such as /dev/accel/accel0
 *
 * Return: 0 or a negative errno.
 */
int device_open(struct device *device, const char *path);

/** device_close() - release everything */
void device_close(struct device *device);

/**
 * device_run() - run a node on a queue of its own and wait for its end
 * @device: whose @data may have been written before, and is read after
 * @work: the node
 * @outcome: result
 *
 * Return: 0 when the job has ended, however it did; or the negative errno that prevented it:
 * -E2BIG for what does not fit into the program's range, -ETIMEDOUT after minutes.
 */
int device_run(struct device *device, const struct node_work *work, struct outcome *outcome);

#endif
