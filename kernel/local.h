/* SPDX-License-Identifier: GPL-2.0-only */
/* The device's own memory. */
#ifndef TSR_LOCAL_H
#define TSR_LOCAL_H

#include <linux/types.h>

struct tsr_client;
struct tsr_device;
struct tsr_extents;
struct tsr_local_space;

int tsr_local_init(struct tsr_device *tdev);
u64 tsr_local_size(struct tsr_device *tdev);
u64 tsr_local_free_size(struct tsr_device *tdev);

struct tsr_local_space *tsr_local_alloc(struct tsr_client *client, u64 size);
void tsr_local_free(struct tsr_local_space *space);
const struct tsr_extents *tsr_local_extents(struct tsr_local_space *space);

#endif
