// SPDX-License-Identifier: MIT
/*
 * The system sleeps while jobs are in flight. What ends in time succeeds, what does not is
 * interrupted as by a reset, what waits runs afterwards, and clients notice nothing else.
 *
 * Sleep is tried as far as the kernel's test levels go: all of the driver's part is done, no
 * power is lost; but the driver resets the device, which is the same to it. For hibernation
 * the driver does nothing else, and the kernel's test of that spins for five seconds.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <tsr_hw/queue.h>

#include "client.h"
#include "sysfs.h"
#include "tap.h"

#define LONG_S		0.5	/* of ten or more that the driver waits for jobs */
#define COPIES_MAX	256u	/* of a program */
#define HALVINGS	2	/* of work that took longer than the driver waits */

static const struct {
	const char *state;
	const char *level;
} sleeps[] = {
	{ "freeze", "devices" },
	{ "mem", "platform" },
	{ "mem", "core" },
};

/* Copies in a program, and how often a job runs it. */
struct work {
	unsigned int copies;
	uint32_t repeat;
};

static int run(struct client *client, uint32_t repeat, uint32_t flags)
{
	struct drm_tessera_job job = tsr_context_job(&client->c);

	job.repeat = repeat;
	job.flags = flags;
	return client_submit_job(client, &job);
}

static bool copied(const struct client *client, char value)
{
	return ((char *)client->data.map)[CLIENT_DATA_SIZE - 1] == value;
}

static void grow(struct work *work)
{
	if (work->repeat <= TSR_HW_JOB_MAX_REPEAT / 2)
		work->repeat *= 2;
	else
		work->copies *= 2;
	tap_need(work->copies <= COPIES_MAX, "a job of %u x %u copies is in flight for %.1f s",
		 work->repeat, work->copies / 2, LONG_S);
}

/* Work that takes long enough to be in flight when the system falls asleep. */
static struct work long_enough(struct client *client)
{
	struct work work = { 1, 64 };
	double began;

	do {
		grow(&work);
		client_load_copies(client, work.copies);
		began = seconds_now();
		tap_need(!run(client, work.repeat, 0) && !client_wait(client, PATIENCE), "a job");
	} while (seconds_now() - began < LONG_S);
	return work;
}

/* Return: how the job ends that was in flight, or -EAGAIN when it had ended before the sleep. */
static int try_sleep(struct client *client, const struct work *work, unsigned int i, int *slept)
{
	memset(client->data.map, (int)i + 1, CLIENT_DATA_SIZE / 2);
	client_load_copies(client, work->copies);
	tap_need(!run(client, work->repeat, 0), "SUBMIT");
	if (client_wait(client, 0) != -ETIMEDOUT)
		return -EAGAIN;
	*slept = system_sleep(sleeps[i].state, sleeps[i].level);
	return client_wait(client, PATIENCE);
}

/* The job may meet another load of the machine than the one it was measured at. */
static int sleep_in_flight(struct client *client, struct work work, unsigned int i, int *slept)
{
	int ret = try_sleep(client, &work, i, slept);

	while (ret == -EAGAIN) {
		grow(&work);
		ret = try_sleep(client, &work, i, slept);
	}
	for (unsigned int turn = 0; ret == -ECANCELED && turn < HALVINGS; turn++) {
		tap_note("%u x %u copies take too long", work.repeat, work.copies);
		tap_need(!client_again(client), "a new queue");
		work.repeat /= 2;
		ret = try_sleep(client, &work, i, slept);
	}
	return ret;
}

static void sleep_in_job(struct client *client, struct work work, unsigned int i)
{
	int ret, slept;

	ret = sleep_in_flight(client, work, i, &slept);
	tap_ok(!slept, "%s, as far as %s: %d", sleeps[i].state, sleeps[i].level, slept);
	tap_ok(!ret && copied(client, (char)(i + 1)), "the job in flight succeeds: %d", ret);
	memset(client->data.map, 0x40 + (int)i, CLIENT_DATA_SIZE / 2);
	ret = run(client, 1, 0);
	ret = ret ? ret : client_wait(client, PATIENCE);
	tap_ok(!ret && copied(client, (char)(0x40 + i)), "so does the next: %d", ret);
}

static void sleep_in_endless_job(void)
{
	struct drm_tessera_queue_get_state state;
	struct client hung, behind;
	int ret;

	tap_need(!client_open(&hung) && !client_open(&behind), "clients");
	client_load_copy(&hung);
	client_load_copy(&behind);
	memset(behind.data.map, 0x77, CLIENT_DATA_SIZE / 2);
	tap_need(tsr_control("inject hang", NULL, 0), "control");
	tap_need(!run(&hung, 1, 0), "SUBMIT");
	tsr_await_fault();
	tap_need(!run(&behind, 2, DRM_TESSERA_JOB_REPLAYABLE), "SUBMIT");
	ret = system_sleep("freeze", "devices");
	tap_ok(!ret, "a job that does not end does not keep the system awake: %d", ret);
	ret = client_wait(&hung, PATIENCE);
	tap_ok(ret == -ECANCELED, "it is interrupted: %d", ret);
	tap_need(!client_state(&hung, &state), "QUEUE_GET_STATE");
	tap_ok(state.state == (DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_INNOCENT),
	       "its queue has failed, innocent: %#x", state.state);
	ret = client_wait(&behind, PATIENCE);
	tap_ok(!ret && copied(&behind, 0x77), "a replayable job runs after the sleep: %d", ret);
	client_close(&behind);
	client_close(&hung);
}

int main(void)
{
	struct client client;
	struct work work;

	tap_need(!client_open(&client), "a client");
	work = long_enough(&client);
	for (unsigned int i = 0; i < sizeof(sleeps) / sizeof(sleeps[0]); i++)
		sleep_in_job(&client, work, i);
	client_close(&client);
	sleep_in_endless_job();
	return tap_end();
}
