// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "table.h"

#include <tsr_hw/error.h>

#include "copy.h"
#include "queue.h"

/* No table has so many parts. */
#define NONE 0xffffu

void table_clear(struct job *job)
{
	struct table_parts *parts = &job->tables->parts;

	for (uint32_t i = 0; i < TABLE_NODE_PARTS; i++)
		parts->node[i] = NONE;
	for (uint32_t i = 0; i < TABLE_EDGE_PARTS; i++)
		parts->edge[i] = NONE;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static bool fetch(const struct job *job, uint64_t address, void *to, uint32_t size,
		  struct job_error *error)
{
	error->error = copy_fetch(job->queue->asid, address, to, size);
	if (error->error == TSR_HW_ERR_NONE)
		return true;
	error->address = copy_fault_address();
	return false;
}

/* A part that was not copied whole is not there. */
bool table_fetch_nodes(struct job *job, uint32_t part, struct job_error *error)
{
	struct table_parts *parts = &job->tables->parts;
	struct table_copies *copies = &job->tables->copies;
	uint32_t place = part % TABLE_NODE_PARTS;
	uint32_t first = part * TABLE_NODES;
	uint32_t count = smaller(job->node_count - first, TABLE_NODES);
	const uint32_t size = sizeof(copies->node[0]);

	parts->node[place] = NONE;
	if (!fetch(job, job->nodes + first * size, &copies->node[place * TABLE_NODES],
		   count * size, error))
		return false;
	parts->node[place] = (uint16_t)part;
	return true;
}

bool table_fetch_edges(struct job *job, uint32_t part, struct job_error *error)
{
	struct table_parts *parts = &job->tables->parts;
	struct table_copies *copies = &job->tables->copies;
	uint32_t place = part % TABLE_EDGE_PARTS;
	uint32_t first = part * TABLE_EDGES;
	uint32_t count = smaller(job->edge_count - first, TABLE_EDGES);
	const uint32_t size = sizeof(copies->edge[0]);

	parts->edge[place] = NONE;
	if (!fetch(job, job->edges + first * size, &copies->edge[place * TABLE_EDGES],
		   count * size, error))
		return false;
	parts->edge[place] = (uint16_t)part;
	return true;
}
