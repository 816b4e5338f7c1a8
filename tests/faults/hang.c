// SPDX-License-Identifier: MIT
/*
 * A node hangs: its job ends with -ETIME, its queue names the node, others go on. Of the runs
 * one at least ends soon after the timeout; load can delay some.
 *
 * The program is a chain whose nodes alternate between the engines and mark memory when
 * they have run, so that the node that hung is known without asking anybody.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "canary.h"
#include "client.h"
#include "gemm.h"
#include "tap.h"

#define NODES		16
#define ROOM		0x1000	/* of the data, for each node */
#define SEEDS		10
#define ROUNDS		5
#define BEHIND		64	/* jobs of a SUBMIT */
#define SUBMITS		3
#define SOON		3	/* timeouts: the job is looked at several times in each */
#define CANARY_QUEUES	2	/* they hold the first numbers the device has */

static void load_chain(struct client *client)
{
	struct tsr_program *program = tsr_program_begin();
	char *data = client->data.map;

	client_slot(client, 0, TSR_VA_DATA, CLIENT_DATA_SIZE, TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	memset(data, 0, CLIENT_DATA_SIZE);
	for (unsigned int i = 0; i < NODES; i++) {
		if (i % 2) {
			tsr_program_fill(program, 0, i * ROOM, 64, 0x5a);
		} else {
			gemm_fill((void *)(data + i * ROOM), i);
			gemm_node(program, 0, i * ROOM);
		}
	}
	client_load(client, program, 1);
}

static bool has_run(const struct client *client, unsigned int node)
{
	const char *data = (const char *)client->data.map + node * ROOM;

	return node % 2 ? data[63] == 0x5a : gemm_right((const void *)data);
}

/* The first node that left no mark. */
static unsigned int hung_node(const struct client *client)
{
	unsigned int node = 0;

	while (node < NODES && has_run(client, node))
		node++;
	return node;
}

static void arm(unsigned int seed)
{
	char line[80];

	snprintf(line, sizeof(line), "inject hang queue=%u node=random seed=%u",
		 CANARY_QUEUES + 1, seed);
	tap_need(tsr_control(line, NULL, 0), "control: %s", line);
}

static void check_state(struct client *client, unsigned int node)
{
	struct drm_tessera_queue_get_state state;

	tap_need(!client_state(client, &state), "QUEUE_GET_STATE");
	tap_ok(state.state == (DRM_TESSERA_QUEUE_FAILED | DRM_TESSERA_QUEUE_TIMEDOUT) &&
	       state.error == ETIME && state.device_error == TSR_HW_ERR_KILLED,
	       "its queue is failed and timed out (state %#x, error %u, device error %u)",
	       state.state, state.error, state.device_error);
	tap_ok(state.node == node, "node %d is named, node %u hangs", (int)state.node, node);
	tap_ok(state.seq == 1 && !state.address && !state.pending,
	       "the job is number %llu, no address, nothing pending",
	       (unsigned long long)state.seq);
	tap_ok(client_submit(client) == -ECANCELED, "the queue refuses jobs with -ECANCELED");
}

/* The job of what is loaded, by its address, or by the number of a sealed program. */
static struct drm_tessera_job job_of(struct client *client, bool sealed)
{
	uint32_t program;

	if (!sealed)
		return tsr_context_job(&client->c);
	tap_need(!tsr_context_seal_object(&client->c) && !tsr_context_seal(&client->c, &program),
		 "a sealed program");
	return tsr_context_sealed_job(&client->c, program);
}

/* No count is kept from the job that was killed in the middle of it. */
static void check_seal(struct client *client, struct drm_tessera_job *job)
{
	memset(client->data.map, 0, CLIENT_DATA_SIZE);
	for (unsigned int i = 0; i < NODES; i += 2)
		gemm_fill((void *)((char *)client->data.map + i * ROOM), i);
	tap_need(!client_again(client) && !client_submit_job(client, job), "SUBMIT");
	tap_ok(!client_wait(client, PATIENCE) && hung_node(client) == NODES,
	       "in another queue all nodes of the sealed program run");
	tap_ok(!tsr_context_unseal(&client->c, (uint32_t)job->program), "it can be unsealed");
}

/* Return: seconds until the job ended. */
static double hang_once(struct canaries *canaries, unsigned int seed, double timeout)
{
	const bool sealed = seed % 2;
	enum canary_kind other;
	struct drm_tessera_job job;
	struct client client;
	uint64_t jobs[CANARY_KINDS];
	unsigned int node;
	double began, took;
	int ret;

	tap_need(!client_open(&client), "a client");
	load_chain(&client);
	job = job_of(&client, sealed);
	arm(seed);
	for (int kind = 0; kind < CANARY_KINDS; kind++)
		jobs[kind] = canaries_jobs(canaries, kind);
	began = seconds_now();
	tap_need(!client_submit_job(&client, &job), "SUBMIT");
	ret = client_wait(&client, PATIENCE);
	took = seconds_now() - began;
	node = hung_node(&client);
	/* Less a few ticks: the timer counts those. */
	tap_ok(ret == -ETIME && took >= timeout - 0.05,
	       "seed %u: the job ends with %d after %.2f s, at least %.1f", seed, ret, took,
	       timeout);
	other = node % 2 ? CANARY_TILE : CANARY_DMA;
	tap_ok(canaries_jobs(canaries, other) > jobs[other],
	       "meanwhile the canary of the other engine completed %llu jobs",
	       (unsigned long long)(canaries_jobs(canaries, other) - jobs[other]));
	check_state(&client, node);
	if (sealed)
		check_seal(&client, &job);
	client_close(&client);
	return took;
}

/*
 * More jobs than the ring has entries wait behind the one that hangs: while it is killed, those
 * that are canceled make room for others, which are canceled as well. That takes no reset.
 */
static void hang_before_others(unsigned int seed)
{
	struct drm_tessera_job jobs[BEHIND];
	long long resets = tsr_counter("resets");
	struct drm_tessera_queue_get_state state;
	struct client client;
	int ret;

	tap_need(!client_open(&client), "a client");
	load_chain(&client);
	arm(seed);
	tap_need(!client_submit(&client), "SUBMIT");
	for (unsigned int i = 0; i < BEHIND; i++)
		jobs[i] = tsr_context_job(&client.c);
	for (unsigned int i = 0; i < SUBMITS; i++)
		tap_need(!tsr_submit(client.c.fd, client.c.queue, jobs, BEHIND),
			 "SUBMIT of %d jobs", BEHIND);
	ret = client_wait(&client, PATIENCE);
	tap_need(!client_state(&client, &state), "QUEUE_GET_STATE");
	tap_ok(ret == -ETIME && state.error == ETIME && state.seq == 1,
	       "before %d others: the job ends with %d, number %llu failed the queue",
	       BEHIND * SUBMITS, ret, (unsigned long long)state.seq);
	tap_ok(tsr_counter("resets") == resets, "it is killed without a reset");
	client_close(&client);
}

int main(void)
{
	struct canaries *canaries = canaries_start(0);
	double timeout = job_timeout();
	double quickest = PATIENCE;

	canaries_enter(canaries, CANARY_DURING);
	for (unsigned int seed = 1; seed <= SEEDS; seed++) {
		double took = hang_once(canaries, seed, timeout);

		quickest = took < quickest ? took : quickest;
	}
	tap_ok(quickest < SOON * timeout,
	       "the quickest took %.2f s, less than %d timeouts of %.1f s", quickest, SOON,
	       timeout);
	for (unsigned int seed = 1; seed <= ROUNDS; seed++)
		hang_before_others(seed);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "hang");
	return tap_end();
}
