// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clearing of local memory, which no CPU reaches: by jobs of the driver's own.
 *
 * An allocation is cleared when it is made, before anything else can see it, and not when it
 * is freed: it is freed where nothing may wait, and a reset would undo what was cleared. The
 * driver has an address space and a queue for that, both the last of the device. A program of
 * one FILL lies in a page beside its slot; only the sizes in them change. Its jobs come one at
 * a time, so they need no scheduler: their end is looked for, as that of an invalidation.
 *
 * A reset takes the queue away and all contents with it: clearing then begins again.
 */

#include "clear.h"

#include <linux/crc32.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/math64.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_managed.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/program.h>
#include <tsr_hw/queue.h>

#include "device.h"
#include "extent.h"
#include "hfi.h"
#include "mmu.h"
#include "pgtable.h"
#include "queue.h"
#include "reg.h"
#include "reset.h"

/* Where things are in the driver's address space. */
#define TSR_CLEAR_CODE		TSR_HW_VA_USER_START
#define TSR_CLEAR_DATA		BIT_ULL(40)

/* What one job clears; between two the caller may be killed. */
#define TSR_CLEAR_CHUNK		SZ_64M

#define TSR_CLEAR_ATTEMPTS	3
#define TSR_CLEAR_WEIGHT	64

/* Looks at the ring between two looks whether the device still exists; then it is rung again. */
#define TSR_CLEAR_LOOKS		1000

/* What the device reads. */
struct tsr_clear_code {
	struct tsr_hw_program program;
	struct tsr_hw_node node;
	struct tsr_hw_fill fill;
	struct tsr_hw_slot slot;
};

/**
 * struct tsr_clear - what clears local memory
 * @tdev: device
 * @lock: one chunk at a time; protects all below; outside of what a reset takes
 * @pgtable: the driver's address space
 * @asid: its number
 * @queue: number of the queue
 * @known: the firmware knows the queue, if the device is still of @generation
 * @generation: of the device that knows it
 * @ring: descriptors, written by the driver
 * @ring_dma: its address
 * @done: completions, written by the device
 * @done_dma: its address
 * @code: the program, in a page of its own
 * @code_dma: its address
 * @seq: sequence of the last job
 */
struct tsr_clear {
	struct tsr_device *tdev;
	struct mutex lock;	/* one chunk at a time */
	struct tsr_pgtable *pgtable;
	unsigned int asid;
	u16 queue;
	bool known;
	unsigned int generation;
	struct tsr_hw_ring *ring;
	dma_addr_t ring_dma;
	struct tsr_hw_completion_page *done;
	dma_addr_t done_dma;
	struct tsr_clear_code *code;
	dma_addr_t code_dma;
	u32 seq;
};

static u32 tsr_clear_offset(const struct tsr_clear *clear, const void *part)
{
	return part - (void *)clear->code;
}

static void tsr_clear_write_code(struct tsr_clear *clear)
{
	struct tsr_clear_code *code = clear->code;
	struct tsr_hw_program *program = &code->program;
	u32 crc;

	program->magic = cpu_to_le32(TSR_HW_PROGRAM_MAGIC);
	program->version = cpu_to_le16(TSR_HW_PROGRAM_VERSION);
	program->header_size = cpu_to_le16(sizeof(*program));
	program->size = cpu_to_le32(tsr_clear_offset(clear, &code->slot));
	program->engines = cpu_to_le32(BIT(TSR_HW_ENGINE_DMA));
	program->slot_count = cpu_to_le32(1);
	program->node_count = cpu_to_le32(1);
	program->nodes = cpu_to_le32(tsr_clear_offset(clear, &code->node));
	program->streams = cpu_to_le32(tsr_clear_offset(clear, &code->fill));
	program->streams_size = cpu_to_le32(sizeof(code->fill));

	code->node.engine = TSR_HW_ENGINE_DMA;
	code->node.stream_size = cpu_to_le32(sizeof(code->fill));
	code->fill.head.op = TSR_HW_OP_FILL;
	code->fill.head.size = cpu_to_le16(sizeof(code->fill));
	code->fill.width = sizeof(u64);
	code->slot.flags = cpu_to_le32(TSR_HW_SLOT_WRITE);

	crc = crc32_le(~0u, (u8 *)program, sizeof(*program));
	crc = crc32_le(crc, (u8 *)&code->node, sizeof(code->node));
	program->checksum = cpu_to_le32(~crc);
}

/* Map the page of code; it stays. */
static int tsr_clear_map_code(struct tsr_clear *clear)
{
	struct tsr_extents *extents;
	int ret;

	extents = kzalloc(struct_size(extents, run, 1), GFP_KERNEL_ACCOUNT);
	if (!extents)
		return -ENOMEM;
	extents->count = 1;
	extents->run[0].size = TSR_HW_PAGE_SIZE;
	extents->run[0].dma = clear->code_dma;
	ret = tsr_pgtable_reserve_map(clear->pgtable, TSR_CLEAR_CODE, TSR_HW_PAGE_SIZE, extents,
				      0);
	if (!ret)
		tsr_pgtable_map(clear->pgtable, TSR_CLEAR_CODE, TSR_HW_PAGE_SIZE, extents, 0,
				TSR_HW_PTE_READ | TSR_HW_PTE_FETCH);
	kfree(extents);

	return ret;
}

static int tsr_clear_alloc(struct tsr_clear *clear)
{
	struct device *dev = clear->tdev->drm.dev;

	BUILD_BUG_ON(sizeof(*clear->code) > TSR_HW_PAGE_SIZE);

	clear->ring = dmam_alloc_coherent(dev, sizeof(*clear->ring), &clear->ring_dma, GFP_KERNEL);
	clear->done = dmam_alloc_coherent(dev, sizeof(*clear->done), &clear->done_dma, GFP_KERNEL);
	clear->code = dmam_alloc_coherent(dev, TSR_HW_PAGE_SIZE, &clear->code_dma, GFP_KERNEL);

	return clear->ring && clear->done && clear->code ? 0 : -ENOMEM;
}

static int tsr_clear_attach(struct tsr_clear *clear)
{
	struct tsr_device *tdev = clear->tdev;
	int ret;

	clear->pgtable = tsr_pgtable_create(tdev->drm.dev, NULL);
	if (IS_ERR(clear->pgtable))
		return PTR_ERR(clear->pgtable);
	ret = tsr_clear_map_code(clear);
	if (!ret)
		ret = tsr_mmu_attach(tdev, tsr_pgtable_root(clear->pgtable));
	if (ret < 0) {
		tsr_pgtable_destroy(clear->pgtable);
		return ret;
	}
	clear->asid = ret;

	return 0;
}

/**
 * tsr_clear_init() - make local memory clearable, if the device has any
 * @tdev: device that runs
 *
 * Return: 0 or a negative errno.
 */
int tsr_clear_init(struct tsr_device *tdev)
{
	struct tsr_clear *clear;
	int ret;

	if (!tsr_device_reserved(tdev))
		return 0;
	clear = drmm_kzalloc(&tdev->drm, sizeof(*clear), GFP_KERNEL);
	if (!clear)
		return -ENOMEM;
	clear->tdev = tdev;
	clear->queue = tdev->hw.queues - 1;
	ret = drmm_mutex_init(&tdev->drm, &clear->lock);
	if (ret)
		return ret;
	ret = tsr_clear_alloc(clear);
	if (ret)
		return ret;
	tsr_clear_write_code(clear);
	ret = tsr_clear_attach(clear);
	if (ret)
		return ret;
	tdev->clear = clear;

	return 0;
}

/**
 * tsr_clear_fini() - counterpart of tsr_clear_init()
 * @tdev: device that accesses no memory any more
 */
void tsr_clear_fini(struct tsr_device *tdev)
{
	struct tsr_clear *clear = tdev->clear;

	if (!clear)
		return;
	mutex_lock(&clear->lock);
	tsr_mmu_detach(tdev, clear->asid);
	tsr_pgtable_destroy(clear->pgtable);
	clear->pgtable = NULL;
	mutex_unlock(&clear->lock);
}

/* Make the queue known to the firmware that runs now. */
static int tsr_clear_announce(struct tsr_clear *clear, unsigned int generation)
{
	struct tsr_hw_admin command = {
		.op = cpu_to_le16(TSR_HW_ADMIN_QUEUE_CREATE),
		.queue = cpu_to_le16(clear->queue),
		.create.ring = cpu_to_le64(clear->ring_dma),
		.create.done = cpu_to_le64(clear->done_dma),
		.create.asid = cpu_to_le16(clear->asid),
		.create.priority = TSR_HW_PRIORITY_HIGH,
		.create.weight = TSR_CLEAR_WEIGHT,
	};
	int ret;

	lockdep_assert_held(&clear->lock);

	if (clear->known && clear->generation == generation)
		return 0;
	memset(clear->ring, 0, sizeof(*clear->ring));
	memset(clear->done, 0, sizeof(*clear->done));
	clear->seq = 0;
	command.create.budget = cpu_to_le64(mul_u64_u32_div(TSR_QUEUE_MAX_BUDGET_NS,
							    clear->tdev->hw.clock_khz,
							    NSEC_PER_MSEC));
	ret = tsr_hfi_command(clear->tdev, &command);
	clear->known = !ret;
	clear->generation = generation;

	return ret;
}

/*
 * End what the queue runs and take it away: one whose job has failed runs no other.
 *
 * Return: @error, or -ETIMEDOUT when the firmware does not answer.
 */
static int tsr_clear_withdraw(struct tsr_clear *clear, int error)
{
	clear->known = false;
	if (tsr_hfi_queue_command(clear->tdev, TSR_HW_ADMIN_QUEUE_DESTROY, clear->queue))
		return -ETIMEDOUT;

	return error;
}

/* writel() orders the tail before the doorbell. */
static void tsr_clear_ring(struct tsr_clear *clear)
{
	struct tsr_device *tdev = clear->tdev;

	writel(0, tdev->doorbells + ((size_t)clear->asid << tdev->hw.doorbell_shift));
}

static void tsr_clear_push(struct tsr_clear *clear, u64 va, u64 size)
{
	struct tsr_clear_code *code = clear->code;
	struct tsr_hw_job *job;

	lockdep_assert_held(&clear->lock);

	code->fill.size = cpu_to_le64(size);
	code->slot.address = cpu_to_le64(va);
	code->slot.size = cpu_to_le64(size);
	clear->seq++;
	job = &clear->ring->job[clear->seq % TSR_HW_RING_ENTRIES];
	job->seq = cpu_to_le32(clear->seq);
	job->program = cpu_to_le64(TSR_CLEAR_CODE);
	job->program_size = code->program.size;
	job->slots = cpu_to_le64(TSR_CLEAR_CODE + tsr_clear_offset(clear, &code->slot));
	job->slot_count = cpu_to_le32(1);
	job->repeat = cpu_to_le32(1);
	dma_wmb();	/* program and descriptor before the tail that covers them */
	WRITE_ONCE(clear->ring->tail, cpu_to_le32(clear->seq));
	tsr_clear_ring(clear);
}

/* A number that changes while the device works, for this queue or for others. */
static u64 tsr_clear_progress(struct tsr_clear *clear)
{
	return tsr_queue_progress_all(clear->tdev) + le32_to_cpu(READ_ONCE(clear->done->started)) +
	       le64_to_cpu(READ_ONCE(clear->done->progress));
}

/* Others may keep the engines busy: only a device that does nothing for anything is reset. */
static int tsr_clear_wait(struct tsr_clear *clear)
{
	struct tsr_device *tdev = clear->tdev;
	unsigned long timeout = tsr_device_timeout(tdev, TSR_ANSWER_TIMEOUT_MS);
	unsigned long since = jiffies;
	u64 progress = tsr_clear_progress(clear);
	unsigned int looks = 0;

	while (le32_to_cpu(READ_ONCE(clear->done->completed)) != clear->seq) {
		if (++looks % TSR_CLEAR_LOOKS == 0) {
			if (tsr_reg_gone(tdev))
				return -ENODEV;
			tsr_clear_ring(clear);
		}
		if (tsr_clear_progress(clear) != progress) {
			progress = tsr_clear_progress(clear);
			since = jiffies;
		}
		if (fatal_signal_pending(current))
			return tsr_clear_withdraw(clear, -EINTR);
		if (tsr_reset_pending(tdev) || time_after(jiffies, since + timeout))
			return -ETIMEDOUT;
		usleep_range(20, 100);
	}
	dma_rmb();	/* the slot after the sequence that covers it */

	return 0;
}

static int tsr_clear_result(struct tsr_clear *clear)
{
	const struct tsr_hw_completion *slot =
		&clear->done->slot[clear->seq % TSR_HW_RING_ENTRIES];

	if (le32_to_cpu(READ_ONCE(slot->seq)) != clear->seq)
		return -ETIMEDOUT;
	if (le32_to_cpu(READ_ONCE(slot->error)) == TSR_HW_ERR_NONE)
		return 0;

	return tsr_clear_withdraw(clear, -EIO);
}

/* Return: 0, -EIO, -EINTR, -ENODEV, -ETIMEDOUT when the device is to be reset, if it was not. */
static int tsr_clear_job(struct tsr_clear *clear, u64 va, u64 size, unsigned int *generation)
{
	struct tsr_device *tdev = clear->tdev;
	int ret;

	*generation = tsr_reset_block(tdev);
	ret = tsr_device_status(tdev);
	if (!ret)
		ret = tsr_clear_announce(clear, *generation);
	if (!ret) {
		tsr_clear_push(clear, va, size);
		ret = tsr_clear_wait(clear);
		if (!ret)
			ret = tsr_clear_result(clear);
	}
	tsr_reset_unblock(tdev);
	if (ret == -ETIMEDOUT)
		tsr_reset_and_wait(tdev, "local memory cannot be cleared", *generation);

	return ret;
}

/* @size bytes from @offset of what @extents say. Return: as tsr_clear_job(), -ENOMEM. */
static int tsr_clear_chunk(struct tsr_clear *clear, const struct tsr_extents *extents, u64 offset,
			   u64 size, unsigned int *generation)
{
	struct tsr_pgtable *pgtable = clear->pgtable;
	int ret;

	lockdep_assert_held(&clear->lock);

	ret = tsr_pgtable_reserve_map(pgtable, TSR_CLEAR_DATA, size, extents, offset);
	if (!ret) {
		tsr_pgtable_map(pgtable, TSR_CLEAR_DATA, size, extents, offset,
				TSR_HW_PTE_WRITE | TSR_HW_PTE_APERTURE_LOCAL);
		ret = tsr_clear_job(clear, TSR_CLEAR_DATA, size, generation);
		tsr_pgtable_unmap(pgtable, TSR_CLEAR_DATA, size);
	}
	tsr_pgtable_prune(pgtable, TSR_CLEAR_DATA, size);
	if (tsr_pgtable_dirty(pgtable))
		tsr_mmu_invalidate(clear->tdev, clear->asid, TSR_CLEAR_DATA, size);
	tsr_pgtable_invalidated(pgtable);

	return ret;
}

/*
 * Others who clear take turns with this one, chunk by chunk.
 *
 * Return: as tsr_clear_chunk(); -ETIMEDOUT also when a reset has undone a part; -EINTR.
 */
static int tsr_clear_attempt(struct tsr_clear *clear, const struct tsr_extents *extents, u64 size)
{
	unsigned int generation, first = 0;
	u64 at, step;
	int ret;

	for (at = 0; at < size; at += step) {
		if (fatal_signal_pending(current))
			return -EINTR;
		step = min(size - at, TSR_CLEAR_CHUNK);
		ret = mutex_lock_killable(&clear->lock);
		if (ret)
			return ret;
		ret = tsr_clear_chunk(clear, extents, at, step, &generation);
		mutex_unlock(&clear->lock);
		if (ret)
			return ret;
		if (!at)
			first = generation;
		if (generation != first)
			return -ETIMEDOUT;
	}

	return 0;
}

static int tsr_clear_entered(struct tsr_clear *clear, const struct tsr_extents *extents, u64 size)
{
	unsigned int attempt;
	int ret;

	for (attempt = 0; attempt < TSR_CLEAR_ATTEMPTS; attempt++) {
		ret = tsr_clear_attempt(clear, extents, size);
		if (ret != -ETIMEDOUT)
			return ret;
	}

	return -EIO;
}

/**
 * tsr_clear() - fill local memory with zeros
 * @tdev: device with local memory
 * @extents: where in it
 * @size: bytes, whole pages
 *
 * Context: ioctl; sleeps as long as others keep the device busy; ends when the caller is killed.
 * Return: 0, -ENOMEM, -EINTR, -ENODEV or -EIO.
 */
int tsr_clear(struct tsr_device *tdev, const struct tsr_extents *extents, u64 size)
{
	struct tsr_clear *clear = tdev->clear;
	int ret, idx;

	if (!drm_dev_enter(&tdev->drm, &idx))
		return -ENODEV;
	ret = tsr_clear_entered(clear, extents, size);
	drm_dev_exit(idx);

	return ret;
}
