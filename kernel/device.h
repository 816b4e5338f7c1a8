/* SPDX-License-Identifier: GPL-2.0-only */
/* One NPU. */
#ifndef TSR_DEVICE_H
#define TSR_DEVICE_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include <drm/drm_device.h>

#include <tsr_hw/fuse.h>

struct tsr_clear;
struct tsr_client_table;
struct tsr_event;
struct tsr_fw;
struct tsr_hfi;
struct tsr_local;
struct tsr_mmu;
struct tsr_program_table;
struct tsr_queue_table;
struct tsr_reset;
struct workqueue_struct;

/**
 * struct tsr_hw - facts of the hardware, read once and checked at probe
 * @version: major << 16 | minor
 * @caps: TSR_HW_CAP_*
 * @phys_bits: width of physical addresses
 * @va_bits: width of virtual addresses
 * @doorbell_shift: log2 of the distance of doorbell pages
 * @doorbell_pages: doorbell pages
 * @asids: entries of the address-space table, entry 0 included
 * @queues: queues, the admin queue included
 * @queues_per_page: queues of one address space
 * @vectors: interrupt vectors in use
 * @time_scale: wall-clock seconds a modelled second may take
 * @clock_khz: frequency of device cycles
 * @max_nodes: nodes of one program
 * @max_slots: slots of one job
 * @fuses: fuse block
 */
struct tsr_hw {
	u32 version;
	u32 caps;
	u32 phys_bits;
	u32 va_bits;
	u32 doorbell_shift;
	u32 doorbell_pages;
	u32 asids;
	u32 queues;
	u32 queues_per_page;
	u32 vectors;
	u32 time_scale;
	u32 clock_khz;
	u32 max_nodes;
	u32 max_slots;
	struct tsr_hw_fuses fuses;
};

/**
 * struct tsr_device - one NPU
 * @drm: base
 * @regs: BAR of registers
 * @doorbells: BAR of doorbells
 * @hw: facts of the hardware
 * @lost: 0, or finally -ENODEV (device gone) or -EIO (resets failed)
 * @quiet: completed by an unplug once the device accesses no memory any more
 * @fw: firmware image and boot
 * @hfi: admin queue
 * @event: event ring and interrupts
 * @mmu: address-space table and invalidation ring
 * @local: local memory; has no bytes on a device without
 * @clear: what clears it, NULL on a device without
 * @reset: recovery
 * @queues: queues by device-wide number
 * @programs: sealed programs
 * @clients: users and what they hold
 * @submit_wq: where the schedulers of all queues work
 * @bos: buffer objects mapped for the device
 * @bos.lock: protects @bos.list and the mappings of what is on it; inside of reservations
 * @bos.list: &struct tsr_bo, to take the mappings away on unplug
 * @vms: address spaces
 * @vms.lock: protects @vms.list; inside it come the locks of address spaces
 * @vms.list: &struct tsr_vm, to take the page tables away on unplug
 */
struct tsr_device {
	struct drm_device drm;
	void __iomem *regs;
	void __iomem *doorbells;
	struct tsr_hw hw;
	int lost;
	struct completion quiet;

	struct tsr_fw *fw;
	struct tsr_hfi *hfi;
	struct tsr_event *event;
	struct tsr_mmu *mmu;
	struct tsr_local *local;
	struct tsr_clear *clear;
	struct tsr_reset *reset;
	struct tsr_queue_table *queues;
	struct tsr_program_table *programs;
	struct tsr_client_table *clients;
	struct workqueue_struct *submit_wq;

	struct {
		struct mutex lock;	/* list */
		struct list_head list;
	} bos;

	struct {
		struct mutex lock;	/* list */
		struct list_head list;
	} vms;
};

static inline struct tsr_device *to_tsr_device(struct drm_device *drm)
{
	return container_of(drm, struct tsr_device, drm);
}

/**
 * tsr_device_reserved() - address spaces, and queues, that the driver keeps for itself
 * @tdev: device, its fuses known
 *
 * One of each clears local memory.
 *
 * Return: 0 or 1.
 */
static inline u32 tsr_device_reserved(struct tsr_device *tdev)
{
	return !!tdev->hw.fuses.memory_mib;
}

/* How long the device is given to answer, before TIME_SCALE. */
#define TSR_ANSWER_TIMEOUT_MS	1000
#define TSR_BOOT_TIMEOUT_MS	10000

int tsr_device_init(struct tsr_device *tdev);
void tsr_device_unplug(struct tsr_device *tdev);
void tsr_device_lose(struct tsr_device *tdev, int error);
int tsr_device_status(struct tsr_device *tdev);
void tsr_device_wait_quiet(struct tsr_device *tdev);
unsigned long tsr_device_timeout(struct tsr_device *tdev, unsigned int ms);

#endif
