// SPDX-License-Identifier: MIT
/*
 * The device misleads the driver: it loses interrupts, completes jobs with garbage, and
 * lies in whatever it writes. Fences signal all the same, the kernel survives, and the
 * device works in the end, or is dead until it is bound again.
 *
 * NPU 0 writes the false words; the canaries of NPU 1 may not notice.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "canary.h"
#include "client.h"
#include "fence.h"
#include "sysfs.h"
#include "tap.h"

#define DROPS		8
#define QUICK		20	/* jobs that do not have to wait for a look */
#define CORRUPTIONS	8
#define SEEDS		8
#define LIES		12	/* jobs for each seed */
#define JOBS		4	/* in flight */

static char npu[32];	/* PCI address */

static void command(const char *line)
{
	tap_need(tsr_control(line, NULL, 0), "control: %s", line);
}

static int run_job(void)
{
	struct client client;
	int ret = client_open(&client);

	if (ret)
		return ret;
	client_load_copy(&client);
	memset(client.data.map, 0x3c, CLIENT_DATA_SIZE / 2);
	ret = client_submit(&client);
	ret = ret ? ret : client_wait(&client, PATIENCE);
	if (!ret && ((char *)client.data.map)[CLIENT_DATA_SIZE - 1] != 0x3c)
		ret = -EBADMSG;
	client_close(&client);
	return ret;
}

/* That reached the driver. */
static long long interrupts(void)
{
	return tsr_counter("interrupts_0") + tsr_counter("interrupts_1");
}

/* Each costs time, at most a few looks of the driver, and nothing else. */
static void drop_interrupts(void)
{
	long long dropped = tsr_counter("interrupts_dropped"), arrived;
	unsigned int failed = 0;

	for (unsigned int i = 0; i < DROPS; i++) {
		command("inject drop-irq");
		failed += run_job() != 0;
	}
	dropped = tsr_counter("interrupts_dropped") - dropped;
	tap_ok(!failed && dropped > 0, "%lld interrupts lost, %u jobs failed", dropped, failed);
	command("inject nothing");
	run_job();
	dropped = tsr_counter("interrupts_dropped");
	arrived = interrupts();
	for (unsigned int i = 0; i < QUICK; i++)
		failed += run_job() != 0;
	arrived = interrupts() - arrived;
	tap_ok(!failed && arrived >= QUICK && tsr_counter("interrupts_dropped") == dropped,
	       "later interrupts arrive: %lld for %u jobs", arrived, QUICK);
}

/*
 * Run jobs; @arm, if not NULL, is said when their queue exists.
 *
 * Return: jobs whose fences have signalled, with whatever; the last one's errno in @error.
 */
static unsigned int run_jobs(const char *arm, int *error)
{
	struct client client;
	unsigned int ended = 0;
	int fence[JOBS];

	*error = client_open(&client);
	if (*error)
		return JOBS;	/* refused is ended */
	client_load_copy(&client);
	if (arm)
		command(arm);
	for (unsigned int i = 0; i < JOBS; i++) {
		*error = client_submit(&client);
		fence[i] = *error ? -1 : fence_export(client.c.fd, client.done);
	}
	for (unsigned int i = 0; i < JOBS; i++) {
		if (fence[i] >= 0)
			*error = fence_wait(fence[i], PATIENCE);
		ended += *error != -ETIMEDOUT;
		if (fence[i] >= 0)
			close(fence[i]);
	}
	client_close(&client);
	return ended;
}

/* Return: 0 if a job runs, if need be after the device has been bound again. */
static int recover(bool *rebound)
{
	int ret = run_job();

	*rebound = false;
	/* The first to notice may suffer; whoever comes after that does not. */
	if (ret && ret != -EIO && ret != -ENODEV)
		ret = run_job();
	if (!ret)
		return 0;
	*rebound = true;
	driver_unbind(npu);
	ret = driver_bind(npu);
	return ret ? ret : run_job();
}

/* In turns that of the command that creates the queue, and that of a job. */
static void corrupt_completions(void)
{
	const char *arm = "inject corrupt-completion";
	unsigned int ended = 0, failed = 0, dead = 0;
	bool rebound;
	int error;

	for (unsigned int i = 0; i < CORRUPTIONS; i++) {
		if (i % 2 == 0)
			command(arm);
		ended += run_jobs(i % 2 ? arm : NULL, &error);
		command("inject nothing");
		failed += recover(&rebound) != 0;
		dead += rebound;
	}
	tap_ok(ended == CORRUPTIONS * JOBS, "garbage for completions: %u of %u fences signalled",
	       ended, CORRUPTIONS * JOBS);
	tap_ok(!failed, "the device always worked again, %u times after a new bind", dead);
	tap_ok(!dead, "a reset was always enough");
}

/* One thing wrong with a completion at a time, and the twin with which nothing is. */
static const struct {
	const char *what;
	const char *fault;
	bool accepted;
} defects[] = {
	{ "as it was", "seq=0 completed=0", true },
	{ "with the sequence of the next", "seq=1", false },
	{ "with the sequence of the last round", "seq=4294967232", false },
	{ "one beyond the tail", "completed=1", false },
	{ "a ring beyond the tail", "completed=64", false },
	{ "before what was known", "completed=4294967294", false },
	{ "not counted", "completed=4294967295", false },
};

/* The job has ended as it should; but only what says so rightly can be taken for its end. */
static void misreport(unsigned int i)
{
	const uint32_t innocent = DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_INNOCENT;
	long long resets = tsr_counter("resets");
	struct drm_tessera_queue_get_state state;
	struct client client;
	char line[80];
	int ret;

	tap_need(!client_open(&client), "a client");
	client_load_copy(&client);
	snprintf(line, sizeof(line), "inject corrupt-completion %s", defects[i].fault);
	command(line);
	tap_need(!client_submit(&client), "SUBMIT");
	ret = client_wait(&client, PATIENCE);
	tap_need(!client_state(&client, &state), "QUEUE_GET_STATE");
	tap_ok(ret == (defects[i].accepted ? 0 : -ECANCELED),
	       "a completion %s: the job ends with %d", defects[i].what, ret);
	tap_ok(state.state == (defects[i].accepted ? 0 : innocent) && state.completed == 1,
	       "a completion %s: the queue is in state %#x", defects[i].what, state.state);
	tap_ok(tsr_counter("resets") - resets == !defects[i].accepted,
	       "a completion %s: %lld resets", defects[i].what, tsr_counter("resets") - resets);
	client_close(&client);
}

static void lie(unsigned int seed)
{
	unsigned int ended = 0;
	char line[64];
	bool rebound;
	int error, ret;

	snprintf(line, sizeof(line), "malicious seed=%u on", seed);
	command(line);
	for (unsigned int i = 0; i < LIES / JOBS; i++)
		ended += run_jobs(NULL, &error);
	command("malicious off");
	tap_ok(ended == LIES, "lies of seed %u: %u of %u fences signalled, the last with %d", seed,
	       ended, LIES, error);
	ret = recover(&rebound);
	tap_ok(!ret, "seed %u: a job runs afterwards%s: %d", seed,
	       rebound ? ", the device bound again" : "", ret);
}

int main(void)
{
	struct canaries *canaries = canaries_start(1);

	canaries_pace(canaries, 20000);
	canaries_enter(canaries, CANARY_DURING);
	tap_need(tsr_pci_name(npu, sizeof(npu)), "NPU 0");
	drop_interrupts();
	corrupt_completions();
	for (unsigned int i = 0; i < sizeof(defects) / sizeof(defects[0]); i++)
		misreport(i);
	for (unsigned int seed = 1; seed <= SEEDS; seed++)
		lie(seed);
	canaries_pace(canaries, 0);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "completion");
	return tap_end();
}
