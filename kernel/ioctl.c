// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dispatch of ioctls.
 *
 * The DRM core copies arguments and calls the handlers, but what the interface promises is
 * checked before: the core lets shorter arguments through, reads longer ones without
 * looking at their end, and knows nothing of a device that is lost. An unplugged device it
 * refuses altogether; what frees or explains is then called from here.
 */

#include "ioctl.h"

#include <linux/fs.h>
#include <linux/nospec.h>
#include <linux/uaccess.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>

#include "bind.h"
#include "device.h"
#include "gem.h"
#include "job.h"
#include "program.h"
#include "query.h"
#include "queue.h"
#include "vm.h"

/* Syncobjs one core ioctl may bring. */
#define TSR_SYNCOBJ_MAX		65536

/* Largest argument of a driver ioctl. */
#define TSR_IOCTL_ARGS_MAX	64

/*
 * Sizes may only grow, and with the first that does, old and new programs have to be tested
 * against each other.
 */
#define TSR_PIN(type, NAME)								\
	static_assert(sizeof(struct drm_tessera_##type) == DRM_TESSERA_##NAME##_SIZE_VER0)

TSR_PIN(dev_query, DEV_QUERY);
TSR_PIN(vm_create, VM_CREATE);
TSR_PIN(vm_destroy, VM_DESTROY);
TSR_PIN(vm_bind, VM_BIND);
TSR_PIN(vm_bind_op, VM_BIND_OP);
TSR_PIN(bo_create, BO_CREATE);
TSR_PIN(bo_mmap_offset, BO_MMAP_OFFSET);
TSR_PIN(bo_sync, BO_SYNC);
TSR_PIN(bo_seal, BO_SEAL);
TSR_PIN(program_seal, PROGRAM_SEAL);
TSR_PIN(program_unseal, PROGRAM_UNSEAL);
TSR_PIN(queue_create, QUEUE_CREATE);
TSR_PIN(queue_destroy, QUEUE_DESTROY);
TSR_PIN(queue_get_state, QUEUE_GET_STATE);
TSR_PIN(queue_wait, QUEUE_WAIT);
TSR_PIN(submit, SUBMIT);
TSR_PIN(job, JOB);
TSR_PIN(sync, SYNC);

#define TSR_IOCTL(n, func) DRM_IOCTL_DEF_DRV(TESSERA_##n, tsr_ioctl_##func, 0)

/* For &drm_driver.ioctls. */
const struct drm_ioctl_desc tsr_ioctl_descs[TSR_IOCTL_COUNT] = {
	TSR_IOCTL(DEV_QUERY, dev_query),
	TSR_IOCTL(VM_CREATE, vm_create),
	TSR_IOCTL(VM_DESTROY, vm_destroy),
	TSR_IOCTL(VM_BIND, vm_bind),
	TSR_IOCTL(BO_CREATE, bo_create),
	TSR_IOCTL(BO_MMAP_OFFSET, bo_mmap_offset),
	TSR_IOCTL(BO_SYNC, bo_sync),
	TSR_IOCTL(QUEUE_CREATE, queue_create),
	TSR_IOCTL(QUEUE_DESTROY, queue_destroy),
	TSR_IOCTL(QUEUE_GET_STATE, queue_get_state),
	TSR_IOCTL(SUBMIT, submit),
	TSR_IOCTL(QUEUE_WAIT, queue_wait),
	TSR_IOCTL(BO_SEAL, bo_seal),
	TSR_IOCTL(PROGRAM_SEAL, program_seal),
	TSR_IOCTL(PROGRAM_UNSEAL, program_unseal),
};

/**
 * struct tsr_ioctl_rule - what holds for an ioctl of the driver beside its handler
 * @min_size: bytes of its argument in the first version of the interface
 * @on_lost: it frees or explains, and so works on a lost or unplugged device
 */
struct tsr_ioctl_rule {
	u16 min_size;
	bool on_lost;
};

#define TSR_RULE(n, lost)							\
	[DRM_TESSERA_##n] = { DRM_TESSERA_##n##_SIZE_VER0, lost }

static const struct tsr_ioctl_rule tsr_ioctl_rules[TSR_IOCTL_COUNT] = {
	TSR_RULE(DEV_QUERY, true),
	TSR_RULE(VM_CREATE, false),
	TSR_RULE(VM_DESTROY, true),
	TSR_RULE(VM_BIND, false),
	TSR_RULE(BO_CREATE, false),
	TSR_RULE(BO_MMAP_OFFSET, false),
	TSR_RULE(BO_SYNC, false),
	TSR_RULE(QUEUE_CREATE, false),
	TSR_RULE(QUEUE_DESTROY, true),
	TSR_RULE(QUEUE_GET_STATE, true),
	TSR_RULE(SUBMIT, false),
	TSR_RULE(QUEUE_WAIT, true),
	TSR_RULE(BO_SEAL, false),
	TSR_RULE(PROGRAM_SEAL, false),
	TSR_RULE(PROGRAM_UNSEAL, true),
};

static bool tsr_ioctl_is_ours(unsigned int cmd)
{
	return _IOC_NR(cmd) >= DRM_COMMAND_BASE && _IOC_NR(cmd) < DRM_COMMAND_END;
}

/* Index of an ioctl of the driver that exists, also under speculation. */
static unsigned int tsr_ioctl_index(unsigned int cmd)
{
	return array_index_nospec(_IOC_NR(cmd) - DRM_COMMAND_BASE, TSR_IOCTL_COUNT);
}

/*
 * Core ioctls let through. The rest is for display and authentication, of no use here, and
 * some of it cannot bear a client that is neither primary nor render. All of the syncobjs'
 * are software alone, so they work on a lost device.
 */
static bool tsr_ioctl_core_permitted(unsigned int cmd, bool lost)
{
	switch (_IOC_NR(cmd)) {
	case _IOC_NR(DRM_IOCTL_PRIME_HANDLE_TO_FD):
	case _IOC_NR(DRM_IOCTL_PRIME_FD_TO_HANDLE):
		return !lost;
	case _IOC_NR(DRM_IOCTL_VERSION):
	case _IOC_NR(DRM_IOCTL_GET_CAP):
	case _IOC_NR(DRM_IOCTL_GEM_CLOSE):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_CREATE):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_DESTROY):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_WAIT):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_RESET):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_SIGNAL):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_QUERY):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_TRANSFER):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_EVENTFD):
#ifdef DRM_IOCTL_SET_CLIENT_NAME
	case _IOC_NR(DRM_IOCTL_SET_CLIENT_NAME):
#endif
		return true;
	default:
		return false;
	}
}

static bool tsr_ioctl_exists(unsigned int cmd)
{
	if (_IOC_TYPE(cmd) != DRM_IOCTL_BASE)
		return false;
	if (!tsr_ioctl_is_ours(cmd))
		return tsr_ioctl_core_permitted(cmd, false);

	return _IOC_NR(cmd) - DRM_COMMAND_BASE < TSR_IOCTL_COUNT &&
	       _IOC_DIR(cmd) == (_IOC_READ | _IOC_WRITE);
}

static bool tsr_ioctl_works_on_lost(unsigned int cmd)
{
	if (!tsr_ioctl_is_ours(cmd))
		return tsr_ioctl_core_permitted(cmd, true);

	return tsr_ioctl_rules[tsr_ioctl_index(cmd)].on_lost;
}

/* Where an ioctl says how many syncobjs it brings. */
static size_t tsr_ioctl_syncobj_count_offset(unsigned int nr)
{
	switch (nr) {
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_WAIT):
		return offsetof(struct drm_syncobj_wait, count_handles);
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT):
		return offsetof(struct drm_syncobj_timeline_wait, count_handles);
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_RESET):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_SIGNAL):
		return offsetof(struct drm_syncobj_array, count_handles);
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_QUERY):
	case _IOC_NR(DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL):
		return offsetof(struct drm_syncobj_timeline_array, count_handles);
	default:
		return 0;
	}
}

/*
 * The core allocates room for as many syncobjs as it is told, and warns in the log when that
 * is more than an allocation can be. It reads the count again, so this keeps mistakes from
 * the log and is no check to rely on.
 */
static int tsr_ioctl_check_syncobj_count(unsigned int cmd, unsigned long arg)
{
	size_t offset = tsr_ioctl_syncobj_count_offset(_IOC_NR(cmd));
	u32 count;

	if (!offset || _IOC_SIZE(cmd) < offset + sizeof(count))
		return 0;
	if (get_user(count, (u32 __user *)(arg + offset)))
		return -EFAULT;

	return count > TSR_SYNCOBJ_MAX ? -EINVAL : 0;
}

/* The core reads what is known; what is beyond has no effect, so it must say nothing. */
static int tsr_ioctl_check_size(unsigned int cmd, unsigned long arg)
{
	unsigned int index = tsr_ioctl_index(cmd);
	size_t known = _IOC_SIZE(tsr_ioctl_descs[index].cmd);
	size_t size = _IOC_SIZE(cmd);
	int ret;

	if (size < tsr_ioctl_rules[index].min_size)
		return -EINVAL;
	if (size <= known)
		return 0;
	ret = check_zeroed_user((void __user *)(arg + known), size - known);
	if (ret < 0)
		return ret;

	return ret ? 0 : -E2BIG;
}

static long tsr_ioctl_gem_close_unplugged(struct drm_file *file, void __user *user)
{
	struct drm_gem_close args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;

	return drm_gem_handle_delete(file, args.handle);
}

/* What drm_ioctl() does, but for a device that has been unplugged. */
static long tsr_ioctl_call_unplugged(struct drm_file *file, unsigned int cmd, void __user *user)
{
	const struct drm_ioctl_desc *desc = &tsr_ioctl_descs[tsr_ioctl_index(cmd)];
	size_t size = min(_IOC_SIZE(cmd), _IOC_SIZE(desc->cmd));
	u64 args[TSR_IOCTL_ARGS_MAX / sizeof(u64)] = {};
	int ret;

	if (copy_from_user(args, user, size))
		return -EFAULT;
	ret = desc->func(file->minor->dev, args, file);

	return copy_to_user(user, args, size) ? -EFAULT : ret;
}

static long tsr_ioctl_unplugged(struct drm_file *file, unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;

	if (cmd == DRM_IOCTL_GEM_CLOSE)
		return tsr_ioctl_gem_close_unplugged(file, user);
	if (tsr_ioctl_is_ours(cmd) && tsr_ioctl_works_on_lost(cmd))
		return tsr_ioctl_call_unplugged(file, cmd, user);

	return -ENODEV;
}

static int tsr_ioctl_check(struct tsr_device *tdev, unsigned int cmd, unsigned long arg)
{
	int ret = tsr_device_status(tdev);

	if (!tsr_ioctl_exists(cmd))
		return ret ?: -ENOTTY;
	if (ret && !tsr_ioctl_works_on_lost(cmd))
		return ret;
	if (tsr_ioctl_is_ours(cmd))
		return tsr_ioctl_check_size(cmd, arg);

	return tsr_ioctl_check_syncobj_count(cmd, arg);
}

/**
 * tsr_ioctl() - &file_operations.unlocked_ioctl
 * @filp: client's file
 * @cmd: number, direction and size
 * @arg: address of the argument
 *
 * Return: 0 or a negative errno.
 */
long tsr_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct drm_file *file = filp->private_data;
	struct drm_device *drm = file->minor->dev;
	long ret;

	BUILD_BUG_ON(sizeof(struct drm_tessera_queue_get_state) > TSR_IOCTL_ARGS_MAX);

	ret = tsr_ioctl_check(to_tsr_device(drm), cmd, arg);
	if (ret)
		return ret;
	ret = drm_ioctl(filp, cmd, arg);
	if (ret == -ENODEV && drm_dev_is_unplugged(drm))
		return tsr_ioctl_unplugged(file, cmd, arg);

	return ret;
}
