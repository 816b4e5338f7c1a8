/* SPDX-License-Identifier: GPL-2.0-only */
/* Address spaces. */
#ifndef TSR_VM_H
#define TSR_VM_H

#include <linux/types.h>

#include <drm/drm_exec.h>

struct dma_fence;
struct drm_device;
struct drm_file;
struct drm_gem_object;
struct tsr_client;
struct tsr_device;
struct tsr_file;
struct tsr_vm;

/**
 * struct tsr_vm_lock - reservations of an address space, locked
 * @exec: those of shared objects too
 * @shared: there are any; else only the address space's own is locked, without @exec
 */
struct tsr_vm_lock {
	struct drm_exec exec;
	bool shared;
};

struct tsr_vm *tsr_vm_get(struct drm_file *file, u32 id);
void tsr_vm_put(struct tsr_vm *vm);
struct drm_gem_object *tsr_vm_resv_obj(struct tsr_vm *vm);
struct tsr_client *tsr_vm_client(struct tsr_vm *vm);
unsigned int tsr_vm_asid(struct tsr_vm *vm);
bool tsr_vm_has_local(struct tsr_vm *vm);
int tsr_vm_add_queue(struct tsr_vm *vm);
void tsr_vm_remove_queue(struct tsr_vm *vm, unsigned int index);
int tsr_vm_lock_objects(struct tsr_vm *vm, struct tsr_vm_lock *lock);
void tsr_vm_add_fence(struct tsr_vm *vm, struct tsr_vm_lock *lock, struct dma_fence *fence);
void tsr_vm_unlock_objects(struct tsr_vm *vm, struct tsr_vm_lock *lock);

void tsr_vm_close_all(struct tsr_file *tfile);
void tsr_vm_unplug_all(struct tsr_device *tdev);

int tsr_ioctl_vm_create(struct drm_device *drm, void *data, struct drm_file *file);
int tsr_ioctl_vm_destroy(struct drm_device *drm, void *data, struct drm_file *file);

#endif
