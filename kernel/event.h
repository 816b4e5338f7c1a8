/* SPDX-License-Identifier: GPL-2.0-only */
/* Event ring and interrupts. */
#ifndef TSR_EVENT_H
#define TSR_EVENT_H

/* Vectors of use: one for control, one for jobs. */
#define TSR_EVENT_VECTORS	2

struct tsr_hw_boot_block;
struct tsr_device;

int tsr_event_init(struct tsr_device *tdev);
void tsr_event_fini(struct tsr_device *tdev);
void tsr_event_start(struct tsr_device *tdev);
void tsr_event_stop(struct tsr_device *tdev);
void tsr_event_poll(struct tsr_device *tdev);
void tsr_event_describe(struct tsr_device *tdev, struct tsr_hw_boot_block *block);

#endif
