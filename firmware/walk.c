// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "walk.h"

#include <stddef.h>

#include <tsr_hw/error.h>
#include <tsr_hw/queue.h>

#include "copy.h"
#include "engine.h"
#include "job.h"
#include "profile.h"
#include "queue.h"
#include "ready.h"
#include "schedule.h"
#include "slot.h"
#include "table.h"
#include "trace.h"

/* Nodes and successors in one go; then the core looks at other jobs. */
#define EVENTS_PER_STEP 64u

/* Nodes that wait for others, and are only looked at, for one of those. */
#define LOOKS_PER_EVENT 8u

/* What a skipped node takes of its job's budget: about what the core spends on it. */
#define SKIP_CYCLES 512u

/* The job is over. */
static bool give_up(struct job *job, uint32_t node, struct job_error *error)
{
	error->node = node;
	job_fail(job, error);
	return false;
}

static bool malformed(struct job *job, uint32_t node, struct job_error *error)
{
	error->error = TSR_HW_ERR_PROGRAM;
	return give_up(job, node, error);
}

/* A node waits for nothing: it may start. */
static bool make_ready(struct job *job, uint32_t node, struct job_error *error)
{
	const struct tsr_hw_node *entry = table_node(job, node, error);

	if (entry == NULL)
		return give_up(job, node, error);
	ready_add(job, node, entry);
	return true;
}

static void begin_run(struct job *job)
{
	job->done = 0;
	job->found = 0;
	job->released = 0;
	ready_clear(job);
}

/* The last node of a run has completed. */
static void end_run(struct job *job)
{
	job->repetition++;
	if (job->repetition == job->repeat) {
		job_finish(job);
		return;
	}
	slot_advance(job);
	begin_run(job);
}

/*
 * One of a node's predecessors has completed. What the edge says was checked, but the host
 * may have changed it since. A node that was not looked at in this run is found in its turn.
 */
static bool release(struct job *job, uint32_t from, uint32_t to, struct job_error *error)
{
	uint16_t *waits_for = &job->tables->waits_for[to];

	if (to <= from || to >= job->node_count || *waits_for == 0u)
		return malformed(job, from, error);
	(*waits_for)--;
	return *waits_for != 0u || to >= job->found || make_ready(job, to, error);
}

/* A node has completed. */
static bool complete(struct job *job)
{
	job->released = 0;
	job->done++;
	if (job->done != job->node_count)
		return true;
	end_run(job);
	return job->phase == JOB_WALKING;
}

/* Tell the successors of a node that has ended, at most *@left of those not yet told. */
static bool tell(struct job *job, uint32_t node, uint32_t *left, struct job_error *error)
{
	const struct tsr_hw_node *entry = table_node(job, node, error);
	uint32_t first, count;

	if (entry == NULL)
		return give_up(job, node, error);
	first = entry->succ_first;
	count = entry->succ_count;
	if (first > job->edge_count || count > job->edge_count - first)
		return malformed(job, node, error);
	for (; job->released < count && *left != 0u; (*left)--) {
		const uint16_t *edge = table_edge(job, first + job->released, error);

		if (edge == NULL)
			return give_up(job, node, error);
		job->released++;
		if (!release(job, node, *edge, error))
			return false;
	}
	job->told = job->released >= count;
	return true;
}

/* Go on with the node that ended first. */
static bool retire_first(struct job *job, uint32_t *left, struct job_error *error)
{
	if (!tell(job, ready_ended(job), left, error))
		return false;
	if (!job->told)
		return true;
	ready_drop_ended(job);
	return complete(job);
}

/* Look for nodes that wait for nothing, behind those that were looked at. */
static bool find_next(struct job *job, uint32_t *left, struct job_error *error)
{
	uint32_t looks = *left * LOOKS_PER_EVENT;

	for (; looks != 0u && *left != 0u && job->found < job->node_count; looks--) {
		uint32_t node = job->found;

		job->found++;
		if (job->tables->waits_for[node] != 0u)
			continue;
		if (!make_ready(job, node, error))
			return false;
		(*left)--;
	}
	if (looks == 0u)
		*left = 0;
	return true;
}

void walk_work(struct job *job)
{
	struct job_error error = { .error = TSR_HW_ERR_NONE };
	uint32_t left = EVENTS_PER_STEP;

	while (left != 0u) {
		if (ready_ended(job) != READY_NONE) {
			left--;
			if (!retire_first(job, &left, &error))
				return;
		} else if (job->found < job->node_count) {
			if (!find_next(job, &left, &error))
				return;
		} else {
			break;
		}
	}
	job_want_work(job, left == 0u);
}

/* A node has ended. Those that ended before it, and are not done with, come first. */
static void retire(struct job *job, uint32_t node)
{
	struct job_error error = { .error = TSR_HW_ERR_NONE };
	uint32_t left = EVENTS_PER_STEP;

	job->told = false;
	if (ready_ended(job) == READY_NONE && !tell(job, node, &left, &error))
		return;
	if (!job->told)
		ready_end(job, node);
	else if (!complete(job))
		return;
	if (!job->told || job->found < job->node_count)
		walk_work(job);
}

void walk_begin(struct job *job)
{
	begin_run(job);
	walk_work(job);
}

/* Reads the node's skip word, once. */
static bool skipped(const struct job *job, const struct tsr_hw_node *node,
		    struct job_error *error)
{
	static uint32_t word;
	const struct tsr_hw_slot *slot;

	if ((node->flags & TSR_HW_NODE_SKIP) == 0u)
		return false;
	/* It was one when the program was checked. */
	if (node->skip_slot >= job->slot_count) {
		error->error = TSR_HW_ERR_SLOT;
		return false;
	}
	slot = &job->tables->slot[node->skip_slot];
	error->error = copy_read(job->queue->asid, slot->address + node->skip_offset, &word,
				 sizeof(word));
	if (error->error != TSR_HW_ERR_NONE)
		error->address = copy_fault_address();
	return error->error == TSR_HW_ERR_NONE && word != 0u;
}

static void skip(struct job *job, uint32_t node)
{
	trace_add(TSR_HW_TRACE_NODE_SKIP, job->queue->number, node, 0);
	job->used += SKIP_CYCLES;
	schedule_charge(job->queue, SKIP_CYCLES);
	retire(job, node);
}

/* What is to become of a ready node; NULL with the reason if it cannot start. */
static const struct tsr_hw_node *look_at(struct job *job, uint32_t node, bool *skip_it,
					 struct job_error *error)
{
	const struct tsr_hw_node *entry = NULL;

	if (job_budget(job) == 0u)
		error->error = TSR_HW_ERR_BUDGET;
	else
		entry = table_node(job, node, error);
	if (entry != NULL)
		*skip_it = skipped(job, entry, error);
	return error->error == TSR_HW_ERR_NONE ? entry : NULL;
}

bool walk_dispatch(struct job *job, uint32_t instance)
{
	uint32_t node = ready_take(job, instance);
	struct job_error error = { .error = TSR_HW_ERR_NONE, .node = node };
	bool skip_it = false;
	const struct tsr_hw_node *entry = look_at(job, node, &skip_it, &error);

	if (entry == NULL) {
		job_fail(job, &error);
		return false;
	}
	job->tables->waits_for[node] = entry->pred_count;
	if (skip_it) {
		skip(job, node);
		return false;
	}
	engine_start(instance, job, node, entry);
	return true;
}

static bool over_budget(const struct job *job)
{
	return job->queue->budget != 0u && job->used > job->queue->budget;
}

static void record(struct job *job, uint32_t node, uint32_t instance,
		   const struct engine_result *result, struct job_error *error)
{
	if ((job->flags & TSR_HW_JOB_PROFILE) == 0u || job->profile_left == 0u)
		return;
	(void)profile_write(job, node, instance, result, error);
}

void walk_charge(struct job *job, uint32_t instance, uint64_t cycles)
{
	if (engine_kind(instance) == TSR_HW_ENGINE_TENSOR)
		job->tile_cycles += cycles;
	else
		job->dma_cycles += cycles;
	job->used += cycles;
	schedule_charge(job->queue, cycles);
}

void walk_account(struct job *job, uint32_t node, uint32_t instance,
		  const struct engine_result *result, struct job_error *error)
{
	*error = (struct job_error){
		.error = result->error, .node = node, .engine = instance,
		.address = result->fault,
	};
	trace_add(TSR_HW_TRACE_NODE_END, job->queue->number, node, result->error);
	job->blocks += result->blocks;
	walk_charge(job, instance, result->end - result->start);
	if (error->error == TSR_HW_ERR_NONE)
		record(job, node, instance, result, error);
	if (error->error == TSR_HW_ERR_NONE && over_budget(job))
		error->error = TSR_HW_ERR_BUDGET;
}

void walk_retire(struct job *job, uint32_t node, const struct job_error *error)
{
	if (error->error != TSR_HW_ERR_NONE) {
		job_fail(job, error);
		return;
	}
	retire(job, node);
}
