// SPDX-License-Identifier: GPL-2.0-only
/* SUBMIT on a working device: programs run, fences and syncobjs tell the truth. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include <tsr_hw/error.h>

#include "tsr_kselftest.h"

#define MEGABYTE	(1u << 20)

FIXTURE(submit) {
	struct tsr_context c;
	struct tsr_bo data;
};

FIXTURE_SETUP(submit)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, MEGABYTE, self->c.vm, &self->data));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->data.handle, 0, TSR_VA_DATA, MEGABYTE,
			     TSR_BIND_RW));
	tsr_context_load_nops(&self->c, 1);
}

FIXTURE_TEARDOWN(submit)
{
	munmap(self->data.map, self->data.size);
	tsr_context_close(&self->c);
}

static struct drm_tessera_sync wait_for(uint32_t handle, uint64_t point)
{
	return (struct drm_tessera_sync){
		.flags = DRM_TESSERA_SYNC_WAIT | (point ? DRM_TESSERA_SYNC_TIMELINE : 0),
		.handle = handle,
		.point = point,
	};
}

static struct drm_tessera_sync signal_to(uint32_t handle, uint64_t point)
{
	return (struct drm_tessera_sync){
		.flags = DRM_TESSERA_SYNC_SIGNAL | (point ? DRM_TESSERA_SYNC_TIMELINE : 0),
		.handle = handle,
		.point = point,
	};
}

TEST_F(submit, a_null_program_completes)
{
	ASSERT_EQ(0, tsr_context_run(&self->c));
}

TEST_F(submit, a_chain_of_1000_nodes_completes)
{
	tsr_context_load_nops(&self->c, 1000);
	ASSERT_EQ(0, tsr_context_run(&self->c));
}

TEST_F(submit, fill_writes_exactly_its_range)
{
	const uint8_t *bytes = self->data.map;

	tsr_context_load_fill(&self->c, TSR_VA_DATA + 100, 5000, 0x5a);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	EXPECT_EQ(0, bytes[99]);
	EXPECT_EQ(0x5a, bytes[100]);
	EXPECT_EQ(0x5a, bytes[5099]);
	EXPECT_EQ(0, bytes[5100]);
}

TEST_F(submit, copy_copies)
{
	uint8_t *bytes = self->data.map;

	for (unsigned int i = 0; i < 65536; i++)
		bytes[i] = (uint8_t)(i * 7 + 1);
	tsr_context_load_copy(&self->c, TSR_VA_DATA, TSR_VA_DATA + 65536, 65536);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	EXPECT_EQ(0, memcmp(bytes, bytes + 65536, 65536));
}

TEST_F(submit, nodes_of_a_group_share_a_scratchpad)
{
	uint8_t *bytes = self->data.map;

	for (unsigned int i = 0; i < 1024; i++)
		bytes[i] = (uint8_t)(i * 7 + 1);
	tsr_context_load_group(&self->c, TSR_VA_DATA, 1024, 1024);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	EXPECT_EQ(0, memcmp(bytes, bytes + 1024, 1024));
}

TEST_F(submit, jobs_are_numbered_from_one)
{
	struct drm_tessera_job jobs[3];

	for (unsigned int i = 0; i < 3; i++)
		jobs[i] = tsr_context_job(&self->c);
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, jobs, 3));
	EXPECT_EQ(1, jobs[0].seq);
	EXPECT_EQ(3, jobs[2].seq);
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, jobs, 1));
	EXPECT_EQ(4, jobs[0].seq);
}

TEST_F(submit, state_counts_completed_jobs)
{
	struct drm_tessera_queue_get_state state;

	ASSERT_EQ(0, tsr_context_run(&self->c));
	ASSERT_EQ(0, tsr_context_run(&self->c));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(0, state.state);
	EXPECT_EQ(2, state.completed);
	EXPECT_EQ(0, state.pending);
	EXPECT_EQ(0, state.error);
	EXPECT_NE(0, state.start);
	EXPECT_GT(state.end, state.start);
}

TEST_F(submit, timeline_points_signal_in_order)
{
	uint32_t timeline = tsr_syncobj_create(self->c.fd);
	struct drm_tessera_sync sync[2];

	sync[0] = signal_to(timeline, 1);
	ASSERT_EQ(0, tsr_context_submit(&self->c, sync, 1));
	sync[0] = wait_for(timeline, 1);
	sync[1] = signal_to(timeline, 2);
	ASSERT_EQ(0, tsr_context_submit(&self->c, sync, 2));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, timeline, 2, TSR_HANG_MS));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, timeline, 1, 0));
}

TEST_F(submit, a_job_waits_for_another_queue)
{
	struct drm_tessera_sync sync[2];
	struct tsr_context other;
	uint32_t shared;
	struct drm_syncobj_handle handle = { 0 };

	ASSERT_EQ(0, tsr_context_open(&other));
	tsr_context_load_nops(&other, 1);
	shared = tsr_syncobj_create(other.fd);
	sync[0] = signal_to(shared, 0);
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, tsr_context_submit(&other, sync, 1));
	handle.handle = shared;
	ASSERT_EQ(0, tsr_ioctl(other.fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &handle));
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &handle));
	close(handle.fd);

	sync[0] = wait_for(handle.handle, 0);
	sync[1] = signal_to(tsr_syncobj_create(self->c.fd), 0);
	ASSERT_EQ(0, tsr_context_submit(&self->c, sync, 2));
	EXPECT_EQ(-ETIME, tsr_syncobj_wait(self->c.fd, sync[1].handle, 0, 200));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, sync[1].handle, 0, TSR_HANG_MS));
	EXPECT_EQ(1, tsr_syncobj_status(self->c.fd, sync[1].handle));
	tsr_context_close(&other);
}

TEST_F(submit, a_later_job_of_a_submit_may_wait_for_an_earlier_one)
{
	uint32_t binary = tsr_syncobj_create(self->c.fd);
	uint32_t timeline = tsr_syncobj_create(self->c.fd);
	struct drm_tessera_sync first[2] = { signal_to(binary, 0), signal_to(timeline, 5) };
	struct drm_tessera_sync second[3] = {
		wait_for(binary, 0), wait_for(timeline, 5), signal_to(timeline, 6),
	};
	struct drm_tessera_job jobs[2] = { tsr_context_job(&self->c), tsr_context_job(&self->c) };

	jobs[0].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(2, first);
	jobs[1].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(3, second);
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, jobs, 2));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, timeline, 6, TSR_HANG_MS));
}

TEST_F(submit, a_sync_without_a_fence_is_refused)
{
	uint32_t empty = tsr_syncobj_create(self->c.fd);
	struct drm_tessera_sync sync = wait_for(empty, 0);

	EXPECT_EQ(-EINVAL, tsr_context_submit(&self->c, &sync, 1));
	sync = wait_for(empty, 7);
	EXPECT_EQ(-EINVAL, tsr_context_submit(&self->c, &sync, 1));
	sync = signal_to(empty, 3);
	ASSERT_EQ(0, tsr_context_submit(&self->c, &sync, 1));
	sync = wait_for(empty, 4);
	EXPECT_EQ(-EINVAL, tsr_context_submit(&self->c, &sync, 1));
	sync = wait_for(empty, 3);
	EXPECT_EQ(0, tsr_context_submit(&self->c, &sync, 1));
}

TEST_F(submit, a_refused_submit_changes_nothing)
{
	uint32_t out = tsr_syncobj_create(self->c.fd);
	struct drm_tessera_sync good = signal_to(out, 0);
	struct drm_tessera_sync bad = wait_for(0x7fffffff, 0);
	struct drm_tessera_job jobs[2] = { tsr_context_job(&self->c), tsr_context_job(&self->c) };
	struct drm_tessera_queue_get_state state;

	jobs[0].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &good);
	jobs[1].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &bad);
	EXPECT_EQ(-ENOENT, tsr_submit(self->c.fd, self->c.queue, jobs, 2));
	EXPECT_EQ(-EINVAL, tsr_syncobj_wait(self->c.fd, out, 0, 0));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(0, state.pending);
	EXPECT_EQ(0, state.completed);
	EXPECT_EQ(0, tsr_context_run(&self->c));
}

TEST_F(submit, a_thousand_submits_are_taken_while_nothing_completes)
{
	struct drm_tessera_sync sync[2] = { signal_to(tsr_syncobj_create(self->c.fd), 0) };
	struct drm_tessera_queue_get_state state;

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, tsr_context_submit(&self->c, sync, 1));
	sync[1] = sync[0];
	sync[0] = wait_for(sync[1].handle, 0);
	for (int i = 1; i < 1000; i++)
		ASSERT_EQ(0, tsr_context_submit(&self->c, sync, 2));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_LT(900, state.pending);
	sleep(2);
	EXPECT_EQ(-ETIME, tsr_syncobj_wait(self->c.fd, sync[1].handle, 0, 0));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, sync[1].handle, 0, TSR_HANG_MS));
	EXPECT_EQ(1, tsr_syncobj_status(self->c.fd, sync[1].handle));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(1000, state.completed);
}

/* As many jobs as a queue takes, while the device completes none. */
static int fill_queue(struct tsr_context *c, uint32_t done)
{
	struct drm_tessera_sync sync = signal_to(done, 0);
	struct drm_tessera_query_limits limits = { 0 };
	struct drm_tessera_job jobs[64];
	int ret = tsr_query(c->fd, DRM_TESSERA_QUERY_LIMITS, &limits, sizeof(limits));

	for (unsigned int i = 0; i < 64; i++)
		jobs[i] = tsr_context_job(c);
	jobs[63].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	if (!ret && (limits.max_jobs != 64 || limits.max_pending % 64 ||
		     !tsr_control("hold", NULL, 0)))
		ret = -EPROTO;
	for (unsigned int i = 0; !ret && i < limits.max_pending / 64; i++)
		ret = tsr_submit(c->fd, c->queue, jobs, 64);
	return ret;
}

static int submit_until(struct tsr_context *c, uint64_t deadline_ns)
{
	struct drm_tessera_job job = tsr_context_job(c);
	struct drm_tessera_submit args = {
		.queue_id = c->queue,
		.jobs = DRM_TESSERA_ARRAY(1, &job),
		.deadline_ns = deadline_ns,
	};

	/* Not tsr_ioctl(): what a signal does is seen here. */
	return ioctl(c->fd, DRM_IOCTL_TESSERA_SUBMIT, &args) ? -errno : 0;
}

static uint64_t in_ms(unsigned int ms)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec + ms * 1000000ull;
}

/* drmIoctl() would repeat -EAGAIN, and -EINTR, until the queue has room. */
TEST_F(submit, a_full_queue_gives_errors_that_end_a_caller)
{
	uint32_t done = tsr_syncobj_create(self->c.fd);

	ASSERT_EQ(0, fill_queue(&self->c, done));
	EXPECT_EQ(-EBUSY, submit_until(&self->c, 0));
	EXPECT_EQ(-ETIMEDOUT, submit_until(&self->c, 1));
	EXPECT_EQ(-ETIMEDOUT, submit_until(&self->c, in_ms(50)));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, done, 0, TSR_HANG_MS));
	EXPECT_EQ(0, submit_until(&self->c, 0));
	EXPECT_EQ(0, submit_until(&self->c, 1));
}

/* A thread in a SUBMIT that waits for room. */
struct waiter {
	struct tsr_context *c;
	uint64_t deadline_ns;
	pthread_t thread;
	pid_t tid;
	int ret;
};

static void *wait_for_room(void *data)
{
	struct waiter *waiter = data;

	__atomic_store_n(&waiter->tid, gettid(), __ATOMIC_RELEASE);
	waiter->ret = submit_until(waiter->c, waiter->deadline_ns);
	return NULL;
}

static bool sleeps_in_ioctl(pid_t tid)
{
	char path[64], text[64] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		text[0] = 0;
	close(fd);
	return atoi(text) == SYS_ioctl;
}

/* Return: once it sleeps in the kernel. */
static void start_waiter(struct waiter *waiter, struct tsr_context *c, uint64_t deadline_ns)
{
	*waiter = (struct waiter){ .c = c, .deadline_ns = deadline_ns, .ret = 1 };
	pthread_create(&waiter->thread, NULL, wait_for_room, waiter);
	while (!__atomic_load_n(&waiter->tid, __ATOMIC_ACQUIRE) || !sleeps_in_ioctl(waiter->tid))
		usleep(1000);
}

static int end_waiter(struct waiter *waiter)
{
	pthread_join(waiter->thread, NULL);
	return waiter->ret;
}

TEST_F(submit, a_submit_waits_until_there_is_room)
{
	uint32_t done = tsr_syncobj_create(self->c.fd);
	struct waiter bounded, unbounded;

	ASSERT_EQ(0, fill_queue(&self->c, done));
	start_waiter(&bounded, &self->c, in_ms(TSR_HANG_MS));
	start_waiter(&unbounded, &self->c, UINT64_MAX);
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(0, end_waiter(&bounded));
	EXPECT_EQ(0, end_waiter(&unbounded));
}

TEST_F(submit, destroying_the_queue_ends_the_wait_for_room)
{
	struct waiter waiter;

	ASSERT_EQ(0, fill_queue(&self->c, tsr_syncobj_create(self->c.fd)));
	start_waiter(&waiter, &self->c, UINT64_MAX);
	ASSERT_EQ(0, tsr_queue_destroy(self->c.fd, self->c.queue));
	EXPECT_EQ(-ENOENT, end_waiter(&waiter));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
}

TEST_F(submit, the_failure_of_the_queue_ends_the_wait_for_room)
{
	struct waiter waiter;

	/* The first job to end is one that fails: no other makes room before it. */
	tsr_context_load_fill(&self->c, TSR_VA_UNMAPPED, 64, 1);
	ASSERT_EQ(0, fill_queue(&self->c, tsr_syncobj_create(self->c.fd)));
	start_waiter(&waiter, &self->c, UINT64_MAX);
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(-ECANCELED, end_waiter(&waiter));
}

/* A fence that does not signal before the second NPU is released; @handle: its syncobj in @c. */
static int hold_second(struct tsr_context *second, struct tsr_context *c, uint32_t *handle)
{
	struct drm_syncobj_handle args = { 0 };
	struct drm_tessera_sync sync;
	int ret;

	tsr_use_npu(1);
	ret = tsr_context_open(second);
	if (!ret && !tsr_control("hold", NULL, 0))
		ret = -EPROTO;
	tsr_use_npu(0);
	if (ret)
		return ret;
	tsr_context_load_nops(second, 1);
	args.handle = tsr_syncobj_create(second->fd);
	sync = signal_to(args.handle, 0);
	ret = tsr_context_submit(second, &sync, 1);
	if (!ret)
		ret = tsr_ioctl(second->fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &args);
	if (!ret)
		ret = tsr_ioctl(c->fd, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &args);
	*handle = args.handle;
	return ret;
}

static bool release_second(void)
{
	bool ok;

	tsr_use_npu(1);
	ok = tsr_control("release", NULL, 0);
	tsr_use_npu(0);
	return ok;
}

/* As many jobs as a queue takes; the first waits for @handle, and so do those behind it. */
static int fill_waiting_queue(struct tsr_context *c, uint32_t handle)
{
	struct drm_tessera_sync sync = wait_for(handle, 0);
	struct drm_tessera_query_limits limits = { 0 };
	int ret = tsr_query(c->fd, DRM_TESSERA_QUERY_LIMITS, &limits, sizeof(limits));

	for (uint32_t i = 0; !ret && i < limits.max_pending; i++)
		ret = tsr_context_submit(c, &sync, i ? 0 : 1);
	return ret;
}

/* Let the driver of the first NPU "bind" or "unbind" it. */
static bool driver(const char *what)
{
	char path[64], name[32];
	bool ok = false;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/tessera/%s", what);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && tsr_pci_name(name, sizeof(name)))
		ok = write(fd, name, strlen(name)) == (ssize_t)strlen(name);
	close(fd);
	return ok;
}

/* No job ends with the device, because all wait for another one's. */
TEST_F(submit, the_end_of_the_device_ends_the_wait_for_room)
{
	struct tsr_context second;
	struct waiter waiter;
	uint32_t handle;

	ASSERT_EQ(0, hold_second(&second, &self->c, &handle));
	ASSERT_EQ(0, fill_waiting_queue(&self->c, handle));
	start_waiter(&waiter, &self->c, UINT64_MAX);
	ASSERT_TRUE(driver("unbind"));
	EXPECT_EQ(-ENODEV, end_waiter(&waiter));
	ASSERT_TRUE(release_second());
	tsr_context_close(&second);
	ASSERT_TRUE(driver("bind"));
}

static void do_nothing(int number)
{
}

TEST_F(submit, a_signal_ends_the_wait_for_room)
{
	struct sigaction action = { .sa_handler = do_nothing };
	struct waiter waiter;

	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	ASSERT_EQ(0, fill_queue(&self->c, tsr_syncobj_create(self->c.fd)));
	start_waiter(&waiter, &self->c, UINT64_MAX);
	ASSERT_EQ(0, pthread_kill(waiter.thread, SIGUSR1));
	EXPECT_EQ(-EINTR, end_waiter(&waiter));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
}

TEST_F(submit, one_doorbell_and_no_read_per_job)
{
	long long reads, writes;

	ASSERT_EQ(0, tsr_context_run(&self->c));
	reads = tsr_counter("mmio_reads");
	writes = tsr_counter("mmio_writes");
	ASSERT_LE(0, reads);
	for (int i = 0; i < 100; i++)
		ASSERT_EQ(0, tsr_context_run(&self->c));
	EXPECT_EQ(reads, tsr_counter("mmio_reads"));
	EXPECT_EQ(writes + 100, tsr_counter("mmio_writes"));
}

TEST_F(submit, a_sync_file_outlives_queue_and_client)
{
	uint32_t out = tsr_syncobj_create(self->c.fd);
	struct drm_tessera_sync sync = signal_to(out, 0);
	struct drm_syncobj_handle args = {
		.handle = out,
		.flags = DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE,
	};
	struct pollfd wait;

	ASSERT_EQ(0, tsr_context_submit(&self->c, &sync, 1));
	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &args));
	ASSERT_EQ(0, tsr_queue_destroy(self->c.fd, self->c.queue));
	close(self->c.fd);
	self->c.fd = -1;
	wait = (struct pollfd){ .fd = args.fd, .events = POLLIN };
	EXPECT_EQ(1, poll(&wait, 1, TSR_HANG_MS));
	close(args.fd);
}

TEST_F(submit, destroying_a_queue_ends_its_jobs)
{
	struct drm_tessera_sync sync = signal_to(tsr_syncobj_create(self->c.fd), 0);

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	for (int i = 0; i < 200; i++)
		ASSERT_EQ(0, tsr_context_submit(&self->c, &sync, 1));
	ASSERT_EQ(0, tsr_queue_destroy(self->c.fd, self->c.queue));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(-ECANCELED, tsr_syncobj_status(self->c.fd, sync.handle));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(-ENOENT, tsr_context_submit(&self->c, &sync, 1));
	EXPECT_EQ(0, tsr_vm_destroy(self->c.fd, self->c.vm));
}

TEST_F(submit, a_shared_object_is_used_like_an_exclusive_one)
{
	struct tsr_bo shared;

	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 65536, 0, &shared));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, shared.handle, 0, TSR_VA_DATA + MEGABYTE,
			     65536, TSR_BIND_RW));
	tsr_context_load_fill(&self->c, TSR_VA_DATA + MEGABYTE, 65536, 9);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	EXPECT_EQ(9, ((uint8_t *)shared.map)[65535]);
	tsr_bo_destroy(self->c.fd, &shared);
	ASSERT_EQ(0, tsr_context_run(&self->c));
}

TEST_F(submit, repetitions_advance_slots_by_their_stride)
{
	struct drm_tessera_sync sync = signal_to(tsr_syncobj_create(self->c.fd), 0);
	struct drm_tessera_job job;
	struct tsr_hw_slot *slot;
	uint8_t *bytes = self->data.map;

	tsr_context_load_fill(&self->c, TSR_VA_DATA, 16, 3);
	slot = (void *)((char *)self->c.program.map + (TSR_VA_SLOTS - TSR_VA_PROGRAM));
	slot->stride = 4096;
	job = tsr_context_job(&self->c);
	job.repeat = 10;
	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	ASSERT_EQ(1, tsr_syncobj_status(self->c.fd, sync.handle));
	for (unsigned int i = 0; i < 10; i++)
		EXPECT_EQ(3, bytes[i * 4096]);
	EXPECT_EQ(0, bytes[10 * 4096]);
	EXPECT_EQ(0, bytes[16]);
}

/* Engine time of a job of @nodes no-op nodes, by its profile. */
static uint64_t run_profiled(FIXTURE_DATA(submit) *self, unsigned int nodes)
{
	struct drm_tessera_sync sync = signal_to(tsr_syncobj_create(self->c.fd), 0);
	const struct tsr_hw_profile *record = self->data.map;
	struct drm_tessera_job job;
	uint64_t cycles = 0;

	tsr_context_load_nops(&self->c, nodes);
	job = tsr_context_job(&self->c);
	job.flags = DRM_TESSERA_JOB_PROFILE;
	job.profile = TSR_VA_DATA;
	job.profile_count = nodes;
	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	if (tsr_submit(self->c.fd, self->c.queue, &job, 1) ||
	    tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS))
		return 0;
	for (unsigned int i = 0; i < nodes; i++)
		cycles += record[i].end - record[i].start;
	return cycles;
}

TEST_F(submit, fdinfo_adds_up_the_engine_time_of_a_file_s_jobs)
{
	struct tsr_context other;
	uint64_t cycles;

	ASSERT_EQ(0, tsr_context_open(&other));
	EXPECT_EQ(0, tsr_fdinfo(self->c.fd, "drm-cycles-dma"));
	cycles = run_profiled(self, 5);
	EXPECT_NE(0, cycles);
	EXPECT_EQ(cycles, tsr_fdinfo(self->c.fd, "drm-cycles-dma"));
	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, 0, &self->c.queue));
	cycles += run_profiled(self, 300);
	EXPECT_EQ(cycles, tsr_fdinfo(self->c.fd, "drm-cycles-dma"));
	EXPECT_EQ(0, tsr_fdinfo(self->c.fd, "drm-cycles-tensor"));
	EXPECT_EQ(0, tsr_fdinfo(self->c.fd, "drm-engine-tensor"));
	EXPECT_EQ(0, tsr_fdinfo(other.fd, "drm-cycles-dma"));
	tsr_context_close(&other);
}

TEST_F(submit, fdinfo_tells_engine_time_in_nanoseconds_too)
{
	uint64_t cycles = run_profiled(self, 1000);
	struct drm_tessera_query_hw hw;

	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_HW, &hw, sizeof(hw)));
	EXPECT_EQ(cycles * 1000000 / hw.clock_khz, tsr_fdinfo(self->c.fd, "drm-engine-dma"));
	EXPECT_EQ(hw.clock_khz, tsr_fdinfo(self->c.fd, "drm-maxfreq-dma"));
	EXPECT_LE(1, tsr_fdinfo(self->c.fd, "drm-engine-capacity-dma"));
	EXPECT_LE(1, tsr_fdinfo(self->c.fd, "drm-engine-capacity-tensor"));
}

/* The tile refuses eight zero bytes, which takes its time. */
TEST_F(submit, fdinfo_counts_tiles_by_themselves_and_failed_nodes_too)
{
	struct tsr_program *program = tsr_program_begin();
	const uint64_t command = 0;

	ASSERT_NE(NULL, program);
	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &command, sizeof(command));
	self->c.program_size = tsr_program_end(program, 0, self->c.program.map);
	self->c.slot_count = 0;
	free(program);
	EXPECT_EQ(-EINVAL, tsr_context_run(&self->c));
	EXPECT_LT(0, tsr_fdinfo(self->c.fd, "drm-cycles-tensor"));
	EXPECT_EQ(0, tsr_fdinfo(self->c.fd, "drm-cycles-dma"));
}

TEST_F(submit, parameters_are_read_where_the_job_says)
{
	struct drm_tessera_job job = tsr_context_job(&self->c);
	struct drm_tessera_sync sync = signal_to(tsr_syncobj_create(self->c.fd), 0);
	struct drm_tessera_queue_get_state state;

	job.parameters = TSR_VA_DATA + MEGABYTE - 256 * sizeof(uint64_t);
	job.parameter_count = 256;
	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(1, tsr_syncobj_status(self->c.fd, sync.handle));
	job.parameters += 8;
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(-EFAULT, tsr_syncobj_status(self->c.fd, sync.handle));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(TSR_VA_DATA + MEGABYTE, state.address);
}

/* Fills with 0x77: parameter 0 says from where on, parameter 1 how much. */
static void load_variable_fill(struct tsr_context *context)
{
	const struct tsr_hw_fill fill = {
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fill) },
		.dst = { .offset = TSR_HW_PARAMETER_64 + 0 },
		.size = TSR_HW_PARAMETER_64 + 1,
		.value = 0x77,
		.width = 1,
	};
	struct tsr_program *program = tsr_program_begin();

	tsr_context_load_fill(context, TSR_VA_DATA + 4096, 65536, 0);
	tsr_program_node(program, TSR_HW_ENGINE_DMA, &fill, sizeof(fill));
	context->program_size = tsr_program_end(program, 1, context->program.map);
	free(program);
}

static int run_with_parameters(FIXTURE_DATA(submit) *self, uint32_t count)
{
	struct drm_tessera_sync sync = signal_to(tsr_syncobj_create(self->c.fd), 0);
	struct drm_tessera_job job = tsr_context_job(&self->c);
	int ret;

	job.parameters = TSR_VA_DATA;
	job.parameter_count = count;
	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	ret = tsr_submit(self->c.fd, self->c.queue, &job, 1);
	if (ret)
		return ret;
	ret = tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS);
	if (ret)
		return ret;
	ret = tsr_syncobj_status(self->c.fd, sync.handle);
	return ret < 0 ? ret : 0;
}

TEST_F(submit, one_program_does_what_each_job_s_parameters_say)
{
	const uint8_t *bytes = (const uint8_t *)self->data.map + 4096;
	uint64_t *parameters = self->data.map;
	struct drm_tessera_queue_get_state state;

	load_variable_fill(&self->c);
	for (unsigned int i = 1; i <= 3; i++) {
		memset(self->data.map, 0, MEGABYTE);
		parameters[0] = 1000 * i;
		parameters[1] = 50 * i;
		ASSERT_EQ(0, run_with_parameters(self, 2));
		EXPECT_EQ(0, bytes[1000 * i - 1]);
		EXPECT_EQ(0x77, bytes[1000 * i]);
		EXPECT_EQ(0x77, bytes[1050 * i - 1]);
		EXPECT_EQ(0, bytes[1050 * i]);
	}
	EXPECT_EQ(-EINVAL, run_with_parameters(self, 1));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(TSR_HW_ERR_PARAMETER, state.device_error);
	EXPECT_EQ(0, state.node);
}

/*
 * Fills ten bytes in each turn, a hundred behind those of the turn before; how many turns,
 * a word in memory says.
 */
static void load_loop(struct tsr_context *context)
{
	const struct tsr_hw_loop loop = {
		.count = TSR_HW_PARAMETER_32 + 1,
		.step = { { .parameter = 0, .amount = 100 } },
	};
	const struct tsr_hw_fill fill = {
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fill) },
		.dst = { .slot = 1, .offset = TSR_HW_PARAMETER_64 + 0 },
		.size = 10,
		.value = 0x77,
		.width = 1,
	};
	struct tsr_program *program = tsr_program_begin();

	tsr_context_load_copy(context, TSR_VA_DATA + 2048, TSR_VA_DATA + 4096, 4096);
	tsr_program_parameter(program, 1, 0, 8);
	tsr_program_loop(program, &loop, 1);
	tsr_program_node(program, TSR_HW_ENGINE_DMA, &fill, sizeof(fill));
	tsr_program_edge(program, 0, 1);
	context->program_size = tsr_program_end(program, 2, context->program.map);
	free(program);
}

TEST_F(submit, a_loop_turns_as_often_as_memory_says)
{
	const uint8_t *bytes = (const uint8_t *)self->data.map + 4096;
	uint32_t *word = (uint32_t *)((char *)self->data.map + 2048 + 8);
	uint64_t *parameters = self->data.map;

	load_loop(&self->c);
	for (uint32_t turns = 0; turns <= 40; turns += 20) {
		memset(self->data.map, 0, MEGABYTE);
		parameters[0] = 50;
		*word = turns;
		ASSERT_EQ(0, run_with_parameters(self, 2));
		for (uint32_t i = 0; i < 41; i++) {
			EXPECT_EQ(i < turns ? 0x77 : 0, bytes[50 + 100 * i]);
			EXPECT_EQ(i < turns ? 0x77 : 0, bytes[59 + 100 * i]);
			EXPECT_EQ(0, bytes[60 + 100 * i]);
		}
	}
	*word = 0xffffffff;
	EXPECT_EQ(-EINVAL, run_with_parameters(self, 2));
}

TEST_F(submit, a_profile_has_a_record_for_each_node)
{
	struct drm_tessera_sync sync = signal_to(tsr_syncobj_create(self->c.fd), 0);
	const struct tsr_hw_profile *record = self->data.map;
	struct drm_tessera_job job;

	tsr_context_load_nops(&self->c, 5);
	job = tsr_context_job(&self->c);
	job.flags = DRM_TESSERA_JOB_PROFILE;
	job.profile = TSR_VA_DATA;
	job.profile_count = 3;
	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	memset(self->data.map, 0xff, 5 * sizeof(*record));
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	ASSERT_EQ(1, tsr_syncobj_status(self->c.fd, sync.handle));
	for (uint32_t i = 0; i < 3; i++) {
		EXPECT_EQ(i, record[i].node);
		EXPECT_GT(record[i].end, record[i].start);
	}
	EXPECT_EQ(~0u, record[3].node);
}

TEST_F(submit, queues_of_all_priorities_run_side_by_side)
{
	struct drm_tessera_sync sync[8];
	uint32_t queue;

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	for (uint32_t i = 0; i < 8; i++) {
		sync[i] = signal_to(tsr_syncobj_create(self->c.fd), 0);
		ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, i % 4, &queue));
		self->c.queue = queue;
		for (int job = 0; job < 20; job++)
			ASSERT_EQ(0, tsr_context_submit(&self->c, &sync[i], 1));
	}
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	for (uint32_t i = 0; i < 8; i++) {
		EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, sync[i].handle, 0, TSR_HANG_MS));
		EXPECT_EQ(1, tsr_syncobj_status(self->c.fd, sync[i].handle));
	}
}

TEST_HARNESS_MAIN
