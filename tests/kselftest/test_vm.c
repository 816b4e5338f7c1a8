// SPDX-License-Identifier: GPL-2.0-only
/* Address spaces: what VM_BIND maps is what jobs see, and nothing else. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define PAGE		4096ull
#define BLOCK		(2ull << 20)
#define VA		TSR_VA_DATA
#define USER_END	((1ull << 48) - (1ull << 32))

FIXTURE(vm) {
	struct tsr_context c;
	struct tsr_bo a;
	struct tsr_bo b;
};

FIXTURE_SETUP(vm)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 16 * PAGE, self->c.vm, &self->a));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 16 * PAGE, 0, &self->b));
}

FIXTURE_TEARDOWN(vm)
{
	munmap(self->a.map, self->a.size);
	munmap(self->b.map, self->b.size);
	tsr_context_close(&self->c);
}

/* Let the NPU write one byte there, on a queue that may fail. */
static int poke(struct tsr_context *c, uint64_t va, uint8_t value)
{
	uint32_t queue = c->queue;
	int ret;

	ret = tsr_queue_create(c->fd, c->vm, DRM_TESSERA_PRIORITY_NORMAL, &c->queue);
	if (!ret) {
		tsr_context_load_fill(c, va, 1, value);
		ret = tsr_context_run(c);
		tsr_queue_destroy(c->fd, c->queue);
	}
	c->queue = queue;
	return ret;
}

static uint8_t byte(const struct tsr_bo *bo, uint64_t offset)
{
	return ((const uint8_t *)bo->map)[offset];
}

/* So that the NPU knows where these pages were, in whatever it keeps of page tables. */
static int poke_each(struct tsr_context *c, uint64_t va, unsigned int pages, uint8_t value)
{
	int ret = 0;

	for (unsigned int i = 0; i < pages && !ret; i++)
		ret = poke(c, va + i * PAGE, value);
	return ret;
}

TEST_F(vm, a_mapping_is_where_it_was_put)
{
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 4 * PAGE, VA, 2 * PAGE,
			     TSR_BIND_RW));
	EXPECT_EQ(0, poke(&self->c, VA, 1));
	EXPECT_EQ(0, poke(&self->c, VA + 2 * PAGE - 1, 2));
	EXPECT_EQ(1, byte(&self->a, 4 * PAGE));
	EXPECT_EQ(2, byte(&self->a, 6 * PAGE - 1));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA + 2 * PAGE, 3));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA - 1, 3));
}

TEST_F(vm, what_is_unmapped_faults)
{
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, 16 * PAGE,
			     TSR_BIND_RW));
	ASSERT_EQ(0, poke(&self->c, VA, 1));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, VA, 16 * PAGE));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA, 2));
	EXPECT_EQ(1, byte(&self->a, 0));
}

TEST_F(vm, a_hole_leaves_both_ends)
{
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, 16 * PAGE,
			     TSR_BIND_RW));
	ASSERT_EQ(0, poke_each(&self->c, VA + 3 * PAGE, 4, 9));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, VA + 4 * PAGE, 2 * PAGE));
	EXPECT_EQ(0, poke(&self->c, VA + 4 * PAGE - 1, 1));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA + 4 * PAGE, 2));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA + 6 * PAGE - 1, 3));
	EXPECT_EQ(0, poke(&self->c, VA + 6 * PAGE, 4));
	EXPECT_EQ(1, byte(&self->a, 4 * PAGE - 1));
	EXPECT_EQ(9, byte(&self->a, 4 * PAGE));
	EXPECT_EQ(4, byte(&self->a, 6 * PAGE));
}

TEST_F(vm, a_new_mapping_replaces_the_old)
{
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, 16 * PAGE,
			     TSR_BIND_RW));
	ASSERT_EQ(0, poke_each(&self->c, VA + 3 * PAGE, 6, 9));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->b.handle, 8 * PAGE, VA + 4 * PAGE,
			     4 * PAGE, TSR_BIND_RW));
	EXPECT_EQ(0, poke(&self->c, VA + 3 * PAGE, 1));
	EXPECT_EQ(0, poke(&self->c, VA + 4 * PAGE, 2));
	EXPECT_EQ(0, poke(&self->c, VA + 7 * PAGE, 3));
	EXPECT_EQ(0, poke(&self->c, VA + 8 * PAGE, 4));
	EXPECT_EQ(1, byte(&self->a, 3 * PAGE));
	EXPECT_EQ(2, byte(&self->b, 8 * PAGE));
	EXPECT_EQ(3, byte(&self->b, 11 * PAGE));
	EXPECT_EQ(4, byte(&self->a, 8 * PAGE));
	EXPECT_EQ(9, byte(&self->a, 4 * PAGE));
}

TEST_F(vm, permissions_can_be_changed)
{
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, PAGE, TSR_BIND_RW));
	ASSERT_EQ(0, poke(&self->c, VA, 1));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, PAGE,
			     DRM_TESSERA_BIND_READ));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA, 2));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(0, poke(&self->c, VA, 3));
	EXPECT_EQ(3, byte(&self->a, 0));
}

TEST_F(vm, operations_of_a_call_are_done_in_order)
{
	struct drm_tessera_vm_bind_op ops[] = {
		{ .op = DRM_TESSERA_BIND_MAP, .flags = TSR_BIND_RW, .bo_handle = self->a.handle,
		  .va = VA, .size = 16 * PAGE },
		{ .op = DRM_TESSERA_BIND_MAP, .flags = TSR_BIND_RW, .bo_handle = self->b.handle,
		  .va = VA + 8 * PAGE, .size = 8 * PAGE },
		{ .op = DRM_TESSERA_BIND_UNMAP, .va = VA + 6 * PAGE, .size = 4 * PAGE },
		{ .op = DRM_TESSERA_BIND_MAP, .flags = TSR_BIND_RW, .bo_handle = self->a.handle,
		  .va = VA + 7 * PAGE, .size = PAGE },
	};

	ASSERT_EQ(0, tsr_bind(self->c.fd, self->c.vm, ops, ARRAY_COUNT(ops)));
	EXPECT_EQ(0, poke(&self->c, VA + 5 * PAGE, 1));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA + 6 * PAGE, 2));
	EXPECT_EQ(0, poke(&self->c, VA + 7 * PAGE, 3));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA + 8 * PAGE, 4));
	EXPECT_EQ(0, poke(&self->c, VA + 10 * PAGE, 5));
	EXPECT_EQ(1, byte(&self->a, 5 * PAGE));
	EXPECT_EQ(3, byte(&self->a, 0));
	EXPECT_EQ(5, byte(&self->b, 2 * PAGE));
}

/* Each of them, however far its range is from the others'. */
TEST_F(vm, all_operations_of_a_call_end_what_was_before)
{
	const uint64_t far = VA + (1ull << 30);
	struct drm_tessera_vm_bind_op ops[2] = {
		{ .op = DRM_TESSERA_BIND_UNMAP, .va = VA, .size = PAGE },
		{ .op = DRM_TESSERA_BIND_UNMAP, .va = far, .size = PAGE },
	};

	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, PAGE, TSR_BIND_RW));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, PAGE, far, PAGE,
			     TSR_BIND_RW));
	ASSERT_EQ(0, poke(&self->c, VA, 1));
	ASSERT_EQ(0, poke(&self->c, far, 2));
	ASSERT_EQ(0, tsr_bind(self->c.fd, self->c.vm, ops, 2));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA, 3));
	EXPECT_EQ(-EFAULT, poke(&self->c, far, 4));
	EXPECT_EQ(1, byte(&self->a, 0));
	EXPECT_EQ(2, byte(&self->a, PAGE));
}

TEST_F(vm, a_refused_call_changes_nothing)
{
	struct drm_tessera_vm_bind_op ops[] = {
		{ .op = DRM_TESSERA_BIND_UNMAP, .va = VA, .size = 16 * PAGE },
		{ .op = DRM_TESSERA_BIND_MAP, .flags = TSR_BIND_RW, .bo_handle = self->b.handle,
		  .va = VA + PAGE, .size = PAGE },
		{ .op = DRM_TESSERA_BIND_MAP, .flags = TSR_BIND_RW, .bo_handle = 0x7fffffff,
		  .va = VA, .size = PAGE },
	};

	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, 16 * PAGE,
			     TSR_BIND_RW));
	EXPECT_EQ(-ENOENT, tsr_bind(self->c.fd, self->c.vm, ops, ARRAY_COUNT(ops)));
	ops[2] = ops[1];
	ops[2].bo_offset = 16 * PAGE;
	EXPECT_EQ(-EINVAL, tsr_bind(self->c.fd, self->c.vm, ops, ARRAY_COUNT(ops)));
	EXPECT_EQ(0, poke(&self->c, VA + PAGE, 1));
	EXPECT_EQ(1, byte(&self->a, PAGE));
	EXPECT_EQ(0, byte(&self->b, 0));
}

static long huge_shmem_kib(void)
{
	char line[256];
	long value = 0;
	FILE *file = fopen("/proc/meminfo", "r");

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, "ShmemHugePages:", 15))
			value = strtol(line + 15, NULL, 10);
	fclose(file);
	return value;
}

static bool set_shmem_huge(const char *mode)
{
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/shmem_enabled", "w");
	bool ok = file && fputs(mode, file) >= 0;

	if (file && fclose(file))
		ok = false;
	return ok;
}

TEST_F(vm, a_block_mapping_is_split_where_it_is_cut)
{
	long before = huge_shmem_kib();
	struct tsr_bo huge;

	if (!set_shmem_huge("force"))
		SKIP(return, "this kernel has no huge shared memory");
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 4 * BLOCK, self->c.vm, &huge));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, huge.handle, 0, 512 * BLOCK, 4 * BLOCK,
			     TSR_BIND_RW));
	set_shmem_huge("never");
	if (huge_shmem_kib() <= before)
		SKIP(return, "no huge page to be had");

	EXPECT_EQ(0, poke(&self->c, 513 * BLOCK - 1, 1));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, 513 * BLOCK + 5 * PAGE, PAGE));
	EXPECT_EQ(0, poke(&self->c, 513 * BLOCK + 5 * PAGE - 1, 2));
	EXPECT_EQ(-EFAULT, poke(&self->c, 513 * BLOCK + 5 * PAGE, 3));
	EXPECT_EQ(0, poke(&self->c, 513 * BLOCK + 6 * PAGE, 4));
	EXPECT_EQ(0, poke(&self->c, 514 * BLOCK - 1, 5));
	EXPECT_EQ(0, poke(&self->c, 514 * BLOCK, 6));
	EXPECT_EQ(1, byte(&huge, BLOCK - 1));
	EXPECT_EQ(2, byte(&huge, BLOCK + 5 * PAGE - 1));
	EXPECT_EQ(4, byte(&huge, BLOCK + 6 * PAGE));
	EXPECT_EQ(5, byte(&huge, 2 * BLOCK - 1));
	EXPECT_EQ(6, byte(&huge, 2 * BLOCK));

	/* Put the page back: table and leaf are the same to the NPU. */
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, huge.handle, 0, 512 * BLOCK, 4 * BLOCK,
			     TSR_BIND_RW));
	EXPECT_EQ(0, poke(&self->c, 513 * BLOCK + 5 * PAGE, 7));
	EXPECT_EQ(7, byte(&huge, BLOCK + 5 * PAGE));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, 512 * BLOCK, 4 * BLOCK));
	EXPECT_EQ(-EFAULT, poke(&self->c, 514 * BLOCK, 8));
	tsr_bo_destroy(self->c.fd, &huge);
}

TEST_F(vm, the_whole_range_can_be_unmapped_at_once)
{
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, PAGE, TSR_BIND_RW));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, USER_END - PAGE, PAGE,
			     TSR_BIND_RW));
	EXPECT_EQ(0, poke(&self->c, USER_END - 1, 1));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, VA, USER_END - VA));
	EXPECT_EQ(-EFAULT, poke(&self->c, USER_END - 1, 2));
	EXPECT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, VA, PAGE));
}

TEST_F(vm, many_sparse_mappings_come_and_go)
{
	for (uint64_t i = 1; i < 200; i++)
		ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, i << 33, PAGE,
				     TSR_BIND_RW));
	EXPECT_EQ(0, poke(&self->c, 199ull << 33, 1));
	for (uint64_t i = 1; i < 200; i++)
		ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, i << 33, PAGE));
	EXPECT_EQ(-EFAULT, poke(&self->c, 199ull << 33, 1));
}

TEST_F(vm, a_handle_may_be_closed_while_mapped)
{
	struct drm_gem_close args = { .handle = self->b.handle };

	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->b.handle, 0, VA, PAGE, TSR_BIND_RW));
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_GEM_CLOSE, &args));
	EXPECT_EQ(0, poke(&self->c, VA, 9));
	EXPECT_EQ(9, byte(&self->b, 0));
}

TEST_F(vm, address_spaces_do_not_see_each_other)
{
	struct tsr_context other;
	struct tsr_bo bo;

	ASSERT_EQ(0, tsr_context_open(&other));
	ASSERT_EQ(0, tsr_bo_create(other.fd, PAGE, other.vm, &bo));
	ASSERT_EQ(0, tsr_map(other.fd, other.vm, bo.handle, 0, VA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(-EFAULT, poke(&self->c, VA, 1));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(0, poke(&self->c, VA, 1));
	EXPECT_EQ(0, poke(&other, VA, 2));
	EXPECT_EQ(1, byte(&self->a, 0));
	EXPECT_EQ(2, byte(&bo, 0));
	tsr_context_close(&other);
}

/* Which the device may know by the same number. */
TEST_F(vm, a_new_address_space_has_nothing_of_one_that_is_gone)
{
	struct tsr_context one;
	struct tsr_bo bo;

	ASSERT_EQ(0, tsr_context_open(&one));
	ASSERT_EQ(0, tsr_bo_create(one.fd, PAGE, one.vm, &bo));
	ASSERT_EQ(0, tsr_map(one.fd, one.vm, bo.handle, 0, VA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(0, poke(&one, VA, 1));
	munmap(bo.map, bo.size);
	tsr_context_close(&one);
	ASSERT_EQ(0, tsr_context_open(&one));
	EXPECT_EQ(-EFAULT, poke(&one, VA, 2));
	tsr_context_close(&one);
}

TEST_F(vm, an_exclusive_object_belongs_to_one_address_space)
{
	struct drm_prime_handle prime = { .handle = self->a.handle, .flags = DRM_RDWR };
	uint32_t other;

	ASSERT_EQ(0, tsr_vm_create(self->c.fd, &other));
	EXPECT_EQ(-EINVAL, tsr_map(self->c.fd, other, self->a.handle, 0, VA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(0, tsr_map(self->c.fd, other, self->b.handle, 0, VA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(-EPERM, tsr_ioctl(self->c.fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime));
	EXPECT_EQ(0, tsr_vm_destroy(self->c.fd, other));
}

TEST_F(vm, an_object_is_shared_between_files)
{
	struct drm_prime_handle prime = { .handle = self->b.handle, .flags = DRM_RDWR };
	struct tsr_context other;

	ASSERT_EQ(0, tsr_context_open(&other));
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime));
	ASSERT_EQ(0, tsr_ioctl(other.fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime));
	close(prime.fd);
	ASSERT_EQ(0, tsr_map(other.fd, other.vm, prime.handle, 0, VA, PAGE, TSR_BIND_RW));
	EXPECT_EQ(0, poke(&other, VA, 6));
	EXPECT_EQ(6, byte(&self->b, 0));
	tsr_context_close(&other);
}

/* A buffer of another driver; Return: its dma-buf or the negative errno. */
static int foreign_buffer(uint64_t size)
{
	struct udmabuf_create args = { .size = size };
	int dev = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	int fd;

	if (dev < 0)
		return -errno;
	args.memfd = memfd_create("buffer", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	if (ftruncate(args.memfd, size) || fcntl(args.memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		return -errno;
	fd = ioctl(dev, UDMABUF_CREATE, &args);
	fd = fd < 0 ? -errno : fd;
	close(args.memfd);
	close(dev);
	return fd;
}

TEST_F(vm, a_foreign_buffer_can_be_imported)
{
	struct drm_prime_handle prime = { .fd = foreign_buffer(16 * PAGE) };
	uint8_t *map;

	ASSERT_LE(0, prime.fd);
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime));
	map = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, prime.fd, 0);
	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, prime.handle, 0, VA, 16 * PAGE, TSR_BIND_RW));
	EXPECT_EQ(0, poke(&self->c, VA + 16 * PAGE - 1, 0x77));
	EXPECT_EQ(0x77, map[16 * PAGE - 1]);
	close(prime.fd);
}

/* Both objects share the reservation of the buffer. */
TEST_F(vm, a_buffer_may_be_imported_anew_while_it_is_mapped)
{
	struct drm_prime_handle prime = { .fd = foreign_buffer(4 * PAGE) };
	struct drm_gem_close gem;

	ASSERT_LE(0, prime.fd);
	for (unsigned int i = 0; i < 2; i++) {
		ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime));
		ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, prime.handle, 0,
				     VA + i * BLOCK, 4 * PAGE, TSR_BIND_RW));
		gem = (struct drm_gem_close){ .handle = prime.handle };
		ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_GEM_CLOSE, &gem));
	}
	tsr_context_load_nops(&self->c, 1);
	EXPECT_EQ(0, tsr_context_run(&self->c));
	close(prime.fd);
}

TEST_F(vm, address_spaces_are_counted)
{
	struct drm_tessera_query_limits limits;
	struct drm_tessera_dev_query query = {
		.type = DRM_TESSERA_QUERY_LIMITS, .size = sizeof(limits),
		.pointer = (uintptr_t)&limits,
	};
	uint32_t vm[256], count = 0;
	int ret;

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	ASSERT_GT(256, limits.max_vms);
	while (!(ret = tsr_vm_create(self->c.fd, &vm[count])) && count < 255)
		count++;
	EXPECT_EQ(-ENOSPC, ret);
	EXPECT_EQ(limits.max_vms - 1, count);
	while (count--)
		EXPECT_EQ(0, tsr_vm_destroy(self->c.fd, vm[count]));
	EXPECT_EQ(0, tsr_vm_create(self->c.fd, &vm[0]));
}

TEST_F(vm, queues_of_an_address_space_are_counted)
{
	struct drm_tessera_query_limits limits;
	struct drm_tessera_dev_query query = {
		.type = DRM_TESSERA_QUERY_LIMITS, .size = sizeof(limits),
		.pointer = (uintptr_t)&limits,
	};
	uint32_t queue[256], count = 0;
	int ret;

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_DEV_QUERY, &query));
	ASSERT_GT(256, limits.max_queues_per_vm);
	while (!(ret = tsr_queue_create(self->c.fd, self->c.vm, 0, &queue[count])) && count < 255)
		count++;
	EXPECT_EQ(-ENOSPC, ret);
	EXPECT_EQ(limits.max_queues_per_vm - 1, count);
	EXPECT_EQ(0, tsr_queue_destroy(self->c.fd, queue[0]));
	EXPECT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, 0, &queue[0]));
	tsr_context_load_nops(&self->c, 1);
	self->c.queue = queue[0];
	EXPECT_EQ(0, tsr_context_run(&self->c));
}

TEST_F(vm, an_address_space_with_a_queue_is_busy)
{
	EXPECT_EQ(-EBUSY, tsr_vm_destroy(self->c.fd, self->c.vm));
	ASSERT_EQ(0, tsr_queue_destroy(self->c.fd, self->c.queue));
	EXPECT_EQ(0, tsr_vm_destroy(self->c.fd, self->c.vm));
	EXPECT_EQ(-ENOENT, tsr_vm_destroy(self->c.fd, self->c.vm));
	EXPECT_EQ(-ENOENT, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, PAGE,
				   TSR_BIND_RW));
}

TEST_F(vm, unmapping_while_a_job_runs_ends_its_access)
{
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};

	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->a.handle, 0, VA, PAGE, TSR_BIND_RW));
	tsr_context_load_fill(&self->c, VA, PAGE, 1);
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, tsr_context_submit(&self->c, &sync, 1));
	tsr_await_engine();
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, VA, PAGE));
	memset(self->a.map, 0xee, PAGE);
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(0xee, byte(&self->a, 0));
	EXPECT_EQ(0xee, byte(&self->a, PAGE - 1));
}

TEST_F(vm, new_memory_is_zero)
{
	struct tsr_bo bo;

	for (int i = 0; i < 20; i++) {
		ASSERT_EQ(0, tsr_bo_create(self->c.fd, 64 * PAGE, 0, &bo));
		for (uint64_t at = 0; at < bo.size; at += 64)
			ASSERT_EQ(0, byte(&bo, at));
		memset(bo.map, 0xaa, bo.size);
		tsr_bo_destroy(self->c.fd, &bo);
	}
}

TEST_HARNESS_MAIN
