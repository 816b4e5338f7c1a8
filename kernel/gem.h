/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffer objects. */
#ifndef TSR_GEM_H
#define TSR_GEM_H

#include <linux/types.h>

struct drm_device;
struct drm_file;
struct drm_gem_object;
struct tsr_device;
struct tsr_extents;
struct tsr_seal;

struct drm_gem_object *tsr_bo_create_object(struct drm_device *drm, size_t size);
struct drm_gem_object *tsr_bo_exclusive_to(struct drm_gem_object *obj);
struct tsr_seal *tsr_bo_seal(struct drm_gem_object *obj);
int tsr_bo_map(struct drm_gem_object *obj);
const struct tsr_extents *tsr_bo_extents(struct drm_gem_object *obj);
bool tsr_bo_is_local(struct drm_gem_object *obj);
u64 tsr_bo_max_size(void);
void tsr_bo_unplug_all(struct tsr_device *tdev);

int tsr_ioctl_bo_create(struct drm_device *drm, void *data, struct drm_file *file);
int tsr_ioctl_bo_mmap_offset(struct drm_device *drm, void *data, struct drm_file *file);
int tsr_ioctl_bo_sync(struct drm_device *drm, void *data, struct drm_file *file);
int tsr_ioctl_bo_seal(struct drm_device *drm, void *data, struct drm_file *file);

#endif
