/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Who comes next: for a job context, for the core's time to check and walk
 * programs, and for every idle engine.
 *
 * The higher class goes first, but NORMAL and LOW each get at least one decision in
 * twenty of those they stand in line for. Inside a class clients share engine time by
 * weight. One job context is always left for each class that has none.
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct queue;

/* An active queue with pending jobs and no running one gets in line for a context. */
void schedule_wait(struct queue *queue);

/* The queue leaves the line, if it is in it. */
void schedule_forget(struct queue *queue);

/* The queue used engine time. */
void schedule_charge(struct queue *queue, uint64_t cycles);

/* The queue's job ended. */
void schedule_context_freed(struct queue *queue);

/**
 * schedule_pass() - make a bounded number of decisions and carry them out
 *
 * Return: whether there is more to do without waiting for an event.
 */
bool schedule_pass(void);

#endif
