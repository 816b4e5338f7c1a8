// SPDX-License-Identifier: GPL-2.0-only
/*
 * Admin queue: one command at a time, its answer awaited.
 *
 * Commands are rare (creation, destruction, kill of queues; seals), so there is nothing to win
 * by overlapping them. The firmware is not trusted to answer: every wait is bounded,
 * and a caller that gets no answer starts a reset.
 */

#include "hfi.h"

#include <linux/dma-mapping.h>
#include <linux/mutex.h>
#include <linux/wait.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/error.h>
#include <tsr_hw/queue.h>

#include "reg.h"
#include "reset.h"

/* How often a waiter rings again and looks whether the device still exists. */
#define TSR_HFI_LOOK_MS		50

/**
 * struct tsr_hfi - admin queue
 * @lock: one command at a time; protects @ring and @seq
 * @wait: woken by the event of an admin completion
 * @ring: commands, written by the driver
 * @ring_dma: its address
 * @done: completions, written by the device
 * @done_dma: its address
 * @seq: sequence of the last command
 */
struct tsr_hfi {
	struct mutex lock;	/* one command at a time */
	wait_queue_head_t wait;
	struct tsr_hw_ring *ring;
	dma_addr_t ring_dma;
	struct tsr_hw_completion_page *done;
	dma_addr_t done_dma;
	u32 seq;
};

/**
 * tsr_hfi_init() - allocate the admin queue
 * @tdev: device
 *
 * Return: 0 or -ENOMEM.
 */
int tsr_hfi_init(struct tsr_device *tdev)
{
	struct device *dev = tdev->drm.dev;
	struct tsr_hfi *hfi;
	int ret;

	hfi = drmm_kzalloc(&tdev->drm, sizeof(*hfi), GFP_KERNEL);
	if (!hfi)
		return -ENOMEM;
	ret = drmm_mutex_init(&tdev->drm, &hfi->lock);
	if (ret)
		return ret;

	init_waitqueue_head(&hfi->wait);
	hfi->ring = dmam_alloc_coherent(dev, sizeof(*hfi->ring), &hfi->ring_dma, GFP_KERNEL);
	hfi->done = dmam_alloc_coherent(dev, sizeof(*hfi->done), &hfi->done_dma, GFP_KERNEL);
	if (!hfi->ring || !hfi->done)
		return -ENOMEM;
	tdev->hfi = hfi;

	return 0;
}

/**
 * tsr_hfi_start() - bring the rings to their state before a boot
 * @tdev: device, in reset
 */
void tsr_hfi_start(struct tsr_device *tdev)
{
	struct tsr_hfi *hfi = tdev->hfi;

	mutex_lock(&hfi->lock);
	memset(hfi->ring, 0, sizeof(*hfi->ring));
	memset(hfi->done, 0, sizeof(*hfi->done));
	hfi->seq = 0;
	mutex_unlock(&hfi->lock);
}

/**
 * tsr_hfi_describe() - tell a boot block where the admin queue is
 * @tdev: device
 * @block: boot block
 */
void tsr_hfi_describe(struct tsr_device *tdev, struct tsr_hw_boot_block *block)
{
	block->admin_ring = cpu_to_le64(tdev->hfi->ring_dma);
	block->admin_done = cpu_to_le64(tdev->hfi->done_dma);
}

/**
 * tsr_hfi_event() - an admin command may have completed
 * @tdev: device
 *
 * Context: any.
 */
void tsr_hfi_event(struct tsr_device *tdev)
{
	wake_up(&tdev->hfi->wait);
}

static bool tsr_hfi_done(struct tsr_hfi *hfi)
{
	return le32_to_cpu(READ_ONCE(hfi->done->completed)) == hfi->seq;
}

/* writel() orders the tail before the doorbell. */
static void tsr_hfi_ring(struct tsr_device *tdev)
{
	writel(TSR_HW_DOORBELL_ADMIN, tdev->doorbells);
}

static void tsr_hfi_send(struct tsr_device *tdev, struct tsr_hw_admin *command)
{
	struct tsr_hfi *hfi = tdev->hfi;

	lockdep_assert_held(&hfi->lock);

	hfi->seq++;
	command->seq = cpu_to_le32(hfi->seq);
	hfi->ring->admin[hfi->seq % TSR_HW_RING_ENTRIES] = *command;
	dma_wmb();	/* the command before the tail that covers it */
	WRITE_ONCE(hfi->ring->tail, cpu_to_le32(hfi->seq));
	tsr_hfi_ring(tdev);
}

static int tsr_hfi_wait(struct tsr_device *tdev)
{
	unsigned long end = jiffies + tsr_device_timeout(tdev, TSR_ANSWER_TIMEOUT_MS);
	struct tsr_hfi *hfi = tdev->hfi;

	while (!wait_event_timeout(hfi->wait, tsr_hfi_done(hfi),
				   msecs_to_jiffies(TSR_HFI_LOOK_MS))) {
		if (tsr_reg_gone(tdev))
			return -ENODEV;
		if (tsr_reset_pending(tdev) || time_after(jiffies, end))
			return -ETIMEDOUT;
		tsr_hfi_ring(tdev);
	}

	return 0;
}

static int tsr_hfi_errno(u32 error)
{
	switch (error) {
	case TSR_HW_ERR_NONE:
		return 0;
	case TSR_HW_ERR_INVALID:
	case TSR_HW_ERR_PROGRAM:
		return -EINVAL;
	case TSR_HW_ERR_FAULT_READ:
	case TSR_HW_ERR_FAULT_WRITE:
	case TSR_HW_ERR_FAULT_FETCH:
	case TSR_HW_ERR_FAULT_BUS:
		return -EFAULT;
	case TSR_HW_ERR_BUSY:
		return -EBUSY;
	case TSR_HW_ERR_RESOURCES:
		return -ENOSPC;
	case TSR_HW_ERR_UNSUPPORTED:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

/* What a completion says beside its error, if it is read at all. */
struct tsr_hfi_answer {
	u32 node;
	u64 value;
};

static int tsr_hfi_result(struct tsr_hfi *hfi, struct tsr_hfi_answer *answer)
{
	const struct tsr_hw_completion *slot = &hfi->done->slot[hfi->seq % TSR_HW_RING_ENTRIES];

	dma_rmb();	/* the slot after the sequence that covers it */
	if (le32_to_cpu(READ_ONCE(slot->seq)) != hfi->seq)
		return -EIO;
	answer->node = le32_to_cpu(READ_ONCE(slot->node));
	answer->value = le64_to_cpu(READ_ONCE(slot->blocks));

	return tsr_hfi_errno(le32_to_cpu(READ_ONCE(slot->error)));
}

/* One command and its answer. */
static int tsr_hfi_exchange(struct tsr_device *tdev, struct tsr_hw_admin *command,
			    struct tsr_hfi_answer *answer)
{
	struct tsr_hfi *hfi = tdev->hfi;
	int ret;

	ret = tsr_device_status(tdev);
	if (ret)
		return ret;

	mutex_lock(&hfi->lock);
	tsr_hfi_send(tdev, command);
	ret = tsr_hfi_wait(tdev);
	if (!ret)
		ret = tsr_hfi_result(hfi, answer);
	mutex_unlock(&hfi->lock);

	if (ret)
		drm_dbg_driver(&tdev->drm, "admin command %u: %d\n", le16_to_cpu(command->op), ret);

	return ret;
}

/**
 * tsr_hfi_command() - have the firmware do something
 * @tdev: device
 * @command: command; its sequence is filled in
 *
 * Context: sleeps, for a bounded time. Allocates nothing.
 * Return: 0, the error the firmware gave, -ENODEV when the device is gone, -ETIMEDOUT when
 * it does not answer or a reset is wanted: the caller then asks for a reset.
 */
int tsr_hfi_command(struct tsr_device *tdev, struct tsr_hw_admin *command)
{
	struct tsr_hfi_answer answer;

	return tsr_hfi_exchange(tdev, command, &answer);
}

/**
 * tsr_hfi_queue_command() - a command that has no argument but a queue
 * @tdev: device
 * @op: TSR_HW_ADMIN_*
 * @queue: device-wide queue number
 *
 * Return: as tsr_hfi_command().
 */
int tsr_hfi_queue_command(struct tsr_device *tdev, u16 op, u16 queue)
{
	struct tsr_hw_admin command = {
		.op = cpu_to_le16(op),
		.queue = cpu_to_le16(queue),
	};

	return tsr_hfi_command(tdev, &command);
}

/**
 * tsr_hfi_queue_status() - what the firmware does for a queue
 * @tdev: device
 * @queue: device-wide queue number
 * @status: the answer
 *
 * Return: as tsr_hfi_command().
 */
int tsr_hfi_queue_status(struct tsr_device *tdev, u16 queue, struct tsr_hfi_status *status)
{
	struct tsr_hw_admin command = {
		.op = cpu_to_le16(TSR_HW_ADMIN_QUEUE_STATUS),
		.queue = cpu_to_le16(queue),
	};
	struct tsr_hfi_answer answer;
	int ret;

	ret = tsr_hfi_exchange(tdev, &command, &answer);
	if (ret)
		return ret;
	status->runs = answer.node != TSR_HW_NODE_NONE;
	status->completed = answer.value;

	return 0;
}

/**
 * tsr_hfi_seal() - have the firmware give a program a handle
 * @tdev: device
 * @asid: address space
 * @program: virtual address
 * @size: bytes
 * @handle: the answer
 *
 * Return: as tsr_hfi_command(); -ENOSPC when there is no room for another, -EINVAL and -EFAULT
 * when there is no program, -EOPNOTSUPP when the device cannot run it.
 */
int tsr_hfi_seal(struct tsr_device *tdev, u16 asid, u64 program, u32 size, u64 *handle)
{
	struct tsr_hw_admin command = {
		.op = cpu_to_le16(TSR_HW_ADMIN_SEAL),
		.seal.program = cpu_to_le64(program),
		.seal.size = cpu_to_le32(size),
		.seal.asid = cpu_to_le16(asid),
	};
	struct tsr_hfi_answer answer;
	int ret;

	ret = tsr_hfi_exchange(tdev, &command, &answer);
	if (!ret)
		*handle = answer.value;

	return ret;
}

/**
 * tsr_hfi_unseal() - have the firmware end a handle
 * @tdev: device
 * @asid: address space
 * @handle: the handle
 *
 * Return: as tsr_hfi_command().
 */
int tsr_hfi_unseal(struct tsr_device *tdev, u16 asid, u64 handle)
{
	struct tsr_hw_admin command = {
		.op = cpu_to_le16(TSR_HW_ADMIN_UNSEAL),
		.unseal.handle = cpu_to_le64(handle),
		.unseal.asid = cpu_to_le16(asid),
	};

	return tsr_hfi_command(tdev, &command);
}

/**
 * tsr_hfi_ping() - does the firmware live?
 * @tdev: device
 *
 * Return: as tsr_hfi_command().
 */
int tsr_hfi_ping(struct tsr_device *tdev)
{
	return tsr_hfi_queue_command(tdev, TSR_HW_ADMIN_NOP, 0);
}
