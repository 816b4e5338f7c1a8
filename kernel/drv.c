// SPDX-License-Identifier: GPL-2.0-only
/* The driver: file operations, ioctls, module. */

#include "drv.h"

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include <drm/drm_accel.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_prime.h>

#include <tessera_accel.h>

#include "bind.h"
#include "client.h"
#include "compat/tessera_compat.h"
#include "device.h"
#include "gem.h"
#include "job.h"
#include "query.h"
#include "queue.h"
#include "vm.h"

/* Syncobjs one core ioctl may bring. */
#define TSR_SYNCOBJ_MAX		65536

#define TSR_IOCTL(n, func) DRM_IOCTL_DEF_DRV(TESSERA_##n, tsr_ioctl_##func, 0)

static const struct drm_ioctl_desc tsr_ioctls[] = {
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
};

/*
 * Core ioctls let through. The rest is for display and authentication, of no use here, and
 * some of it cannot bear a client that is neither primary nor render.
 */
static bool tsr_core_ioctl_permitted(unsigned int nr)
{
	switch (nr) {
	case _IOC_NR(DRM_IOCTL_VERSION):
	case _IOC_NR(DRM_IOCTL_GET_CAP):
	case _IOC_NR(DRM_IOCTL_GEM_CLOSE):
	case _IOC_NR(DRM_IOCTL_PRIME_HANDLE_TO_FD):
	case _IOC_NR(DRM_IOCTL_PRIME_FD_TO_HANDLE):
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
	unsigned int nr = _IOC_NR(cmd);

	if (_IOC_TYPE(cmd) != DRM_IOCTL_BASE)
		return false;
	if (nr < DRM_COMMAND_BASE || nr >= DRM_COMMAND_END)
		return tsr_core_ioctl_permitted(nr);
	nr -= DRM_COMMAND_BASE;

	return nr < ARRAY_SIZE(tsr_ioctls) && tsr_ioctls[nr].func;
}

/* Where an ioctl says how many syncobjs it brings. */
static size_t tsr_syncobj_count_offset(unsigned int nr)
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
static int tsr_syncobj_count_check(unsigned int cmd, unsigned long arg)
{
	size_t offset = tsr_syncobj_count_offset(_IOC_NR(cmd));
	u32 count;

	if (!offset || _IOC_SIZE(cmd) < offset + sizeof(count))
		return 0;
	if (get_user(count, (u32 __user *)(arg + offset)))
		return -EFAULT;

	return count > TSR_SYNCOBJ_MAX ? -EINVAL : 0;
}

static long tsr_unlocked_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct drm_file *file = filp->private_data;
	int ret = tsr_device_status(to_tsr_device(file->minor->dev));

	if (ret)
		return ret;
	if (!tsr_ioctl_exists(cmd))
		return -ENOTTY;
	ret = tsr_syncobj_count_check(cmd, arg);
	if (ret)
		return ret;

	return drm_ioctl(filp, cmd, arg);
}

static const struct file_operations tsr_fops = {
	.owner = THIS_MODULE,
	.open = accel_open,
	.release = drm_release,
	.unlocked_ioctl = tsr_unlocked_ioctl,
	.poll = drm_poll,
	.read = drm_read,
	.llseek = noop_llseek,
	.mmap = drm_gem_mmap,
	.show_fdinfo = drm_show_fdinfo,
	.fop_flags = FOP_UNSIGNED_OFFSET,
};

static int tsr_open(struct drm_device *drm, struct drm_file *file)
{
	struct tsr_device *tdev = to_tsr_device(drm);
	struct tsr_file *tfile;
	int ret;

	ret = tsr_device_status(tdev);
	if (ret)
		return ret;
	tfile = kzalloc_obj(*tfile, GFP_KERNEL_ACCOUNT);
	if (!tfile)
		return -ENOMEM;
	tfile->client = tsr_client_create(tdev, file);
	if (!tfile->client) {
		kfree(tfile);
		return -ENOMEM;
	}
	xa_init_flags(&tfile->vms, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	xa_init_flags(&tfile->queues, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	file->driver_priv = tfile;

	return 0;
}

static void tsr_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct tsr_file *tfile = file->driver_priv;

	tsr_queue_close_all(tfile);
	tsr_vm_close_all(tfile);
	tsr_client_put(tfile->client);
	kfree(tfile);
}

/* Versions: 1.0, the first. */
const struct drm_driver tsr_drm_driver = {
	.driver_features = DRIVER_COMPUTE_ACCEL | DRIVER_GEM | DRIVER_SYNCOBJ |
			   DRIVER_SYNCOBJ_TIMELINE | TSR_COMPAT_FEATURES,
	.fops = &tsr_fops,
	.name = "tessera",
	.desc = "Tessera NPU",
	.major = 1,
	.minor = 0,
	TSR_COMPAT_DATE
	.open = tsr_open,
	.postclose = tsr_postclose,
	.show_fdinfo = drm_show_memory_stats,
	.ioctls = tsr_ioctls,
	.num_ioctls = ARRAY_SIZE(tsr_ioctls),
	.gem_create_object = tsr_bo_create_object,
	.gem_prime_import_sg_table = drm_gem_shmem_prime_import_sg_table,
};

static int __init tsr_init(void)
{
	int ret;

	ret = tsr_job_module_init();
	if (ret)
		return ret;
	ret = tsr_queue_module_init();
	if (ret)
		goto err_job;
	ret = pci_register_driver(&tsr_pci_driver);
	if (ret)
		goto err_queue;

	return 0;

err_queue:
	tsr_queue_module_exit();
err_job:
	tsr_job_module_exit();
	return ret;
}

static void __exit tsr_exit(void)
{
	pci_unregister_driver(&tsr_pci_driver);
	tsr_queue_module_exit();
	tsr_job_module_exit();
	/* Readers that still look at the operations of a fence. */
	synchronize_rcu();
}

module_init(tsr_init);
module_exit(tsr_exit);

MODULE_DESCRIPTION("Tessera NPU");
MODULE_AUTHOR("The Tessera developers");
MODULE_LICENSE("GPL");
