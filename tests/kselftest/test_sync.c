// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fences beyond syncobjs: those merged by others, and those on reservations.
 *
 * Synchronization is explicit. A job's fence is on the reservations of what it may use, for
 * those who move or free memory; it is put there as BOOKKEEP, which no ioctl shows, so a
 * kprobe counts it. Who shares a buffer waits for it only if userspace says so.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "tsr_kselftest.h"

#define PAGE		4096ull
#define TRACING		"/sys/kernel/tracing"
#define EVENTS		TRACING "/events/tessera_test"
#define BOOKKEEP	"usage=0x3"	/* DMA_RESV_USAGE_BOOKKEEP */

FIXTURE(sync) {
	struct tsr_context c;
	struct tsr_bo shared;
};

FIXTURE_SETUP(sync)
{
	ASSERT_EQ(0, tsr_context_open(&self->c));
	ASSERT_EQ(0, tsr_bo_create(self->c.fd, PAGE, 0, &self->shared));
	tsr_context_load_nops(&self->c, 1);
}

FIXTURE_TEARDOWN(sync)
{
	munmap(self->shared.map, self->shared.size);
	tsr_context_close(&self->c);
}

static struct drm_tessera_sync signal_to(uint32_t handle)
{
	return (struct drm_tessera_sync){ .flags = DRM_TESSERA_SYNC_SIGNAL, .handle = handle };
}

/* Start what is loaded; Return: its fence as a file, or a negative errno. */
static int start(struct tsr_context *c)
{
	struct drm_syncobj_handle args = {
		.handle = tsr_syncobj_create(c->fd),
		.flags = DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE,
	};
	struct drm_tessera_sync sync = signal_to(args.handle);
	int ret = tsr_context_submit(c, &sync, 1);

	if (!ret)
		ret = tsr_ioctl(c->fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &args);
	return ret ? ret : args.fd;
}

static int merge(int one, int other)
{
	struct sync_merge_data args = { .name = "both", .fd2 = other };

	return ioctl(one, SYNC_IOC_MERGE, &args) ? -errno : args.fence;
}

/* A job that waits for @fence; Return: what becomes of it, 1 for success. */
static int run_behind(struct tsr_context *c, int fence)
{
	struct drm_syncobj_handle args = {
		.handle = tsr_syncobj_create(c->fd),
		.flags = DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_IMPORT_SYNC_FILE,
		.fd = fence,
	};
	struct drm_tessera_sync sync[2] = {
		{ .flags = DRM_TESSERA_SYNC_WAIT, .handle = args.handle },
		signal_to(tsr_syncobj_create(c->fd)),
	};
	int ret = tsr_ioctl(c->fd, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &args);

	if (!ret)
		ret = tsr_context_submit(c, sync, 2);
	if (!tsr_control("release", NULL, 0))
		ret = -EPROTO;
	if (!ret)
		ret = tsr_syncobj_wait(c->fd, sync[1].handle, 0, TSR_HANG_MS);
	return ret ? ret : tsr_syncobj_status(c->fd, sync[1].handle);
}

/* Bit i of @failing says whether the job of queue i fails. */
static int run_behind_two(struct tsr_context *c, unsigned int failing)
{
	struct tsr_context part[2];
	int fence[2], both, ret;

	if (!tsr_control("hold", NULL, 0))
		return -EPROTO;
	/* The parts of a merged fence are in the order in which their queues were made. */
	for (unsigned int i = 0; i < 2; i++) {
		ret = tsr_context_open(&part[i]);
		if (ret)
			return ret;
		if (failing & 1u << i)
			tsr_context_load_fill(&part[i], TSR_VA_UNMAPPED, 64, 1);
		else
			tsr_context_load_nops(&part[i], 1);
		fence[i] = start(&part[i]);
	}
	both = merge(fence[0], fence[1]);
	ret = both < 0 ? both : run_behind(c, both);
	close(both);
	for (unsigned int i = 0; i < 2; i++) {
		close(fence[i]);
		tsr_context_close(&part[i]);
	}
	return ret;
}

TEST_F(sync, a_job_runs_behind_a_merged_fence_without_errors)
{
	EXPECT_EQ(1, run_behind_two(&self->c, 0));
}

TEST_F(sync, the_first_part_of_a_merged_fence_cancels_who_waits_for_it)
{
	EXPECT_EQ(-ECANCELED, run_behind_two(&self->c, 1));
}

TEST_F(sync, the_last_part_of_a_merged_fence_cancels_who_waits_for_it)
{
	EXPECT_EQ(-ECANCELED, run_behind_two(&self->c, 2));
}

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

static const char *const probes[] = {
	"p:tessera_test/add_fence dma_resv_add_fence usage=$arg3\n",
	"p:tessera_test/add_point drm_syncobj_add_point\n",
	"p:tessera_test/unlock ww_mutex_unlock\n",
};

static bool add_probes(void)
{
	int fd = open(TRACING "/kprobe_events", O_WRONLY | O_APPEND | O_CLOEXEC);
	bool ok = fd >= 0;

	for (size_t i = 0; ok && i < ARRAY_COUNT(probes); i++)
		ok = write(fd, probes[i], strlen(probes[i])) == (ssize_t)strlen(probes[i]);
	close(fd);
	return ok;
}

/* From here on it is recorded what this process does to reservations and timelines. */
static bool trace_start(void)
{
	char filter[64];

	snprintf(filter, sizeof(filter), "common_pid == %d", getpid());
	mount("tracefs", TRACING, "tracefs", 0, NULL);
	return add_probes() && put(EVENTS "/filter", filter) && put(TRACING "/trace", " ") &&
	       put(EVENTS "/enable", "1");
}

static void trace_stop(void)
{
	put(EVENTS "/enable", "0");
	put(TRACING "/kprobe_events", "\n");
}

/* Return: fences recorded, as BOOKKEEP or not at all; a negative errno otherwise. */
static int trace_count(void)
{
	FILE *trace = fopen(TRACING "/trace", "re");
	char line[512];
	int count = 0;

	if (!trace)
		return -errno;
	while (fgets(line, sizeof(line), trace)) {
		if (!strstr(line, " add_fence: "))
			continue;
		count = strstr(line, BOOKKEEP) && count >= 0 ? count + 1 : -EPROTO;
	}
	fclose(trace);
	return count;
}

/* Return: fences that SUBMIT of @jobs jobs puts on reservations. */
static int fences_of_submit(struct tsr_context *c, uint32_t jobs)
{
	struct drm_tessera_job job[4];
	int ret = -EPROTO;

	for (uint32_t i = 0; i < jobs; i++)
		job[i] = tsr_context_job(c);
	if (trace_start() && !tsr_submit(c->fd, c->queue, job, jobs))
		ret = trace_count();
	trace_stop();
	return ret;
}

TEST_F(sync, a_fence_is_on_the_reservation_of_each_shared_object_and_one_of_all_others)
{
	struct tsr_bo more[3];

	EXPECT_EQ(1, fences_of_submit(&self->c, 1));
	for (unsigned int i = 0; i < 3; i++) {
		ASSERT_EQ(0, tsr_bo_create(self->c.fd, PAGE, i ? self->c.vm : 0, &more[i]));
		ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, more[i].handle, 0,
				     TSR_VA_DATA + i * PAGE, PAGE, TSR_BIND_RW));
	}
	EXPECT_EQ(2, fences_of_submit(&self->c, 1));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->shared.handle, 0,
			     TSR_VA_DATA + 3 * PAGE, PAGE, TSR_BIND_RW));
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->shared.handle, 0,
			     TSR_VA_DATA + 4 * PAGE, PAGE, TSR_BIND_RW));
	EXPECT_EQ(3, fences_of_submit(&self->c, 1));
	/* Of the jobs of one SUBMIT the last fence stands for all. */
	EXPECT_EQ(3, fences_of_submit(&self->c, 4));
	ASSERT_EQ(0, tsr_unmap(self->c.fd, self->c.vm, TSR_VA_DATA, 5 * PAGE));
	EXPECT_EQ(1, fences_of_submit(&self->c, 1));
	for (unsigned int i = 0; i < 3; i++)
		munmap(more[i].map, PAGE);
}

/*
 * Of the recorded points of timelines those added with all reservations unlocked; @unlocks
 * says how many were unlocked.
 */
static unsigned int points_without_locks(unsigned int *unlocks)
{
	FILE *trace = fopen(TRACING "/trace", "re");
	unsigned int points = 0;
	char line[512];

	*unlocks = 0;
	while (trace && fgets(line, sizeof(line), trace)) {
		points += !!strstr(line, " add_point: ");
		if (!strstr(line, " unlock: "))
			continue;
		points = 0;
		++*unlocks;
	}
	if (trace)
		fclose(trace);
	return points;
}

/* The core walks a timeline to its end for each point: seconds, if its owner likes. */
TEST_F(sync, timelines_are_extended_while_no_reservation_is_locked)
{
	struct drm_tessera_sync sync[8];
	unsigned int points, unlocks;
	struct drm_tessera_job job;

	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->shared.handle, 0, TSR_VA_DATA, PAGE,
			     TSR_BIND_RW));
	for (unsigned int i = 0; i < 8; i++) {
		sync[i] = signal_to(tsr_syncobj_create(self->c.fd));
		sync[i].flags |= DRM_TESSERA_SYNC_TIMELINE;
		sync[i].point = 1;
	}
	job = tsr_context_job(&self->c);
	job.syncs = (struct drm_tessera_array)DRM_TESSERA_ARRAY(8, sync);
	ASSERT_TRUE(trace_start());
	EXPECT_EQ(0, tsr_submit(self->c.fd, self->c.queue, &job, 1));
	points = points_without_locks(&unlocks);
	trace_stop();
	EXPECT_EQ(8, points);
	EXPECT_EQ(2, unlocks);
}

static int export_dma_buf(struct tsr_context *c, uint32_t handle)
{
	struct drm_prime_handle args = { .handle = handle, .flags = DRM_RDWR | DRM_CLOEXEC };
	int ret = tsr_ioctl(c->fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &args);

	return ret ? ret : args.fd;
}

/* Is a dma-buf free of fences that its writers have to wait for? */
static bool writable(int dma_buf)
{
	struct pollfd wait = { .fd = dma_buf, .events = POLLOUT };

	return poll(&wait, 1, 0) == 1;
}

TEST_F(sync, others_wait_for_a_job_when_userspace_says_so)
{
	int dma_buf = export_dma_buf(&self->c, self->shared.handle);
	struct dma_buf_import_sync_file args = { .flags = DMA_BUF_SYNC_WRITE };
	struct pollfd wait = { .fd = dma_buf, .events = POLLOUT };

	ASSERT_LE(0, dma_buf);
	ASSERT_EQ(0, tsr_map(self->c.fd, self->c.vm, self->shared.handle, 0, TSR_VA_DATA, PAGE,
			     TSR_BIND_RW));
	tsr_context_load_fill(&self->c, TSR_VA_DATA, PAGE, 5);
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	args.fd = start(&self->c);
	ASSERT_LE(0, args.fd);
	EXPECT_TRUE(writable(dma_buf));
	ASSERT_EQ(0, ioctl(dma_buf, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &args));
	EXPECT_FALSE(writable(dma_buf));
	ASSERT_TRUE(tsr_control("release", NULL, 0));
	EXPECT_EQ(1, poll(&wait, 1, TSR_HANG_MS));
	EXPECT_EQ(5, ((uint8_t *)self->shared.map)[PAGE - 1]);
	close(args.fd);
	close(dma_buf);
}

/* What others have put on a shared buffer a job waits for through EXPORT_SYNC_FILE. */
TEST_F(sync, a_job_waits_for_others_when_userspace_says_so)
{
	struct dma_buf_export_sync_file exported = { .flags = DMA_BUF_SYNC_RW };
	struct dma_buf_import_sync_file imported = { .flags = DMA_BUF_SYNC_WRITE };
	int dma_buf = export_dma_buf(&self->c, self->shared.handle);
	struct tsr_context failing;

	ASSERT_LE(0, dma_buf);
	ASSERT_EQ(0, tsr_context_open(&failing));
	tsr_context_load_fill(&failing, TSR_VA_UNMAPPED, 64, 1);
	ASSERT_TRUE(tsr_control("hold", NULL, 0));
	imported.fd = start(&failing);
	ASSERT_LE(0, imported.fd);
	ASSERT_EQ(0, ioctl(dma_buf, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &imported));
	ASSERT_EQ(0, ioctl(dma_buf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &exported));
	EXPECT_EQ(-ECANCELED, run_behind(&self->c, exported.fd));
	close(exported.fd);
	close(imported.fd);
	close(dma_buf);
	tsr_context_close(&failing);
}

TEST_F(sync, an_exclusive_object_has_no_dma_buf)
{
	EXPECT_EQ(-EPERM, export_dma_buf(&self->c, self->c.program.handle));
}

TEST_HARNESS_MAIN
