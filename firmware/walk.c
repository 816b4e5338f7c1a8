// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "walk.h"

#include <stddef.h>

#include <tsr_hw/error.h>
#include <tsr_hw/queue.h>

#include "complete.h"
#include "engine.h"
#include "group.h"
#include "job.h"
#include "loop.h"
#include "parameter.h"
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

/* What each event takes of its job's budget at least: about what the core spends on it. */
#define EVENT_CYCLES TSR_HW_NODE_LEAST_CYCLES

/* Programs with such nodes change parameters. */
#define OWN_WORK (1u << TSR_HW_ENGINE_PARAMETER | 1u << TSR_HW_ENGINE_LOOP)

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

static bool over_budget(const struct job *job)
{
	return job->queue->budget != 0u && job_used(job) > job->queue->budget;
}

/*
 * Whether a node needs no more of the core than that its engine is told of it: with a profile the
 * core reads results, and what is bound to a group's tile is the core's to say.
 */
static bool may_enter(const struct job *job, const struct tsr_hw_node *entry)
{
	return job->direct && entry->flags == 0u && entry->engine <= TSR_HW_ENGINE_DMA;
}

/* It starts: in the next run it waits for as many as in this one. */
static void wait_again(struct job *job, uint32_t node, const struct tsr_hw_node *entry)
{
	if (job->tables->waits_for[node] != FOLLOWS)
		job->tables->waits_for[node] = entry->pred_count;
}

/*
 * Behind the node that was entered last its only successor is entered ahead, where it is the next
 * one and waits for no other: it begins when that one ends, without the core. Of nodes that wait
 * for an engine none is overtaken by more than those that were entered before it was ready.
 */
static inline bool enter_follower(struct job *job, uint32_t instance, uint32_t node)
{
	const struct tsr_hw_node *entry;
	struct job_error error;

	if (job->tables->waits_for[node] != FOLLOWS || job_only() != job ||
	    engine_wanted(instance, job))
		return false;
	/* One that cannot be fetched is an error when its turn comes. */
	entry = table_node(job, node, &error);
	if (entry == NULL)
		return false;
	engine_enter_behind(instance, node, entry);
	return true;
}

static void enter(struct job *job, uint32_t instance, uint32_t node,
		  const struct tsr_hw_node *entry)
{
	wait_again(job, node, entry);
	engine_enter(instance, job, node, entry);
	if (!job->plain)
		return;
	while (engine_take_place(instance)) {
		node++;
		if (!enter_follower(job, instance, node)) {
			engine_leave_place(instance);
			return;
		}
	}
}

/* No other job wants an engine, and no node of this one waits for it longer. */
static bool enter_at_once(struct job *job, uint32_t node, const struct tsr_hw_node *entry)
{
	uint32_t instance;

	if (job_only() != job || !may_enter(job, entry) ||
	    ready_waits(job, entry->engine))
		return false;
	instance = engine_find_idle(entry->engine);
	if (instance == TSR_HW_ENGINE_MAX)
		return false;
	enter(job, instance, node, entry);
	return true;
}

/* A node waits for nothing: it may start. */
static bool make_ready(struct job *job, uint32_t node, struct job_error *error)
{
	const struct tsr_hw_node *entry = table_node(job, node, error);

	if (entry == NULL)
		return give_up(job, node, error);
	/* Checked, but the host may have changed it since. */
	if (entry->group > job->group_count)
		return malformed(job, node, error);
	if (!enter_at_once(job, node, entry))
		ready_add(job, node, entry);
	return true;
}

static void begin_run(struct job *job)
{
	job->level = 0;
	loop_place(job, 0, 0, job->node_count);
	job->look_end = job->roots_end;
	job->released = 0;
	ready_clear(job);
}

/*
 * The last node of a run has completed. One that still works was started twice, and a group
 * that is held had other nodes: the host has changed the program.
 */
static void end_run(struct job *job)
{
	struct job_error error = { .error = TSR_HW_ERR_PROGRAM, .node = TSR_HW_NODE_NONE };

	if (job->running != 0u || job->hold.group != 0u) {
		job_fail(job, &error);
		return;
	}
	/* Engines look when a node begins, so the last one may have taken too much. */
	if (over_budget(job)) {
		error.error = TSR_HW_ERR_BUDGET;
		job_fail(job, &error);
		return;
	}
	job->repetition++;
	if (job->repetition == job->repeat) {
		job_finish(job);
		return;
	}
	slot_advance(job);
	if ((job->engines & OWN_WORK) != 0u)
		parameter_restore(job);
	begin_run(job);
}

static uint64_t at_least(uint64_t cycles, uint64_t least)
{
	return cycles < least ? least : cycles;
}

/* What the core does itself takes some of the job's budget too, so that it ends. */
static void charge(struct job *job, uint64_t cycles, uint64_t alone)
{
	job->record.charged += at_least(alone, EVENT_CYCLES);
	schedule_charge(job->queue, at_least(cycles, EVENT_CYCLES));
}

/* A node started or skipped, or a turn, without an engine. */
static void count_event(struct job *job)
{
	charge(job, EVENT_CYCLES, EVENT_CYCLES);
	job->blocks++;
	complete_progress(job->queue->done, 1);
}

/* A node that waits for nothing is found when its turn comes. */
static bool to_be_found(struct job *job, uint32_t node)
{
	if (node >= job->look_end)
		job->look_end = node + 1u;
	return true;
}

/* Its only predecessor has completed, behind which it was not entered. That alone finds it. */
static bool release_follower(struct job *job, uint32_t from, uint32_t to,
			     struct job_error *error)
{
	return to == from + 1u ? make_ready(job, to, error) : malformed(job, from, error);
}

/*
 * One of a node's predecessors has completed. What the edge says was checked, but the host
 * may have changed it since. A node that was not looked at in this turn is found in its turn.
 */
static bool release(struct job *job, uint32_t from, uint32_t to, struct job_error *error)
{
	const struct scope *scope = &job->scope[loop_level(job, from)];
	uint16_t *waits_for = &job->tables->waits_for[to];

	if (to <= from || to >= scope->first + scope->size || *waits_for == 0u)
		return malformed(job, from, error);
	/* Other programs may have a node that waits for so many. */
	if (*waits_for == FOLLOWS && job->edge_count < FOLLOWS)
		return release_follower(job, from, to, error);
	(*waits_for)--;
	if (*waits_for != 0u)
		return true;
	return to >= scope->found ? to_be_found(job, to) : make_ready(job, to, error);
}

/* The same in a job without loops, which has one scope: to pass it costs 14 instructions a node. */
static bool release_plain(struct job *job, uint32_t from, uint32_t to, struct job_error *error)
{
	uint16_t *waits_for = &job->tables->waits_for[to];

	if (to <= from || to >= job->node_count || *waits_for == 0u)
		return malformed(job, from, error);
	if (*waits_for == FOLLOWS)
		return release_follower(job, from, to, error);
	(*waits_for)--;
	if (*waits_for != 0u)
		return true;
	return to >= job->scope[0].found ? to_be_found(job, to) : make_ready(job, to, error);
}

/* The last node of a turn has completed; the records of all are written. */
static void end_turn(struct job *job, uint32_t level)
{
	uint32_t loop = job->scope[level].first - 1u;
	struct job_error error = { .error = TSR_HW_ERR_PROGRAM, .node = loop };

	/* All its nodes have ended, so the host has changed which ones are of the group. */
	if (group_is_of(job, level)) {
		job_fail(job, &error);
		return;
	}
	count_event(job);
	if (!loop_next_turn(job, level))
		ready_end(job, loop);
}

/* A node has completed. */
static bool complete(struct job *job, uint32_t node)
{
	uint32_t level = loop_level(job, node);
	struct scope *scope = &job->scope[level];

	job->released = 0;
	scope->done += job->weight;
	if (scope->done < scope->size)
		return true;
	if (level != 0u)
		end_turn(job, level);
	else
		end_run(job);
	return job->phase == JOB_WALKING;
}

/* A node of a group has ended; after the last one, what the job held the tile for is known. */
static bool end_of_group(struct job *job, uint32_t node, uint32_t group, struct job_error *error)
{
	if (!group_node_ended(job, group))
		return malformed(job, node, error);
	if (!over_budget(job))
		return true;
	error->error = TSR_HW_ERR_BUDGET;
	return give_up(job, node, error);
}

/* Tell the successors of a node that has ended, at most *@left of those not yet told. */
static bool tell(struct job *job, uint32_t node, uint32_t *left, struct job_error *error)
{
	const struct tsr_hw_node *entry = table_node(job, node, error);
	uint32_t first, count, group;

	if (entry == NULL)
		return give_up(job, node, error);
	group = entry->group;
	first = entry->succ_first;
	count = entry->succ_count;
	job->weight = entry->body_count + 1u;
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
	return !job->told || group == 0u || end_of_group(job, node, group, error);
}

/* Go on with the node that ended first. */
static bool retire_first(struct job *job, uint32_t *left, struct job_error *error)
{
	uint32_t node = ready_first(job, READY_ENDED);

	if (!tell(job, node, left, error))
		return false;
	if (!job->told)
		return true;
	ready_drop(job, READY_ENDED);
	return complete(job, node);
}

/* How many nodes behind this one are the body of a LOOP, and found when that runs. */
static bool find_body(struct job *job, uint32_t node, uint32_t *size, struct job_error *error)
{
	const struct tsr_hw_node *entry;

	*size = 0;
	if (job->loop_count == 0u)
		return true;
	entry = table_node(job, node, error);
	if (entry == NULL)
		return give_up(job, node, error);
	if (entry->engine == TSR_HW_ENGINE_LOOP)
		*size = entry->body_count;
	return true;
}

/* Look at the next node of a scope: does it wait for nothing? */
static bool find_next(struct job *job, struct scope *scope, uint32_t *left,
		      struct job_error *error)
{
	uint32_t body, node = scope->found, end = scope->first + scope->size;

	if (!find_body(job, node, &body, error))
		return false;
	scope->found = body < end - node ? node + 1u + body : end;
	if (job->tables->waits_for[node] != 0u)
		return true;
	(*left)--;
	return make_ready(job, node, error);
}

/* All nodes from look_end on wait for others, in a program without loops. */
static void pass_by(const struct job *job, struct scope *scope)
{
	if (job->loop_count == 0u && scope->found >= job->look_end)
		scope->found = scope->size;
}

static bool find_some(struct job *job, struct scope *scope, uint32_t *left,
		      struct job_error *error)
{
	uint32_t end = scope->first + scope->size;

	pass_by(job, scope);
	for (uint32_t looks = 0; looks < LOOKS_PER_EVENT && *left != 0u; looks++) {
		if (scope->found >= end)
			return true;
		if (!find_next(job, scope, left, error))
			return false;
	}
	if (*left != 0u)
		(*left)--;
	return true;
}

/* The innermost scope with nodes that were not looked at, or NULL. */
static struct scope *unfound(struct job *job)
{
	for (uint32_t level = job->level + 1u; level-- != 0u;) {
		struct scope *scope = &job->scope[level];

		if (scope->found < scope->first + scope->size)
			return scope;
	}
	return NULL;
}

/* The list of a node that the core can do itself now, or READY_LISTS. */
static uint32_t own_work(const struct job *job)
{
	if (ready_first(job, READY_PARAMETER) != READY_NONE)
		return READY_PARAMETER;
	/* A scope's other loops wait for the one that runs. */
	if (ready_first(job, READY_LOOP + job->level) != READY_NONE)
		return READY_LOOP + job->level;
	return READY_LISTS;
}

/* Reads the node's skip word, once. */
static bool skipped(const struct job *job, const struct tsr_hw_node *node,
		    struct job_error *error)
{
	static uint32_t word;

	if ((node->flags & TSR_HW_NODE_SKIP) == 0u)
		return false;
	return slot_read(job, node->word_slot, node->word_offset, &word, sizeof(word), error) &&
	       word != 0u;
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

/* @ended: it has; a loop that has turns has not. */
static bool do_own(struct job *job, uint32_t node, const struct tsr_hw_node *entry, bool *ended,
		   struct job_error *error)
{
	uint32_t level = job->level;

	*ended = true;
	if (entry->engine == TSR_HW_ENGINE_PARAMETER)
		return parameter_read(job, entry, error);
	if (!loop_enter(job, node, entry, error))
		return false;
	*ended = job->level == level;
	return true;
}

/* Do the first node of a list that the core works through itself. */
static bool do_first(struct job *job, uint32_t list, struct job_error *error)
{
	uint32_t node = ready_first(job, list);
	bool skip_it = false, ended = true;
	const struct tsr_hw_node *entry = look_at(job, node, &skip_it, error);

	if (entry == NULL)
		return give_up(job, node, error);
	ready_drop(job, list);
	wait_again(job, node, entry);
	count_event(job);
	if (skip_it)
		trace_add(TSR_HW_TRACE_NODE_SKIP, job->queue->number, node, 0);
	else if (!do_own(job, node, entry, &ended, error))
		return give_up(job, node, error);
	if (ended)
		ready_end(job, node);
	return true;
}

/* Some of what there is to do; false when the job is over. */
static bool work(struct job *job, uint32_t *left, struct job_error *error)
{
	struct scope *scope;

	if (ready_first(job, READY_ENDED) != READY_NONE) {
		(*left)--;
		return retire_first(job, left, error);
	}
	scope = unfound(job);
	if (scope != NULL)
		return find_some(job, scope, left, error);
	(*left)--;
	return do_first(job, own_work(job), error);
}

static bool has_work(struct job *job)
{
	return ready_first(job, READY_ENDED) != READY_NONE || unfound(job) != NULL ||
	       own_work(job) != READY_LISTS;
}

/*
 * A job of which nothing runs, nothing can start, and which is not over, waits for itself: it holds
 * a group whose nodes wait for those of another, or the host has changed its program.
 */
static void end_if_stuck(struct job *job)
{
	struct job_error error = { .node = TSR_HW_NODE_NONE };

	if (ready_stuck(job))
		(void)malformed(job, TSR_HW_NODE_NONE, &error);
}

void walk_work(struct job *job)
{
	struct job_error error = { .error = TSR_HW_ERR_NONE };
	uint32_t left = EVENTS_PER_STEP;

	while (left != 0u && has_work(job)) {
		if (!work(job, &left, &error))
			return;
	}
	job_want_work(job, left == 0u);
	if (left != 0u)
		end_if_stuck(job);
}

/* A node has ended. Those that ended before it, and are not done with, come first. */
static void retire(struct job *job, uint32_t node)
{
	struct job_error error = { .error = TSR_HW_ERR_NONE };
	uint32_t left = EVENTS_PER_STEP;

	job->told = false;
	if (ready_first(job, READY_ENDED) == READY_NONE && !tell(job, node, &left, &error))
		return;
	if (!job->told)
		ready_end(job, node);
	else if (!complete(job, node))
		return;
	if (has_work(job))
		walk_work(job);
	else
		end_if_stuck(job);
}

/*
 * Whether the node has so few successors that the core tells all of them at once. A node of a job
 * without loops has no body, or the host has changed it.
 */
static bool is_short(const struct tsr_hw_node *entry)
{
	return entry->succ_count <= EVENTS_PER_STEP && entry->body_count == 0u;
}

/* Tell them, of a plain job. */
static bool tell_all(struct job *job, uint32_t node, const struct tsr_hw_node *entry,
		     struct job_error *error)
{
	uint32_t first = entry->succ_first, count = entry->succ_count;

	if (first > job->edge_count || count > job->edge_count - first)
		return malformed(job, node, error);
	for (uint32_t i = 0; i < count; i++) {
		const uint16_t *edge = table_edge(job, first + i, error);

		if (edge == NULL)
			return give_up(job, node, error);
		if (!release_plain(job, node, *edge, error))
			return false;
	}
	return true;
}

/*
 * The engine that has become idle gets the node that waited longest for one, if no other job could
 * have it. What cannot be entered waits for its turn.
 */
static void enter_next(struct job *job, uint32_t instance)
{
	const struct tsr_hw_node *entry;
	struct job_error error;
	uint32_t node;

	if (job_only() != job || !engine_wanted(instance, job) || !engine_is_idle(instance))
		return;
	node = ready_first(job, engine_ready_list(instance));
	entry = table_node(job, node, &error);
	if (entry == NULL || !may_enter(job, entry))
		return;
	ready_drop(job, engine_ready_list(instance));
	enter(job, instance, node, entry);
}

/* What retire() does, for most nodes of most jobs. Return: false if it is none of these. */
static bool retire_plain(struct job *job, uint32_t instance, uint32_t node)
{
	struct job_error error = { .error = TSR_HW_ERR_NONE };
	const struct tsr_hw_node *entry;
	struct scope *scope = &job->scope[0];

	if (!job->plain || ready_first(job, READY_ENDED) != READY_NONE)
		return false;
	entry = table_node(job, node, &error);
	if (entry == NULL || !is_short(entry))
		return false;
	if (!tell_all(job, node, entry, &error))
		return true;
	scope->done++;
	if (scope->done == scope->size)
		end_run(job);
	else
		enter_next(job, instance);
	if (job->running == 0u && job->phase == JOB_WALKING)
		walk_work(job);
	return true;
}

void walk_ended(struct job *job, uint32_t instance, uint32_t node)
{
	if (!retire_plain(job, instance, node))
		retire(job, node);
}

void walk_passed(struct job *job, uint32_t instance, uint32_t last)
{
	job->scope[0].done++;
	/* It has the place of the node that has ended. */
	if (!enter_follower(job, instance, last + 1u))
		engine_leave_place(instance);
}

void walk_settle(struct job *job)
{
	uint64_t worked = job_worked(job);

	if (worked <= job->settled)
		return;
	schedule_charge(job->queue, worked - job->settled);
	job->settled = worked;
}

void walk_forgive(struct job *job)
{
	job->settled = job_worked(job) + engine_worked(job);
}

void walk_begin(struct job *job)
{
	job->direct = (job->flags & TSR_HW_JOB_PROFILE) == 0u && job->group_count == 0u;
	job->plain = job->direct && job->loop_count == 0u && (job->engines & OWN_WORK) == 0u &&
		     job->edge_count < FOLLOWS;
	begin_run(job);
	walk_work(job);
}

static void skip(struct job *job, uint32_t node)
{
	trace_add(TSR_HW_TRACE_NODE_SKIP, job->queue->number, node, 0);
	count_event(job);
	retire(job, node);
}

/* Return: whether the instance is busy now. */
static bool bind(struct job *job, uint32_t instance)
{
	struct job_error error = { .error = TSR_HW_ERR_NONE, .node = TSR_HW_NODE_NONE };

	if (group_bind(job, instance, &error))
		return true;
	job_fail(job, &error);
	return false;
}

/* A group is bound to a tile that another one does not have, before nodes of none run there. */
static bool is_to_bind(const struct job *job, uint32_t instance)
{
	return ready_to_bind(job) && engine_kind(instance) == TSR_HW_ENGINE_TENSOR;
}

static bool dispatch_node(struct job *job, uint32_t instance)
{
	uint32_t node = ready_take(job, instance);
	struct job_error error = { .error = TSR_HW_ERR_NONE, .node = node };
	bool skip_it = false;
	const struct tsr_hw_node *entry = look_at(job, node, &skip_it, &error);

	if (entry == NULL) {
		job_fail(job, &error);
		return false;
	}
	if (!skip_it && may_enter(job, entry)) {
		enter(job, instance, node, entry);
		return true;
	}
	wait_again(job, node, entry);
	/* It was in this group when it became ready, but the host may have changed it. */
	if (entry->group != 0u && !group_has(job, entry->group, instance))
		return malformed(job, node, &error);
	if (skip_it) {
		skip(job, node);
		return false;
	}
	engine_start(instance, job, node, entry);
	return true;
}

bool walk_dispatch(struct job *job, uint32_t instance)
{
	return is_to_bind(job, instance) ? bind(job, instance) : dispatch_node(job, instance);
}

static void record(struct job *job, uint32_t node, uint32_t instance,
		   const struct engine_result *result, struct job_error *error)
{
	/* A binding is no node. */
	if ((job->flags & TSR_HW_JOB_PROFILE) == 0u || job->profile_left == 0u ||
	    node == TSR_HW_NODE_NONE)
		return;
	(void)profile_write(job, node, instance, result, error);
}

void walk_charge(struct job *job, uint32_t instance, uint64_t cycles, uint64_t alone)
{
	if (engine_kind(instance) == TSR_HW_ENGINE_TENSOR)
		job->tile_cycles += cycles;
	else
		job->dma_cycles += cycles;
	charge(job, cycles, alone);
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
	walk_charge(job, instance, result->end - result->start, result->alone);
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
