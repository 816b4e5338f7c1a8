// SPDX-License-Identifier: GPL-2.0-only
/* One NPU: bringing its parts up and taking them down. */

#include "device.h"

#include <linux/pci.h>
#include <linux/workqueue.h>

#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "clear.h"
#include "client.h"
#include "event.h"
#include "fw.h"
#include "gem.h"
#include "hfi.h"
#include "local.h"
#include "mmu.h"
#include "program.h"
#include "queue.h"
#include "reset.h"
#include "vm.h"

/**
 * tsr_device_status() - is the device usable?
 * @tdev: device
 *
 * Return: 0, -ENODEV when it is gone, -EIO when resets have failed; final in both cases.
 */
int tsr_device_status(struct tsr_device *tdev)
{
	return READ_ONCE(tdev->lost);
}

/**
 * tsr_device_timeout() - how long to wait for the device
 * @tdev: device
 * @ms: how long hardware would take at most
 *
 * Return: jiffies.
 */
unsigned long tsr_device_timeout(struct tsr_device *tdev, unsigned int ms)
{
	u64 scaled = (u64)ms * tdev->hw.time_scale;

	return msecs_to_jiffies(min_t(u64, scaled, INT_MAX));
}

/**
 * tsr_device_lose() - give the device up: it is gone, or resets do not help
 * @tdev: device
 * @error: -ENODEV or -EIO
 *
 * It is kept from memory; all fences signal with @error, all ioctls return it.
 */
void tsr_device_lose(struct tsr_device *tdev, int error)
{
	if (tsr_device_status(tdev))
		return;
	/* First: whoever sees the device lost may free what it had access to. */
	pci_clear_master(to_pci_dev(tdev->drm.dev));
	if (cmpxchg(&tdev->lost, 0, error))
		return;

	if (error == -ENODEV)
		drm_err(&tdev->drm, "device is gone\n");
	else
		drm_err(&tdev->drm, "device does not recover: unbind it, or reset its slot\n");
	tsr_queue_lose_all(tdev);
	tsr_hfi_event(tdev);
}

/**
 * tsr_device_wait_quiet() - wait until an unplugged device accesses no memory any more
 * @tdev: device that drm_dev_enter() refused
 *
 * That it is unplugged says only that its registers are out of reach; it works on until
 * the unplug has reset it.
 *
 * Context: sleeps, for a bounded time.
 */
void tsr_device_wait_quiet(struct tsr_device *tdev)
{
	wait_for_completion(&tdev->quiet);
}

static void tsr_device_release_wq(struct drm_device *drm, void *wq)
{
	destroy_workqueue(wq);
}

static int tsr_device_init_software(struct tsr_device *tdev)
{
	int ret;

	init_completion(&tdev->quiet);
	INIT_LIST_HEAD(&tdev->bos.list);
	INIT_LIST_HEAD(&tdev->vms.list);
	ret = drmm_mutex_init(&tdev->drm, &tdev->bos.lock);
	if (ret)
		return ret;
	ret = drmm_mutex_init(&tdev->drm, &tdev->vms.lock);
	if (ret)
		return ret;
	ret = tsr_client_table_init(tdev);
	if (ret)
		return ret;
	ret = tsr_local_init(tdev);
	if (ret)
		return ret;

	tdev->submit_wq = alloc_workqueue("tessera-submit", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!tdev->submit_wq)
		return -ENOMEM;
	ret = drmm_add_action_or_reset(&tdev->drm, tsr_device_release_wq, tdev->submit_wq);
	if (ret)
		return ret;
	ret = tsr_reset_init(tdev);
	if (ret)
		return ret;
	ret = tsr_program_table_init(tdev);
	if (ret)
		return ret;

	return tsr_queue_table_init(tdev);
}

static int tsr_device_boot(struct tsr_device *tdev)
{
	int ret;

	ret = tsr_reset_device(tdev);
	if (ret) {
		drm_err(&tdev->drm, "device does not reset (%d)\n", ret);
		return ret;
	}
	tsr_mmu_start(tdev);
	tsr_hfi_start(tdev);
	tsr_event_start(tdev);
	ret = tsr_fw_boot(tdev);
	if (ret)
		return ret;

	return tsr_hfi_ping(tdev);
}

/**
 * tsr_device_init() - bring the device up
 * @tdev: device, its registers mapped, its facts known, its vectors allocated
 *
 * Return: 0 or a negative errno.
 */
int tsr_device_init(struct tsr_device *tdev)
{
	int ret;

	ret = tsr_device_init_software(tdev);
	if (ret)
		return ret;
	ret = tsr_hfi_init(tdev);
	if (ret)
		return ret;
	ret = tsr_mmu_init(tdev);
	if (ret)
		return ret;
	ret = tsr_fw_init(tdev);
	if (ret)
		return ret;
	ret = tsr_event_init(tdev);
	if (ret)
		return ret;

	ret = tsr_device_boot(tdev);
	if (!ret)
		ret = tsr_clear_init(tdev);
	if (ret) {
		/* Nothing of what it was told about may be accessed when it is freed. */
		tsr_reset_device(tdev);
		tsr_event_fini(tdev);
	}

	return ret;
}

/**
 * tsr_device_unplug() - take the device away from under everybody
 * @tdev: device
 *
 * Clients may keep files, objects and fences; all jobs end, and no mapping for the device
 * is left when this returns, but for imported buffers, which their exporters map.
 */
void tsr_device_unplug(struct tsr_device *tdev)
{
	drm_dev_unplug(&tdev->drm);
	tsr_reset_fini(tdev);
	tsr_event_fini(tdev);
	if (!tsr_device_status(tdev))
		tsr_reset_device(tdev);
	pci_clear_master(to_pci_dev(tdev->drm.dev));
	cmpxchg(&tdev->lost, 0, -ENODEV);
	complete_all(&tdev->quiet);

	tsr_queue_unplug_all(tdev);
	tsr_clear_fini(tdev);
	tsr_vm_unplug_all(tdev);
	tsr_bo_unplug_all(tdev);
}
