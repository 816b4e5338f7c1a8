// SPDX-License-Identifier: GPL-2.0-only
/*
 * Local memory: zero at first, filled and drained by jobs, lost with a
 * reset. NPU 0 has some, 1 none.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include <tsr_hw/fuse.h>

#include "tsr_kselftest.h"

#define KIB		1024ull
#define MIB		(1024 * KIB)

/* Not whole leaves of 2 MiB. */
#define SIZE		(3 * MIB + 4 * KIB)
#define LOCAL_VA	0x40000000ull
#define ROUNDS		10

static int create(int fd, uint64_t size, uint32_t vm, uint32_t *handle)
{
	struct drm_tessera_bo_create bo = {
		.size = size, .flags = DRM_TESSERA_BO_LOCAL, .exclusive_vm_id = vm,
	};
	int ret = tsr_ioctl(fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo);

	*handle = bo.handle;
	return ret;
}

static void destroy(int fd, uint32_t handle)
{
	struct drm_gem_close gem = { .handle = handle };

	tsr_ioctl(fd, DRM_IOCTL_GEM_CLOSE, &gem);
}

static struct drm_tessera_query_memory memory(int fd)
{
	struct drm_tessera_query_memory memory = { 0 };

	if (tsr_query(fd, DRM_TESSERA_QUERY_MEMORY, &memory, sizeof(memory)))
		memory.local_free = UINT64_MAX;
	return memory;
}

static uint32_t resets(int fd)
{
	struct drm_tessera_query_status status = { 0 };

	tsr_query(fd, DRM_TESSERA_QUERY_STATUS, &status, sizeof(status));
	return status.resets;
}

/* Return: how many bytes are not @value. */
static uint64_t others(const uint8_t *bytes, uint64_t n, uint8_t value)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < n; i++)
		count += bytes[i] != value;
	return count;
}

FIXTURE(local) {
	struct tsr_context c;
	struct tsr_bo system;
	uint32_t handle;
};

FIXTURE_SETUP(local)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, SIZE, 0, &self->system));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->system.handle, 0, TSR_VA_DATA, SIZE,
			     TSR_BIND_RW));
	ASSERT_EQ(0, create(self->c.fd, SIZE, 0, &self->handle));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->handle, 0, LOCAL_VA, SIZE,
			     TSR_BIND_RW));
}

FIXTURE_TEARDOWN(local)
{
	tsr_bo_destroy(self->c.fd, &self->system);
	tsr_context_close(&self->c);
}

static int fill(struct tsr_context *c, uint8_t value)
{
	tsr_context_load_fill(c, LOCAL_VA, SIZE, value);
	return tsr_context_run(c);
}

/* What is there comes to the CPU. */
static int drain(struct tsr_context *c)
{
	tsr_context_load_copy(c, LOCAL_VA, TSR_VA_DATA, SIZE);
	return tsr_context_run(c);
}

TEST_F(local, is_zero_at_first)
{
	memset(self->system.map, 1, SIZE);
	ASSERT_EQ(0, drain(&self->c));
	EXPECT_EQ(0, others(self->system.map, SIZE, 0));
}

TEST_F(local, keeps_what_a_job_stored)
{
	uint8_t *bytes = self->system.map;

	for (uint64_t i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(i * 31 >> 3);
	tsr_context_load_copy(&self->c, TSR_VA_DATA, LOCAL_VA, SIZE);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	memset(bytes, 0, SIZE);
	ASSERT_EQ(0, drain(&self->c));
	for (uint64_t i = 0; i < SIZE; i++)
		ASSERT_EQ((uint8_t)(i * 31 >> 3), bytes[i]);
}

TEST_F(local, is_cleared_before_another_object_has_it)
{
	ASSERT_EQ(0, fill(&self->c, 0x5a));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, LOCAL_VA, SIZE));
	destroy(self->c.fd, self->handle);
	/* The best room for as much is that of before. */
	ASSERT_EQ(0, create(self->c.fd, SIZE, 0, &self->handle));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->handle, 0, LOCAL_VA, SIZE,
			     TSR_BIND_RW));
	memset(self->system.map, 1, SIZE);
	ASSERT_EQ(0, drain(&self->c));
	EXPECT_EQ(0, others(self->system.map, SIZE, 0));
}

TEST_F(local, is_not_reached_by_a_cpu)
{
	struct drm_tessera_bo_mmap_offset offset = { .handle = self->handle };
	struct drm_prime_handle prime = { .handle = self->handle, .flags = DRM_RDWR };

	EXPECT_EQ(-EOPNOTSUPP, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &offset));
	EXPECT_EQ(-EOPNOTSUPP, tsr_ioctl(self->c.fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime));
}

TEST_F(local, of_one_address_space_is_not_mapped_by_another)
{
	uint32_t vm, handle;

	ASSERT_EQ(0, create(self->c.fd, SIZE, self->c.vm, &handle));
	ASSERT_EQ(0, tsr_vm_create(self->c.fd, &vm));
	EXPECT_EQ(-EINVAL, tsr_map(self->c.fd, vm, handle, 0, LOCAL_VA, SIZE, TSR_BIND_RW));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, handle, 0, LOCAL_VA, SIZE, TSR_BIND_RW));
	EXPECT_EQ(0, fill(&self->c, 1));
}

TEST_F(local, is_counted)
{
	struct drm_tessera_query_memory before = memory(self->c.fd);
	struct tsr_hw_fuses fuses;
	uint32_t handle;

	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_FUSES, &fuses, sizeof(fuses)));
	EXPECT_EQ(fuses.memory_mib * MIB, before.local_size);
	ASSERT_EQ(0, create(self->c.fd, 5000, 0, &handle));
	EXPECT_EQ(before.local_free - 8192, memory(self->c.fd).local_free);
	EXPECT_EQ((SIZE + 8192) / KIB, tsr_fdinfo(self->c.fd, "drm-total-local"));
	EXPECT_EQ((SIZE + 8192) / KIB, tsr_fdinfo(self->c.fd, "drm-resident-local"));
	destroy(self->c.fd, handle);
	EXPECT_EQ(before.local_free, memory(self->c.fd).local_free);
	EXPECT_EQ(SIZE / KIB, tsr_fdinfo(self->c.fd, "drm-total-local"));
}

TEST_F(local, is_not_given_beyond_its_size)
{
	struct drm_tessera_query_memory before = memory(self->c.fd);
	uint32_t handle;

	EXPECT_EQ(-ENOSPC, create(self->c.fd, before.local_size + 1, 0, &handle));
	EXPECT_EQ(-ENOSPC, create(self->c.fd, before.local_free + 1, 0, &handle));
	EXPECT_EQ(-EINVAL, create(self->c.fd, 0, 0, &handle));
	EXPECT_EQ(before.local_free, memory(self->c.fd).local_free);
}

TEST_F(local, leaves_a_reserve_for_administrators)
{
	struct drm_tessera_query_memory before = memory(self->c.fd);
	uint32_t handle;

	ASSERT_LT(before.max_local_per_user, before.local_free);
	ASSERT_EQ(0, setresuid(1000, 1000, 1000));
	EXPECT_EQ(-EDQUOT, create(self->c.fd, before.max_local_per_user + 1, 0, &handle));
	EXPECT_EQ(before.local_free, memory(self->c.fd).local_free);
}

/* The driver keeps an address space and a queue; what it tells of the rest is right. */
TEST_F(local, takes_no_address_space_that_is_told_of)
{
	struct drm_tessera_query_limits limits;
	uint32_t vm, count = 1;	/* the fixture's */

	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_LIMITS, &limits, sizeof(limits)));
	while (count <= limits.max_vms && !tsr_vm_create(self->c.fd, &vm))
		count++;
	EXPECT_EQ(limits.max_vms, count);
}

TEST_F(local, is_lost_with_a_reset)
{
	struct drm_tessera_queue_get_state state;

	uint32_t before = resets(self->c.fd);

	ASSERT_EQ(0, fill(&self->c, 0x5a));
	ASSERT_EQ(0, tsr_function_reset());
	EXPECT_LT(before, resets(self->c.fd));
	/* No job ran, and yet none may run on what is lost. */
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_INNOCENT, state.state);
	EXPECT_EQ(ECANCELED, state.error);
	EXPECT_EQ(2, state.seq);
	EXPECT_EQ(-ECANCELED, fill(&self->c, 1));
	/* Another queue finds the objects, without their contents. */
	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
				      &self->c.queue));
	ASSERT_EQ(0, drain(&self->c));
	EXPECT_LT(SIZE / 2, others(self->system.map, SIZE, 0x5a));
	EXPECT_EQ(0, fill(&self->c, 1));
}

TEST_F(local, of_others_is_no_reason_to_fail)
{
	struct drm_tessera_queue_get_state state;
	struct tsr_context other;

	ASSERT_EQ(0, tsr_context_open(&other));
	ASSERT_EQ(0, tsr_function_reset());
	ASSERT_EQ(0, tsr_queue_state(other.fd, other.queue, &state));
	EXPECT_EQ(0, state.state);
	tsr_context_close(&other);
}

TEST_F(local, that_was_unmapped_lets_queues_live)
{
	struct drm_tessera_queue_get_state state;

	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, LOCAL_VA + MIB, MIB));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, LOCAL_VA, SIZE));
	ASSERT_EQ(0, tsr_function_reset());
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(0, state.state);
}

TEST_F(local, is_cleared_after_a_reset_too)
{
	uint32_t handle;

	ASSERT_EQ(0, tsr_function_reset());
	ASSERT_EQ(0, create(self->c.fd, SIZE, 0, &handle));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, handle, 0, LOCAL_VA, SIZE, TSR_BIND_RW));
	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
				      &self->c.queue));
	memset(self->system.map, 1, SIZE);
	ASSERT_EQ(0, drain(&self->c));
	EXPECT_EQ(0, others(self->system.map, SIZE, 0));
}

/* Until it is killed. */
static void create_and_destroy(void)
{
	int fd = tsr_open();
	uint32_t handle;

	for (;;)
		if (!create(fd, 1024 * MIB, 0, &handle))
			destroy(fd, handle);
}

/* While its memory is being cleared, too. */
TEST_F(local, of_a_killed_client_is_free_again)
{
	struct drm_tessera_query_memory before = memory(self->c.fd);

	for (int i = 0; i < ROUNDS; i++) {
		pid_t child = fork();

		ASSERT_LE(0, child);
		if (!child)
			create_and_destroy();
		while (memory(self->c.fd).local_free == before.local_free)
			usleep(100);
		ASSERT_EQ(0, kill(child, SIGKILL));
		ASSERT_EQ(child, waitpid(child, NULL, 0));
		EXPECT_EQ(before.local_free, memory(self->c.fd).local_free);
	}
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, LOCAL_VA, SIZE));
	destroy(self->c.fd, self->handle);
	EXPECT_EQ(0, create(self->c.fd, SIZE, 0, &self->handle));
}

TEST(a_device_without_it_says_so)
{
	struct drm_tessera_query_memory told;
	uint32_t handle;
	int fd;

	tsr_use_npu(1);
	fd = tsr_open();
	ASSERT_LE(0, fd);
	told = memory(fd);
	EXPECT_EQ(0, told.local_size);
	EXPECT_EQ(0, told.local_free);
	EXPECT_EQ(0, told.max_local_per_user);
	EXPECT_EQ(-EOPNOTSUPP, create(fd, 4096, 0, &handle));
	EXPECT_EQ(-1, tsr_fdinfo(fd, "drm-total-local"));
	close(fd);
}

TEST_HARNESS_MAIN
