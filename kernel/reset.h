/* SPDX-License-Identifier: GPL-2.0-only */
/* Recovery: full reset with firmware reload. */
#ifndef TSR_RESET_H
#define TSR_RESET_H

#include <linux/types.h>

struct tsr_device;
struct tsr_queue;
struct workqueue_struct;

int tsr_reset_init(struct tsr_device *tdev);
void tsr_reset_fini(struct tsr_device *tdev);
struct workqueue_struct *tsr_reset_wq(struct tsr_device *tdev);
unsigned int tsr_reset_count(struct tsr_device *tdev);
bool tsr_reset_pending(struct tsr_device *tdev);
unsigned int tsr_reset_block(struct tsr_device *tdev);
void tsr_reset_unblock(struct tsr_device *tdev);
void tsr_reset_schedule(struct tsr_device *tdev, const char *why);
void tsr_reset_and_wait(struct tsr_device *tdev, const char *why, unsigned int generation);
void tsr_reset_now(struct tsr_device *tdev, const char *why, struct tsr_queue *guilty,
		   unsigned int generation);
void tsr_reset_prepare(struct tsr_device *tdev);
void tsr_reset_done(struct tsr_device *tdev);
void tsr_reset_hold_jobs(struct tsr_device *tdev);
void tsr_reset_sleep(struct tsr_device *tdev);
void tsr_reset_wake(struct tsr_device *tdev);
int tsr_reset_device(struct tsr_device *tdev);

#endif
