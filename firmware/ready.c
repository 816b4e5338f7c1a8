// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "ready.h"

#include "engine.h"
#include "job.h"
#include "loop.h"

void ready_clear(struct job *job)
{
	job->ready.pinned = 0;
	for (uint32_t i = 0; i < READY_LISTS; i++)
		job->ready.list[i].first = READY_NONE;
}

static uint32_t list_of(const struct job *job, uint32_t node, const struct tsr_hw_node *entry)
{
	if (entry->engine == TSR_HW_ENGINE_PARAMETER)
		return READY_PARAMETER;
	if (entry->engine == TSR_HW_ENGINE_LOOP)
		return READY_LOOP + loop_level(job, node);
	if (entry->engine != TSR_HW_ENGINE_TENSOR)
		return READY_ANY_DMA;
	if (entry->group == 0u)
		return READY_ANY_TENSOR;
	/* Jobs start counting at different tiles, so that equal groups spread. */
	return engine_tensor(entry->group + job->number);
}

static void append(struct job *job, uint32_t number, uint32_t node)
{
	struct ready_list *list = &job->ready.list[number];

	job->tables->next[node] = READY_NONE;
	if (list->first == READY_NONE)
		list->first = (uint16_t)node;
	else
		job->tables->next[list->last] = (uint16_t)node;
	list->last = (uint16_t)node;
}

static uint32_t take(struct job *job, uint32_t number)
{
	uint32_t node = job->ready.list[number].first;

	job->ready.list[number].first = job->tables->next[node];
	return node;
}

void ready_add(struct job *job, uint32_t node, const struct tsr_hw_node *entry)
{
	uint32_t number = list_of(job, node, entry);

	append(job, number, node);
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
	       job->ready.list[shared_list(instance)].first != READY_NONE;
}

uint32_t ready_take(struct job *job, uint32_t instance)
{
	bool pinned = (job->ready.pinned & (1u << instance)) != 0u;
	uint32_t node = take(job, pinned ? instance : shared_list(instance));

	if (pinned && job->ready.list[instance].first == READY_NONE)
		job->ready.pinned &= ~(1u << instance);
	return node;
}

void ready_end(struct job *job, uint32_t node)
{
	append(job, READY_ENDED, node);
}

uint32_t ready_first(const struct job *job, uint32_t list)
{
	return job->ready.list[list].first;
}

void ready_drop(struct job *job, uint32_t list)
{
	(void)take(job, list);
}
