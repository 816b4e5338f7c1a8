/* SPDX-License-Identifier: MIT */
/* Which nodes are the bodies of which loops. */
#ifndef OBJDUMP_SCOPE_H
#define OBJDUMP_SCOPE_H

#include <stdint.h>

#include "layout.h"

/** SCOPE_PROGRAM: a node is in no body */
#define SCOPE_PROGRAM UINT16_MAX

/**
 * struct scopes - the innermost loop around each node
 * @loop: number of the LOOP node, or SCOPE_PROGRAM
 * @end: number of the first node behind its body
 * @depth: loops around the node
 */
struct scopes {
	uint16_t loop[TSR_HW_MAX_NODES];
	uint16_t end[TSR_HW_MAX_NODES];
	uint8_t depth[TSR_HW_MAX_NODES];
};

/** scopes_make() - bodies that do not fit end with what is around them */
void scopes_make(const struct layout *layout, struct scopes *scopes);

#endif
