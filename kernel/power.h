/* SPDX-License-Identifier: GPL-2.0-only */
/* System sleep. */
#ifndef TSR_POWER_H
#define TSR_POWER_H

struct tsr_device;

void tsr_power_suspend(struct tsr_device *tdev);
void tsr_power_resume(struct tsr_device *tdev);

#endif
