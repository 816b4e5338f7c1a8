/* SPDX-License-Identifier: MIT */
/* Fences of jobs as files, which outlive the device. */
#ifndef FAULTS_FENCE_H
#define FAULTS_FENCE_H

#include <stdint.h>

/** fence_export() - the fence in syncobj @handle; Return: a file descriptor or a negative errno */
int fence_export(int fd, uint32_t handle);

/**
 * fence_wait() - wait for a fence
 *
 * Return: 0 its job succeeded, -ETIMEDOUT it has not ended in @seconds, or the job's error.
 */
int fence_wait(int fence, double seconds);

#endif
