// SPDX-License-Identifier: MIT
/*
 * Virtual NPUs die under load: every fence carries -ENODEV as soon as the driver looks, and
 * so does every later ioctl that needs the device; those that free or explain still work.
 *
 * Usage: faults-kill NPUS. Each NPU has two clients, processes with jobs in flight; it is
 * killed when its counters say that the jobs get on. The canaries use an NPU of their own,
 * the one after those that die.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <drm.h>

#include "canary.h"
#include "client.h"
#include "fence.h"
#include "tap.h"

#define CLIENTS		2
#define JOBS		6		/* in flight of each client */

/* What a client tells its parent. */
struct report {
	atomic_bool ready;
	atomic_bool killed;
	atomic_bool ended;
	atomic_uint fences;	/* with -ENODEV */
	atomic_int wrong_fence;
	atomic_int wrong_ioctl;
	atomic_int refused;	/* what an ioctl returned that frees or explains */
};

static bool start_jobs(struct client *client, uint32_t *done)
{
	client_load_copy(client);
	for (unsigned int i = 0; i < JOBS; i++) {
		done[i] = tsr_syncobj_create(client->c.fd);
		client->done = done[i];
		if (client_submit_long(client, 0))
			return false;
	}
	return true;
}

/* As files, for poll(). */
static bool export_fences(const struct client *client, const uint32_t *done, int *fence)
{
	for (unsigned int i = 0; i < JOBS; i++) {
		fence[i] = fence_export(client->c.fd, done[i]);
		if (fence[i] < 0)
			return false;
	}
	return true;
}

static void check_fences(struct report *report, const int *fence)
{
	int status;

	for (unsigned int i = 0; i < JOBS; i++) {
		status = fence_wait(fence[i], PATIENCE);
		if (status == -ENODEV)
			report->fences++;
		else
			report->wrong_fence = status;
		close(fence[i]);
	}
}

static int version(int fd)
{
	struct drm_version args = { 0 };

	return tsr_ioctl(fd, DRM_IOCTL_VERSION, &args);
}

static void expect_gone(struct report *report, int ret)
{
	if (ret != -ENODEV)
		report->wrong_ioctl = ret ? ret : 1;
}

static void expect_served(struct report *report, int ret)
{
	if (ret)
		report->refused = ret;
}

/* One of each kind that frees or explains, those that free at last. */
static void check_last_words(struct report *report, struct client *client)
{
	struct drm_gem_close close = { .handle = client->data.handle };
	struct drm_tessera_queue_get_state state;
	struct drm_tessera_query_hw hw = { 0 };
	int fd = client->c.fd;

	expect_served(report, tsr_query(fd, DRM_TESSERA_QUERY_HW, &hw, sizeof(hw)));
	expect_served(report, tsr_queue_state(fd, client->c.queue, &state));
	expect_served(report, state.state & DRM_TESSERA_QUEUE_DEVICE_LOST && !state.pending ?
			      0 : -EPROTO);
	expect_served(report, tsr_syncobj_wait(fd, client->done, 0, 0));
	expect_served(report, tsr_syncobj_status(fd, client->done) == -ENODEV ? 0 : -EPROTO);
	expect_served(report, tsr_syncobj_signal(fd, client->done));
	expect_served(report, version(fd));
	expect_served(report, tsr_ioctl(fd, DRM_IOCTL_GEM_CLOSE, &close));
	expect_served(report, tsr_queue_destroy(fd, client->c.queue));
	expect_served(report, tsr_vm_destroy(fd, client->c.vm));
}

/* One of each kind that needs the device. */
static void check_ioctls(struct report *report, struct client *client)
{
	struct drm_tessera_bo_create create = { .size = 4096 };
	struct drm_tessera_bo_sync sync = {
		.handle = client->data.handle,
		.flags = DRM_TESSERA_BO_SYNC_TO_DEVICE,
		.size = 4096,
	};
	struct drm_tessera_bo_mmap_offset offset = { .handle = client->data.handle };
	struct drm_tessera_job job = tsr_context_job(&client->c);
	int fd = client->c.fd;
	uint32_t id;

	expect_gone(report, tsr_vm_create(fd, &id));
	expect_gone(report, tsr_unmap(fd, client->c.vm, TSR_VA_DATA, 4096));
	expect_gone(report, tsr_ioctl(fd, DRM_IOCTL_TESSERA_BO_CREATE, &create));
	expect_gone(report, tsr_ioctl(fd, DRM_IOCTL_TESSERA_BO_MMAP_OFFSET, &offset));
	expect_gone(report, tsr_ioctl(fd, DRM_IOCTL_TESSERA_BO_SYNC, &sync));
	expect_gone(report, tsr_queue_create(fd, client->c.vm, DRM_TESSERA_PRIORITY_NORMAL, &id));
	expect_gone(report, tsr_submit(fd, client->c.queue, &job, 1));
}

static void run_client(struct report *report)
{
	struct client client;
	uint32_t done[JOBS];
	int fence[JOBS];

	if (client_open(&client) || !start_jobs(&client, done) ||
	    !export_fences(&client, done, fence))
		return;
	report->ready = true;
	check_fences(report, fence);
	check_ioctls(report, &client);
	check_last_words(report, &client);
	client_close(&client);
	report->ended = true;
}

static pid_t start_client(struct report *report, unsigned int npu)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tsr_use_npu(npu);
	run_client(report);
	_exit(!report->ended);
}

/* Both clients have their jobs in flight, and the device works on them. */
static bool wait_until_busy(const struct report *report)
{
	double deadline = seconds_now() + PATIENCE;
	long long blocks = 0;

	while (seconds_now() < deadline) {
		usleep(1000);
		if (!report[0].ready || !report[1].ready)
			continue;
		if (!blocks)
			blocks = tsr_counter("blocks");
		else if (tsr_counter("blocks") > blocks + 100)
			return true;
	}
	return false;
}

static void say_die(unsigned int npu)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/virtio-ports/tessera.npu%u.control", npu);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	tap_need(fd >= 0 && write(fd, "die\n", 4) == 4, "control port of NPU %u", npu);
	close(fd);
}

static void check_report(const struct report *report, unsigned int npu)
{
	unsigned int fences = 0;

	for (unsigned int i = 0; i < CLIENTS; i++)
		fences += report[i].fences;
	tap_ok(fences == CLIENTS * JOBS, "NPU %u: %u of %u fences carry -ENODEV (other: %d %d)",
	       npu, fences, CLIENTS * JOBS, report[0].wrong_fence, report[1].wrong_fence);
	tap_ok(!report[0].wrong_ioctl && !report[1].wrong_ioctl,
	       "NPU %u: every ioctl for the device returned -ENODEV (other: %d %d)", npu,
	       report[0].wrong_ioctl, report[1].wrong_ioctl);
	tap_ok(!report[0].refused && !report[1].refused,
	       "NPU %u: ioctls that free or explain worked (errors: %d %d)", npu,
	       report[0].refused, report[1].refused);
	tap_ok(report[0].ended && report[1].ended, "NPU %u: its clients closed it", npu);
}

/* A look is enough to see that it is gone: nothing is tried with it. */
static void check_log(int log, int same_log, unsigned int npu)
{
	char name[32];
	const char *const gone[] = { name, "device is gone", NULL };
	const char *const reset[] = { name, "resetting", NULL };
	unsigned int seen, resets;

	tap_need(tsr_pci_name(name, sizeof(name)), "address of NPU %u", npu);
	seen = tsr_log_count(log, gone);
	resets = tsr_log_count(same_log, reset);
	tap_ok(seen == 1 && !resets, "NPU %u: seen to be gone %u times, after %u resets", npu, seen,
	       resets);
	close(same_log);
	close(log);
}

static void kill_npu(unsigned int npu)
{
	int log = tsr_log_open(), same_log = tsr_log_open();
	struct report *report = mmap(NULL, CLIENTS * sizeof(*report), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid[CLIENTS];

	tap_need(log >= 0 && same_log >= 0, "/dev/kmsg");
	tap_need(report != MAP_FAILED, "shared memory");
	tsr_use_npu(npu);
	for (unsigned int i = 0; i < CLIENTS; i++)
		pid[i] = start_client(&report[i], npu);
	tap_need(wait_until_busy(report), "NPU %u: works on the jobs of both clients", npu);
	say_die(npu);
	for (unsigned int i = 0; i < CLIENTS; i++)
		waitpid(pid[i], NULL, 0);
	check_report(report, npu);
	check_log(log, same_log, npu);
	munmap(report, CLIENTS * sizeof(*report));
}

int main(int argc, char **argv)
{
	unsigned int npus = argc > 1 ? (unsigned int)atoi(argv[1]) : 0;
	struct canaries *canaries;

	tap_need(npus > 0, "usage: faults-kill NPUS");
	canaries = canaries_start(npus);
	canaries_pace(canaries, 5000);
	canaries_enter(canaries, CANARY_DURING);
	for (unsigned int npu = 0; npu < npus; npu++)
		kill_npu(npu);
	canaries_pace(canaries, 0);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "kill");
	tap_metric("npus_killed", npus, "devices", npus);
	return tap_end();
}
