// SPDX-License-Identifier: MIT
/*
 * A device with more work than job contexts is busy, not broken: jobs wait, none of them
 * ends early, and the device is not reset, however often the driver looks.
 *
 * The driver reads a register at each look at a job, and no other while the device works, so
 * reads count looks.
 *
 * usage: faults-busy [TIMEOUTS], for how many job timeouts a job is to wait
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "client.h"
#include "tap.h"

#define HOGS		8	/* clients, more than there are contexts for jobs of one class */
#define TIMEOUTS	8	/* more than the driver lets a device do nothing */
#define LOOKS		4	/* in one timeout */
#define LONGEST		65535u	/* repetitions */
#define COPIES		256u	/* of a program */

static struct client hog[HOGS];

static void occupy(struct client *client)
{
	struct drm_tessera_job job;

	tap_need(!client_open(client), "a client");
	/* A tebibyte for each, far longer than the waiting takes. */
	client_load_copies(client, COPIES);
	job = tsr_context_job(&client->c);
	job.repeat = LONGEST;
	tap_need(!client_submit_job(client, &job), "SUBMIT");
}

static unsigned int ended(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < HOGS; i++)
		count += client_wait(&hog[i], 0) != -ETIMEDOUT;
	return count;
}

/* Until the driver has looked so often at the job of every queue, on average. */
static void await_looks(unsigned int looks)
{
	long long until = tsr_counter("mmio_reads_bar0") + looks * (HOGS + 1);

	while (tsr_counter("mmio_reads_bar0") < until)
		usleep(10000);
}

int main(int argc, char **argv)
{
	unsigned int timeouts = argc > 1 ? (unsigned int)atoi(argv[1]) : TIMEOUTS;
	long long resets = tsr_counter("resets");
	struct client late;
	int ret;

	for (unsigned int i = 0; i < HOGS; i++)
		occupy(&hog[i]);
	tap_need(!client_open(&late), "a late client");
	client_load_copy(&late);
	tap_need(!client_submit(&late), "SUBMIT");
	await_looks(timeouts * LOOKS);
	ret = client_wait(&late, 0);
	tap_ok(ret == -ETIMEDOUT, "the job waits for %u timeouts: %d", timeouts, ret);
	tap_ok(!ended(), "none of the others has ended");
	tap_ok(tsr_counter("resets") == resets, "no reset");
	for (unsigned int i = 0; i < HOGS; i++)
		client_close(&hog[i]);
	ret = client_wait(&late, PATIENCE);
	tap_ok(!ret, "it runs when the others have gone: %d", ret);
	client_close(&late);
	return tap_end();
}
