/* SPDX-License-Identifier: GPL-2.0-only */
/* Clients and what their users may hold. */
#ifndef TSR_CLIENT_H
#define TSR_CLIENT_H

#include <linux/kref.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "usage.h"

struct drm_file;
struct tsr_device;
struct tsr_user;

/**
 * enum tsr_resource - what is counted for each user
 * @TSR_RESOURCE_VM: address spaces of the device
 * @TSR_RESOURCE_QUEUE: job queues of the device
 * @TSR_RESOURCE_PROGRAM: handles of sealed programs of the device
 * @TSR_RESOURCE_PGTABLE: bytes of page tables
 * @TSR_RESOURCE_LOCAL: bytes of local memory
 * @TSR_RESOURCES: how many kinds there are
 */
enum tsr_resource {
	TSR_RESOURCE_VM,
	TSR_RESOURCE_QUEUE,
	TSR_RESOURCE_PROGRAM,
	TSR_RESOURCE_PGTABLE,
	TSR_RESOURCE_LOCAL,
	TSR_RESOURCES
};

/* Command, brackets, a pid of at most ten digits. */
#define TSR_CLIENT_NAME_LEN	(TASK_COMM_LEN + 12)

/**
 * struct tsr_client - one open of the device file; outlives the file
 * @ref: held by the file, its address spaces and its queues; a job holds its queue
 * @tdev: device; its &struct tsr_device.drm is referenced
 * @user: whose limits hold, shared by all clients of one uid
 * @id: &drm_file.client_id
 * @pid: process that opened the file, in the initial namespace
 * @weight: share of the device against other clients, 1 to 255
 * @name: how log lines name it: command and pid
 * @usage: engine time of its jobs
 *
 * Nothing in it but @usage changes once it is made.
 */
struct tsr_client {
	struct kref ref;
	struct tsr_device *tdev;
	struct tsr_user *user;
	u64 id;
	pid_t pid;
	u8 weight;
	char name[TSR_CLIENT_NAME_LEN];
	struct tsr_usage usage;
};

int tsr_client_table_init(struct tsr_device *tdev);

struct tsr_client *tsr_client_create(struct tsr_device *tdev, struct drm_file *file);
struct tsr_client *tsr_client_get(struct tsr_client *client);
void tsr_client_put(struct tsr_client *client);

int tsr_client_charge(struct tsr_client *client, enum tsr_resource resource, u64 amount);
void tsr_client_uncharge(struct tsr_client *client, enum tsr_resource resource, u64 amount);
u64 tsr_client_total(struct tsr_device *tdev, enum tsr_resource resource);
u64 tsr_client_limit(struct tsr_device *tdev, enum tsr_resource resource);

#endif
