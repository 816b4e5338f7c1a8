// SPDX-License-Identifier: GPL-2.0-only
/* QUEUE_WAIT: when it returns, and the verdict it brings. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define NO_SUCH		4711
#define NEVER		UINT64_MAX

FIXTURE(wait) {
	struct tsr_context c;
};

FIXTURE_SETUP(wait)
{
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	ASSERT_EQ(0, tsr_context_open(&self->c));
	tsr_context_load_nops(&self->c, 1);
}

FIXTURE_TEARDOWN(wait)
{
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	tsr_context_close(&self->c);
}

static int wait_for(struct tsr_context *c, uint64_t seq, uint64_t deadline_ns, uint32_t *error)
{
	struct drm_tessera_queue_wait args = {
		.queue_id = c->queue, .seq = seq, .deadline_ns = deadline_ns, .error = NO_SUCH,
	};
	int ret = tsr_ioctl(c->fd, DRM_IOCTL_TESSERA_QUEUE_WAIT, &args);

	*error = args.error;
	return ret;
}

/* Jobs 1 to @count; the one numbered @bad has a program where nothing is mapped. */
static int submit_with_bad(struct tsr_context *c, uint32_t count, uint32_t bad)
{
	struct drm_tessera_job jobs[8];

	for (uint32_t i = 0; i < count; i++) {
		jobs[i] = tsr_context_job(c);
		if (i + 1 == bad)
			jobs[i].program = TSR_VA_UNMAPPED;
	}
	return tsr_submit(c->fd, c->queue, jobs, count);
}

TEST_F(wait, a_job_that_succeeds_has_no_error)
{
	uint32_t error;

	ASSERT_EQ(0, submit_with_bad(&self->c, 3, 0));
	EXPECT_EQ(0, wait_for(&self->c, 3, NEVER, &error));
	EXPECT_EQ(0, error);
	EXPECT_EQ(0, wait_for(&self->c, 1, 0, &error));
	EXPECT_EQ(0, error);
}

TEST_F(wait, a_job_that_runs_is_waited_for_until_the_deadline)
{
	uint32_t error;

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, submit_with_bad(&self->c, 1, 0));
	EXPECT_EQ(-ETIMEDOUT, wait_for(&self->c, 1, 0, &error));
	EXPECT_EQ(-ETIMEDOUT, wait_for(&self->c, 1, 1, &error));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(0, wait_for(&self->c, 1, NEVER, &error));
	EXPECT_EQ(0, error);
}

TEST_F(wait, only_what_was_submitted_can_be_waited_for)
{
	struct tsr_context other = self->c;
	uint32_t error;

	EXPECT_EQ(-EINVAL, wait_for(&self->c, 0, NEVER, &error));
	EXPECT_EQ(-EINVAL, wait_for(&self->c, 1, NEVER, &error));
	ASSERT_EQ(0, submit_with_bad(&self->c, 1, 0));
	EXPECT_EQ(0, wait_for(&self->c, 1, NEVER, &error));
	EXPECT_EQ(-EINVAL, wait_for(&self->c, 2, NEVER, &error));
	EXPECT_EQ(-EINVAL, wait_for(&self->c, UINT64_MAX, NEVER, &error));
	other.queue = NO_SUCH;
	EXPECT_EQ(-ENOENT, wait_for(&other, 1, NEVER, &error));
	other.queue = self->c.queue;
	other.fd = tsr_open();
	ASSERT_LE(0, other.fd);
	EXPECT_EQ(-ENOENT, wait_for(&other, 1, NEVER, &error));
	close(other.fd);
}

/* One after the other, and again in reverse: the verdict does not depend on when one asks. */
TEST_F(wait, a_failure_is_its_jobs_alone)
{
	static const uint32_t verdict[] = { 0, 0, EFAULT, ECANCELED, ECANCELED };
	struct drm_tessera_queue_get_state state;
	uint32_t error;

	ASSERT_EQ(0, submit_with_bad(&self->c, 5, 3));
	for (uint64_t seq = 1; seq <= 5; seq++) {
		EXPECT_EQ(0, wait_for(&self->c, seq, NEVER, &error));
		EXPECT_EQ(verdict[seq - 1], error);
	}
	for (uint64_t seq = 5; seq >= 1; seq--) {
		EXPECT_EQ(0, wait_for(&self->c, seq, 0, &error));
		EXPECT_EQ(verdict[seq - 1], error);
	}
	ASSERT_EQ(0, tsr_queue_state(self->c.fd, self->c.queue, &state));
	EXPECT_EQ(3, state.seq);
}

/* What a thread waits for, and what came of it. */
struct waiter {
	struct tsr_context *c;
	pthread_t thread;
	_Atomic pid_t tid;
	int ret;
	uint32_t error;
};

static void *wait_for_first(void *argument)
{
	struct waiter *waiter = argument;
	struct drm_tessera_queue_wait args = {
		.queue_id = waiter->c->queue, .seq = 1, .deadline_ns = NEVER,
	};

	waiter->tid = gettid();
	waiter->ret = ioctl(waiter->c->fd, DRM_IOCTL_TESSERA_QUEUE_WAIT, &args) ? -errno : 0;
	waiter->error = args.error;
	return NULL;
}

static bool sleeps(pid_t tid)
{
	char path[64], text[512] = "";
	FILE *stat;
	char *state;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	stat = fopen(path, "r");
	if (!stat || !fgets(text, sizeof(text), stat))
		text[0] = 0;
	if (stat)
		fclose(stat);
	state = strrchr(text, ')');
	return state && state[1] && state[2] == 'S';
}

static int start_waiter(struct waiter *waiter, struct tsr_context *c)
{
	int ret;

	*waiter = (struct waiter){ .c = c };
	ret = pthread_create(&waiter->thread, NULL, wait_for_first, waiter);
	while (!ret && !(waiter->tid && sleeps(waiter->tid)))
		usleep(1000);
	return ret;
}

TEST_F(wait, the_end_of_a_job_wakes_all_who_wait)
{
	struct waiter waiter[4];

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, submit_with_bad(&self->c, 2, 0));
	for (size_t i = 0; i < ARRAY_COUNT(waiter); i++)
		ASSERT_EQ(0, start_waiter(&waiter[i], &self->c));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	for (size_t i = 0; i < ARRAY_COUNT(waiter); i++) {
		pthread_join(waiter[i].thread, NULL);
		EXPECT_EQ(0, waiter[i].ret);
		EXPECT_EQ(0, waiter[i].error);
	}
}

/* Either it comes too late to ask, or it still sees the job canceled. */
TEST_F(wait, destroying_the_queue_ends_a_wait)
{
	struct waiter waiter;

	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, submit_with_bad(&self->c, 1, 0));
	ASSERT_EQ(0, start_waiter(&waiter, &self->c));
	ASSERT_EQ(0, tsr_queue_destroy(self->c.fd, self->c.queue));
	pthread_join(waiter.thread, NULL);
	EXPECT_TRUE(waiter.ret == -ENOENT || (!waiter.ret && waiter.error == ECANCELED));
}

static void do_nothing(int number)
{
}

TEST_F(wait, a_signal_ends_a_wait)
{
	struct sigaction action = { .sa_handler = do_nothing };
	struct waiter waiter;

	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	ASSERT_EQ(0, submit_with_bad(&self->c, 1, 0));
	ASSERT_EQ(0, start_waiter(&waiter, &self->c));
	ASSERT_EQ(0, pthread_kill(waiter.thread, SIGUSR1));
	pthread_join(waiter.thread, NULL);
	EXPECT_EQ(-EINTR, waiter.ret);
}

TEST_HARNESS_MAIN
