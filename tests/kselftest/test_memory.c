// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: what was written stays written when nothing holds it, and is charged to who asked for it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include <drm/drm.h>

#include "tsr_kselftest.h"

#define PAGE		4096ull
#define PAGES		1024ull
#define SIZE		(PAGES * PAGE)
#define BLOCK		0x200000ull	/* one table of leaves each */
#define MIB		(1ll << 20)

#define CGROUP		"/sys/fs/cgroup/tessera-memory"

/* Return: whether all of @text went into the file. */
static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t length = -1;

	if (fd >= 0)
		length = write(fd, text, strlen(text));
	close(fd);
	return length == (ssize_t)strlen(text);
}

/* Number behind @key in a file, or the file's only number when @key is "". */
static long long number(const char *path, const char *key)
{
	long long value = -1;
	char line[256];
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)) &&
		    (!*key || line[strlen(key)] == ' ')) {
			value = strtoll(line + strlen(key), NULL, 10);
			break;
		}
	if (file)
		fclose(file);
	return value;
}

/* This process and what it makes from here on are in a memory cgroup of their own. */
static bool enter_cgroup(const char *max)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	mkdir(CGROUP, 0755);
	return put("/sys/fs/cgroup/cgroup.subtree_control", "+memory") &&
	       put(CGROUP "/memory.max", max) && put(CGROUP "/cgroup.procs", pid);
}

static long long charged(void)
{
	return number(CGROUP "/memory.current", "");
}

/* -- What was written -- */

FIXTURE(written) {
	struct tsr_context c;
	uint32_t handle;
	uint8_t *map;
};

FIXTURE_VARIANT(written) {
	bool swap;
};

FIXTURE_VARIANT_ADD(written, caches_dropped) { .swap = false };
FIXTURE_VARIANT_ADD(written, swapped) { .swap = true };

FIXTURE_SETUP(written)
{
	struct drm_tessera_bo_create bo = { .size = SIZE };

	ASSERT_TRUE(enter_cgroup("max"));
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	self->handle = bo.handle;
	self->map = tsr_bo_mmap(self->c.fd, bo.handle, SIZE);
	ASSERT_NE(MAP_FAILED, self->map);
}

FIXTURE_TEARDOWN(written)
{
	tsr_context_close(&self->c);
}

static uint8_t value_of(uint64_t page)
{
	return (uint8_t)(page * 7 + 1);
}

static void fill(uint8_t *map, uint64_t first, uint64_t count)
{
	for (uint64_t i = first; i < first + count; i++)
		map[i * PAGE] = value_of(i);
}

static unsigned int sum(const uint8_t *map)
{
	unsigned int sum = 0;

	for (uint64_t i = 0; i < PAGES; i++)
		sum += ((const volatile uint8_t *)map)[i * PAGE];
	return sum;
}

static unsigned int lost(const uint8_t *map, uint64_t first, uint64_t count)
{
	unsigned int lost = 0;

	for (uint64_t i = first; i < first + count; i++)
		lost += map[i * PAGE] != value_of(i);
	return lost;
}

/* Take from memory what can be taken, as an administrator or a lack of memory does. */
static void reclaim(bool swap)
{
	if (swap)
		put(CGROUP "/memory.reclaim", "512M");
	else
		put("/proc/sys/vm/drop_caches", "1");
}

static unsigned int lost_when_mapped_again(int fd, uint32_t handle)
{
	uint8_t *map = tsr_bo_mmap(fd, handle, SIZE);
	unsigned int count;

	if (map == MAP_FAILED)
		return PAGES;
	count = lost(map, 0, PAGES);
	munmap(map, SIZE);
	return count;
}

/* The last step of most tests: nothing holds the pages, they are taken, all is still there. */
#define EXPECT_KEPT()									\
do {											\
	reclaim(variant->swap);								\
	EXPECT_EQ(0, lost_when_mapped_again(self->c.fd, self->handle));			\
} while (0)

TEST_F(written, before_the_first_bind_stays)
{
	fill(self->map, 0, PAGES);
	munmap(self->map, SIZE);
	EXPECT_KEPT();
}

TEST_F(written, after_a_read_stays)
{
	EXPECT_EQ(0, sum(self->map));
	fill(self->map, 0, PAGES);
	munmap(self->map, SIZE);
	EXPECT_KEPT();
}

TEST_F(written, after_the_mapping_became_writable_stays)
{
	ASSERT_EQ(0, mprotect(self->map, SIZE, PROT_READ));
	EXPECT_EQ(0, sum(self->map));
	ASSERT_EQ(0, mprotect(self->map, SIZE, PROT_READ | PROT_WRITE));
	fill(self->map, 0, PAGES);
	munmap(self->map, SIZE);
	EXPECT_KEPT();
}

TEST_F(written, through_the_rest_of_a_split_mapping_stays)
{
	fill(self->map, 0, PAGES / 2);
	ASSERT_EQ(0, munmap(self->map, SIZE / 2));
	fill(self->map, PAGES / 2, PAGES / 2);
	munmap(self->map + SIZE / 2, SIZE / 2);
	EXPECT_KEPT();
}

TEST_F(written, through_a_second_mapping_stays)
{
	munmap(self->map, SIZE);
	reclaim(variant->swap);
	self->map = tsr_bo_mmap(self->c.fd, self->handle, SIZE);
	ASSERT_NE(MAP_FAILED, self->map);
	fill(self->map, 0, PAGES);
	munmap(self->map, SIZE);
	EXPECT_KEPT();
	/* Mapped for reading meanwhile, and let go again. */
	EXPECT_KEPT();
}

TEST_F(written, by_a_child_stays)
{
	int status;
	pid_t child = fork();

	if (!child) {
		fill(self->map, 0, PAGES);
		_exit(0);
	}
	munmap(self->map, SIZE);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_KEPT();
}

TEST_F(written, and_mapped_meanwhile_stays)
{
	fill(self->map, 0, PAGES);
	reclaim(variant->swap);
	EXPECT_EQ(0, lost(self->map, 0, PAGES));
}

TEST_F(written, and_bound_stays)
{
	fill(self->map, 0, PAGES);
	munmap(self->map, SIZE);
	reclaim(variant->swap);
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->handle, 0, TSR_VA_DATA, SIZE,
			     TSR_BIND_RW));
	EXPECT_KEPT();
}

TEST_F(written, and_unbound_again_stays)
{
	fill(self->map, 0, PAGES);
	munmap(self->map, SIZE);
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->handle, 0, TSR_VA_DATA, SIZE,
			     TSR_BIND_RW));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, TSR_VA_DATA, SIZE));
	EXPECT_KEPT();
}

/* Return: how many pages do not hold what a job was to fill them with. */
static unsigned int not_filled(int fd, uint32_t handle)
{
	uint8_t *map = tsr_bo_mmap(fd, handle, SIZE);
	unsigned int count = 0;

	for (uint64_t i = 0; map != MAP_FAILED && i < PAGES; i++)
		count += map[i * PAGE] != 0x5a;
	munmap(map, SIZE);
	return map == MAP_FAILED ? PAGES : count;
}

TEST_F(written, by_the_device_and_unbound_stays)
{
	munmap(self->map, SIZE);
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->handle, 0, TSR_VA_DATA, SIZE,
			     TSR_BIND_RW));
	tsr_context_load_fill(&self->c, TSR_VA_DATA, SIZE, 0x5a);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, TSR_VA_DATA, SIZE));
	reclaim(variant->swap);
	EXPECT_EQ(0, not_filled(self->c.fd, self->handle));
}

static int export(int fd, uint32_t handle)
{
	struct drm_prime_handle prime = { .handle = handle, .flags = DRM_RDWR | DRM_CLOEXEC };

	return tsr_ioctl(fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime) ?: prime.fd;
}

static int import(int fd, int dmabuf, uint32_t *handle)
{
	struct drm_prime_handle prime = { .fd = dmabuf };
	int ret = tsr_ioctl(fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime);

	*handle = prime.handle;
	return ret;
}

TEST_F(written, through_an_exported_buffer_stays)
{
	struct drm_gem_close gem = { .handle = self->handle };
	int dmabuf = export(self->c.fd, self->handle);
	uint8_t *map;

	ASSERT_LE(0, dmabuf);
	munmap(self->map, SIZE);
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_GEM_CLOSE, &gem));
	map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf, 0);
	ASSERT_NE(MAP_FAILED, map);
	fill(map, 0, PAGES);
	munmap(map, SIZE);
	reclaim(variant->swap);
	ASSERT_EQ(0, import(self->c.fd, dmabuf, &self->handle));
	EXPECT_KEPT();
	close(dmabuf);
}

TEST_F(written, by_a_device_that_imported_it_stays)
{
	int dmabuf = export(self->c.fd, self->handle);
	struct tsr_context other;
	uint32_t handle;

	ASSERT_LE(0, dmabuf);
	munmap(self->map, SIZE);
	tsr_use_npu(1);
	ASSERT_EQ(0, tsr_context_open(&other));
	tsr_use_npu(0);
	ASSERT_EQ(0, import(other.fd, dmabuf, &handle));
	ASSERT_EQ(0, tsr_map(other.fd, other.vm, handle, 0, TSR_VA_DATA, SIZE, TSR_BIND_RW));
	tsr_context_load_fill(&other, TSR_VA_DATA, SIZE, 0x5a);
	ASSERT_EQ(0, tsr_context_run(&other));
	tsr_context_close(&other);
	close(dmabuf);
	reclaim(variant->swap);
	EXPECT_EQ(0, not_filled(self->c.fd, self->handle));
}

/* The tests above see reclaim at work only if it gets at objects that nothing holds. */
TEST_F(written, and_let_go_can_be_swapped)
{
	long long before;

	fill(self->map, 0, PAGES);
	munmap(self->map, SIZE);
	before = number(CGROUP "/memory.stat", "shmem");
	reclaim(true);
	EXPECT_GE(before - (long long)SIZE / 2, number(CGROUP "/memory.stat", "shmem"));
	EXPECT_EQ(0, lost_when_mapped_again(self->c.fd, self->handle));
}

/* -- What is charged -- */

FIXTURE(charge) {
	struct tsr_context c;
	long long before;
};

/* The kernel charges ahead for each CPU, so that one CPU's stock is all that blurs a figure. */
FIXTURE_SETUP(charge)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(one), &one));
	ASSERT_TRUE(enter_cgroup("max"));
	ASSERT_EQ(0, tsr_context_open(&self->c));
	tsr_context_load_nops(&self->c, 1);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	self->before = charged();
}

FIXTURE_TEARDOWN(charge)
{
	tsr_context_close(&self->c);
}

#define STOCK		(64 * (long long)PAGE)

/* Expect @count things of at least @bytes each in the cgroup. */
#define EXPECT_CHARGED(count, bytes) \
	EXPECT_LE((count) * (bytes) - STOCK, charged() - self->before)

TEST_F(charge, address_spaces_are_charged)
{
	uint32_t vm;
	int count = 0;

	while (!tsr_vm_create(self->c.fd, &vm))
		count++;
	ASSERT_LT(40, count);
	EXPECT_CHARGED(count, 2 * PAGE);
}

TEST_F(charge, queues_are_charged)
{
	uint32_t vm, queue;
	int count = 0;

	while (count < 48) {
		if (count % 8 == 0)
			ASSERT_EQ(0, tsr_vm_create(self->c.fd, &vm));
		ASSERT_EQ(0, tsr_queue_create(self->c.fd, vm, DRM_TESSERA_PRIORITY_NORMAL, &queue));
		count++;
	}
	/* A ring of two pages or more, a page of completions, and what the driver keeps. */
	EXPECT_CHARGED(count, 4 * PAGE);
}

TEST_F(charge, buffer_objects_are_charged)
{
	struct drm_tessera_bo_create bo = { .size = PAGE };

	for (int i = 0; i < 4096; i++)
		ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	EXPECT_CHARGED(4096, 1500);
}

/* Map a page @count times, @stride apart. */
static int map_often(int fd, uint32_t vm, uint32_t handle, uint64_t va, uint64_t stride,
		     uint32_t count)
{
	struct drm_tessera_vm_bind_op *ops = calloc(count, sizeof(*ops));
	int ret;

	for (uint32_t i = 0; ops && i < count; i++)
		ops[i] = (struct drm_tessera_vm_bind_op){
			.op = DRM_TESSERA_BIND_MAP,
			.flags = DRM_TESSERA_BIND_READ,
			.bo_handle = handle,
			.va = va + i * stride,
			.size = PAGE,
		};
	ret = ops ? tsr_bind(fd, vm, ops, count) : -ENOMEM;
	free(ops);
	return ret;
}

TEST_F(charge, mappings_are_charged)
{
	struct drm_tessera_bo_create bo = { .size = PAGE };

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	for (uint64_t i = 0; i < 8; i++)
		ASSERT_EQ(0, map_often(self->c.fd, self->c.vm, bo.handle,
				       TSR_VA_DATA + i * 4096 * PAGE, PAGE, 4096));
	EXPECT_CHARGED(8 * 4096, 160);
}

TEST_F(charge, page_tables_are_charged)
{
	struct drm_tessera_bo_create bo = { .size = PAGE };

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	ASSERT_EQ(0, map_often(self->c.fd, self->c.vm, bo.handle, BLOCK << 10, BLOCK, 4096));
	EXPECT_CHARGED(4096, (long long)PAGE);
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, BLOCK << 10, BLOCK * 4096));
	EXPECT_GE(self->before + 2 * MIB, charged());
}

/* Fill the queue with jobs that wait; each signals @signals points. */
static uint32_t submit_many(struct tsr_context *c, uint32_t signals)
{
	struct drm_tessera_sync sync[8];
	struct drm_tessera_job job[8];
	uint32_t count = 0;
	uint64_t point = 0;

	for (uint32_t i = 0; i < signals; i++)
		sync[i] = (struct drm_tessera_sync){
			.flags = DRM_TESSERA_SYNC_SIGNAL | DRM_TESSERA_SYNC_TIMELINE,
			.handle = tsr_syncobj_create(c->fd),
		};
	while (count < 2048) {
		point++;
		for (uint32_t i = 0; i < signals; i++)
			sync[i].point = point;
		for (uint32_t i = 0; i < 8; i++)
			job[i] = tsr_context_job(c);
		job[7].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(signals, sync);
		if (tsr_submit(c->fd, c->queue, job, 8))
			break;
		count += 8;
	}
	return count;
}

TEST_F(charge, jobs_fences_and_timeline_points_are_charged)
{
	uint32_t count;

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	count = submit_many(&self->c, 8);
	EXPECT_EQ(2048, count);
	EXPECT_CHARGED(count, 400);
	EXPECT_TRUE(tsr_control("release", NULL, 0));
}

TEST_F(charge, page_tables_end_where_the_cgroup_does)
{
	struct drm_tessera_bo_create bo = { .size = PAGE };
	long long room = number("/proc/meminfo", "MemAvailable:") << 10;
	uint64_t count = 0;
	int ret;

	ASSERT_TRUE(put(CGROUP "/memory.max", "50M"));
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	do {
		ret = map_often(self->c.fd, self->c.vm, bo.handle, BLOCK * (1024 + count), BLOCK,
				256);
		count += ret ? 0 : 256;
	} while (!ret && count < 50 * MIB / (long long)PAGE);
	EXPECT_EQ(-ENOMEM, ret);
	EXPECT_LT(2048, count);
	EXPECT_EQ(0, number(CGROUP "/memory.events", "oom_kill"));
	EXPECT_GE(100 * MIB, room - (number("/proc/meminfo", "MemAvailable:") << 10));
	/* The client is none the worse for it. */
	EXPECT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, BLOCK * 1024, BLOCK * count));
	EXPECT_EQ(0, tsr_context_run(&self->c));
	ASSERT_TRUE(put(CGROUP "/memory.max", "max"));
}

TEST_F(charge, an_object_larger_than_the_cgroup_is_refused)
{
	struct drm_tessera_bo_create bo = { .size = 64 * MIB };

	ASSERT_TRUE(put(CGROUP "/memory.max", "50M"));
	EXPECT_EQ(-ENOMEM, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	bo.size = 40 * MIB;
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
	ASSERT_TRUE(put(CGROUP "/memory.max", "max"));
	bo.size = 64 * MIB;
	EXPECT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_BO_CREATE, &bo));
}

TEST_HARNESS_MAIN
