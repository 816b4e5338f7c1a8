/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Nodes of one job in lists, first in, first out: ready ones by where they may run or
 * what the core has to do, and those that have ended and whose successors are still to be
 * told. A node of a group waits in the group's list, so it never stands in front of one
 * that could start. A node is in one list at most.
 */
#ifndef READY_H
#define READY_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/core.h>
#include <tsr_hw/program.h>

struct job;
struct tsr_hw_node;

#define READY_ANY_TENSOR 0u
#define READY_ANY_DMA 1u
#define READY_ENDED 2u
#define READY_PARAMETER 3u

/* LOOP nodes, by the level of their scope. */
#define READY_LOOP 4u

#define READY_LISTS (READY_LOOP + TSR_HW_MAX_LOOP_DEPTH + 1u)

/* No node has this number. */
#define READY_NONE 0xffffu

struct ready_list {
	uint16_t first;
	uint16_t last;
};

/*
 * @groups: bit per group whose list, which is with the job's tables, is not empty; @next_group: one
 * of them that may be bound once the job holds none, or 0.
 */
struct ready {
	uint32_t groups[TSR_HW_MAX_GROUPS / 32u];
	uint32_t next_group;
	struct ready_list list[READY_LISTS];
};

void ready_clear(struct job *job);

/* The node, whose entry is @entry, waits for nothing. */
void ready_add(struct job *job, uint32_t node, const struct tsr_hw_node *entry);

/* Whether a node of no group waits for an engine of a kind. */
bool ready_waits(const struct job *job, uint32_t engine);

/* A group was released: find the next one to bind. */
void ready_find_group(struct job *job);

/* Whether a group is to be bound before any of its nodes can start. */
bool ready_to_bind(const struct job *job);

/*
 * Whether nothing of the job runs, and no node can start: it waits for itself, if the
 * core has no work for it.
 */
bool ready_stuck(const struct job *job);

/* Whether some ready node may run on this instance, or a group be bound to it. */
bool ready_for(const struct job *job, uint32_t instance);

/* Take the node that waited longest for it; there must be one, and no group to bind. */
uint32_t ready_take(struct job *job, uint32_t instance);

/* The node has ended. */
void ready_end(struct job *job, uint32_t node);

/* Whether a list is empty. */
bool ready_empty(const struct job *job, uint32_t list);

/* The first node of a list, or READY_NONE; and take it out, when there is one. */
uint32_t ready_first(const struct job *job, uint32_t list);
void ready_drop(struct job *job, uint32_t list);

#endif
