// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "ready.h"

#include "engine.h"
#include "group.h"
#include "job.h"
#include "loop.h"

void ready_clear(struct job *job)
{
	for (uint32_t i = 0; i < TSR_HW_MAX_GROUPS / 32u; i++)
		job->ready.groups[i] = 0;
	job->ready.next_group = 0;
	for (uint32_t i = 0; i < READY_LISTS; i++)
		job->ready.list[i].first = READY_NONE;
}

/* Where a node waits for an engine, which is of no group. */
static uint32_t engine_list(uint32_t engine)
{
	return engine == TSR_HW_ENGINE_TENSOR ? READY_ANY_TENSOR : READY_ANY_DMA;
}

static struct ready_list *list_of(struct job *job, uint32_t node, const struct tsr_hw_node *entry)
{
	if (entry->engine == TSR_HW_ENGINE_PARAMETER)
		return &job->ready.list[READY_PARAMETER];
	if (entry->engine == TSR_HW_ENGINE_LOOP)
		return &job->ready.list[READY_LOOP + loop_level(job, node)];
	return &job->ready.list[engine_list(entry->engine)];
}

static void append(struct job *job, struct ready_list *list, uint32_t node)
{
	job->tables->next[node] = READY_NONE;
	if (list->first == READY_NONE)
		list->first = (uint16_t)node;
	else
		job->tables->next[list->last] = (uint16_t)node;
	list->last = (uint16_t)node;
}

static uint32_t take(struct job *job, struct ready_list *list)
{
	uint32_t node = list->first;

	list->first = job->tables->next[node];
	return node;
}

static bool group_waits(const struct job *job, uint32_t number)
{
	uint32_t index = number - 1u;

	return (job->ready.groups[index / 32u] & (1u << index % 32u)) != 0u;
}

static void add_to_group(struct job *job, uint32_t node, uint32_t number)
{
	struct ready_list *list = &job->tables->group[number - 1u].ready;

	if (!group_waits(job, number))
		list->first = READY_NONE;
	append(job, list, node);
	job->ready.groups[(number - 1u) / 32u] |= 1u << (number - 1u) % 32u;
	if (job->hold.group == 0u && job->ready.next_group == 0u && group_is_next(job, number))
		job->ready.next_group = number;
}

static uint32_t take_of_group(struct job *job, uint32_t number)
{
	struct ready_list *list = &job->tables->group[number - 1u].ready;
	uint32_t node = take(job, list);

	if (list->first == READY_NONE)
		job->ready.groups[(number - 1u) / 32u] &= ~(1u << (number - 1u) % 32u);
	return node;
}

void ready_add(struct job *job, uint32_t node, const struct tsr_hw_node *entry)
{
	if (entry->engine == TSR_HW_ENGINE_TENSOR && entry->group != 0u)
		add_to_group(job, node, entry->group);
	else
		append(job, list_of(job, node, entry), node);
}

bool ready_waits(const struct job *job, uint32_t engine)
{
	return job->ready.list[engine_list(engine)].first != READY_NONE;
}

/* The first of a word of groups that wait that may be bound, or 0. */
static uint32_t find_in(struct job *job, uint32_t first, uint32_t groups)
{
	for (; groups != 0u; groups &= groups - 1u) {
		uint32_t number = first + (uint32_t)__builtin_ctz(groups) + 1u;

		if (group_is_next(job, number))
			return number;
	}
	return 0;
}

void ready_find_group(struct job *job)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < TSR_HW_MAX_GROUPS / 32u && found == 0u; i++)
		found = find_in(job, i * 32u, job->ready.groups[i]);
	job->ready.next_group = found;
}

bool ready_to_bind(const struct job *job)
{
	return job->ready.next_group != 0u && job->hold.group == 0u;
}

bool ready_stuck(const struct job *job)
{
	if (job->running != 0u || job->ready.list[READY_ANY_TENSOR].first != READY_NONE ||
	    job->ready.list[READY_ANY_DMA].first != READY_NONE)
		return false;
	return job->hold.group != 0u ? !group_waits(job, job->hold.group) :
				       job->ready.next_group == 0u;
}

/* Whether a node of the group that the job holds waits, and this is its tile. */
static bool held_for(const struct job *job, uint32_t instance)
{
	return job->hold.group != 0u && group_has(job, job->hold.group, instance) &&
	       group_waits(job, job->hold.group);
}

bool ready_for(const struct job *job, uint32_t instance)
{
	if (engine_kind(instance) != TSR_HW_ENGINE_TENSOR)
		return job->ready.list[READY_ANY_DMA].first != READY_NONE;
	/* The usual answer, at once: this is asked of every idle tile and job. */
	if (job->ready.list[READY_ANY_TENSOR].first == READY_NONE &&
	    (job->ready.next_group | job->hold.group) == 0u)
		return false;
	return engine_open(instance, job) &&
	       (job->ready.list[READY_ANY_TENSOR].first != READY_NONE ||
		held_for(job, instance) || ready_to_bind(job));
}

uint32_t ready_take(struct job *job, uint32_t instance)
{
	if (engine_kind(instance) != TSR_HW_ENGINE_TENSOR)
		return take(job, &job->ready.list[READY_ANY_DMA]);
	if (held_for(job, instance))
		return take_of_group(job, job->hold.group);
	return take(job, &job->ready.list[READY_ANY_TENSOR]);
}

void ready_end(struct job *job, uint32_t node)
{
	append(job, &job->ready.list[READY_ENDED], node);
}

/* READY_NONE alone has the highest bit: no program has so many nodes. */
bool ready_empty(const struct job *job, uint32_t list)
{
	return (int16_t)job->ready.list[list].first < 0;
}

uint32_t ready_first(const struct job *job, uint32_t list)
{
	return job->ready.list[list].first;
}

void ready_drop(struct job *job, uint32_t list)
{
	(void)take(job, &job->ready.list[list]);
}
