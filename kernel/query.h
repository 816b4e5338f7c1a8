/* SPDX-License-Identifier: GPL-2.0-only */
/* DEV_QUERY. */
#ifndef TSR_QUERY_H
#define TSR_QUERY_H

struct drm_device;
struct drm_file;

int tsr_ioctl_dev_query(struct drm_device *drm, void *data, struct drm_file *file);

#endif
