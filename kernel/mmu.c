// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device's MMU: address-space table and invalidation ring.
 *
 * An invalidation cannot fail for its caller. When the device does not confirm one in
 * time it is reset, and a device in reset holds no translation; when it is gone or given
 * up, it accesses nothing.
 */

#include "mmu.h"

#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/mutex.h>

#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include <tsr_hw/mmu.h>

#include "reg.h"
#include "reset.h"

/* Looks at the ring between two looks whether the device still exists; then it is rung again. */
#define TSR_MMU_LOOKS		1000

/**
 * struct tsr_mmu - address-space table and invalidation ring
 * @lock: one invalidation at a time; protects all below
 * @ring: the ring
 * @ring_dma: its address
 * @seq: sequence of the last command
 * @used: ASIDs not free
 * @root: root table by ASID, 0 for none; survives resets
 */
struct tsr_mmu {
	struct mutex lock;	/* one invalidation at a time */
	struct tsr_hw_inv_ring *ring;
	dma_addr_t ring_dma;
	u32 seq;
	DECLARE_BITMAP(used, TSR_HW_ASID_COUNT);
	dma_addr_t root[TSR_HW_ASID_COUNT];
};

/**
 * tsr_mmu_init() - allocate the invalidation ring
 * @tdev: device
 *
 * Return: 0 or -ENOMEM.
 */
int tsr_mmu_init(struct tsr_device *tdev)
{
	struct tsr_mmu *mmu;
	int ret;

	mmu = drmm_kzalloc(&tdev->drm, sizeof(*mmu), GFP_KERNEL);
	if (!mmu)
		return -ENOMEM;
	ret = drmm_mutex_init(&tdev->drm, &mmu->lock);
	if (ret)
		return ret;

	mmu->ring = dmam_alloc_coherent(tdev->drm.dev, sizeof(*mmu->ring), &mmu->ring_dma,
					GFP_KERNEL);
	if (!mmu->ring)
		return -ENOMEM;
	tdev->mmu = mmu;

	return 0;
}

static void tsr_mmu_set_root(struct tsr_device *tdev, unsigned int asid, dma_addr_t root)
{
	lockdep_assert_held(&tdev->mmu->lock);

	tdev->mmu->root[asid] = root;
	tsr_reg_write64(tdev, TSR_HW_REG_ASID_ROOT_LO(asid), root ? root | TSR_HW_ASID_VALID : 0);
}

/**
 * tsr_mmu_start() - give a device fresh from reset its tables
 * @tdev: device, in reset
 */
void tsr_mmu_start(struct tsr_device *tdev)
{
	struct tsr_mmu *mmu = tdev->mmu;
	unsigned int asid;

	mutex_lock(&mmu->lock);
	memset(mmu->ring, 0, sizeof(*mmu->ring));
	mmu->seq = 0;
	tsr_reg_write64(tdev, TSR_HW_REG_INV_RING_LO, mmu->ring_dma);
	for (asid = 1; asid < tdev->hw.asids; asid++)
		if (mmu->root[asid])
			tsr_mmu_set_root(tdev, asid, mmu->root[asid]);
	mutex_unlock(&mmu->lock);
}

/**
 * tsr_mmu_attach() - make a page table an address space of the device
 * @tdev: device
 * @root: root table
 *
 * Return: the ASID, -ENOSPC when all are taken, -ENODEV.
 */
int tsr_mmu_attach(struct tsr_device *tdev, dma_addr_t root)
{
	struct tsr_mmu *mmu = tdev->mmu;
	unsigned long asid;
	int idx;

	if (!drm_dev_enter(&tdev->drm, &idx))
		return -ENODEV;
	tsr_reset_block(tdev);
	mutex_lock(&mmu->lock);
	asid = find_next_zero_bit(mmu->used, tdev->hw.asids, 1);
	if (asid < tdev->hw.asids) {
		__set_bit(asid, mmu->used);
		tsr_mmu_set_root(tdev, asid, root);
	}
	mutex_unlock(&mmu->lock);
	tsr_reset_unblock(tdev);
	drm_dev_exit(idx);

	return asid < tdev->hw.asids ? asid : -ENOSPC;
}

/* writel() orders the tail before the doorbell. */
static void tsr_mmu_ring(struct tsr_device *tdev)
{
	tsr_reg_write(tdev, TSR_HW_REG_INV_DOORBELL, 1);
}

static void tsr_mmu_send(struct tsr_device *tdev, u32 op, unsigned int asid, u64 va, u64 size)
{
	struct tsr_mmu *mmu = tdev->mmu;
	struct tsr_hw_inv_cmd *cmd;

	lockdep_assert_held(&mmu->lock);

	mmu->seq++;
	cmd = &mmu->ring->cmd[mmu->seq % TSR_HW_INV_RING_ENTRIES];
	cmd->seq = cpu_to_le32(mmu->seq);
	cmd->op = cpu_to_le32(op);
	cmd->asid = cpu_to_le32(asid);
	cmd->va = cpu_to_le64(va);
	cmd->size = cpu_to_le64(size);
	dma_wmb();	/* the command, and the entries it is about, before the tail */
	WRITE_ONCE(mmu->ring->tail, cpu_to_le32(mmu->seq));
	tsr_mmu_ring(tdev);
}

static int tsr_mmu_wait(struct tsr_device *tdev)
{
	unsigned long end = jiffies + tsr_device_timeout(tdev, TSR_ANSWER_TIMEOUT_MS);
	struct tsr_mmu *mmu = tdev->mmu;
	unsigned int looks = 0;

	while (le32_to_cpu(READ_ONCE(mmu->ring->done)) != mmu->seq) {
		if (++looks % TSR_MMU_LOOKS == 0) {
			if (tsr_reg_gone(tdev))
				return -ENODEV;
			tsr_mmu_ring(tdev);
		}
		if (tsr_reset_pending(tdev) || time_after(jiffies, end))
			return -ETIMEDOUT;
		usleep_range(10, 50);
	}
	dma_rmb();	/* nothing is freed on the strength of an old view */

	return READ_ONCE(mmu->ring->error) ? -EIO : 0;
}

static void tsr_mmu_run(struct tsr_device *tdev, u32 op, unsigned int asid, u64 va, u64 size)
{
	unsigned int generation;
	int ret = 0;

	generation = tsr_reset_block(tdev);
	mutex_lock(&tdev->mmu->lock);
	if (!tsr_device_status(tdev)) {
		tsr_mmu_send(tdev, op, asid, va, size);
		ret = tsr_mmu_wait(tdev);
	}
	mutex_unlock(&tdev->mmu->lock);
	tsr_reset_unblock(tdev);

	if (ret)
		tsr_reset_and_wait(tdev, "invalidation not confirmed", generation);
}

/* When it returns, no access through what was taken away is left. */
static void tsr_mmu_run_or_wait(struct tsr_device *tdev, u32 op, unsigned int asid, u64 va,
				u64 size)
{
	int idx;

	if (drm_dev_enter(&tdev->drm, &idx)) {
		tsr_mmu_run(tdev, op, asid, va, size);
		drm_dev_exit(idx);
	} else {
		tsr_device_wait_quiet(tdev);
	}
}

/**
 * tsr_mmu_invalidate() - end all accesses through old translations of a range
 * @tdev: device
 * @asid: address space
 * @va: first address, page aligned
 * @size: bytes, page aligned
 *
 * Context: sleeps, for a bounded time. No lock that a reset takes may be held.
 */
void tsr_mmu_invalidate(struct tsr_device *tdev, unsigned int asid, u64 va, u64 size)
{
	tsr_mmu_run_or_wait(tdev, TSR_HW_INV_RANGE, asid, va, size);
}

/**
 * tsr_mmu_detach() - take an address space from the device
 * @tdev: device
 * @asid: address space; free again afterwards
 *
 * When it returns the device no longer walks the page table.
 *
 * Context: as tsr_mmu_invalidate().
 */
void tsr_mmu_detach(struct tsr_device *tdev, unsigned int asid)
{
	struct tsr_mmu *mmu = tdev->mmu;
	int idx;

	if (drm_dev_enter(&tdev->drm, &idx)) {
		tsr_reset_block(tdev);
		mutex_lock(&mmu->lock);
		tsr_mmu_set_root(tdev, asid, 0);
		mutex_unlock(&mmu->lock);
		tsr_reset_unblock(tdev);
		drm_dev_exit(idx);
	}
	tsr_mmu_run_or_wait(tdev, TSR_HW_INV_ASID, asid, 0, 0);

	/* The ASID must not be given away before walks through it have ended. */
	mutex_lock(&mmu->lock);
	__clear_bit(asid, mmu->used);
	mutex_unlock(&mmu->lock);
}
