// SPDX-License-Identifier: GPL-2.0-only
/* The driver: file operations, module. */

#include "drv.h"

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include <drm/drm_accel.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_prime.h>

#include "client.h"
#include "compat/tessera_compat.h"
#include "device.h"
#include "gem.h"
#include "ioctl.h"
#include "job.h"
#include "program.h"
#include "queue.h"
#include "usage.h"
#include "vm.h"

static const struct file_operations tsr_fops = {
	.owner = THIS_MODULE,
	.open = accel_open,
	.release = drm_release,
	.unlocked_ioctl = tsr_ioctl,
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
	xa_init_flags(&tfile->programs, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	file->driver_priv = tfile;

	return 0;
}

static void tsr_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct tsr_file *tfile = file->driver_priv;

	tsr_queue_close_all(tfile);
	tsr_program_close_all(tfile);
	tsr_vm_close_all(tfile);
	tsr_client_put(tfile->client);
	kfree(tfile);
}

/*
 * Versions: 1.0 was never released; 2.0 numbers and sizes everything anew; 2.1 has seals, 2.2
 * local memory.
 */
const struct drm_driver tsr_drm_driver = {
	.driver_features = DRIVER_COMPUTE_ACCEL | DRIVER_GEM | DRIVER_SYNCOBJ |
			   DRIVER_SYNCOBJ_TIMELINE | TSR_COMPAT_FEATURES,
	.fops = &tsr_fops,
	.name = "tessera",
	.desc = "Tessera NPU",
	.major = 2,
	.minor = 2,
	TSR_COMPAT_DATE
	.open = tsr_open,
	.postclose = tsr_postclose,
	.show_fdinfo = tsr_usage_show,
	.ioctls = tsr_ioctl_descs,
	.num_ioctls = TSR_IOCTL_COUNT,
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
