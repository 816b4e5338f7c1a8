// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "loop.h"

#include <stddef.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>

#include "copy.h"
#include "queue.h"

#define COUNT_LIMIT 0x7fffffffu

static uint32_t check_step(const struct job *job, const struct tsr_hw_loop_step *step)
{
	if (step->mbz != 0u || (step->amount == 0u && step->parameter != 0u) ||
	    step->parameter >= TSR_HW_MAX_PARAMETERS)
		return TSR_HW_ERR_PROGRAM;
	return step->amount == 0u || step->parameter < job->parameter_count ?
		       TSR_HW_ERR_NONE : TSR_HW_ERR_PARAMETER;
}

/* A count that is above the limit names a parameter. */
static uint32_t check_count(const struct job *job, uint32_t count)
{
	uint32_t name = count - TSR_HW_PARAMETER_32;

	if (count <= COUNT_LIMIT)
		return TSR_HW_ERR_NONE;
	if (name >= TSR_HW_MAX_PARAMETERS)
		return TSR_HW_ERR_PROGRAM;
	return name < job->parameter_count ? TSR_HW_ERR_NONE : TSR_HW_ERR_PARAMETER;
}

static uint32_t check(const struct job *job, const struct tsr_hw_loop *loop)
{
	uint32_t error = loop->mbz == 0u ? check_count(job, loop->count) : TSR_HW_ERR_PROGRAM;

	for (uint32_t i = 0; i < TSR_HW_MAX_LOOP_STEPS && error == TSR_HW_ERR_NONE; i++)
		error = check_step(job, &loop->step[i]);
	return error;
}

const struct tsr_hw_loop *loop_fetch(const struct job *job, uint32_t index,
				     struct job_error *error)
{
	static struct tsr_hw_loop loop;

	if (index >= job->loop_count) {
		error->error = TSR_HW_ERR_PROGRAM;
		return NULL;
	}
	error->error = copy_fetch(job->queue->asid, job->loops + index * sizeof(loop), &loop,
				  sizeof(loop));
	if (error->error != TSR_HW_ERR_NONE) {
		error->address = copy_fault_address();
		return NULL;
	}
	error->error = check(job, &loop);
	return error->error == TSR_HW_ERR_NONE ? &loop : NULL;
}

static bool read_count(const struct job *job, uint32_t count, uint32_t *turns,
		       struct job_error *error)
{
	uint64_t value = count;

	if (count > COUNT_LIMIT)
		value = job->tables->parameter[count - TSR_HW_PARAMETER_32];
	*turns = (uint32_t)value;
	if (value <= COUNT_LIMIT)
		return true;
	error->error = TSR_HW_ERR_PARAMETER;
	return false;
}

/* The body lies in the scope of the loop: so it was checked, but may have changed. */
static bool body_fits(const struct job *job, uint32_t node, uint32_t size)
{
	const struct scope *scope = &job->scope[job->level];
	uint32_t behind = scope->first + scope->size - node - 1u;

	return job->level < TSR_HW_MAX_LOOP_DEPTH && node - scope->first < scope->size &&
	       size != 0u && size <= behind;
}

bool loop_enter(struct job *job, uint32_t node, const struct tsr_hw_node *entry,
		struct job_error *error)
{
	const struct tsr_hw_loop *loop = NULL;
	struct scope *scope;
	uint32_t turns;

	if (!body_fits(job, node, entry->body_count))
		error->error = TSR_HW_ERR_PROGRAM;
	else
		loop = loop_fetch(job, entry->index, error);
	if (loop == NULL || !read_count(job, loop->count, &turns, error))
		return false;
	if (turns == 0u)
		return true;
	job->level++;
	loop_place(job, job->level, node + 1u, entry->body_count);
	scope = &job->scope[job->level];
	scope->turns = turns;
	for (uint32_t i = 0; i < TSR_HW_MAX_LOOP_STEPS; i++)
		scope->step[i] = loop->step[i];
	return true;
}

bool loop_next_turn(struct job *job, uint32_t level)
{
	struct scope *scope = &job->scope[level];

	for (uint32_t i = 0; i < TSR_HW_MAX_LOOP_STEPS; i++) {
		if (scope->step[i].amount != 0u)
			job->tables->parameter[scope->step[i].parameter] += scope->step[i].amount;
	}
	scope->done = 0;
	scope->group = 0;
	scope->found = scope->first;
	scope->turns--;
	if (scope->turns == 0u)
		job->level = level - 1u;
	return scope->turns != 0u;
}
