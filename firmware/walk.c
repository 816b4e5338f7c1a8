// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "walk.h"

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
#include "trace.h"

/* What a skipped node takes of its job's budget: about what the core spends on it. */
#define SKIP_CYCLES 512u

void walk_begin(struct job *job)
{
	struct job_tables *tables = job->tables;

	job->done = 0;
	ready_clear(job);
	for (uint32_t i = 0; i < job->node_count; i++) {
		uint16_t count = tables->node[i].pred_count;

		tables->waits_for[i] = count;
		if (count == 0u)
			ready_add(job, i);
	}
}

static void end_run(struct job *job)
{
	job->repetition++;
	if (job->repetition == job->repeat) {
		job_finish(job);
		return;
	}
	slot_advance(job);
	walk_begin(job);
}

static void complete(struct job *job, uint32_t node)
{
	const struct tsr_hw_node *entry = &job->tables->node[node];
	const uint16_t *edge = &job->tables->edge[entry->succ_first];

	for (uint32_t i = 0; i < entry->succ_count; i++) {
		uint16_t *waits_for = &job->tables->waits_for[edge[i]];

		(*waits_for)--;
		if (*waits_for == 0u)
			ready_add(job, edge[i]);
	}
	job->done++;
	if (job->done == job->node_count)
		end_run(job);
}

/* Reads the node's skip word, once. */
static bool skipped(const struct job *job, const struct tsr_hw_node *node,
		    struct job_error *error)
{
	static uint32_t word;
	const struct tsr_hw_slot *slot = &job->tables->slot[node->skip_slot];

	if ((node->flags & TSR_HW_NODE_SKIP) == 0u)
		return false;
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
	complete(job, node);
}

bool walk_dispatch(struct job *job, uint32_t instance)
{
	uint32_t node = ready_take(job, instance);
	struct job_error error = { .error = TSR_HW_ERR_NONE, .node = node };
	bool skip_it = false;

	if (job_budget(job) == 0u)
		error.error = TSR_HW_ERR_BUDGET;
	else
		skip_it = skipped(job, &job->tables->node[node], &error);
	if (error.error != TSR_HW_ERR_NONE) {
		job_fail(job, &error);
		return false;
	}
	if (skip_it) {
		skip(job, node);
		return false;
	}
	engine_start(instance, job, node);
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
	error->error = profile_write(job, node, instance, result);
	if (error->error != TSR_HW_ERR_NONE)
		error->address = copy_fault_address();
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
	if (error->error != TSR_HW_ERR_NONE)
		job_fail(job, error);
	else
		complete(job, node);
}
