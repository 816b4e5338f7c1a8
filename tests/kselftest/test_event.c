// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver is told of the end of each job. With a job_timeout_ms of minutes nothing else finds
 * out: one event or interrupt that it misses is a job that does not end in time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define ROUNDS	150
#define QUEUES	4
#define JOBS	6

FIXTURE(event) {
	struct tsr_context c;
	uint32_t queue[QUEUES];
	uint32_t syncobj[QUEUES];
};

FIXTURE_SETUP(event)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	tsr_context_load_nops(&self->c, 1);
	for (uint32_t i = 0; i < QUEUES; i++) {
		ASSERT_EQ(0, tsr_queue_create(self->c.fd, self->c.vm, DRM_TESSERA_PRIORITY_NORMAL,
					      &self->queue[i]));
		self->syncobj[i] = tsr_syncobj_create(self->c.fd);
	}
}

FIXTURE_TEARDOWN(event)
{
	tsr_context_close(&self->c);
}

static int wait_for(struct tsr_context *c, uint32_t syncobj)
{
	int ret = tsr_syncobj_wait(c->fd, syncobj, 0, TSR_HANG_MS);

	return ret ? ret : tsr_syncobj_status(c->fd, syncobj);
}

/* A job of a queue, which signals the queue's syncobj. */
static int submit(struct tsr_context *c, uint32_t queue, uint32_t syncobj)
{
	struct drm_tessera_sync sync = { .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = syncobj };
	struct drm_tessera_job job = tsr_context_job(c);

	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(1, &sync);
	return tsr_submit(c->fd, queue, &job, 1);
}

TEST_F(event, the_end_of_one_job_is_told)
{
	for (unsigned int i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, submit(&self->c, self->queue[0], self->syncobj[0]));
		ASSERT_EQ(1, wait_for(&self->c, self->syncobj[0]));
	}
}

/* Jobs of several queues end beside each other, and later ones of a queue behind its first. */
TEST_F(event, the_ends_of_many_jobs_are_told)
{
	for (unsigned int i = 0; i < ROUNDS; i++) {
		for (unsigned int job = 0; job < QUEUES * JOBS; job++)
			ASSERT_EQ(0, submit(&self->c, self->queue[job % QUEUES],
					    self->syncobj[job % QUEUES]));
		for (unsigned int q = 0; q < QUEUES; q++)
			ASSERT_EQ(1, wait_for(&self->c, self->syncobj[q]));
	}
}

/* The device tells of all of them at once. */
TEST_F(event, the_ends_of_jobs_behind_a_failure_are_told)
{
	tsr_context_load_fill(&self->c, TSR_VA_UNMAPPED, 1, 1);
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	for (unsigned int i = 0; i < QUEUES; i++)
		ASSERT_EQ(0, submit(&self->c, self->queue[0], self->syncobj[i]));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	ASSERT_EQ(-EFAULT, wait_for(&self->c, self->syncobj[0]));
	for (unsigned int i = 1; i < QUEUES; i++)
		ASSERT_EQ(-ECANCELED, wait_for(&self->c, self->syncobj[i]));
}

TEST_HARNESS_MAIN
