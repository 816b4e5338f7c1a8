/* SPDX-License-Identifier: MIT */
/*
 * The virtual NPU: one PCI device with all its parts.
 *
 * Threads: the transport's protocol thread answers register accesses at once; the
 * simulation thread runs core and events; the invalidation thread serves its ring; each
 * engine has a worker for native computation. Locks are private to the parts; none is
 * held while another part is called, except the port's, which is taken before the
 * transport's DMA window and is otherwise a leaf.
 */
#ifndef VNPU_DEVICE_H
#define VNPU_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct counters;
struct device;
struct inject;
struct replay;
struct simulation;
struct surface;
struct tsr_hw_fuses;
struct vfu;

/* Local memory of a device at most, for it is the host's, unless it was made otherwise. */
#define DEVICE_LOCAL_MIB 2048u

/**
 * struct device_config - which device
 * @sku_path: SKU file
 * @state_path: state file
 * @key_hash: SHA-256 of the firmware signing key, 32 bytes; copied
 * @single_vector: one MSI vector in place of MSI-X
 * @local_mib: local memory at most, 0 for DEVICE_LOCAL_MIB; the fuses say what there is
 * @unkind: be as slow and keep as much as the manual allows
 * @time_scale: TSR_HW_REG_TIME_SCALE, 0 for what the SKU file says
 * @surface: what tests need, or NULL for a device that no test disturbs
 * @replay: NULL, or a record to repeat, with @surface: the device has no transport, no
 *	state file and no threads but workers
 */
struct device_config {
	const char *sku_path;
	const char *state_path;
	const uint8_t *key_hash;
	bool single_vector;
	bool unkind;
	uint32_t local_mib;
	uint32_t time_scale;
	const struct surface *surface;
	struct replay *replay;
};

/**
 * device_create() - make a device in its power-on state
 * @config: see struct device_config
 * @out: the device, owned by the caller
 * @error: on failure a sentence for the user
 * @error_size: bytes at @error
 *
 * It opens all files the device needs, and starts no thread.
 *
 * Return: 0 or a negative errno.
 */
int device_create(const struct device_config *config, struct device **out, char *error,
		  size_t error_size);

/**
 * device_start() - start all threads but the transport's and the workers
 * @dev: a device that does not replay
 *
 * Return: 0 or a negative errno.
 */
int device_start(struct device *dev);

/** device_destroy() - power off: no client may be served any more; NULL is allowed */
void device_destroy(struct device *dev);

/** device_vfu() - the transport, to start or serve */
struct vfu *device_vfu(struct device *dev);

/** device_counters() - what it counts */
struct counters *device_counters(struct device *dev);

/** device_surface() - what tests need of it, or NULL */
const struct surface *device_surface(const struct device *dev);

/** device_inject() - its faults; NULL without test surface */
struct inject *device_inject(struct device *dev);

/** device_simulation() - its simulation */
struct simulation *device_simulation(struct device *dev);

/** device_fuses() - its fuse block as at power-on */
const struct tsr_hw_fuses *device_fuses(const struct device *dev);

/**
 * device_set_gone() - act as if it had been pulled out, or put it back
 *
 * While gone, registers read all ones, writes are lost, memory is not accessed, nothing
 * runs and nothing is raised. A node that was at work has failed when it is back.
 */
void device_set_gone(struct device *dev, bool gone);

/**
 * device_record_start() - record from now on
 * @dev: the device, with a test surface, in state RESET
 * @fd: a regular file open for writing, emptied; the device's on success
 *
 * Return: 0, -EBUSY when it is not in state RESET or already recorded, -EINVAL for a
 * descriptor of another kind, or a negative errno.
 */
int device_record_start(struct device *dev, int fd);

/** device_record_stop() - end the record; 0 or a negative errno */
int device_record_stop(struct device *dev);

/** device_replay() - repeat config.replay to its end or to the first difference */
void device_replay(struct device *dev);

/** struct device_status - a snapshot */
struct device_status {
	unsigned int state;	/* TSR_HW_STATE_* */
	unsigned int resets;
	uint64_t boots;
	bool gone;
	bool bus_master;
	bool held;
	uint64_t steps;
	unsigned int engines_busy;
	bool asleep;		/* nothing happens before the host acts */
	bool armed;		/* a fault has not fired yet */
	uint64_t cycles;
};

/** device_status() - how it stands */
void device_status(struct device *dev, struct device_status *status);

#endif
