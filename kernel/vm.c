// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address spaces: creation, destruction, what queues need of them.
 */

#include "vm.h"

#include <linux/slab.h>
#include <linux/xarray.h>

#include <drm/drm_drv.h>
#include <drm/drm_exec.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>

#include <tsr_hw/mmu.h>

#include <tessera_accel.h>

#include "bind.h"
#include "client.h"
#include "compat/tessera_compat.h"
#include "device.h"
#include "drv.h"
#include "mmu.h"
#include "pgtable.h"
#include "vm_internal.h"

static struct tsr_vm *to_tsr_vm(struct drm_gpuvm *gpuvm)
{
	return container_of(gpuvm, struct tsr_vm, base);
}

/**
 * tsr_vm_get() - address space of a client
 * @file: client
 * @id: its number
 *
 * Return: the address space, referenced, or NULL.
 */
struct tsr_vm *tsr_vm_get(struct drm_file *file, u32 id)
{
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_vm *vm;

	xa_lock(&tfile->vms);
	vm = xa_load(&tfile->vms, id);
	if (vm)
		drm_gpuvm_get(&vm->base);
	xa_unlock(&tfile->vms);

	return vm;
}

/**
 * tsr_vm_put() - drop a reference
 * @vm: address space
 */
void tsr_vm_put(struct tsr_vm *vm)
{
	drm_gpuvm_put(&vm->base);
}

/**
 * tsr_vm_resv_obj() - object whose reservation all exclusive objects share
 * @vm: address space
 *
 * Return: the object.
 */
struct drm_gem_object *tsr_vm_resv_obj(struct tsr_vm *vm)
{
	return drm_gpuvm_resv_obj(&vm->base);
}

/**
 * tsr_vm_client() - whom an address space counts for
 * @vm: address space
 *
 * Return: the client; the address space references it.
 */
struct tsr_client *tsr_vm_client(struct tsr_vm *vm)
{
	return vm->client;
}

/**
 * tsr_vm_asid() - number the device knows an address space by
 * @vm: address space
 *
 * Return: the ASID, also the number of the doorbell page.
 */
unsigned int tsr_vm_asid(struct tsr_vm *vm)
{
	return vm->asid;
}

/**
 * tsr_vm_has_local() - is local memory mapped?
 * @vm: address space
 *
 * Context: any.
 * Return: true when the contents of an object that is mapped do not survive a reset.
 */
bool tsr_vm_has_local(struct tsr_vm *vm)
{
	return atomic_read(&vm->local);
}

/**
 * tsr_vm_add_queue() - take a doorbell index; the address space cannot be destroyed then
 * @vm: address space
 *
 * Return: the index, -ENOSPC, -ENOENT when the address space is destroyed.
 */
int tsr_vm_add_queue(struct tsr_vm *vm)
{
	u32 limit = vm->tdev->hw.queues_per_page;
	int ret = -ENOENT;

	mutex_lock(&vm->lock);
	if (!vm->destroyed) {
		ret = find_first_zero_bit(vm->queues, limit);
		if (ret < limit)
			__set_bit(ret, vm->queues);
		else
			ret = -ENOSPC;
	}
	mutex_unlock(&vm->lock);

	return ret;
}

/**
 * tsr_vm_remove_queue() - give a doorbell index back
 * @vm: address space
 * @index: the index
 */
void tsr_vm_remove_queue(struct tsr_vm *vm, unsigned int index)
{
	mutex_lock(&vm->lock);
	__clear_bit(index, vm->queues);
	mutex_unlock(&vm->lock);
}

static int tsr_vm_lock_shared(struct tsr_vm *vm, struct drm_exec *exec)
{
	int ret;

	drm_exec_until_all_locked(exec) {
		ret = drm_gpuvm_prepare_vm(&vm->base, exec, 1);
		drm_exec_retry_on_contention(exec);
		if (ret)
			return ret;
		ret = drm_gpuvm_prepare_objects(&vm->base, exec, 1);
		drm_exec_retry_on_contention(exec);
		if (ret)
			return ret;
	}

	return 0;
}

static int tsr_vm_lock_own(struct tsr_vm *vm)
{
	struct dma_resv *resv = drm_gpuvm_resv(&vm->base);
	int ret;

	ret = dma_resv_lock_interruptible(resv, NULL);
	if (ret)
		return ret;
	ret = dma_resv_reserve_fences(resv, 1);
	if (ret)
		dma_resv_unlock(resv);

	return ret;
}

/**
 * tsr_vm_lock_objects() - lock the reservations a job's fence goes to, with room for it
 * @vm: address space
 * @lock: filled in
 *
 * Exclusive objects share one reservation, so the cost grows with shared objects only.
 *
 * Return: 0 or a negative errno.
 */
int tsr_vm_lock_objects(struct tsr_vm *vm, struct tsr_vm_lock *lock)
{
	int ret;

	lock->shared = atomic_read(&vm->shared);
	if (!lock->shared)
		return tsr_vm_lock_own(vm);

	/* Two objects may share a reservation when both come from one dma-buf. */
	drm_exec_init(&lock->exec, DRM_EXEC_INTERRUPTIBLE_WAIT | DRM_EXEC_IGNORE_DUPLICATES, 0);
	/* No object is unmapped for the last time while it is looked at but not yet locked. */
	mutex_lock(&vm->lock);
	ret = tsr_vm_lock_shared(vm, &lock->exec);
	mutex_unlock(&vm->lock);
	if (ret)
		drm_exec_fini(&lock->exec);

	return ret;
}

/**
 * tsr_vm_add_fence() - put a job's fence into the locked reservations
 * @vm: address space
 * @lock: from tsr_vm_lock_objects()
 * @fence: fence
 */
void tsr_vm_add_fence(struct tsr_vm *vm, struct tsr_vm_lock *lock, struct dma_fence *fence)
{
	if (lock->shared)
		drm_gpuvm_resv_add_fence(&vm->base, &lock->exec, fence, DMA_RESV_USAGE_BOOKKEEP,
					 DMA_RESV_USAGE_BOOKKEEP);
	else
		dma_resv_add_fence(drm_gpuvm_resv(&vm->base), fence, DMA_RESV_USAGE_BOOKKEEP);
}

/**
 * tsr_vm_unlock_objects() - counterpart of tsr_vm_lock_objects()
 * @vm: address space
 * @lock: what was locked
 */
void tsr_vm_unlock_objects(struct tsr_vm *vm, struct tsr_vm_lock *lock)
{
	if (lock->shared)
		drm_exec_fini(&lock->exec);
	else
		dma_resv_unlock(drm_gpuvm_resv(&vm->base));
}

/* Take the address space from the device. */
static void tsr_vm_teardown(struct tsr_vm *vm)
{
	lockdep_assert_held(&vm->lock);

	if (!vm->pgtable)
		return;
	tsr_mmu_detach(vm->tdev, vm->asid);
	tsr_pgtable_destroy(vm->pgtable);
	vm->pgtable = NULL;
	tsr_client_uncharge(vm->client, TSR_RESOURCE_VM, 1);
}

static int tsr_vm_destroy(struct tsr_vm *vm)
{
	int ret = 0;

	mutex_lock(&vm->lock);
	if (vm->destroyed) {
		ret = -ENOENT;
	} else if (vm->pins || !bitmap_empty(vm->queues, TSR_VM_QUEUES_MAX)) {
		ret = -EBUSY;
	} else {
		vm->destroyed = true;
		tsr_vm_teardown(vm);
		tsr_bind_unmap_all(vm);
	}
	mutex_unlock(&vm->lock);

	return ret;
}

/* Called by drm_gpuvm when the last reference goes. */
static void tsr_vm_free(struct drm_gpuvm *gpuvm)
{
	struct tsr_vm *vm = to_tsr_vm(gpuvm);

	mutex_lock(&vm->tdev->vms.lock);
	list_del(&vm->link);
	mutex_unlock(&vm->tdev->vms.lock);
	mutex_destroy(&vm->lock);
	tsr_client_put(vm->client);
	kfree(vm);
}

static const struct drm_gpuvm_ops tsr_vm_ops = {
	.vm_free = tsr_vm_free,
	.vm_bo_alloc = tsr_bind_alloc_vm_bo,
	.sm_step_map = tsr_bind_step_map,
	.sm_step_remap = tsr_bind_step_remap,
	.sm_step_unmap = tsr_bind_step_unmap,
};

/* Give the address space a page table and make it one of the device. */
static int tsr_vm_attach(struct tsr_vm *vm)
{
	struct tsr_pgtable *pgtable;
	int ret;

	ret = tsr_client_charge(vm->client, TSR_RESOURCE_VM, 1);
	if (ret)
		return ret;
	pgtable = tsr_pgtable_create(vm->tdev->drm.dev, vm->client);
	if (IS_ERR(pgtable)) {
		ret = PTR_ERR(pgtable);
		goto err_uncharge;
	}
	ret = tsr_mmu_attach(vm->tdev, tsr_pgtable_root(pgtable));
	if (ret < 0)
		goto err_pgtable;
	vm->asid = ret;
	vm->pgtable = pgtable;

	return 0;

err_pgtable:
	tsr_pgtable_destroy(pgtable);
err_uncharge:
	tsr_client_uncharge(vm->client, TSR_RESOURCE_VM, 1);
	return ret;
}

static struct tsr_vm *tsr_vm_create(struct tsr_device *tdev, struct tsr_client *client)
{
	struct drm_gem_object *resv_obj;
	struct tsr_vm *vm;
	int ret, idx;

	vm = kzalloc_obj(*vm, GFP_KERNEL_ACCOUNT);
	if (!vm)
		return ERR_PTR(-ENOMEM);
	resv_obj = drm_gpuvm_resv_object_alloc(&tdev->drm);
	if (!resv_obj) {
		kfree(vm);
		return ERR_PTR(-ENOMEM);
	}

	vm->tdev = tdev;
	vm->client = tsr_client_get(client);
	mutex_init(&vm->lock);
	drm_gpuvm_init(&vm->base, "tessera", 0, &tdev->drm, resv_obj, TSR_HW_VA_USER_START,
		       TSR_HW_VA_USER_END - TSR_HW_VA_USER_START, 0, 0, &tsr_vm_ops);
	drm_gem_object_put(resv_obj);

	/* On the list before it has a page table, so that an unplug finds that. */
	mutex_lock(&tdev->vms.lock);
	list_add(&vm->link, &tdev->vms.list);
	mutex_unlock(&tdev->vms.lock);

	ret = -ENODEV;
	if (drm_dev_enter(&tdev->drm, &idx)) {
		mutex_lock(&vm->lock);
		ret = tsr_vm_attach(vm);
		mutex_unlock(&vm->lock);
		drm_dev_exit(idx);
	}
	if (ret) {
		tsr_vm_put(vm);
		return ERR_PTR(ret);
	}

	return vm;
}

/**
 * tsr_vm_close_all() - destroy the address spaces of a client that goes, its queues gone
 * @tfile: client
 */
void tsr_vm_close_all(struct tsr_file *tfile)
{
	struct tsr_vm *vm;
	unsigned long id;

	xa_for_each(&tfile->vms, id, vm) {
		tsr_vm_destroy(vm);
		tsr_vm_put(vm);
	}
	xa_destroy(&tfile->vms);
}

/**
 * tsr_vm_unplug_all() - take all page tables from a device that is going away
 * @tdev: device, unplugged and in reset
 */
void tsr_vm_unplug_all(struct tsr_device *tdev)
{
	struct tsr_vm *vm;

	mutex_lock(&tdev->vms.lock);
	list_for_each_entry(vm, &tdev->vms.list, link) {
		mutex_lock(&vm->lock);
		tsr_vm_teardown(vm);
		mutex_unlock(&vm->lock);
	}
	mutex_unlock(&tdev->vms.lock);
}

/**
 * tsr_ioctl_vm_create() - VM_CREATE
 * @drm: device
 * @data: &struct drm_tessera_vm_create
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_vm_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_vm_create *args = data;
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_vm *vm;
	int ret;

	if (args->flags)
		return -EINVAL;

	vm = tsr_vm_create(to_tsr_device(drm), tfile->client);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	ret = xa_alloc(&tfile->vms, &args->vm_id, vm, xa_limit_31b, GFP_KERNEL_ACCOUNT);
	if (ret) {
		tsr_vm_destroy(vm);
		tsr_vm_put(vm);
		return ret;
	}
	args->user_va_start = TSR_HW_VA_USER_START;
	args->user_va_end = TSR_HW_VA_USER_END;

	return 0;
}

/**
 * tsr_ioctl_vm_destroy() - VM_DESTROY
 * @drm: device
 * @data: &struct drm_tessera_vm_destroy
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_vm_destroy(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_vm_destroy *args = data;
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_vm *vm;
	int ret;

	if (args->pad)
		return -EINVAL;
	vm = tsr_vm_get(file, args->vm_id);
	if (!vm)
		return -ENOENT;

	ret = tsr_vm_destroy(vm);
	if (!ret) {
		xa_erase(&tfile->vms, args->vm_id);
		tsr_vm_put(vm);
	}
	tsr_vm_put(vm);

	return ret;
}
