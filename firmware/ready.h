/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Ready nodes of one job: first in, first out, by where they may run. A node pinned to
 * one tile waits in that tile's list, so it never stands in front of one that could start.
 */
#ifndef READY_H
#define READY_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/core.h>

struct job;

#define READY_LISTS (TSR_HW_ENGINE_MAX + 2u)

/* One list per instance, then these. */
#define READY_ANY_TENSOR TSR_HW_ENGINE_MAX
#define READY_ANY_DMA (TSR_HW_ENGINE_MAX + 1u)

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
void ready_add(struct job *job, uint32_t node);

/* Whether some ready node may run on this instance. */
bool ready_for(const struct job *job, uint32_t instance);

/* Take the node that waited longest for it; there must be one. */
uint32_t ready_take(struct job *job, uint32_t instance);

#endif
