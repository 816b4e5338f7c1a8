// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "group.h"

#include <stddef.h>

#include <tsr_hw/error.h>
#include <tsr_hw/trace.h>

#include "copy.h"
#include "engine.h"
#include "job.h"
#include "queue.h"
#include "ready.h"
#include "reg.h"
#include "schedule.h"
#include "trace.h"

void group_clear(struct job *job)
{
	for (uint32_t i = 0; i < job->group_count; i++)
		job->tables->group[i].nodes = 0;
}

/* The first node of the next group. */
static void begin(struct job *job, struct group *group, uint32_t number)
{
	struct scope *scope = &job->scope[job->level];

	group->scope = (uint16_t)scope->first;
	group->before = (uint16_t)scope->group;
	scope->group = number;
	job->groups_seen = number;
}

bool group_count(struct job *job, const struct tsr_hw_node *node)
{
	struct group *group;

	if (node->group == 0u)
		return true;
	if (node->engine != TSR_HW_ENGINE_TENSOR || node->group > job->group_count ||
	    node->group > job->groups_seen + 1u)
		return false;
	group = &job->tables->group[node->group - 1u];
	if (node->group > job->groups_seen)
		begin(job, group, node->group);
	group->nodes++;
	return group->scope == job->scope[job->level].first;
}

/* The scope, of those in force, that the group's nodes are in; NULL if the host has changed it. */
static struct scope *scope_of(struct job *job, const struct group *group)
{
	for (uint32_t level = 0; level <= job->level; level++) {
		if (job->scope[level].first == group->scope)
			return &job->scope[level];
	}
	return NULL;
}

bool group_is_next(struct job *job, uint32_t number)
{
	const struct group *group = &job->tables->group[number - 1u];
	const struct scope *scope = scope_of(job, group);

	return scope != NULL && scope->group == group->before;
}

bool group_fits(uint32_t resident, uint32_t ring)
{
	uint32_t all = engine_scratchpad();

	if (ring == 0u)
		ring = all;
	return resident <= all && ring <= all - resident;
}

static uint32_t check(const struct tsr_hw_group *group)
{
	if (group->grid[0] == 0u || group->grid[1] == 0u || group->ring == 0u ||
	    ((group->resident | group->ring) % TSR_HW_SCRATCHPAD_ALIGN) != 0u || group->mbz != 0u)
		return TSR_HW_ERR_PROGRAM;
	if (group->grid[0] != 1u || group->grid[1] != 1u)
		return TSR_HW_ERR_UNSUPPORTED;
	return group_fits(group->resident, group->ring) ? TSR_HW_ERR_NONE : TSR_HW_ERR_RESOURCES;
}

const struct tsr_hw_group *group_fetch(const struct job *job, uint32_t index,
				       struct job_error *error)
{
	static struct tsr_hw_group group;

	if (index >= job->group_count) {
		error->error = TSR_HW_ERR_PROGRAM;
		return NULL;
	}
	error->error = copy_fetch(job->queue->asid, job->groups + index * sizeof(group), &group,
				  sizeof(group));
	if (error->error != TSR_HW_ERR_NONE) {
		error->address = copy_fault_address();
		return NULL;
	}
	error->error = check(&group);
	return error->error == TSR_HW_ERR_NONE ? &group : NULL;
}

bool group_bind(struct job *job, uint32_t instance, struct job_error *error)
{
	uint32_t number = job->ready.next_group;
	const struct tsr_hw_group *group;

	if (job_budget(job) == 0u) {
		error->error = TSR_HW_ERR_BUDGET;
		return false;
	}
	group = group_fetch(job, number - 1u, error);
	if (group == NULL)
		return false;
	job->hold = (struct hold){
		.group = number,
		.instance = instance,
		.resident = group->resident,
		.ring = group->ring,
		.left = job->tables->group[number - 1u].nodes,
	};
	job->ready.next_group = 0;
	trace_add(TSR_HW_TRACE_GROUP_BIND, job->queue->number, number, instance);
	engine_bind(instance, job, group->resident);
	return true;
}

bool group_has(const struct job *job, uint32_t number, uint32_t instance)
{
	return job->hold.group == number && job->hold.instance == instance;
}

bool group_is_of(const struct job *job, uint32_t level)
{
	return job->hold.group != 0u &&
	       job->tables->group[job->hold.group - 1u].scope == job->scope[level].first;
}

/* All nodes of the group have ended: the next one of its scope may come. */
static void end(struct job *job)
{
	uint32_t number = job->hold.group;
	struct scope *scope = scope_of(job, &job->tables->group[number - 1u]);

	if (scope != NULL)
		scope->group = number;
	group_free(job);
	ready_find_group(job);
}

bool group_node_ended(struct job *job, uint32_t number)
{
	if (job->hold.group != number || job->hold.left == 0u)
		return false;
	job->hold.left--;
	if (job->hold.left == 0u)
		end(job);
	return true;
}

uint64_t group_idle_cycles(const struct job *job)
{
	return job->hold.group != 0u && job->hold.idle != 0u ? sys_cycles() - job->hold.idle : 0u;
}

void group_charge(struct job *job, uint32_t instance)
{
	uint64_t cycles;

	if (job->hold.group == 0u || job->hold.instance != instance)
		return;
	cycles = group_idle_cycles(job);
	job->record.charged += cycles;
	schedule_charge(job->queue, cycles);
	job->hold.idle = 0;
}

void group_idle(struct job *job, uint32_t instance)
{
	if (job->hold.group != 0u && job->hold.instance == instance)
		job->hold.idle = sys_cycles();
}

void group_free(struct job *job)
{
	if (job->hold.group == 0u)
		return;
	group_charge(job, job->hold.instance);
	trace_add(TSR_HW_TRACE_GROUP_FREE, job->queue->number, job->hold.group,
		  job->hold.instance);
	engine_free(job->hold.instance);
	job->hold.group = 0;
}
