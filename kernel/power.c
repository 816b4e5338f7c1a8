// SPDX-License-Identifier: GPL-2.0-only
/*
 * System sleep.
 *
 * All jobs that have been handed to the device are given a bounded time to end; then it is
 * reset, as by somebody else, and stays in reset until the system wakes up. Everything it
 * was told is told again then, as after any reset, and jobs that were interrupted are judged
 * in the same way. Jobs that wait in the schedulers stay there.
 */

#include "power.h"

#include <linux/delay.h>
#include <linux/jiffies.h>

#include <drm/drm_print.h>

#include "device.h"
#include "queue.h"
#include "reset.h"

/* How long jobs in flight may hold up the system's sleep. */
#define TSR_POWER_DRAIN_MS	5000

static void tsr_power_drain(struct tsr_device *tdev)
{
	unsigned long end = jiffies + tsr_device_timeout(tdev, TSR_POWER_DRAIN_MS);

	while (!tsr_queue_idle_all(tdev)) {
		if (tsr_device_status(tdev))
			return;
		if (time_after(jiffies, end)) {
			drm_notice(&tdev->drm, "jobs do not end, interrupting them for a sleep\n");
			return;
		}
		usleep_range(1000, 2000);
	}
}

/**
 * tsr_power_suspend() - the system is going to sleep
 * @tdev: device
 *
 * User space is frozen: no ioctl is running.
 *
 * Context: sleeps, for a bounded time.
 */
void tsr_power_suspend(struct tsr_device *tdev)
{
	tsr_reset_hold_jobs(tdev);
	tsr_power_drain(tdev);
	tsr_reset_sleep(tdev);
}

/**
 * tsr_power_resume() - the system wakes up, or did not fall asleep
 * @tdev: device
 *
 * Context: sleeps, for a bounded time.
 */
void tsr_power_resume(struct tsr_device *tdev)
{
	tsr_reset_wake(tdev);
}
