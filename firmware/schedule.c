// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "schedule.h"

#include <stddef.h>

#include <tsr_hw/queue.h>

#include "engine.h"
#include "job.h"
#include "line.h"
#include "queue.h"
#include "ready.h"
#include "share.h"
#include "walk.h"

/* What decisions are about; the floor is kept for each of them. */
enum resource {
	RESOURCE_TENSOR,
	RESOURCE_DMA,
	RESOURCE_CORE,
	RESOURCE_COUNT,
};

/* Passed over so often, a class comes next: one in twenty, both classes at once included. */
#define FLOOR_LIMIT 18u

/* Decisions in one pass; then the main loop looks for events again. */
#define PASS_LIMIT 16u

/* Bit per job context, by class. */
struct candidates {
	uint32_t jobs[TSR_HW_PRIORITY_COUNT];
};

static uint32_t passed_over[RESOURCE_COUNT][TSR_HW_PRIORITY_COUNT];

/* Set when a queue got in line or a context became free. */
static bool look_at_line;

void schedule_wait(struct queue *queue)
{
	line_join(queue);
	look_at_line = true;
}

void schedule_forget(struct queue *queue)
{
	line_leave(queue);
}

void schedule_context_freed(struct queue *queue)
{
	share_return_context(queue);
	look_at_line = true;
}

void schedule_charge(struct queue *queue, uint64_t cycles)
{
	share_charge(queue, cycles);
}

/* Shares are compared between jobs only. */
static void settle(uint32_t jobs)
{
	if ((jobs & (jobs - 1u)) == 0u)
		return;
	for (; jobs != 0u; jobs &= jobs - 1u)
		walk_settle(job_at((uint32_t)__builtin_ctz(jobs)));
}

static bool find_candidates(enum resource resource, uint32_t instance, struct candidates *found)
{
	uint32_t jobs = resource == RESOURCE_CORE ? job_working() : job_walking();
	bool any = false;

	if (jobs == 0u)
		return false;
	*found = (struct candidates){ 0 };
	settle(jobs);
	for (uint32_t i = 0; jobs != 0u; i++) {
		const struct job *job = job_at(i);

		if ((jobs & 1u) != 0u &&
		    (resource == RESOURCE_CORE || ready_for(job, instance))) {
			found->jobs[job->queue->priority] |= 1u << i;
			any = true;
		}
		jobs >>= 1;
	}
	return any;
}

static uint32_t highest_class(const struct candidates *found)
{
	uint32_t class = 0;

	while (class < TSR_HW_PRIORITY_COUNT - 1u && found->jobs[class] == 0u)
		class++;
	return class;
}

static bool floor_reached(enum resource resource, uint32_t class, const struct candidates *found)
{
	return found->jobs[class] != 0u && passed_over[resource][class] >= FLOOR_LIMIT;
}

static uint32_t choose_class(enum resource resource, const struct candidates *found)
{
	uint32_t chosen = highest_class(found);

	for (uint32_t class = TSR_HW_PRIORITY_LOW; class >= TSR_HW_PRIORITY_NORMAL; class--) {
		if (floor_reached(resource, class, found))
			chosen = class;
	}
	for (uint32_t class = TSR_HW_PRIORITY_NORMAL; class <= TSR_HW_PRIORITY_LOW; class++) {
		if (found->jobs[class] != 0u)
			passed_over[resource][class]++;
	}
	passed_over[resource][chosen] = 0;
	return chosen;
}

static struct job *choose(enum resource resource, uint32_t instance)
{
	struct candidates found;
	uint32_t class;

	if (!find_candidates(resource, instance, &found))
		return NULL;
	class = choose_class(resource, &found);
	return share_choose(class, found.jobs[class]);
}

static bool give_core(void)
{
	struct job *job = choose(RESOURCE_CORE, 0);

	if (job == NULL)
		return false;
	job_work(job);
	return true;
}

static enum resource resource_of(uint32_t instance)
{
	return engine_kind(instance) == TSR_HW_ENGINE_TENSOR ? RESOURCE_TENSOR : RESOURCE_DMA;
}

/* A skipped node keeps its engine idle and may have made nodes ready for all of them. */
static bool feed_engines(void)
{
	uint32_t idle = engine_idle();
	uint32_t decisions = 0;

	while (idle != 0u && decisions < PASS_LIMIT) {
		uint32_t instance = (uint32_t)__builtin_ctz(idle);
		struct job *job = choose(resource_of(instance), instance);

		if (job == NULL) {
			idle &= ~(1u << instance);
			continue;
		}
		decisions++;
		if (walk_dispatch(job, instance))
			idle &= ~(1u << instance);
		else
			idle = engine_idle();
	}
	return decisions == PASS_LIMIT;
}

static void grant_contexts(void)
{
	struct queue *queue = line_next();

	look_at_line = false;
	for (uint32_t i = 0; i < JOB_CONTEXTS && queue != NULL; i++) {
		line_leave(queue);
		share_take_context(queue);
		job_begin(queue);
		queue = line_next();
	}
}

bool schedule_pass(void)
{
	bool more;

	if (look_at_line)
		grant_contexts();
	more = give_core();
	if (feed_engines())
		more = true;
	return more || look_at_line;
}
