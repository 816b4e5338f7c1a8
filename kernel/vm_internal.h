/* SPDX-License-Identifier: GPL-2.0-only */
/* What vm.c and bind.c share. */
#ifndef TSR_VM_INTERNAL_H
#define TSR_VM_INTERNAL_H

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include <drm/drm_gpuvm.h>

struct tsr_client;
struct tsr_device;
struct tsr_pgtable;

#define TSR_VM_QUEUES_MAX	64

/**
 * struct tsr_vm - address space
 * @base: what is mapped; protected by @lock
 * @tdev: device
 * @client: client it counts for, referenced
 * @lock: protects all below but @link; outside of resv locks and of everything a reset takes
 * @pgtable: page table, NULL once the address space is destroyed or the device unplugged
 * @asid: number the device knows it by
 * @destroyed: no longer there for userspace
 * @queues: doorbell indices in use
 * @pins: sealed programs in its mappings
 * @shared: mappings of objects that are not exclusive; read without the lock
 * @local: mappings of local memory; read without the lock
 * @link: in &tsr_device.vms
 */
struct tsr_vm {
	struct drm_gpuvm base;
	struct tsr_device *tdev;
	struct tsr_client *client;
	struct mutex lock;	/* mappings and page table */
	struct tsr_pgtable *pgtable;
	unsigned int asid;
	bool destroyed;
	DECLARE_BITMAP(queues, TSR_VM_QUEUES_MAX);
	unsigned int pins;
	atomic_t shared;
	atomic_t local;
	struct list_head link;
};

#endif
