/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Nodes of one job in lists, first in, first out: ready ones by where they may run or
 * what the core has to do, and those that have ended and whose successors are still to be
 * told. A node pinned to one
 * tile waits in that tile's list, so it never stands in front of one that could start. A
 * node is in one list at most.
 */
#ifndef READY_H
#define READY_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/core.h>
#include <tsr_hw/program.h>

struct job;
struct tsr_hw_node;

#define READY_LISTS (TSR_HW_ENGINE_MAX + 4u + TSR_HW_MAX_LOOP_DEPTH + 1u)

/* One list per instance, then these. */
#define READY_ANY_TENSOR TSR_HW_ENGINE_MAX
#define READY_ANY_DMA (TSR_HW_ENGINE_MAX + 1u)
#define READY_ENDED (TSR_HW_ENGINE_MAX + 2u)
#define READY_PARAMETER (TSR_HW_ENGINE_MAX + 3u)

/* LOOP nodes, by the level of their scope. */
#define READY_LOOP (TSR_HW_ENGINE_MAX + 4u)

/* No node has this number. */
#define READY_NONE 0xffffu

struct ready_list {
	uint16_t first;
	uint16_t last;
};

/* @pinned: bit per instance list that is not empty. */
struct ready {
	uint32_t pinned;
	struct ready_list list[READY_LISTS];
};

void ready_clear(struct job *job);

/* The node, whose entry is @entry, waits for nothing. */
void ready_add(struct job *job, uint32_t node, const struct tsr_hw_node *entry);

/* Whether some ready node may run on this instance. */
bool ready_for(const struct job *job, uint32_t instance);

/* Take the node that waited longest for it; there must be one. */
uint32_t ready_take(struct job *job, uint32_t instance);

/* The node has ended. */
void ready_end(struct job *job, uint32_t node);

/* The first node of a list, or READY_NONE; and take it out, when there is one. */
uint32_t ready_first(const struct job *job, uint32_t list);
void ready_drop(struct job *job, uint32_t list);

#endif
