/* SPDX-License-Identifier: GPL-2.0-only */
/* Admin queue: commands to the firmware. */
#ifndef TSR_HFI_H
#define TSR_HFI_H

#include <linux/types.h>

struct tsr_abi_admin;
struct tsr_abi_boot_block;
struct tsr_device;

int tsr_hfi_init(struct tsr_device *tdev);
void tsr_hfi_start(struct tsr_device *tdev);
void tsr_hfi_describe(struct tsr_device *tdev, struct tsr_abi_boot_block *block);
void tsr_hfi_event(struct tsr_device *tdev);
int tsr_hfi_command(struct tsr_device *tdev, struct tsr_abi_admin *command);
int tsr_hfi_ping(struct tsr_device *tdev);
int tsr_hfi_queue_command(struct tsr_device *tdev, u16 op, u16 queue);
int tsr_hfi_queue_runs(struct tsr_device *tdev, u16 queue, bool *runs);

#endif
