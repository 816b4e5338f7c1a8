// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "ready.h"

#include "engine.h"
#include "job.h"

#define NOBODY 0xffffu

void ready_clear(struct job *job)
{
	job->ready.pinned = 0;
	for (uint32_t i = 0; i < READY_LISTS; i++)
		job->ready.list[i].first = NOBODY;
}

static uint32_t list_of(const struct job *job, const struct tsr_hw_node *node)
{
	if (node->engine != TSR_HW_ENGINE_TENSOR)
		return READY_ANY_DMA;
	if (node->group == 0u)
		return READY_ANY_TENSOR;
	/* Jobs start counting at different tiles, so that equal groups spread. */
	return engine_tensor(node->group + job->number);
}

void ready_add(struct job *job, uint32_t node)
{
	uint32_t number = list_of(job, &job->tables->node[node]);
	struct ready_list *list = &job->ready.list[number];

	job->tables->next_ready[node] = NOBODY;
	if (list->first == NOBODY)
		list->first = (uint16_t)node;
	else
		job->tables->next_ready[list->last] = (uint16_t)node;
	list->last = (uint16_t)node;
	if (number < TSR_HW_ENGINE_MAX)
		job->ready.pinned |= 1u << number;
}

static uint32_t shared_list(uint32_t instance)
{
	return engine_kind(instance) == TSR_HW_ENGINE_TENSOR ? READY_ANY_TENSOR : READY_ANY_DMA;
}

bool ready_for(const struct job *job, uint32_t instance)
{
	return (job->ready.pinned & (1u << instance)) != 0u ||
	       job->ready.list[shared_list(instance)].first != NOBODY;
}

uint32_t ready_take(struct job *job, uint32_t instance)
{
	bool pinned = (job->ready.pinned & (1u << instance)) != 0u;
	struct ready_list *list = &job->ready.list[pinned ? instance : shared_list(instance)];
	uint32_t node = list->first;

	list->first = job->tables->next_ready[node];
	if (pinned && list->first == NOBODY)
		job->ready.pinned &= ~(1u << instance);
	return node;
}
