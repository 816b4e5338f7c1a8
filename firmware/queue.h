/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Job queues: the table, their states, what is pending. */
#ifndef QUEUE_H
#define QUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct job;
struct tsr_hw_admin;
struct tsr_hw_completion;

/* Number 0 is the admin queue (admin.h). */
#define QUEUE_COUNT 64u

enum queue_state {
	QUEUE_FREE,
	QUEUE_ACTIVE,
	QUEUE_FAILED,	/* a job failed: all later ones are canceled */
};

/**
 * struct queue - one job queue
 * @ring: physical address of its ring
 * @done: physical address of its completion page
 * @budget: engine cycles one job may take, 0 for no limit
 * @completed: last sequence completed
 * @tail: last sequence submitted, as last read and found plausible
 * @state: see above
 * @number: device-wide number
 * @asid: address space of its jobs, never 0
 * @index: doorbell index in that space's page
 * @priority: TSR_HW_PRIORITY_*
 * @job: the job being walked, or NULL
 * @account: of its client in its class; share.c
 * @waiting: in its class's line for a job context; line.c
 * @behind: next queue in that line, 0 for none; line.c
 */
struct queue {
	uint64_t ring;
	uint64_t done;
	uint64_t budget;
	uint32_t completed;
	uint32_t tail;
	enum queue_state state;
	uint32_t number;
	uint32_t asid;
	uint32_t index;
	uint32_t priority;
	struct job *job;
	uint32_t account;
	bool waiting;
	uint32_t behind;
};

/* Any number from 0 to QUEUE_COUNT - 1. */
struct queue *queue_at(uint32_t number);

/* Jobs are submitted that have not begun. */
bool queue_pending(const struct queue *queue);

/* Its doorbell rang: see what is new. */
void queue_ring(struct queue *queue);

/*
 * Admin commands; each returns TSR_HW_ERR_*. Their arguments come from the host's kernel
 * and are checked here.
 */
uint32_t queue_create(const struct tsr_hw_admin *command);
uint32_t queue_destroy(uint32_t number);
uint32_t queue_kill(uint32_t number);

/* Fill in the lowest engine at work for the queue, its node, and the last sequence completed. */
uint32_t queue_status(uint32_t number, struct tsr_hw_completion *answer);

/* The queue's job ended well and is published. */
void queue_job_done(struct queue *queue);

/* The queue's job failed and is published: cancel the later ones. */
void queue_job_failed(struct queue *queue, uint32_t error);

#endif
