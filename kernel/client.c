// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients, and the limits of their users.
 *
 * The device has few address spaces, queues and handles of sealed programs, and local memory of
 * its own; page tables are memory that no process maps. All of it is counted by uid, over all
 * files a user has open, because a user can open any number of files. Two rules hold for a
 * process without CAP_SYS_ADMIN:
 *
 * 1. A user holds at most the limit of a resource: then -EDQUOT.
 * 2. All users together leave the reserve free: then -ENOSPC.
 *
 * A process with CAP_SYS_ADMIN is bound by neither, so an administrator can always get at
 * the device. What it takes counts like anyone's.
 */

#include "client.h"

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_managed.h>

#include <tsr_hw/queue.h>

#include "device.h"

/* Share of a client against others; all alike for now. */
#define TSR_CLIENT_WEIGHT	64

/* Part of what the device has that is kept for administrators. */
#define TSR_RESERVE_SHARE	8

/* Part of the rest that one user may hold; of local memory all of it. */
#define TSR_USER_SHARE		2

/* Part of the memory that one user's page tables may take, and how much they always may. */
#define TSR_PGTABLE_SHARE	32
#define TSR_PGTABLE_MIN		(16ull << 20)

/**
 * struct tsr_user - what all clients of one uid hold; protected by &tsr_client_table.lock
 * @link: in &tsr_client_table.users
 * @uid: the user
 * @clients: how many clients there are; freed with the last one
 * @used: how much of each resource they hold
 */
struct tsr_user {
	struct list_head link;
	kuid_t uid;
	unsigned int clients;
	u64 used[TSR_RESOURCES];
};

/**
 * struct tsr_client_table - users of a device
 * @lock: protects all below; innermost
 * @users: &struct tsr_user
 * @used: how much of each resource all of them hold
 */
struct tsr_client_table {
	spinlock_t lock;	/* users */
	struct list_head users;
	u64 used[TSR_RESOURCES];
};

/**
 * tsr_client_table_init() - allocate the table of users
 * @tdev: device
 *
 * Return: 0 or -ENOMEM.
 */
int tsr_client_table_init(struct tsr_device *tdev)
{
	struct tsr_client_table *table;

	table = drmm_kzalloc(&tdev->drm, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	spin_lock_init(&table->lock);
	INIT_LIST_HEAD(&table->users);
	tdev->clients = table;

	return 0;
}

static struct tsr_user *tsr_user_find(struct tsr_client_table *table, kuid_t uid)
{
	struct tsr_user *user;

	lockdep_assert_held(&table->lock);

	list_for_each_entry(user, &table->users, link)
		if (uid_eq(user->uid, uid))
			return user;

	return NULL;
}

/* Return: the user, counted once more, or NULL. */
static struct tsr_user *tsr_user_get(struct tsr_client_table *table, kuid_t uid)
{
	struct tsr_user *fresh = kzalloc_obj(*fresh, GFP_KERNEL_ACCOUNT);
	struct tsr_user *user;

	if (!fresh)
		return NULL;
	spin_lock(&table->lock);
	user = tsr_user_find(table, uid);
	if (!user) {
		user = fresh;
		fresh = NULL;
		user->uid = uid;
		list_add(&user->link, &table->users);
	}
	user->clients++;
	spin_unlock(&table->lock);
	kfree(fresh);

	return user;
}

static void tsr_user_put(struct tsr_client_table *table, struct tsr_user *user)
{
	bool last;

	spin_lock(&table->lock);
	last = !--user->clients;
	if (last)
		list_del(&user->link);
	spin_unlock(&table->lock);
	if (last)
		kfree(user);
}

/**
 * tsr_client_create() - client of the calling process
 * @tdev: device
 * @file: its file
 *
 * Return: the client, referenced, or NULL.
 */
struct tsr_client *tsr_client_create(struct tsr_device *tdev, struct drm_file *file)
{
	struct tsr_client *client = kzalloc_obj(*client, GFP_KERNEL_ACCOUNT);

	if (!client)
		return NULL;
	client->user = tsr_user_get(tdev->clients, current_uid());
	if (!client->user) {
		kfree(client);
		return NULL;
	}
	kref_init(&client->ref);
	drm_dev_get(&tdev->drm);
	client->tdev = tdev;
	client->id = file->client_id;
	client->pid = task_tgid_nr(current);
	client->weight = TSR_CLIENT_WEIGHT;
	snprintf(client->name, sizeof(client->name), "%s[%d]", current->group_leader->comm,
		 client->pid);

	return client;
}

static void tsr_client_release(struct kref *ref)
{
	struct tsr_client *client = container_of(ref, struct tsr_client, ref);
	struct drm_device *drm = &client->tdev->drm;

	tsr_user_put(client->tdev->clients, client->user);
	kfree(client);
	drm_dev_put(drm);
}

/**
 * tsr_client_get() - take a reference
 * @client: client
 *
 * Return: @client.
 */
struct tsr_client *tsr_client_get(struct tsr_client *client)
{
	kref_get(&client->ref);

	return client;
}

/**
 * tsr_client_put() - drop a reference
 * @client: client
 *
 * Context: process; the device may go with it.
 */
void tsr_client_put(struct tsr_client *client)
{
	kref_put(&client->ref, tsr_client_release);
}

/**
 * tsr_client_total() - how much of a resource there is for clients
 * @tdev: device
 * @resource: which
 *
 * Return: the amount.
 */
u64 tsr_client_total(struct tsr_device *tdev, enum tsr_resource resource)
{
	switch (resource) {
	case TSR_RESOURCE_VM:
		return tdev->hw.asids - 1 - tsr_device_reserved(tdev);
	case TSR_RESOURCE_QUEUE:
		return tdev->hw.queues - 1 - tsr_device_reserved(tdev);
	case TSR_RESOURCE_PROGRAM:
		return TSR_HW_SEALED_MIN;
	case TSR_RESOURCE_LOCAL:
		return (u64)le32_to_cpu(tdev->hw.fuses.memory_mib) << 20;
	default:
		return U64_MAX;
	}
}

static u64 tsr_resource_open(struct tsr_device *tdev, enum tsr_resource resource)
{
	u64 total = tsr_client_total(tdev, resource);

	return total == U64_MAX ? total : total - DIV_ROUND_UP_ULL(total, TSR_RESERVE_SHARE);
}

/**
 * tsr_client_limit() - how much of a resource one user may hold
 * @tdev: device
 * @resource: which
 *
 * It does not bind a process with CAP_SYS_ADMIN.
 *
 * Return: the amount.
 */
u64 tsr_client_limit(struct tsr_device *tdev, enum tsr_resource resource)
{
	u64 memory = (u64)totalram_pages() << PAGE_SHIFT;

	if (resource == TSR_RESOURCE_PGTABLE)
		return max(memory / TSR_PGTABLE_SHARE, TSR_PGTABLE_MIN);
	if (resource == TSR_RESOURCE_LOCAL)
		return tsr_resource_open(tdev, resource);

	return DIV_ROUND_UP_ULL(tsr_resource_open(tdev, resource), TSR_USER_SHARE);
}

/* May a process without privilege have so much more? */
static int tsr_client_permit(struct tsr_client *client, enum tsr_resource resource, u64 amount)
{
	struct tsr_device *tdev = client->tdev;

	lockdep_assert_held(&tdev->clients->lock);

	if (client->user->used[resource] + amount > tsr_client_limit(tdev, resource))
		return -EDQUOT;
	if (tdev->clients->used[resource] + amount > tsr_resource_open(tdev, resource))
		return -ENOSPC;

	return 0;
}

static void tsr_client_count(struct tsr_client *client, enum tsr_resource resource, u64 amount)
{
	lockdep_assert_held(&client->tdev->clients->lock);

	client->user->used[resource] += amount;
	client->tdev->clients->used[resource] += amount;
}

static int tsr_client_try_charge(struct tsr_client *client, enum tsr_resource resource, u64 amount)
{
	struct tsr_client_table *table = client->tdev->clients;
	int ret;

	spin_lock(&table->lock);
	ret = tsr_client_permit(client, resource, amount);
	if (!ret)
		tsr_client_count(client, resource, amount);
	spin_unlock(&table->lock);

	return ret;
}

/**
 * tsr_client_charge() - count what a client is to hold, if it may
 * @client: client
 * @resource: which
 * @amount: how much more
 *
 * Context: process, on behalf of the client.
 * Return: 0, -EDQUOT when its user holds its limit, -ENOSPC when only the reserve is left.
 */
int tsr_client_charge(struct tsr_client *client, enum tsr_resource resource, u64 amount)
{
	int ret = tsr_client_try_charge(client, resource, amount);

	/* Asked for only where it decides: using a capability is recorded. */
	if (!ret || !capable(CAP_SYS_ADMIN))
		return ret;
	spin_lock(&client->tdev->clients->lock);
	tsr_client_count(client, resource, amount);
	spin_unlock(&client->tdev->clients->lock);

	return 0;
}

/**
 * tsr_client_uncharge() - counterpart of tsr_client_charge()
 * @client: client
 * @resource: which
 * @amount: how much less
 */
void tsr_client_uncharge(struct tsr_client *client, enum tsr_resource resource, u64 amount)
{
	struct tsr_client_table *table = client->tdev->clients;

	spin_lock(&table->lock);
	WARN_ON_ONCE(client->user->used[resource] < amount);
	client->user->used[resource] -= amount;
	table->used[resource] -= amount;
	spin_unlock(&table->lock);
}
