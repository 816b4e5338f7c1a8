/* SPDX-License-Identifier: MIT */
/* Binary syncobjs: where a job's fence can be found again. */
#ifndef TSR_SYNCOBJ_H
#define TSR_SYNCOBJ_H

#include <stdint.h>

struct tsr_device;

/** tsr_syncobj_create() - one without a fence. Return: 0 or a negative errno. */
int tsr_syncobj_create(const struct tsr_device *device, uint32_t *syncobj);

void tsr_syncobj_destroy(const struct tsr_device *device, uint32_t syncobj);

/** tsr_syncobj_export() - a sync_file of its fence, owned by the caller, or a negative errno. */
int tsr_syncobj_export(const struct tsr_device *device, uint32_t syncobj);

#endif
