/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Node and successor table of a job's program: copies of the parts that are in use. A small
 * program is copied once. A part of a large one makes way for others, and is copied again
 * when it is needed: who reads a table bounds what it finds each time.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/program.h>

#include "job.h"

/* Nothing is there. */
void table_clear(struct job *job);

/* Copy a part of the node or of the successor table; false with the reason. */
bool table_fetch_nodes(struct job *job, uint32_t part, struct job_error *error);
bool table_fetch_edges(struct job *job, uint32_t part, struct job_error *error);

/*
 * Node @number, which must be one, until the next call for another; NULL with the reason if
 * it cannot be fetched.
 */
static inline const struct tsr_hw_node *table_node(struct job *job, uint32_t number,
						   struct job_error *error)
{
	struct table_parts *parts = &job->tables->parts;
	struct table_copies *copies = &job->tables->copies;
	uint32_t part = number / TABLE_NODES;

	if (parts->node[part % TABLE_NODE_PARTS] != part &&
	    !table_fetch_nodes(job, part, error))
		return NULL;
	return &copies->node[number % (TABLE_NODE_PARTS * TABLE_NODES)];
}

/*
 * The successor with this index, which must be one, and behind it those to the end of its
 * part; NULL with the reason if it cannot be fetched.
 */
static inline const uint16_t *table_edge(struct job *job, uint32_t index, struct job_error *error)
{
	struct table_parts *parts = &job->tables->parts;
	struct table_copies *copies = &job->tables->copies;
	uint32_t part = index / TABLE_EDGES;

	if (parts->edge[part % TABLE_EDGE_PARTS] != part &&
	    !table_fetch_edges(job, part, error))
		return NULL;
	return &copies->edge[index % (TABLE_EDGE_PARTS * TABLE_EDGES)];
}

#endif
