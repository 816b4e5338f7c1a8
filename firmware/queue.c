// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "queue.h"

#include <stddef.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/program.h>
#include <tsr_hw/queue.h>
#include <tsr_hw/registers.h>

#include "complete.h"
#include "doorbell.h"
#include "engine.h"
#include "job.h"
#include "ring.h"
#include "schedule.h"
#include "share.h"
#include "trace.h"

static struct queue queues[QUEUE_COUNT];

struct queue *queue_at(uint32_t number)
{
	return &queues[number];
}

bool queue_pending(const struct queue *queue)
{
	uint32_t begun = queue->completed + (queue->job != NULL ? 1u : 0u);

	return queue->tail != begun;
}

/*
 * End the oldest job without ever starting it. It is the caller's to know that there
 * is one; the host drops a completion it has no job for.
 */
static void fail_oldest(struct queue *queue, uint32_t error)
{
	struct tsr_hw_completion completion = {
		.seq = queue->completed + 1u,
		.error = error,
		.node = TSR_HW_NODE_NONE,
	};

	complete_slot(queue->done, &completion);
	queue->completed = completion.seq;
	complete_publish(queue->done, queue->number, completion.seq, TSR_HW_EVENT_FAULT);
}

/* At most TSR_HW_RING_ENTRIES jobs: the tail was checked when it was read. */
static void cancel_pending(struct queue *queue)
{
	struct tsr_hw_completion completion = {
		.error = TSR_HW_ERR_CANCELED,
		.node = TSR_HW_NODE_NONE,
	};

	if (queue->completed == queue->tail)
		return;
	while (queue->completed != queue->tail) {
		queue->completed++;
		completion.seq = queue->completed;
		complete_slot(queue->done, &completion);
	}
	complete_publish(queue->done, queue->number, queue->completed, TSR_HW_EVENT_JOB);
}

static void enter_failed(struct queue *queue, uint32_t seq, uint32_t error)
{
	schedule_forget(queue);
	queue->state = QUEUE_FAILED;
	trace_add(TSR_HW_TRACE_QUEUE_FAIL, queue->number, seq, error);
}

/* End the running or else the oldest pending job with @error, and cancel the rest. */
static void fail(struct queue *queue, uint32_t error)
{
	if (queue->job != NULL) {
		job_stop(queue->job, error);
		return;
	}
	enter_failed(queue, queue->completed + 1u, error);
	if (queue_pending(queue))
		fail_oldest(queue, error);
	cancel_pending(queue);
}

/* A tail that claims more jobs than the ring holds says nothing about which are real. */
static void bad_tail(struct queue *queue, uint32_t tail)
{
	trace_add(TSR_HW_TRACE_BAD_TAIL, queue->number, tail, queue->completed);
	if (queue->state != QUEUE_ACTIVE)
		return;
	/* A job has to end with the error: the next one when none is known. */
	if (queue->tail == queue->completed)
		queue->tail++;
	fail(queue, TSR_HW_ERR_DESCRIPTOR);
}

static bool update_tail(struct queue *queue)
{
	uint32_t tail;

	if (ring_read_tail(queue->ring, &tail) != TSR_HW_ERR_NONE)
		return false;
	/* It never moves back either: not below what is known to be submitted. */
	if (tail - queue->completed > TSR_HW_RING_ENTRIES ||
	    tail - queue->completed < queue->tail - queue->completed) {
		bad_tail(queue, tail);
		return false;
	}
	queue->tail = tail;
	return true;
}

void queue_ring(struct queue *queue)
{
	if (!update_tail(queue))
		return;
	if (queue->state == QUEUE_FAILED)
		cancel_pending(queue);
	else if (queue->job == NULL && queue_pending(queue))
		schedule_wait(queue);
}

void queue_job_done(struct queue *queue)
{
	queue->completed++;
	queue->job = NULL;
	complete_publish(queue->done, queue->number, queue->completed, TSR_HW_EVENT_JOB);
	if (queue_pending(queue))
		schedule_wait(queue);
}

void queue_job_failed(struct queue *queue, uint32_t error)
{
	queue->completed++;
	queue->job = NULL;
	enter_failed(queue, queue->completed, error);
	complete_publish(queue->done, queue->number, queue->completed, TSR_HW_EVENT_FAULT);
	cancel_pending(queue);
}

static bool page_valid(uint64_t address)
{
	return address != 0u && (address & ~TSR_HW_PTE_ADDR) == 0u;
}

static bool create_valid(const struct tsr_hw_admin *command)
{
	return command->create.mbz == 0u && command->create.save == 0u &&
	       command->create.asid != 0u && command->create.asid < TSR_HW_ASID_COUNT &&
	       command->create.index < DOORBELL_INDICES &&
	       command->create.priority < TSR_HW_PRIORITY_COUNT && command->create.weight != 0u &&
	       page_valid(command->create.ring) && page_valid(command->create.done);
}

static bool number_valid(uint32_t number)
{
	return number != 0u && number < QUEUE_COUNT;
}

static void fill(struct queue *queue, const struct tsr_hw_admin *command)
{
	*queue = (struct queue){
		.ring = command->create.ring,
		.done = command->create.done,
		.budget = command->create.budget,
		.state = QUEUE_ACTIVE,
		.number = command->queue,
		.asid = command->create.asid,
		.index = command->create.index,
		.priority = command->create.priority,
	};
}

uint32_t queue_create(const struct tsr_hw_admin *command)
{
	uint32_t tail;

	if (!number_valid(command->queue) || !create_valid(command))
		return TSR_HW_ERR_INVALID;
	if (queues[command->queue].state != QUEUE_FREE)
		return TSR_HW_ERR_BUSY;
	if (ring_read_tail(command->create.ring, &tail) != TSR_HW_ERR_NONE ||
	    complete_reset(command->create.done) != TSR_HW_ERR_NONE)
		return TSR_HW_ERR_FAULT_BUS;
	if (!doorbell_bind(command->create.asid, command->create.index, command->queue))
		return TSR_HW_ERR_BUSY;
	fill(&queues[command->queue], command);
	share_join(&queues[command->queue], command->create.client, command->create.weight);
	trace_add(TSR_HW_TRACE_QUEUE_CREATE, command->queue, (uint32_t)command->create.client,
		  ((uint32_t)command->create.asid << 16) | command->create.index);
	return TSR_HW_ERR_NONE;
}

/* A queue that has failed keeps its first error. */
static void kill(struct queue *queue)
{
	(void)update_tail(queue);
	if (queue->state == QUEUE_FAILED)
		cancel_pending(queue);
	else
		fail(queue, TSR_HW_ERR_KILLED);
}

uint32_t queue_kill(uint32_t number)
{
	if (!number_valid(number) || queues[number].state == QUEUE_FREE)
		return TSR_HW_ERR_INVALID;
	trace_add(TSR_HW_TRACE_QUEUE_KILL, number, 0, 0);
	kill(&queues[number]);
	return TSR_HW_ERR_NONE;
}

uint32_t queue_status(uint32_t number, struct tsr_hw_completion *answer)
{
	uint32_t instance = TSR_HW_ENGINE_MAX;
	uint32_t node = TSR_HW_NODE_NONE;

	if (!number_valid(number) || queues[number].state == QUEUE_FREE)
		return TSR_HW_ERR_INVALID;
	if (queues[number].job != NULL)
		instance = engine_running(queues[number].job, &node);
	answer->blocks = queues[number].completed;
	answer->node = node;
	answer->engine = instance < TSR_HW_ENGINE_MAX ? instance : 0u;
	return TSR_HW_ERR_NONE;
}

uint32_t queue_destroy(uint32_t number)
{
	struct queue *queue;

	if (!number_valid(number) || queues[number].state == QUEUE_FREE)
		return TSR_HW_ERR_INVALID;
	queue = &queues[number];
	trace_add(TSR_HW_TRACE_QUEUE_DESTROY, number, 0, 0);
	kill(queue);
	schedule_forget(queue);
	share_leave(queue);
	doorbell_unbind(queue->asid, queue->index);
	queue->state = QUEUE_FREE;
	return TSR_HW_ERR_NONE;
}
