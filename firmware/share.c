// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "share.h"

#include <stddef.h>

#include <tsr_hw/queue.h>

#include "job.h"
#include "queue.h"

/* Shares are counted in units of 64 cycles, so that they fit 32 bits. */
#define UNIT_SHIFT 6u
#define UNITS_MAX (1u << 24)
#define DEBT_MAX (-(1 << 28))

/* A round gives a client this many units for each point of its weight. */
#define QUANTUM 64

/**
 * struct account - what the queues of one client in one class share
 * @client: the host's number of the client
 * @class: TSR_HW_PRIORITY_*
 * @queues: queues that have it, 0 when it is free
 * @weight: share inside the class, 1 to 255
 * @contexts: job contexts in use
 * @share: engine time left before other clients of the class come first
 */
struct account {
	uint64_t client;
	uint32_t class;
	uint32_t queues;
	uint32_t weight;
	uint32_t contexts;
	int32_t share;
};

/* One per queue is enough. */
static struct account accounts[QUEUE_COUNT];

/* Where the last choice of the class was made. */
static uint32_t turn[TSR_HW_PRIORITY_COUNT];

static struct account *account_of(const struct queue *queue)
{
	return &accounts[queue->account];
}

static uint32_t find(uint64_t client, uint32_t class)
{
	uint32_t free = 0;

	for (uint32_t i = 0; i < QUEUE_COUNT; i++) {
		if (accounts[i].queues == 0u)
			free = i;
		else if (accounts[i].client == client && accounts[i].class == class)
			return i;
	}
	return free;
}

void share_join(struct queue *queue, uint64_t client, uint32_t weight)
{
	struct account *account;

	queue->account = find(client, queue->priority);
	account = account_of(queue);
	if (account->queues == 0u)
		*account = (struct account){ .client = client, .class = queue->priority };
	account->queues++;
	account->weight = weight;
}

void share_leave(struct queue *queue)
{
	account_of(queue)->queues--;
}

void share_take_context(struct queue *queue)
{
	account_of(queue)->contexts++;
}

void share_return_context(struct queue *queue)
{
	account_of(queue)->contexts--;
}

uint32_t share_contexts(const struct queue *queue)
{
	return account_of(queue)->contexts;
}

void share_charge(struct queue *queue, uint64_t cycles)
{
	struct account *account = account_of(queue);
	uint64_t units = (cycles >> UNIT_SHIFT) + 1u;

	if (units > UNITS_MAX)
		units = UNITS_MAX;
	account->share -= (int32_t)units;
	if (account->share < DEBT_MAX)
		account->share = DEBT_MAX;
}

static int32_t round_of(const struct account *account)
{
	return (int32_t)account->weight * QUANTUM;
}

/*
 * The candidate whose client has most of its share left, or JOB_CONTEXTS when none has any.
 * Of one client, or of equals, those behind the last choice come first.
 */
static uint32_t first_by_share(uint32_t class, uint32_t jobs)
{
	uint32_t chosen = JOB_CONTEXTS;
	int32_t most = 0;

	for (uint32_t n = 1; n <= JOB_CONTEXTS; n++) {
		uint32_t i = (turn[class] + n) % JOB_CONTEXTS;

		if ((jobs & (1u << i)) == 0u || account_of(job_at(i)->queue)->share <= most)
			continue;
		most = account_of(job_at(i)->queue)->share;
		chosen = i;
	}
	return chosen;
}

/* Rounds until the first candidate has some share again. */
static int32_t rounds_needed(uint32_t jobs)
{
	int32_t fewest = -DEBT_MAX;

	for (uint32_t i = 0; i < JOB_CONTEXTS; i++) {
		const struct account *account;
		int32_t rounds;

		if ((jobs & (1u << i)) == 0u)
			continue;
		account = account_of(job_at(i)->queue);
		rounds = -account->share / round_of(account) + 1;
		if (rounds < fewest)
			fewest = rounds;
	}
	return fewest;
}

/* At most one round is saved up, and rounds * round_of() stays below 2^30. */
static void give(struct account *account, int32_t rounds)
{
	int32_t missing = round_of(account) - account->share;

	if (rounds > missing / round_of(account))
		account->share = round_of(account);
	else
		account->share += rounds * round_of(account);
}

/* Clients without work get theirs too: a debt does not outlast the round it was made in. */
static void refill(uint32_t class, uint32_t jobs)
{
	int32_t rounds = rounds_needed(jobs);

	for (uint32_t i = 0; i < QUEUE_COUNT; i++) {
		if (accounts[i].queues != 0u && accounts[i].class == class)
			give(&accounts[i], rounds);
	}
}

struct job *share_choose(uint32_t class, uint32_t jobs)
{
	uint32_t number = first_by_share(class, jobs);

	if (number == JOB_CONTEXTS) {
		refill(class, jobs);
		number = first_by_share(class, jobs);
	}
	turn[class] = number;
	return job_at(number);
}
