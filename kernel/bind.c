// SPDX-License-Identifier: GPL-2.0-only
/*
 * VM_BIND: all operations of a call, or none.
 *
 * 1. Objects are looked up, populated and mapped for the device.
 * 2. The tree of mappings is changed, operation by operation. What is taken out of it is
 *    kept, so that this can be undone without memory.
 * 3. From the tree as it is now, page tables are reserved for the union of all ranges.
 *    Nothing can fail after that.
 * 4. Page-table entries of the union are written, again from the tree, and the device's
 *    cached walks invalidated. Only then is what was taken out freed.
 *
 * All of it happens in the ioctl, outside any fence-signalling path. Every loop whose length
 * userspace decides lets others run, and up to step 3 ends when the caller is being killed.
 * Step 4 writes each page once, and a call maps no more than the largest object has.
 */

#include "bind.h"

#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_gpuvm.h>

#include <tsr_hw/mmu.h>

#include <tessera_accel.h>

#include "array.h"
#include "compat/tessera_compat.h"
#include "device.h"
#include "gem.h"
#include "local.h"
#include "mmu.h"
#include "pgtable.h"
#include "seal.h"
#include "vm.h"
#include "vm_internal.h"

/* Nodes one operation adds to the tree at most: the mapping and two remainders. */
#define TSR_BIND_NODES		3

/**
 * struct tsr_vma - one mapping
 * @base: base
 * @flags: TSR_HW_PTE_READ, TSR_HW_PTE_WRITE, TSR_HW_PTE_FETCH, TSR_HW_PTE_STATIC,
 *         TSR_HW_PTE_APERTURE_LOCAL; with WRITE it is one of the object's writers
 * @pins: sealed programs in it: while there are any it stays as it is
 * @vm_bo: object it maps, referenced
 * @link: in a list of &struct tsr_bind while a call is at work
 * @fresh: added by the call at work
 */
struct tsr_vma {
	struct drm_gpuva base;
	u64 flags;
	unsigned int pins;
	struct drm_gpuvm_bo *vm_bo;
	struct list_head link;
	bool fresh;
};

/* One operation. */
struct tsr_bind_op {
	struct drm_gem_object *obj;	/* NULL for UNMAP; referenced */
	u64 offset;
	u64 va;
	u64 size;
	u64 flags;
	bool writer;			/* of the object, which cannot be sealed meanwhile */
};

/* Part of the address space that a call changes. */
struct tsr_bind_range {
	u64 va;
	u64 end;
};

/**
 * struct tsr_bind - a call at work
 * @vm: address space
 * @ops: operations
 * @count: how many
 * @ranges: union of their ranges, by address; room for @count
 * @range_count: how many there are
 * @spare: nodes for the tree
 * @added: nodes added and still in the tree
 * @removed: nodes taken out that were there before
 * @passing: nodes added and taken out again
 * @flags: of the operation at work
 * @vm_bo: of the operation at work
 */
struct tsr_bind {
	struct tsr_vm *vm;
	struct tsr_bind_op *ops;
	u32 count;
	struct tsr_bind_range *ranges;
	u32 range_count;
	struct list_head spare;
	struct list_head added;
	struct list_head removed;
	struct list_head passing;
	u64 flags;
	struct drm_gpuvm_bo *vm_bo;
};

typedef int (*tsr_bind_range_fn)(struct tsr_vm *vm, struct tsr_vma *vma, u64 va, u64 size);

static struct tsr_vma *to_tsr_vma(struct drm_gpuva *va)
{
	return container_of(va, struct tsr_vma, base);
}

/* Let others run. Return: -EINTR when the caller is being killed. */
static int tsr_bind_pause(void)
{
	cond_resched();

	return fatal_signal_pending(current) ? -EINTR : 0;
}

/* The lists an object keeps of its mappings are under its reservation. */
static void tsr_bind_put_vm_bo(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gem_object *obj = vm_bo->obj;

	drm_gem_object_get(obj);
	dma_resv_lock(obj->resv, NULL);
	drm_gpuvm_bo_put(vm_bo);
	dma_resv_unlock(obj->resv);
	drm_gem_object_put(obj);
}

static struct drm_gpuvm_bo *tsr_bind_get_vm_bo(struct tsr_vm *vm, struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo;

	dma_resv_lock(obj->resv, NULL);
	vm_bo = drm_gpuvm_bo_obtain_locked(&vm->base, obj);
	if (!IS_ERR(vm_bo))
		drm_gpuvm_bo_extobj_add(vm_bo);
	dma_resv_unlock(obj->resv);

	return vm_bo;
}

static void tsr_vma_free(struct tsr_vma *vma)
{
	if (vma->vm_bo) {
		if (vma->flags & TSR_HW_PTE_WRITE)
			tsr_seal_put_writer(tsr_bo_seal(vma->vm_bo->obj));
		tsr_bind_put_vm_bo(vma->vm_bo);
	}
	kfree(vma);
}

static void tsr_vma_free_list(struct list_head *list)
{
	struct tsr_vma *vma, *next;

	list_for_each_entry_safe(vma, next, list, link) {
		cond_resched();
		tsr_vma_free(vma);
	}
	INIT_LIST_HEAD(list);
}

static void tsr_vma_link(struct tsr_vm *vm, struct tsr_vma *vma)
{
	struct drm_gem_object *obj = vma->base.gem.obj;

	dma_resv_lock(obj->resv, NULL);
	drm_gpuva_link(&vma->base, vma->vm_bo);
	dma_resv_unlock(obj->resv);
	if (drm_gpuvm_is_extobj(&vm->base, obj))
		atomic_inc(&vm->shared);
	if (vma->flags & TSR_HW_PTE_APERTURE_LOCAL)
		atomic_inc(&vm->local);
}

static void tsr_vma_unlink(struct tsr_vm *vm, struct tsr_vma *vma)
{
	struct drm_gem_object *obj = vma->base.gem.obj;

	if (drm_gpuvm_is_extobj(&vm->base, obj))
		atomic_dec(&vm->shared);
	if (vma->flags & TSR_HW_PTE_APERTURE_LOCAL)
		atomic_dec(&vm->local);
	dma_resv_lock(obj->resv, NULL);
	drm_gpuva_unlink(&vma->base);
	dma_resv_unlock(obj->resv);
}

static int tsr_bind_fill_spare(struct tsr_bind *bind)
{
	size_t have = list_count_nodes(&bind->spare);
	struct tsr_vma *vma;

	for (; have < TSR_BIND_NODES; have++) {
		vma = kzalloc_obj(*vma, GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL);
		if (!vma)
			return -ENOMEM;
		list_add(&vma->link, &bind->spare);
	}

	return 0;
}

static struct tsr_vma *tsr_bind_add(struct tsr_bind *bind, struct drm_gpuvm_bo *vm_bo, u64 flags)
{
	struct tsr_vma *vma = list_first_entry(&bind->spare, struct tsr_vma, link);

	/* The operation, or the mapping that this one is a remainder of, is a writer. */
	if (flags & TSR_HW_PTE_WRITE)
		tsr_seal_add_writer(tsr_bo_seal(vm_bo->obj));
	vma->vm_bo = drm_gpuvm_bo_get(vm_bo);
	vma->flags = flags;
	vma->fresh = true;
	list_move(&vma->link, &bind->added);

	return vma;
}

static void tsr_bind_remove(struct tsr_bind *bind, struct tsr_vma *vma)
{
	if (vma->fresh)
		list_move(&vma->link, &bind->passing);
	else
		list_add(&vma->link, &bind->removed);
}

/**
 * tsr_bind_alloc_vm_bo() - &drm_gpuvm_ops.vm_bo_alloc
 *
 * What the core would do itself, and charged to the memory cgroup.
 *
 * Return: zeroed memory, freed by the core with kfree(), or NULL.
 */
struct drm_gpuvm_bo *tsr_bind_alloc_vm_bo(void)
{
	struct drm_gpuvm_bo *vm_bo = kzalloc_obj(*vm_bo, GFP_KERNEL_ACCOUNT);

	return vm_bo;
}

/**
 * tsr_bind_step_map() - &drm_gpuvm_ops.sm_step_map
 * @op: what to add
 * @priv: &struct tsr_bind
 *
 * Return: 0.
 */
int tsr_bind_step_map(struct drm_gpuva_op *op, void *priv)
{
	struct tsr_bind *bind = priv;
	struct tsr_vma *vma = tsr_bind_add(bind, bind->vm_bo, bind->flags);

	drm_gpuva_map(&bind->vm->base, &vma->base, &op->map);

	return 0;
}

/**
 * tsr_bind_step_remap() - &drm_gpuvm_ops.sm_step_remap
 * @op: what to replace by one or two remainders
 * @priv: &struct tsr_bind
 *
 * Return: 0, -EBUSY or -EINTR.
 */
int tsr_bind_step_remap(struct drm_gpuva_op *op, void *priv)
{
	struct tsr_vma *old = to_tsr_vma(op->remap.unmap->va);
	struct tsr_vma *prev = NULL, *next = NULL;
	struct tsr_bind *bind = priv;

	if (old->pins)
		return -EBUSY;
	if (op->remap.prev)
		prev = tsr_bind_add(bind, old->vm_bo, old->flags);
	if (op->remap.next)
		next = tsr_bind_add(bind, old->vm_bo, old->flags);
	drm_gpuva_remap(prev ? &prev->base : NULL, next ? &next->base : NULL, &op->remap);
	tsr_bind_remove(bind, old);

	return tsr_bind_pause();
}

/**
 * tsr_bind_step_unmap() - &drm_gpuvm_ops.sm_step_unmap
 * @op: what to take out
 * @priv: &struct tsr_bind
 *
 * Return: 0, -EBUSY or -EINTR.
 */
int tsr_bind_step_unmap(struct drm_gpuva_op *op, void *priv)
{
	struct tsr_vma *vma = to_tsr_vma(op->unmap.va);
	struct tsr_bind *bind = priv;

	if (vma->pins)
		return -EBUSY;
	drm_gpuva_unmap(&op->unmap);
	tsr_bind_remove(bind, vma);

	return tsr_bind_pause();
}

static int tsr_bind_map_in_tree(struct tsr_bind *bind, const struct tsr_bind_op *op)
{
	struct drm_gpuvm_map_req req = {
		.map.va.addr = op->va,
		.map.va.range = op->size,
		.map.gem.obj = op->obj,
		.map.gem.offset = op->offset,
	};
	int ret;

	bind->vm_bo = tsr_bind_get_vm_bo(bind->vm, op->obj);
	if (IS_ERR(bind->vm_bo))
		return PTR_ERR(bind->vm_bo);
	bind->flags = op->flags;
	ret = drm_gpuvm_sm_map(&bind->vm->base, bind, &req);
	tsr_bind_put_vm_bo(bind->vm_bo);

	return ret;
}

static int tsr_bind_change_tree(struct tsr_bind *bind)
{
	const struct tsr_bind_op *op;
	int ret;

	for (op = bind->ops; op < bind->ops + bind->count; op++) {
		ret = tsr_bind_pause();
		if (!ret)
			ret = tsr_bind_fill_spare(bind);
		if (ret)
			return ret;
		if (op->obj)
			ret = tsr_bind_map_in_tree(bind, op);
		else
			ret = drm_gpuvm_sm_unmap(&bind->vm->base, bind, op->va, op->size);
		if (ret)
			return ret;
	}

	return 0;
}

/* Needs no memory: everything taken out is still there. */
static void tsr_bind_restore_tree(struct tsr_bind *bind)
{
	struct tsr_vma *vma;

	list_for_each_entry(vma, &bind->added, link) {
		cond_resched();
		drm_gpuva_remove(&vma->base);
	}
	list_for_each_entry(vma, &bind->removed, link) {
		cond_resched();
		WARN_ON(drm_gpuva_insert(&bind->vm->base, &vma->base));
	}
}

static int tsr_bind_compare(const void *a, const void *b)
{
	const struct tsr_bind_range *x = a, *y = b;

	return x->va < y->va ? -1 : x->va > y->va;
}

/* Ranges of many operations may overlap: what is common to them is written once. */
static void tsr_bind_unite(struct tsr_bind *bind)
{
	struct tsr_bind_range *range = bind->ranges, *last = bind->ranges;
	u32 i;

	for (i = 0; i < bind->count; i++) {
		range[i].va = bind->ops[i].va;
		range[i].end = bind->ops[i].va + bind->ops[i].size;
	}
	sort(range, bind->count, sizeof(*range), tsr_bind_compare, NULL);
	for (i = 1; i < bind->count; i++) {
		if (range[i].va > last->end)
			*++last = range[i];
		else
			last->end = max(last->end, range[i].end);
	}
	bind->range_count = last - bind->ranges + 1;
}

/* Call back for each part of a range that is mapped, and with NULL for each that is not. */
static int tsr_bind_for_range(struct tsr_vm *vm, const struct tsr_bind_range *range,
			      tsr_bind_range_fn fn)
{
	u64 va = range->va, end = range->end, start, stop;
	struct drm_gpuva *gpuva;
	int ret;

	drm_gpuvm_for_each_va_range(gpuva, &vm->base, va, end) {
		start = max(gpuva->va.addr, va);
		stop = min(gpuva->va.addr + gpuva->va.range, end);
		ret = start > va ? fn(vm, NULL, va, start - va) : 0;
		if (!ret)
			ret = fn(vm, to_tsr_vma(gpuva), start, stop - start);
		if (ret)
			return ret;
		va = stop;
	}

	return va < end ? fn(vm, NULL, va, end - va) : 0;
}

static u64 tsr_vma_offset(struct tsr_vma *vma, u64 va)
{
	return vma->base.gem.offset + (va - vma->base.va.addr);
}

static int tsr_bind_reserve_range(struct tsr_vm *vm, struct tsr_vma *vma, u64 va, u64 size)
{
	if (!vma)
		return tsr_pgtable_reserve_unmap(vm->pgtable, va, size);

	return tsr_pgtable_reserve_map(vm->pgtable, va, size, tsr_bo_extents(vma->base.gem.obj),
				       tsr_vma_offset(vma, va));
}

static int tsr_bind_write_range(struct tsr_vm *vm, struct tsr_vma *vma, u64 va, u64 size)
{
	if (vma)
		tsr_pgtable_map(vm->pgtable, va, size, tsr_bo_extents(vma->base.gem.obj),
				tsr_vma_offset(vma, va), vma->flags);
	else
		tsr_pgtable_unmap(vm->pgtable, va, size);

	return 0;
}

static int tsr_bind_reserve(struct tsr_bind *bind)
{
	u32 i;
	int ret;

	for (i = 0; i < bind->range_count; i++) {
		ret = tsr_bind_for_range(bind->vm, &bind->ranges[i], tsr_bind_reserve_range);
		if (ret)
			return ret;
	}

	return 0;
}

static void tsr_bind_write(struct tsr_bind *bind)
{
	u32 i;

	for (i = 0; i < bind->range_count; i++)
		tsr_bind_for_range(bind->vm, &bind->ranges[i], tsr_bind_write_range);
}

/* One invalidation of the hull of all ranges, if anything was taken away at all. */
static void tsr_bind_invalidate(struct tsr_bind *bind)
{
	const struct tsr_bind_range *first = bind->ranges;
	const struct tsr_bind_range *last = first + bind->range_count - 1, *range;
	struct tsr_vm *vm = bind->vm;

	for (range = first; range <= last; range++)
		tsr_pgtable_prune(vm->pgtable, range->va, range->end - range->va);
	if (tsr_pgtable_dirty(vm->pgtable))
		tsr_mmu_invalidate(vm->tdev, vm->asid, first->va, last->end - first->va);
	tsr_pgtable_invalidated(vm->pgtable);
}

static void tsr_bind_commit(struct tsr_bind *bind)
{
	struct tsr_vma *vma;

	list_for_each_entry(vma, &bind->added, link) {
		cond_resched();
		tsr_vma_link(bind->vm, vma);
		vma->fresh = false;
	}
	list_for_each_entry(vma, &bind->removed, link) {
		cond_resched();
		tsr_vma_unlink(bind->vm, vma);
	}
	tsr_vma_free_list(&bind->removed);
}

static int tsr_bind_locked(struct tsr_bind *bind)
{
	int ret;

	lockdep_assert_held(&bind->vm->lock);

	tsr_bind_unite(bind);
	ret = tsr_bind_change_tree(bind);
	if (!ret)
		ret = tsr_bind_reserve(bind);
	if (ret) {
		tsr_bind_restore_tree(bind);
		tsr_bind_invalidate(bind);
		tsr_vma_free_list(&bind->added);
	} else {
		/* Nothing can fail from here on. */
		tsr_bind_write(bind);
		tsr_bind_invalidate(bind);
		tsr_bind_commit(bind);
	}
	tsr_vma_free_list(&bind->passing);
	tsr_vma_free_list(&bind->spare);

	return ret;
}

static int tsr_bind(struct tsr_vm *vm, struct tsr_bind_op *ops, u32 count)
{
	struct tsr_bind bind = {
		.vm = vm,
		.ops = ops,
		.count = count,
		.ranges = kvmalloc_objs(*bind.ranges, count, GFP_KERNEL_ACCOUNT),
		.spare = LIST_HEAD_INIT(bind.spare),
		.added = LIST_HEAD_INIT(bind.added),
		.removed = LIST_HEAD_INIT(bind.removed),
		.passing = LIST_HEAD_INIT(bind.passing),
	};
	int ret;

	if (!bind.ranges)
		return -ENOMEM;
	mutex_lock(&vm->lock);
	if (vm->destroyed)
		ret = -ENOENT;
	else if (!vm->pgtable)
		ret = -ENODEV;
	else
		ret = tsr_bind_locked(&bind);
	mutex_unlock(&vm->lock);
	kvfree(bind.ranges);

	return ret;
}

/* May a sealed program be at this address? */
static int tsr_bind_check_pin(struct tsr_vm *vm, struct drm_gpuva *gpuva, u64 va, u64 size)
{
	if (vm->destroyed)
		return -ENOENT;
	if (!gpuva || gpuva->va.addr > va || gpuva->va.addr + gpuva->va.range - va < size ||
	    !(to_tsr_vma(gpuva)->flags & TSR_HW_PTE_FETCH))
		return -EINVAL;

	return tsr_seal_closed(tsr_bo_seal(gpuva->gem.obj)) ? 0 : -EPERM;
}

/**
 * tsr_bind_pin() - keep a mapping as it is
 * @vm: address space
 * @va: address of a program
 * @size: bytes of it
 *
 * Return: the mapping that has all of it, for tsr_bind_unpin(), or an ERR_PTR: -EINVAL when no
 * single one does and may be fetched from, -EPERM when its object is not sealed, -ENOENT when
 * the address space is destroyed.
 */
struct drm_gpuva *tsr_bind_pin(struct tsr_vm *vm, u64 va, u64 size)
{
	struct drm_gpuva *gpuva;
	int ret;

	mutex_lock(&vm->lock);
	gpuva = drm_gpuva_find_first(&vm->base, va, size);
	ret = tsr_bind_check_pin(vm, gpuva, va, size);
	if (!ret) {
		to_tsr_vma(gpuva)->pins++;
		vm->pins++;
	}
	mutex_unlock(&vm->lock);

	return ret ? ERR_PTR(ret) : gpuva;
}

/**
 * tsr_bind_unpin() - counterpart of tsr_bind_pin()
 * @vm: address space
 * @mapping: the mapping
 */
void tsr_bind_unpin(struct tsr_vm *vm, struct drm_gpuva *mapping)
{
	mutex_lock(&vm->lock);
	to_tsr_vma(mapping)->pins--;
	vm->pins--;
	mutex_unlock(&vm->lock);
}

/**
 * tsr_bind_unmap_all() - drop all mappings of an address space without a page table
 * @vm: address space
 */
void tsr_bind_unmap_all(struct tsr_vm *vm)
{
	struct drm_gpuva *gpuva, *next;

	lockdep_assert_held(&vm->lock);

	drm_gpuvm_for_each_va_safe(gpuva, next, &vm->base) {
		cond_resched();
		drm_gpuva_remove(gpuva);
		tsr_vma_unlink(vm, to_tsr_vma(gpuva));
		tsr_vma_free(to_tsr_vma(gpuva));
	}
}

static bool tsr_bind_va_valid(u64 va, u64 size)
{
	u64 end;

	return size && IS_ALIGNED(va | size, TSR_HW_PAGE_SIZE) && va >= TSR_HW_VA_USER_START &&
	       !check_add_overflow(va, size, &end) && end <= TSR_HW_VA_USER_END;
}

static u64 tsr_bind_pte_flags(u32 flags)
{
	return (flags & DRM_TESSERA_BIND_READ ? TSR_HW_PTE_READ : 0) |
	       (flags & DRM_TESSERA_BIND_WRITE ? TSR_HW_PTE_WRITE : 0) |
	       (flags & DRM_TESSERA_BIND_FETCH ? TSR_HW_PTE_FETCH : 0);
}

static int tsr_bind_check_map(const struct drm_tessera_vm_bind_op *user)
{
	const u32 known = DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_WRITE | DRM_TESSERA_BIND_FETCH;

	if (!user->flags || user->flags & ~known || !IS_ALIGNED(user->bo_offset, TSR_HW_PAGE_SIZE))
		return -EINVAL;

	return 0;
}

static int tsr_bind_check(const struct drm_tessera_vm_bind_op *user)
{
	if (user->pad || !tsr_bind_va_valid(user->va, user->size))
		return -EINVAL;

	switch (user->op) {
	case DRM_TESSERA_BIND_MAP:
		return tsr_bind_check_map(user);
	case DRM_TESSERA_BIND_UNMAP:
		return user->flags || user->bo_handle || user->bo_offset ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

/* Does the object have the range, and may this address space have the object? */
static bool tsr_bind_object_fits(struct tsr_vm *vm, const struct tsr_bind_op *op)
{
	struct drm_gem_object *exclusive = tsr_bo_exclusive_to(op->obj);

	return (!exclusive || exclusive == tsr_vm_resv_obj(vm)) && op->offset < op->obj->size &&
	       op->size <= op->obj->size - op->offset;
}

static int tsr_bind_get_object(struct tsr_vm *vm, struct drm_file *file, u32 handle,
			       struct tsr_bind_op *op)
{
	op->obj = drm_gem_object_lookup(file, handle);
	if (!op->obj)
		return -ENOENT;
	if (!tsr_bind_object_fits(vm, op))
		return -EINVAL;
	if (tsr_bo_is_local(op->obj))
		op->flags |= TSR_HW_PTE_APERTURE_LOCAL;
	if (op->flags & TSR_HW_PTE_WRITE) {
		op->writer = tsr_seal_get_writer(tsr_bo_seal(op->obj));
		if (!op->writer)
			return -EPERM;
	} else if (tsr_seal_closed(tsr_bo_seal(op->obj))) {
		op->flags |= TSR_HW_PTE_STATIC;
	}

	return tsr_bo_map(op->obj);
}

static int tsr_bind_get_op(struct tsr_vm *vm, struct drm_file *file,
			   const struct drm_tessera_array *array, u32 i, struct tsr_bind_op *op)
{
	struct drm_tessera_vm_bind_op user;
	int ret;

	ret = tsr_array_get(array, i, &user, sizeof(user));
	if (!ret)
		ret = tsr_bind_check(&user);
	if (ret)
		return ret;

	op->va = user.va;
	op->size = user.size;
	op->offset = user.bo_offset;
	op->flags = tsr_bind_pte_flags(user.flags);
	if (user.op == DRM_TESSERA_BIND_MAP)
		ret = tsr_bind_get_object(vm, file, user.bo_handle, op);

	return ret;
}

/**
 * tsr_bind_max_size() - most memory one call maps, over all its operations
 * @tdev: device
 *
 * Any object can be mapped as a whole.
 *
 * Return: bytes.
 */
u64 tsr_bind_max_size(struct tsr_device *tdev)
{
	return max(tsr_bo_max_size(), tsr_local_size(tdev));
}

static void tsr_bind_put_ops(struct tsr_bind_op *ops, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (ops[i].writer)
			tsr_seal_put_writer(tsr_bo_seal(ops[i].obj));
		drm_gem_object_put(ops[i].obj);
	}
	kvfree(ops);
}

static int tsr_bind_get_ops(struct tsr_vm *vm, struct drm_file *file,
			    const struct drm_tessera_array *array, struct tsr_bind_op *ops)
{
	u64 left = tsr_bind_max_size(vm->tdev);
	u32 i;
	int ret;

	for (i = 0; i < array->count; i++) {
		ret = tsr_bind_pause();
		if (!ret)
			ret = tsr_bind_get_op(vm, file, array, i, &ops[i]);
		if (ret)
			return ret;
		if (!ops[i].obj)
			continue;
		if (ops[i].size > left)
			return -EINVAL;
		left -= ops[i].size;
	}

	return 0;
}

static int tsr_bind_user(struct tsr_vm *vm, struct drm_file *file,
			 const struct drm_tessera_array *array)
{
	struct tsr_bind_op *ops;
	int ret;

	ops = kvcalloc(array->count, sizeof(*ops), GFP_KERNEL_ACCOUNT);
	if (!ops)
		return -ENOMEM;
	ret = tsr_bind_get_ops(vm, file, array, ops);
	if (!ret)
		ret = tsr_bind(vm, ops, array->count);
	tsr_bind_put_ops(ops, array->count);

	return ret;
}

/**
 * tsr_ioctl_vm_bind() - VM_BIND
 * @drm: device
 * @data: &struct drm_tessera_vm_bind
 * @file: client
 *
 * Return: 0 or a negative errno.
 */
int tsr_ioctl_vm_bind(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tessera_vm_bind *args = data;
	struct tsr_vm *vm;
	int ret;

	if (args->flags)
		return -EINVAL;
	ret = tsr_array_check(&args->ops, DRM_TESSERA_VM_BIND_OP_SIZE_VER0, TSR_BIND_MAX_OPS);
	if (ret)
		return ret;
	vm = tsr_vm_get(file, args->vm_id);
	if (!vm)
		return -ENOENT;

	if (args->ops.count)
		ret = tsr_bind_user(vm, file, &args->ops);
	tsr_vm_put(vm);

	return ret;
}
