/* SPDX-License-Identifier: MIT */
/*
 * Tiles that a group holds together, and the nodes in their queues: starts, barriers, ends, and
 * loads that are one flow for several tiles (docs/hardware-2.md, "Gangs").
 */
#ifndef VNPU_TIME_GANG_H
#define VNPU_TIME_GANG_H

#include "tile.h"

#define GANG_BARRIER_CYCLES	40

/**
 * struct gang - the tiles of a group
 * @tiles: the first one of them, side by side
 * @first: its number in the device
 * @count: how many
 * @ring: bytes of the ring of each
 * @head: the node that runs
 * @tail: the last one of its queue
 */
struct gang {
	struct tile *tiles;
	unsigned int first;
	unsigned int count;
	uint64_t ring;
	struct node *head;
	struct node *tail;
};

/**
 * struct stream - commands of a tile
 * @commands: they stay where they are until the node has ended
 * @count: at least one
 * @steps: NULL, or of each command how many steps have ended, counted up; as long as @commands
 */
struct stream {
	const struct command *commands;
	unsigned int count;
	uint64_t *steps;
};

/**
 * node_create() - the streams of a node, checked
 * @gang: where it will run
 * @streams: of each tile
 * @class: class
 * @walks: for counting
 * @out: the node
 *
 * Return: 0, -ENOMEM, -EINVAL for the error COMMAND, -EOPNOTSUPP for UNSUPPORTED.
 */
int node_create(const struct gang *gang, const struct stream *streams,
		const struct time_class *class, struct walks *walks, struct node **out);

/** node_destroy() - free a node that no tile has */
void node_destroy(struct node *node);

/** gang_queue() - put a node behind those that the gang has */
void gang_queue(struct gang *gang, struct node *node);

/**
 * gang_run() - starts, barriers, multicasts and ends that come at @now
 * @gang: the gang
 * @now: time
 * @ended: set to a node that has ended and is no longer the gang's, else NULL
 *
 * Return: whether something was done, so that its tiles go on.
 */
bool gang_run(struct gang *gang, uint64_t now, struct node **ended);

/** gang_next() - when its node ends, if that is known; else NEVER */
uint64_t gang_next(const struct gang *gang);

#endif
