/* SPDX-License-Identifier: GPL-2.0-only */
/* Dispatch of ioctls. */
#ifndef TSR_IOCTL_H
#define TSR_IOCTL_H

#include <drm/drm_ioctl.h>

#include <tessera_accel.h>

struct file;

#define TSR_IOCTL_COUNT		(DRM_TESSERA_PROGRAM_UNSEAL + 1)

extern const struct drm_ioctl_desc tsr_ioctl_descs[TSR_IOCTL_COUNT];

long tsr_ioctl(struct file *filp, unsigned int cmd, unsigned long arg);

#endif
