/* SPDX-License-Identifier: MIT */
/*
 * Shared bandwidth: flows through resources, max-min fair (docs/hardware.md, "Shared
 * bandwidth"). Rates are bytes a cycle with 32 fractional bits.
 *
 * The order at one time: network_advance(), which ends flows; network_begin() for those that
 * begin; network_settle(), which gives the rates until the next such time.
 */
#ifndef VNPU_TIME_NETWORK_H
#define VNPU_TIME_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Resources: the device's memory, the link to the host's, and from here on the port of each tile.
 */
#define RESOURCE_MEMORY	0
#define RESOURCE_LINK	1
#define RESOURCE_PORT	2
#define RESOURCES_MAX	64

/*
 * Requesters: load and store unit of each tile, DMA engines, the core. Each has a flow at a time.
 */
#define FLOWS_MAX	128

/* Bytes without a limit, and a time that does not come. */
#define UNLIMITED	UINT64_MAX
#define NEVER		UINT64_MAX

/**
 * struct flow - some bytes on their way
 * @uses: bits of the resources that it goes through, at least one
 * @weight: how often it counts on each: 2 for a copy within a memory, else 1
 * @size: its bytes, at least one
 * @cap: its highest rate; UNLIMITED: none
 * @left: bytes that have not moved when the rates were computed last, 32 fractional bits
 * @rate: since then
 * @end: when it will end at that rate
 * @moving: it is in a network
 */
struct flow {
	uint64_t uses;
	unsigned int weight;
	uint64_t size;
	uint64_t cap;
	unsigned __int128 left;
	uint64_t rate;
	uint64_t end;
	bool moving;
};

/**
 * struct network - the flows of a device
 * @capacity: of each resource
 * @moved: bytes that went through each, of flows that have ended
 * @flows: those that move
 * @count: how many
 * @time: when the rates were computed last
 * @now: until when bytes have moved
 * @changed: flows have begun or ended since the rates were computed
 */
struct network {
	uint64_t capacity[RESOURCES_MAX];
	uint64_t moved[RESOURCES_MAX];
	struct flow *flows[FLOWS_MAX];
	unsigned int count;
	uint64_t time;
	uint64_t now;
	bool changed;
};

/**
 * network_capacity() - what a memory or link moves in a cycle
 * @mb_s: its rate in 10^6 bytes a second
 * @khz: clock, not 0
 */
uint64_t network_capacity(uint64_t mb_s, uint64_t khz);

/**
 * network_resize() - another capacity of a resource: another clock
 * @network: flows
 * @resource: the resource
 * @capacity: bytes a cycle, at least 2^32 parts
 *
 * As for a flow that begins, network_settle() follows.
 */
void network_resize(struct network *network, unsigned int resource, uint64_t capacity);

/**
 * flow_set() - a flow that has not begun
 * @flow: the flow
 * @size: its bytes
 * @uses: bits of resources
 * @issue: cycles that its walk takes at least, 0: none
 * @port_bytes: bytes a cycle of the requester's port, 0: no limit
 */
void flow_set(struct flow *flow, uint64_t size, uint64_t uses, uint64_t issue,
	      uint32_t port_bytes);

/** network_begin() - begin @flow, which stays where it is until its end */
void network_begin(struct network *network, struct flow *flow);

/** network_remove() - end @flow before its time; it counts as not moved */
void network_remove(struct network *network, struct flow *flow);

/** network_next() - when the next flow ends; NEVER: there is none */
uint64_t network_next(const struct network *network);

/** network_advance() - move bytes until @time, which is not beyond network_next(); flows end */
void network_advance(struct network *network, uint64_t time);

/** network_settle() - the rates from now on */
void network_settle(struct network *network);

#endif
