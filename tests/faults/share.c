// SPDX-License-Identifier: MIT
/*
 * Many queues of one client against one of another: each client gets half of the engine.
 * Jobs are alike and let pass one by one, so what counts is who was chosen, not when.
 */
#include <sched.h>
#include <stdint.h>
#include <stdio.h>

#include "client.h"
#include "tap.h"

#define QUEUES		15
#define JOBS		60	/* of each queue */
#define PASSES		80

static uint32_t queue[QUEUES];

static void submit(struct client *client, uint32_t id)
{
	struct drm_tessera_job jobs[JOBS];

	for (unsigned int i = 0; i < JOBS; i++)
		jobs[i] = tsr_context_job(&client->c);
	tap_need(!tsr_submit(client->c.fd, id, jobs, JOBS), "SUBMIT");
}

static unsigned int completed(struct client *client, uint32_t id)
{
	struct drm_tessera_queue_get_state state;

	tap_need(!tsr_queue_state(client->c.fd, id, &state), "QUEUE_GET_STATE");
	return (unsigned int)state.completed;
}

static unsigned int completed_by_many(struct client *many)
{
	unsigned int sum = 0;

	for (unsigned int i = 0; i < QUEUES; i++)
		sum += completed(many, queue[i]);
	return sum;
}

int main(void)
{
	unsigned int by_one, by_many;
	struct client one, many;

	tap_need(!client_open(&one) && !client_open(&many), "clients");
	client_load_copy(&one);
	client_load_copy(&many);
	tap_need(tsr_control("hold", NULL, 0), "control");
	for (unsigned int i = 0; i < QUEUES; i++) {
		tap_need(!tsr_queue_create(many.c.fd, many.c.vm, DRM_TESSERA_PRIORITY_NORMAL,
					   &queue[i]), "QUEUE_CREATE");
		submit(&many, queue[i]);
	}
	submit(&one, one.c.queue);
	for (unsigned int i = 1; i <= PASSES; i++) {
		tap_need(tsr_control("step", NULL, 0), "control");
		do {
			sched_yield();
			by_one = completed(&one, one.c.queue);
			by_many = completed_by_many(&many);
		} while (by_one + by_many < i);
	}
	tap_ok(by_one >= PASSES / 2 - 4 && by_one <= PASSES / 2 + 4,
	       "of %u jobs %u were the client's with one queue, %u of %u other queues", PASSES,
	       by_one, by_many, QUEUES);
	tap_need(tsr_control("release", NULL, 0), "control");
	client_close(&many);
	client_close(&one);
	return tap_end();
}
