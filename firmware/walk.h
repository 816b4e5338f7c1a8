/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Walking a job's graph: every node once per run, after all its predecessors. */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>
#include <stdint.h>

struct engine_result;
struct job;
struct job_error;

/* Begin a run of a checked program: find the nodes that wait for nothing. */
void walk_begin(struct job *job);

/*
 * Go on with nodes that have ended and with finding those that wait for nothing, for a
 * bounded time; job_want_work() if there is more. The job may be over afterwards.
 */
void walk_work(struct job *job);

/**
 * walk_dispatch() - start, or skip, the next node for an idle instance, or bind a group to it
 * @job: a job ready_for() that instance
 * @instance: engine instance
 *
 * The job may be over afterwards. Return: whether the instance is busy now.
 */
bool walk_dispatch(struct job *job, uint32_t instance);

/*
 * An instance has worked for a job: its queue's share of engine time and what is reported go by the
 * time it took, the budget by the time that it takes alone.
 */
void walk_charge(struct job *job, uint32_t instance, uint64_t cycles, uint64_t alone);

/* Enter what a node did into the job's books and its profile; @error says how it went. */
void walk_account(struct job *job, uint32_t node, uint32_t instance,
		  const struct engine_result *result, struct job_error *error);

/* An entered node has ended well. */
void walk_ended(struct job *job, uint32_t instance, uint32_t node);

/*
 * One has that is not the last one of its instance: the one behind it, its only successor, has
 * begun.
 */
void walk_passed(struct job *job, uint32_t instance, uint32_t last);

/* What engines have done for entered nodes since the last time is charged to the job's client. */
void walk_settle(struct job *job);

/* The job was the only one until now: nothing of what it took was another one's. */
void walk_forgive(struct job *job);

/* The node has ended: go on after it, or end the job with @error. */
void walk_retire(struct job *job, uint32_t node, const struct job_error *error);

#endif
