// SPDX-License-Identifier: GPL-2.0-only
/* Failing jobs: what their fences and queues say, and that no other queue suffers. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include <tsr_hw/error.h>

#include "tsr_kselftest.h"

#define LEAVES		6	/* turns at least of a client that leaves */

FIXTURE(fault) {
	struct tsr_context c;
	struct tsr_context canary;
};

FIXTURE_SETUP(fault)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_context_open(&self->canary));
	tsr_context_load_nops(&self->c, 1);
	tsr_context_load_nops(&self->canary, 1);
	ASSERT_TRUE(tsr_control("inject nothing", NULL, 0));
}

FIXTURE_TEARDOWN(fault)
{
	EXPECT_EQ(0, tsr_context_run(&self->canary));
	tsr_context_close(&self->c);
	tsr_context_close(&self->canary);
}

/* Run what is loaded; it is to fail, and the queue with it. */
static int failed_state(struct tsr_context *c, int error, struct drm_tessera_queue_get_state *state)
{
	struct drm_tessera_sync sync = { .flags = DRM_TESSERA_SYNC_SIGNAL };
	int ret = tsr_context_run(c);

	if (ret != error)
		return ret ? ret : -EDOM;
	sync.handle = tsr_syncobj_create(c->fd);
	ret = tsr_context_submit(c, &sync, 1);
	if (ret != -ECANCELED)
		return ret ? ret : -EDOM;
	return tsr_queue_state(c->fd, c->queue, state);
}

/* First, because the rate of these lines is limited. */
TEST_F(fault, a_faulting_job_leaves_a_line_that_names_job_and_process)
{
	char client[64], address[64];
	const char *part[] = { client, "job 2 failed (-14): device error 2, node 0", address,
			       NULL };
	int log = tsr_log_open();

	ASSERT_LE(0, log);
	snprintf(client, sizeof(client), "of kselftest-fault[%d]:", getpid());
	snprintf(address, sizeof(address), "address %#llx", TSR_VA_UNMAPPED);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	tsr_context_load_fill(&self->c, TSR_VA_UNMAPPED, 64, 1);
	EXPECT_EQ(-EFAULT, tsr_context_run(&self->c));
	EXPECT_EQ(1, tsr_log_count(log, part));
	close(log);
}

TEST_F(fault, many_faulting_jobs_do_not_fill_the_log)
{
	static const char *const part[] = { "device error 2", NULL };
	int log = tsr_log_open();

	ASSERT_LE(0, log);
	tsr_context_load_fill(&self->c, TSR_VA_UNMAPPED, 64, 1);
	for (unsigned int i = 0; i < 200; i++) {
		EXPECT_EQ(-EFAULT, tsr_context_run(&self->c));
		ASSERT_EQ(0, tsr_queue_destroy(self->c.fd, self->c.queue));
		ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
					      &self->c.queue));
	}
	EXPECT_GT(200, tsr_log_count(log, part));
	close(log);
}

TEST_F(fault, an_unmapped_write_is_reported_with_its_address)
{
	struct drm_tessera_queue_get_state state;

	tsr_context_load_fill(&self->c, TSR_VA_UNMAPPED, 64, 1);
	ASSERT_EQ(0, failed_state(&self->c, -EFAULT, &state));
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_FAULTED, state.state);
	EXPECT_EQ(EFAULT, state.error);
	EXPECT_EQ(TSR_HW_ERR_FAULT_WRITE, state.device_error);
	EXPECT_EQ(TSR_VA_UNMAPPED, state.address & ~4095ull);
	EXPECT_EQ(0, state.node);
	EXPECT_EQ(1, state.seq);
}

TEST_F(fault, an_unmapped_read_is_reported_with_its_address)
{
	struct drm_tessera_queue_get_state state;
	struct tsr_bo data;

	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 4096, self->c.vm, &data));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, data.handle, 0, TSR_VA_DATA, 4096,
			     TSR_BIND_RW));
	tsr_context_load_copy(&self->c, TSR_VA_UNMAPPED, TSR_VA_DATA, 64);
	ASSERT_EQ(0, failed_state(&self->c, -EFAULT, &state));
	EXPECT_EQ(TSR_HW_ERR_FAULT_READ, state.device_error);
	EXPECT_EQ(TSR_VA_UNMAPPED, state.address & ~4095ull);
}

TEST_F(fault, a_write_to_a_read_only_mapping_fails)
{
	struct drm_tessera_queue_get_state state;
	struct tsr_bo data;

	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 4096, self->c.vm, &data));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, data.handle, 0, TSR_VA_DATA, 4096,
			     DRM_TESSERA_BIND_READ));
	tsr_context_load_fill(&self->c, TSR_VA_DATA, 64, 1);
	ASSERT_EQ(0, failed_state(&self->c, -EFAULT, &state));
	EXPECT_EQ(TSR_HW_ERR_FAULT_WRITE, state.device_error);
	EXPECT_EQ(0, *(uint8_t *)data.map);
}

TEST_F(fault, a_program_not_mapped_for_fetch_fails)
{
	struct drm_tessera_queue_get_state state;

	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->c.program.handle, 0, TSR_VA_PROGRAM,
			     self->c.program.size, DRM_TESSERA_BIND_READ));
	ASSERT_EQ(0, failed_state(&self->c, -EFAULT, &state));
	EXPECT_EQ(TSR_HW_ERR_FAULT_FETCH, state.device_error);
	EXPECT_EQ(TSR_VA_PROGRAM, state.address & ~4095ull);
	EXPECT_EQ(~0u, state.node);
}

TEST_F(fault, a_malformed_program_is_invalid)
{
	struct drm_tessera_queue_get_state state;

	memset(self->c.program.map, 0xff, 64);
	ASSERT_EQ(0, failed_state(&self->c, -EINVAL, &state));
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED, state.state);
	EXPECT_EQ(TSR_HW_ERR_PROGRAM, state.device_error);
}

TEST_F(fault, an_index_outside_of_its_tensor_is_out_of_range)
{
	struct drm_tessera_queue_get_state state;
	struct tsr_bo data;
	uint8_t *bytes;

	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 4096, self->c.vm, &data));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, data.handle, 0, TSR_VA_DATA, 4096,
			     TSR_BIND_RW));
	bytes = data.map;
	tsr_context_load_gather(&self->c, TSR_VA_DATA, 4);
	*(int32_t *)data.map = -1;
	memcpy(bytes + 64, "abcd", 4);
	ASSERT_EQ(0, tsr_context_run(&self->c));
	EXPECT_EQ('d', bytes[128]);
	*(int32_t *)data.map = 4;
	ASSERT_EQ(0, failed_state(&self->c, -ERANGE, &state));
	EXPECT_EQ(ERANGE, state.error);
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED, state.state);
	EXPECT_EQ(TSR_HW_ERR_INDEX, state.device_error);
	EXPECT_EQ(0, state.address);
	EXPECT_EQ('d', bytes[128]);
}

TEST_F(fault, a_group_larger_than_a_tile_is_no_space)
{
	struct drm_tessera_queue_get_state state;

	tsr_context_load_group(&self->c, TSR_VA_UNMAPPED, 64, 1u << 31);
	ASSERT_EQ(0, failed_state(&self->c, -ENOSPC, &state));
	EXPECT_EQ(ENOSPC, state.error);
	EXPECT_EQ(TSR_HW_ERR_RESOURCES, state.device_error);
}

TEST_F(fault, an_engine_error_is_an_io_error)
{
	struct drm_tessera_queue_get_state state;

	ASSERT_TRUE(tsr_control("inject engine-error", NULL, 0));
	ASSERT_EQ(0, failed_state(&self->c, -EIO, &state));
	EXPECT_EQ(TSR_HW_ERR_ENGINE, state.device_error);
}

TEST_F(fault, jobs_behind_a_failed_one_are_canceled)
{
	struct drm_tessera_sync sync[2] = {
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd) },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd) },
	};
	struct drm_tessera_job jobs[2];

	tsr_context_load_fill(&self->c, TSR_VA_UNMAPPED, 64, 1);
	for (unsigned int i = 0; i < 2; i++) {
		jobs[i] = tsr_context_job(&self->c);
		jobs[i].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync[i]);
	}
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, jobs, 2));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync[1].handle, 0, TSR_HANG_MS));
	EXPECT_EQ(-EFAULT, tsr_syncobj_status(self->c.fd, sync[0].handle));
	EXPECT_EQ(-ECANCELED, tsr_syncobj_status(self->c.fd, sync[1].handle));
}

/* One fails, and the device reports the end of all 64 at once. */
TEST_F(fault, more_jobs_end_at_once_than_an_interrupt_may_end)
{
	struct drm_tessera_sync last = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	struct drm_tessera_queue_get_state state;
	struct drm_tessera_job jobs[64];
	long long bells = tsr_counter("doorbells");

	for (unsigned int i = 0; i < 64; i++)
		jobs[i] = tsr_context_job(&self->c);
	jobs[63].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &last);
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_TRUE(tsr_control("inject engine-error", NULL, 0));
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, jobs, 64));
	while (tsr_counter("doorbells") < bells + 64)
		usleep(1000);
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, last.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(-ECANCELED, tsr_syncobj_status(self->c.fd, last.handle));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(64, state.completed);
	EXPECT_EQ(0, state.pending);
	EXPECT_EQ(1, state.seq);
}

TEST_F(fault, a_failed_fence_cancels_the_job_that_waits_for_it)
{
	struct drm_tessera_sync out = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	struct drm_tessera_queue_get_state state;
	struct drm_tessera_sync sync[2];
	uint32_t second;

	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_LOW, &second));
	tsr_context_load_fill(&self->c, TSR_VA_UNMAPPED, 64, 1);
	ASSERT_EQ(0, tsr_context_submit(&self->c, &out, 1));
	tsr_context_load_nops(&self->c, 1);
	sync[0] = (struct drm_tessera_sync){
		.flags = DRM_TESSERA_SYNC_WAIT, .handle = out.handle,
	};
	sync[1] = (struct drm_tessera_sync){
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	self->c.queue = second;
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, out.handle, 0, TSR_HANG_MS));
	ASSERT_EQ(0, tsr_context_submit(&self->c, sync, 2));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync[1].handle, 0, TSR_HANG_MS));
	EXPECT_EQ(-ECANCELED, tsr_syncobj_status(self->c.fd, sync[1].handle));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, second, &state));
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_DEPENDENCY, state.state);
	EXPECT_EQ(ECANCELED, state.error);
	EXPECT_EQ(TSR_HW_ERR_NONE, state.device_error);
	EXPECT_EQ(1, state.seq);
	EXPECT_EQ(-ECANCELED, tsr_context_run(&self->c));
}

/* Leave a syncobj whose fence has failed. */
static uint32_t failed_syncobj(struct tsr_context *c)
{
	struct drm_tessera_sync out = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(c->fd),
	};
	uint32_t queue = c->queue, other;

	if (tsr_queue_create(c->fd, c->vm, DRM_TESSERA_PRIORITY_NORMAL, &other))
		return 0;
	c->queue = other;
	tsr_context_load_fill(c, TSR_VA_UNMAPPED, 64, 1);
	if (tsr_context_submit(c, &out, 1) || tsr_syncobj_wait(c->fd, out.handle, 0, TSR_HANG_MS))
		out.handle = 0;
	c->queue = queue;
	tsr_context_load_nops(c, 1);
	return out.handle;
}

/* Jobs of one queue need no syncs between them; what the first should have made, it has not. */
TEST_F(fault, nothing_runs_behind_a_job_whose_dependency_failed)
{
	uint32_t failed = failed_syncobj(&self->c);
	struct drm_tessera_sync first = { .flags = DRM_TESSERA_SYNC_WAIT, .handle = failed };
	struct drm_tessera_sync second = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	struct drm_tessera_job jobs[2];
	struct tsr_bo data;

	ASSERT_NE(0, failed);
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 4096, self->c.vm, &data));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, data.handle, 0, TSR_VA_DATA, 4096,
			     TSR_BIND_RW));
	tsr_context_load_fill(&self->c, TSR_VA_DATA, 64, 0x22);
	for (unsigned int i = 0; i < 2; i++)
		jobs[i] = tsr_context_job(&self->c);
	jobs[0].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &first);
	jobs[1].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &second);
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, jobs, 2));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, second.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(-ECANCELED, tsr_syncobj_status(self->c.fd, second.handle));
	EXPECT_EQ(0, *(uint8_t *)data.map);
}

TEST_F(fault, a_job_that_waits_while_its_queue_fails_never_starts)
{
	struct drm_tessera_sync other = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	struct drm_tessera_sync sync[2] = {
		{ .flags = DRM_TESSERA_SYNC_WAIT, .handle = other.handle },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd) },
	};
	struct drm_tessera_queue_get_state state;
	struct tsr_context second = self->c;
	struct drm_tessera_job jobs[2];

	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
				      &second.queue));
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, tsr_context_submit(&second, &other, 1));
	tsr_await_engine();
	memset(self->c.program.map, 0xff, 64);
	jobs[0] = tsr_context_job(&self->c);
	jobs[1] = tsr_context_job(&self->c);
	jobs[1].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(2, sync);
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, jobs, 2));
	do {
		ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	} while (!state.state);
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync[1].handle, 0, TSR_HANG_MS));
	EXPECT_EQ(-ECANCELED, tsr_syncobj_status(self->c.fd, sync[1].handle));
	EXPECT_EQ(1, state.seq);
	EXPECT_EQ(EINVAL, state.error);
}

/* Else who waits for the later fence alone takes the earlier job for done. */
TEST_F(fault, a_canceled_job_ends_after_those_before_it)
{
	uint32_t failed = failed_syncobj(&self->c);
	struct drm_tessera_sync first = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	struct drm_tessera_sync second[2] = {
		{ .flags = DRM_TESSERA_SYNC_WAIT, .handle = failed },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd) },
	};
	struct drm_tessera_queue_get_state state;

	ASSERT_NE(0, failed);
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, tsr_context_submit(&self->c, &first, 1));
	ASSERT_EQ(0, tsr_context_submit(&self->c, second, 2));
	ASSERT_EQ(0, tsr_context_submit(&self->c, second, 2));
	EXPECT_EQ(-ETIME, tsr_syncobj_wait(self->c.fd, second[1].handle, 0, 200));
	EXPECT_EQ(-ETIME, tsr_syncobj_wait(self->c.fd, first.handle, 0, 0));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, second[1].handle, 0, TSR_HANG_MS));
	EXPECT_EQ(1, tsr_syncobj_status(self->c.fd, first.handle));
	EXPECT_EQ(-ECANCELED, tsr_syncobj_status(self->c.fd, second[1].handle));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(3, state.completed);
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_DEPENDENCY, state.state);
	EXPECT_EQ(2, state.seq);
}

TEST_F(fault, a_canceled_job_of_a_submit_cancels_the_one_that_waits_for_it)
{
	uint32_t failed = failed_syncobj(&self->c);
	uint32_t binary = tsr_syncobj_create(self->c.fd);
	uint32_t timeline = tsr_syncobj_create(self->c.fd);
	struct drm_tessera_sync first[3] = {
		{ .flags = DRM_TESSERA_SYNC_WAIT, .handle = failed },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = binary },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL | DRM_TESSERA_SYNC_TIMELINE,
		  .handle = timeline, .point = 7 },
	};
	struct drm_tessera_sync later[2][2] = {
		{ { .flags = DRM_TESSERA_SYNC_WAIT, .handle = binary },
		  { .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd) } },
		{ { .flags = DRM_TESSERA_SYNC_WAIT | DRM_TESSERA_SYNC_TIMELINE,
		    .handle = timeline, .point = 7 },
		  { .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd) } },
	};
	struct drm_tessera_job jobs[4];

	ASSERT_NE(0, failed);
	for (unsigned int i = 0; i < 4; i++)
		jobs[i] = tsr_context_job(&self->c);
	jobs[0].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(3, first);
	jobs[1].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(2, later[0]);
	jobs[2].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(2, later[1]);
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, jobs, 4));
	for (unsigned int i = 0; i < 2; i++) {
		ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, later[i][1].handle, 0, TSR_HANG_MS));
		EXPECT_EQ(-ECANCELED, tsr_syncobj_status(self->c.fd, later[i][1].handle));
	}
	EXPECT_EQ(-ECANCELED, tsr_context_run(&self->c));
}

/* What a process that makes and ends things shares with the one that crashes the firmware. */
struct traffic {
	atomic_uint turns;	/* so far */
	atomic_int error;	/* of the first that failed */
	atomic_bool stop;
};

static int create_and_destroy_queue(struct tsr_context *own)
{
	uint32_t queue;
	int ret = tsr_queue_create(own->fd, own->vm, DRM_TESSERA_PRIORITY_NORMAL, &queue);

	return ret ?: tsr_queue_destroy(own->fd, queue);
}

static int seal_and_unseal_program(struct tsr_context *own)
{
	uint32_t program;
	int ret = tsr_context_seal(own, &program);

	return ret ?: tsr_context_unseal(own, program);
}

static void come_and_go(struct traffic *traffic, int (*once)(struct tsr_context *own))
{
	struct tsr_context own;
	int ret = tsr_context_open(&own);

	if (!ret) {
		tsr_context_load_nops(&own, 1);
		ret = tsr_context_seal_object(&own);
	}
	while (!ret && !traffic->stop) {
		ret = once(&own);
		traffic->turns++;
	}
	traffic->error = ret;
}

/* Until so many more turns have been taken. */
static void await_traffic(struct traffic *traffic, unsigned int turns)
{
	unsigned int until = traffic->turns + turns;

	while (traffic->turns < until && !traffic->error)
		usleep(1000);
}

/* Return: the first error of a process that does something again and again amid resets. */
static int crash_amid(struct tsr_context *c, int (*once)(struct tsr_context *own))
{
	struct traffic *traffic = mmap(NULL, sizeof(*traffic), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();
	int error = 0;

	if (!child) {
		come_and_go(traffic, once);
		_exit(0);
	}
	for (int i = 0; i < 5; i++) {
		await_traffic(traffic, 20);
		if (!tsr_control("inject firmware-crash", NULL, 0))
			error = -EIO;
		tsr_context_run(c);
	}
	await_traffic(traffic, 20);
	if (!tsr_control("inject nothing", NULL, 0))
		error = -EIO;
	traffic->stop = true;
	waitpid(child, NULL, 0);
	error = error ?: traffic->error;
	munmap(traffic, sizeof(*traffic));
	return error;
}

TEST_F(fault, queues_can_be_created_while_the_device_is_reset)
{
	EXPECT_EQ(0, crash_amid(&self->c, create_and_destroy_queue));
}

TEST_F(fault, programs_can_be_sealed_while_the_device_is_reset)
{
	EXPECT_EQ(0, crash_amid(&self->c, seal_and_unseal_program));
}

static int submit_hung(struct tsr_context *c, struct drm_tessera_sync *sync)
{
	sync->flags = DRM_TESSERA_SYNC_SIGNAL;
	sync->handle = tsr_syncobj_create(c->fd);
	tsr_context_load_nops(c, 1);
	return tsr_control("inject hang", NULL, 0) ? tsr_context_submit(c, sync, 1) : -EIO;
}

/* Return: by how much a counter moves from the hang of a job to its end, or -1. */
static long long moved_until_kill(struct tsr_context *c, const char *counter)
{
	struct drm_tessera_sync sync = { 0 };
	long long before;

	if (submit_hung(c, &sync))
		return -1;
	tsr_await_fault();
	before = tsr_counter(counter);
	if (before < 0 || tsr_syncobj_wait(c->fd, sync.handle, 0, TSR_HANG_MS) ||
	    tsr_syncobj_status(c->fd, sync.handle) != -ETIME)
		return -1;
	return tsr_counter(counter) - before;
}

/*
 * The driver looks four times in a timeout and reads a register at each look: the first sees
 * what the job has done, the fifth that it has done nothing for a timeout; a sixth, if a
 * quarter of it is not a whole number of ticks.
 */
TEST_F(fault, a_hung_job_is_killed_at_the_sixth_look_at_the_latest)
{
	long long looks = moved_until_kill(&self->c, "mmio_reads_bar0");

	EXPECT_LE(4, looks);
	EXPECT_GE(6, looks);
	TH_LOG("%lld looks", looks);
}

/* The bells are those of the two admin commands that ask for the job and kill it. */
TEST_F(fault, a_queue_whose_job_runs_is_not_rung_again)
{
	EXPECT_EQ(2, moved_until_kill(&self->c, "doorbells"));
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

/* Return: what a client waited for the end of its hung job, or 0. */
static uint64_t time_of_kill(void)
{
	struct drm_tessera_sync sync = { 0 };
	uint64_t began = now_ns();
	struct tsr_context c;
	int ret;

	ret = tsr_context_open(&c);
	if (!ret)
		ret = submit_hung(&c, &sync);
	if (!ret)
		ret = tsr_syncobj_wait(c.fd, sync.handle, 0, TSR_HANG_MS);
	if (!ret)
		ret = tsr_syncobj_status(c.fd, sync.handle);
	tsr_context_close(&c);
	return ret == -ETIME ? now_ns() - began : 0;
}

/* Return: how the hung job ended of a client that leaves so late: killed, or by its leaving. */
static int leave_after(uint64_t delay_ns)
{
	const struct timespec delay = {
		.tv_sec = (time_t)(delay_ns / 1000000000), .tv_nsec = (long)(delay_ns % 1000000000),
	};
	struct drm_tessera_sync sync = { 0 };
	struct tsr_context c;
	int ret, fence = -EIO;

	ret = tsr_context_open(&c);
	if (!ret)
		ret = submit_hung(&c, &sync);
	if (!ret)
		fence = tsr_fence_export(c.fd, sync.handle);
	nanosleep(&delay, NULL);
	tsr_context_close(&c);
	if (fence < 0)
		return fence;
	ret = tsr_fence_status(fence, TSR_HANG_MS);
	close(fence);
	return ret;
}

/*
 * Its end and the timeout of its job meet; neither may cost anybody else a reset. Each turn
 * is nearer to the moment of the kill than the one before, from either side of it, wherever
 * that moment is at this machine's load.
 */
TEST_F(fault, a_client_may_leave_while_its_job_is_killed)
{
	unsigned int turns = 0, killed = 0, left = 0;
	long long resets = tsr_counter("resets");
	struct drm_tessera_query_limits limits;
	uint64_t delay = time_of_kill();
	uint64_t step = delay / 16;
	int ret, last = 0;

	ASSERT_LE(0, resets);
	ASSERT_EQ(0, tsr_query(self->c.fd, DRM_TESSERA_QUERY_LIMITS, &limits, sizeof(limits)));
	ASSERT_LE(limits.job_timeout_ns, delay);
	for (; turns < LEAVES || !killed || !left; turns++) {
		ret = leave_after(delay);
		ASSERT_TRUE(ret == -ETIME || ret == -ECANCELED);
		EXPECT_EQ(0, tsr_context_run(&self->canary));
		killed += ret == -ETIME;
		left += ret == -ECANCELED;
		if (last && ret != last)
			step /= 2;
		last = ret;
		if (ret == -ECANCELED)
			delay += step;
		else
			delay -= delay > step ? step : delay;
	}
	EXPECT_EQ(resets, tsr_counter("resets"));
	TH_LOG("%u turns: %u jobs killed, %u left by their client", turns, killed, left);
}

TEST_F(fault, a_hung_job_is_killed_and_only_that)
{
	struct drm_tessera_queue_get_state state;
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	long long resets = tsr_counter("resets");
	char client[64];
	const char *const part[] = { client, NULL };
	int log = tsr_log_open();

	ASSERT_LE(0, log);
	snprintf(client, sizeof(client), "of kselftest-fault[%d]: job makes no progress", getpid());
	ASSERT_TRUE(tsr_control("inject hang", NULL, 0));
	ASSERT_EQ(0, tsr_context_submit(&self->c, &sync, 1));
	tsr_await_fault();	/* the node that starts next is the one that hangs */
	for (int i = 0; i < 100; i++)
		ASSERT_EQ(0, tsr_context_run(&self->canary));
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(-ETIME, tsr_syncobj_status(self->c.fd, sync.handle));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_TIMEDOUT, state.state);
	EXPECT_EQ(ETIME, state.error);
	EXPECT_EQ(TSR_HW_ERR_KILLED, state.device_error);
	EXPECT_EQ(0, state.node);
	ASSERT_EQ(0, tsr_queue_state(self->canary.fd, self->canary.queue, &state));
	EXPECT_EQ(0, state.state);
	EXPECT_EQ(100, state.completed);
	EXPECT_EQ(resets, tsr_counter("resets"));
	EXPECT_EQ(1, tsr_log_count(log, part));
	close(log);
}

/*
 * A reset interrupts what is loaded; @job stands behind it in the queue. Both are to be canceled.
 */
static int interrupted_state(struct tsr_context *c, int (*reset)(void), struct drm_tessera_job *job,
			     struct drm_tessera_queue_get_state *state)
{
	struct drm_tessera_sync sync[2] = {
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(c->fd) },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(c->fd) },
	};
	struct drm_tessera_job jobs[2] = { tsr_context_job(c), *job };

	for (unsigned int i = 0; i < 2; i++)
		jobs[i].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync[i]);
	if (!tsr_control("inject hang", NULL, 0) || tsr_submit(c->fd, c->queue, jobs, 2))
		return -EIO;
	tsr_await_engine();
	if (reset() || tsr_syncobj_wait(c->fd, sync[1].handle, 0, TSR_HANG_MS))
		return -EIO;
	if (tsr_syncobj_status(c->fd, sync[0].handle) != -ECANCELED ||
	    tsr_syncobj_status(c->fd, sync[1].handle) != -ECANCELED)
		return -EDOM;
	return tsr_queue_state(c->fd, c->queue, state);
}

static int firmware_crash(void)
{
	return tsr_control("inject firmware-crash", NULL, 0) &&
	       tsr_control("inject nothing", NULL, 0) ? 0 : -EIO;
}

FIXTURE(reset) {
	struct tsr_context c;
	struct tsr_context canary;
};

FIXTURE_VARIANT(reset) {
	int (*reset)(void);
};

FIXTURE_VARIANT_ADD(reset, by_a_firmware_crash) {
	.reset = firmware_crash,
};

FIXTURE_VARIANT_ADD(reset, of_the_function) {
	.reset = tsr_function_reset,
};

FIXTURE_SETUP(reset)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_context_open(&self->canary));
	tsr_context_load_nops(&self->c, 1);
	tsr_context_load_nops(&self->canary, 1);
	ASSERT_TRUE(tsr_control("inject nothing", NULL, 0));
}

FIXTURE_TEARDOWN(reset)
{
	EXPECT_EQ(0, tsr_context_run(&self->canary));
	tsr_context_close(&self->c);
	tsr_context_close(&self->canary);
}

TEST_F(reset, nothing_runs_behind_a_job_it_interrupts)
{
	struct drm_tessera_queue_get_state state;
	struct drm_tessera_job fill;
	struct tsr_bo data;

	ASSERT_EQ(0, tsr_context_run(&self->canary));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 4096, self->c.vm, &data));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, data.handle, 0, TSR_VA_DATA, 4096,
			     TSR_BIND_RW));
	tsr_context_load_fill(&self->c, TSR_VA_DATA, 64, 0x22);
	fill = tsr_context_job(&self->c);
	ASSERT_EQ(0, interrupted_state(&self->c, variant->reset, &fill, &state));
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_INNOCENT, state.state);
	EXPECT_EQ(ECANCELED, state.error);
	EXPECT_EQ(TSR_HW_ERR_NONE, state.device_error);
	EXPECT_EQ(1, state.seq);
	EXPECT_EQ(2, state.completed);
	EXPECT_EQ(0, *(uint8_t *)data.map);
	EXPECT_EQ(-ECANCELED, tsr_context_run(&self->c));
	ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
				      &self->c.queue));
	EXPECT_EQ(0, tsr_context_run(&self->c));
	EXPECT_EQ(0x22, *(uint8_t *)data.map);
}

/* The one that was running is replayable, the one behind it had not started. */
TEST_F(reset, a_replayable_job_runs_again_and_so_does_what_is_behind_it)
{
	struct drm_tessera_queue_get_state state;
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	struct drm_tessera_job jobs[3];

	for (unsigned int i = 0; i < 3; i++) {
		jobs[i] = tsr_context_job(&self->c);
		jobs[i].flags = i ? 0 : DRM_TESSERA_JOB_REPLAYABLE;
	}
	jobs[2].syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	ASSERT_TRUE(tsr_control("inject hang", NULL, 0));
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, jobs, 3));
	tsr_await_engine();
	ASSERT_EQ(0, variant->reset());
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(1, tsr_syncobj_status(self->c.fd, sync.handle));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(0, state.state);
	EXPECT_EQ(3, state.completed);
}

/* Else a job that stops the firmware would do so again for all time. */
TEST_F(fault, a_replayable_job_meets_three_resets_at_most)
{
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	struct drm_tessera_job job = tsr_context_job(&self->c);
	struct drm_tessera_queue_get_state state;

	job.flags = DRM_TESSERA_JOB_REPLAYABLE;
	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	ASSERT_TRUE(tsr_control("inject hang", NULL, 0));
	ASSERT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	for (unsigned int i = 0; i < 4; i++) {
		tsr_await_engine();
		EXPECT_EQ(0, tsr_syncobj_status(self->c.fd, sync.handle));
		if (i < 3)
			ASSERT_TRUE(tsr_control("inject hang", NULL, 0));
		ASSERT_EQ(0, tsr_function_reset());
	}
	ASSERT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(-ECANCELED, tsr_syncobj_status(self->c.fd, sync.handle));
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_INNOCENT, state.state);
}

TEST_F(fault, a_lost_interrupt_costs_time_only)
{
	ASSERT_TRUE(tsr_control("inject drop-irq", NULL, 0));
	EXPECT_EQ(0, tsr_context_run(&self->c));
	EXPECT_EQ(0, tsr_context_run(&self->c));
}

TEST_F(fault, the_port_refuses_what_touches_the_host)
{
	char reply[512];

	EXPECT_FALSE(tsr_control("record start /tmp/record", reply, sizeof(reply)));
	EXPECT_NE(NULL, strstr(reply, "record is refused"));
	EXPECT_FALSE(tsr_control("die", reply, sizeof(reply)));
	EXPECT_NE(NULL, strstr(reply, "die is refused"));
	EXPECT_EQ(0, tsr_context_run(&self->c));
}

TEST_F(fault, a_corrupt_completion_is_not_believed)
{
	ASSERT_TRUE(tsr_control("inject corrupt-completion", NULL, 0));
	tsr_context_run(&self->c);
	ASSERT_TRUE(tsr_control("inject nothing", NULL, 0));
	EXPECT_EQ(0, tsr_context_run(&self->canary));
}

TEST_F(fault, a_budget_ends_a_long_job)
{
	struct drm_tessera_queue_create args = { .vm_id = self->c.vm, .budget_ns = 1,
						 .priority = DRM_TESSERA_PRIORITY_NORMAL };
	struct drm_tessera_queue_get_state state;

	ASSERT_EQ(0, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_QUEUE_CREATE, &args));
	self->c.queue = args.queue_id;
	ASSERT_EQ(0, failed_state(&self->c, -ETIME, &state));
	EXPECT_EQ(TSR_HW_ERR_BUDGET, state.device_error);
	EXPECT_EQ(DRM_TESSERA_QUEUE_FAILED, state.state);
}

TEST_HARNESS_MAIN
