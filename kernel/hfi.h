/* SPDX-License-Identifier: GPL-2.0-only */
/* Admin queue: commands to the firmware. */
#ifndef TSR_HFI_H
#define TSR_HFI_H

#include <linux/types.h>

struct tsr_hw_admin;
struct tsr_hw_boot_block;
struct tsr_device;

/**
 * struct tsr_hfi_status - answer to QUEUE_STATUS
 * @runs: an engine works for the queue
 * @completed: last sequence the firmware has completed
 */
struct tsr_hfi_status {
	bool runs;
	u32 completed;
};

int tsr_hfi_init(struct tsr_device *tdev);
void tsr_hfi_start(struct tsr_device *tdev);
void tsr_hfi_describe(struct tsr_device *tdev, struct tsr_hw_boot_block *block);
void tsr_hfi_event(struct tsr_device *tdev);
int tsr_hfi_command(struct tsr_device *tdev, struct tsr_hw_admin *command);
int tsr_hfi_ping(struct tsr_device *tdev);
int tsr_hfi_queue_command(struct tsr_device *tdev, u16 op, u16 queue);
int tsr_hfi_seal(struct tsr_device *tdev, u16 asid, u64 program, u32 size, u64 *handle);
int tsr_hfi_unseal(struct tsr_device *tdev, u16 asid, u64 handle);
int tsr_hfi_queue_status(struct tsr_device *tdev, u16 queue, struct tsr_hfi_status *status);

#endif
