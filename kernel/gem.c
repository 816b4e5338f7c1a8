// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffer objects.
 *
 * Memory comes from shmem, is populated in ioctl or fault context only, and stays put for
 * the life of the object once anything maps it; or it is local memory of the device, which is
 * taken and cleared when the object is made, and which no CPU maps. An exclusive object shares
 * the reservation object of its address space and is seen by no other.
 */

#include "gem.h"

#include <linux/dma-mapping.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_gpuvm.h>
#include <drm/drm_print.h>
#include <drm/drm_vma_manager.h>

#include <tessera_accel.h>

#include "clear.h"
#include "device.h"
#include "drv.h"
#include "extent.h"
#include "local.h"
#include "seal.h"
#include "vm.h"

#define TSR_BO_SIZE_LIMIT	BIT_ULL(40)

/* Pages put into a process at its fault: one miss costs more than fifteen neighbours. */
#define TSR_BO_FAULT_PAGES	16

/**
 * struct tsr_bo - buffer object
 * @base: shmem object; of local memory only its GEM object is used
 * @flags: DRM_TESSERA_BO_*
 * @exclusive: resv object of the only address space that may map it, or NULL; referenced
 * @seal: who may write it
 * @extents: where its pages are for the device, or NULL; set once, under its reservation
 * @local: its local memory, or NULL
 * @link: in &tsr_device.bos while its pages are mapped for the device
 */
struct tsr_bo {
	struct drm_gem_shmem_object base;
	u32 flags;
	struct drm_gem_object *exclusive;
	struct tsr_seal seal;
	struct tsr_extents *extents;
	struct tsr_local_space *local;
	struct list_head link;
};

static struct tsr_bo *to_tsr_bo(struct drm_gem_object *obj)
{
	return container_of(to_drm_gem_shmem_obj(obj), struct tsr_bo, base);
}

/*
 * Take the device's mapping away; the pages stay with the object. Either its last reference
 * is gone, or the device is unplugged and all its page tables are: the mapping has no other
 * user, and needs no reservation. None may be taken here: the last reference can go while
 * other objects' reservations are held, as in drm_exec_fini().
 */
static void tsr_bo_unmap(struct tsr_bo *bo)
{
	struct drm_gem_object *obj = &bo->base.base;
	struct sg_table *sgt = bo->base.sgt;

	lockdep_assert_held(&to_tsr_device(obj->dev)->bos.lock);

	list_del_init(&bo->link);
	bo->base.sgt = NULL;
	dma_unmap_sgtable(obj->dev->dev, sgt, DMA_BIDIRECTIONAL, 0);
	sg_free_table(sgt);
	kfree(sgt);
}

static void tsr_bo_free(struct drm_gem_object *obj)
{
	struct tsr_device *tdev = to_tsr_device(obj->dev);
	struct tsr_bo *bo = to_tsr_bo(obj);
	struct drm_gem_object *exclusive = bo->exclusive;

	/* The lock keeps a device that is being unbound until the pages are unmapped. */
	mutex_lock(&tdev->bos.lock);
	if (!list_empty(&bo->link))
		tsr_bo_unmap(bo);
	mutex_unlock(&tdev->bos.lock);

	kvfree(bo->extents);
	drm_gem_shmem_free(&bo->base);
	if (exclusive)
		drm_gem_object_put(exclusive);
}

static struct dma_buf *tsr_bo_export(struct drm_gem_object *obj, int flags)
{
	if (to_tsr_bo(obj)->exclusive)
		return ERR_PTR(-EPERM);

	return drm_gem_prime_export(obj, flags);
}

static void tsr_bo_free_local(struct drm_gem_object *obj)
{
	struct tsr_bo *bo = to_tsr_bo(obj);
	struct drm_gem_object *exclusive = bo->exclusive;

	tsr_local_free(bo->local);
	drm_gem_object_release(obj);
	kfree(bo);
	if (exclusive)
		drm_gem_object_put(exclusive);
}

/* No importer could reach it. */
static struct dma_buf *tsr_bo_export_local(struct drm_gem_object *obj, int flags)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static const struct drm_gem_object_funcs tsr_bo_local_funcs = {
	.free = tsr_bo_free_local,
	.export = tsr_bo_export_local,
};

static vm_fault_t tsr_bo_insert(struct vm_fault *vmf, struct page **pages, pgoff_t first,
				pgoff_t last)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long addr = vmf->address;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	for (; first < last && addr < vma->vm_end; first++, addr += PAGE_SIZE) {
		ret = vmf_insert_pfn(vma, addr, page_to_pfn(pages[first]));
		if (ret != VM_FAULT_NOPAGE)
			break;
	}

	/* Only the first page was asked for. */
	return addr > vmf->address ? VM_FAULT_NOPAGE : ret;
}

/*
 * The pages may be written from now on, by a CPU or an importer: they are kept in the swap,
 * and not dropped as never used, when nothing holds them any more. The helper clears the
 * mark (since Linux 7.1) each time the pages are let go, so it is set for each hold anew.
 */
static void tsr_bo_mark_dirty(struct drm_gem_object *obj)
{
	dma_resv_assert_held(obj->resv);

	to_drm_gem_shmem_obj(obj)->pages_mark_dirty_on_put = true;
}

/*
 * The pages belong to the object, not to the device: a mapping outlives an unplug. The
 * offset comes from the fault, because a mapping can be split and moved: the helper's own
 * handlers take the beginning of the mapping for that of the object. All of the object is
 * marked, because a mapping that may be written is made writable without another fault.
 */
static vm_fault_t tsr_bo_fault(struct vm_fault *vmf)
{
	struct drm_gem_object *obj = vmf->vma->vm_private_data;
	struct tsr_bo *bo = to_tsr_bo(obj);
	pgoff_t pages = obj->size >> PAGE_SHIFT;
	pgoff_t first = vmf->pgoff - drm_vma_node_start(&obj->vma_node);
	vm_fault_t ret = VM_FAULT_SIGBUS;

	dma_resv_lock(obj->resv, NULL);
	if (first < pages && bo->base.pages) {
		if (vmf->vma->vm_flags & VM_MAYWRITE)
			tsr_bo_mark_dirty(obj);
		ret = tsr_bo_insert(vmf, bo->base.pages, first,
				    min(pages, first + TSR_BO_FAULT_PAGES));
	}
	dma_resv_unlock(obj->resv);

	return ret;
}

/* Whether a mapping may be written is decided once: mprotect() can make it writable later. */
static void tsr_bo_vm_open(struct vm_area_struct *vma)
{
	struct tsr_bo *bo = to_tsr_bo(vma->vm_private_data);

	if (vma->vm_flags & VM_MAYWRITE)
		tsr_seal_add_writer(&bo->seal);
	drm_gem_shmem_vm_ops.open(vma);
}

static void tsr_bo_vm_close(struct vm_area_struct *vma)
{
	struct tsr_bo *bo = to_tsr_bo(vma->vm_private_data);

	if (vma->vm_flags & VM_MAYWRITE)
		tsr_seal_put_writer(&bo->seal);
	/* The object may be freed by this. */
	drm_gem_shmem_vm_ops.close(vma);
}

static const struct vm_operations_struct tsr_bo_vm_ops = {
	.fault = tsr_bo_fault,
	.open = tsr_bo_vm_open,
	.close = tsr_bo_vm_close,
};

/* A sealed object is mapped as a sealed memfd is: to be read, and never more than that. */
static int tsr_bo_mmap_sealed(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	vm_flags_clear(vma, VM_MAYWRITE);

	return drm_gem_shmem_object_mmap(obj, vma);
}

static int tsr_bo_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	struct tsr_bo *bo = to_tsr_bo(obj);
	int ret;

	if (bo->flags & DRM_TESSERA_BO_NO_MMAP)
		return -EACCES;
	/* The exporter's handlers serve the mapping of an imported object. */
	if (drm_gem_is_imported(obj) || !(vma->vm_flags & VM_MAYWRITE))
		return drm_gem_shmem_object_mmap(obj, vma);
	if (!tsr_seal_get_writer(&bo->seal))
		return tsr_bo_mmap_sealed(obj, vma);

	ret = drm_gem_shmem_object_mmap(obj, vma);
	if (ret)
		tsr_seal_put_writer(&bo->seal);

	return ret;
}

/* For an importer, whose device may write: in which direction it maps the driver is not told. */
static int tsr_bo_pin(struct drm_gem_object *obj)
{
	struct tsr_bo *bo = to_tsr_bo(obj);
	int ret;

	if (!tsr_seal_get_writer(&bo->seal))
		return -EPERM;
	ret = drm_gem_shmem_object_pin(obj);
	if (ret)
		tsr_seal_put_writer(&bo->seal);
	else
		tsr_bo_mark_dirty(obj);

	return ret;
}

static void tsr_bo_unpin(struct drm_gem_object *obj)
{
	drm_gem_shmem_object_unpin(obj);
	tsr_seal_put_writer(&to_tsr_bo(obj)->seal);
}

/* For an importer that writes with the CPU. */
static int tsr_bo_vmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	struct tsr_bo *bo = to_tsr_bo(obj);
	int ret;

	if (!tsr_seal_get_writer(&bo->seal))
		return -EPERM;
	ret = drm_gem_shmem_object_vmap(obj, map);
	if (ret)
		tsr_seal_put_writer(&bo->seal);
	else if (!drm_gem_is_imported(obj))
		tsr_bo_mark_dirty(obj);

	return ret;
}

static void tsr_bo_vunmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	drm_gem_shmem_object_vunmap(obj, map);
	tsr_seal_put_writer(&to_tsr_bo(obj)->seal);
}

static const struct drm_gem_object_funcs tsr_bo_funcs = {
	.free = tsr_bo_free,
	.export = tsr_bo_export,
	.print_info = drm_gem_shmem_object_print_info,
	.pin = tsr_bo_pin,
	.unpin = tsr_bo_unpin,
	.get_sg_table = drm_gem_shmem_object_get_sg_table,
	.vmap = tsr_bo_vmap,
	.vunmap = tsr_bo_vunmap,
	.mmap = tsr_bo_mmap,
	.vm_ops = &tsr_bo_vm_ops,
};

/**
 * tsr_bo_create_object() - &drm_driver.gem_create_object
 * @drm: device
 * @size: bytes
 *
 * Return: the object or an ERR_PTR.
 */
struct drm_gem_object *tsr_bo_create_object(struct drm_device *drm, size_t size)
{
	struct tsr_bo *bo = kzalloc_obj(*bo, GFP_KERNEL_ACCOUNT);

	if (!bo)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&bo->link);
	bo->base.base.funcs = &tsr_bo_funcs;

	return &bo->base.base;
}

/**
 * tsr_bo_exclusive_to() - whose an object is
 * @obj: object
 *
 * Return: resv object of the only address space that may map it, NULL when any may.
 */
struct drm_gem_object *tsr_bo_exclusive_to(struct drm_gem_object *obj)
{
	return to_tsr_bo(obj)->exclusive;
}

/**
 * tsr_bo_seal() - what decides about writers of an object
 * @obj: object
 *
 * Return: the seal; the object's.
 */
struct tsr_seal *tsr_bo_seal(struct drm_gem_object *obj)
{
	return &to_tsr_bo(obj)->seal;
}

/**
 * tsr_bo_extents() - where the memory of an object is
 * @obj: object that tsr_bo_map() succeeded on
 *
 * Return: the memory; the object's.
 */
const struct tsr_extents *tsr_bo_extents(struct drm_gem_object *obj)
{
	struct tsr_bo *bo = to_tsr_bo(obj);

	return bo->local ? tsr_local_extents(bo->local) : bo->extents;
}

/**
 * tsr_bo_is_local() - is an object local memory?
 * @obj: object
 *
 * Return: true when its extents are offsets there.
 */
bool tsr_bo_is_local(struct drm_gem_object *obj)
{
	return to_tsr_bo(obj)->local;
}

static int tsr_bo_make_extents(struct tsr_bo *bo, struct sg_table *sgt)
{
	struct tsr_extents *extents;
	int ret = 0;

	dma_resv_lock(bo->base.base.resv, NULL);
	if (!bo->extents) {
		extents = tsr_extents_create(sgt, bo->base.base.size);
		if (IS_ERR(extents))
			ret = PTR_ERR(extents);
		else
			bo->extents = extents;
	}
	dma_resv_unlock(bo->base.base.resv);

	return ret;
}

static int tsr_bo_map_plugged(struct drm_gem_object *obj)
{
	struct tsr_device *tdev = to_tsr_device(obj->dev);
	struct tsr_bo *bo = to_tsr_bo(obj);
	struct sg_table *sgt;

	sgt = drm_gem_shmem_get_pages_sgt(&bo->base);
	if (IS_ERR(sgt))
		return PTR_ERR(sgt);
	if (!drm_gem_is_imported(obj)) {
		mutex_lock(&tdev->bos.lock);
		if (list_empty(&bo->link))
			list_add(&bo->link, &tdev->bos.list);
		mutex_unlock(&tdev->bos.lock);
	}

	return tsr_bo_make_extents(bo, sgt);
}

/**
 * tsr_bo_map() - populate an object and map it for the device, once for its life
 * @obj: object
 *
 * Context: ioctl; takes the object's resv lock.
 * Return: 0 or a negative errno.
 */
int tsr_bo_map(struct drm_gem_object *obj)
{
	int ret, idx;

	if (tsr_bo_is_local(obj))
		return 0;
	if (!drm_dev_enter(obj->dev, &idx))
		return -ENODEV;
	ret = tsr_bo_map_plugged(obj);
	drm_dev_exit(idx);

	return ret;
}

/**
 * tsr_bo_unplug_all() - take all mappings from a device that is going away
 * @tdev: device, unplugged, without page tables: no mapping is made or read
 */
void tsr_bo_unplug_all(struct tsr_device *tdev)
{
	struct tsr_bo *bo, *next;

	mutex_lock(&tdev->bos.lock);
	list_for_each_entry_safe(bo, next, &tdev->bos.list, link)
		tsr_bo_unmap(bo);
	mutex_unlock(&tdev->bos.lock);
}

/**
 * tsr_bo_max_size() - largest buffer object
 *
 * Return: bytes.
 */
u64 tsr_bo_max_size(void)
{
	return min_t(u64, (u64)totalram_pages() << PAGE_SHIFT, TSR_BO_SIZE_LIMIT);
}

#ifdef CONFIG_MEMCG
/* Return: pages that fit into the caller's memory cgroup and those above it, were they empty. */
static unsigned long tsr_bo_cgroup_pages(void)
{
	struct mem_cgroup *own = get_mem_cgroup_from_mm(current->mm), *memcg;
	unsigned long pages = PAGE_COUNTER_MAX;

	for (memcg = own; memcg; memcg = parent_mem_cgroup(memcg))
		pages = min(pages, READ_ONCE(memcg->memory.max));
	mem_cgroup_put(own);

	return pages;
}
#else
static unsigned long tsr_bo_cgroup_pages(void)
{
	return ULONG_MAX;
}
#endif

/*
 * Memory is taken when an object is first mapped, all of it at once. That one larger than
 * the cgroup never can be mapped is known before; whether there is room now is not, because
 * other memory of the cgroup may be reclaimed for it.
 */
static bool tsr_bo_fits_cgroup(u64 size)
{
	return size >> PAGE_SHIFT <= tsr_bo_cgroup_pages();
}

static void tsr_bo_make_exclusive(struct tsr_bo *bo, struct tsr_vm *vm)
{
	bo->exclusive = tsr_vm_resv_obj(vm);
	drm_gem_object_get(bo->exclusive);
	bo->base.base.resv = bo->exclusive->resv;
}

static int tsr_bo_create(struct drm_device *drm, struct drm_file *file, struct tsr_vm *vm,
			 struct drm_tessera_bo_create *args)
{
	struct drm_gem_shmem_object *shmem;
	struct tsr_bo *bo;
	int ret;

	shmem = drm_gem_shmem_create(drm, args->size);
	if (IS_ERR(shmem))
		return PTR_ERR(shmem);

	bo = container_of(shmem, struct tsr_bo, base);
	bo->flags = args->flags;
	if (vm)
		tsr_bo_make_exclusive(bo, vm);
	args->size = shmem->base.size;
	ret = drm_gem_handle_create(file, &shmem->base, &args->handle);
	drm_gem_object_put(&shmem->base);

	return ret;
}

static struct tsr_local_space *tsr_bo_take_local(struct drm_device *drm, struct drm_file *file,
						 u64 size)
{
	struct tsr_file *tfile = file->driver_priv;
	struct tsr_local_space *space;
	int ret;

	space = tsr_local_alloc(tfile->client, size);
	if (IS_ERR(space))
		return space;
	ret = tsr_clear(to_tsr_device(drm), tsr_local_extents(space), size);
	if (ret) {
		tsr_local_free(space);
		return ERR_PTR(ret);
	}

	return space;
}

static int tsr_bo_create_local(struct drm_device *drm, struct drm_file *file, struct tsr_vm *vm,
			       struct drm_tessera_bo_create *args)
{
	struct tsr_bo *bo = kzalloc_obj(*bo, GFP_KERNEL_ACCOUNT);
	struct drm_gem_object *obj;
	int ret;

	if (!bo)
		return -ENOMEM;
	bo->local = tsr_bo_take_local(drm, file, args->size);
	if (IS_ERR(bo->local)) {
		ret = PTR_ERR(bo->local);
		kfree(bo);
		return ret;
	}
	obj = &bo->base.base;
	obj->funcs = &tsr_bo_local_funcs;
	drm_gem_private_object_init(drm, obj, args->size);
	INIT_LIST_HEAD(&bo->link);
	bo->flags = args->flags | DRM_TESSERA_BO_NO_MMAP;
	if (vm)
		tsr_bo_make_exclusive(bo, vm);
	ret = drm_gem_handle_create(file, obj, &args->handle);
	drm_gem_object_put(obj);

	return ret;
}

/* What does not fit even were nothing else there is refused before anything is done for it. */
static int tsr_bo_check_local(struct tsr_device *tdev, struct drm_tessera_bo_create *args)
{
	u64 size = tsr_local_size(tdev);

	if (!size)
		return -EOPNOTSUPP;
	if (args->size > size)
		return -ENOSPC;
	args->size = PAGE_ALIGN(args->size);

	return 0;
}

static int tsr_bo_check_create(struct drm_device *drm, struct drm_tessera_bo_create *args)
{
	const u32 known = DRM_TESSERA_BO_NO_MMAP | DRM_TESSERA_BO_LOCAL;

	if (args->flags & ~known || args->pad || !args->size)
		return -EINVAL;
	if (args->flags & DRM_TESSERA_BO_LOCAL)
		return tsr_bo_check_local(to_tsr_device(drm), args);
	if (args->size > tsr_bo_max_size())
		return -EINVAL;

	return tsr_bo_fits_cgroup(args->size) ? 0 : -ENOMEM;
}

/**
 * tsr_ioctl_bo_create() - BO_CREATE
 * @drm: device
 * @data: &struct drm_tessera_bo_create
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_bo_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_bo_create *args = data;
	struct tsr_vm *vm = NULL;
	int ret;

	ret = tsr_bo_check_create(drm, args);
	if (ret)
		return ret;
	if (args->exclusive_vm_id) {
		vm = tsr_vm_get(file, args->exclusive_vm_id);
		if (!vm)
			return -ENOENT;
	}

	if (args->flags & DRM_TESSERA_BO_LOCAL)
		ret = tsr_bo_create_local(drm, file, vm, args);
	else
		ret = tsr_bo_create(drm, file, vm, args);
	if (vm)
		tsr_vm_put(vm);

	return ret;
}

/**
 * tsr_ioctl_bo_mmap_offset() - BO_MMAP_OFFSET
 * @drm: device
 * @data: &struct drm_tessera_bo_mmap_offset
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_bo_mmap_offset(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_bo_mmap_offset *args = data;
	struct drm_gem_object *obj;
	int ret = 0;

	if (args->pad)
		return -EINVAL;
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;

	if (tsr_bo_is_local(obj))
		ret = -EOPNOTSUPP;
	else if (to_tsr_bo(obj)->flags & DRM_TESSERA_BO_NO_MMAP)
		ret = -EACCES;
	else
		ret = drm_gem_create_mmap_offset(obj);
	if (!ret)
		args->offset = drm_vma_node_offset_addr(&obj->vma_node);
	drm_gem_object_put(obj);

	return ret;
}

/**
 * tsr_ioctl_bo_sync() - BO_SYNC
 * @drm: device
 * @data: &struct drm_tessera_bo_sync
 * @file: client
 *
 * The device is coherent: nothing is flushed, earlier and later accesses are ordered.
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_bo_sync(struct drm_device *drm, void *data, struct drm_file *file)
{
	const u32 known = DRM_TESSERA_BO_SYNC_TO_DEVICE | DRM_TESSERA_BO_SYNC_FROM_DEVICE;
	struct drm_tessera_bo_sync *args = data;
	struct drm_gem_object *obj;
	int ret = 0;

	if (!args->flags || args->flags & ~known || !args->size)
		return -EINVAL;
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;

	if (args->offset >= obj->size || args->size > obj->size - args->offset)
		ret = -EINVAL;
	else
		mb();	/* CPU accesses before this call, device accesses after it; and back */
	drm_gem_object_put(obj);

	return ret;
}

/**
 * tsr_ioctl_bo_seal() - BO_SEAL
 * @drm: device
 * @data: &struct drm_tessera_bo_seal
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_bo_seal(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_bo_seal *args = data;
	struct drm_gem_object *obj;
	int ret;

	if (args->flags)
		return -EINVAL;
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;

	/* Of imported memory only its exporter knows who may write it. */
	if (drm_gem_is_imported(obj))
		ret = -EPERM;
	else
		ret = tsr_seal_close(&to_tsr_bo(obj)->seal);
	drm_gem_object_put(obj);

	return ret;
}
