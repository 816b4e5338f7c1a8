// SPDX-License-Identifier: GPL-2.0-only
/* Limits: no user takes all there is, and an administrator always gets in. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define PAGE		4096ull
#define BLOCK		0x200000ull	/* one table of leaves each */
#define IDS		256u

/* Two users that are not root. */
#define ALICE		65533
#define BOB		65534

FIXTURE(limits) {
	struct drm_tessera_query_limits limits;
	int root;
	int alice;
	int bob;
};

/* Act as a user; root again with 0. The saved uid stays 0, but no capability is left in effect. */
static int become(uid_t uid)
{
	int ret = setresuid(uid, uid, 0);

	return ret ? -errno : 0;
}

static int open_as(uid_t uid)
{
	int fd;

	if (become(uid))
		return -EPERM;
	fd = tsr_open();
	if (become(0))
		return -EPERM;
	return fd;
}

FIXTURE_SETUP(limits)
{
	struct drm_tessera_dev_query query = {
		.type = DRM_TESSERA_QUERY_LIMITS, .size = sizeof(self->limits),
		.pointer = (uintptr_t)&self->limits,
	};
	char path[32];

	snprintf(path, sizeof(path), "/dev/accel/accel%d", tsr_node());
	ASSERT_EQ(0, chmod(path, 0666));
	self->root = tsr_open();
	self->alice = open_as(ALICE);
	self->bob = open_as(BOB);
	ASSERT_LE(0, self->root);
	ASSERT_LE(0, self->alice);
	ASSERT_LE(0, self->bob);
	ASSERT_EQ(0, tsr_ioctl(self->root, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	ASSERT_GT(IDS, self->limits.max_vms);
	ASSERT_GT(IDS, self->limits.max_queues);
}

FIXTURE_TEARDOWN(limits)
{
	close(self->bob);
	close(self->alice);
	close(self->root);
}

/* Create address spaces until refused; Return: how many, the refusal in @error. */
static unsigned int take_vms(int fd, uint32_t *vm, int *error)
{
	unsigned int count = 0;

	while (count < IDS && !(*error = tsr_vm_create(fd, &vm[count])))
		count++;
	return count;
}

/* Create queues, at most @each in every one of @vms address spaces. */
static unsigned int take_queues(int fd, const uint32_t *vm, unsigned int vms, unsigned int each,
				int *error)
{
	unsigned int count = 0;
	uint32_t queue;

	while (count < vms * each &&
	       !(*error = tsr_queue_create(fd, vm[count / each], DRM_TESSERA_PRIORITY_NORMAL,
					   &queue)))
		count++;
	return count;
}

TEST_F(limits, they_leave_room_for_others)
{
	const struct drm_tessera_query_limits *limits = &self->limits;

	EXPECT_LT(0, limits->max_vms_per_user);
	EXPECT_LT(0, limits->max_queues_per_user);
	EXPECT_GE(limits->max_vms / 2, limits->max_vms_per_user);
	EXPECT_GE(limits->max_queues / 2, limits->max_queues_per_user);
	EXPECT_LT(0, limits->max_pgtable_per_user);
}

TEST_F(limits, a_user_gets_its_share_of_address_spaces_over_all_its_files)
{
	int error = 0, other = open_as(ALICE);
	uint32_t vm[IDS], more;
	unsigned int count;

	ASSERT_LE(0, other);
	ASSERT_EQ(0, become(ALICE));
	count = take_vms(self->alice, vm, &error);
	EXPECT_EQ(-EDQUOT, error);
	EXPECT_EQ(self->limits.max_vms_per_user, count);
	EXPECT_EQ(-EDQUOT, tsr_vm_create(other, &more));
	EXPECT_EQ(0, tsr_vm_destroy(self->alice, vm[0]));
	EXPECT_EQ(0, tsr_vm_create(other, &more));
	EXPECT_EQ(-EDQUOT, tsr_vm_create(self->alice, &more));
	ASSERT_EQ(0, become(0));
	close(other);
}

TEST_F(limits, users_together_leave_address_spaces_to_an_administrator)
{
	const struct drm_tessera_query_limits *limits = &self->limits;
	int alice = 0, bob = 0, root = 0, third = open_as(BOB - 2);
	unsigned int users, reserve;
	uint32_t vm[IDS], more;

	ASSERT_LE(0, third);
	ASSERT_EQ(0, become(ALICE));
	users = take_vms(self->alice, vm, &alice);
	ASSERT_EQ(0, become(0));
	ASSERT_EQ(0, become(BOB));
	users += take_vms(self->bob, vm, &bob);
	ASSERT_EQ(0, become(0));
	ASSERT_EQ(0, become(BOB - 2));
	EXPECT_EQ(-ENOSPC, tsr_vm_create(third, &more));
	ASSERT_EQ(0, become(0));

	reserve = take_vms(self->root, vm, &root);
	EXPECT_EQ(-ENOSPC, root);
	EXPECT_LT(0, reserve);
	EXPECT_EQ(limits->max_vms, users + reserve);
	close(third);
}

TEST_F(limits, a_user_gets_its_share_of_queues)
{
	const struct drm_tessera_query_limits *limits = &self->limits;
	unsigned int each = limits->max_queues_per_vm, count;
	uint32_t vm[IDS], queue;
	int error = 0;

	ASSERT_EQ(0, become(ALICE));
	count = take_vms(self->alice, vm, &error);
	ASSERT_LT(limits->max_queues_per_user, count * each);
	count = take_queues(self->alice, vm, count, each, &error);
	EXPECT_EQ(-EDQUOT, error);
	EXPECT_EQ(limits->max_queues_per_user, count);
	EXPECT_EQ(0, tsr_queue_destroy(self->alice, 1));
	EXPECT_EQ(0, tsr_queue_create(self->alice, vm[0], 0, &queue));
	ASSERT_EQ(0, become(0));

	ASSERT_EQ(0, become(BOB));
	ASSERT_EQ(0, tsr_vm_create(self->bob, &vm[0]));
	EXPECT_EQ(0, tsr_queue_create(self->bob, vm[0], 0, &queue));
	ASSERT_EQ(0, become(0));
}

TEST_F(limits, an_administrator_may_have_all_queues)
{
	const struct drm_tessera_query_limits *limits = &self->limits;
	unsigned int each = limits->max_queues_per_vm, vms;
	uint32_t vm[IDS];
	int error = 0;

	vms = take_vms(self->root, vm, &error);
	ASSERT_LT(limits->max_queues, vms * each);
	EXPECT_EQ(limits->max_queues, take_queues(self->root, vm, vms, each, &error));
	EXPECT_EQ(-ENOSPC, error);
}

TEST_F(limits, an_administrator_may_have_all_address_spaces)
{
	uint32_t vm[IDS];
	int error = 0;

	EXPECT_EQ(self->limits.max_vms, take_vms(self->root, vm, &error));
	EXPECT_EQ(-ENOSPC, error);
}

TEST_F(limits, what_is_closed_counts_no_more)
{
	uint32_t vm[IDS];
	int error = 0;

	for (int i = 0; i < 3; i++) {
		int fd = open_as(ALICE);

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, become(ALICE));
		EXPECT_EQ(self->limits.max_vms_per_user, take_vms(fd, vm, &error));
		close(fd);
		ASSERT_EQ(0, become(0));
	}
}

/* Map a page once in each block of the address space until refused; Return: how often. */
static uint64_t take_tables(int fd, uint32_t vm, uint32_t handle, int *error)
{
	struct drm_tessera_vm_bind_op op[64];
	uint64_t count = 0;

	do {
		for (unsigned int i = 0; i < ARRAY_COUNT(op); i++)
			op[i] = (struct drm_tessera_vm_bind_op){
				.op = DRM_TESSERA_BIND_MAP,
				.flags = DRM_TESSERA_BIND_READ,
				.bo_handle = handle,
				.va = BLOCK * (1 + count + i),
				.size = PAGE,
			};
		*error = tsr_bind(fd, vm, op, ARRAY_COUNT(op));
		if (!*error)
			count += ARRAY_COUNT(op);
	} while (!*error);
	return count;
}

TEST_F(limits, the_page_tables_of_a_user_are_bounded)
{
	struct drm_tessera_bo_create bo = { .size = PAGE };
	uint64_t most = self->limits.max_pgtable_per_user / PAGE, first, second;
	uint32_t vm;
	int error = 0;

	ASSERT_EQ(0, become(ALICE));
	ASSERT_EQ(0, tsr_vm_create(self->alice, &vm));
	ASSERT_EQ(0, tsr_ioctl(self->alice, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	first = take_tables(self->alice, vm, bo.handle, &error);
	EXPECT_EQ(-EDQUOT, error);
	EXPECT_GT(most, first);
	EXPECT_LT(most / 2, first);
	/* What a refused call had made is gone, and all of it when the range is unmapped. */
	ASSERT_EQ(0, tsr_unmap(self->alice, vm, BLOCK, BLOCK * first));
	second = take_tables(self->alice, vm, bo.handle, &error);
	EXPECT_EQ(-EDQUOT, error);
	EXPECT_EQ(first, second);
	ASSERT_EQ(0, become(0));
}

TEST_HARNESS_MAIN
