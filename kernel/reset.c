// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recovery: full reset with firmware reload.
 *
 * Timeouts and resets run on one ordered workqueue, so that they never overlap; only resets
 * by others (FLR) come in between. What talks to the device elsewhere blocks resets meanwhile,
 * for a bounded time, and gives up when one is pending. Who gets no answer asks for a reset,
 * unless there has been one since: each is a new generation of the device. A reset allocates
 * nothing and takes no reservation.
 */

#include "reset.h"

#include <linux/dma-fence.h>
#include <linux/rwsem.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "event.h"
#include "fw.h"
#include "hfi.h"
#include "mmu.h"
#include "program.h"
#include "queue.h"
#include "reg.h"

#define TSR_RESET_ATTEMPTS	3

/**
 * struct tsr_reset - recovery
 * @tdev: device
 * @wq: ordered workqueue of timeouts and resets
 * @work: a reset asked for from elsewhere
 * @sem: held for reading by what talks to the device, for writing by a reset; outside of the
 *       locks of admin queue, MMU and queues
 * @generation: resets so far; changes under @sem
 * @pending: a reset is wanted: waits on the device are to be given up
 * @why: what for
 * @external: between tsr_reset_prepare() and tsr_reset_done()
 * @asleep: between tsr_reset_sleep() and tsr_reset_wake(); changes under @sem
 * @awake: who wants to talk to the device meanwhile waits here
 */
struct tsr_reset {
	struct tsr_device *tdev;
	struct workqueue_struct *wq;
	struct work_struct work;
	struct rw_semaphore sem;
	unsigned int generation;
	bool pending;
	const char *why;
	bool external;
	bool asleep;
	wait_queue_head_t awake;
};

/**
 * tsr_reset_wq() - the ordered workqueue
 * @tdev: device
 *
 * Return: the workqueue.
 */
struct workqueue_struct *tsr_reset_wq(struct tsr_device *tdev)
{
	return tdev->reset->wq;
}

/**
 * tsr_reset_pending() - is a reset wanted?
 * @tdev: device
 *
 * Return: true when waits on the device are to be given up.
 */
bool tsr_reset_pending(struct tsr_device *tdev)
{
	return READ_ONCE(tdev->reset->pending);
}

/**
 * tsr_reset_count() - resets so far
 * @tdev: device
 *
 * Return: a number that each reset increases.
 */
unsigned int tsr_reset_count(struct tsr_device *tdev)
{
	return READ_ONCE(tdev->reset->generation);
}

/**
 * tsr_reset_block() - keep resets away
 * @tdev: device
 *
 * Waits until the system is awake: only work of the kernel's own comes here before that.
 *
 * Context: sleeps. No memory may be allocated before tsr_reset_unblock().
 * Return: generation of the device, for a later tsr_reset_and_wait() or tsr_reset_now().
 */
unsigned int tsr_reset_block(struct tsr_device *tdev)
{
	struct tsr_reset *reset = tdev->reset;

	down_read(&reset->sem);
	while (reset->asleep) {
		up_read(&reset->sem);
		wait_event(reset->awake, !READ_ONCE(reset->asleep));
		down_read(&reset->sem);
	}

	return reset->generation;
}

/**
 * tsr_reset_unblock() - counterpart of tsr_reset_block()
 * @tdev: device
 */
void tsr_reset_unblock(struct tsr_device *tdev)
{
	up_read(&tdev->reset->sem);
}

/**
 * tsr_reset_device() - bring the device, and nothing else, to its state after power-on
 * @tdev: device
 *
 * When it returns 0 the device accesses no memory.
 *
 * Return: 0, -ENODEV when it is gone, -ETIMEDOUT.
 */
int tsr_reset_device(struct tsr_device *tdev)
{
	int state;

	if (tsr_reg_gone(tdev))
		return -ENODEV;
	tsr_reg_write(tdev, TSR_HW_REG_CONTROL, TSR_HW_CONTROL_RESET);
	state = tsr_reg_wait_state(tdev, BIT(TSR_HW_STATE_RESET), TSR_ANSWER_TIMEOUT_MS);

	return min(state, 0);
}

static void tsr_reset_begin(struct tsr_device *tdev)
{
	WRITE_ONCE(tdev->reset->pending, true);
	down_write(&tdev->reset->sem);
	tsr_event_stop(tdev);
	tsr_queue_stop_all(tdev);
}

static void tsr_reset_end(struct tsr_device *tdev)
{
	tsr_queue_start_all(tdev);
	up_write(&tdev->reset->sem);
}

static int tsr_reset_attempt(struct tsr_device *tdev, struct tsr_queue *guilty)
{
	int ret;

	ret = tsr_reset_device(tdev);
	if (ret)
		return ret;

	WRITE_ONCE(tdev->reset->generation, tdev->reset->generation + 1);
	WRITE_ONCE(tdev->reset->pending, false);
	tsr_mmu_start(tdev);
	tsr_hfi_start(tdev);
	tsr_event_start(tdev);
	ret = tsr_fw_boot(tdev);
	if (!ret)
		ret = tsr_program_restart_all(tdev);
	if (!ret)
		ret = tsr_queue_restart_all(tdev, guilty);
	if (ret)
		tsr_event_stop(tdev);

	return ret;
}

static void tsr_reset_recover(struct tsr_device *tdev, struct tsr_queue *guilty)
{
	unsigned int attempt;
	int ret;

	for (attempt = 0; attempt < TSR_RESET_ATTEMPTS; attempt++) {
		ret = tsr_reset_attempt(tdev, guilty);
		if (!ret || ret == -ENODEV)
			break;
	}
	if (ret)
		tsr_device_lose(tdev, ret == -ENODEV ? -ENODEV : -EIO);
	else
		drm_info(&tdev->drm, "reset done\n");
}

/* Is the device, which gave no answer, still the one that was asked? */
static bool tsr_reset_is_due(struct tsr_device *tdev, unsigned int generation)
{
	bool same = tsr_reset_block(tdev) == generation;

	tsr_reset_unblock(tdev);

	return same;
}

static void tsr_reset_run(struct tsr_device *tdev, const char *why, struct tsr_queue *guilty)
{
	bool cookie;

	if (tsr_device_status(tdev))
		return;

	if (guilty)
		drm_warn(&tdev->drm, "resetting: %s, client %s\n", why,
			 tsr_queue_client_name(guilty));
	else
		drm_warn(&tdev->drm, "resetting: %s\n", why);
	cookie = dma_fence_begin_signalling();
	tsr_reset_begin(tdev);
	tsr_reset_recover(tdev, guilty);
	tsr_reset_end(tdev);
	dma_fence_end_signalling(cookie);
}

/**
 * tsr_reset_now() - reset, reload the firmware, run again what can be
 * @tdev: device
 * @why: for the log
 * @guilty: queue whose running job is the reason, or NULL
 * @generation: of the device that gave reason; nothing is done when it has been reset since
 *
 * Context: the ordered workqueue only.
 */
void tsr_reset_now(struct tsr_device *tdev, const char *why, struct tsr_queue *guilty,
		   unsigned int generation)
{
	if (tsr_reset_is_due(tdev, generation))
		tsr_reset_run(tdev, why, guilty);
}

static void tsr_reset_work(struct work_struct *work)
{
	struct tsr_reset *reset = container_of(work, struct tsr_reset, work);
	struct tsr_device *tdev = reset->tdev;

	if (tsr_reset_pending(tdev))
		tsr_reset_run(tdev, reset->why, NULL);
}

/**
 * tsr_reset_schedule() - ask for a reset
 * @tdev: device
 * @why: for the log, a constant
 *
 * Context: any.
 */
void tsr_reset_schedule(struct tsr_device *tdev, const char *why)
{
	struct tsr_reset *reset = tdev->reset;

	if (tsr_device_status(tdev))
		return;
	WRITE_ONCE(reset->why, why);
	WRITE_ONCE(reset->pending, true);
	queue_work(reset->wq, &reset->work);
}

/**
 * tsr_reset_and_wait() - ask for a reset and wait for it
 * @tdev: device, not unplugged
 * @why: for the log, a constant
 * @generation: of the device that gave reason; nothing is done when it has been reset since
 *
 * When it returns the device has been reset, or is lost and accesses nothing.
 *
 * Context: sleeps; no lock that a reset takes may be held.
 */
void tsr_reset_and_wait(struct tsr_device *tdev, const char *why, unsigned int generation)
{
	if (!tsr_reset_is_due(tdev, generation))
		return;
	tsr_reset_schedule(tdev, why);
	flush_work(&tdev->reset->work);
}

/**
 * tsr_reset_prepare() - somebody else is about to reset the function
 * @tdev: device
 */
void tsr_reset_prepare(struct tsr_device *tdev)
{
	struct tsr_reset *reset = tdev->reset;

	if (tsr_device_status(tdev))
		return;
	tsr_reset_begin(tdev);
	reset->external = true;
	tsr_reset_device(tdev);
}

/**
 * tsr_reset_done() - somebody else has reset the function
 * @tdev: device
 */
void tsr_reset_done(struct tsr_device *tdev)
{
	struct tsr_reset *reset = tdev->reset;

	if (!reset->external)
		return;
	reset->external = false;
	tsr_reset_recover(tdev, NULL);
	tsr_reset_end(tdev);
}

/**
 * tsr_reset_hold_jobs() - let nothing more into the rings; jobs that are there run
 * @tdev: device, its clients frozen
 */
void tsr_reset_hold_jobs(struct tsr_device *tdev)
{
	down_write(&tdev->reset->sem);
	tsr_queue_stop_all(tdev);
	up_write(&tdev->reset->sem);
}

/**
 * tsr_reset_sleep() - bring the device to rest until tsr_reset_wake()
 * @tdev: device, its clients frozen
 *
 * When it returns the device accesses no memory, interrupts are kept out and nothing is let
 * near the device. The lock is not held meanwhile: another process may wake the device.
 */
void tsr_reset_sleep(struct tsr_device *tdev)
{
	struct tsr_reset *reset = tdev->reset;

	disable_work_sync(&reset->work);
	down_write(&reset->sem);
	/* Jobs may have been let in again by a reset. */
	tsr_queue_stop_all(tdev);
	if (!tsr_device_status(tdev)) {
		tsr_event_stop(tdev);
		tsr_reset_device(tdev);
		WRITE_ONCE(reset->asleep, true);
	}
	up_write(&reset->sem);
}

/**
 * tsr_reset_wake() - counterpart of tsr_reset_hold_jobs() and tsr_reset_sleep()
 * @tdev: device
 */
void tsr_reset_wake(struct tsr_device *tdev)
{
	struct tsr_reset *reset = tdev->reset;
	bool cookie;

	cookie = dma_fence_begin_signalling();
	down_write(&reset->sem);
	if (reset->asleep)
		tsr_reset_recover(tdev, NULL);
	WRITE_ONCE(reset->asleep, false);
	tsr_queue_start_all(tdev);
	up_write(&reset->sem);
	dma_fence_end_signalling(cookie);
	wake_up_all(&reset->awake);
	enable_work(&reset->work);
}

static void tsr_reset_release(struct drm_device *drm, void *wq)
{
	destroy_workqueue(wq);
}

/**
 * tsr_reset_init() - make recovery possible
 * @tdev: device
 *
 * Return: 0 or -ENOMEM.
 */
int tsr_reset_init(struct tsr_device *tdev)
{
	struct tsr_reset *reset;

	reset = drmm_kzalloc(&tdev->drm, sizeof(*reset), GFP_KERNEL);
	if (!reset)
		return -ENOMEM;
	reset->tdev = tdev;
	init_rwsem(&reset->sem);
	init_waitqueue_head(&reset->awake);
	INIT_WORK(&reset->work, tsr_reset_work);
	reset->wq = alloc_ordered_workqueue("tessera-reset", WQ_MEM_RECLAIM);
	if (!reset->wq)
		return -ENOMEM;
	tdev->reset = reset;

	return drmm_add_action_or_reset(&tdev->drm, tsr_reset_release, reset->wq);
}

/**
 * tsr_reset_fini() - no reset from here on
 * @tdev: device, unplugged
 */
void tsr_reset_fini(struct tsr_device *tdev)
{
	disable_work_sync(&tdev->reset->work);
}
