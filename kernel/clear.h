/* SPDX-License-Identifier: GPL-2.0-only */
/* Clearing of local memory. */
#ifndef TSR_CLEAR_H
#define TSR_CLEAR_H

#include <linux/types.h>

struct tsr_device;
struct tsr_extents;

int tsr_clear_init(struct tsr_device *tdev);
void tsr_clear_fini(struct tsr_device *tdev);
int tsr_clear(struct tsr_device *tdev, const struct tsr_extents *extents, u64 size);

#endif
