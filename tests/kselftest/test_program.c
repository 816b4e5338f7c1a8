// SPDX-License-Identifier: GPL-2.0-only
/* Sealed programs: checked once, and where they are for as long as they are sealed. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <drm.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define PAGE	4096ull
#define BYTES	100u
#define VALUE	0x5a

/* More than the device has room for. */
#define MANY	200u

FIXTURE(program) {
	struct tsr_context c;
	struct tsr_bo data;
	uint32_t id;
};

static int seal_program(const struct tsr_context *c, struct drm_tessera_program_seal *args)
{
	return tsr_ioctl(c->fd, DRM_IOCTL_TESSERA_PROGRAM_SEAL, args);
}

static struct drm_tessera_program_seal seal_arguments(const struct tsr_context *c)
{
	return (struct drm_tessera_program_seal){
		.va = TSR_VA_PROGRAM, .size = c->program_size, .vm_id = c->vm,
	};
}

static int submit(const struct tsr_context *c, uint32_t queue, struct drm_tessera_job job,
		  struct drm_tessera_sync *syncs, uint32_t count)
{
	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(count, syncs);
	return tsr_submit(c->fd, queue, &job, 1);
}

static int run_job(const struct tsr_context *c, struct drm_tessera_job job)
{
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(c->fd),
	};
	int ret = submit(c, c->queue, job, &sync, 1);

	if (!ret)
		ret = tsr_syncobj_wait(c->fd, sync.handle, 0, TSR_HANG_MS);
	if (!ret)
		ret = tsr_syncobj_status(c->fd, sync.handle);
	tsr_syncobj_destroy(c->fd, sync.handle);
	return ret < 0 ? ret : 0;
}

FIXTURE_SETUP(program)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, 4 * PAGE, 0, &self->data));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->data.handle, 0, TSR_VA_DATA, 4 * PAGE,
			     TSR_BIND_RW));
	tsr_context_load_fill(&self->c, TSR_VA_DATA, BYTES, VALUE);
	ASSERT_EQ(0, tsr_context_seal_object(&self->c));
	ASSERT_EQ(0, tsr_context_seal(&self->c, &self->id));
}

FIXTURE_TEARDOWN(program)
{
	tsr_control("inject nothing", NULL, 0);
	tsr_control("release", NULL, 0);
	tsr_context_close(&self->c);
}

static int run_and_look(FIXTURE_DATA(program) *self)
{
	uint8_t *bytes = self->data.map;
	int ret;

	memset(bytes, 0, BYTES + 1);
	ret = run_job(&self->c, tsr_context_sealed_job(&self->c, self->id));
	if (ret)
		return ret;
	return bytes[0] == VALUE && bytes[BYTES - 1] == VALUE && !bytes[BYTES] ? 0 : -EBADMSG;
}

TEST_F(program, runs_as_often_as_it_is_named)
{
	for (unsigned int i = 0; i < 5; i++)
		EXPECT_EQ(0, run_and_look(self));
	EXPECT_EQ(0, tsr_context_unseal(&self->c, self->id));
	EXPECT_EQ(-ENOENT, tsr_context_unseal(&self->c, self->id));
	EXPECT_EQ(0, tsr_context_run(&self->c));
}

struct job_of {
	const struct tsr_context *c;
	struct drm_tessera_job job;
};

static int run_job_of(void *of)
{
	const struct job_of *job = of;

	return run_job(job->c, job->job);
}

static long long instructions_of(const struct tsr_context *c, struct drm_tessera_job job)
{
	struct job_of of = { c, job };

	return tsr_counter_used("firmware_instructions", run_job_of, &of);
}

TEST_F(program, takes_less_of_the_firmware_than_one_that_is_not_sealed)
{
	struct tsr_context c;
	long long plain, sealed;
	uint32_t id;

	ASSERT_EQ(0, tsr_context_open(&c));
	tsr_context_load_nops(&c, 1000);
	ASSERT_EQ(0, tsr_context_seal_object(&c));
	plain = instructions_of(&c, tsr_context_job(&c));
	ASSERT_EQ(0, tsr_context_seal(&c, &id));
	sealed = instructions_of(&c, tsr_context_sealed_job(&c, id));
	EXPECT_LT(0, sealed);
	EXPECT_LT(sealed, plain * 3 / 4);
	tsr_context_close(&c);
}

TEST_F(program, has_to_lie_in_one_mapping_of_a_sealed_object_that_is_fetched)
{
	const struct drm_tessera_program_seal good = seal_arguments(&self->c);
	struct drm_tessera_program_seal args = good;

	EXPECT_EQ(0, seal_program(&self->c, &args));
	EXPECT_EQ(0, tsr_context_unseal(&self->c, args.program_id));
	args.va = TSR_VA_DATA;
	EXPECT_EQ(-EINVAL, seal_program(&self->c, &args));
	args.va = TSR_VA_UNMAPPED;
	EXPECT_EQ(-EINVAL, seal_program(&self->c, &args));
	args.va = TSR_VA_PROGRAM + self->c.program.size - PAGE;
	args.size = 2 * PAGE;
	EXPECT_EQ(-EINVAL, seal_program(&self->c, &args));
	args.va = ~0ull << 6;
	EXPECT_EQ(-EINVAL, seal_program(&self->c, &args));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->data.handle, 0, TSR_VA_DATA, 4 * PAGE,
			     DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_FETCH));
	args = good;
	args.va = TSR_VA_DATA;
	EXPECT_EQ(-EPERM, seal_program(&self->c, &args));
}

TEST_F(program, malformed_arguments_are_refused)
{
	const struct drm_tessera_program_seal good = seal_arguments(&self->c);
	struct drm_tessera_program_unseal unseal = { .program_id = self->id, .pad = 1 };
	struct drm_tessera_program_seal args;

	args = good;
	args.va += 8;
	EXPECT_EQ(-EINVAL, seal_program(&self->c, &args));
	args = good;
	args.flags = 1;
	EXPECT_EQ(-EINVAL, seal_program(&self->c, &args));
	args = good;
	args.size = sizeof(struct tsr_hw_program) - 1;
	EXPECT_EQ(-EINVAL, seal_program(&self->c, &args));
	args = good;
	args.size += 64;
	EXPECT_EQ(-EINVAL, seal_program(&self->c, &args));
	args = good;
	args.va += 64;
	EXPECT_EQ(-EINVAL, seal_program(&self->c, &args));
	args = good;
	args.vm_id = 0x7fffffff;
	EXPECT_EQ(-ENOENT, seal_program(&self->c, &args));
	EXPECT_EQ(-EINVAL, tsr_ioctl(self->c.fd, DRM_IOCTL_TESSERA_PROGRAM_UNSEAL, &unseal));
	EXPECT_EQ(0, run_and_look(self));
}

TEST_F(program, its_mapping_and_its_address_space_stay)
{
	const int fd = self->c.fd;
	const uint32_t vm = self->c.vm;

	EXPECT_EQ(-EBUSY, tsr_unmap(fd, vm, TSR_VA_PROGRAM, self->c.program.size));
	EXPECT_EQ(-EBUSY, tsr_unmap(fd, vm, TSR_VA_PROGRAM, PAGE));
	EXPECT_EQ(-EBUSY, tsr_map(fd, vm, self->data.handle, 0, TSR_VA_PROGRAM, PAGE,
				  DRM_TESSERA_BIND_READ));
	EXPECT_EQ(0, run_and_look(self));
	ASSERT_EQ(0, tsr_queue_destroy(fd, self->c.queue));
	EXPECT_EQ(-EBUSY, tsr_vm_destroy(fd, vm));
	ASSERT_EQ(0, tsr_context_unseal(&self->c, self->id));
	EXPECT_EQ(0, tsr_unmap(fd, vm, TSR_VA_PROGRAM, PAGE));
	EXPECT_EQ(0, tsr_vm_destroy(fd, vm));
}

TEST_F(program, a_job_names_one_of_its_own_address_space)
{
	struct drm_tessera_job job = tsr_context_sealed_job(&self->c, self->id);
	uint32_t vm, queue;

	job.program_size = self->c.program_size;
	EXPECT_EQ(-EINVAL, run_job(&self->c, job));
	job = tsr_context_sealed_job(&self->c, self->id + 1);
	EXPECT_EQ(-ENOENT, run_job(&self->c, job));
	job.program = (1ull << 32) + self->id;
	EXPECT_EQ(-ENOENT, run_job(&self->c, job));
	ASSERT_EQ(0, tsr_vm_create(self->c.fd, &vm));
	ASSERT_EQ(0, tsr_queue_create(self->c.fd, vm, DRM_TESSERA_PRIORITY_NORMAL, &queue));
	EXPECT_EQ(-EINVAL,
		  submit(&self->c, queue, tsr_context_sealed_job(&self->c, self->id), NULL, 0));
	EXPECT_EQ(0, run_and_look(self));
	ASSERT_EQ(0, tsr_context_unseal(&self->c, self->id));
	EXPECT_EQ(-ENOENT, run_job(&self->c, tsr_context_sealed_job(&self->c, self->id)));
}

static void on_alarm(int number)
{
	(void)number;
}

/* A second signal ends a wait that began after the first. */
static int unseal_with_signals(const struct tsr_context *c, uint32_t id)
{
	struct drm_tessera_program_unseal args = { .program_id = id };
	const struct itimerval often = { { 0, 20000 }, { 0, 20000 } }, never = { 0 };
	struct sigaction action = { .sa_handler = on_alarm };
	int ret;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	ret = ioctl(c->fd, DRM_IOCTL_TESSERA_PROGRAM_UNSEAL, &args) ? -errno : 0;
	setitimer(ITIMER_REAL, &never, NULL);
	return ret;
}

TEST_F(program, its_end_waits_for_a_job_that_the_device_has)
{
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, submit(&self->c, self->c.queue, tsr_context_sealed_job(&self->c, self->id),
			    &sync, 1));
	tsr_await_engine();
	EXPECT_EQ(-EINTR, unseal_with_signals(&self->c, self->id));
	EXPECT_EQ(-EBUSY, tsr_unmap(self->c.fd, self->c.vm, TSR_VA_PROGRAM, PAGE));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(0, tsr_context_unseal(&self->c, self->id));
	EXPECT_EQ(1, tsr_syncobj_status(self->c.fd, sync.handle));
}

TEST_F(program, its_end_does_not_wait_for_a_job_that_waits_for_others)
{
	struct drm_tessera_sync syncs[] = {
		{ .flags = DRM_TESSERA_SYNC_WAIT | DRM_TESSERA_SYNC_TIMELINE, .point = 1,
		  .handle = tsr_syncobj_create(self->c.fd) },
		{ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd) },
	};
	struct drm_tessera_sync first = syncs[0];

	/* What the job waits for is a job that is held. */
	first.flags = DRM_TESSERA_SYNC_SIGNAL | DRM_TESSERA_SYNC_TIMELINE;
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	{
		uint32_t queue;

		ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm,
					      DRM_TESSERA_PRIORITY_NORMAL, &queue));
		ASSERT_EQ(0, submit(&self->c, queue, tsr_context_job(&self->c), &first, 1));
	}
	ASSERT_EQ(0, submit(&self->c, self->c.queue, tsr_context_sealed_job(&self->c, self->id),
			    syncs, 2));
	EXPECT_EQ(0, tsr_context_unseal(&self->c, self->id));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, syncs[1].handle, 0, TSR_HANG_MS));
	EXPECT_EQ(1, tsr_syncobj_status(self->c.fd, syncs[1].handle));
	EXPECT_EQ(VALUE, ((uint8_t *)self->data.map)[BYTES - 1]);
}

TEST_F(program, a_queue_that_is_destroyed_gives_it_back)
{
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, submit(&self->c, self->c.queue, tsr_context_sealed_job(&self->c, self->id),
			    NULL, 0));
	tsr_await_engine();
	ASSERT_EQ(0, tsr_queue_destroy(self->c.fd, self->c.queue));
	EXPECT_EQ(0, tsr_context_unseal(&self->c, self->id));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
}

TEST_F(program, runs_after_a_reset_and_through_it)
{
	struct drm_tessera_sync sync = {
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = tsr_syncobj_create(self->c.fd),
	};
	struct drm_tessera_job job = tsr_context_sealed_job(&self->c, self->id);
	long long resets = tsr_counter("resets");

	EXPECT_EQ(0, run_and_look(self));
	job.flags |= DRM_TESSERA_JOB_REPLAYABLE;
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, submit(&self->c, self->c.queue, job, &sync, 1));
	tsr_await_engine();
	ASSERT_TRUE(tsr_control("inject firmware-crash", NULL, 0));
	ASSERT_TRUE(tsr_control("inject nothing", NULL, 0));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(0, tsr_syncobj_wait(self->c.fd, sync.handle, 0, TSR_HANG_MS));
	EXPECT_EQ(1, tsr_syncobj_status(self->c.fd, sync.handle));
	EXPECT_LT(resets, tsr_counter("resets"));
	EXPECT_EQ(0, run_and_look(self));
	EXPECT_EQ(0, tsr_context_unseal(&self->c, self->id));
	EXPECT_EQ(0, tsr_context_run(&self->c));
}

TEST_F(program, more_than_the_device_has_room_for_run_all_the_same)
{
	uint32_t ids[MANY];

	for (unsigned int i = 0; i < MANY; i++)
		ASSERT_EQ(0, tsr_context_seal(&self->c, &ids[i]));
	EXPECT_EQ(0, run_job(&self->c, tsr_context_sealed_job(&self->c, ids[0])));
	EXPECT_EQ(0, run_job(&self->c, tsr_context_sealed_job(&self->c, ids[MANY - 1])));
	for (unsigned int i = 0; i < MANY; i++)
		EXPECT_EQ(0, tsr_context_unseal(&self->c, ids[i]));
	EXPECT_EQ(0, run_and_look(self));
}

TEST_F(program, a_file_that_is_closed_gives_the_room_back)
{
	long long first = 0, last;
	struct tsr_context c;
	uint32_t id;

	for (unsigned int i = 0; i < MANY; i++) {
		ASSERT_EQ(0, tsr_context_open(&c));
		tsr_context_load_nops(&c, 100);
		ASSERT_EQ(0, tsr_context_seal_object(&c));
		ASSERT_EQ(0, tsr_context_seal(&c, &id));
		if (i == 0)
			first = instructions_of(&c, tsr_context_sealed_job(&c, id));
		if (i + 1 == MANY)
			last = instructions_of(&c, tsr_context_sealed_job(&c, id));
		tsr_context_close(&c);
	}
	EXPECT_LT(last, first * 5 / 4);
}

TEST_HARNESS_MAIN
