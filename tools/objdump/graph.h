/* SPDX-License-Identifier: MIT */
/* Which nodes follow which. */
#ifndef OBJDUMP_GRAPH_H
#define OBJDUMP_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"

/** graph_successors_inside() - do the successors of a node lie in the table? */
bool graph_successors_inside(const struct layout *layout, const struct tsr_hw_node *node);

/**
 * struct graph - predecessors of all nodes
 * @first: index of a node's first in @pred, and at the end how many there are
 * @pred: node numbers
 */
struct graph {
	uint32_t first[TSR_HW_MAX_NODES + 1];
	uint16_t pred[TSR_HW_MAX_EDGES];
};

/** graph_make() - false: the successors make no graph, check.c says why; @graph is empty then */
bool graph_make(const struct layout *layout, struct graph *graph);

#endif
