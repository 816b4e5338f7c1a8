/* SPDX-License-Identifier: GPL-2.0-only */
/* VM_BIND. */
#ifndef TSR_BIND_H
#define TSR_BIND_H

#include <linux/types.h>

struct drm_device;
struct drm_file;
struct drm_gpuva;
struct drm_gpuva_op;
struct drm_gpuvm_bo;
struct tsr_device;
struct tsr_vm;

/* Operations one VM_BIND takes. */
#define TSR_BIND_MAX_OPS	4096

u64 tsr_bind_max_size(struct tsr_device *tdev);
struct drm_gpuva *tsr_bind_pin(struct tsr_vm *vm, u64 va, u64 size);
void tsr_bind_unpin(struct tsr_vm *vm, struct drm_gpuva *mapping);
void tsr_bind_unmap_all(struct tsr_vm *vm);
struct drm_gpuvm_bo *tsr_bind_alloc_vm_bo(void);
int tsr_bind_step_map(struct drm_gpuva_op *op, void *priv);
int tsr_bind_step_remap(struct drm_gpuva_op *op, void *priv);
int tsr_bind_step_unmap(struct drm_gpuva_op *op, void *priv);

int tsr_ioctl_vm_bind(struct drm_device *drm, void *data, struct drm_file *file);

#endif
