/* SPDX-License-Identifier: GPL-2.0-only */
/* Arrays of structures in user memory. */
#ifndef TSR_ARRAY_H
#define TSR_ARRAY_H

#include <linux/types.h>

struct drm_tessera_array;

int tsr_array_check(const struct drm_tessera_array *array, u32 min_stride, u32 max_count);
int tsr_array_get(const struct drm_tessera_array *array, u32 i, void *to, size_t size);
void __user *tsr_array_at(const struct drm_tessera_array *array, u32 i);

#endif
