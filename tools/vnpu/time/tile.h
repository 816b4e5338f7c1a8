/* SPDX-License-Identifier: MIT */
/*
 * A tile: load unit, array, vector unit and store unit, each in the order of the steps
 * (docs/hardware.md, "Steps").
 *
 * A step passes these points, at times that never decrease from one step to the next: made (its
 * loads are requested), loaded, computed (when its array and vector parts will end is known),
 * ended (stored). At most STEPS_IN_FLIGHT are made and not ended. tile_run() does what can be done
 * at a time; what happens later and is known is in tile_next().
 */
#ifndef VNPU_TIME_TILE_H
#define VNPU_TIME_TILE_H

#include <stdbool.h>
#include <stdint.h>

#include "amounts.h"
#include "class.h"
#include "network.h"
#include "step.h"
#include "steps.h"

#define STEPS_IN_FLIGHT	1024

/* The last load of a step ends so many cycles after its first one began, or later. */
#define STEP_MINIMUM	32

/*
 * Requests are made no further ahead than this: a load that waits behind so many steps begins
 * later than a latency after its request, whenever that was.
 */
#define STEPS_AHEAD	64
#define LATENCY_MAX	((STEPS_AHEAD - 1) * STEP_MINIMUM)
#define REQUESTS	2048

_Static_assert(REQUESTS > (STEPS_AHEAD + 1) * (STEP_LOADS_MAX + 1), "requests do not fit");

struct node;

/**
 * struct run - a command on a tile
 * @node: of which it is part
 * @steps: its steps
 * @before: the command before in its stream, NULL for the first one
 * @next: what the tile runs after it, of whatever node
 * @barrier: number of the GANG_BARRIER in front of it, -1: none
 * @start: NEVER: not known yet
 * @end: NEVER: not known yet
 * @decoding: its decoding has been requested
 * @decoded: and has ended
 * @counted: NULL, or the place where its steps are counted as they end
 */
struct run {
	struct node *node;
	struct steps steps;
	struct run *before;
	struct run *next;
	int barrier;
	uint64_t start;
	uint64_t end;
	bool decoding;
	bool decoded;
	uint64_t *counted;
};

/**
 * struct node - a stream on each tile of a gang
 * @next: the node behind it
 * @tiles: tiles
 * @first: the device's number of the gang's first tile
 * @runs: commands of each tile, one behind the other
 * @count: how many each has
 * @ring: bytes of the ring of each tile
 * @prefetch: STATIC operands may be read before it starts
 * @start: NEVER: it waits
 * @end: when it ends, NEVER: not known yet
 * @meeting: times of its barriers, NEVER: not known yet
 * @awaited: of each barrier and tile, the command whose end it waits for
 * @meetings: how many
 * @met: of them, those whose time is known
 * @amounts: what it does
 * @cookie: the caller's
 */
struct node {
	struct node *next;
	unsigned int tiles;
	unsigned int first;
	struct run **runs;
	unsigned int *count;
	uint64_t ring;
	bool prefetch;
	uint64_t start;
	uint64_t end;
	uint64_t *meeting;
	struct run **awaited;
	unsigned int meetings;
	unsigned int met;
	struct amounts amounts;
	void *cookie;
};

/* What a unit that moves data does: UNIT_JOINS: waits for the tiles of a multicast. */
enum unit_state {
	UNIT_IDLE,
	UNIT_MOVES,
	UNIT_COUNTS,
	UNIT_JOINS,
};

/**
 * struct unit - load or store unit
 * @state: what it does
 * @until: of UNIT_COUNTS
 * @end: when it ended last
 * @flow: its own
 * @follows: the flow that moves its data: its own or that of a multicast
 */
struct unit {
	enum unit_state state;
	uint64_t until;
	uint64_t end;
	struct flow flow;
	const struct flow *follows;
};

/**
 * struct request - a load that waits for the load unit, or the decoding of a command
 * @earliest: when it can begin
 * @run: its command
 * @decodes: it is a decoding
 * @first: load of its step
 * @last: load of its step
 * @load: what is loaded
 */
struct request {
	uint64_t earliest;
	struct run *run;
	bool decodes;
	bool first;
	bool last;
	struct load load;
};

/**
 * struct flight - a step that has not ended
 * @run: its command
 * @requests: number of the tile's request that it waits for last
 * @loaded: when its loads have ended
 * @array: cycles
 * @vector: cycles
 * @array_end: once it is computed
 * @vector_end: once it is computed
 * @freed_array: bytes, at array_end
 * @freed_vector: bytes, at vector_end
 * @store: its stores
 * @stores: how many
 * @stored: of them, those that have ended
 * @on_array: as of struct step
 * @first: as of struct step
 * @drains: as of struct step
 * @closes: as of struct step
 * @last: as of struct step
 */
struct flight {
	struct run *run;
	uint64_t requests;
	uint64_t loaded;
	uint64_t array;
	uint64_t vector;
	uint64_t array_end;
	uint64_t vector_end;
	uint64_t freed_array;
	uint64_t freed_vector;
	struct store store[STEP_STORES_MAX];
	uint8_t stores;
	uint8_t stored;
	bool on_array;
	bool first;
	bool drains;
	bool closes;
	bool last;
};

/**
 * struct tile - a tile
 * @class: class
 * @network: flows
 * @number: in the device
 * @place: in its gang's grid
 * @grid: of its gang
 * @first: the device's number of the gang's first tile
 * @oldest: the first command that has not ended
 * @newest: the last one
 * @requesting: the command whose steps are being made
 * @load: load unit
 * @store: store unit
 * @requests: those that have not ended, by number
 * @requested: how many were made in all
 * @moved: how many have ended
 * @steps_ahead: steps whose last load has been requested and has not ended
 * @step_begin: when the first load of the moving load's step began
 * @multicasts: loads of a multicast that have begun
 * @step: the step whose loads are being requested, if @has_step
 * @has_step: there is one
 * @next_load: of it, the next one
 * @flights: steps in flight, by number
 * @made: how many in all
 * @loaded: of them
 * @computed: of them
 * @ended: of them
 * @array_freed: of them, whose @freed_array is free
 * @vector_freed: likewise
 * @held: bytes of the ring
 * @fixed: of the commands in flight, the largest
 * @array_end: of the array
 * @vector_end: of the vector unit
 * @drain: begin of the last vector part that ended a block
 * @block_end: and its end
 * @wake: when a request can be made that cannot be made now
 */
struct tile {
	const struct time_class *class;
	struct network *network;
	unsigned int number;
	unsigned int place[2];
	unsigned int grid[2];
	unsigned int first;
	struct run *oldest;
	struct run *newest;
	struct run *requesting;
	struct unit load;
	struct unit store;
	struct request requests[REQUESTS];
	uint64_t requested;
	uint64_t moved;
	unsigned int steps_ahead;
	uint64_t step_begin;
	uint64_t multicasts;
	struct step step;
	bool has_step;
	unsigned int next_load;
	struct flight flights[STEPS_IN_FLIGHT];
	uint64_t made;
	uint64_t loaded;
	uint64_t computed;
	uint64_t ended;
	uint64_t array_freed;
	uint64_t vector_freed;
	uint64_t held;
	uint64_t fixed;
	uint64_t array_end;
	uint64_t vector_end;
	uint64_t drain;
	uint64_t block_end;
	uint64_t wake;
};

/** tile_queue() - put the commands of a node's stream behind those that the tile has */
void tile_queue(struct tile *tile, struct run *runs, unsigned int count);

/** tile_run() - do what can be done at @now; true if something was done */
bool tile_run(struct tile *tile, uint64_t now);

/** tile_next() - when something happens that is known, flows aside; NEVER: nothing */
uint64_t tile_next(const struct tile *tile);

/**
 * tile_collect() - take over the ends of flows
 * @tile: the tile
 * @now: time that the network has reached
 *
 * For all tiles before tile_run() of any: a flow is used again, and those of a multicast have
 * followers.
 *
 * Return: whether one has ended.
 */
bool tile_collect(struct tile *tile, uint64_t now);

#endif
