// SPDX-License-Identifier: GPL-2.0-only
/* DEV_QUERY: facts, each in a structure whose size is negotiated. */

#include "query.h"

#include <linux/jiffies.h>
#include <linux/uaccess.h>

#include <drm/drm_file.h>

#include <tsr_hw/mmu.h>

#include <tessera_accel.h>

#include "bind.h"
#include "client.h"
#include "compat/tessera_compat.h"
#include "device.h"
#include "fw.h"
#include "gem.h"
#include "job.h"
#include "local.h"
#include "queue.h"
#include "queue_internal.h"
#include "reset.h"

/* Copy what fits, zero what is beyond, and tell the whole size. */
static int tsr_query_reply(struct drm_tessera_dev_query *args, const void *from, u32 size)
{
	int ret = 0;

	if (args->pointer)
		ret = copy_struct_to_user(u64_to_user_ptr(args->pointer), args->size, from, size,
					  NULL);
	args->size = size;

	return ret;
}

static int tsr_query_hw(struct tsr_device *tdev, struct drm_tessera_dev_query *args)
{
	const struct tsr_hw *hw = &tdev->hw;
	const struct drm_tessera_query_hw out = {
		.hw_version = hw->version,
		.caps = hw->caps,
		.sku = le32_to_cpu(hw->fuses.sku),
		.clock_khz = hw->clock_khz,
		.va_bits = hw->va_bits,
		.phys_bits = hw->phys_bits,
		.time_scale = hw->time_scale,
		.vectors = hw->vectors,
		.serial = le64_to_cpu(hw->fuses.serial),
	};

	return tsr_query_reply(args, &out, sizeof(out));
}

static int tsr_query_firmware(struct tsr_device *tdev, struct drm_tessera_dev_query *args)
{
	struct drm_tessera_query_firmware out;

	tsr_fw_query(tdev, &out);

	return tsr_query_reply(args, &out, sizeof(out));
}

static u32 tsr_query_priorities(void)
{
	u32 priority, mask = 0;

	for (priority = 0; priority <= DRM_TESSERA_PRIORITY_REALTIME; priority++)
		if (!tsr_queue_priority_permit(priority))
			mask |= BIT(priority);

	return mask;
}

static int tsr_query_limits(struct tsr_device *tdev, struct drm_tessera_dev_query *args)
{
	const struct tsr_hw *hw = &tdev->hw;
	const struct drm_tessera_query_limits out = {
		.max_vms = tsr_client_total(tdev, TSR_RESOURCE_VM),
		.max_queues = tsr_client_total(tdev, TSR_RESOURCE_QUEUE),
		.max_queues_per_vm = hw->queues_per_page,
		.max_jobs = TSR_SUBMIT_MAX_JOBS,
		.max_pending = TSR_QUEUE_MAX_PENDING,
		.max_syncs = TSR_JOB_MAX_SYNCS,
		.max_submit_syncs = TSR_SUBMIT_MAX_SYNCS,
		.max_nodes = hw->max_nodes,
		.max_slots = hw->max_slots,
		.max_binds = TSR_BIND_MAX_OPS,
		.priorities = tsr_query_priorities(),
		.user_va_start = TSR_HW_VA_USER_START,
		.user_va_end = TSR_HW_VA_USER_END,
		.max_bo_size = tsr_bo_max_size(),
		.max_bind_size = tsr_bind_max_size(tdev),
		.max_budget_ns = TSR_QUEUE_MAX_BUDGET_NS,
		.max_vms_per_user = tsr_client_limit(tdev, TSR_RESOURCE_VM),
		.max_queues_per_user = tsr_client_limit(tdev, TSR_RESOURCE_QUEUE),
		.max_pgtable_per_user = tsr_client_limit(tdev, TSR_RESOURCE_PGTABLE),
		.job_timeout_ns = jiffies64_to_nsecs(tsr_sched_job_timeout(tdev)),
	};

	return tsr_query_reply(args, &out, sizeof(out));
}

static int tsr_query_status(struct tsr_device *tdev, struct drm_tessera_dev_query *args)
{
	struct drm_tessera_query_status out = {
		.resets = tsr_reset_count(tdev),
	};

	switch (tsr_device_status(tdev)) {
	case 0:
		out.status = DRM_TESSERA_STATUS_READY;
		break;
	case -ENODEV:
		out.status = DRM_TESSERA_STATUS_LOST;
		break;
	default:
		out.status = DRM_TESSERA_STATUS_FAILED;
		break;
	}

	return tsr_query_reply(args, &out, sizeof(out));
}

static int tsr_query_memory(struct tsr_device *tdev, struct drm_tessera_dev_query *args)
{
	const struct drm_tessera_query_memory out = {
		.local_size = tsr_local_size(tdev),
		.local_free = tsr_local_free_size(tdev),
		.max_local_per_user = tsr_client_limit(tdev, TSR_RESOURCE_LOCAL),
	};

	return tsr_query_reply(args, &out, sizeof(out));
}

/**
 * tsr_ioctl_dev_query() - DEV_QUERY
 * @drm: device
 * @data: &struct drm_tessera_dev_query
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_dev_query(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_dev_query *args = data;
	struct tsr_device *tdev = to_tsr_device(drm);

	switch (args->type) {
	case DRM_TESSERA_QUERY_HW:
		return tsr_query_hw(tdev, args);
	case DRM_TESSERA_QUERY_FUSES:
		return tsr_query_reply(args, &tdev->hw.fuses, sizeof(tdev->hw.fuses));
	case DRM_TESSERA_QUERY_FIRMWARE:
		return tsr_query_firmware(tdev, args);
	case DRM_TESSERA_QUERY_LIMITS:
		return tsr_query_limits(tdev, args);
	case DRM_TESSERA_QUERY_STATUS:
		return tsr_query_status(tdev, args);
	case DRM_TESSERA_QUERY_MEMORY:
		return tsr_query_memory(tdev, args);
	default:
		return -EINVAL;
	}
}
