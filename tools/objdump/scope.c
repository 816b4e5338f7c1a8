// SPDX-License-Identifier: MIT
#include "scope.h"

static void enter(struct scopes *scopes, uint32_t loop, uint32_t body, uint32_t end)
{
	uint32_t depth = scopes->depth[loop];

	if (body > end - loop - 1)
		body = end - loop - 1;
	for (uint32_t i = loop + 1; i < loop + 1 + body; i++) {
		scopes->loop[i] = (uint16_t)loop;
		scopes->end[i] = (uint16_t)(loop + 1 + body);
		scopes->depth[i] = (uint8_t)(depth + 1);
	}
}

/* Loops deeper than there may be are not entered, so that this ends in time. */
void scopes_make(const struct layout *layout, struct scopes *scopes)
{
	for (uint32_t i = 0; i < layout->node_count; i++) {
		scopes->loop[i] = SCOPE_PROGRAM;
		scopes->end[i] = (uint16_t)layout->node_count;
		scopes->depth[i] = 0;
	}
	for (uint32_t i = 0; i < layout->node_count; i++) {
		const struct tsr_hw_node node = layout_node(layout, i);

		if (node.engine == TSR_HW_ENGINE_LOOP && scopes->depth[i] < TSR_HW_MAX_LOOP_DEPTH)
			enter(scopes, i, node.body_count, scopes->end[i]);
	}
}
