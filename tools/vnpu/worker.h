/* SPDX-License-Identifier: MIT */
/* The host thread that computes one engine's nodes. It starts with the first of them. */
#ifndef VNPU_WORKER_H
#define VNPU_WORKER_H

struct job;
struct worker;

/**
 * worker_create() - a worker without a thread yet
 * @done: called on the worker's thread after each job
 * @ctx: its argument
 *
 * Return: the worker or NULL without memory.
 */
struct worker *worker_create(void (*done)(void *ctx), void *ctx);

/** worker_destroy() - wait for the job at work, forget the others; NULL is allowed */
void worker_destroy(struct worker *worker);

/**
 * worker_submit() - compute a job after those before it
 * @worker: the worker
 * @job: takes a reference of its own
 *
 * Jobs that were closed while they waited are dropped.
 *
 * Return: 0 or the negative errno of thread creation.
 */
int worker_submit(struct worker *worker, struct job *job);

#endif
