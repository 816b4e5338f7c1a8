/* SPDX-License-Identifier: MIT */
/*
 * The host threads that compute nodes, shared by all engines. A node has a thread of its
 * own while it is computed, so that each one's progress moves whatever the others cost;
 * threads without a node are kept for the next ones, at most one for each processor. An
 * aborted node keeps its thread until it asks whether it was aborted, never its engine.
 */
#ifndef VNPU_WORKER_H
#define VNPU_WORKER_H

struct job;
struct workers;

/**
 * workers_create() - no threads yet
 * @most: threads at once at most; jobs beyond them wait
 * @done: called on the thread of a job after it
 * @ctx: its argument
 *
 * Return: the workers or NULL without memory.
 */
struct workers *workers_create(unsigned int most, void (*done)(void *ctx), void *ctx);

/** workers_destroy() - wait for the jobs at work, drop the others; NULL is allowed */
void workers_destroy(struct workers *workers);

/**
 * workers_submit() - compute a job
 * @workers: the workers
 * @job: takes a reference of its own
 *
 * Jobs that were closed while they waited are dropped.
 *
 * Return: 0, or the negative errno of thread creation when there is no thread at all.
 */
int workers_submit(struct workers *workers, struct job *job);

/** workers_threads() - threads there are, from any thread */
unsigned int workers_threads(struct workers *workers);

#endif
