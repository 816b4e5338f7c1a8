/* SPDX-License-Identifier: MIT */
/* The driver and its devices through sysfs and the system calls for modules. */
#ifndef FAULTS_SYSFS_H
#define FAULTS_SYSFS_H

#include <stdbool.h>

/** driver_bind() - bind the device at PCI address @name; Return: 0 or a negative errno */
int driver_bind(const char *name);

/** driver_unbind() - take the device from the driver; Return: 0 or a negative errno */
int driver_unbind(const char *name);

/** function_reset() - reset the PCI function; Return: 0 or a negative errno */
int function_reset(const char *name);

/** function_enable() - let an unbound function answer at its BARs; Return: 0 or a negative errno */
int function_enable(const char *name);

/** function_master() - switch bus mastering of the PCI function; Return: 0 or a negative errno */
int function_master(const char *name, bool on);

/**
 * system_sleep() - go to sleep as far as a test level of the kernel, and wake up at once
 * @state: line of /sys/power/state
 * @level: word of /sys/power/pm_test
 *
 * Return: 0 or a negative errno.
 */
int system_sleep(const char *state, const char *level);

/** module_remove() - rmmod without waiting; Return: 0 or a negative errno */
int module_remove(void);

#endif
