// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "line.h"

#include <stddef.h>

#include <tsr_hw/queue.h>

#include "job.h"
#include "queue.h"
#include "share.h"

#define NOBODY 0u

/* Queue numbers; the admin queue never stands in line. */
static struct {
	uint32_t first;
	uint32_t last;
} lines[TSR_HW_PRIORITY_COUNT];

void line_join(struct queue *queue)
{
	uint32_t class = queue->priority;

	if (queue->waiting)
		return;
	queue->waiting = true;
	queue->behind = NOBODY;
	if (lines[class].first == NOBODY)
		lines[class].first = queue->number;
	else
		queue_at(lines[class].last)->behind = queue->number;
	lines[class].last = queue->number;
}

void line_leave(struct queue *queue)
{
	uint32_t class = queue->priority;
	uint32_t before = NOBODY;
	uint32_t at = lines[class].first;

	if (!queue->waiting)
		return;
	for (uint32_t i = 0; i < QUEUE_COUNT && at != queue->number; i++) {
		before = at;
		at = queue_at(at)->behind;
	}
	if (before == NOBODY)
		lines[class].first = queue->behind;
	else
		queue_at(before)->behind = queue->behind;
	if (lines[class].last == queue->number)
		lines[class].last = before;
	queue->waiting = false;
}

/* Contexts free, and how many of each class are in use. */
static uint32_t count_contexts(uint32_t used[TSR_HW_PRIORITY_COUNT])
{
	uint32_t free = 0;

	for (uint32_t class = 0; class < TSR_HW_PRIORITY_COUNT; class++)
		used[class] = 0;
	for (uint32_t i = 0; i < JOB_CONTEXTS; i++) {
		if (job_at(i)->phase == JOB_FREE)
			free++;
		else
			used[job_at(i)->queue->priority]++;
	}
	return free;
}

static uint32_t kept_from(uint32_t class, const uint32_t used[TSR_HW_PRIORITY_COUNT])
{
	uint32_t kept = 0;

	for (uint32_t other = 0; other < TSR_HW_PRIORITY_COUNT; other++) {
		if (other != class && used[other] == 0u)
			kept++;
	}
	return kept;
}

/* Of the class's line, who may have one of the @left contexts, or NULL. */
static struct queue *entitled(uint32_t class, uint32_t left)
{
	struct queue *chosen = NULL;
	uint32_t fewest = left;
	uint32_t at = lines[class].first;

	for (uint32_t i = 0; i < QUEUE_COUNT && at != NOBODY && fewest != 0u; i++) {
		struct queue *queue = queue_at(at);

		if (share_contexts(queue) < fewest) {
			fewest = share_contexts(queue);
			chosen = queue;
		}
		at = queue->behind;
	}
	return chosen;
}

struct queue *line_next(void)
{
	uint32_t used[TSR_HW_PRIORITY_COUNT];
	uint32_t free = count_contexts(used);

	for (uint32_t class = 0; class < TSR_HW_PRIORITY_COUNT; class++) {
		uint32_t kept = kept_from(class, used);
		struct queue *queue = free > kept ? entitled(class, free - kept) : NULL;

		if (queue != NULL)
			return queue;
	}
	return NULL;
}
