// SPDX-License-Identifier: MIT
#include "dma.h"

#include <errno.h>
#include <stdlib.h>

#define SETUP_CYCLES 32

/* A flow counts as a step for so many bytes. */
#define STEP_BYTES (64ull << 14)

static uint64_t resource_of(const struct time_class *class, enum memory memory)
{
	return (uint64_t)1 << (memory == MEMORY_LOCAL || !class->link_mb_s ? RESOURCE_MEMORY :
			       RESOURCE_LINK);
}

static uint64_t size_of(const struct copy *copy)
{
	uint64_t from = copy->fills ? 0 : walk_bytes(&copy->source);
	uint64_t to = walk_bytes(&copy->destination);

	return from > to ? from : to;
}

uint64_t copy_steps(const struct copy *copy)
{
	return divide_up(size_of(copy), STEP_BYTES);
}

static void set_flow(struct transfer *transfer, const struct time_class *class,
		     const struct copy *copy)
{
	uint64_t from = copy->fills ? 0 : resource_of(class, copy->from);
	uint64_t to = resource_of(class, copy->to);
	uint64_t issue = walk_issue(&copy->destination);

	if (!copy->fills)
		issue += walk_issue(&copy->source);
	flow_set(&transfer->flow, size_of(copy), from | to, issue, class->port_bytes);
	if (from == to)
		transfer->flow.weight = 2;
}

static void add_bytes(struct amounts *amounts, uint64_t resource, uint64_t bytes)
{
	if (resource == (uint64_t)1 << RESOURCE_MEMORY)
		amounts->memory += bytes;
	else
		amounts->link += bytes;
}

int dma_queue(struct dma *dma, const struct time_class *class, const struct copy *copy,
	      void *cookie)
{
	struct transfer *transfer = calloc(1, sizeof(*transfer));

	if (!transfer)
		return -ENOMEM;
	set_flow(transfer, class, copy);
	if (!copy->fills)
		add_bytes(&transfer->amounts, resource_of(class, copy->from),
			  walk_bytes(&copy->source));
	add_bytes(&transfer->amounts, resource_of(class, copy->to),
		  walk_bytes(&copy->destination));
	transfer->amounts.written = walk_bytes(&copy->destination);
	transfer->amounts.steps = copy_steps(copy);
	transfer->begin = NEVER;
	transfer->cookie = cookie;
	if (dma->tail)
		dma->tail->next = transfer;
	else
		dma->head = transfer;
	dma->tail = transfer;
	return 0;
}

static struct transfer *take_head(struct dma *dma)
{
	struct transfer *transfer = dma->head;

	dma->head = transfer->next;
	if (!dma->head)
		dma->tail = NULL;
	return transfer;
}

bool dma_run(struct dma *dma, struct network *network, uint64_t now, struct transfer **ended)
{
	struct transfer *transfer = dma->head;

	*ended = NULL;
	if (!transfer)
		return false;
	if (transfer->begin == NEVER) {
		transfer->begin = now + SETUP_CYCLES;
		return true;
	}
	if (!transfer->begun && transfer->begin <= now) {
		network_begin(network, &transfer->flow);
		transfer->begun = true;
		return true;
	}
	if (!transfer->begun || transfer->flow.moving)
		return false;
	*ended = take_head(dma);
	return true;
}

void dma_drop(struct dma *dma, struct network *network)
{
	while (dma->head) {
		struct transfer *transfer = take_head(dma);

		if (transfer->flow.moving)
			network_remove(network, &transfer->flow);
		free(transfer);
	}
}

uint64_t dma_next(const struct dma *dma)
{
	return dma->head && !dma->head->begun ? dma->head->begin : NEVER;
}
