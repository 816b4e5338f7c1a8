// SPDX-License-Identifier: MIT
#include "graph.h"

bool graph_successors_inside(const struct layout *layout, const struct tsr_hw_node *node)
{
	return node->succ_first <= layout->edge_count &&
	       node->succ_count <= layout->edge_count - node->succ_first;
}

/* Counts what arrives at each node, in the place of the node behind it. */
static bool count(const struct layout *layout, struct graph *graph)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < layout->node_count; i++) {
		const struct tsr_hw_node node = layout_node(layout, i);

		sum += node.succ_count;
		if (!graph_successors_inside(layout, &node) || sum > layout->edge_count)
			return false;
		for (uint32_t k = 0; k < node.succ_count; k++) {
			uint16_t next = layout_edge(layout, node.succ_first + k);

			if (next >= layout->node_count)
				return false;
			graph->first[next + 1]++;
		}
	}
	return true;
}

static void fill(const struct layout *layout, struct graph *graph)
{
	uint32_t filled[TSR_HW_MAX_NODES] = { 0 };

	for (uint32_t i = 0; i < layout->node_count; i++) {
		const struct tsr_hw_node node = layout_node(layout, i);

		for (uint32_t k = 0; k < node.succ_count; k++) {
			uint16_t next = layout_edge(layout, node.succ_first + k);

			graph->pred[graph->first[next] + filled[next]++] = (uint16_t)i;
		}
	}
}

bool graph_make(const struct layout *layout, struct graph *graph)
{
	*graph = (struct graph){ 0 };
	if (!count(layout, graph)) {
		*graph = (struct graph){ 0 };
		return false;
	}
	for (uint32_t i = 0; i < layout->node_count; i++)
		graph->first[i + 1] += graph->first[i];
	fill(layout, graph);
	return true;
}
