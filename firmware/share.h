/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Shares of the clients inside a class: engine time by weight (deficit round robin, paid
 * afterwards), and who uses how many job contexts. The queues of one client in one class
 * have one account between them: more queues do not make a client's share larger.
 */
#ifndef SHARE_H
#define SHARE_H

#include <stdint.h>

struct job;
struct queue;

/* A queue comes: it joins its client's account, whose weight becomes @weight. */
void share_join(struct queue *queue, uint64_t client, uint32_t weight);

/* A queue goes; it uses no context any more. */
void share_leave(struct queue *queue);

/* The queue used engine time. */
void share_charge(struct queue *queue, uint64_t cycles);

/* The queue's job gets a context, or gives it back. */
void share_take_context(struct queue *queue);
void share_return_context(struct queue *queue);

/* Job contexts that the queues of this one's account use. */
uint32_t share_contexts(const struct queue *queue);

/**
 * share_choose() - choose between jobs of one class
 * @class: TSR_HW_PRIORITY_*
 * @jobs: bit per job context, at least one
 *
 * Return: one whose client has most of its share left; of one client, the next in turn.
 */
struct job *share_choose(uint32_t class, uint32_t jobs);

#endif
