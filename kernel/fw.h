/* SPDX-License-Identifier: GPL-2.0-only */
/* Firmware: image, boot block, boot. */
#ifndef TSR_FW_H
#define TSR_FW_H

#include <linux/types.h>

struct drm_tessera_query_firmware;
struct tsr_device;

int tsr_fw_init(struct tsr_device *tdev);
int tsr_fw_boot(struct tsr_device *tdev);
bool tsr_fw_agreed(struct tsr_device *tdev, u64 features);
void tsr_fw_query(struct tsr_device *tdev, struct drm_tessera_query_firmware *out);

#endif
