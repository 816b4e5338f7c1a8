// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "share.h"

#include <stddef.h>

#include <abi/ring.h>

#include "job.h"
#include "queue.h"

/* Shares are counted in units of 64 cycles, so that they fit 32 bits. */
#define UNIT_SHIFT 6u
#define UNITS_MAX (1u << 24)
#define DEBT_MAX (-(1 << 28))

/* A round gives a queue this many units for each point of its weight. */
#define QUANTUM 64

/* Where the last choice of the class was made. */
static uint32_t turn[TSR_PRIORITY_COUNT];

void share_charge(struct queue *queue, uint64_t cycles)
{
	uint64_t units = (cycles >> UNIT_SHIFT) + 1u;

	if (units > UNITS_MAX)
		units = UNITS_MAX;
	queue->share -= (int32_t)units;
	if (queue->share < DEBT_MAX)
		queue->share = DEBT_MAX;
}

static int32_t round_of(const struct queue *queue)
{
	return (int32_t)queue->weight * QUANTUM;
}

/* The lowest of the candidates that has some share left, or JOB_CONTEXTS. */
static uint32_t first_with_share(uint32_t jobs)
{
	for (uint32_t i = 0; jobs != 0u; i++) {
		if ((jobs & 1u) != 0u && job_at(i)->queue->share > 0)
			return i;
		jobs >>= 1;
	}
	return JOB_CONTEXTS;
}

/* Those behind the last choice come first. */
static uint32_t find_in_turn(uint32_t class, uint32_t jobs)
{
	uint32_t number = first_with_share(jobs & ~((2u << turn[class]) - 1u));

	return number != JOB_CONTEXTS ? number : first_with_share(jobs);
}

/* Rounds until the first candidate has some share again. */
static int32_t rounds_needed(uint32_t jobs)
{
	int32_t fewest = -DEBT_MAX;

	for (uint32_t i = 0; i < JOB_CONTEXTS; i++) {
		const struct queue *queue = job_at(i)->queue;
		int32_t rounds;

		if ((jobs & (1u << i)) == 0u)
			continue;
		rounds = -queue->share / round_of(queue) + 1;
		if (rounds < fewest)
			fewest = rounds;
	}
	return fewest;
}

/* Nobody saves up more than one round, and rounds * round_of() stays below 2^30. */
static void give(struct queue *queue, int32_t rounds)
{
	int32_t missing = round_of(queue) - queue->share;

	if (rounds > missing / round_of(queue))
		queue->share = round_of(queue);
	else
		queue->share += rounds * round_of(queue);
}

static void refill(uint32_t class, uint32_t jobs)
{
	int32_t rounds = rounds_needed(jobs);

	for (uint32_t i = 1; i < QUEUE_COUNT; i++) {
		struct queue *queue = queue_at(i);

		if (queue->state == QUEUE_ACTIVE && queue->priority == class &&
		    (queue->job != NULL || queue->waiting))
			give(queue, rounds);
	}
}

struct job *share_choose(uint32_t class, uint32_t jobs)
{
	uint32_t number = find_in_turn(class, jobs);

	if (number == JOB_CONTEXTS) {
		refill(class, jobs);
		number = find_in_turn(class, jobs);
	}
	turn[class] = number;
	return job_at(number);
}
