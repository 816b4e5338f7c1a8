// SPDX-License-Identifier: MIT
#include "timing.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/queue.h>

#include "random.h"

/* Microseconds of a pause at most; at one place in so many there is one. */
#define PAUSE_MAX_US 1000u
static const unsigned int pause_one_in[] = {
	[TIMING_BEFORE] = 8,
	[TIMING_WITHIN] = 2,
};

#define STRAY_ONE_IN 2u
#define HOLD_ONE_IN 2u
#define AGAIN_ONE_IN 4u

/* Slot, completed word and both halves of an event, twice. */
#define LAST_WRITES 8u

/* Control and event vector. */
#define VECTORS 2u

struct timing {
	pthread_mutex_t lock;	/* protects all below */
	uint64_t seed;
	unsigned int held;	/* bit per vector */
	struct timing_write last[LAST_WRITES];
	unsigned int writes;	/* so far */
	bool gives_back;	/* the core is at work on a command whose answer does so */
};

struct timing *timing_create(uint64_t seed)
{
	struct timing *timing = calloc(1, sizeof(*timing));

	if (!timing)
		return NULL;
	pthread_mutex_init(&timing->lock, NULL);
	timing->seed = seed;
	return timing;
}

void timing_destroy(struct timing *timing)
{
	if (!timing)
		return;
	pthread_mutex_destroy(&timing->lock);
	free(timing);
}

static uint64_t choose(struct timing *timing, uint64_t below)
{
	uint64_t chosen;

	pthread_mutex_lock(&timing->lock);
	chosen = random_next(&timing->seed) % below;
	pthread_mutex_unlock(&timing->lock);
	return chosen;
}

unsigned int timing_pause(struct timing *timing, enum timing_place place)
{
	if (choose(timing, pause_one_in[place]))
		return 0;
	return 1 + (unsigned int)choose(timing, PAUSE_MAX_US);
}

bool timing_stray(struct timing *timing, unsigned int *vector)
{
	*vector = (unsigned int)choose(timing, VECTORS);
	return !choose(timing, STRAY_ONE_IN);
}

bool timing_hold(struct timing *timing, unsigned int vector)
{
	if (vector >= VECTORS || choose(timing, HOLD_ONE_IN))
		return false;
	pthread_mutex_lock(&timing->lock);
	timing->held |= 1u << vector;
	pthread_mutex_unlock(&timing->lock);
	return true;
}

unsigned int timing_due(struct timing *timing)
{
	bool again = !choose(timing, AGAIN_ONE_IN);
	unsigned int due;

	pthread_mutex_lock(&timing->lock);
	due = timing->held;
	if (!again)
		timing->held = 0;
	pthread_mutex_unlock(&timing->lock);
	return due;
}

bool timing_holds(struct timing *timing)
{
	bool holds;

	pthread_mutex_lock(&timing->lock);
	holds = timing->held;
	pthread_mutex_unlock(&timing->lock);
	return holds;
}

/* Whether memory that the core has written is the host's again when a command is answered. */
static bool gives_back(const struct tsr_hw_admin *command)
{
	switch (command->op) {
	case TSR_HW_ADMIN_QUEUE_CREATE:	/* if it is refused */
	case TSR_HW_ADMIN_QUEUE_DESTROY:
	case TSR_HW_ADMIN_TRACE:
		return !command->mbz;	/* else it is a job, with these flags and a program */
	}
	return false;
}

void timing_read(struct timing *timing, const void *descriptor)
{
	struct tsr_hw_admin command;

	memcpy(&command, descriptor, sizeof(command));
	pthread_mutex_lock(&timing->lock);
	timing->gives_back = gives_back(&command);
	if (timing->gives_back)
		timing->writes = 0;
	pthread_mutex_unlock(&timing->lock);
}

void timing_wrote(struct timing *timing, const struct timing_write *write)
{
	pthread_mutex_lock(&timing->lock);
	if (!timing->gives_back)
		timing->last[timing->writes++ % LAST_WRITES] = *write;
	pthread_mutex_unlock(&timing->lock);
}

bool timing_last(struct timing *timing, unsigned int i, struct timing_write *write)
{
	unsigned int first;
	bool found;

	pthread_mutex_lock(&timing->lock);
	first = timing->writes > LAST_WRITES ? timing->writes - LAST_WRITES : 0;
	found = i < timing->writes - first;
	if (found)
		*write = timing->last[(first + i) % LAST_WRITES];
	pthread_mutex_unlock(&timing->lock);
	return found;
}

void timing_drop_interrupts(struct timing *timing)
{
	pthread_mutex_lock(&timing->lock);
	timing->held = 0;
	pthread_mutex_unlock(&timing->lock);
}

void timing_drop_writes(struct timing *timing)
{
	pthread_mutex_lock(&timing->lock);
	timing->writes = 0;
	pthread_mutex_unlock(&timing->lock);
}
